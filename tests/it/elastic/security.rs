//! A server with security on: what a write-only user may do, and what is said to one who may not.

use super::server::{self, Server};
use super::store::{analyze, index};
use crate::support::{read_results, sniffit};
use serde_json::{Value, json};

const CAPTURE: &str = "conventions/golden_push.pcap";

#[test]
fn a_write_only_user_can_create_and_nothing_else() {
    let Some(server) = Server::start(&["--security"]) else { return };
    let url = server.url();
    let password = |user: &str| server.password_file(user).to_str().expect("a plain path").to_owned();
    let (admin, writer) = (password("admin"), password("writer"));
    let as_writer = ["--user", "writer", "--password-file", &writer];

    // Before the set-up nobody knows the fields; the writer may not even look, and the admin is told.
    let as_admin = ["--user", "admin", "--password-file", &admin];
    let run = analyze(url, CAPTURE, &as_admin).expect(1);
    assert!(run.stderr.contains("run `sniffit es setup"), "{}", run.stderr);
    let setup = ["es", "setup", "--elasticsearch", url];
    let run = sniffit(setup.iter().chain(&as_writer)).expect(1);
    assert!(run.stderr.contains("403"), "{}", run.stderr);
    sniffit(setup.iter().chain(&as_admin)).expect(0);

    let out = tempfile::tempdir().expect("a folder for results");
    let folder = out.path().to_str().expect("a plain path");
    let options = [&as_writer[..], &["-q", "-o", folder]].concat();
    analyze(url, CAPTURE, &options).expect(0);
    let manifest: Value = serde_json::from_slice(&read_results(out.path())["analysis.json"]).expect("a manifest");
    let again = analyze(url, CAPTURE, &as_writer).expect(0);
    assert!(again.text().contains("already there"), "{}", again.text());

    let objects = index("objects", &manifest);
    let document = json!({ "message": "x" });
    for (method, path, body) in [
        ("POST", format!("/{objects}/_search"), json!({})),
        ("GET", format!("/{objects}/_doc/1u0"), json!(null)),
        ("PUT", format!("/{objects}/_doc/1u0"), document.clone()),
        ("POST", format!("/{objects}/_update/1u0"), json!({ "doc": document })),
        ("DELETE", format!("/{objects}/_doc/1u0"), json!(null)),
        ("DELETE", format!("/{objects}"), json!(null)),
        ("PUT", "/_index_template/sniffit-objects".to_owned(), json!({ "index_patterns": ["x"] })),
        ("PUT", "/other/_create/1".to_owned(), document.clone()),
        ("GET", "/_security/user".to_owned(), json!(null)),
    ] {
        let (status, answer) = server.request_as("writer", method, &path, &body);
        assert_eq!(status, 403, "{method} {path}: {answer}");
    }
    // All that was sent is there, as the admin sees.
    server.request_as("admin", "POST", &format!("/{objects}/_refresh"), &json!(null));
    let (status, answer) = server.request_as("admin", "GET", &format!("/{objects}/_count"), &json!(null));
    assert_eq!((status, &answer["count"]), (200, &manifest["records"]["objects"]), "{answer}");
}

#[test]
fn a_wrong_password_is_told_at_once() {
    let Some(server) = Server::start(&["--security"]) else { return };
    let wrong = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(wrong.path(), "wrong-password\n").expect("a file");
    let wrong = wrong.path().to_str().expect("a plain path");
    for credentials in [&["--user", "writer", "--password-file", wrong][..], &["--api-key-file", wrong], &[]] {
        let run = analyze(server.url(), CAPTURE, credentials).expect(1);
        assert!(run.stderr.contains("does not let us in (HTTP 401)"), "{credentials:?}: {}", run.stderr);
        assert!(!run.stderr.contains("wrong-password"), "{}", run.stderr);
    }
    let (status, _) = server::get(server.url(), "/_cluster/health");
    assert_eq!(status, 401);
}
