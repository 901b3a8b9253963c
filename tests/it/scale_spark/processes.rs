//! Processes of this machine, as far as they descend from one that a test started.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

/// A slow machine that does other things besides.
pub(super) const PATIENCE: Duration = Duration::from_secs(240);

/// Waits for something that will be.
#[track_caller]
pub(super) fn wait_for<T>(what: &str, mut get: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(it) = get() {
            return it;
        }
        assert!(begin.elapsed() < PATIENCE, "{what}: not after {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The process and those above it, as long as they are there.
fn lineage(pid: u32) -> Vec<u32> {
    let mut pids = vec![pid];
    while let Some(parent) = pids.last().and_then(|&pid| parent(pid)).filter(|&parent| parent > 1) {
        pids.push(parent);
    }
    pids
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it may hold anything.
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}

pub(super) fn is_alive(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with('Z'))
}

/// The executor that runs the task of this process, if it descends from one of ours.
pub(super) fn executor_of(task: u32, ours: &[u32]) -> Option<u32> {
    let pids = lineage(task);
    if !pids.iter().any(|pid| ours.contains(pid)) {
        return None;
    }
    pids.into_iter().find(|pid| {
        let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let words = String::from_utf8_lossy(&words).into_owned();
        words.split('\0').any(|word| word.ends_with(".CoarseGrainedExecutorBackend"))
    })
}

/// Ends a process by a signal.
pub(super) fn signal(pid: u32, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().expect("kill starts");
    assert!(status.success(), "process {pid} can't be ended");
}
