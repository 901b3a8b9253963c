//! The conventions of counting, each with a capture of our own that states what is right.
//!
//! `expected.csv` and `times.csv` were known when the packets were written; nothing here was measured.

use crate::support::{File, Row, analyze_one, captures, packets_of, read_capture, read_table, sniffit};
use analyzer_core::record::Counters;
use std::collections::BTreeMap;

/// The nine counters that a row of a table expects.
pub(crate) fn expected_counters(row: &Row) -> Counters {
    Counters {
        frames: row.number("frames"),
        tcp_packets: row.number("tcp_packets"),
        udp_packets: row.number("udp_packets"),
        other_packets: row.number("other_packets"),
        tcp_payload_bytes: row.number("tcp_payload_bytes"),
        udp_payload_bytes: row.number("udp_payload_bytes"),
        directed_streams: row.number("directed_streams"),
        truncated_frames: row.number("truncated_frames"),
        later_fragments: row.number("later_fragments"),
    }
}

#[test]
fn every_convention_counts_as_stated() {
    let rows = read_table(&captures("conventions/expected.csv"));
    assert!(rows.len() > 100, "the table is whole: {} rows", rows.len());
    rows.iter().for_each(check_counters);
}

fn check_counters(row: &Row) {
    let (name, fault) = (row.text("capture"), row.text("fault"));
    let analysis = analyze_one(&File::read(&captures("conventions").join(name)));
    assert_eq!(analysis.counters(name), expected_counters(row), "{name}: {}", row.text("proves"));
    let told: Vec<String> = analysis.faults.iter().map(ToString::to_string).collect();
    if fault.is_empty() {
        assert_eq!(told, [""; 0], "{name}: no fault");
        return;
    }
    let [one] = &told[..] else { panic!("{name}: one fault is told, not {told:?}") };
    assert!(one.contains(fault), "{name}: {one} should contain: {fault}");
    assert!(one.starts_with("byte "), "{name}: {one} tells the offset");
}

#[test]
fn the_program_ends_as_stated() {
    for row in read_table(&captures("conventions/expected.csv")).iter().filter(|row| !row.text("fault").is_empty()) {
        check_exit(row);
    }
}

/// Faults are told with file, byte and reason; the exit code says whether anything could be read before.
fn check_exit(row: &Row) {
    let (name, fault) = (row.text("capture"), row.text("fault"));
    let path = captures("conventions").join(name);
    let run = sniffit(["analyze".as_ref(), path.as_os_str()]);
    let code = if row.number::<u64>("frames") == 0 { 1 } else { row.number("exit_code") };
    assert_eq!(run.code, Some(code), "{name}: {}", run.stderr);
    for part in [name, "byte ", fault] {
        assert!(run.stderr.contains(part), "{name}: standard error should contain {part:?}: {}", run.stderr);
    }
    assert_eq!(run.stdout.is_empty(), code == 1, "{name}: there is a summary of what was read");
}

#[test]
fn times_are_exact() {
    let mut times: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for row in read_table(&captures("conventions/times.csv")) {
        let of_capture = times.entry(row.text("capture").to_owned()).or_default();
        of_capture.push(row.number("time_ns"));
        assert_eq!(row.number::<usize>("frame"), of_capture.len(), "frames are listed in order");
    }
    assert!(times.len() > 10, "the table is whole: {} captures", times.len());
    for (name, expected) in times {
        let packets = packets_of(&read_capture(&captures("conventions").join(&name)));
        let found: Vec<i64> = packets.iter().map(|packet| packet.time_ns).collect();
        assert_eq!(found, expected, "{name}");
    }
}
