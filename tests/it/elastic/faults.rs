//! What goes wrong on the way to Elasticsearch: nothing is lost and nothing is doubled.

use super::proxy::{Action, Proxy};
use super::server::Server;
use super::store::{analyze, count, index, search, shared_and_set_up};
use crate::support::{Run, captures, command, read_results, sniffit};
use serde_json::{Value, json};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// 2 995 packets: in packet mode about 40 requests of the size below.
const CAPTURE: &str = "truth/lab/chat.pcap.gz";
const REQUEST_BYTES: &str = "100000";

/// Analyses the capture in packet mode through a proxy; `unique` makes an analysis of its own.
fn send(proxy: &str, unique: &str, more: &[&str]) -> Run {
    let mut options = vec!["--mode", "packet", "--idle", unique, "--request-bytes", REQUEST_BYTES];
    options.extend(more);
    analyze(proxy, CAPTURE, &options)
}

/// The manifest of that analysis.
fn manifest(unique: &str) -> Value {
    let out = tempfile::tempdir().expect("a folder for results");
    let capture = captures(CAPTURE);
    let arguments = ["analyze", "-q", "--mode", "packet", "--idle", unique, "-o"].map(AsRef::as_ref);
    sniffit(arguments.into_iter().chain([out.path().as_os_str(), capture.as_os_str()])).expect(0);
    serde_json::from_slice(&read_results(out.path())["analysis.json"]).expect("a manifest")
}

/// Checks that every packet is there exactly once, and never was replaced.
#[track_caller]
fn assert_whole(server: &str, manifest: &Value, what: &str) {
    let expected = manifest["records"]["packets"].as_u64().expect("a count");
    let counts = count(server, manifest);
    assert_eq!(counts["packets"], (expected, 0), "{what}: packets");
    assert_eq!(counts["analyses"], (1, 0), "{what}: the manifest");
}

/// The numbers of the report's last row, which is the sum: sent, created, already there, refused, retried.
fn sums(text: &str) -> Vec<u64> {
    let row = text.lines().last().unwrap_or_default();
    let cells = row.split("  ").map(|cell| cell.trim().replace(' ', "")).filter(|cell| !cell.is_empty());
    cells.skip(1).map(|cell| cell.parse().expect("a number")).collect()
}

#[test]
fn a_proxy_that_fails_now_and_then() {
    let Some(server) = shared_and_set_up() else { return };
    type Script = fn(usize, &[u8]) -> Action;
    let cases: [(&str, &str, Script); 7] =
        [
            ("611ms", "503 before the server", |n, _| {
                if n % 3 == 2 { Action::Answer(503, "<html>busy") } else { Action::Pass }
            }),
            ("612ms", "429 of the whole request", |n, _| {
                let busy = r#"{"error":{"type":"es_rejected_execution_exception","reason":"full"},"status":429}"#;
                if n == 2 || n == 5 { Action::Answer(429, busy) } else { Action::Pass }
            }),
            ("613ms", "a reply that is cut", |n, _| if n % 4 == 2 { Action::CutReply } else { Action::Pass }),
            ("614ms", "a reply that is lost", |n, _| if n % 4 == 2 { Action::LoseReply } else { Action::Pass }),
            ("615ms", "a connection that is closed", |n, _| if n % 4 == 1 { Action::Drop } else { Action::Pass }),
            ("616ms", "bodies that are too large", |_, body| {
                if body.len() > 60_000 { Action::Answer(413, "") } else { Action::Pass }
            }),
            ("617ms", "502, 504 and an empty reply", |n, _| match n {
                2 => Action::Answer(502, ""),
                3 => Action::Answer(504, "late"),
                4 => Action::Answer(200, ""),
                _ => Action::Pass,
            }),
        ];
    for (unique, what, script) in cases {
        let proxy = Proxy::start(&server, script);
        let run = send(&proxy.url(), unique, &[]).expect(0);
        let [sent, created, there, refused, retried] = sums(run.text())[..] else { panic!("{what}: {}", run.text()) };
        assert_eq!((created + there, refused), (sent, 0), "{what}");
        assert!(retried > 0, "{what}: {}", run.text());
        assert_whole(&server, &manifest(unique), what);
    }
}

#[test]
fn an_outage_that_lasts_loses_nothing() {
    let Some(server) = shared_and_set_up() else { return };
    let is_back = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&is_back);
    let proxy = Proxy::start(&server, move |n, _| {
        if n <= 3 || seen.load(Ordering::Relaxed) { Action::Pass } else { Action::Answer(503, "") }
    });
    let run = send(&proxy.url(), "621ms", &["--retry-for", "1s"]).expect(4);
    assert!(run.stderr.contains("took nothing for 1 s (HTTP 503)"), "{}", run.stderr);
    assert!(run.stderr.contains("the same command again completes it"), "{}", run.stderr);
    let first = sums(run.text());
    let manifest = manifest("621ms");
    assert!(!count(&server, &manifest).contains_key("analyses"), "no manifest without all records");
    is_back.store(true, Ordering::Relaxed);
    let run = send(&proxy.url(), "621ms", &[]).expect(0);
    let second = sums(run.text());
    assert_eq!(second[2], first[1], "what was created is already there");
    assert_eq!(second[1] + second[2], second[0]);
    assert_whole(&server, &manifest, "after the outage");
}

#[test]
fn standard_input_cannot_come_again_and_is_kept() {
    let Some(server) = shared_and_set_up() else { return };
    let proxy = Proxy::start(&server, |_, _| Action::Answer(503, ""));
    let folder = tempfile::tempdir().expect("a working folder");
    let capture = std::fs::File::open(captures(CAPTURE)).expect("a capture");
    let url = proxy.url();
    let arguments = ["analyze", "-", "--idle", "622ms", "--retry-for", "300ms", "--elasticsearch", &url];
    let output = command(arguments).current_dir(folder.path()).stdin(capture).output().expect("the program starts");
    let run = Run::of(output).expect(4);
    assert!(run.stderr.contains("the results are kept in sniffit-unsent-"), "{}", run.stderr);
    let kept = std::fs::read_dir(folder.path()).expect("a folder").next().expect("an entry").expect("an entry").path();
    let run = sniffit(["es".as_ref(), "post".as_ref(), kept.as_os_str(), "--elasticsearch".as_ref(), server.as_ref()]);
    run.expect(0);
    let manifest: Value = serde_json::from_slice(&read_results(&kept)["analysis.json"]).expect("a manifest");
    assert_eq!(count(&server, &manifest)["objects"].0, manifest["records"]["objects"].as_u64().expect("a count"));
}

#[test]
fn what_would_fail_again_is_not_tried_again() {
    let Some(server) = shared_and_set_up() else { return };
    let denied = r#"{"error":{"type":"security_exception","reason":"unable to authenticate"},"status":401}"#;
    for (status, body, expected) in [
        (401, denied, "security_exception: unable to authenticate: check the key"),
        (403, "", "HTTP 403: the key or user may not create documents"),
        (404, "", "is this the address of Elasticsearch?"),
        (400, r#"{"error":{"type":"x","reason":"y"}}"#, "HTTP 400: x: y"),
        (200, "<html>hello", "the reply is not Elasticsearch's: <html>hello"),
    ] {
        let proxy = Proxy::start(&server, move |_, _| Action::Answer(status, body));
        let run = send(&proxy.url(), "623ms", &[]).expect(4);
        assert!(run.stderr.contains(expected), "{status}: {}", run.stderr);
        // One request a connection was under way when the first reply came.
        assert!(proxy.bulk_requests() <= 2, "{status}: {} requests", proxy.bulk_requests());
    }
}

#[test]
fn documents_that_the_server_refuses_are_kept_and_the_others_arrive() {
    let Some(server) = shared_and_set_up() else { return };
    let out = tempfile::tempdir().expect("a folder for results");
    let folder = out.path().join("results");
    let capture = captures("conventions/golden_push.pcap");
    let arguments = ["analyze", "-q", "--idle", "624ms", "-o"].map(AsRef::as_ref);
    sniffit(arguments.into_iter().chain([folder.as_os_str(), capture.as_os_str()])).expect(0);
    // Two records that no analysis writes: a number beyond 63 bits and a field that nobody knows.
    let path = folder.join("objects.ndjson");
    let text = std::fs::read_to_string(&path).expect("objects");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[3] = lines[3].replacen("\"retransmitted_bytes\":0", "\"retransmitted_bytes\":9223372036854775808", 1);
    lines[7] = lines[7].replacen("\"sniffit\":{", "\"sniffit\":{\"unknown\":1,", 1);
    std::fs::write(&path, lines.join("\n") + "\n").expect("objects");
    let refused = out.path().join("refused.ndjson");
    let words = ["es", "post", "--elasticsearch", &server, "--refused"].map(AsRef::as_ref);
    let run = sniffit(words.into_iter().chain([refused.as_os_str(), folder.as_os_str()])).expect(4);
    let manifest: Value = serde_json::from_slice(&read_results(&folder)["analysis.json"]).expect("a manifest");
    let objects = manifest["records"]["objects"].as_u64().expect("a count");
    assert_eq!(count(&server, &manifest)["objects"], (objects - 2, 0));
    assert!(run.stderr.contains("2 documents refused by the server:"), "{}", run.stderr);
    assert!(run.stderr.contains("strict_dynamic_mapping_exception"), "{}", run.stderr);
    let kept = std::fs::read_to_string(&refused).expect("the file of refused documents");
    let kept: Vec<Value> = kept.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(kept.len(), 2);
    for (kept, line) in kept.iter().zip([&lines[3], &lines[7]]) {
        assert_eq!(kept["status"], 400);
        assert_eq!(kept["document"], serde_json::from_str::<Value>(line).expect("JSON"));
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_while_sending_stops_cleanly_and_can_be_completed() {
    let Some(server) = shared_and_set_up() else { return };
    // The proxy presses Ctrl-C at the fourth body; what is on its way then still arrives.
    let child: Arc<Mutex<Option<u32>>> = Arc::default();
    let pressed = Arc::clone(&child);
    let proxy = Proxy::start(&server, move |n, _| {
        if n == 4 {
            while pressed.lock().expect("no panic").is_none() {
                std::thread::yield_now();
            }
            let id = pressed.lock().expect("no panic").expect("a process").to_string();
            let _ = std::process::Command::new("kill").args(["-INT", &id]).status();
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
        Action::Pass
    });
    let capture = captures(CAPTURE);
    let url = proxy.url();
    let words = ["analyze", "--mode", "packet", "--idle", "625ms", "--request-bytes", REQUEST_BYTES];
    let words = words.into_iter().chain(["--elasticsearch", &url]).map(AsRef::as_ref);
    let process = command(words.chain([capture.as_os_str()]))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    *child.lock().expect("no panic") = Some(process.id());
    let run = Run::of(process.wait_with_output().expect("the program ends")).expect(130);
    assert!(run.stderr.contains("not sent; the same command again completes it"), "{}", run.stderr);
    let first = sums(run.text()).first().copied().unwrap_or_default();
    let manifest = manifest("625ms");
    let there = count(&server, &manifest)["packets"].0;
    assert!(there < manifest["records"]["packets"].as_u64().expect("a count"), "it stopped");
    assert!(first <= there + 1, "what was told as sent is there");
    send(&server, "625ms", &[]).expect(0);
    assert_whole(&server, &manifest, "after Ctrl-C");
}

#[test]
fn a_server_that_is_killed_in_the_middle_of_a_load() {
    let Some(server) = Server::start(&["--heap", "256m"]) else { return };
    let server = Arc::new(Mutex::new(server));
    let url = server.lock().expect("no panic").url().to_owned();
    sniffit(["es", "setup", "--elasticsearch", &url]).expect(0);
    let victim = Arc::clone(&server);
    let proxy = Proxy::start(&url, move |n, _| {
        if n == 5 {
            victim.lock().expect("no panic").kill();
            return Action::Drop;
        }
        Action::Pass
    });
    let run = send(&proxy.url(), "631ms", &["--retry-for", "2s"]).expect(4);
    assert!(run.stderr.contains("the same command again completes it"), "{}", run.stderr);
    let acknowledged = sums(run.text())[1];
    server.lock().expect("no panic").restart();
    let manifest = manifest("631ms");
    let there = count(&url, &manifest)["packets"].0;
    assert!(there >= acknowledged && acknowledged > 0, "{there} there, {acknowledged} acknowledged before the kill");
    send(&url, "631ms", &[]).expect(0);
    // A server that recovers may count as deleted what it replayed; no document was ever replaced by another.
    assert_eq!(count(&url, &manifest)["packets"].0, manifest["records"]["packets"].as_u64().expect("a count"));
    assert_eq!(count(&url, &manifest)["analyses"].0, 1);
    let body = json!({ "size": 10_000, "version": true, "_source": false });
    let answer = search(&url, &index("packets", &manifest), &body);
    let versions = answer["hits"]["hits"].as_array().expect("hits").iter().map(|hit| hit["_version"].as_u64());
    assert!(versions.clone().count() == 2_995 && versions.clone().all(|version| version == Some(1)));
}

#[test]
fn a_server_without_room_is_given_time() {
    // Two requests are more than this server takes at once; one is not.
    let Some(server) = Server::start(&["--heap", "256m", "--setting", "indexing_pressure.memory.limit=150kb"]) else {
        return;
    };
    let url = server.url();
    sniffit(["es", "setup", "--elasticsearch", url]).expect(0);
    let run = send(url, "632ms", &[]).expect(0);
    let retried = sums(run.text())[4];
    assert!(retried > 0, "the server had room for everything, so that nothing was tested: {}", run.text());
    assert_whole(url, &manifest("632ms"), "429");
}
