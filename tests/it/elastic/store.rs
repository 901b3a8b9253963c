//! What tests ask a server: which documents of an analysis are there.

use super::server;
use crate::support::{Run, captures, sniffit};
use analyzer_core::sink::index::short_id;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The server that all tests share, with our templates; `None`, with a line that says so, when there is none.
pub(super) fn shared_and_set_up() -> Option<String> {
    static SET_UP: OnceLock<()> = OnceLock::new();
    let server = server::shared()?;
    SET_UP.get_or_init(|| {
        sniffit(["es", "setup", "--elasticsearch", &server]).expect(0);
    });
    Some(server)
}

/// Runs `sniffit analyze` on a bundled capture and sends the results.
pub(super) fn analyze(server: &str, capture: &str, options: &[&str]) -> Run {
    let capture = captures(capture);
    let words = ["analyze", "--elasticsearch", server].into_iter().chain(options.iter().copied()).map(AsRef::as_ref);
    sniffit(words.chain([capture.as_os_str()]))
}

/// The index of a kind of an analysis.
pub(super) fn index(kind: &str, manifest: &Value) -> String {
    let id = |name: &str| short_id(manifest[name].as_str().expect(name)).to_owned();
    format!("sniffit-{kind}-{}-{}", id("capture_id"), id("analysis_id"))
}

/// The kinds that the manifest tells of, with the number of their records.
pub(super) fn kinds_of(manifest: &Value) -> impl Iterator<Item = (String, u64)> {
    let records = manifest["records"].as_object().expect("records by kind");
    records.iter().map(|(kind, records)| (kind.clone(), records.as_u64().expect("a count")))
}

/// Documents and deleted documents of an analysis, by kind; only kinds whose index is there.
pub(super) fn count(server: &str, manifest: &Value) -> BTreeMap<String, (u64, u64)> {
    let pattern = index("*", manifest);
    let (status, answer) = server::post(server, &format!("/{pattern}/_refresh"), &Value::Null);
    assert_eq!(status, 200, "{answer}");
    let path = format!("/_cat/indices/{pattern}?format=json&h=index,docs.count,docs.deleted");
    let (status, rows) = server::get(server, &path);
    assert_eq!(status, 200, "{rows}");
    let number = |value: &Value| value.as_str().and_then(|text| text.parse().ok()).expect("a number");
    let rows = rows.as_array().expect("rows").iter().map(|row| {
        let name = row["index"].as_str().expect("a name");
        let kind = name.split('-').nth(1).expect("sniffit-<kind>-…").to_owned();
        (kind, (number(&row["docs.count"]), number(&row["docs.deleted"])))
    });
    rows.collect()
}

/// All documents of a kind, with the values that were indexed; at most 10 000.
pub(super) fn search_all(server: &str, kind: &str, manifest: &Value) -> Vec<Value> {
    let body = json!({
        "size": 10_000,
        "fields": ["*", { "field": "event.start", "format": "strict_date_optional_time_nanos" },
                   { "field": "event.end", "format": "strict_date_optional_time_nanos" }],
    });
    let answer = search(server, &index(kind, manifest), &body);
    answer["hits"]["hits"].as_array().expect("hits").clone()
}

/// A search that succeeds.
pub(super) fn search(server: &str, index: &str, body: &Value) -> Value {
    server::post(server, &format!("/{index}/_refresh"), &Value::Null);
    let (status, answer) = server::post(server, &format!("/{index}/_search"), body);
    assert_eq!(status, 200, "{index}: {body}: {answer}");
    answer
}
