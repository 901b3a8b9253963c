//! A capture of many small objects, for what grows with their number and not with bytes.
//!
//! In: how many objects. Out: a pcap of Ethernet frames, strictly ordered in time, and its [`Facts`]. Guaranteed: the same number
//! gives the same bytes; every datagram is an object, for those of one direction are more than a second apart, which ends
//! an object of UDP that is not QUIC.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::net::Ipv4Addr;
use std::path::Path;

use anyhow::{Context, Result};

use crate::bench::data::{Facts, Random, file_header, record_header};
use crate::captures::packet::ip::{ip_between, protocol};
use crate::captures::packet::link::{ether_type, ethernet};
use crate::captures::packet::transport::Udp;

const EXCHANGES: u64 = 25;
const OBJECTS_IN_STREAM: u64 = 2 * EXCHANGES;
const BEGIN_US: u64 = 1_600_000_000_000_000;
/// Between the requests of a stream; with jitter and reply times still above a second from one to the next.
const PERIOD_US: u64 = 2_000_000;
const JITTER_US: u64 = 400_000;
const REPLY_US: u64 = 50_000;
/// Between the beginnings of two streams.
const SPACING_US: u64 = 30_000;
const SERVERS: u64 = 200;
const SERVER_PORT: u16 = 7777;
const LEAST_BYTES: u64 = 20;
const MOST_BYTES: u64 = 180;

/// What is to be written next of a stream, in order of time.
#[derive(Eq, Ord, PartialEq, PartialOrd)]
struct Due {
    time_us: u64,
    stream: u64,
    /// Even ones go up, odd ones down.
    object: u64,
}

/// Writes the capture of at least so many objects to `path`.
pub(super) fn write(path: &Path, objects: u64) -> Result<Facts> {
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let facts = crowd(objects.div_ceil(OBJECTS_IN_STREAM), &mut out)
        .and_then(|facts| Ok(out.flush().map(|()| facts)?))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(facts)
}

fn crowd(streams: u64, out: &mut impl Write) -> Result<Facts> {
    out.write_all(&file_header())?;
    let mut facts = Facts { file_bytes: 24, streams: 2 * streams, ..Facts::default() };
    let mut random = Random(1);
    let mut due = BinaryHeap::from([Reverse(Due { time_us: BEGIN_US, stream: 0, object: 0 })]);
    while let Some(Reverse(Due { time_us, stream, object })) = due.pop() {
        if object == 0 && stream + 1 < streams {
            due.push(Reverse(Due { time_us: time_us + SPACING_US, stream: stream + 1, object: 0 }));
        }
        if object + 1 < OBJECTS_IN_STREAM {
            let wait_us = match object % 2 {
                0 => 1 + random.below(REPLY_US),
                _ => PERIOD_US - random.below(JITTER_US),
            };
            due.push(Reverse(Due { time_us: time_us + wait_us, stream, object: object + 1 }));
        }
        let payload_bytes = LEAST_BYTES + random.below(MOST_BYTES - LEAST_BYTES);
        let frame = datagram(stream, object.is_multiple_of(2), payload_bytes);
        out.write_all(&record_header(time_us, frame.len() as u32, frame.len() as u32))?;
        out.write_all(&frame)?;
        facts.packets += 1;
        facts.file_bytes += 16 + frame.len() as u64;
        facts.span_s = (time_us - BEGIN_US) / 1_000_000;
    }
    Ok(facts)
}

fn datagram(stream: u64, is_up: bool, payload_bytes: u64) -> Vec<u8> {
    let client = Ipv4Addr::from(0x0a00_0001 + stream as u32);
    let server = Ipv4Addr::from(0xc612_0001 + (stream % SERVERS) as u32);
    let client_port = 1024 + (stream % 60_000) as u16;
    let (source, destination, source_port, destination_port) = match is_up {
        true => (client, server, client_port, SERVER_PORT),
        false => (server, client, SERVER_PORT, client_port),
    };
    let datagram = Udp { source_port, destination_port, length: None }.carry(&vec![0; payload_bytes as usize]);
    ethernet(ether_type::IPV4, &ip_between(source.into(), destination.into(), protocol::UDP, &datagram))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_in_order_of_time_and_far_enough_apart() {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        let facts = crowd(3, &mut first).unwrap();
        crowd(3, &mut second).unwrap();
        assert!(first == second);
        assert_eq!((facts.packets, facts.file_bytes), (150, first.len() as u64));

        let (mut at, mut times, mut last) = (24, Vec::new(), std::collections::HashMap::new());
        while let Some(header) = first.get(at..at + 16) {
            let word = |at: usize| u64::from(u32::from_le_bytes(header[at..at + 4].try_into().unwrap()));
            let time_us = word(0) * 1_000_000 + word(4);
            at += 16;
            // Addresses and ports are behind 14 bytes of Ethernet and 12 of IPv4.
            let direction = first[at + 26..at + 38].to_vec();
            if let Some(before) = last.insert(direction, time_us) {
                assert!(time_us - before > 1_000_000, "{time_us} follows {before}");
            }
            times.push(time_us);
            at += word(8) as usize;
        }
        assert!(times.is_sorted());
        assert_eq!((times.len(), last.len()), (150, 6));
    }
}
