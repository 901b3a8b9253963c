//! `cargo xtask bench speed`: what the analyzer costs, beside a bare walk over the records and beside its peers.
//!
//! In: small captures, ours or other people's. Out: a Markdown table. The work is cut by job: [`source`] and [`pcap`] read captures,
//! [`rewrite`] gives their copies addresses of their own, [`data`] mixes them into big ones, [`walk`] is the floor, [`rows`]
//! says what is run, [`programs`] finds or builds it, [`measure`] runs it, [`machine`] and [`report`] write down what came out.
//! [`mod@elastic`], [`mod@model`], [`mod@page`], [`mod@recorder`] and [`mod@scale`] measure other things with the same means.
//!
//! Mixing and walking run in children of a release build: the floor must not depend on how this program was built, and the
//! harness must stay small (see [`measure::own_peak_rss_bytes`]).

// The ban on files, clocks and processes protects the core; this tool lives on them.
#![allow(clippy::disallowed_methods)]

mod data;
mod elastic;
mod machine;
mod measure;
mod model;
mod page;
mod pcap;
mod programs;
mod recorder;
mod report;
mod rewrite;
mod rows;
mod scale;
mod source;
mod walk;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, ensure};

pub(crate) use data::Recipe;
pub(crate) use elastic::{ElasticArgs, run as elastic};
pub(crate) use model::{ModelArgs, run as model};
pub(crate) use page::{PageArgs, run as page};
pub(crate) use recorder::{RecorderArgs, run as recorder};
pub(crate) use scale::{ScaleArgs, run as scale};

use data::Facts;
use machine::Machine;
use measure::{Job, Outcome};
use rows::{Row, Setting, Tool};

/// Where captures of ours lie, below the workspace root.
const OWN_SOURCES: [&str; 2] = ["tests/captures/truth", "tests/captures/conventions"];
const MEMORY_SMALL_MB: u64 = 300;
const MEMORY_BIG_MB: u64 = 3000;

#[derive(clap::Args, Clone, Debug)]
pub(crate) struct SpeedArgs {
    /// Captures, or folders of captures, to mix [default: the repository's own].
    #[arg(long = "source", value_name = "DIR")]
    sources: Vec<PathBuf>,
    /// Size of the mix, in megabytes; 0 leaves it out.
    #[arg(long, value_name = "MB", default_value_t = 1000)]
    mix_mb: u64,
    /// Size of the mix of small packets only, in megabytes; 0 leaves it out.
    #[arg(long, value_name = "MB", default_value_t = 300)]
    small_mb: u64,
    /// How often each tool runs.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Write the table to this file too.
    #[arg(long, value_name = "FILE.md")]
    out: Option<PathBuf>,
    /// Run these rows only (and the raw walk): summary, objects, objects-ndjson, tcpdump, …
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Let tshark read the whole capture, not just a head of it.
    #[arg(long)]
    tshark_full: bool,
    /// Also compare peak memory on a 300 MB and a 3000 MB mix.
    #[arg(long)]
    memory: bool,
    /// Measure this binary instead of a fresh release build.
    #[arg(long, value_name = "PATH")]
    sniffit: Option<PathBuf>,
}

/// Builds what is missing, measures, prints the report and writes it to `--out`.
pub(crate) fn run(args: &SpeedArgs) -> Result<()> {
    let names = rows::names();
    for name in &args.only {
        let is_known = names.iter().any(|known| known == name || known.starts_with(&format!("{name}-")));
        ensure!(is_known, "no row is called {name}; there are {}", names.join(", "));
    }
    let root = programs::workspace_root()?;
    let bench_dir = root.join("target/bench");
    let sources = sources_or_own(&args.sources, &root)?;
    let programs = programs::build(args.sniffit.as_deref(), &root)?;
    let work_dir = bench_dir.join("work");
    let setting = Setting {
        walker: &programs.walker,
        sniffit: &programs.sniffit,
        work_dir: &work_dir,
        tshark_full: args.tshark_full,
    };

    let machine = Machine::read();
    let mut text = report::machine(&machine, usize::from(args.runs));
    for (size_mb, small_packets) in [(args.mix_mb, false), (args.small_mb, true)] {
        if size_mb > 0 {
            let recipe = Recipe { sources: sources.clone(), size_mb, small_packets, dir: bench_dir.clone() };
            text += &speed_section(args, &setting, &recipe)?;
        }
    }
    if args.memory {
        text += &memory_section(args, &setting, &sources, &bench_dir)?;
    }
    // What the tools wrote has served its purpose, and may be large.
    if work_dir.exists() {
        std::fs::remove_dir_all(&work_dir)?;
    }

    print!("{text}");
    if let Some(out) = &args.out {
        std::fs::write(out, &text).with_context(|| format!("cannot write {}", out.display()))?;
    }
    Ok(())
}

/// The child that is the floor: walks over `path` and prints what it holds.
pub(crate) fn raw_walk(path: &Path) -> Result<()> {
    let walked = walk::walk(path)?;
    println!("packets {}, captured bytes {}, wire bytes {}", walked.packets, walked.captured_bytes, walked.wire_bytes);
    Ok(())
}

/// The child that mixes a capture, unless it is there, and prints its path.
pub(crate) fn mix(recipe: &Recipe) -> Result<()> {
    data::make(recipe)
}

fn speed_section(args: &SpeedArgs, setting: &Setting<'_>, recipe: &Recipe) -> Result<String> {
    let capture = mixed(setting.walker, recipe)?;
    let facts = Facts::of(&capture)?;
    if Machine::read().available_bytes < 2 * facts.file_bytes {
        eprintln!("warning: {} may not stay in the page cache", capture.display());
    }
    let rows = setting.rows(&capture, &args.only);
    let jobs: Vec<&Job> = rows.iter().filter_map(ready).collect();
    warm_page_cache(&jobs)?;
    let mut outcomes = measure::run_rounds(&jobs, usize::from(args.runs))?.into_iter();
    let results: Vec<_> =
        rows.iter().map(|row| report::Result { row, outcome: ready(row).and_then(|_| outcomes.next()) }).collect();
    Ok(report::speed(&capture, &facts, &results, measure::own_peak_rss_bytes()))
}

fn memory_section(args: &SpeedArgs, setting: &Setting<'_>, sources: &[PathBuf], bench_dir: &Path) -> Result<String> {
    let mut measured = Vec::new();
    for size_mb in [MEMORY_SMALL_MB, MEMORY_BIG_MB] {
        let recipe = Recipe { sources: sources.to_vec(), size_mb, small_packets: false, dir: bench_dir.to_owned() };
        let capture = mixed(setting.walker, &recipe)?;
        let rows = setting.rows(&capture, &[rows::SUMMARY, rows::OBJECTS_NDJSON].map(str::to_owned));
        let jobs: Vec<&Job> = rows.iter().filter_map(ready).collect();
        let outcomes = measure::run_rounds(&jobs, usize::from(args.runs))?;
        measured.push((Facts::of(&capture)?, rows, outcomes));
    }
    let [(small_facts, rows, small), (big_facts, _, big)] = &measured[..] else {
        unreachable!("two sizes were measured")
    };
    let mut text = report::MEMORY_HEADING.to_owned();
    for (row, (small, big)) in rows.iter().zip(small.iter().zip::<&Vec<Outcome>>(big)) {
        text += &report::memory(&row.shown, (small_facts, small), (big_facts, big), measure::own_peak_rss_bytes());
    }
    Ok(text)
}

fn ready(row: &Row) -> Option<&Job> {
    match &row.tool {
        Tool::Ready(job) => Some(job),
        Tool::NotInstalled { .. } => None,
    }
}

/// One uncounted run of the raw walk, which is the first job.
fn warm_page_cache(jobs: &[&Job]) -> Result<()> {
    measure::run_once(jobs[0])?.map(|_| ()).map_err(|failure| anyhow!("the raw walk: {failure}"))
}

/// Has a release child mix the capture of `recipe`.
fn mixed(walker: &Path, recipe: &Recipe) -> Result<PathBuf> {
    let path = recipe.path()?;
    eprintln!("capture {}", path.display());
    let mut child = Command::new(walker);
    child.args(["bench", "mix", "--size-mb", &recipe.size_mb.to_string()]).arg("--dir").arg(&recipe.dir);
    for source in &recipe.sources {
        child.arg("--source").arg(source);
    }
    if recipe.small_packets {
        child.arg("--small-packets");
    }
    let status = child.stdout(Stdio::null()).status().context("cannot start the mixer")?;
    ensure!(status.success() && path.exists(), "mixing {} failed", path.display());
    Ok(path)
}

/// The captures that were named, or the repository's own.
fn sources_or_own(named: &[PathBuf], root: &Path) -> Result<Vec<PathBuf>> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let own: Vec<PathBuf> =
        OWN_SOURCES.iter().map(|folder| root.join(folder)).filter(|folder| folder.exists()).collect();
    ensure!(!own.is_empty(), "none of {} exists; name captures by --source", OWN_SOURCES.join(", "));
    Ok(own)
}
