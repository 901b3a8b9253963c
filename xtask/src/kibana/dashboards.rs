//! Dashboards: which panels stand where, under which controls.
//!
//! In: a line of the table below for each dashboard. Out: saved objects. Guaranteed: panels are there by reference, so
//! that a panel is in the library once and can be used elsewhere; every dashboard says in a few lines what it shows.

use super::data_views::{self, EVERYTHING};
use super::fields::{ANALYSIS, CAPTURE, DIRECTION, FieldName, SERVER, TRANSPORT};
use super::saved_object::{Kind, Reference, SavedObject, no_search};
use serde_json::{Map, Value, json};

/// Columns of Kibana's grid.
const WIDTH: u32 = 48;
const TEXT_HEIGHT: u32 = 5;

struct Dashboard {
    id: &'static str,
    name: &'static str,
    text: &'static str,
    controls: &'static [(FieldName, &'static str)],
    /// The time range that it opens with; without it, the one that the user has.
    opens_with: Option<&'static str>,
    rows: &'static [Row],
}

/// A row of panels: its height in units of the grid, and its panels, which share the width equally.
type Row = (u32, &'static [&'static str]);

const ALL: [Dashboard; 4] = [
    Dashboard {
        id: "sniffit-dashboard-overview",
        name: "Overview",
        text: "Who sent how much when, and each object from its begin to its end. **Click an analysis to show it.**\n\
               A capture that was analysed more than once counts as often: choose one analysis.",
        controls: &TRAFFIC_CONTROLS,
        opens_with: None,
        rows: &[
            (9, &["sniffit-vega-analyses"]),
            (8, &["sniffit-lens-sent"]),
            (8, &["sniffit-lens-received"]),
            (10, &["sniffit-lens-transport"]),
            (20, &["sniffit-vega-spans"]),
            (11, &["sniffit-vega-in-flight"]),
            (12, &["sniffit-lens-top-servers", "sniffit-lens-cumulative"]),
        ],
    },
    Dashboard {
        id: "sniffit-dashboard-objects",
        name: "Objects",
        text: "How large the objects are and how far apart, in all and by server.\n\
               An object is a burst that is taken for one application data unit; sizes are new payload, without headers.",
        controls: &TRAFFIC_CONTROLS,
        opens_with: None,
        rows: &[
            (12, &["sniffit-vega-sizes", "sniffit-vega-size-shares"]),
            (12, &["sniffit-vega-gaps", "sniffit-lens-object-ends"]),
            (14, &["sniffit-lens-server-quantiles"]),
            (14, &["sniffit-lens-server-sizes"]),
            (12, &["sniffit-vega-packet-gaps"]),
        ],
    },
    Dashboard {
        id: "sniffit-dashboard-compare",
        name: "Compare analyses",
        text: "Analyses of one capture with different options, or of different captures at the same time, side by side.\n\
               Choose two or more under *Analysis*; their options stand in `sniffit.manifest.options` of their manifests.",
        controls: &[(CAPTURE, "Capture"), (ANALYSIS, "Analysis"), (DIRECTION, "Direction"), (SERVER, "Server")],
        opens_with: None,
        rows: &[
            (10, &["sniffit-lens-compare"]),
            (13, &["sniffit-vega-compare-sizes"]),
            (12, &["sniffit-lens-compare-objects", "sniffit-lens-compare-throughput"]),
        ],
    },
    Dashboard {
        id: "sniffit-dashboard-quality",
        name: "Data quality",
        text: "Whether to trust an analysis: what was read, what was left out, and how sure the program could be.\n\
               It opens with all times.",
        controls: &[(CAPTURE, "Capture"), (ANALYSIS, "Analysis")],
        opens_with: Some("now-50y"),
        rows: &[
            (12, &["sniffit-lens-analyses"]),
            (12, &["sniffit-lens-losses"]),
            (10, &["sniffit-lens-methods", "sniffit-lens-client-sources"]),
            (10, &["sniffit-lens-retransmitted"]),
        ],
    },
];

const TRAFFIC_CONTROLS: [(FieldName, &str); 5] = [
    (ANALYSIS, "Analysis"),
    (CAPTURE, "Capture"),
    (SERVER, "Server"),
    (DIRECTION, "Direction"),
    (TRANSPORT, "Transport"),
];

/// All dashboards, made of these panels.
pub(super) fn all(panels: &[SavedObject]) -> Vec<SavedObject> {
    ALL.iter().map(|dashboard| dashboard.saved_object(panels)).collect()
}

impl Dashboard {
    fn saved_object(&self, panels: &[SavedObject]) -> SavedObject {
        let mut places = vec![self.text_panel()];
        let mut references = Vec::new();
        let mut y = TEXT_HEIGHT;
        for (height, ids) in self.rows {
            let width = WIDTH / ids.len() as u32;
            for (at, id) in (0..).zip(*ids) {
                // A panel that is missing keeps its place as a reference that leads nowhere, which a test finds.
                let kind = panels.iter().find(|panel| panel.id == *id).map_or(Kind::Lens, |panel| panel.kind);
                places.push(json!({
                    "embeddableConfig": { "enhancements": {} },
                    "gridData": { "h": height, "i": id, "w": width, "x": at * width, "y": y },
                    "panelIndex": id,
                    "panelRefName": format!("panel_{id}"),
                    "type": kind.name(),
                }));
                references.push(Reference { name: format!("{id}:panel_{id}"), kind, id: (*id).to_owned() });
            }
            y += height;
        }
        let (controls, control_references) = self.control_group();
        references.extend(control_references);
        let options = json!({
            "hidePanelTitles": false,
            "syncColors": false,
            "syncCursor": true,
            "syncTooltips": false,
            "useMargins": true,
        });
        let mut attributes = json!({
            "controlGroupInput": controls,
            "description": self.text.lines().next().unwrap_or_default().replace("**", ""),
            "kibanaSavedObjectMeta": no_search(),
            "optionsJSON": options.to_string(),
            "panelsJSON": Value::Array(places).to_string(),
            "timeRestore": self.opens_with.is_some(),
            "title": format!("Sniffit: {}", self.name.to_lowercase()),
            "version": 3,
        });
        if let Some(from) = self.opens_with {
            attributes["timeFrom"] = json!(from);
            attributes["timeTo"] = json!("now");
            attributes["refreshInterval"] = json!({ "pause": true, "value": 60_000 });
        }
        SavedObject { kind: Kind::Dashboard, id: self.id.to_owned(), attributes, references }
    }

    /// The text at the top, with the way to the other dashboards.
    fn text_panel(&self) -> Value {
        let ways = ALL.iter().map(|other| match other.id == self.id {
            true => format!("**{}**", other.name),
            false => format!("[{}](#/view/{})", other.name, other.id),
        });
        let markdown = format!("{}\n\n{}", ways.collect::<Vec<_>>().join(" · "), self.text.replace('\n', "  \n"));
        let id = "text";
        json!({
            "embeddableConfig": {
                "enhancements": {},
                "hidePanelTitles": true,
                "savedVis": {
                    "data": { "aggs": [], "searchSource": { "filter": [], "query": { "language": "kuery", "query": "" } } },
                    "description": "",
                    "params": { "fontSize": 12, "markdown": markdown, "openLinksInNewTab": false },
                    "title": "",
                    "type": "markdown",
                    "uiState": {},
                },
            },
            "gridData": { "h": TEXT_HEIGHT, "i": id, "w": WIDTH, "x": 0, "y": 0 },
            "panelIndex": id,
            "type": Kind::Visualization.name(),
        })
    }

    /// The controls, and the data view that each takes its choices from.
    fn control_group(&self) -> (Value, Vec<Reference>) {
        let mut panels = Map::new();
        let mut references = Vec::new();
        for (order, (field, title)) in self.controls.iter().enumerate() {
            let id = format!("control-{}", title.to_lowercase());
            panels.insert(
                id.clone(),
                json!({
                    "explicitInput": {
                        "enhancements": {},
                        "fieldName": field.path,
                        "id": id,
                        // An address is found by any of its digits.
                        "searchTechnique": if field.lens_type == "string" { "wildcard" } else { "prefix" },
                        "selectedOptions": [],
                        "sort": { "by": "_count", "direction": "desc" },
                        "title": title,
                    },
                    "grow": true,
                    "order": order,
                    "type": "optionsListControl",
                    "width": "medium",
                }),
            );
            let name = format!("controlGroup_{id}:optionsListDataView");
            references.push(data_views::reference(name, EVERYTHING.to_owned()));
        }
        let parents = json!({
            "ignoreFilters": false,
            "ignoreQuery": false,
            "ignoreTimerange": false,
            "ignoreValidations": false,
        });
        let group = json!({
            "chainingSystem": "HIERARCHICAL",
            "controlStyle": "oneLine",
            "ignoreParentSettingsJSON": parents.to_string(),
            "panelsJSON": Value::Object(panels).to_string(),
            "showApplySelections": false,
        });
        (group, references)
    }
}
