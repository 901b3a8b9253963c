//! Every payload byte of a TCP direction is new exactly once, as a set of all sequence numbers would have it.

use super::check;
use super::wire::{ACK, SYN, Way, captured};
use crate::support::{File, analyze_one, write_pcap};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;

const WAY: Way = Way { is_v6: false, hosts: [2, 1], ports: [50_000, 80] };

/// Segments as (offset in the stream, length), sent in this order after a SYN.
fn new_bytes(first_sequence: u32, segments: &[(u16, u16)]) -> (u64, u64) {
    let mut packets = vec![captured(1_000_000_000, WAY.tcp(first_sequence, 0, SYN, &[]))];
    for (at, (offset, bytes)) in segments.iter().enumerate() {
        let sequence = first_sequence.wrapping_add(1).wrapping_add(u32::from(*offset));
        let packet = WAY.tcp(sequence, 0, ACK, &vec![0; usize::from(*bytes)]);
        packets.push(captured(1_000_000_000 + 1_000 * at as i64, packet));
    }
    let analysis = analyze_one(&File::new("once", write_pcap(&packets)));
    (analysis.records.streams.iter().map(|stream| stream.up.payload_bytes).sum(), analysis.totals.overflowed_holes)
}

#[test]
fn new_bytes_are_the_set_of_bytes_seen() {
    let segment = (0..3_000_u16, 1..400_u16);
    let sequences = prop_oneof![any::<u32>(), (0..4_000_u32).prop_map(|back| 0_u32.wrapping_sub(back))];
    let overflowed = std::cell::Cell::new(0);
    check(1_000, (sequences, vec(segment, 1..25)), |(first_sequence, segments)| {
        let seen: BTreeSet<u32> = segments
            .iter()
            .flat_map(|(offset, bytes)| u32::from(*offset)..u32::from(*offset) + u32::from(*bytes))
            .collect();
        let (found, overflowed_holes) = new_bytes(first_sequence, &segments);
        if overflowed_holes == 0 {
            prop_assert_eq!(found, seen.len() as u64);
        } else {
            // A hole that was given up counts as seen, so what fills it is taken for a repetition.
            overflowed.set(overflowed.get() + 1);
            prop_assert!(found <= seen.len() as u64);
        }
        Ok(())
    });
    assert!((10..900).contains(&overflowed.get()), "both cases were met: {}", overflowed.get());
}

#[test]
fn a_fifth_hole_gives_up_the_oldest() {
    // Five holes of 10 bytes, then all of them filled from the oldest on: 10 bytes are not found again.
    let gaps = (1..=5).map(|at| (20 * at, 10));
    let fills = (0..5).map(|at| (20 * at + 10, 10));
    let segments: Vec<(u16, u16)> = [(0, 10)].into_iter().chain(gaps).chain(fills).collect();
    assert_eq!(new_bytes(u32::MAX - 50, &segments), (110 - 10, 1));
}
