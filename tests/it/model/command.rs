//! The same objects make the same model.

use super::{CAPTURES, analyze, arguments, folder, model, results};
use crate::support::{assert_snapshot, sniffit};
use analyzer_core::model::{GroupBy, Model};
use std::fs;
use std::path::{Path, PathBuf};

/// Answers for names; it has none itself.
const RESOLVER: &str = "203.0.113.53";

fn parsed(json: &[u8]) -> Model {
    serde_json::from_slice(json).expect("a model is JSON")
}

#[track_caller]
fn check_same(found: &[u8], expected: &[u8], what: &str) {
    assert!(found == expected, "{what}: the model differs");
}

#[test]
fn every_format_makes_the_same_model() {
    let parent = folder();
    let mut models = Vec::new();
    for format in ["ndjson", "json", "parquet"] {
        let out = parent.path().join(format);
        for capture in CAPTURES {
            analyze(capture, &["--format", format], &out.join(capture));
        }
        models.push((format, model(&["--by", "server"], &[&out])));
        // The file alone is as good as its folder.
        let file = out.join("chat").join(format!("objects.{format}"));
        check_same(&model(&[], &[&file]), &model(&[], &[&out.join("chat")]), format);
    }
    let (_, expected) = &models[0];
    let parsed = parsed(expected);
    assert_eq!(parsed.captures, ["chat", "dash-near", "web-h1"]);
    assert_eq!(parsed.method, ["exchange"]);
    for (format, found) in &models {
        check_same(found, expected, format);
    }
}

#[test]
fn objects_that_are_there_in_two_formats_count_once() {
    let out = folder();
    analyze("chat", &[], out.path());
    let once = model(&[], &[out.path()]);
    let other = folder();
    analyze("chat", &["--format", "parquet"], other.path());
    fs::copy(other.path().join("objects.parquet"), out.path().join("objects.parquet")).expect("a copy");
    check_same(&model(&[], &[out.path()]), &once, "both formats");
}

#[test]
fn models_of_many_captures_are_one_in_any_order() {
    let parent = folder();
    for by in GroupBy::EVERY.map(GroupBy::as_str) {
        let all: Vec<PathBuf> = CAPTURES.iter().map(|capture| parent.path().join("results").join(capture)).collect();
        for (capture, out) in CAPTURES.iter().zip(&all).filter(|(_, out)| !out.exists()) {
            assert_eq!(results(capture, &parent.path().join("results")), *out);
        }
        let whole = model(&["--by", by], &[&parent.path().join("results")]);
        let models: Vec<PathBuf> = all.iter().map(|out| part(out, by)).collect();
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let paths = |of: &[PathBuf]| order.map(|at| of[at].clone());
            check_paths(&paths(&all), by, &whole);
            check_paths(&paths(&models), by, &whole);
            // A model and objects together.
            check_paths(&[all[order[0]].clone(), models[order[1]].clone(), all[order[2]].clone()], by, &whole);
        }
        // What models are by need not be told again.
        let found = model(&[], &models.iter().map(PathBuf::as_path).collect::<Vec<&Path>>());
        check_same(&found, &whole, by);
    }
}

/// The model of a folder, beside it.
fn part(out: &Path, by: &str) -> PathBuf {
    let file = out.with_extension(format!("{by}.json"));
    fs::write(&file, model(&["--by", by], &[out])).expect("a file");
    file
}

#[track_caller]
fn check_paths(paths: &[PathBuf], by: &str, expected: &[u8]) {
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    check_same(&model(&["--by", by], &paths), expected, &format!("{by}, {paths:?}"));
}

#[test]
fn groups_are_what_was_asked_for() {
    let out = folder();
    for capture in CAPTURES {
        results(capture, out.path());
    }
    let rules = out.path().join("applications.csv");
    fs::write(&rules, "video.example,player\nchat.example,messages\n").expect("a file");
    let named = folder();
    for capture in CAPTURES {
        analyze(capture, &["--applications", rules.to_str().expect("UTF-8")], &named.path().join(capture));
    }
    let cases: [(&Path, &str, &[&str]); 5] = [
        (out.path(), "all", &["all"]),
        (out.path(), "server", &["video.example", "www.example", "chat.example", RESOLVER]),
        (out.path(), "domain", &["video.example", "www.example", "chat.example", RESOLVER]),
        (out.path(), "application", &["unknown"]),
        (named.path(), "application", &["player", "unknown", "messages"]),
    ];
    let objects: Vec<u64> = cases.iter().map(|(path, by, expected)| check_keys(path, by, expected)).collect();
    assert!(objects.iter().all(|count| *count == objects[0]), "no object is in two groups or none: {objects:?}");
}

/// The keys of the groups, those with most payload first. How many objects they have.
#[track_caller]
fn check_keys(path: &Path, by: &str, expected: &[&str]) -> u64 {
    let model = parsed(&model(&["--by", by], &[path]));
    let keys: Vec<&str> = model.groups.iter().map(|group| group.key.as_str()).collect();
    assert_eq!((model.by.as_str(), &keys[..]), (by, expected));
    model.groups.iter().map(|group| group.up.objects + group.down.objects).sum()
}

#[test]
fn the_table() {
    let out = folder();
    for capture in CAPTURES {
        results(capture, out.path());
    }
    let table = |options: &[&str]| sniffit(arguments(options, &[out.path()])).expect(0).text().to_owned();
    assert_snapshot("model-table", &table(&["--by", "server"]));
    assert_snapshot("model-table-top", &table(&["--by", "server", "--top", "1"]));
}
