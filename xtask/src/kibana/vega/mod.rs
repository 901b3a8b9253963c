//! Vega panels.
//!
//! In: a question to Elasticsearch and marks. Out: a saved object with a specification for Vega 5, which Kibana 8.19
//! draws. Guaranteed: a reply without documents, or without any index at all, draws a panel that says so; the part of
//! the capture that the reply leaves out is said too.
//!
//! The panels are written in Vega, not Vega-Lite, because Kibana's minor versions differ in their Vega-Lite.

mod analyses;
mod annotations;
mod density;
mod in_flight;
mod parts;
mod search;
mod shares;
mod spans;
mod text;

use super::saved_object::{Kind, SavedObject, no_search};
use super::style;
use serde_json::{Value, json};

const SCHEMA: &str = "https://vega.github.io/schema/vega/v5.json";

pub(super) struct Vega {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) body: Body,
}

/// What is particular to a panel.
#[derive(Default)]
pub(super) struct Body {
    pub(super) signals: Vec<Value>,
    pub(super) data: Vec<Value>,
    pub(super) scales: Vec<Value>,
    pub(super) axes: Vec<Value>,
    pub(super) legends: Vec<Value>,
    pub(super) marks: Vec<Value>,
}

/// All Vega panels.
pub(super) fn all() -> Vec<Vega> {
    let mut panels = vec![analyses::panel(), spans::panel(), in_flight::panel()];
    panels.extend(density::panels());
    panels.extend(shares::panels());
    panels
}

impl Vega {
    /// The specification, as people see it in Kibana's editor.
    fn specification(&self) -> Value {
        let Body { signals, data, scales, axes, legends, marks } = &self.body;
        json!({
            "$schema": SCHEMA,
            "autosize": { "contains": "padding", "type": "fit" },
            "axes": axes,
            "config": style::config(),
            "data": data,
            "description": self.description,
            "legends": legends,
            "marks": marks,
            "padding": 6,
            "scales": scales,
            "signals": signals,
        })
    }

    pub(super) fn saved_object(&self) -> SavedObject {
        let specification = format!("{:#}", self.specification());
        let state = json!({ "aggs": [], "params": { "spec": specification }, "title": self.title, "type": "vega" });
        let attributes = json!({
            "description": self.description,
            "kibanaSavedObjectMeta": no_search(),
            "title": self.title,
            "uiStateJSON": "{}",
            "version": 1,
            "visState": state.to_string(),
        });
        SavedObject { kind: Kind::Visualization, id: self.id.to_owned(), attributes, references: Vec::new() }
    }
}
