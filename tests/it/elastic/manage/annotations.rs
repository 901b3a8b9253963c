//! `sniffit es annotate`.

use super::super::store::{search, shared_and_set_up};
use super::es;
use serde_json::{Value, json};

/// A label's value that no run of the tests has used.
fn unused() -> String {
    let folder = tempfile::tempdir().expect("a folder");
    folder.path().file_name().and_then(|name| name.to_str()).expect("a random name").to_owned()
}

/// The annotations with a label, by time, each with what was indexed of it.
fn with_label(server: &str, name: &str, value: &str) -> Vec<Value> {
    let mut term = json!({});
    term[format!("labels.{name}")] = json!(value);
    let body = json!({ "query": { "term": term }, "sort": ["@timestamp"], "fields": ["message", "event.*"] });
    search(server, "sniffit-annotations", &body)["hits"]["hits"].as_array().expect("hits").clone()
}

#[test]
fn one_annotation_is_there_once() {
    let Some(server) = shared_and_set_up() else { return };
    let test = unused();
    let (at, label) = ("1999-03-01T11:00:12.5+01:00", format!("test={test}"));
    let words = ["annotate", "--at", at, "--label", &label, "--label", "app=video", "  video « opened »"];
    assert_eq!(es(&server, &words).expect(0).text(), "1 created, 0 already there\n");
    assert_eq!(es(&server, &words).expect(0).text(), "0 created, 1 already there\n");
    let hits = with_label(&server, "test", &test);
    let [hit] = &hits[..] else { panic!("{hits:?}") };
    assert_eq!(hit["_source"]["@timestamp"], "1999-03-01T10:00:12.500000000Z");
    assert_eq!(hit["_source"]["labels"], json!({ "test": test, "app": "video" }));
    assert_eq!(hit["fields"]["message"], json!(["video « opened »"]));
    assert_eq!(hit["fields"]["event.dataset"], json!(["sniffit.annotation"]));
}

#[test]
fn a_file_of_many_is_sent_as_a_whole() {
    let Some(server) = shared_and_set_up() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("marks.csv");
    let path = file.to_str().expect("a plain path");
    std::fs::write(
        &file,
        "time;message;app\r\n1999-03-01T10:00:02Z;\"a; \"\"b\"\"\";\r\n1999-03-01T10:00:01Z;c;video\r\n",
    )
    .expect("a file");
    let test = unused();
    let label = format!("test={test}");
    let words = ["annotate", "--file", path, "--label", &label];
    assert_eq!(es(&server, &words).expect(0).text(), "2 created, 0 already there\n");
    assert_eq!(es(&server, &words).expect(0).text(), "0 created, 2 already there\n");
    let hits = with_label(&server, "test", &test);
    let found: Vec<(&Value, &Value)> =
        hits.iter().map(|hit| (&hit["_source"]["message"], &hit["_source"]["labels"])).collect();
    let (first, second) = (json!({ "test": test, "app": "video" }), json!({ "test": test }));
    assert_eq!(found, [(&json!("c"), &first), (&json!("a; \"b\""), &second)]);

    // The last line is wrong: none is sent.
    std::fs::write(&file, "time,message\r\n1999-03-01T10:00:01Z,d\r\n1999-03-01T10:00:02,e\r\n").expect("a file");
    let run = es(&server, &["annotate", "--file", path, "--label", "test=none"]).expect(1);
    assert!(
        run.stderr.contains("marks.csv can't be used, and nothing was sent: line 3, column time:"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("the time has no zone"), "{}", run.stderr);
    assert!(with_label(&server, "test", "none").is_empty());
}

#[test]
fn what_cannot_be_an_annotation_is_told() {
    let long = "x".repeat(8_192);
    for (words, expected) in [
        (&["annotate"][..], "required"),
        (&["annotate", "opened"], "--at"),
        (&["annotate", "opened", "--at", "2020-03-01T10:00:01"], "the time has no zone"),
        (&["annotate", "opened", "--at", "yesterday"], "a time such as"),
        (&["annotate", " ", "--at", "2020-03-01T10:00:01Z"], "what happened is not said"),
        (&["annotate", &long, "--at", "2020-03-01T10:00:01Z"], "it has 8 192 characters, and 8 191 are the most"),
        (&["annotate", "opened", "--at", "2020-03-01T10:00:01Z", "--label", "app"], "NAME=VALUE"),
        (&["annotate", "o", "--at", "2020-03-01T10:00:01Z", "--label", "a=b", "--label", "a=c"], "given twice"),
        (&["annotate", "--file", "no/such/file.csv"], "no/such/file.csv can't be read"),
    ] {
        let run = es("http://127.0.0.1:1", words).expect(1);
        assert!(run.stderr.contains(expected), "{words:?}: {}", run.stderr);
        assert!(run.stdout.is_empty());
    }
}

#[test]
fn what_did_not_reach_the_server_has_its_own_exit_code() {
    let run = es("http://127.0.0.1:1", &["annotate", "opened", "--at", "2020-03-01T10:00:01Z"]).expect(4);
    assert!(run.stderr.contains("http://127.0.0.1:1 can't be reached"), "{}", run.stderr);
}
