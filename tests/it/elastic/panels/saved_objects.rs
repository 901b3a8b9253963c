//! The panels in the committed `deploy/kibana/sniffit.ndjson`, read without the code that made them.

use serde_json::Value;
use std::fs;
use std::path::Path;

pub(super) enum Panel {
    /// The index pattern of the data view, and Lens' state.
    Lens { pattern: String, state: Value },
    /// The text of the specification.
    Vega { specification: String },
}

/// Panels with their ids.
pub(super) fn panels() -> Vec<(String, Panel)> {
    let objects = objects();
    let panels = objects.iter().filter_map(|object| {
        let id = object["id"].as_str()?.to_owned();
        let attributes = &object["attributes"];
        match object["type"].as_str()? {
            "lens" => {
                let view = &object["references"][0]["id"];
                let view = objects.iter().find(|object| object["id"] == *view).expect("a data view");
                let pattern = view["attributes"]["title"].as_str().expect("a pattern").to_owned();
                Some((id, Panel::Lens { pattern, state: attributes["state"].clone() }))
            }
            "visualization" => {
                let state: Value = serde_json::from_str(attributes["visState"].as_str()?).expect("JSON");
                let specification = state["params"]["spec"].as_str().expect("a specification").to_owned();
                Some((id, Panel::Vega { specification }))
            }
            "dashboard" | "index-pattern" => None,
            other => panic!("{id}: the tests don't know saved objects of type {other}"),
        }
    });
    panels.collect()
}

fn objects() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/kibana/sniffit.ndjson");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}
