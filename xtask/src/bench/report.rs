//! Turns samples into the table.
//!
//! In: rows, their outcomes and the facts of a capture. Out: Markdown. Ratios to the raw walk are taken round by round
//! before the median, since both ran in the same minute then.

use std::fmt::Write;
use std::path::Path;

use super::data::Facts;
use super::machine::Machine;
use super::measure::{Outcome, Sample};
use super::rows::{RAW_WALK, Row, Tool};

pub(super) fn machine(machine: &Machine, rounds: usize) -> String {
    let busy = if machine.is_busy() { BUSY } else { "" };
    format!(
        "# Speed\n\n{}\n\nMedians of {rounds} interleaved rounds with the capture in the page cache, ranges in brackets. CPU \
         is user + system time of the one process; speeds are per CPU second; MB are 10⁶ bytes.{busy}\n",
        machine_line(machine),
    )
}

/// What the figures were taken on, and what else it was doing.
pub(super) fn machine_line(machine: &Machine) -> String {
    format!(
        "Machine: {}, {} cores, {:.1} GB memory, {}, load average at the start {}.",
        machine.cpu_model,
        machine.cores,
        machine.memory_bytes as f64 / 1e9,
        machine.kernel,
        machine.load_average,
    )
}

/// The walk is bound by memory, the tools by computing, so neighbours slow the walk more and every ratio looks better.
const BUSY: &str = " **The machine was busy: ratios to the raw walk are too favourable; repeat them on an idle one.**";

/// A row and what came of it; `None` for a tool that is not installed.
pub(super) struct Result<'a> {
    pub(super) row: &'a Row,
    pub(super) outcome: Option<Outcome>,
}

/// The section of one capture. `rss_floor_bytes` is the peak memory of the harness, below which a child's cannot be seen.
pub(super) fn speed(capture: &Path, facts: &Facts, results: &[Result<'_>], rss_floor_bytes: u64) -> String {
    let mut text = heading(capture, facts);
    text.push_str("| tool, command | CPU s | wall s | MB/s | Mpackets/s | peak RSS MB | × raw walk |\n");
    text.push_str("| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    let walk = results.iter().find(|result| result.row.name == RAW_WALK);
    let walk = walk.and_then(|result| result.outcome.as_ref()?.as_ref().ok());
    for result in results {
        let shown = &result.row.shown;
        match (&result.outcome, &result.row.tool) {
            (Some(Ok(samples)), _) => text.push_str(&measured(result.row, samples, facts, walk, rss_floor_bytes)),
            (Some(Err(failure)), _) => row(&mut text, shown, &failure.replace('|', "/")),
            (None, Tool::NotInstalled { package }) => {
                row(&mut text, shown, &format!("not installed: apt install {package}"));
            }
            (None, Tool::Ready(_)) => row(&mut text, shown, "not run"),
        }
    }
    if results.iter().any(|result| extrapolation(result.row, facts) > 1.0) {
        text.push_str("\n† Times extrapolated from the packets that were read; memory as it was after those.\n");
    }
    text
}

/// One line of the section on memory: the same command on a small and a big mix of the same sources.
pub(super) fn memory(shown: &str, small: (&Facts, &Outcome), big: (&Facts, &Outcome), rss_floor_bytes: u64) -> String {
    let [small_mb, big_mb] = [small.0, big.0].map(|facts| facts.file_bytes / 1_000_000);
    match (small.1, big.1) {
        (Ok(small), Ok(big)) => {
            let (small, big) = (peak_rss_bytes(small), peak_rss_bytes(big));
            let [small_text, big_text] = [small, big].map(|peak| peak_text(peak, rss_floor_bytes));
            let ratio = big / small;
            format!("| {shown} | {small_mb} MB | {small_text} | {big_mb} MB | {big_text} | {ratio:.2} |\n")
        }
        (Err(failure), _) | (_, Err(failure)) => {
            format!("| {shown} | {} | | | | |\n", failure.replace('|', "/"))
        }
    }
}

pub(super) const MEMORY_HEADING: &str = "\n## Memory\n\nPeak RSS must follow the live streams, not the size of the file.\n\n\
    | command | small mix | peak RSS MB | big mix | peak RSS MB | ratio |\n| --- | ---: | ---: | ---: | ---: | ---: |\n";

pub(super) fn heading(capture: &Path, facts: &Facts) -> String {
    let name = capture.file_name().unwrap_or_default().to_string_lossy();
    format!(
        "\n## {name}\n\n{} packets, {:.0} MB ({:.0} B a packet), {} directed TCP and UDP streams, {} s of traffic; {} copies \
         of {} captures.\n\n",
        facts.packets,
        facts.file_bytes as f64 / 1e6,
        facts.file_bytes as f64 / facts.packets as f64,
        facts.streams,
        facts.span_s,
        facts.copies,
        facts.captures,
    )
}

fn measured(row: &Row, samples: &[Sample], facts: &Facts, walk: Option<&Vec<Sample>>, rss_floor_bytes: u64) -> String {
    let times = extrapolation(row, facts);
    let cpu_s = |sample: &Sample| sample.cpu.as_secs_f64() * times;
    let cpu = spread(samples, cpu_s);
    let wall = spread(samples, |sample| sample.wall.as_secs_f64() * times);
    let peak = peak_text(peak_rss_bytes(samples), rss_floor_bytes);
    let ratio = walk.map_or_else(String::new, |walk| {
        let ratios: Vec<f64> =
            samples.iter().zip(walk).map(|(sample, walk)| cpu_s(sample) / walk.cpu.as_secs_f64()).collect();
        let ratio = spread(&ratios, |ratio| *ratio);
        format!("{} ({}–{})", significant(ratio.median), significant(ratio.min), significant(ratio.max))
    });
    format!(
        "| {}{} | {} ({}–{}) | {} ({}–{}) | {:.0} | {} | {peak} | {ratio} |\n",
        row.shown,
        if times > 1.0 { " †" } else { "" },
        significant(cpu.median),
        significant(cpu.min),
        significant(cpu.max),
        significant(wall.median),
        significant(wall.min),
        significant(wall.max),
        facts.file_bytes as f64 / 1e6 / cpu.median,
        significant(facts.packets as f64 / 1e6 / cpu.median),
    )
}

fn row(text: &mut String, shown: &str, instead: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "| {shown} | {instead} | | | | | |");
}

/// How many times the packets that were read make the whole capture.
fn extrapolation(row: &Row, facts: &Facts) -> f64 {
    row.head_packets.map_or(1.0, |head| (facts.packets as f64 / head as f64).max(1.0))
}

pub(super) struct Spread {
    pub(super) median: f64,
    pub(super) min: f64,
    pub(super) max: f64,
}

/// Of at least one item.
pub(super) fn spread<T>(items: &[T], value: impl Fn(&T) -> f64) -> Spread {
    let mut values: Vec<f64> = items.iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let median = if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 };
    Spread { median, min: values[0], max: values[values.len() - 1] }
}

/// Three significant digits at most, and no exponent.
pub(super) fn significant(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value if value >= 1.0 => format!("{value:.2}"),
        value => format!("{value:.3}"),
    }
}

fn peak_rss_bytes(samples: &[Sample]) -> f64 {
    spread(samples, |sample| sample.peak_rss_bytes as f64).median
}

/// In megabytes. A figure within the harness' own only bounds the tool's.
fn peak_text(peak_bytes: f64, rss_floor_bytes: u64) -> String {
    let bound = if peak_bytes <= rss_floor_bytes as f64 { "≤ " } else { "" };
    format!("{bound}{}", significant(peak_bytes / 1e6))
}
