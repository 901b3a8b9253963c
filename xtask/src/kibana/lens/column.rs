//! Columns of Lens: what each groups by or computes.
//!
//! In: fields and words of ours. Out: columns as Lens keeps them. Guaranteed: labels are ours, so that nothing is named
//! after a field; empty buckets of time are shown, and the first and the last too, because a capture ends there.

use super::super::fields::{FieldName, TIME};
use serde_json::{Value, json};

/// Columns by id, in order.
pub(super) type Columns = Vec<(&'static str, Value)>;

fn column(operation: &str, label: &str, kind: &str, is_bucketed: bool) -> Value {
    let scale = match (is_bucketed, operation) {
        (true, "date_histogram") => "interval",
        (true, _) => "ordinal",
        (false, _) => "ratio",
    };
    json!({
        "customLabel": true,
        "dataType": kind,
        "isBucketed": is_bucketed,
        "label": label,
        "operationType": operation,
        "scale": scale,
    })
}

fn with(mut column: Value, more: Value) -> Value {
    if let (Value::Object(column), Value::Object(more)) = (&mut column, more) {
        column.extend(more);
    }
    column
}

/// Groups by time, in intervals that Kibana chooses for the dashboard's range.
pub(super) fn over_time() -> Value {
    with(
        column("date_histogram", "Time", "date", true),
        json!({
            "params": { "dropPartials": false, "includeEmptyRows": true, "interval": "auto" },
            "sourceField": TIME.path,
        }),
    )
}

/// Groups by the values that are greatest in the column `by`; all other values are one more group if `others`.
pub(super) fn top(size: u32, field: FieldName, label: &str, by: &str, others: bool) -> Value {
    with(
        column("terms", label, field.lens_type, true),
        json!({
            "params": {
                "exclude": [],
                "excludeIsRegex": false,
                "include": [],
                "includeIsRegex": false,
                "missingBucket": false,
                "orderBy": { "columnId": by, "type": "column" },
                "orderDirection": "desc",
                "otherBucket": others,
                "parentFormat": { "id": "terms" },
                "size": size,
            },
            "sourceField": field.path,
        }),
    )
}

/// Groups by queries, each with its name.
pub(super) fn filters(label: &str, named: &[(&str, String)]) -> Value {
    let filters =
        named.iter().map(|(name, query)| json!({ "input": { "language": "kuery", "query": query }, "label": name }));
    with(column("filters", label, "string", true), json!({ "params": { "filters": filters.collect::<Vec<_>>() } }))
}

/// Groups by classes of a number: from each edge to below the next.
pub(super) fn classes(field: FieldName, label: &str, edges: &[(u64, &str)]) -> Value {
    let upper = edges.iter().skip(1).map(|(edge, _)| Some(edge)).chain([None]);
    let ranges: Vec<Value> =
        edges.iter().zip(upper).map(|((from, name), to)| json!({ "from": from, "label": name, "to": to })).collect();
    with(
        column("range", label, "string", true),
        json!({
            "params": {
                "includeEmptyRows": true,
                "maxBars": "auto",
                "parentFormat": { "id": "range", "params": { "replaceInfinity": true, "template": "arrow_right" } },
                "ranges": ranges,
                "type": "range",
            },
            "sourceField": field.path,
        }),
    )
}

/// How many documents.
pub(super) fn count(label: &str) -> Value {
    with(
        column("count", label, "number", false),
        json!({ "params": { "emptyAsNull": false }, "sourceField": "___records___" }),
    )
}

fn metric(operation: &str, field: FieldName, label: &str, params: Value) -> Value {
    with(column(operation, label, field.lens_type, false), json!({ "params": params, "sourceField": field.path }))
}

pub(super) fn sum(field: FieldName, label: &str) -> Value {
    metric("sum", field, label, json!({ "emptyAsNull": false }))
}

/// A sum over each interval of time, divided by its length in seconds.
pub(super) fn sum_a_second(field: FieldName, label: &str) -> Value {
    with(sum(field, label), json!({ "timeScale": "s" }))
}

pub(super) fn earliest(field: FieldName, label: &str) -> Value {
    metric("min", field, label, json!({ "emptyAsNull": true }))
}

pub(super) fn latest(field: FieldName, label: &str) -> Value {
    metric("max", field, label, json!({ "emptyAsNull": true }))
}

pub(super) fn percentile(percentile: u8, field: FieldName, label: &str) -> Value {
    metric("percentile", field, label, json!({ "percentile": percentile }))
}

/// The sum of another column over all intervals until each.
pub(super) fn cumulative(of: &str, label: &str) -> Value {
    with(column("cumulative_sum", label, "number", false), json!({ "params": {}, "references": [of] }))
}
