//! Jobs that were done before, in part or wholly, and those of which a part fails.

use super::spark::{Spark, run};
use super::world::{RECORDINGS, Tree, World, times, tree};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::time::SystemTime;

/// State and status of each recording in the file of rows.
fn states(world: &World) -> BTreeMap<String, (Value, Value)> {
    let rows = fs::read_to_string(world.path("rows.jsonl")).expect("rows");
    let row = |line: &str| {
        let row: Value = serde_json::from_str(line).expect("a line of JSON");
        (row["recording"].as_str().expect("a name").to_owned(), (row["state"].clone(), row["status"].clone()))
    };
    rows.lines().map(row).collect()
}

/// Cuts a capture within its last packet; its length after that.
fn truncate(world: &World, name: &str, file: u32) -> u64 {
    let path = world.capture(name, file);
    let mut bytes = fs::read(&path).expect("a capture");
    bytes.truncate(bytes.len() - 5);
    fs::write(path, &bytes).expect("a capture");
    bytes.len() as u64
}

/// What is expected of all recordings that are not named.
fn all_but(named: &[(&str, &str, &str)]) -> BTreeMap<String, (Value, Value)> {
    let state = |name: &str| {
        let named = named.iter().find(|(it, ..)| *it == name);
        named.map_or(("present".into(), "complete".into()), |(_, state, status)| ((*state).into(), (*status).into()))
    };
    RECORDINGS.map(|(name, ..)| (name.to_owned(), state(name))).into()
}

#[test]
fn only_what_changed_is_done_again() {
    let Some(spark) = Spark::find() else { return };
    let world = World::new();
    world.run_all("out");
    let program = world.wrapper("");
    let (plan, out, rows) = (world.text("plan.jsonl"), world.text("out"), world.text("rows.jsonl"));
    let job = ["--master", "local[2]", "--plan", &plan, "--out", &out, "--json", &rows, "--sniffit", &program];

    let before = times(&world.path("out"));
    let again = run(spark.module(&job)).expect(0);
    assert!(again.text().starts_with("6 recordings: 6 there before; "), "{}", again.text());
    assert_eq!(states(&world), all_but(&[]));
    assert_eq!(times(&world.path("out")), before, "nothing is written");

    // A file more, and a damaged one.
    world.write("a", 6, 1, 18);
    let length = truncate(&world, "b", 2);
    world.plan();
    let changed = run(spark.module(&job)).expect(3);
    let text = changed.text();
    assert!(text.starts_with("6 recordings: 2 done, 4 there before; "), "{text}");
    assert_eq!(states(&world), all_but(&[("a", "done", "complete"), ("b", "done", "partial")]));
    let (_, fault) = text.split_once("\npartial: b: b_00002.pcap at byte ").unwrap_or_else(|| panic!("{text}"));
    let (byte, reason) = fault.split_once(": ").expect("a reason");
    let byte: u64 = byte.parse().expect("a number");
    assert!(byte < length && byte + 500 > length && !reason.trim().is_empty(), "{text}");
    let kept = |times: BTreeMap<String, SystemTime>| -> BTreeMap<_, _> {
        times.into_iter().filter(|(name, _)| !name.contains("=a/") && !name.contains("=b/")).collect()
    };
    assert_eq!(kept(times(&world.path("out"))), kept(before), "the others are not written");
}

/// Each task fails once; one that can't be done fails for ever; each recording but that one is done.
#[test]
fn what_fails_is_tried_again_and_then_told() {
    let Some(spark) = Spark::find() else { return };
    let world = World::new();
    let expected = world.expected();
    fs::remove_file(world.capture("c", 3)).expect("a file");
    let flaky = r#"if mkdir "$marks/.$name" 2>/dev/null; then echo "error: the disk blinked" >&2; exit 1; fi"#;
    let program = world.wrapper(flaky);
    let (plan, out) = (world.text("plan.jsonl"), world.text("spark"));
    let job = ["--master", "local[2,2]", "--plan", &plan, "--out", &out, "--sniffit", &program];
    let done = run(spark.module(&job)).expect(1);
    let text = done.text();
    assert!(text.starts_with("6 recordings: 5 done, 1 failed; "), "{text}");
    let missing = world.capture("c", 3);
    let told = text.lines().find(|line| line.starts_with("failed: c: ")).unwrap_or_else(|| panic!("{text}"));
    assert!(told.contains(missing.to_str().expect("text")), "{told}");
    assert!(done.stderr.contains("the disk blinked"), "Spark tells why it tried again: {}", done.stderr);
    assert_eq!(world.begun().len(), 2 * RECORDINGS.len());
    let expected: Tree = expected.into_iter().filter(|(name, _)| !name.contains("recording=c/")).collect();
    assert_eq!(tree(&world.path("spark")), expected);
}
