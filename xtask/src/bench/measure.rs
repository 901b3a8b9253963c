//! Runs commands and accounts for each child alone.
//!
//! In: [`Job`]s. Out: one [`Sample`] a job and round: wall time, CPU time and peak memory, taken from `wait4`, which reports
//! the one child that it reaps. Guaranteed: rounds are interleaved (A B C, A B C, …), so that a busy minute of the machine
//! falls on all tools and the ratios of one round stay comparable.

use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use wait4::Wait4;

pub(super) struct Job {
    pub(super) program: PathBuf,
    pub(super) args: Vec<OsString>,
    /// Emptied before each run; the tool's output and its complaints go there.
    pub(super) work_dir: PathBuf,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) wall: Duration,
    /// User and system time.
    pub(super) cpu: Duration,
    pub(super) peak_rss_bytes: u64,
}

/// The samples of one job in the order of the rounds, or why there are none.
pub(super) type Outcome = std::result::Result<Vec<Sample>, String>;

/// Runs all jobs `rounds` times. A job that fails once is not run again; the others go on.
pub(super) fn run_rounds(jobs: &[&Job], rounds: usize) -> Result<Vec<Outcome>> {
    let mut outcomes: Vec<Outcome> = jobs.iter().map(|_| Ok(Vec::with_capacity(rounds))).collect();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for (job, outcome) in jobs.iter().zip(&mut outcomes) {
            if let Ok(samples) = outcome {
                match run_once(job)? {
                    Ok(sample) => samples.push(sample),
                    Err(failure) => *outcome = Err(failure),
                }
            }
        }
    }
    Ok(outcomes)
}

/// Runs a job once; the inner error is the job's own failure.
pub(super) fn run_once(job: &Job) -> Result<std::result::Result<Sample, String>> {
    if job.work_dir.exists() {
        std::fs::remove_dir_all(&job.work_dir)?;
    }
    std::fs::create_dir_all(&job.work_dir)?;
    let complaints = job.work_dir.join("stderr");

    let started = Instant::now();
    let mut child = Command::new(&job.program)
        .args(&job.args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&complaints)?)
        .spawn()
        .with_context(|| format!("cannot start {}", job.program.display()))?;
    let used = child.wait4().context("cannot wait for the child")?;
    let wall = started.elapsed();

    if !used.status.success() {
        return Ok(Err(failure(used.status, &std::fs::read(&complaints)?)));
    }
    let cpu = used.rusage.utime + used.rusage.stime;
    Ok(Ok(Sample { wall, cpu, peak_rss_bytes: used.rusage.maxrss }))
}

fn failure(status: ExitStatus, complaints: &[u8]) -> String {
    let complaints = String::from_utf8_lossy(complaints);
    let last_line = complaints.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no message");
    format!("failed ({status}): {}", last_line.trim())
}

/// Peak memory of this process, 0 where the system does not tell.
///
/// Linux starts a child's peak at that of the process it was spawned from, so a child's figure at or below this one only
/// says "not more than the harness". The harness therefore leaves all heavy work to other children.
pub(super) fn own_peak_rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|value| value.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
