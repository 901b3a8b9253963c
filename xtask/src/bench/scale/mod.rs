//! `cargo xtask bench scale`: what Spark costs beside `xargs`, whether cost grows with the captures alone, and what a task takes of memory.
//!
//! In: a mix, cut into rotated files. Out: a Markdown table. Guaranteed: every process that a job starts is counted; jobs of one size run in
//! the same round.

mod fleet;
mod whole;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::data::Facts;
use super::machine::Machine;
use super::measure::{self, Job, Outcome, Sample};
use super::{Recipe, mixed, programs, report, sources_or_own};
use crate::scale::{Spark, install};

pub(crate) use whole::run as whole;

#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ScaleArgs {
    /// Captures, or folders of captures, to mix [default: the repository's own]
    #[arg(long = "source", value_name = "DIR")]
    sources: Vec<PathBuf>,
    /// Size of the mix that is cut, in megabytes
    #[arg(long, value_name = "MB", default_value_t = 1000)]
    mix_mb: u64,
    /// How many times the mix is there, beside once
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(2..))]
    copies: u16,
    /// How often each job runs
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Measure this binary instead of a fresh release build
    #[arg(long, value_name = "PATH")]
    sniffit: Option<PathBuf>,
    /// Write the table to this file too
    #[arg(long, value_name = "FILE.md")]
    out: Option<PathBuf>,
}

/// Two at once: what two executors of one core each do.
const JOBS: u16 = 2;
const CLUSTER: &str = "local-cluster[2,1,1024]";

struct Bench {
    walker: PathBuf,
    sniffit: PathBuf,
    spark: Spark,
    /// Where the package of the job is.
    package: PathBuf,
    work_dir: PathBuf,
}

/// One size of a fleet.
struct Fleet {
    plan: PathBuf,
    entries: Vec<Value>,
    bytes: u64,
    /// Where everything is done already.
    done: PathBuf,
}

/// Builds what is missing, measures, prints the report and writes it to `--out`.
pub(crate) fn run(args: &ScaleArgs) -> Result<()> {
    let root = programs::workspace_root()?;
    let dir = root.join("target/bench");
    let spark = install()?;
    let programs = programs::build(args.sniffit.as_deref(), &root)?;
    let (package, work_dir) = (root.join("spark"), dir.join("scale-work"));
    let bench = Bench { walker: programs.walker, sniffit: programs.sniffit, spark, package, work_dir };
    let recipe = Recipe {
        sources: sources_or_own(&args.sources, &root)?,
        size_mb: args.mix_mb,
        small_packets: false,
        dir: dir.clone(),
    };
    let mix = mixed(&bench.walker, &recipe)?;
    let facts = Facts::of(&mix)?;
    let captures = dir.join(format!("scale-{}", mix.file_stem().unwrap_or_default().to_string_lossy()));
    let names = fleet::cut(&mix, facts.packets, &captures.join("copy1"))?;
    for copy in 2..=args.copies {
        fleet::copy(&names, &captures.join("copy1"), &captures.join(format!("copy{copy}")))?;
    }
    let sizes = [bench.plan(&captures.join("copy1"), "one")?, bench.plan(&captures, "all")?];

    let machine = Machine::read();
    let mut text = heading(&machine, args, &sizes);
    let jobs: Vec<Job> = sizes.iter().flat_map(|fleet| bench.jobs(fleet)).collect();
    let outcomes = measure::run_rounds(&jobs.iter().collect::<Vec<_>>(), usize::from(args.runs))?;
    text += &table(&sizes, &outcomes);
    text += &bench.memory(&sizes[0])?;
    std::fs::remove_dir_all(&bench.work_dir)?;
    print!("{text}");
    if let Some(out) = &args.out {
        std::fs::write(out, &text).with_context(|| format!("cannot write {}", out.display()))?;
    }
    Ok(())
}

impl Bench {
    fn plan(&self, folder: &Path, name: &str) -> Result<Fleet> {
        let output = Command::new(&self.sniffit).args(["plan", "-q"]).arg(folder).output()?;
        ensure!(output.status.success(), "no plan: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout)?;
        let lines = text.lines().map(serde_json::from_str::<Value>);
        let entries = lines.collect::<std::result::Result<Vec<_>, _>>()?;
        let plan = folder.parent().context("a folder of captures")?.join(format!("{name}.jsonl"));
        std::fs::write(&plan, text)?;
        let bytes = entries.iter().filter_map(|entry| entry["bytes"].as_u64()).sum();
        let fleet = Fleet { plan, entries, bytes, done: self.work_dir.join(name) };
        let script = self.xargs(&fleet, &fleet.done);
        let status = Command::new("sh").args(["-c", &script]).stdout(Stdio::null()).status()?;
        ensure!(status.success(), "the tasks of {} failed", fleet.plan.display());
        Ok(fleet)
    }

    fn xargs(&self, fleet: &Fleet, out: &Path) -> String {
        let (sniffit, plan, out) = (self.sniffit.display(), fleet.plan.display(), out.display());
        let last = fleet.entries.len() - 1;
        format!("seq 0 {last} | xargs -P{JOBS} -I{{}} '{sniffit}' task -q --plan '{plan}' --index {{}} --out '{out}'")
    }

    fn spark(&self, fleet: &Fleet, out: &Path) -> String {
        let (sniffit, plan, out) = (self.sniffit.display(), fleet.plan.display(), out.display());
        let (python, package) = (self.spark.python.display(), self.package.display());
        format!(
            "export JAVA_HOME='{}' PYTHONPATH='{package}' SPARK_LOCAL_IP=127.0.0.1; \
             export SPARK_HOME=$('{python}' -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))'); \
             '{python}' -m sniffit_spark --master '{CLUSTER}' --sniffit '{sniffit}' --plan '{plan}' --out '{out}'",
            self.spark.java_home.display()
        )
    }

    /// By `xargs`, by Spark, and by Spark when everything is done: what starting and ending a session costs.
    fn jobs(&self, fleet: &Fleet) -> [Job; 3] {
        let work = self.work_dir.join("job");
        let out = work.join("out");
        [self.xargs(fleet, &out), self.spark(fleet, &out), self.spark(fleet, &fleet.done)]
            .map(|script| self.job(&script, &work))
    }

    fn job(&self, script: &str, work: &Path) -> Job {
        let args = ["bench", "whole", "--", "sh", "-c", script].map(OsString::from).to_vec();
        Job { program: self.walker.clone(), args, work_dir: work.to_owned() }
    }

    /// What one task takes of memory, by the size of its recording: the smallest, the largest, and all of them as one.
    fn memory(&self, fleet: &Fleet) -> Result<String> {
        let mut files: Vec<Value> =
            fleet.entries.iter().filter_map(|entry| entry["files"].as_array()).flatten().cloned().collect();
        files.sort_by(|one, other| one["start"].as_str().cmp(&other["start"].as_str()));
        let whole = json!({"recording": "whole", "day": null, "bytes": fleet.bytes, "start": null, "files": files});
        let plan = self.work_dir.join("whole.jsonl");
        std::fs::write(&plan, format!("{whole}\n"))?;
        let mut text =
            "\n| recording | MB/s | peak RSS MB | objects per GB |\n| --- | ---: | ---: | ---: |\n".to_owned();
        for (plan, index) in [(&fleet.plan, fleet.entries.len() - 1), (&fleet.plan, 0), (&plan, 0)] {
            let output = Command::new(&self.sniffit)
                .args(["task", "-q", "--force", "--index", &index.to_string(), "--plan"])
                .arg(plan)
                .arg("--out")
                .arg(self.work_dir.join("memory"))
                .output()?;
            let row: Value = serde_json::from_slice(&output.stdout).context("a task that tells nothing")?;
            let figure = |name: &str| row[name].as_f64().unwrap_or(0.0);
            let _ = writeln!(
                text,
                "| {:.0} MB, {} files | {:.0} | {:.0} | {:.0} |",
                figure("bytes") / 1e6,
                figure("files"),
                figure("bytes") / 1e6 / figure("seconds"),
                figure("peak_rss_bytes") / 1e6,
                figure("objects") / (figure("bytes") / 1e9),
            );
        }
        Ok(text)
    }
}

fn heading(machine: &Machine, args: &ScaleArgs, sizes: &[Fleet; 2]) -> String {
    let gb = sizes.each_ref().map(|fleet| fleet.bytes as f64 / 1e9);
    format!(
        "# Scale\n\n{}\n\n{} and {} recordings of {:.1} and {:.1} GB. Medians of {} rounds; CPU is user + system time of all processes of \
         a job. `session` is the job when every recording is done already.\n\n| job | GB | CPU s | CPU s per GB | × xargs | less the session | wall s \
         |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
        report::machine_line(machine),
        sizes[0].entries.len(),
        sizes[1].entries.len(),
        gb[0],
        gb[1],
        args.runs,
    )
}

fn table(sizes: &[Fleet; 2], outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for (fleet, jobs) in sizes.iter().zip(outcomes.chunks(3)) {
        let gb = fleet.bytes as f64 / 1e9;
        let cpu = |at: usize| median(&jobs[at], |sample| sample.cpu.as_secs_f64());
        let session = cpu(2);
        for (at, name) in ["xargs -P2", "Spark", "Spark, session"].into_iter().enumerate() {
            let Some(seconds) = cpu(at) else {
                let failure = jobs[at].as_ref().err().map_or("", String::as_str);
                let _ = writeln!(text, "| {name} | {gb:.1} | {} |", failure.replace('|', "/"));
                continue;
            };
            let ratio = |seconds: f64| cpu(0).map_or_else(String::new, |xargs| format!("{:.2}", seconds / xargs));
            let less = session.filter(|_| at == 1).map_or_else(String::new, |session| ratio(seconds - session));
            let wall = median(&jobs[at], |sample| sample.wall.as_secs_f64()).unwrap_or_default();
            let _ = writeln!(
                text,
                "| {name} | {gb:.1} | {seconds:.1} | {:.2} | {} | {less} | {wall:.1} |",
                seconds / gb,
                ratio(seconds)
            );
        }
    }
    text
}

fn median(outcome: &Outcome, of: impl Fn(&Sample) -> f64) -> Option<f64> {
    let mut values: Vec<f64> = outcome.as_ref().ok()?.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
