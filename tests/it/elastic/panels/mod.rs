//! Every panel of the committed dashboards shows what is in the documents.
//!
//! In: `deploy/kibana/sniffit.ndjson`, a few documents, and what a person works out from them. Out: tests. Guaranteed: a
//! panel that no case speaks of fails; so does one that can't show nothing.

mod context;
mod expected;
mod fixture;
mod lens;
mod saved_objects;
mod vega;

use super::store::shared_and_set_up;
use context::Context;
use expected::{Kept, LENS, VEGA, VegaCase};
use saved_objects::{Panel, panels};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The begin and end of the fixture: four intervals of 5 s.
const WINDOW: (i64, i64) = (0, 19_999);

/// Where the packages are that draw Vega; `None`, with a line that says so, when they are not there.
fn renderer() -> Option<PathBuf> {
    let folder = std::env::var_os("SNIFFIT_TEST_VEGA").filter(|folder| !folder.is_empty());
    if folder.is_none() {
        eprintln!("skipped: SNIFFIT_TEST_VEGA names no folder with Vega; `cargo xtask test` makes one");
    }
    folder.map(PathBuf::from)
}

#[test]
fn every_panel_has_a_case() {
    let there: BTreeSet<String> = panels().into_iter().map(|(id, _)| id).collect();
    let cases: BTreeSet<String> =
        LENS.iter().map(|case| case.id).chain(VEGA.iter().map(|case| case.id)).map(str::to_owned).collect();
    assert_eq!(there, cases);
}

#[test]
fn lens_panels_show_what_the_documents_say() {
    let Some(server) = shared_and_set_up() else { return };
    fixture::put(&server);
    let panels = panels();
    for case in &LENS {
        let Some((_, Panel::Lens { pattern, state })) = panels.iter().find(|(id, _)| id == case.id) else {
            panic!("{} is no Lens panel", case.id);
        };
        let found = lens::lines(&server, pattern, state, &Context::new(WINDOW, case.analyses));
        assert_lines(&found, case.lines, case.id);
        // Two hours later there is nothing, and nothing fails.
        let later = Context::new((7_200_000, 7_219_999), case.analyses);
        for line in lens::lines(&server, pattern, state, &later) {
            let values = line.rsplit([':', '|']).next().unwrap_or_default();
            assert!(values.split_whitespace().all(|value| ["0", "–"].contains(&value)), "{}: {line}", case.id);
        }
    }
}

#[test]
fn vega_panels_draw_what_the_documents_say() {
    let (Some(server), Some(renderer)) = (shared_and_set_up(), renderer()) else { return };
    fixture::put(&server);
    let panels = panels();
    let specification = |id: &str| match panels.iter().find(|(found, _)| found == id) {
        Some((_, Panel::Vega { specification })) => specification.clone(),
        _ => panic!("{id} is no Vega panel"),
    };
    let mut jobs = Vec::new();
    for theme in ["light", "dark"] {
        jobs.extend(VEGA.iter().map(|case| {
            let specification = specification(case.id);
            let replies = vega::ask(&server, &specification, &Context::new(case.window, case.analyses));
            let show = json!({ "data": case.data, "fields": case.fields });
            vega::Job { id: case.id.to_owned(), specification, replies, theme, show, click: None }
        }));
    }
    let drawn = vega::draw(&renderer, &jobs);
    for (case, drawn) in VEGA.iter().cycle().zip(&drawn) {
        check_drawing(case, drawn);
    }
}

fn check_drawing(case: &VegaCase, drawn: &Value) {
    let rows: Vec<Vec<String>> = drawn["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            row.as_array().expect("cells").iter().zip(case.fields).map(|(value, field)| cell(field, value)).collect()
        })
        .collect();
    let is_kept = |at: usize| match case.kept {
        Kept::All => true,
        Kept::With(place, text) => rows[at][place] == text,
        Kept::Without(place, text) => rows[at][place] != text,
        Kept::Changed(fields) => at == 0 || rows[at][..fields] != rows[at - 1][..fields],
    };
    let found: Vec<String> = (0..rows.len()).filter(|at| is_kept(*at)).map(|at| rows[at].join(" ")).collect();
    assert_lines(&found, case.rows, case.id);
    for (mark, items) in case.marks {
        assert_eq!(drawn["marks"][mark], json!(items), "{}: {mark}", case.id);
    }
    if !case.status.is_empty() {
        assert_eq!(drawn["texts"]["status"], json!([case.status]), "{}", case.id);
    }
    assert_eq!(drawn["texts"]["nothing"], json!([""]), "{}", case.id);
    // Labels leave most of the panel to the plot; a mark far outside would take all.
    let plot = [0, 1].map(|side| drawn["plot"][side].as_f64().expect("pixels"));
    let panel = [vega::WIDTH, vega::HEIGHT].map(f64::from);
    assert!(plot[0] > 0.7 * panel[0] && plot[1] > 0.7 * panel[1], "{}: {plot:?} of {panel:?}", case.id);
}

/// A value as the cases have it: instants from the begin of the fixture, numbers to four digits after the point.
fn cell(field: &str, value: &Value) -> String {
    match (field, value) {
        (_, Value::Null) => "–".to_owned(),
        ("begin" | "end" | "at", Value::Number(ms)) => {
            format!("+{}", ms.as_f64().expect("milliseconds") - fixture::BEGIN_MS as f64)
        }
        (_, Value::Number(number)) => {
            let number = number.as_f64().expect("a number");
            ((number * 1e4).round() / 1e4).to_string()
        }
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

#[test]
fn a_click_on_an_analysis_shows_it() {
    let (Some(server), Some(renderer)) = (shared_and_set_up(), renderer()) else { return };
    fixture::put(&server);
    let id = "sniffit-vega-analyses";
    let Some((_, Panel::Vega { specification })) = panels().into_iter().find(|(found, _)| found == id) else {
        panic!("{id} is no Vega panel");
    };
    // Whatever the dashboard shows now.
    let replies = vega::ask(&server, &specification, &Context::new((0, 1), &[]));
    let click = Some("choices");
    let job =
        vega::Job { id: format!("{id}-clicked"), specification, replies, theme: "light", show: Value::Null, click };
    let called = vega::draw(&renderer, &[job])[0]["called"].clone();
    // The latest is the fixture's first. A second before its begin, to a second after its end.
    let (begin, end) = (fixture::BEGIN_MS + 1_000 - 1_000, fixture::BEGIN_MS + 19_900 + 1_000);
    let filter = json!({ "match_phrase": { "sniffit.analysis.id": fixture::A } });
    let expected = json!([
        ["kibanaRemoveAllFilters"],
        ["kibanaAddFilter", filter, "sniffit-*", "Analysis panels"],
        ["kibanaSetTimeFilter", begin, end],
    ]);
    assert_eq!(called, expected);
}

/// No index at all, an index without documents, and more objects than can be drawn.
#[test]
fn vega_panels_say_when_there_is_nothing_and_when_there_is_too_much() {
    let Some(renderer) = renderer() else { return };
    let of = |total: u64| json!({ "hits": { "hits": [], "total": { "relation": "eq", "value": total } } });
    let panels = panels().into_iter().filter_map(|(id, panel)| match panel {
        Panel::Vega { specification } => Some((id, specification)),
        Panel::Lens { .. } => None,
    });
    let mut jobs = Vec::new();
    for (id, specification) in panels {
        let parsed: Value = serde_json::from_str(&specification).expect("JSON");
        let names = parsed["data"].as_array().expect("data").iter().filter(|data| data.get("url").is_some());
        let names: Vec<String> = names.map(|data| data["name"].as_str().expect("a name").to_owned()).collect();
        let job = |suffix: &str, reply: Value| vega::Job {
            id: format!("{id}-{suffix}"),
            specification: specification.clone(),
            replies: names.iter().map(|name| (name.clone(), reply.clone())).collect(),
            theme: "light",
            show: Value::Null,
            click: None,
        };
        let mut without_documents = of(0);
        without_documents["aggregations"] = json!({
            "directions": { "buckets": [] },
            "series": { "buckets": [] },
            "servers": { "buckets": [] },
            "window": { "buckets": [{ "from": 1e12, "to": 2e12 }] },
        });
        jobs.push(job("no-index", of(0)));
        jobs.push(job("no-documents", without_documents));
        jobs.push(job("too-many", of(23_456)));
    }
    let drawn = vega::draw(&renderer, &jobs);
    for (job, drawn) in jobs.iter().zip(&drawn) {
        let nothing = drawn["texts"]["nothing"][0].as_str().unwrap_or_default();
        assert!(nothing.starts_with("No "), "{}: {nothing:?}", job.id);
    }
    let status = |id: &str| {
        let drawn = drawn.iter().find(|drawn| drawn["id"] == id).expect("a drawing");
        [&drawn["texts"]["status"], &drawn["texts"]["annotation_status"]]
            .map(|texts| texts[0].as_str().unwrap_or_default())
    };
    let objects = "⚠ only the first 10,000 of 23,456 objects: narrow the time range or filter";
    let annotations = "⚠ only the first 200 of 23,456 annotations";
    assert_eq!(status("sniffit-vega-spans-too-many"), [objects, annotations]);
    assert_eq!(status("sniffit-vega-in-flight-too-many"), ["", annotations]);
    assert_eq!(status("sniffit-vega-analyses-too-many"), ["The latest 12 of 23,456 analyses", ""]);
}

/// Compares line by line and word by word; an expected word `a..b` holds for every number from a to b.
#[track_caller]
fn assert_lines(found: &[String], expected: &[&str], panel: &str) {
    let is_same = |found: &str, expected: &str| match expected.split_once("..") {
        Some((low, high)) => {
            let number = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
            (number(low)..=number(high)).contains(&number(found))
        }
        None => found == expected,
    };
    let is_same_line = |(found, expected): (&String, &&str)| {
        let (found, expected): (Vec<&str>, Vec<&str>) = (found.split(' ').collect(), expected.split(' ').collect());
        found.len() == expected.len() && found.iter().zip(expected).all(|(found, expected)| is_same(found, expected))
    };
    let is_all = found.len() == expected.len() && found.iter().zip(expected).all(is_same_line);
    assert!(is_all, "{panel} shows\n  {}\nbut the documents say\n  {}", found.join("\n  "), expected.join("\n  "));
}
