//! Lens panels.
//!
//! In: a line of the table in `panels`. Out: a saved object. Guaranteed: what Elasticsearch is asked is in the columns
//! alone; how the reply is drawn is in the chart alone.

mod chart;
mod column;
pub(super) mod panels;

use super::data_views;
use super::saved_object::{Kind, SavedObject};
use analyzer_core::sink::index::Dataset;
use chart::Chart;
use column::Columns;
use serde_json::{Value, json};

/// Every chart has one layer.
const LAYER: &str = "layer";

pub(super) struct Lens {
    id: &'static str,
    title: &'static str,
    description: &'static str,
    dataset: Dataset,
    /// In Kibana's query language; empty for all documents.
    query: &'static str,
    /// Buckets from the outermost to the innermost, then numbers.
    columns: Columns,
    chart: Chart,
}

impl Lens {
    pub(super) fn saved_object(&self) -> SavedObject {
        let order: Vec<&str> = self.columns.iter().map(|(id, _)| *id).collect();
        let columns: serde_json::Map<String, Value> =
            self.columns.iter().map(|(id, column)| ((*id).to_owned(), column.clone())).collect();
        let layer = json!({
            "columnOrder": order,
            "columns": columns,
            "ignoreGlobalFilters": false,
            "incompleteColumns": {},
            "sampling": 1,
        });
        let attributes = json!({
            "title": self.title,
            "description": self.description,
            "visualizationType": self.chart.name(),
            "state": {
                "adHocDataViews": {},
                "datasourceStates": {
                    "formBased": { "layers": { LAYER: layer } },
                    "indexpattern": { "layers": {} },
                    "textBased": { "layers": {} },
                },
                "filters": [],
                "internalReferences": [],
                "query": { "language": "kuery", "query": self.query },
                "visualization": self.chart.state(&order),
            },
        });
        let data_view =
            data_views::reference(format!("indexpattern-datasource-layer-{LAYER}"), data_views::id(self.dataset));
        SavedObject { kind: Kind::Lens, id: self.id.to_owned(), attributes, references: vec![data_view] }
    }
}
