//! What is kept tells the analysis the same as whole packets.

use super::captures::{all, each};
use super::rewrite::{analysis_of, findings, kept};
use crate::support::Packet;
use analyzer_core::keep::Keep;

#[test]
fn records_give_the_same_objects_as_whole_packets() {
    each(all(), |name, packets| check_records(name, &packets));
}

/// Names are payload that only the walker reads, and there it ends.
#[test]
fn names_give_the_same_objects_of_tcp() {
    each(all(), |name, packets| {
        let whole = findings(&analysis_of("exchange-headers", &packets));
        let kept = findings(&analysis_of("exchange", &kept(Keep::Names, &packets)));
        let [whole, kept] = [whole, kept].map(|mut lines| {
            lines.retain(|line| line.starts_with("ObjectRecord") && line.contains("transport: Tcp"));
            lines
        });
        check_same(name, &kept, &whole);
    });
}

#[test]
fn headers_give_the_same_as_the_method_without_records() {
    each(all(), |name, packets| {
        let whole = findings(&analysis_of("exchange-headers", &packets));
        let kept = findings(&analysis_of("exchange", &kept(Keep::Headers, &packets)));
        // Without payload, UDP is QUIC by its port alone.
        let [whole, kept] = [whole, kept].map(|mut lines| {
            lines.retain(|line| !line.contains("transport: Udp"));
            lines
        });
        check_same(name, &kept, &whole);
    });
}

/// By the default method, what is kept gives every record that whole packets give.
#[track_caller]
pub(super) fn check_records(name: &str, packets: &[Packet]) {
    let whole = findings(&analysis_of("exchange", packets));
    let kept = findings(&analysis_of("exchange", &kept(Keep::Records, packets)));
    check_same(name, &kept, &whole);
}

/// Compares line by line and tells the first that differs.
#[track_caller]
pub(super) fn check_same(name: &str, found: &[String], expected: &[String]) {
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected, "{name}");
    }
    assert_eq!(found.len(), expected.len(), "{name}: number of records");
}
