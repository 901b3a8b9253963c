//! `import.sh`: only Kibana's own word that all objects are in counts as success.

use super::super::http::{Answer, Recorder, Request};
use super::{PASSWORD, Run};
use base64::Engine;
use std::fs;

const OBJECTS: &str = "{\"id\":\"sniffit-objects\",\"type\":\"index-pattern\"}\n";
const DONE: &str = "{\"successCount\":12,\"success\":true,\"warnings\":[],\"successResults\":[]}";
const REFUSED: &str = "{\"successCount\":1,\"success\":false,\"errors\":[{\"id\":\"a\",\"type\":\"lens\",\"error\":{\"type\":\
    \"missing_references\"}},{\"id\":\"b\",\"type\":\"lens\",\"error\":{\"type\":\"unsupported_type\"}}]}";

const QUOTED: &str = "{\"successCount\":0,\"success\":false,\"errors\":[{\"id\":\"a\",\"meta\":{\"success\":true}}]}";

/// What Kibana answers to one request after the other, how the script ends, and what it tells.
type Case = (&'static str, &'static [(u16, &'static str)], i32, &'static str);

const CASES: &[Case] = &[
    ("all is well", &[(200, DONE)], 0, "dashboards: 12 objects imported"),
    ("Kibana is still starting", &[(503, "not ready"), (429, "{}"), (200, DONE)], 0, "12 objects imported"),
    (
        "some are refused, with status 200",
        &[(200, REFUSED)],
        1,
        "{\"id\":\"b\",\"type\":\"lens\",\"error\":{\"type\":\"unsupported_type\"}}",
    ),
    ("a refusal quotes a success", &[(200, QUOTED)], 1, "did not take all objects"),
    ("nothing is said", &[(200, "{}")], 1, "did not take all objects"),
    ("the password is wrong", &[(401, "{}")], 1, "is ELASTIC_PASSWORD the one of the first start?"),
    ("the request is wrong", &[(400, "{\"message\":\"bad file\"}")], 1, "status 400: {\"message\":\"bad file\"}"),
];

#[test]
fn the_import_succeeds_when_kibana_says_so() {
    for &(what, answers, code, told) in CASES {
        let kibana = Recorder::start(move |at, _| {
            let (status, body) = answers[at.min(answers.len() - 1)];
            Answer::new(status, body)
        });
        let folder = tempfile::tempdir().expect("a temporary folder");
        let objects = folder.path().join("objects.ndjson");
        fs::write(&objects, OBJECTS).expect("objects are written");
        let environment = [("KIBANA_URL", &*kibana.url()), ("OBJECTS", &*objects.to_string_lossy()), ("PAUSE", "0")];
        let run = Run::of("deploy/kibana/import.sh", &folder, &environment);
        assert_eq!(run.code, Some(code), "{what}: {}", run.printed);
        assert!(run.printed.contains(told), "{what}: {told:?} should be told: {}", run.printed);
        assert!(
            !run.printed.contains(PASSWORD) && !run.command_lines.contains(PASSWORD),
            "{what}: the password is shown"
        );
        let requests = kibana.take();
        assert_eq!(requests.len(), answers.len(), "{what}");
        requests.iter().for_each(check_request);
    }
}

fn check_request(request: &Request) {
    assert_eq!((&*request.method, &*request.target), ("POST", "/api/saved_objects/_import?overwrite=true"));
    let credentials = base64::engine::general_purpose::STANDARD.encode(format!("elastic:{PASSWORD}"));
    assert_eq!(request.header("authorization"), Some(&*format!("Basic {credentials}")));
    assert!(request.header("kbn-xsrf").is_some_and(|value| !value.is_empty()));
    assert!(request.header("content-type").is_some_and(|value| value.starts_with("multipart/form-data")));
    let body = request.text();
    assert!(body.contains("filename=\"sniffit.ndjson\"") && body.contains(OBJECTS.trim_end()), "{body}");
}

#[test]
fn a_kibana_that_never_answers_and_a_missing_file_are_errors() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (objects, missing) = (folder.path().join("objects.ndjson"), folder.path().join("missing"));
    fs::write(&objects, OBJECTS).expect("objects are written");
    // Nobody listens on a port that was just given back.
    let url = Recorder::start(|_, _| Answer::new(200, "")).url();
    let with = |file: &std::path::Path| {
        let environment = [("KIBANA_URL", &*url), ("OBJECTS", &*file.to_string_lossy()), ("PATIENCE", "0")];
        Run::of("deploy/kibana/import.sh", &folder, &environment)
    };
    with(&objects).expect(1, "no answer from http://127.0.0.1:");
    with(&missing).expect(1, "is missing or empty");
}
