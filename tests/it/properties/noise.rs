//! Bytes that nobody meant: no panic, no endless loop, and the books are kept even then.

use super::check;
use super::ledger::check_ledger;
use super::script::scripts;
use crate::support::{File, analyze, write_pcap, write_pcapng};
use analyzer_core::Config;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestCaseError;

/// The first bytes of every kind of file.
const MAGICS: [[u8; 4]; 6] = [
    [0xd4, 0xc3, 0xb2, 0xa1],
    [0xa1, 0xb2, 0xc3, 0xd4],
    [0x4d, 0x3c, 0xb2, 0xa1],
    [0xa1, 0xb2, 0xcd, 0x34],
    [0x0a, 0x0d, 0x0d, 0x0a],
    [0, 0, 0, 0],
];

fn survives(bytes: Vec<u8>, chunk_bytes: usize) -> Result<(), TestCaseError> {
    let config = Config { packets: true, ..Config::default() };
    let files = [File::new("noise", bytes)];
    let analysis = analyze(&config, usize::MAX, &files);
    prop_assert!(analysis.faults.len() <= 1);
    check_ledger(&analysis)?;
    prop_assert!(analyze(&config, chunk_bytes, &files).to_text() == analysis.to_text());
    Ok(())
}

#[test]
fn random_bytes() {
    let bytes = (proptest::sample::select(&MAGICS[..]), vec(any::<u8>(), 0..600));
    check(2_000, (bytes, 1..50_usize), |((magic, tail), chunk_bytes)| {
        survives([magic.to_vec(), tail].concat(), chunk_bytes)
    });
}

#[test]
fn damaged_captures() {
    let damage = vec((any::<Index>(), any::<u8>()), 1..40);
    check(600, (scripts(40), any::<bool>(), damage, 1..300_usize), |(script, is_pcapng, damage, chunk_bytes)| {
        let packets = script.play().packets;
        let mut bytes = if is_pcapng { write_pcapng(&packets) } else { write_pcap(&packets) };
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        survives(bytes, chunk_bytes)
    });
}

/// Record headers are left alone, so that every packet reaches the decoder.
#[test]
fn damaged_packets() {
    let damage = vec((any::<Index>(), 0..48_usize, any::<u8>()), 1..60);
    check(600, (scripts(40), damage, any::<bool>(), 1..300_usize), |(script, damage, is_ethernet, chunk_bytes)| {
        let mut packets = script.play().packets;
        if packets.is_empty() {
            return Ok(());
        }
        for packet in &mut packets {
            packet.link_type = if is_ethernet { 1 } else { packet.link_type };
        }
        for (packet, at, byte) in damage {
            let packet = packet.index(packets.len());
            if let Some(place) = packets[packet].captured.get_mut(at) {
                *place = byte;
            }
        }
        survives(write_pcap(&packets), chunk_bytes)
    });
}
