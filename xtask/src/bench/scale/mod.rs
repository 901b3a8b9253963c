//! `cargo xtask bench scale`: what Spark costs beside `xargs`, whether cost grows with the captures alone, and what a task takes of memory.
//!
//! In: a mix, cut into rotated files. Out: a Markdown table. Guaranteed: jobs of both kinds alternate, with Spark's session warm; of Spark
//! every process counts.

mod fleet;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::data::Facts;
use super::machine::Machine;
use super::{Recipe, mixed, programs, report, sources_or_own};
use crate::scale::{Spark, install};

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

/// Two executors of one core each, beside two tasks at a time.
const CLUSTER: &str = "local-cluster[2,1,1024]";
const ROUNDS: &str = include_str!("rounds.py");

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
}

/// What a job took in each round, in seconds.
#[derive(Default)]
struct Taken {
    cpu: Vec<f64>,
    wall: Vec<f64>,
}

/// Builds what is missing, measures, prints the report and writes it to `--out`.
pub(crate) fn run(args: &ScaleArgs) -> Result<()> {
    let root = programs::workspace_root()?;
    let dir = root.join("target/bench");
    let spark = install()?;
    let programs = programs::build(args.sniffit.as_deref(), &root)?;
    let (package, work_dir) = (root.join("spark"), dir.join("scale-work"));
    std::fs::create_dir_all(&work_dir)?;
    // Executors work in folders of their own.
    let sniffit = std::path::absolute(programs.sniffit)?;
    let bench = Bench { walker: programs.walker, sniffit, spark, package, work_dir };
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
    for fleet in &sizes {
        text += &bench.rows(fleet, args.runs)?;
    }
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
        Ok(Fleet { plan, entries, bytes })
    }

    /// The rows of a fleet.
    fn rows(&self, fleet: &Fleet, rounds: u16) -> Result<String> {
        eprintln!("{} rounds of {}", rounds, fleet.plan.display());
        let ask = ["-c", "import os, pyspark; print(os.path.dirname(pyspark.__file__))"];
        let home = String::from_utf8(Command::new(&self.spark.python).args(ask).output()?.stdout)?;
        let output = Command::new(&self.spark.python)
            .args(["-c", ROUNDS, CLUSTER])
            .args([&self.sniffit, &fleet.plan, &self.work_dir.join("out")])
            .arg(rounds.to_string())
            .env("PYTHONPATH", &self.package)
            .env("JAVA_HOME", &self.spark.java_home)
            .env("SPARK_HOME", home.trim())
            .env("SPARK_LOCAL_IP", "127.0.0.1")
            .stderr(Stdio::inherit())
            .output()?;
        ensure!(output.status.success(), "the rounds failed");
        let text = String::from_utf8(output.stdout)?;
        let of = |name: &str| -> Result<Taken> {
            let mut taken = Taken::default();
            for line in text.lines() {
                let line: Value = serde_json::from_str(line)?;
                if line["job"] == name {
                    taken.cpu.extend(line["cpu"].as_f64());
                    taken.wall.extend(line["wall"].as_f64());
                }
            }
            Ok(taken)
        };
        let gb = fleet.bytes as f64 / 1e9;
        let xargs = of("xargs -P2")?;
        // The first round of both warms caches and the session.
        let warm = Taken { cpu: xargs.cpu[1..].to_vec(), wall: xargs.wall[1..].to_vec() };
        let mut rows = String::new();
        for (name, taken) in [("xargs -P2", &warm), ("Spark", &of("Spark")?)] {
            let ratios: Vec<f64> = taken.cpu.iter().zip(&warm.cpu).map(|(mine, xargs)| mine / xargs).collect();
            let (cpu, wall, ratio) = (median(&taken.cpu)?, median(&taken.wall)?, median(&ratios)?);
            let _ = writeln!(rows, "| {name} | {gb:.1} | {cpu:.1} | {:.2} | {ratio:.2} | {wall:.1} |", cpu / gb);
        }
        for (name, shown) in [("session", "start of the session"), ("first", "Spark, first job of the session")] {
            let taken = of(name)?;
            let (cpu, wall) = (median(&taken.cpu)?, median(&taken.wall)?);
            let _ = writeln!(rows, "| {shown} | {gb:.1} | {cpu:.1} | | | {wall:.1} |");
        }
        Ok(rows)
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
                figure("objects") / (figure("capture_bytes") / 1e9),
            );
        }
        Ok(text)
    }
}

fn heading(machine: &Machine, args: &ScaleArgs, sizes: &[Fleet; 2]) -> String {
    let gb = sizes.each_ref().map(|fleet| fleet.bytes as f64 / 1e9);
    format!(
        "# Scale\n\n{}\n\n{} and {} recordings of {:.1} and {:.1} GB, two at a time. Medians of {} rounds in which both took turns; CPU is user + \
         system time of all processes; ratios are within a round.\n\n| job | GB | CPU s | CPU s per GB | × xargs | wall s |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |\n",
        report::machine_line(machine),
        sizes[0].entries.len(),
        sizes[1].entries.len(),
        gb[0],
        gb[1],
        args.runs,
    )
}

fn median(values: &[f64]) -> Result<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().context("no round was measured")
}
