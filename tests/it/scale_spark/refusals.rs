//! What stops a job before or beside Spark: one sentence each.

use super::spark::{Spark, run, sources};
use super::world::{World, tree};
use crate::support::command;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Arguments and environment, and what the one line on standard error must hold.
#[test]
fn each_refusal_is_one_sentence() {
    let Some(spark) = Spark::find() else { return };
    let world = World::new();
    fs::write(world.path("empty.jsonl"), "\n").expect("a file");
    fs::write(world.path("other.jsonl"), "{\"a\": 1}\n").expect("a file");
    let java = world.path("java-11/bin/java");
    fs::create_dir_all(java.parent().expect("a folder")).expect("a folder");
    fs::write(&java, "#!/bin/sh\necho 'openjdk version \"11.0.22\" 2024-01-16' >&2\n").expect("a script");
    fs::set_permissions(&java, fs::Permissions::from_mode(0o755)).expect("it can be run");
    let (plan, nowhere, old) = (world.text("plan.jsonl"), world.text("nowhere"), world.text("java-11"));
    let (empty, other) = (world.text("empty.jsonl"), world.text("other.jsonl"));
    let program = command([""; 0]).get_program().to_str().expect("text").to_owned();
    for (plan, sniffit, java, told) in [
        (&plan, &program, "", "Spark needs Java, and there is no Java on the PATH: install Java 17 or newer"),
        (&plan, &program, &*nowhere, "/nowhere has no bin/java: install Java 17 or newer"),
        (&plan, &program, &*old, "java-11/bin/java is 11: install Java 17 or newer"),
        (&nowhere, &program, "", "nowhere can't be read: No such file or directory; `sniffit plan FOLDER > "),
        (&empty, &program, "", "empty.jsonl is empty: did `sniffit plan` find captures?"),
        (&other, &program, "", "other.jsonl is not a plan: `sniffit plan FOLDER > "),
        (&plan, &nowhere, "", "nowhere: install sniffit, or say with --sniffit where it is"),
    ] {
        let out = world.text("out");
        let mut job = spark.module(&["--master", "local[1]", "--plan", plan, "--out", &out, "--sniffit", sniffit]);
        job.env("PATH", world.text("no-programs")).env_remove("JAVA_HOME").env_remove("SPARK_HOME");
        if !java.is_empty() {
            job.env("JAVA_HOME", java);
        }
        let run = run(job).expect(1);
        assert!(run.stderr.starts_with("error: ") && run.stderr.contains(told), "{told:?}: {}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
        assert!(!world.path("out").exists() && run.stdout.is_empty());
    }
}

/// A task whose captures come by URL, without Spark around it.
const TASK: &str = "
import sys
from sniffit_spark import source
line = open(sys.argv[1]).readline().strip()
try:
    source.run(line, [sys.argv[3], 'task', '-q', '--out', sys.argv[2]])
except RuntimeError as error:
    sys.exit(str(error))
";

/// What comes by URL and is not what the plan says is no recording, and not one that was cut either.
#[test]
fn a_source_that_changed_gives_nothing() {
    let Some(spark) = Spark::find() else { return };
    for (at, told) in [
        (0, "sniffit ended with exit code 1"),
        (1, "is 1 bytes shorter than the plan"),
        (2, "is longer than the plan"),
        (3, "No such file"),
    ] {
        let world = World::new();
        let by_path = fs::read_to_string(world.path("plan.jsonl")).expect("a plan");
        let url = format!("file://{}", world.text("captures"));
        fs::write(world.path("urls.jsonl"), by_path.replace(&world.text("captures"), &url)).expect("a plan");
        // The last file is the hardest: all that comes before it is right.
        let last = world.capture("large", 23);
        let mut bytes = fs::read(&last).expect("a capture");
        match at {
            1 => bytes.truncate(bytes.len() - 1),
            2 => bytes.push(0),
            _ => {}
        }
        fs::write(&last, bytes).expect("a capture");
        if at == 3 {
            fs::remove_file(&last).expect("a file");
        }
        let program = command([""; 0]).get_program().to_str().expect("text").to_owned();
        let program = if at == 0 { "/bin/false".to_owned() } else { program };
        let mut task = spark.command(Path::new(&spark.python));
        task.args(["-c", TASK, &world.text("urls.jsonl"), &world.text("out"), &program]);
        task.env("PYTHONPATH", sources());
        let run = run(task).expect(1);
        assert!(run.stderr.contains(told), "{told:?}: {}", run.stderr);
        let there = world.path("out");
        assert!(!there.exists() || tree(&there).is_empty(), "nothing is written");
    }
}
