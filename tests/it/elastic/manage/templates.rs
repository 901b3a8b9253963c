//! `sniffit es setup`.

use super::super::server;
use super::super::store::shared_and_set_up;
use super::es;
use super::template_store::TemplateStore;
use crate::support::sniffit;
use analyzer_core::record::SCHEMA_VERSION;
use analyzer_core::sink::template::{IndexSettings, templates};
use serde_json::{Value, json};

const NAMES: [&str; 8] = [
    "sniffit-settings",
    "sniffit-common",
    "sniffit-objects",
    "sniffit-streams",
    "sniffit-bins",
    "sniffit-packets",
    "sniffit-analyses",
    "sniffit-annotations",
];

/// What was done to each template.
fn deeds(text: &str) -> Vec<(&str, &str)> {
    let rows = text.lines().filter_map(|line| line.trim().split_once("  "));
    rows.filter(|(name, _)| name.starts_with("sniffit-")).map(|(name, deed)| (name, deed.trim())).collect()
}

#[test]
fn a_real_server_that_was_set_up_stays_as_it_is() {
    let Some(server) = shared_and_set_up() else { return };
    for _ in 0..3 {
        let run = es(&server, &["setup"]).expect(0);
        assert_eq!(deeds(run.text()), NAMES.map(|name| (name, "unchanged")), "{}", run.text());
        assert!(run.text().contains(&format!("sniffit analyze CAPTURE --elasticsearch {server}")), "{}", run.text());
    }
    // Composed of their parts, they are accepted for each kind of index.
    for name in ["objects-0-0", "streams-0-0", "bins-0-0", "packets-0-0", "analyses-0-0", "annotations"] {
        let path = format!("/_index_template/_simulate_index/sniffit-{name}");
        let (status, answer) = server::post(&server, &path, &Value::Null);
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["template"]["mappings"]["dynamic"], "strict", "{name}");
        assert_eq!(answer["template"]["settings"]["index"]["number_of_replicas"], "0", "{name}");
    }
}

#[test]
fn what_is_missing_is_made_and_what_differs_is_changed_and_told() {
    let store = TemplateStore::start();
    let run = es(&store.url(), &["setup"]).expect(0);
    assert_eq!(deeds(run.text()), NAMES.map(|name| (name, "created")));
    let expected = templates(IndexSettings::default()).into_iter().map(|template| (template.path(), template.body));
    assert_eq!(store.state().templates, expected.collect());
    assert_eq!(store.state().puts, 8);
    es(&store.url(), &["setup"]).expect(0);
    assert_eq!(store.state().puts, 8, "nothing is put that is there");

    for (replicas, deed) in [("1", "updated: replicas 0 → 1"), ("0", "updated: replicas 1 → 0")] {
        let run = es(&store.url(), &["setup", "--replicas", replicas]).expect(0);
        assert_eq!(deeds(run.text())[0], ("sniffit-settings", deed));
        assert!(deeds(run.text())[1..].iter().all(|(_, deed)| *deed == "unchanged"), "{}", run.text());
        assert!(run.text().contains("Indices that are there already keep what they were made with."), "{}", run.text());
    }

    let before = store.state().templates.clone();
    let bins = "/_index_template/sniffit-bins";
    store.state().templates.get_mut(bins).expect("a template")["priority"] = json!(1);
    store.state().templates.remove("/_component_template/sniffit-common");
    let run = es(&store.url(), &["setup"]).expect(0);
    let changed: Vec<(&str, &str)> = deeds(run.text()).into_iter().filter(|(_, deed)| *deed != "unchanged").collect();
    assert_eq!(changed, [("sniffit-common", "created"), ("sniffit-bins", "updated")]);
    assert_eq!(store.state().templates, before);
}

#[test]
fn templates_of_a_newer_program_are_left_alone() {
    let store = TemplateStore::start();
    let newer = json!({ "_meta": { "schema": SCHEMA_VERSION + 1 } });
    // It is the last that is looked at.
    store.state().templates.insert("/_index_template/sniffit-annotations".to_owned(), newer);
    let run = es(&store.url(), &["setup"]).expect(1);
    let expected = format!("was set up by a newer sniffit, for version {} of the output schema", SCHEMA_VERSION + 1);
    assert!(run.stderr.contains(&expected) && run.stderr.contains("Nothing was changed"), "{}", run.stderr);
    assert!(run.stdout.is_empty());
    let state = store.state();
    assert_eq!((state.puts, state.templates.len()), (0, 1));
}

#[test]
fn refusals_say_what_to_do() {
    let store = TemplateStore::start();
    let denied = json!({ "error": { "type": "security_exception", "reason": "no" } });
    for (status, answer, expected) in [
        (401, json!(null), "does not let us in (HTTP 401): give a valid --api-key-file"),
        (403, denied.clone(), "the API key or user needs the cluster privilege manage_index_templates"),
        (400, denied, "refuses PUT /_component_template/sniffit-settings (HTTP 400): security_exception: no"),
        (503, json!(null), "try again later"),
        (404, json!(null), "as no Elasticsearch does: is it its address?"),
        (200, json!({}), "did not acknowledge"),
    ] {
        store.state().refusal = Some((status, answer));
        let run = es(&store.url(), &["setup"]).expect(1);
        assert!(run.stderr.contains(expected), "{status}: {}", run.stderr);
        assert!(run.stdout.is_empty());
    }
    let run = sniffit(["es", "setup", "--elasticsearch", "http://127.0.0.1:1"]).expect(1);
    assert!(run.stderr.contains("http://127.0.0.1:1 can't be reached"), "{}", run.stderr);
}
