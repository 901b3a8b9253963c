//! Agreement with tshark on captures of others, counter by counter.
//!
//! The table beside those captures comes from tshark without any reassembly. Where we count otherwise on purpose, the
//! exact value and the reason stand in [`DIFFERENCES`]; nothing else may differ.

use crate::conventions::expected_counters;
use crate::support::{Analysis, File, Row, analyze_one, read_table, shared};
use analyzer_core::record::Counters;
use serde_json::Value;

/// A counter that differs from tshark's by choice.
struct Difference {
    capture: &'static str,
    counter: &'static str,
    ours: u64,
    /// Why ours is right.
    reason: &'static str,
}

const DIFFERENCES: [Difference; 2] = [
    Difference {
        capture: "gtp1_gn_normal_incl_fragmentation.pcap",
        counter: "udp_payload_bytes",
        ours: 62_230,
        reason: "later fragments of 4 datagrams were not captured: what no fragment carries does not count",
    },
    Difference {
        capture: "badpackets.pcap",
        counter: "udp_payload_bytes",
        ours: 45_620,
        reason: "records claim frames shorter than their IP packets: no length exceeds that of the layer around it",
    },
];

#[test]
fn plain_captures_agree() {
    check_tier("core", 37, check_agreement);
}

#[test]
fn tunnels_agree_on_the_outermost_transport() {
    check_tier("tunnel", 15, check_agreement);
}

#[test]
fn chosen_conventions_differ_as_stated() {
    check_tier("convention", 2, check_agreement);
}

#[test]
fn link_types_to_come_are_counted() {
    check_tier("later", 7, check_frames);
}

#[test]
fn fuzzed_captures_are_counted() {
    check_tier("fuzz", 2, check_frames);
}

/// Runs a check on each capture of a tier and tells all that fail.
#[track_caller]
fn check_tier(tier: &str, captures: usize, check: fn(&Row, &Analysis) -> Result<(), String>) {
    let Some(folder) = shared("data/captures") else { return };
    let mut rows = read_table(&folder.join("expected.csv"));
    rows.retain(|row| row.text("tier").starts_with(tier));
    assert_eq!(rows.len(), captures, "captures of tier {tier}");
    let failed: Vec<String> = rows
        .iter()
        .filter_map(|row| check(row, &analyze_one(&File::read(&folder.join(row.text("capture"))))).err())
        .collect();
    assert!(failed.is_empty(), "{} of {captures} captures of tier {tier}:\n{}", failed.len(), failed.join("\n"));
}

/// All nine counters are tshark's, or ours for a stated reason.
fn check_agreement(row: &Row, analysis: &Analysis) -> Result<(), String> {
    let name = row.text("capture");
    let (expected, found) = (named(&expected_counters(row)), named(&analysis.counters(name)));
    for (counter, tshark) in &expected {
        let chosen = DIFFERENCES.iter().find(|known| known.capture == name && known.counter == counter);
        let wanted = chosen.map_or_else(|| tshark.clone(), |known| known.ours.into());
        let ours = &found[counter];
        if *ours != wanted {
            let reason = chosen.map_or("", |known| known.reason);
            return Err(format!("{name}: {counter}: {ours}, expected {wanted} (tshark {tshark}) {reason}"));
        }
        if chosen.is_some() && wanted == *tshark {
            return Err(format!("{name}: {counter}: no difference to explain"));
        }
    }
    Ok(())
}

/// Every packet was read and is in exactly one counter, whatever it holds.
fn check_frames(row: &Row, analysis: &Analysis) -> Result<(), String> {
    let name = row.text("capture");
    let (expected, found): (u64, u64) = (row.number("frames"), analysis.counters(name).frames);
    if expected == found { Ok(()) } else { Err(format!("{name}: {found} frames, expected {expected}")) }
}

/// The counters by name.
fn named(counters: &Counters) -> serde_json::Map<String, Value> {
    match serde_json::to_value(counters) {
        Ok(Value::Object(fields)) => fields,
        other => panic!("counters are an object: {other:?}"),
    }
}
