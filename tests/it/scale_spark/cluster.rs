//! A cluster of two executors on this machine, one of which is killed.

use super::processes::{executor_of, is_alive, signal, wait_for};
use super::spark::{Job, Spark};
use super::world::{RECORDINGS, World, assert_same, tree};

#[test]
fn a_killed_executor_changes_nothing() {
    let Some(spark) = Spark::find() else { return };
    let world = World::new();
    let expected = world.expected();
    let wrapper = world.wrapper("while [ ! -e \"$marks/.go\" ]; do sleep 0.1; done");
    let (plan, out) = (world.text("plan.jsonl"), world.text("spark"));
    let arguments = ["--plan", &plan, "--out", &out, "--sniffit", &wrapper];
    let job = Job::start(spark.submit("local-cluster[2,1,1024]", &["spark.executor.memory=512m"], &arguments));
    let begun = wait_for("two tasks run", || Some(world.begun()).filter(|begun| begun.len() >= 2));
    let task = begun[0].1;
    let executor = executor_of(task, &[job.pid()]).expect("an executor runs the task");
    signal(executor, "KILL");
    wait_for("a task ends with its executor", || (!is_alive(task)).then_some(()));
    world.go();
    let run = job.end().expect(0);
    assert!(run.stderr.contains("Lost executor"), "{}", run.stderr);
    assert!(world.begun().len() > RECORDINGS.len(), "a task was done again: {:?}", world.begun());
    assert_same(&tree(&world.path("spark")), &expected, "Spark");
    let text = run.text();
    assert!(text.starts_with("6 recordings: 6 done; "), "{text}");
    for part in ["objects per GB of capture\n", " GB/s (medians)", "MB of memory ("] {
        assert!(text.contains(part), "{part:?}: {text}");
    }
}
