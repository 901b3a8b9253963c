//! A standalone cluster of two machines, as far as Spark can tell: two addresses of this one. Captures come by URL, tasks are speculated, and an
//! executor is killed.

use super::processes::{executor_of, is_alive, signal, wait_for};
use super::spark::{Job, Spark, run};
use super::world::{World, assert_same, tree};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

/// Servers of Spark, which end with this.
struct Servers(Vec<Child>);

impl Servers {
    /// A master and two workers; the master's address.
    fn start(spark: &Spark, world: &World) -> (Self, String) {
        let mut servers = Self(Vec::new());
        let mut master = spark.program("spark-class");
        master.args([
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--webui-port",
            "0",
        ]);
        let address = servers.add(master, "Starting Spark master at ");
        for host in ["127.0.0.1", "127.0.0.2"] {
            let mut worker = spark.program("spark-class");
            worker.args(["org.apache.spark.deploy.worker.Worker", "--host", host, "-c", "1", "-m", "1g"]);
            worker.args(["--webui-port", "0", "--work-dir", &world.text(host), &address]).env("SPARK_LOCAL_IP", host);
            servers.add(worker, "Successfully registered with master ");
        }
        (servers, address)
    }

    /// Starts one, waits for a line of its log, and gives the word behind the text.
    fn add(&mut self, mut command: std::process::Command, text: &str) -> String {
        command.env("SPARK_LOG_LEVEL", "INFO").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("Spark starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        self.0.push(child);
        let mut told = String::new();
        for line in lines.by_ref() {
            let line = line.expect("text");
            if let Some((_, rest)) = line.split_once(text) {
                // A full pipe would stop it.
                std::thread::spawn(move || lines.for_each(drop));
                return rest.split(' ').next().unwrap_or_default().trim_end_matches('.').to_owned();
            }
            told = told + &line + "\n";
        }
        panic!("{text:?} was not told:\n{told}");
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // Workers end their executors, if they are asked to end themselves.
        for child in self.0.iter().rev() {
            signal(child.id(), "TERM");
        }
        for child in &mut self.0 {
            let _ = child.wait();
        }
    }
}

/// Waits for ever where the recording is the largest and was never begun.
const STRAGGLER: &str = r#"if [ "$name" = large ] && mkdir "$marks/.first" 2>/dev/null; then while :; do sleep 0.1; done; fi
while [ ! -e "$marks/.go" ]; do sleep 0.1; done"#;

#[test]
fn speculation_urls_and_a_killed_executor_change_nothing() {
    let Some(spark) = Spark::find() else { return };
    let world = World::new();
    let expected = world.expected();

    // A plan by URL is the plan by path, but for the paths.
    let url = format!("file://{}", world.text("captures"));
    let wrapper = world.wrapper(STRAGGLER);
    let program = crate::support::command([""; 0]).get_program().to_str().expect("text").to_owned();
    let planned = run(spark.module(&["plan", &url, "--sniffit", &program])).expect(0);
    let by_path = fs::read_to_string(world.path("plan.jsonl")).expect("a plan");
    assert_eq!(planned.text(), by_path.replace(&world.text("captures"), &url));
    fs::write(world.path("urls.jsonl"), planned.text()).expect("a plan");

    let (servers, master) = Servers::start(&spark, &world);
    let ours: Vec<u32> = servers.0.iter().map(Child::id).collect();
    let (plan, out) = (world.text("urls.jsonl"), world.text("spark"));
    let settings = [
        "spark.speculation=true",
        "spark.speculation.interval=100ms",
        "spark.speculation.multiplier=1.1",
        "spark.speculation.quantile=0.1",
        "spark.executor.memory=512m",
    ];
    let job = Job::start(spark.submit(&master, &settings, &["--plan", &plan, "--out", &out, "--sniffit", &wrapper]));
    let begun = wait_for("two tasks run", || Some(world.begun()).filter(|begun| begun.len() >= 2));
    let pid = |wanted: bool| begun.iter().find(|(name, _)| (name == "large") == wanted).expect("one of each").1;
    let (straggler, other) = (pid(true), pid(false));
    signal(executor_of(other, &ours).expect("an executor runs the task"), "KILL");
    world.go();
    let run = job.end().expect(0);
    drop(servers);
    let large = world.begun().into_iter().filter(|(name, _)| name == "large").count();
    assert_eq!(large, 2, "the straggler was speculated: {}", run.stderr);
    wait_for("the straggler ends with its worker", || (!is_alive(straggler)).then_some(()));
    assert_same(&tree(&world.path("spark")), &expected, "Spark, by URL");
    assert!(run.text().starts_with("6 recordings: 6 done; "), "{}", run.text());
}
