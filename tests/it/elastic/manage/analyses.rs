//! `sniffit es list` and `sniffit es drop`.

use super::super::server;
use super::super::store::{analyze, count, index, shared_and_set_up};
use super::es;
use crate::support::{captures, read_results, sniffit};
use serde_json::{Value, json};

const PUSH: &str = "conventions/golden_push.pcap";

/// Sends an analysis of a capture that no other test sends, and gives its manifest.
fn post(server: &str, capture: &str, idle: &str, more: &[&str]) -> Value {
    let out = tempfile::tempdir().expect("a folder for results");
    let folder = out.path().to_str().expect("a plain path");
    analyze(server, capture, &[&["--idle", idle, "-q", "-o", folder], more].concat()).expect(0);
    serde_json::from_slice(&read_results(out.path())["analysis.json"]).expect("a manifest")
}

/// What the list for programs says of an analysis.
fn listed(server: &str, manifest: &Value) -> Option<Value> {
    let run = es(server, &["list", "--json"]).expect(0);
    let mut lines = run.text().lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.find(|line| line["analysis"] == short(manifest))
}

/// What the list for people says of it.
fn row(server: &str, manifest: &Value) -> String {
    let run = es(server, &["list"]).expect(0);
    let row = run.text().lines().find(|line| line.starts_with(&short(manifest)));
    row.unwrap_or_else(|| panic!("{}", run.text())).to_owned()
}

fn short(manifest: &Value) -> String {
    manifest["analysis_id"].as_str().expect("an id")[..8].to_owned()
}

#[track_caller]
fn done((status, answer): (u16, Value)) {
    assert!(status < 300, "HTTP {status}: {answer}");
}

#[test]
fn the_list_tells_what_is_there_of_each_analysis() {
    let Some(server) = shared_and_set_up() else { return };
    let manifest = post(&server, PUSH, "701ms", &[]);
    let line = listed(&server, &manifest).expect("it is in the list");
    for (name, expected) in [
        ("analysis_id", &manifest["analysis_id"]),
        ("capture_id", &manifest["capture_id"]),
        ("capture_name", &manifest["capture_name"]),
        ("start", &manifest["start"]),
        ("end", &manifest["end"]),
        ("method", &manifest["method"]),
        ("objects", &manifest["records"]["objects"]),
        ("streams", &manifest["records"]["streams"]),
        ("bins", &manifest["records"]["bins"]),
        ("packets", &Value::Null),
        ("duration_ns", &json!(41_183_000_000_u64)),
        ("missing_documents", &json!(0)),
        ("status", &json!("complete")),
        ("exact", &json!(true)),
    ] {
        assert_eq!(&line[name], expected, "{name}: {line}");
    }
    let all: u64 = manifest["records"].as_object().expect("records").values().filter_map(Value::as_u64).sum();
    assert_eq!(line["documents"], json!(all + 1));
    assert!(line["size_bytes"].as_u64().is_some_and(|bytes| bytes > 1_000), "{line}");
    assert_eq!(line["indices"].as_array().map(Vec::len), Some(4), "{line}");
    let row = row(&server, &manifest);
    for cell in ["golden_push", "exchange", "2020-03-01 10:00:00", "41.2 s", "complete"] {
        assert!(row.contains(&format!("  {cell}")), "{cell}: {row}");
    }
}

#[test]
fn what_is_not_whole_is_not_called_complete() {
    let Some(server) = shared_and_set_up() else { return };
    let manifest = post(&server, PUSH, "702ms", &[]);
    let status = |expected: &str, missing: Value| {
        let line = listed(&server, &manifest).expect("it is in the list");
        assert_eq!((&line["status"], &line["missing_documents"]), (&json!(expected), &missing), "{line}");
        assert_eq!((&line["capture_name"], &line["method"]), (&json!("golden_push"), &json!("exchange")), "{line}");
        assert!(row(&server, &manifest).ends_with(expected));
    };
    let bins = index("bins", &manifest);
    done(server::post(&server, &format!("/{bins}/_close"), &Value::Null));
    status("unreadable", Value::Null);
    done(server::post(&server, &format!("/{bins}/_open"), &Value::Null));
    let stream = manifest["records"]["streams"].as_u64().expect("a count");
    assert_eq!(stream, 2);
    done(server::delete(&server, &format!("/{}/_doc/13", index("streams", &manifest))));
    status("incomplete", json!(1));
    done(server::delete(&server, &format!("/{bins}")));
    status("incomplete", json!(1 + manifest["records"]["bins"].as_u64().expect("a count")));
    // Nobody sent the manifest: what was meant can't be known, but the records say whose they are.
    done(server::delete(&server, &format!("/{}", index("analyses", &manifest))));
    status("incomplete", Value::Null);
    post(&server, PUSH, "702ms", &[]);
    status("complete", json!(0));
}

#[test]
fn an_analysis_goes_as_a_whole_and_alone() {
    let Some(server) = shared_and_set_up() else { return };
    let [gone, packets] = [post(&server, PUSH, "703ms", &[]), post(&server, PUSH, "703ms", &["--mode", "packet"])];
    assert_eq!(gone["capture_id"], packets["capture_id"]);
    // Not ours, though a pattern would match it.
    let other = format!("{}-old", index("objects", &gone));
    done(server::put(&server, &format!("/{other}"), &json!({})));
    let stays = count(&server, &packets);
    let id = gone["analysis_id"].as_str().expect("an id").to_ascii_uppercase();
    let run = es(&server, &["drop", "--yes", &id]).expect(0);
    let all: u64 = gone["records"].as_object().expect("records").values().filter_map(Value::as_u64).sum();
    let expected = format!(
        "deleted {} (golden_push, exchange, 2020-03-01 10:00:00 UTC, complete): {}",
        gone["analysis_id"].as_str().expect("an id"),
        all + 1
    );
    assert!(run.text().starts_with(&expected), "{}", run.text());
    assert!(count(&server, &gone).is_empty());
    assert_eq!(count(&server, &packets), stays);
    done(server::delete(&server, &format!("/{other}")));
    es(&server, &["drop", "--yes", &id]).expect(1);
    es(&server, &["drop", "-y", &short(&packets)]).expect(0);
    assert!(listed(&server, &packets).is_none());
}

#[test]
fn nothing_goes_that_was_not_meant() {
    let Some(server) = shared_and_set_up() else { return };
    let manifest = post(&server, PUSH, "704ms", &[]);
    let before = count(&server, &manifest);
    let id = manifest["analysis_id"].as_str().expect("an id");
    // The last digit is another one; so are the last of the first eight.
    let other = |digits: usize| {
        let last = if id[..digits].ends_with('0') { '1' } else { '0' };
        format!("{}{last}", &id[..digits - 1])
    };
    for (words, expected) in [
        (&["drop", &short(&manifest)][..], "standard input is no terminal: give --yes"),
        (&["drop", "--yes", "sniffit-*"], "is no id of an analysis"),
        (&["drop", "--yes", "_all"], "is no id of an analysis"),
        (&["drop", "--yes", &id[..9]], "is no id of an analysis"),
        (&["drop", "--yes", &other(16)], &format!("is one of these meant?\n  {id} (golden_push")),
        (&["drop", "--yes", &other(8)], id),
    ] {
        let run = es(&server, words).expect(1);
        assert!(run.stderr.contains(expected), "{words:?}: {}", run.stderr);
        assert!(run.stdout.is_empty(), "{words:?}");
        assert_eq!(count(&server, &manifest), before, "{words:?}");
    }
}

#[cfg(unix)]
#[test]
fn names_of_captures_do_not_reach_the_terminal_as_they_are() {
    let Some(server) = shared_and_set_up() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let capture = folder.path().join("a\u{1b}[31m\n.pcap");
    std::fs::copy(captures(PUSH), &capture).expect("a copy");
    let words = ["analyze", "-q", "--idle", "705ms", "--elasticsearch", &server].map(AsRef::as_ref);
    sniffit(words.into_iter().chain([capture.as_os_str()])).expect(0);
    let run = es(&server, &["list"]).expect(0);
    assert!(!run.text().contains('\u{1b}'), "{}", run.text());
    assert!(run.text().contains("a\\u{1b}[31m\\n"), "{}", run.text());
}

#[test]
fn a_server_that_is_away_is_told() {
    for words in [&["list"][..], &["list", "--json"], &["drop", "-y", "82c7753c"]] {
        let run = es("http://127.0.0.1:1", words).expect(1);
        assert!(run.stderr.contains("http://127.0.0.1:1 can't be reached"), "{}", run.stderr);
    }
}
