//! Requests that delete.
//!
//! In: names of indices, and the id of an analysis in shared ones. Out: what was deleted. Guaranteed: indices are named
//! whole, never by a pattern; documents of an analysis go before its index would, the manifest first, so that what was
//! begun and not finished is never called complete.

use super::request::Question;
use super::store::only;
use crate::elastic::client::Client;
use anyhow::{bail, ensure};
use serde_json::{Value, json};
use ureq::http::Method;

/// Names of indices in a request: Elasticsearch takes 4 kB of path.
const NAMES_A_REQUEST: usize = 50;
/// Documents a request: a busy server deletes these long before the reply is given up.
const DOCUMENTS_A_REQUEST: u64 = 100_000;

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
/// were.
///
/// # Errors
/// When the server refuses. The same again goes on.
pub(super) fn delete_documents(client: &Client, names: &[&str], analysis_id: &str) -> anyhow::Result<u64> {
    let body = json!({ "query": only(analysis_id), "max_docs": DOCUMENTS_A_REQUEST });
    let mut deleted = 0;
    for name in names {
        let path = format!("/{name}/_delete_by_query?conflicts=proceed&refresh=true&scroll_size=5000");
        let rights = "read, delete and maintenance on sniffit-*";
        let question = Question { method: Method::POST, path: &path, body: Some(&body), rights };
        loop {
            let round = Round::of(&question.ask(client)?);
            deleted += round.deleted;
            match round {
                Round { found: 0, .. } => break,
                Round { deleted: 0, .. } | Round { has_failures: true, .. } => bail!(
                    "{} did not delete all documents of {analysis_id} in {name}, though it deleted {deleted}: the same \
                     command again goes on",
                    client.server()
                ),
                _ => {}
            }
        }
    }
    Ok(deleted)
}

/// What became of the documents of one request.
#[derive(Debug, PartialEq, Eq)]
struct Round {
    found: u64,
    deleted: u64,
    has_failures: bool,
}

impl Round {
    fn of(answer: &Value) -> Self {
        let number = |name: &str| answer[name].as_u64().unwrap_or(0);
        let failures = answer["failures"].as_array().map_or(0, Vec::len);
        let is_cut = answer["timed_out"] == true;
        Self { found: number("total"), deleted: number("deleted"), has_failures: failures > 0 || is_cut }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_tells_whether_anything_is_left() {
        for (answer, found, deleted, has_failures) in [
            (json!({ "total": 3, "deleted": 3, "version_conflicts": 0, "failures": [] }), 3, 3, false),
            (json!({ "total": 0, "deleted": 0, "failures": [] }), 0, 0, false),
            (json!({ "total": 3, "deleted": 2, "failures": [{ "status": 503 }] }), 3, 2, true),
            (json!({ "total": 3, "deleted": 2, "timed_out": true, "failures": [] }), 3, 2, true),
        ] {
            assert_eq!(Round::of(&answer), Round { found, deleted, has_failures }, "{answer}");
        }
    }
}
