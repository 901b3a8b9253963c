//! What users see, word for word: records, manifests, summaries and help, on captures of our own making.

use crate::support::{analyze_to_folder, assert_snapshot, captures, parse_table, sniffit};
use serde_json::Value;
use std::collections::BTreeMap;

/// Runs `sniffit analyze` on a capture and compares standard output with the snapshot.
fn check(snapshot: &str, capture: &str, options: &[&str]) {
    assert_snapshot(snapshot, &analyze(capture, options, 0));
}

fn analyze(capture: &str, options: &[&str], code: i32) -> String {
    let path = captures("conventions").join(capture);
    let arguments = ["analyze"].iter().chain(options).map(AsRef::as_ref).chain([path.as_os_str()]);
    sniffit(arguments).expect(code).text().to_owned()
}

const CAPTURES: [(&str, &str); 4] = [
    ("web", "golden_web.pcap.gz"),
    ("quic", "golden_quic.pcap"),
    ("call", "golden_call.pcap"),
    ("push", "golden_push.pcap"),
];

#[test]
fn objects() {
    for (name, capture) in CAPTURES {
        check(&format!("objects-{name}.ndjson"), capture, &["--format", "ndjson"]);
    }
    check("objects-push.csv", "golden_push.pcap", &["--format", "csv"]);
    check("objects-web-headers.csv", "golden_web.pcap.gz", &["--format", "csv", "--method", "exchange-headers"]);
    check(
        "objects-call-mean-gap.csv",
        "golden_call.pcap",
        &["--format", "csv", "--method", "mean-gap", "--protocol", "udp"],
    );
}

#[test]
fn streams() {
    for (name, capture) in CAPTURES {
        check(&format!("streams-{name}.ndjson"), capture, &["--kinds", "streams"]);
    }
    check("streams-web.csv", "golden_web.pcap.gz", &["--kinds", "streams", "--format", "csv"]);
    // Named clients are told as such, and a capture without SYN says how its client was found.
    check(
        "streams-call-client.csv",
        "golden_call.pcap",
        &["--kinds", "streams", "--format", "csv", "--client", "192.0.2.0/24"],
    );
}

#[test]
fn bins() {
    check("bins-web.csv", "golden_web.pcap.gz", &["--kinds", "bins", "--format", "csv"]);
    check("bins-call.csv", "golden_call.pcap", &["--kinds", "bins", "--format", "csv"]);
    check("bins-push.ndjson", "golden_push.pcap", &["--kinds", "bins"]);
}

#[test]
fn packets() {
    check("packets-push.csv", "golden_push.pcap", &["--mode", "packet", "--format", "csv"]);
    check("packets-fragments.ndjson", "ipv4_fragments_interleaved.pcap", &["--mode", "packet"]);
    check("packets-retransmission.ndjson", "tcp_retransmission.pcap", &["--mode", "packet"]);
}

#[test]
fn manifests() {
    for (name, capture) in CAPTURES {
        check_manifest(&format!("analysis-{name}.json"), capture);
    }
    check_manifest("analysis-others.json", "arp_is_other.pcap");
    check_manifest("analysis-blocks.json", "pcapng_other_blocks.pcapng");
    check_manifest("analysis-fragments.json", "ipv4_fragment_unmatched.pcap");
}

fn check_manifest(snapshot: &str, capture: &str) {
    let results = analyze_to_folder(&[], &[captures("conventions").join(capture)]);
    let text = String::from_utf8(results["analysis.json"].clone()).expect("JSON is UTF-8");
    assert_snapshot(snapshot, &without_version(&text));
}

/// The program's version changes without its results.
fn without_version(text: &str) -> String {
    text.replace(concat!("sniffit ", env!("CARGO_PKG_VERSION")), "sniffit [version]")
}

#[test]
fn summaries() {
    for (name, capture) in CAPTURES {
        check(&format!("summary-{name}"), capture, &[]);
    }
    check("summary-nothing", "pcap_no_packets.pcap", &[]);
    check("summary-others", "arp_is_other.pcap", &[]);
    assert_snapshot("summary-partial", &analyze("truncated_block.pcapng", &[], 3));
}

#[test]
fn help() {
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help-analyze", &["analyze", "--help"]),
        ("help-analyze-short", &["analyze", "-h"]),
        ("help-score", &["score", "--help"]),
        ("help-es", &["es", "--help"]),
        ("help-es-setup", &["es", "setup", "-h"]),
        ("help-es-list", &["es", "list", "-h"]),
        ("help-es-drop", &["es", "drop", "-h"]),
        ("help-es-rotate", &["es", "rotate", "--help"]),
        ("help-es-post", &["es", "post", "-h"]),
        ("help-es-annotate", &["es", "annotate", "--help"]),
    ] {
        let run = sniffit(arguments).expect(0);
        assert_eq!(run.stderr, "", "help was asked for, so it is no error");
        assert_snapshot(name, run.text());
    }
}

/// What the generator says it made is what is found.
#[test]
fn objects_are_what_was_made() {
    // Objects up and down of each of two connections, handshakes included.
    for (capture, expected) in [
        // Three flights of the handshake up, two down; then 11 requests and 11 responses.
        ("golden_web.pcap.gz", vec![(14, 13), (14, 13)]),
        // Two flights of the handshake, then 8 requests each with its acknowledgments; two flights and 8 responses. One
        // request comes so soon after acknowledgments that they are one object: what they say is encrypted.
        ("golden_quic.pcap", vec![(18, 10), (17, 10)]),
        // An IPv4 call that pauses once, an IPv6 call that doesn't.
        ("golden_call.pcap", vec![(2, 2), (1, 1)]),
        // The handshake, then 20 messages nobody asked for.
        ("golden_push.pcap", vec![(2, 21), (2, 21)]),
    ] {
        let rows = parse_table(&analyze(capture, &["--kinds", "streams", "--format", "csv"], 0));
        let found: Vec<(u64, u64)> = rows
            .iter()
            .map(|row| (row.number("sniffit.stream.up.objects"), row.number("sniffit.stream.down.objects")))
            .collect();
        assert_eq!(found, expected, "{capture}");
    }
}

#[test]
fn every_text_format_says_the_same() {
    for (_, capture) in CAPTURES {
        for options in [&["--kinds", "objects"], &["--kinds", "streams"], &["--kinds", "bins"], &["--mode", "packet"]] {
            check_formats(capture, options);
        }
    }
}

fn check_formats(capture: &str, options: &[&str]) {
    let of = |format| analyze(capture, &[options, &["--format", format]].concat(), 0);
    let lines: Vec<Value> = of("ndjson").lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(!lines.is_empty(), "{capture}, {options:?}: there is something to compare");
    let array: Value = serde_json::from_str(&of("json")).expect("a JSON array");
    assert_eq!(array, Value::Array(lines.clone()), "{capture}, {options:?}: JSON");
    let rows = parse_table(&of("csv"));
    assert_eq!(rows.len(), lines.len(), "{capture}, {options:?}: CSV");
    for (row, line) in rows.iter().zip(&lines) {
        let mut cells = BTreeMap::new();
        flatten("", line, &mut cells);
        assert_eq!(row.columns(), cells.len(), "{capture}, {options:?}: columns");
        for (path, cell) in &cells {
            assert_eq!(row.text(path), cell, "{capture}, {options:?}: {path}");
        }
    }
}

/// A JSON record as cells by full path.
fn flatten(path: &str, value: &Value, cells: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, value, cells);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| flatten(path, element, cells)),
        Value::Null => drop(cells.insert(path.to_owned(), String::new())),
        Value::String(text) => drop(cells.insert(path.to_owned(), text.clone())),
        plain => drop(cells.insert(path.to_owned(), plain.to_string())),
    }
}
