//! `setup.sh` against a real Elasticsearch with security: the key that it makes can add results and nothing else.

use super::super::repository;
use super::{Run, stand_in_for_curl};
use crate::elastic::server::Server;
use crate::support::{captures, sniffit};
use serde_json::json;
use std::fs;
use std::process::Command;

#[test]
fn a_real_elasticsearch_is_prepared_once() {
    let Some(server) = Server::start(&["--security", "--api-keys"]) else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let key_file = folder.path().join("api-key");
    let password = fs::read_to_string(server.password_file("elastic")).expect("a password");
    let (key, templates) = (key_file.to_string_lossy(), repository("deploy/elasticsearch/templates"));
    let run = || {
        let environment = [
            ("ELASTICSEARCH_URL", server.url()),
            ("ELASTIC_PASSWORD", password.trim()),
            ("KIBANA_SYSTEM_PASSWORD", "0a1b2c3d4e5f60718293"),
            ("TEMPLATES", &*templates.to_string_lossy()),
            ("KEY_FILE", &*key),
        ];
        Run::of("deploy/elasticsearch/setup.sh", &folder, &environment)
    };
    run().expect(0, "a new one is in ");
    let made = fs::read_to_string(&key_file).expect("a key");
    run().expect(0, "works and stays");
    assert_eq!(fs::read_to_string(&key_file).expect("a key"), made);

    let capture = captures("conventions/golden_push.pcap");
    let capture = capture.to_str().expect("a plain path");
    let words = ["analyze", "-q", capture, "--elasticsearch", server.url(), "--api-key-file", &*key];
    sniffit(words).expect(0);
    // `es setup` finds nothing to change in what the script put.
    let password_file = server.password_file("elastic").to_str().expect("a plain path").to_owned();
    let words =
        ["es", "setup", "--elasticsearch", server.url(), "--user", "elastic", "--password-file", &password_file];
    let text = sniffit(words).expect(0).text().to_owned();
    assert!(text.contains("unchanged") && !text.contains("created") && !text.contains("updated"), "{text}");

    server.request_as("elastic", "POST", "/sniffit-*/_refresh", &json!(null));
    let (status, answer) = server.request_as("elastic", "GET", "/sniffit-objects-*/_count", &json!(null));
    assert_eq!((status, &answer["count"]), (200, &json!(46)), "{answer}");
    for (method, path) in [
        ("GET", "/sniffit-objects-*/_search"),
        ("DELETE", "/sniffit-objects-aee47acd-82c7753c"),
        ("GET", "/_cat/indices"),
    ] {
        let mut curl = Command::new(stand_in_for_curl(&folder).join("curl"));
        curl.env("CURL_LOG", "/dev/null").args(["-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", method, "-H"]);
        curl.arg(format!("Authorization: ApiKey {}", made.trim())).arg(format!("{}{path}", server.url()));
        let status = curl.output().expect("curl starts").stdout;
        assert_eq!(String::from_utf8_lossy(&status), "403", "{method} {path}");
    }
}
