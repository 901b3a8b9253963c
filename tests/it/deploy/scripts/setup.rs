//! `setup.sh`: all is there afterwards or it says what is not; and a second run changes nothing.

use super::super::http::{Answer, Recorder, Request};
use super::{PASSWORD, Run};
use base64::Engine;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use tempfile::TempDir;

const KIBANAS_PASSWORD: &str = "0a1b2c3d4e5f60718293";
const NEW_KEY: &str = "bmV3OmtleQ==";

/// A folder with templates, and perhaps a key from before.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new(former_key: Option<&str>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, body) in [
            ("component/sniffit-common", "{\"c\":1}"),
            ("component/sniffit-settings", "{\"c\":2}"),
            ("index/sniffit-objects", "{\"i\":1}"),
        ] {
            let path = folder.path().join("templates").join(path).with_extension("json");
            fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder");
            fs::write(path, body).expect("a template");
        }
        let place = Self { folder };
        if let Some(key) = former_key {
            fs::write(place.key_file(), key).expect("a key");
        }
        place
    }

    fn key_file(&self) -> PathBuf {
        self.folder.path().join("api-key")
    }

    fn key(&self) -> String {
        fs::read_to_string(self.key_file()).unwrap_or_default()
    }

    fn run(&self, url: &str, changes: &[(&str, &str)]) -> Run {
        let (templates, key) = (self.folder.path().join("templates"), self.key_file());
        let (templates, key) = (templates.to_string_lossy(), key.to_string_lossy());
        let mut environment = vec![
            ("ELASTICSEARCH_URL", url),
            ("KIBANA_SYSTEM_PASSWORD", KIBANAS_PASSWORD),
            ("TEMPLATES", &*templates),
            ("KEY_FILE", &*key),
            ("PATIENCE", "10"),
        ];
        environment.extend(changes);
        let run = Run::of("deploy/elasticsearch/setup.sh", &self.folder, &environment);
        for secret in [PASSWORD, KIBANAS_PASSWORD, NEW_KEY] {
            assert!(
                !run.printed.contains(secret) && !run.command_lines.contains(secret),
                "{secret} is shown: {}",
                run.printed
            );
        }
        run
    }
}

/// Elasticsearch as far as the script knows it; the one key that works is `working`.
fn elasticsearch(working: &'static str) -> Recorder {
    Recorder::start(move |_, request| answer(working, request))
}

fn answer(working: &str, request: &Request) -> Answer {
    match (&*request.method, &*request.target) {
        ("GET", "/_security/_authenticate")
            if request.header("authorization") == Some(&*format!("ApiKey {working}")) =>
        {
            Answer::new(200, "{\"username\":\"elastic\",\"api_key\":{\"id\":\"1\",\"name\":\"sniffit-writer\"}}")
        }
        ("GET", "/_security/_authenticate") => Answer::new(401, "{}"),
        ("POST", "/_security/api_key") => Answer::new(
            200,
            &format!("{{\"id\":\"1\",\"name\":\"sniffit-writer\",\"api_key\":\"key\",\"encoded\":\"{NEW_KEY}\"}}"),
        ),
        _ => Answer::new(200, "{\"acknowledged\":true}"),
    }
}

fn calls(requests: &[Request]) -> Vec<String> {
    requests.iter().map(|request| format!("{} {}", request.method, request.target)).collect()
}

const ALWAYS: [&str; 6] = [
    "GET /_cluster/health?wait_for_status=yellow&timeout=30s",
    "POST /_security/user/kibana_system/_password",
    "PUT /_component_template/sniffit-common",
    "PUT /_component_template/sniffit-settings",
    "PUT /_index_template/sniffit-objects",
    "PUT /_security/role/sniffit_writer",
];

#[test]
fn the_first_run_prepares_everything() {
    let (server, place) = (elasticsearch("none"), Place::new(None));
    place.run(&server.url(), &[]).expect(0, "setup: API key: a new one is in ");
    let requests = server.take();
    assert_eq!(calls(&requests), [&ALWAYS[..], &["DELETE /_security/api_key", "POST /_security/api_key"]].concat());
    let credentials = base64::engine::general_purpose::STANDARD.encode(format!("elastic:{PASSWORD}"));
    for request in &requests {
        assert_eq!(request.header("authorization"), Some(&*format!("Basic {credentials}")), "{}", request.target);
    }
    let body = |at: usize| serde_json::from_slice::<Value>(&requests[at].body).expect("JSON");
    assert_eq!(body(1), json!({ "password": KIBANAS_PASSWORD }));
    assert_eq!((body(2), body(4)), (json!({ "c": 1 }), json!({ "i": 1 })));
    let writer = json!({ "cluster": ["monitor"], "indices": [{ "names": ["sniffit-*"], "privileges": ["create_doc", "auto_configure"] }] });
    assert_eq!(body(5), writer);
    assert_eq!(body(6), json!({ "name": "sniffit-writer", "owner": true }));
    assert_eq!(body(7), json!({ "name": "sniffit-writer", "role_descriptors": { "sniffit_writer": writer } }));
    assert_eq!(place.key(), format!("{NEW_KEY}\n"));
    let mode = fs::metadata(place.key_file()).expect("the key").permissions().mode() & 0o777;
    assert_eq!(mode, 0o640, "the owner writes it, the group of the page's server reads it");
}

#[test]
fn a_key_that_works_stays_and_one_that_does_not_is_replaced() {
    let (server, place) = (elasticsearch("b2xkOmtleQ=="), Place::new(Some("b2xkOmtleQ==\n")));
    place.run(&server.url(), &[]).expect(0, "works and stays");
    assert_eq!(calls(&server.take()), [&ALWAYS[..], &["GET /_security/_authenticate"]].concat());
    assert_eq!(place.key(), "b2xkOmtleQ==\n");
    let (server, place) = (elasticsearch("other"), Place::new(Some("b2xkOmtleQ==\n")));
    place.run(&server.url(), &[]).expect(0, "a new one is in");
    let added = ["GET /_security/_authenticate", "DELETE /_security/api_key", "POST /_security/api_key"];
    assert_eq!(calls(&server.take()), [&ALWAYS[..], &added].concat());
    assert_eq!(place.key(), format!("{NEW_KEY}\n"));
}

#[test]
fn a_file_that_holds_no_key_is_replaced_unsent() {
    let (server, place) = (elasticsearch("x"), Place::new(Some("\"\nurl = http://evil.example\n")));
    place.run(&server.url(), &[]).expect(0, "a new one is in");
    assert!(!calls(&server.take()).iter().any(|call| call.contains("_authenticate")));
}

#[test]
fn what_passes_is_waited_for() {
    let server = Recorder::start(|at, request| match at {
        0 | 3 => Answer::new(503, "{}"),
        1 => Answer::new(429, "{}"),
        _ => answer("none", request),
    });
    Place::new(None).run(&server.url(), &[]).expect(0, "a new one is in");
    assert_eq!(server.take().len(), ALWAYS.len() + 2 + 3);
}

/// What stands in the way, where, and what is told.
type Case = (&'static str, &'static str, u16, &'static str, &'static str);

const FAULTS: &[Case] = &[
    (
        "the password was changed",
        "/_cluster/health",
        401,
        "{}",
        "Elasticsearch: the password of elastic is not ELASTIC_PASSWORD",
    ),
    (
        "a template is wrong",
        "/_index_template/",
        400,
        "{\"error\":\"bad type\"}",
        "index template sniffit-objects: status 400: {\"error\":\"bad type\"}",
    ),
    (
        "the password is refused",
        "/_security/user/",
        400,
        "{\"error\":\"short\"}",
        "password of kibana_system: status 400",
    ),
    ("there is no right to make keys", "/_security/api_key", 403, "{}", "former API keys: status 403"),
    (
        "it can't be told whether the key works",
        "/_security/_authenticate",
        500,
        "{\"error\":\"x\"}",
        "it can't be told whether",
    ),
];

#[test]
fn what_does_not_pass_ends_it_and_is_told() {
    for &(what, path, status, body, told) in FAULTS {
        let server = Recorder::start(move |_, request| {
            if request.target.starts_with(path) { Answer::new(status, body) } else { answer("none", request) }
        });
        let place = Place::new(path.ends_with("authenticate").then_some("b2xkOmtleQ=="));
        let run = place.run(&server.url(), &[]);
        assert_eq!(run.code, Some(1), "{what}: {}", run.printed);
        assert!(run.printed.contains(told), "{what}: {told:?} should be told: {}", run.printed);
        assert_ne!(place.key(), format!("{NEW_KEY}\n"), "{what}");
    }
    let server = Recorder::start(|_, _| Answer::new(200, "{\"acknowledged\":true}"));
    Place::new(None).run(&server.url(), &[]).expect(1, "Elasticsearch's answer has no key in the field encoded");
}

#[test]
fn wrong_settings_are_told_before_anything_is_sent() {
    let server = elasticsearch("none");
    for (name, value, told) in [
        ("ELASTIC_PASSWORD", "a\"b-0123456789", "may hold letters, digits, dots, dashes and underscores only"),
        ("KIBANA_SYSTEM_PASSWORD", "a\\nb-0123456789", "KIBANA_SYSTEM_PASSWORD may hold"),
        ("KIBANA_SYSTEM_PASSWORD", "short", "is shorter than 12 characters"),
        ("KIBANA_SYSTEM_PASSWORD", "", "the password that kibana_system is to have"),
    ] {
        let run = Place::new(None).run(&server.url(), &[(name, value)]);
        assert_ne!(run.code, Some(0), "{name}={value}");
        assert!(run.printed.contains(told), "{name}={value}: {}", run.printed);
    }
    assert_eq!(server.take().len(), 0);
    Place::new(None)
        .run(&server.url(), &[("TEMPLATES", "/nowhere")])
        .expect(1, "there are no templates in /nowhere/component");
    let gone = elasticsearch("none").url();
    Place::new(None).run(&gone, &[("PATIENCE", "0")]).expect(1, "Elasticsearch: no answer from http://127.0.0.1:");
}
