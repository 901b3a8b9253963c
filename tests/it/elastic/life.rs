//! The servers of the tests: they answer, keep what they were given when they are killed, and outlive nobody.

use super::server::{self, Server, delete, get, post, put};
use serde_json::json;
use std::net::TcpStream;
use std::time::{Duration, Instant};

#[test]
fn a_document_is_created_once_and_found() {
    let Some(server) = server::shared() else { return };
    let create = || put(&server, "/test-life/_create/1?refresh=true", &json!({ "message": "here" }));
    assert_eq!(create().0, 201);
    assert_eq!(create().0, 409);
    let (status, answer) = post(&server, "/test-life/_search", &json!({ "query": { "match": { "message": "here" } } }));
    assert_eq!((status, &answer["hits"]["hits"][0]["_source"]["message"]), (200, &json!("here")), "{answer}");
    assert_eq!(delete(&server, "/test-life").0, 200);
    assert_eq!(get(&server, "/test-life/_doc/1").0, 404);
}

#[test]
fn api_keys_and_built_in_users_work_where_they_are_asked_for() {
    let Some(server) = Server::start(&["--heap", "256m", "--api-keys"]) else { return };
    let (status, answer) = server.request_as("elastic", "POST", "/_security/api_key", &json!({ "name": "test" }));
    assert!(status == 200 && answer["encoded"].is_string(), "{status} {answer}");
    let password = json!({ "password": "a-new-password" });
    let path = "/_security/user/kibana_system/_password";
    assert_eq!(server.request_as("elastic", "POST", path, &password), (200, json!({})));
    assert_eq!(server.request_as("writer", "POST", path, &password).0, 403);
    assert_eq!(get(server.url(), "/_cluster/health").0, 401);
}

#[test]
fn data_outlive_a_killed_server_and_a_server_outlives_nobody() {
    let Some(mut server) = Server::start(&["--heap", "256m"]) else { return };
    let url = server.url().to_owned();
    assert_eq!(put(&url, "/test-life/_create/1", &json!({ "message": "here" })).0, 201);
    server.kill();
    server.restart();
    assert_eq!(server.url(), url);
    let (status, answer) = get(&url, "/test-life/_doc/1");
    assert_eq!((status, &answer["_source"]), (200, &json!({ "message": "here" })), "{answer}");

    // Nothing tells the server that its starter is gone but the pipe between them.
    server.kill_starter();
    let address = url.trim_start_matches("http://");
    let begin = Instant::now();
    while TcpStream::connect(address).is_ok() {
        assert!(begin.elapsed() < Duration::from_secs(60), "the server outlives its starter");
        std::thread::sleep(Duration::from_millis(20));
    }
}
