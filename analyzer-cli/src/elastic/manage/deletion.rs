//! Requests that delete.
//!
//! In: names of indices, and the id of an analysis in shared ones. Out: what was deleted. Guaranteed: indices are named
//! whole, never by a pattern; documents of an analysis go before its index would, the manifest first, so that what was
//! begun and not finished is never called complete.

use super::request::Question;
use super::store::only;
use crate::elastic::client::Client;
use crate::error::printable;
use anyhow::{bail, ensure};
use serde_json::{Value, json};
use ureq::http::Method;

/// Names of indices in a request: Elasticsearch takes 4 kB of path.
const NAMES_A_REQUEST: usize = 50;
/// Documents a request: as many as a search gives.
const DOCUMENTS_A_REQUEST: u64 = 10_000;

/// Deletes indices.
///
/// # Errors
/// When the server refuses, with what may be left.
pub(super) fn delete_indices(client: &Client, names: &[&str]) -> anyhow::Result<()> {
    for names in names.chunks(NAMES_A_REQUEST) {
        let path = format!("/{}", names.join(","));
        let rights = "delete_index on sniffit-*";
        let answer = Question { method: Method::DELETE, path: &path, body: None, rights }.ask(client)?;
        ensure!(
            answer["acknowledged"] == true,
            "{} did not acknowledge DELETE {path}: {answer}; `sniffit es list` shows what is left",
            client.server()
        );
    }
    Ok(())
}

/// Deletes the documents of an analysis in indices that others share, in the order of these, and waits; how many there
/// were. They are found and deleted in turns, and not by `_delete_by_query`, which for millions of documents answers after
/// any patience has ended, and whose progress needs rights over the cluster.
///
/// # Errors
/// When the server refuses. The same again goes on.
pub(super) fn delete_documents(client: &Client, names: &[&str], analysis_id: &str) -> anyhow::Result<u64> {
    let mut deleted = 0;
    for name in names {
        loop {
            let found = find(client, name, analysis_id)?;
            if found.is_empty() {
                break;
            }
            // What is deleted is not found again.
            let path = format!("/{name}/_bulk?refresh=true&filter_path=items.*.status,items.*.error");
            let question = Question { method: Method::POST, path: &path, body: None, rights: RIGHTS };
            let round = Round::of(&question.ask_with_lines(client, &deletions(&found))?);
            deleted += round.deleted;
            if round.deleted == 0 || round.reason.is_some() {
                bail!(
                    "{} did not delete all documents of {analysis_id} in {name}, though {deleted} are gone{}: the same \
                     command again goes on",
                    client.server(),
                    round.reason.map(|reason| format!(" ({})", printable(&reason))).unwrap_or_default()
                );
            }
        }
    }
    Ok(deleted)
}

const RIGHTS: &str = "read and delete on sniffit-*";

/// Names of some of the documents of an analysis; none when there are none.
fn find(client: &Client, index: &str, analysis_id: &str) -> anyhow::Result<Vec<String>> {
    let query = json!({
        "size": DOCUMENTS_A_REQUEST,
        "_source": false,
        "track_total_hits": false,
        "sort": "_doc",
        "query": only(analysis_id),
    });
    let path = format!("/{index}/_search?filter_path=hits.hits._id,_shards.failed");
    let answer = Question { method: Method::POST, path: &path, body: Some(&query), rights: RIGHTS }.ask(client)?;
    ensure!(
        answer.pointer("/_shards/failed").and_then(Value::as_u64) == Some(0),
        "{} could not search all of {index}: try again later",
        client.server()
    );
    let hits = answer.pointer("/hits/hits").and_then(Value::as_array).into_iter().flatten();
    Ok(hits.filter_map(|hit| hit["_id"].as_str().map(str::to_owned)).collect())
}

/// The body of a bulk request.
fn deletions(names: &[String]) -> Vec<u8> {
    names.iter().flat_map(|name| format!("{}\n", json!({ "delete": { "_id": name } })).into_bytes()).collect()
}

/// What became of the documents of one request.
#[derive(Debug, PartialEq, Eq)]
struct Round {
    deleted: u64,
    /// Why the first one that is still there was not deleted.
    reason: Option<String>,
}

impl Round {
    fn of(answer: &Value) -> Self {
        let mut round = Self { deleted: 0, reason: None };
        for item in answer["items"].as_array().into_iter().flatten().map(|item| &item["delete"]) {
            match item["status"].as_u64() {
                Some(200) => round.deleted += 1,
                // Somebody else deleted it.
                Some(404) if item["error"].is_null() => {}
                status => {
                    let kind = item.pointer("/error/type").and_then(Value::as_str).unwrap_or("no reason given");
                    let reason = format!("HTTP {}: {kind}", status.unwrap_or(0));
                    round.reason.get_or_insert(reason);
                }
            }
        }
        round
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_deleted_is_named_one_by_one() {
        let names = ["82c7753c2a4a0d69.17u0", "a\"b"].map(str::to_owned);
        let lines = "{\"delete\":{\"_id\":\"82c7753c2a4a0d69.17u0\"}}\n{\"delete\":{\"_id\":\"a\\\"b\"}}\n";
        assert_eq!(String::from_utf8(deletions(&names)).as_deref(), Ok(lines));
    }

    #[test]
    fn a_round_tells_what_is_still_there() {
        let item = |status: u64| json!({ "delete": { "status": status } });
        let refused = json!({ "delete": { "status": 429, "error": { "type": "busy_exception" } } });
        let gone = json!({ "delete": { "status": 404, "error": { "type": "index_not_found_exception" } } });
        for (items, deleted, reason) in [
            (vec![item(200), item(404), item(200)], 2, None),
            (vec![item(200), refused, item(500)], 1, Some("HTTP 429: busy_exception")),
            (vec![gone], 0, Some("HTTP 404: index_not_found_exception")),
            (vec![json!({})], 0, Some("HTTP 0: no reason given")),
            (vec![], 0, None),
        ] {
            let round = Round::of(&json!({ "items": items }));
            assert_eq!((round.deleted, round.reason.as_deref()), (deleted, reason), "{items:?}");
        }
    }
}
