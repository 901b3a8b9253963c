//! `cargo xtask bench recorder`: what recording costs, beside tcpdump and dumpcap.
//!
//! In: captures of ours, mixed. Out: a Markdown table of CPU time a packet, lost packets, memory and bytes written, over a
//! virtual cable between two namespaces. Guaranteed: the recorders take turns in every round, another first each time; CPU time
//! is that of the one process, from `wait4`, its start and end included.

mod rig;
mod rows;

use super::data::Facts;
use super::machine::Machine;
use super::report::{heading, machine_line, significant, spread};
use super::{Recipe, mixed, programs};
use crate::setup;
use anyhow::{Context, Result, bail, ensure};
use rig::{Replay, Rig};
use rows::Row;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use wait4::Wait4;

/// Recorded traffic, below the workspace root.
const SOURCE: &str = "tests/captures/truth";
/// A recorder that says nothing for so long does not record.
const START_LIMIT: Duration = Duration::from_secs(20);
/// Longer than any recorder waits before it takes what lies in the kernel.
const SETTLE: Duration = Duration::from_millis(1500);

#[derive(clap::Args, Clone, Debug)]
pub(crate) struct RecorderArgs {
    /// Captures, or folders of captures, to mix [default: those of the repository whose objects are known]
    #[arg(long = "source", value_name = "DIR")]
    sources: Vec<PathBuf>,
    /// Size of the mix, in megabytes
    #[arg(long, value_name = "MB", default_value_t = 300)]
    mix_mb: u64,
    /// Send at this rate [default: as fast as it goes]
    #[arg(long, value_name = "MBIT/S")]
    mbit_s: Option<u32>,
    /// How often each recorder runs
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Run these rows only (and tcpdump): full, records, names, headers, full-pcapng, full-files, full-zstd, records-files,
    /// records-zstd, tcpdump-96, dumpcap
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Write the table to this file too
    #[arg(long, value_name = "FILE.md")]
    out: Option<PathBuf>,
    /// Measure this binary instead of a fresh release build
    #[arg(long, value_name = "PATH")]
    recorder: Option<PathBuf>,
}

struct Sample {
    replay: Replay,
    cpu: Duration,
    peak_rss_bytes: u64,
    dropped: u64,
    written_bytes: u64,
}

/// Measures, prints the table and writes it to `--out`.
pub(crate) fn run(args: &RecorderArgs) -> Result<()> {
    ensure!(setup::is_root(), "namespaces and raw sockets need root: run it as root");
    setup::ensure_recorder_bench()?;
    let root = programs::workspace_root()?;
    let dir = root.join("target/bench");
    let recorder = match &args.recorder {
        Some(path) => fs::canonicalize(path).with_context(|| format!("{} is not there", path.display()))?,
        None => programs::build_recorder(&root)?,
    };
    let walker = programs::build_walker(&root)?;
    // Small cases of other captures are no packets that can be sent.
    let sources = if args.sources.is_empty() { vec![root.join(SOURCE)] } else { args.sources.clone() };
    let capture = mixed(&walker, &Recipe { sources, size_mb: args.mix_mb, small_packets: false, dir: dir.clone() })?;
    let rows = rows::rows(&recorder);
    for name in &args.only {
        let names: Vec<_> = rows.iter().map(|row| row.name).collect();
        ensure!(names.contains(&name.as_str()), "no row is called {name}; there are {}", names.join(", "));
    }
    let is_wanted =
        |row: &Row| args.only.is_empty() || row.name == rows::TCPDUMP || args.only.iter().any(|n| n == row.name);
    let rows: Vec<Row> = rows.into_iter().filter(is_wanted).collect();

    let machine = Machine::read();
    let rig = Rig::new()?;
    let work = dir.join("recorder");
    let mut samples: Vec<Vec<Sample>> = rows.iter().map(|_| Vec::new()).collect();
    for round in 0..usize::from(args.runs) {
        for turn in 0..rows.len() {
            let at = (turn + round) % rows.len();
            eprintln!("round {} of {}: {}", round + 1, args.runs, rows[at].shown);
            let sample = measure(&rig, &rows[at], &capture, args.mbit_s, &work);
            samples[at].push(sample.with_context(|| rows[at].shown.clone())?);
        }
    }
    fs::remove_dir_all(&work)?;

    let text = report(&machine, &capture, &rows, &samples, args)?;
    print!("{text}");
    if let Some(out) = &args.out {
        fs::write(out, &text).with_context(|| format!("cannot write {}", out.display()))?;
    }
    Ok(())
}

/// One recording of one replay.
fn measure(rig: &Rig, row: &Row, capture: &Path, mbit_s: Option<u32>, work: &Path) -> Result<Sample> {
    if work.exists() {
        fs::remove_dir_all(work)?;
    }
    fs::create_dir_all(work)?;
    let log = work.join("stderr.txt");
    let mut command = rig.recording(&row.program);
    command.args(row.words(work)).stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log)?);
    let mut child = command.spawn().context("can't be started")?;
    let measured = record(rig, row, capture, mbit_s, &log, &mut child);
    if measured.is_err() {
        // Whether it still runs or not, it must not outlive this.
        let _ = child.kill();
    }
    let used = child.wait4()?;
    let (replay, peak_rss_bytes) = measured?;
    let said = fs::read_to_string(&log)?;
    let dropped = row.dropped(&said).with_context(|| format!("does not tell what was lost:\n{said}"))?;
    let files = fs::read_dir(work)?.collect::<std::io::Result<Vec<_>>>()?;
    let is_capture = |end: &OsStr| end == "pcap" || end == "pcapng" || end == "zst";
    let captures = files.iter().filter(|file| file.path().extension().is_some_and(is_capture));
    let written_bytes = captures.map(|file| file.metadata().map(|data| data.len())).sum::<std::io::Result<u64>>()?;
    Ok(Sample { replay, cpu: used.rusage.utime + used.rusage.stime, peak_rss_bytes, dropped, written_bytes })
}

/// From the moment that the recorder records until it was told to end.
fn record(
    rig: &Rig,
    row: &Row,
    capture: &Path,
    mbit_s: Option<u32>,
    log: &Path,
    child: &mut Child,
) -> Result<(Replay, u64)> {
    let begun = Instant::now();
    while !fs::read_to_string(log)?.contains(row.ready) {
        if let Some(status) = child.try_wait()? {
            bail!("ended at once ({status}): {}", fs::read_to_string(log)?.trim());
        }
        ensure!(begun.elapsed() < START_LIMIT, "says nothing of `{}`", row.ready);
        std::thread::sleep(Duration::from_millis(20));
    }
    let replay = rig.replay(capture, mbit_s)?;
    std::thread::sleep(SETTLE);
    let peak_rss_bytes = peak_rss_bytes(child.id())?;
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status()?;
    ensure!(status.success(), "can't be told to end");
    Ok((replay, peak_rss_bytes))
}

/// Since the program took the place of `ip`: `wait4` would count the memory of this process, too, from which it came.
fn peak_rss_bytes(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kib =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    Ok(kib.context("no VmHWM")? * 1024)
}

fn report(
    machine: &Machine,
    capture: &Path,
    rows: &[Row],
    samples: &[Vec<Sample>],
    args: &RecorderArgs,
) -> Result<String> {
    let rate = args.mbit_s.map_or_else(|| "as fast as it goes".to_owned(), |rate| format!("at {rate} Mbit/s"));
    let busy = if machine.is_busy() { " **The machine was busy: repeat it on an idle one.**" } else { "" };
    let mut text = format!(
        "# Recording\n\n{}\n\nMedians of {} rounds, ranges in brackets; in each round all recorders, one after the other, record \
         `tcpreplay` {rate} over a virtual cable. CPU is user and system time of the one process, for each packet that it got; \
         the ratio to tcpdump is that of the same round.{busy}\n",
        machine_line(machine),
        args.runs,
    );
    text += &heading(capture, &Facts::of(capture)?);
    text += "| recorder | CPU µs/packet | × tcpdump | lost % | peak RSS MiB | written MB | offered Mbit/s | kpackets/s |\n\
             | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
    let tcpdump = rows.iter().position(|row| row.name == rows::TCPDUMP).map(|at| &samples[at]);
    let mut aims = String::from("\n| aim | reached |\n| --- | --- |\n");
    let ranged = |values: &[f64]| {
        let found = spread(values, |value| *value);
        format!("{} ({}–{})", significant(found.median), significant(found.min), significant(found.max))
    };
    for (row, samples) in rows.iter().zip(samples) {
        let middle = |value: fn(&Sample) -> f64| significant(spread(samples, value).median);
        let ratios = tcpdump.map(|tcpdump| {
            samples.iter().zip(tcpdump).map(|(ours, theirs)| cpu_us(ours) / cpu_us(theirs)).collect::<Vec<_>>()
        });
        let ratio = ratios.as_deref().map_or_else(|| "tcpdump is missing".to_owned(), ranged);
        text += &format!(
            "| `{}` | {} | {ratio} | {} | {} | {} | {} | {} |\n",
            row.shown,
            ranged(&samples.iter().map(cpu_us).collect::<Vec<_>>()),
            ranged(
                &samples.iter().map(|one| 100.0 * one.dropped as f64 / one.replay.packets as f64).collect::<Vec<_>>()
            ),
            middle(|one| one.peak_rss_bytes as f64 / f64::from(1 << 20)),
            middle(|one| one.written_bytes as f64 / 1e6),
            middle(|one| one.replay.mbit_s),
            middle(|one| one.replay.packets_s / 1e3),
        );
        if let Some(aim) = row.aim {
            aims += &format!("| `{}` at most {aim} × tcpdump's CPU | {ratio} |\n", row.shown);
        }
    }
    Ok(text + &aims)
}

/// For each packet that was not lost before the recorder could see it.
fn cpu_us(sample: &Sample) -> f64 {
    sample.cpu.as_secs_f64() * 1e6 / (sample.replay.packets.saturating_sub(sample.dropped).max(1)) as f64
}
