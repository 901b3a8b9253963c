//! The second stage: what is done is sent to a real Elasticsearch, by few tasks, and once.

use super::spark::{Spark, run};
use super::world::{RECORDINGS, World, times};
use crate::elastic::server::{Server, get, post};
use crate::support::sniffit;
use serde_json::Value;
use std::fs;

#[test]
fn documents_are_sent_once_by_few_tasks() {
    let Some(spark) = Spark::find() else { return };
    let Some(server) = Server::start(&["--heap", "256m"]) else { return };
    let (url, world) = (server.url(), World::new());
    sniffit(["es", "setup", "--elasticsearch", url]).expect(0);
    // Notes how many tasks send at once.
    let program = world.wrapper(
        r#"case "$*" in *--elasticsearch*) ls -d "$marks"/.sending.* 2>/dev/null | wc -l >>"$marks/.most"; mkdir "$marks/.sending.$$"; \
           "$SNIFFIT_PROGRAM" "$@"; code=$?; rmdir "$marks/.sending.$$"; exit $code;; esac"#,
    );
    let (plan, out, rows) = (world.text("plan.jsonl"), world.text("out"), world.text("rows.jsonl"));
    let job = |most: &str| {
        let mut job = spark.module(&[
            "--master",
            "local[4]",
            "--plan",
            &plan,
            "--out",
            &out,
            "--json",
            &rows,
            "--sniffit",
            &program,
            "--elasticsearch",
            url,
            "--index-by",
            "month",
            "--elasticsearch-tasks",
            most,
        ]);
        job.env("SNIFFIT_PROGRAM", crate::support::command([""; 0]).get_program());
        run(job).expect(0).text().to_owned()
    };
    let first = job("2");
    let lines = fs::read_to_string(world.path("rows.jsonl")).expect("rows");
    let objects: u64 = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["objects"].as_u64().expect("a count"))
        .sum();
    let count = |kind: &str| {
        assert_eq!(post(url, "/sniffit-*/_refresh", &Value::Null).0, 200);
        get(url, &format!("/sniffit-{kind}-*/_count")).1["count"].as_u64().expect("a count")
    };
    assert_eq!((count("objects"), count("analyses")), (objects, RECORDINGS.len() as u64));
    let most = fs::read_to_string(world.path("marks/.most")).expect("tasks sent");
    let others: Vec<u32> = most.lines().map(|line| line.trim().parse().expect("a number")).collect();
    assert_eq!(others.len(), RECORDINGS.len());
    assert!(others.iter().all(|others| *others < 2), "more than two at once: {others:?}");
    let told =
        |text: &str| text.lines().find(|line| line.starts_with("Elasticsearch: ")).expect("it is told").to_owned();
    assert!(told(&first).ends_with(" created, 0 there before, 0 refused"), "{first}");

    let before = times(&world.path("out"));
    let again = job("1");
    assert!(told(&again).starts_with("Elasticsearch: 0 documents created, "), "{again}");
    assert_eq!((count("objects"), count("analyses")), (objects, RECORDINGS.len() as u64));
    assert_eq!(times(&world.path("out")), before, "nothing is written");
}
