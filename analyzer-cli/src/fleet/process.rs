//! What this process took so far.

use std::fs;

/// Linux counts processor time in hundredths of a second for all programs (`USER_HZ`).
const TICKS_PER_SECOND: f64 = 100.0;

/// Processor time in seconds; none where there is no `/proc`.
pub(super) fn cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name may hold anything; fields 14 and 15 of proc(5) are the 12th and 13th after it.
    let after_name = stat.rsplit_once(')')?.1;
    let ticks = after_name.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().ok());
    Some(ticks.sum::<Option<u64>>()? as f64 / TICKS_PER_SECOND)
}

/// The most memory that was in use at once; none where there is no `/proc`.
pub(super) fn peak_rss_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
