//! `cargo xtask bench page`: speed and memory of the page in Chromium, beside what bounds it and beside its peers.
//!
//! In: captures to mix, and the built page. Out: Markdown: a table for each size, one of memory, the timeline's frames, and what
//! was aimed at beside what was reached. Guaranteed: rounds are interleaved, so that ratios of one round were taken in the same
//! minutes; reading to nothing, the page and its peers get the same file from the page cache and a new browser each.

mod crowd;
mod driver;
mod memory;
mod report;
mod rows;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::data::Facts;
use super::machine::Machine;
use super::rows::Setting;
use super::{Recipe, measure, mixed, programs, ready, sources_or_own, warm_page_cache};
use crate::serve::Server;
use crate::{npm, setup, wasm, web};
use driver::{Driver, Measured, Visit};
use rows::{How, Row};

/// What is fetched for the bench alone: Wireshark in WebAssembly, under the GPL.
const PEERS: &str = "tests/bench-page";
const DRIVER: &str = "tests/bench-page/run.mjs";
/// Wireshark takes a minute a gigabyte on a quiet machine, and some sizes never end.
const TIMEOUT_S: u64 = 300;

#[derive(clap::Args, Clone, Debug)]
pub(crate) struct PageArgs {
    /// Captures, or folders of captures, to mix [default: the repository's own]
    #[arg(long = "source", value_name = "DIR")]
    sources: Vec<PathBuf>,
    /// Sizes of the mixes, in megabytes
    #[arg(long, value_name = "MB,…", value_delimiter = ',', default_value = "100,1000")]
    mix_mb: Vec<u64>,
    /// Also read a mix of this size once, for its memory, in megabytes; 0 leaves it out
    #[arg(long, value_name = "MB", default_value_t = 0)]
    big_mb: u64,
    /// How many objects the timeline is moved over; 0 leaves it out
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    timeline_objects: u64,
    /// How often each row runs
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Run these rows only (and reading to nothing): page, module, native, native-all, wiregasm
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', value_parser = clap::builder::PossibleValuesParser::new(rows::NAMES))]
    only: Vec<String>,
    /// Write the tables to this file too
    #[arg(long, value_name = "FILE.md")]
    out: Option<PathBuf>,
    /// Neither fetch nor run wiregasm
    #[arg(long)]
    no_wiregasm: bool,
    /// The largest mix that wiregasm gets, in megabytes: it holds the whole file and all packets
    #[arg(long, value_name = "MB", default_value_t = 100)]
    wiregasm_mb: u64,
    /// Measure the page that was built before
    #[arg(long)]
    no_build: bool,
    /// Measure this binary instead of a fresh release build
    #[arg(long, value_name = "PATH")]
    sniffit: Option<PathBuf>,
}

/// A row and the visits of its rounds, or why there are none.
struct Taken {
    row: Row,
    visits: std::result::Result<Vec<Visit>, String>,
}

/// All rows on one capture.
struct Section {
    capture: PathBuf,
    facts: Facts,
    taken: Vec<Taken>,
}

/// Builds what is missing, measures, prints the report and writes it to `--out`.
pub(crate) fn run(args: &PageArgs) -> Result<()> {
    let root = programs::workspace_root()?;
    let bench_dir = root.join("target/bench");
    let bench = Bench::prepare(args, &root, &bench_dir)?;

    let mut text = report::heading(&Machine::read(), usize::from(args.runs));
    let mut sections = Vec::new();
    for size_mb in &args.mix_mb {
        let section = bench.section(*size_mb)?;
        text += &report::speed(&section);
        sections.push(section);
    }
    let mut alone = Vec::new();
    if args.only.is_empty() || args.only.iter().any(|name| name == rows::PAGE) {
        if args.big_mb > 0 {
            let capture = mixed(&bench.programs.walker, &bench.recipe(args.big_mb))?;
            alone.push(bench.alone(rows::PAGE, Facts::of(&capture)?, capture)?);
        }
        if args.timeline_objects > 0 {
            let capture = bench_dir.join(format!("crowd-{}.pcap", args.timeline_objects));
            alone.push(bench.alone(report::TIMELINE, crowd::write(&capture, args.timeline_objects)?, capture)?);
        }
    }
    text += &memory::table(&sections, &alone);
    text += &report::timeline(&alone);
    text += &report::aims(&sections, &alone);
    if bench.work_dir.exists() {
        fs::remove_dir_all(&bench.work_dir)?;
    }

    print!("{text}");
    if let Some(out) = &args.out {
        fs::write(out, &text).with_context(|| format!("cannot write {}", out.display()))?;
    }
    Ok(())
}

struct Bench<'a> {
    args: &'a PageArgs,
    sources: Vec<PathBuf>,
    bench_dir: PathBuf,
    work_dir: PathBuf,
    programs: programs::Programs,
    driver: Driver,
    /// Why wiregasm can't be run, if it can't.
    no_wiregasm: Option<String>,
}

impl<'a> Bench<'a> {
    fn prepare(args: &'a PageArgs, root: &Path, bench_dir: &Path) -> Result<Self> {
        setup::ensure_chromium()?;
        let chromium = programs::find("chromium").context("chromium is not on the search path")?;
        let packages = web::packages::install()?;
        let dist = web::dist()?;
        if !args.no_build {
            web::run(&[])?;
        }
        ensure!(dist.join("index.html").is_file(), "there is no page in {}: leave out --no-build", dist.display());
        let programs = programs::build(args.sniffit.as_deref(), root)?;
        let wiregasm = wiregasm(args, bench_dir);
        let server = Server::bind(&dist, 0)?;
        let page_url = format!("http://127.0.0.1:{}/", server.port()?);
        std::thread::spawn(move || server.run());
        let driver = Driver {
            program: root.join(DRIVER),
            chromium,
            packages,
            page_url,
            wasm: wasm::folder()?,
            wiregasm: wiregasm.as_ref().ok().cloned(),
        };
        Ok(Self {
            args,
            sources: sources_or_own(&args.sources, root)?,
            bench_dir: bench_dir.to_owned(),
            work_dir: bench_dir.join("work"),
            programs,
            driver,
            no_wiregasm: wiregasm.err(),
        })
    }

    fn recipe(&self, size_mb: u64) -> Recipe {
        Recipe { sources: self.sources.clone(), size_mb, small_packets: false, dir: self.bench_dir.clone() }
    }

    /// Every row on a mix, round by round.
    fn section(&self, size_mb: u64) -> Result<Section> {
        let capture = mixed(&self.programs.walker, &self.recipe(size_mb))?;
        let setting = self.setting();
        let walk: Vec<_> = setting.rows(&capture, &["raw-walk".to_owned()]);
        warm_page_cache(&walk.iter().filter_map(ready).collect::<Vec<_>>())?;
        let too_large = (size_mb > self.args.wiregasm_mb)
            .then(|| format!("not run above {} MB: it holds the whole file", self.args.wiregasm_mb));
        let no_wiregasm = self.no_wiregasm.as_ref().or(too_large.as_ref());
        let rows = rows::rows(&setting, &capture, &self.args.only, no_wiregasm.map(String::as_str));
        let mut taken: Vec<Taken> = rows
            .into_iter()
            .map(|row| {
                let visits = match &row.how {
                    How::NotRun(reason) => Err(reason.clone()),
                    How::Browser | How::Native(_) => Ok(Vec::new()),
                };
                Taken { row, visits }
            })
            .collect();
        for round in 1..=self.args.runs {
            eprintln!("round {round} of {}", self.args.runs);
            for Taken { row, visits } in &mut taken {
                if let Ok(done) = visits {
                    match self.visit(row, &capture)? {
                        Ok(visit) => done.push(visit),
                        // The others go on.
                        Err(failure) => *visits = Err(failure),
                    }
                }
            }
        }
        Ok(Section { facts: Facts::of(&capture)?, capture, taken })
    }

    /// The page alone, once.
    fn alone(&self, name: &'static str, facts: Facts, capture: PathBuf) -> Result<Section> {
        eprintln!("{} once, in the page", capture.display());
        let row = Row { name, shown: "the page".to_owned(), how: How::Browser };
        let visits = self.visit(&row, &capture)?.map(|visit| vec![visit]);
        Ok(Section { capture, facts, taken: vec![Taken { row, visits }] })
    }

    fn visit(&self, row: &Row, capture: &Path) -> Result<Measured> {
        match &row.how {
            How::Browser => self.driver.measure(row.name, capture, TIMEOUT_S),
            How::Native(job) => Ok(measure::run_once(job)?.map(Visit::from)),
            How::NotRun(reason) => Ok(Err(reason.clone())),
        }
    }

    fn setting(&self) -> Setting<'_> {
        Setting {
            walker: &self.programs.walker,
            sniffit: &self.programs.sniffit,
            work_dir: &self.work_dir,
            tshark_full: false,
        }
    }
}

/// Where wiregasm's files are, or why they are not there.
fn wiregasm(args: &PageArgs, bench_dir: &Path) -> std::result::Result<PathBuf, String> {
    if args.no_wiregasm || !(args.only.is_empty() || args.only.iter().any(|name| name == rows::WIREGASM)) {
        return Err("left out".to_owned());
    }
    let folder = bench_dir.join("wiregasm");
    npm::install(PEERS, &folder).map_err(|error| format!("not there: {error:#}"))?;
    Ok(folder.join("node_modules/@goodtools/wiregasm/dist"))
}
