//! Objects, bins, streams, packets and counters agree, byte for byte, by every method and under every limit.

use super::check;
use super::ledger::check_ledger;
use super::player::Played;
use super::script::scripts;
use crate::support::{Analysis, File, analyze, config, write_pcap};
use analyzer_core::{Config, ProtocolFilter};
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;

const METHODS: [&str; 6] = ["exchange", "exchange-headers", "mean-gap", "fixed:50ms", "rtt:1", "rtt:0.5"];

fn run(played: &Played, config: &Config, chunk_bytes: usize) -> Analysis {
    analyze(config, chunk_bytes, &[File::new("random", write_pcap(&played.packets))])
}

#[test]
fn every_method_keeps_the_books() {
    for method in METHODS {
        // The most to go wrong is in the method with the most rules.
        let cases = if method == "exchange" { 1_500 } else { 200 };
        let met = RefCell::new(BTreeMap::new());
        check(cases, scripts(80), |script| {
            let played = script.play();
            let analysis = run(&played, &Config { packets: true, ..config(method) }, usize::MAX);
            prop_assert_eq!(analysis.totals.counters, played.expected, "counters, {}", method);
            let streams = &analysis.records.streams;
            let ip_bytes: u64 = streams.iter().map(|stream| stream.up.ip_bytes + stream.down.ip_bytes).sum();
            prop_assert_eq!(ip_bytes, played.stream_ip_bytes, "IP bytes, {}", method);
            count_met(&analysis, &mut met.borrow_mut());
            check_ledger(&analysis)
        });
        let rules: &[&str] = match method {
            "exchange" => &["reply", "idle", "push", "record", "request", "closed", "capture_end", "inside a packet"],
            "exchange-headers" => &["reply", "idle", "push", "closed", "capture_end"],
            _ => &["gap", "closed", "capture_end"],
        };
        for rule in rules {
            assert!(met.borrow().get(rule).is_some_and(|count| *count > 20), "{method}: {rule} was met: {met:?}");
        }
    }
}

/// Counts what ended objects, and the boundaries inside packets.
fn count_met(analysis: &Analysis, met: &mut BTreeMap<&'static str, usize>) {
    for object in &analysis.records.objects {
        *met.entry(object.end_reason.as_str()).or_default() += 1;
    }
    let split = analysis.records.packets.iter().filter(|packet| packet.previous_object_bytes > 0);
    *met.entry("inside a packet").or_default() += split.count();
}

#[test]
fn methods_change_objects_alone() {
    check(100, scripts(60), |script| {
        let played = script.play();
        let first = run(&played, &config(METHODS[0]), usize::MAX);
        for method in &METHODS[1..] {
            let other = run(&played, &config(method), usize::MAX);
            prop_assert_eq!(&other.records.bins, &first.records.bins, "bins, {}", method);
            prop_assert_eq!(&other.totals.capture_id, &first.totals.capture_id);
            prop_assert_ne!(&other.totals.analysis_id, &first.totals.analysis_id);
        }
        Ok(())
    });
}

#[test]
fn evictions_are_told_and_lose_nothing() {
    let seen = std::cell::Cell::new([0; 2]);
    check(200, (scripts(80), 1..8_usize), |(script, max_flows)| {
        let played = script.play();
        let config = Config { max_flows, packets: true, ..Config::default() };
        let analysis = run(&played, &config, usize::MAX);
        prop_assert_eq!(analysis.totals.counters, played.expected);
        let mut counts = seen.get();
        counts[usize::from(analysis.totals.exact)] += 1;
        seen.set(counts);
        check_ledger(&analysis)
    });
    let [inexact, exact] = seen.get();
    assert!(inexact > 20 && exact > 20, "both kinds were met: {inexact}, {exact}");
}

#[test]
fn a_protocol_filter_leaves_the_counters_alone() {
    check(100, scripts(60), |script| {
        let played = script.play();
        let both = run(&played, &Config::default(), usize::MAX);
        let mut parts = 0;
        for protocol in [ProtocolFilter::Tcp, ProtocolFilter::Udp] {
            let analysis = run(&played, &Config { protocol, packets: true, ..Config::default() }, usize::MAX);
            prop_assert_eq!(analysis.totals.counters.frames, played.expected.frames);
            prop_assert_eq!(analysis.totals.counters.udp_payload_bytes, played.expected.udp_payload_bytes);
            prop_assert_eq!(analysis.totals.counters.tcp_payload_bytes, played.expected.tcp_payload_bytes);
            parts += analysis.records.objects.len();
            check_ledger(&analysis)?;
        }
        prop_assert_eq!(parts, both.records.objects.len(), "each object is in one of both");
        Ok(())
    });
}

#[test]
fn chunks_and_files_do_not_matter() {
    check(100, (scripts(60), 1..200_usize, 0.0..1.0_f64), |(script, chunk_bytes, share)| {
        let played = script.play();
        let config = Config { packets: true, ..Config::default() };
        let whole = run(&played, &config, usize::MAX);
        prop_assert!(run(&played, &config, chunk_bytes).to_text() == whole.to_text());
        let (head, tail) = played.packets.split_at((played.packets.len() as f64 * share) as usize);
        let files = [head, tail].map(|part| File::new("part", write_pcap(part)));
        let rotated = analyze(&config, usize::MAX, &files);
        prop_assert_eq!(&rotated.records.objects, &whole.records.objects);
        prop_assert_eq!(&rotated.records.streams, &whole.records.streams);
        prop_assert_eq!(&rotated.records.packets, &whole.records.packets);
        Ok(())
    });
}
