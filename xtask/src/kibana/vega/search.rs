//! Questions to Elasticsearch in a Vega panel, and how their replies become rows.
//!
//! In: a dataset and the body of a search. Out: entries of Vega's `data`. Guaranteed: a reply without the part asked for
//! (Elasticsearch leaves aggregations out when no index matches) becomes no rows and no error.

use analyzer_core::sink::index::Dataset;
use serde_json::{Value, json};

/// Which documents are searched.
#[derive(Clone, Copy)]
pub(super) struct Among {
    pub(super) dataset: Dataset,
    /// The field that the dashboard's time range applies to; all times without it.
    pub(super) time: Option<&'static str>,
    /// Whether the dashboard's query, filters and controls apply.
    pub(super) is_filtered: bool,
}

/// A search. Its reply is the one row of `name`.
pub(super) fn search(name: &str, among: Among, body: Value) -> Value {
    let mut url = json!({ "body": body, "index": among.dataset.pattern() });
    if among.is_filtered {
        url["%context%"] = json!(true);
    }
    if let Some(field) = among.time {
        url["%timefield%"] = json!(field);
    }
    json!({ "name": name, "url": url })
}

/// An aggregation that only repeats the dashboard's time range, which Vega can't ask Kibana for.
pub(super) fn window_aggregation() -> Value {
    let bounds = json!({ "from": { "%timefilter%": "min" }, "to": { "%timefilter%": "max" } });
    json!({ "date_range": { "field": "@timestamp", "ranges": [bounds] } })
}

/// The signal `window`: begin and end of the time range in milliseconds, by the reply in `reply`.
pub(super) fn window_signal() -> Value {
    let range = "data('reply')[0].aggregations.window.buckets[0]";
    let update = format!("data('reply')[0].aggregations ? [{range}.from, {range}.to] : [0, 1]");
    json!({ "name": "window", "update": update })
}

/// A row for each element of a list in the rows of `source`, as `field`.
pub(super) fn each(list: &str, field: &str) -> [Value; 2] {
    [json!({ "as": field, "expr": list, "type": "formula" }), json!({ "fields": [field], "type": "flatten" })]
}

/// The buckets of an aggregation in a reply.
pub(super) fn buckets(aggregation: &str) -> String {
    format!("datum.aggregations ? datum.aggregations.{aggregation}.buckets : []")
}

/// Computed fields.
pub(super) fn formulas<const N: usize>(fields: [(&str, &str); N]) -> [Value; N] {
    fields.map(|(name, expression)| json!({ "as": name, "expr": expression, "type": "formula" }))
}

/// Rows made from those of another entry.
pub(super) fn rows(name: &str, source: &str, transforms: impl IntoIterator<Item = Value>) -> Value {
    json!({ "name": name, "source": source, "transform": transforms.into_iter().collect::<Vec<_>>() })
}

/// The number of documents that match. Kibana hands it on as a number, Elasticsearch as an object.
pub(super) fn total(reply: &str) -> String {
    let total = format!("data('{reply}')[0].hits.total");
    format!("(isNumber({total}) ? {total} : {total}.value)")
}
