//! The file, its references, and what is on the dashboards.

use super::super::saved_object::Kind;
use super::super::{objects, run};
use super::{layers, of_kind, parsed, specification};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Versions that Kibana 8.19 knows. A dashboard's counts on from 10.
const NEWEST: [(Kind, [u64; 3]); 4] = [
    (Kind::DataView, [8, 19, 0]),
    (Kind::Lens, [8, 19, 0]),
    (Kind::Visualization, [8, 19, 0]),
    (Kind::Dashboard, [10, 2, 0]),
];

#[test]
fn the_committed_file_is_what_the_code_makes() {
    run(true).unwrap();
}

#[test]
fn every_object_is_one_line_with_an_id_of_its_own_and_a_version_that_is_not_too_new() {
    let mut ids = BTreeSet::new();
    for object in objects() {
        let text = object.to_line();
        assert_eq!(text.matches('\n').count(), 1);
        let line: Value = serde_json::from_str(&text).unwrap();
        assert!(ids.insert(object.id.clone()), "{} is there twice", object.id);
        assert!(object.id.starts_with("sniffit-"), "{} could be somebody else's", object.id);
        let version = |name: &str| -> Vec<u64> {
            line[name].as_str().unwrap().split('.').map(|part| part.parse().unwrap()).collect()
        };
        let newest = NEWEST.iter().find(|(kind, _)| *kind == object.kind).unwrap().1;
        assert!(version("typeMigrationVersion").as_slice() <= newest.as_slice(), "{}", object.id);
        assert!(version("coreMigrationVersion").as_slice() <= [8, 19, 0].as_slice(), "{}", object.id);
        assert_eq!(line["type"], object.kind.name());
    }
}

#[test]
fn every_reference_leads_to_an_earlier_object_and_is_used() {
    let mut earlier = BTreeMap::new();
    for object in objects() {
        let text = object.attributes.to_string();
        for reference in &object.references {
            assert_eq!(earlier.get(&reference.id), Some(&reference.kind.name()), "{} → {}", object.id, reference.id);
            // The name ends in what the attributes call it: a panel, a layer or a control.
            let used = reference.name.rsplit(':').next().unwrap();
            let used = used.strip_prefix("indexpattern-datasource-layer-").unwrap_or(used);
            let used = if used == "optionsListDataView" {
                reference.name.split(':').next().unwrap().strip_prefix("controlGroup_").unwrap()
            } else {
                used
            };
            assert!(text.contains(used), "{}: nothing uses {}", object.id, reference.name);
        }
        earlier.insert(object.id, object.kind.name());
    }
}

#[test]
fn visualisations_are_lens_or_vega() {
    for object in of_kind(Kind::Visualization) {
        let state = parsed(&object.attributes["visState"]);
        assert_eq!((&state["type"], &state["aggs"]), (&Value::from("vega"), &Value::Array(vec![])), "{}", object.id);
        assert_eq!(specification(&object)["$schema"], "https://vega.github.io/schema/vega/v5.json");
    }
    for object in of_kind(Kind::Lens) {
        let kind = object.attributes["visualizationType"].as_str().unwrap();
        assert!(["lnsXY", "lnsDatatable", "lnsHeatmap"].contains(&kind), "{}: {kind}", object.id);
        let text = object.attributes["state"].to_string();
        for (name, layer) in layers(&object) {
            assert!(text.contains(&format!("\"layerId\":\"{name}\"")), "{}: {name} is not drawn", object.id);
            let order: BTreeSet<&str> =
                layer["columnOrder"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            let columns: BTreeSet<&str> = layer["columns"].as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(order, columns, "{}", object.id);
        }
    }
}

/// The ancestor's charts hid the end of every capture.
#[test]
fn intervals_at_the_ends_are_shown() {
    for object in of_kind(Kind::Lens) {
        for (_, layer) in layers(&object) {
            for column in layer["columns"].as_object().unwrap().values() {
                if column["operationType"] == "date_histogram" {
                    assert_eq!(column["params"]["dropPartials"], false, "{}", object.id);
                    assert_eq!(column["params"]["includeEmptyRows"], true, "{}", object.id);
                }
            }
        }
    }
}

#[test]
fn every_panel_is_on_a_dashboard_and_none_covers_another() {
    let mut placed = BTreeSet::new();
    for dashboard in of_kind(Kind::Dashboard) {
        let panels = parsed(&dashboard.attributes["panelsJSON"]);
        let mut taken = BTreeSet::new();
        for panel in panels.as_array().unwrap() {
            let grid = |side: &str| panel["gridData"][side].as_u64().unwrap();
            assert!(grid("x") + grid("w") <= 48, "{}: {panel}", dashboard.id);
            for x in grid("x")..grid("x") + grid("w") {
                for y in grid("y")..grid("y") + grid("h") {
                    assert!(taken.insert((x, y)), "{}: {panel} covers another", dashboard.id);
                }
            }
            if let Some(name) = panel["panelRefName"].as_str() {
                let reference = dashboard.references.iter().find(|reference| reference.name.ends_with(name)).unwrap();
                assert_eq!(panel["type"], reference.kind.name());
                placed.insert(reference.id.clone());
            } else {
                assert_eq!(panel["embeddableConfig"]["savedVis"]["type"], "markdown");
            }
        }
    }
    let panels = objects().into_iter().filter(|object| matches!(object.kind, Kind::Lens | Kind::Visualization));
    assert_eq!(placed, panels.map(|panel| panel.id).collect());
}

#[test]
fn links_between_dashboards_lead_to_dashboards() {
    let ids: BTreeSet<String> = of_kind(Kind::Dashboard).map(|dashboard| dashboard.id).collect();
    for dashboard in of_kind(Kind::Dashboard) {
        let text = dashboard.attributes["panelsJSON"].as_str().unwrap().to_owned();
        let links: Vec<&str> = text.split("(#/view/").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
        assert_eq!(links.len(), ids.len() - 1, "{}", dashboard.id);
        assert!(links.iter().all(|link| ids.contains(*link)), "{}: {links:?}", dashboard.id);
    }
}
