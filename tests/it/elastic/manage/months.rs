//! Analyses in the indices of months: `--index-by month`, and what `sniffit es list`, `drop` and `rotate` make of them.
//!
//! Rotation is for all indices of a server, so that this has one of its own. Each test here keeps to months of its own on the
//! shared one.

use super::super::server::{self, Server};
use super::super::store::{search, shared_and_set_up};
use super::es;
use crate::support::{captures, read_results, sniffit};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const PUSH: &str = "conventions/golden_push.pcap";
const KINDS: [&str; 4] = ["objects", "streams", "bins", "analyses"];

/// A copy of a capture that was recorded so many seconds earlier.
fn earlier(capture: &str, seconds: u32, folder: &Path) -> PathBuf {
    let mut bytes = std::fs::read(captures(capture)).expect("a capture");
    let word = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    assert_eq!(&bytes[..4], [0xd4, 0xc3, 0xb2, 0xa1], "a little-endian pcap");
    let mut at = 24;
    while at < bytes.len() {
        let time = word(&bytes, at) - seconds;
        bytes[at..at + 4].copy_from_slice(&time.to_le_bytes());
        at += 16 + word(&bytes, at + 8) as usize;
    }
    let path = folder.join(format!("earlier-{seconds}.pcap"));
    std::fs::write(&path, bytes).expect("a capture");
    path
}

/// Analyses a capture into the indices of its month, and gives its manifest.
fn post(server: &str, capture: &Path, more: &[&str]) -> Value {
    let out = tempfile::tempdir().expect("a folder for results");
    let words = ["analyze", "-q", "--index-by", "month", "--elasticsearch", server].into_iter();
    let words = words.chain(more.iter().copied()).map(AsRef::as_ref).chain([
        "-o".as_ref(),
        out.path().as_os_str(),
        capture.as_os_str(),
    ]);
    sniffit(words).expect(0);
    serde_json::from_slice(&read_results(out.path())["analysis.json"]).expect("a manifest")
}

/// The documents of an analysis in the indices of a month, by kind: their names.
fn names(server: &str, month: &str, manifest: &Value) -> BTreeMap<String, Vec<String>> {
    let query = json!({ "term": { "sniffit.analysis.id": manifest["analysis_id"] } });
    let body = json!({ "size": 10_000, "_source": false, "query": query });
    let names = KINDS.map(|kind| {
        let answer = search(server, &format!("sniffit-{kind}-{month}"), &body);
        let hits = answer["hits"]["hits"].as_array().expect("hits").clone();
        let names: Vec<String> = hits.iter().map(|hit| hit["_id"].as_str().expect("a name").to_owned()).collect();
        (kind.to_owned(), names)
    });
    names.into_iter().filter(|(_, names)| !names.is_empty()).collect()
}

/// Asserts that an analysis is there, whole and once.
#[track_caller]
fn assert_whole(server: &str, month: &str, manifest: &Value) {
    let names = names(server, month, manifest);
    let id = manifest["analysis_id"].as_str().expect("an id");
    for (kind, records) in manifest["records"].as_object().expect("records") {
        let found = &names[kind];
        assert_eq!(json!(found.len()), *records, "{kind}");
        assert!(found.iter().all(|name| name.starts_with(&format!("{id}."))), "{kind}: {found:?}");
    }
    assert_eq!(names["analyses"], [id]);
}

fn documents(manifest: &Value) -> u64 {
    manifest["records"].as_object().expect("records").values().filter_map(Value::as_u64).sum::<u64>() + 1
}

fn listed(server: &str, manifest: &Value) -> Vec<Value> {
    let run = es(server, &["list", "--json"]).expect(0);
    let lines = run.text().lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.filter(|line| line["analysis_id"] == manifest["analysis_id"]).collect()
}

/// All indices of months, with their documents.
fn months(server: &str) -> BTreeMap<String, String> {
    server::post(server, "/sniffit-*/_refresh", &Value::Null);
    let (_, rows) = server::get(server, "/_cat/indices/sniffit-*?format=json&h=index,docs.count");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    rows.as_array().expect("rows").iter().map(|row| (text(&row["index"]), text(&row["docs.count"]))).collect()
}

#[test]
fn analyses_share_the_indices_of_a_month_and_each_is_there_once() {
    let Some(server) = shared_and_set_up() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    // December 2019.
    let capture = earlier(PUSH, 80 * 86_400, folder.path());
    let month = "2019-12";
    let [first, second] =
        [post(&server, &capture, &["--idle", "801ms"]), post(&server, &capture, &["--idle", "802ms"])];
    assert_eq!(first["capture_id"], second["capture_id"]);
    assert_ne!(first["analysis_id"], second["analysis_id"]);
    for manifest in [&first, &second] {
        assert_whole(&server, month, manifest);
        let lines = listed(&server, manifest);
        let [line] = &lines[..] else { panic!("{lines:?}") };
        for (name, expected) in [
            ("month", &json!(month)),
            ("status", &json!("complete")),
            ("capture_id", &manifest["capture_id"]),
            ("objects", &manifest["records"]["objects"]),
            ("bins", &manifest["records"]["bins"]),
            ("documents", &json!(documents(manifest))),
            ("missing_documents", &json!(0)),
            ("posted", &Value::Null),
            (
                "indices",
                &json!(["objects", "streams", "bins", "analyses"].map(|kind| format!("sniffit-{kind}-{month}"))),
            ),
        ] {
            assert_eq!(&line[name], expected, "{name}: {line}");
        }
        assert!(line["size_bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{line}");
    }
    let run = es(&server, &["list"]).expect(0);
    let row = run.text().lines().find(|line| line.starts_with(&first["analysis_id"].as_str().expect("an id")[..8]));
    assert!(row.is_some_and(|row| row.contains("  2019-12  ")), "{}", run.text());

    // Again, by the analysis and from files: nothing is created.
    let out = folder.path().join("results");
    let words =
        ["analyze", "--index-by", "month", "--idle", "801ms", "--elasticsearch", &server, "-o"].map(AsRef::as_ref);
    let run = sniffit(words.into_iter().chain([out.as_os_str(), capture.as_os_str()])).expect(0);
    let words = ["es", "post", "--index-by", "month", "--elasticsearch", &server].map(AsRef::as_ref);
    let from_files = sniffit(words.into_iter().chain([out.as_os_str()])).expect(0);
    for text in [run.text(), from_files.text()] {
        let all = text.lines().find(|line| line.trim_start().starts_with("all ")).unwrap_or_else(|| panic!("{text}"));
        let cells: Vec<&str> = all.split_whitespace().collect();
        let sent = documents(&first).to_string();
        assert_eq!(cells, ["all", &sent, "0", &sent, "0", "0"], "{text}");
    }
    assert_whole(&server, month, &first);

    // One goes, the other and the indices stay.
    let id = first["analysis_id"].as_str().expect("an id");
    let run = es(&server, &["drop", id]).expect(1);
    assert!(run.stderr.contains("give --yes to delete"), "{}", run.stderr);
    assert_whole(&server, month, &first);
    let run = es(&server, &["drop", "--yes", id]).expect(0);
    let expected = format!(
        "deleted {id} (earlier-6912000, exchange, 2019-12-12 10:00:00 UTC, complete): {} documents from 4 indices of 2019-12\n",
        documents(&first)
    );
    assert_eq!(run.text(), expected);
    assert!(names(&server, month, &first).is_empty());
    assert!(listed(&server, &first).is_empty());
    assert_whole(&server, month, &second);
    es(&server, &["drop", "--yes", id]).expect(1);

    // What was begun and not finished is called so, and finished by the same again.
    let id = second["analysis_id"].as_str().expect("an id");
    let (status, _) = server::delete(&server, &format!("/sniffit-analyses-{month}/_doc/{id}?refresh=true"));
    assert_eq!(status, 200);
    assert_eq!(listed(&server, &second)[0]["status"], "incomplete");
    let run = es(&server, &["drop", "--yes", &id[..8]]).expect(0);
    assert!(run.text().contains(&format!("incomplete): {} documents", documents(&second) - 1)), "{}", run.text());
    assert!(KINDS.iter().all(|kind| months(&server)[&format!("sniffit-{kind}-{month}")] == "0"));
}

#[test]
fn an_analysis_in_its_own_indices_and_in_a_months_goes_from_both() {
    let Some(server) = shared_and_set_up() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    // October 2019.
    let capture = earlier(PUSH, 140 * 86_400, folder.path());
    let manifest = post(&server, &capture, &["--idle", "803ms"]);
    let words = ["analyze", "-q", "--idle", "803ms", "--elasticsearch", &server].map(AsRef::as_ref);
    sniffit(words.into_iter().chain([capture.as_os_str()])).expect(0);
    let places: Vec<Value> = listed(&server, &manifest).into_iter().map(|line| line["month"].clone()).collect();
    assert_eq!(places, [Value::Null, json!("2019-10")]);
    let run = es(&server, &["drop", "--yes", manifest["analysis_id"].as_str().expect("an id")]).expect(0);
    assert_eq!(run.text().lines().count(), 2, "{}", run.text());
    assert!(listed(&server, &manifest).is_empty());
}

#[test]
fn old_months_go_and_nothing_else_does() {
    let Some(server) = Server::start(&["--heap", "256m"]) else { return };
    let url = server.url();
    sniffit(["es", "setup", "--elasticsearch", url]).expect(0);
    let folder = tempfile::tempdir().expect("a folder");
    let rotate = |words: &[&str]| es(url, &[&["rotate"][..], words].concat());
    let run = rotate(&["--keep-months", "1", "--yes"]).expect(0);
    assert!(run.text().starts_with("nothing to delete: there are no indices of months"), "{}", run.text());

    let posted: Vec<Value> = [("2020-03", 0), ("2020-02", 20), ("2019-11", 110)]
        .into_iter()
        .map(|(month, days)| {
            let manifest = post(url, &earlier(PUSH, days * 86_400, folder.path()), &[]);
            assert_whole(url, month, &manifest);
            manifest
        })
        .collect();
    // Another analysis of the oldest, with indices of its own; and what is not ours, though its name comes near.
    let words = ["analyze", "-q", "--elasticsearch", url].map(AsRef::as_ref);
    sniffit(words.into_iter().chain([folder.path().join("earlier-9504000.pcap").as_os_str()])).expect(0);
    for name in ["sniffit-objects-2019-11-old", "sniffit-objects-2019.11", "sniffit-notes-2019-11"] {
        assert_eq!(server::put(url, &format!("/{name}"), &json!({})).0, 200, "{name}");
    }
    let before = months(url);
    assert_eq!(before.len(), 3 * 4 + 4 + 3, "{before:?}");
    let gone = |names: &[&str]| {
        let mut left = before.clone();
        left.retain(|name, _| !names.contains(&name.as_str()));
        left
    };

    for words in [&["--keep-months", "5", "--yes"][..], &["--before", "2019-11", "--yes"]] {
        assert!(rotate(words).expect(0).text().starts_with("nothing to delete: no such index"), "{words:?}");
        assert_eq!(months(url), before, "{words:?}");
    }
    let run = rotate(&["--keep-months", "2"]).expect(1);
    assert!(run.stderr.contains("give --yes to delete"), "{}", run.stderr);
    let run = rotate(&["--keep-months", "2", "--dry-run"]).expect(0);
    assert!(run.text().contains("\nwould delete 3 indices of months before 2020-02: "), "{}", run.text());
    assert_eq!(months(url), before);

    let run = rotate(&["--keep-months", "2", "--kinds", "bins", "--yes"]).expect(0);
    let bins = before["sniffit-bins-2019-11"].clone();
    assert!(
        run.text().contains(&format!("deleted 1 index of months before 2020-02: {bins} documents, ")),
        "{}",
        run.text()
    );
    assert_eq!(months(url), gone(&["sniffit-bins-2019-11"]));
    let run = rotate(&["--keep-months", "2", "--yes"]).expect(0);
    assert!(run.text().contains("deleted 2 indices of months before 2020-02: "), "{}", run.text());
    let all = ["sniffit-bins-2019-11", "sniffit-objects-2019-11", "sniffit-streams-2019-11"];
    assert_eq!(months(url), gone(&all));

    // Its own document tells what there was.
    let lines = listed(url, &posted[2]);
    let states: Vec<(&Value, &Value)> = lines.iter().map(|line| (&line["month"], &line["status"])).collect();
    assert_eq!(states, [(&Value::Null, &json!("complete")), (&json!("2019-11"), &json!("rotated"))]);
    assert_eq!(listed(url, &posted[0])[0]["status"], "complete");
    let run = rotate(&["--before", "2020-03", "--kinds", "analyses", "--yes"]).expect(0);
    assert!(run.text().contains("deleted 2 indices of months before 2020-03: 2 documents, "), "{}", run.text());
    assert_eq!(months(url), gone(&[&all[..], &["sniffit-analyses-2019-11", "sniffit-analyses-2020-02"]].concat()));
}
