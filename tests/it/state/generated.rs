//! Random traffic, and names that are said on both sides of a border, cut before every packet.

use super::cuts::check_chain;
use super::{at_once, in_parts, rotated};
use crate::names::Step::{Answer, AnswerOverTcp, Down, Up, UpAt};
use crate::names::{CLIENT, hello, packets};
use crate::properties::{check, scripts};
use crate::support::frames::{frame, tcp};
use crate::support::{File, Packet};
use analyzer_core::Config;
use proptest::prelude::*;

/// Retransmissions, holes, fragments, pauses over minutes, clocks that step back; by two methods.
#[test]
fn random_conversations() {
    check(60, (scripts(60), any::<bool>()), |(script, by_gap)| {
        let packets = script.play().packets;
        if packets.is_empty() {
            return Ok(());
        }
        let method = if by_gap { "rtt:1" } else { "exchange" };
        let config = Config { packets: true, ..crate::support::config(method) };
        // Files are in the order of their first packets.
        let mut latest = i64::MIN;
        let borders: Vec<usize> = (0..packets.len())
            .filter(|at| {
                let is_later = packets[*at].time_ns > latest;
                latest = latest.max(packets[*at].time_ns);
                is_later && *at > 0
            })
            .collect();
        let files = rotated(&packets, &borders);
        let parts: Vec<&[File]> = files.chunks(1).collect();
        let found = in_parts(&config, &parts).map_err(|error| TestCaseError::fail(error.to_string()))?;
        found.assert_same(&at_once(&config, &files), "random conversations");
        Ok(())
    });
}

#[test]
fn names() {
    let hello = hello("split.example", false);
    let (first, rest) = hello.split_at(60);
    let (second, third) = rest.split_at(40);
    let request = b"GET / HTTP/1.1\r\nHost: web.example\r\n\r\n";
    for (what, steps, expected) in [
        (
            "a hello in three segments",
            vec![Up(first.to_vec()), Up(second.to_vec()), Up(third.to_vec()), Down("x")],
            "split.example",
        ),
        (
            "the last one first",
            vec![
                UpAt(0, vec![22]),
                UpAt(100, third.to_vec()),
                UpAt(60, second.to_vec()),
                UpAt(0, first.to_vec()),
                Down("x"),
            ],
            "split.example",
        ),
        (
            "a request in two segments",
            vec![Up(request[..20].to_vec()), Up(request[20..].to_vec()), Down("x")],
            "web.example",
        ),
        // The server that the answer names is asked afterwards.
        ("an answer", vec![Answer(CLIENT, "told.example"), Up(vec![0; 9]), Down("x")], "told.example"),
        ("an answer over TCP", vec![AnswerOverTcp("told.example"), Up(vec![0; 9]), Down("x")], "told.example"),
    ] {
        let packets = packets(&steps);
        let borders: Vec<usize> = (1..packets.len()).collect();
        let told = check_chain(&Config::default(), &packets, &borders, what);
        let text = String::from_utf8_lossy(&told.records[1]).into_owned();
        assert!(text.contains(expected), "{what}: {text}");
    }
}

/// Streams that are open at every border, beside short ones that end in between.
#[test]
fn streams_over_every_border() {
    let packets = conversations(40, 30);
    let borders: Vec<usize> = (1..packets.len()).step_by(37).collect();
    for tcp_expiry in ["5m", "2s"] {
        let mut config = Config::default();
        config.set("tcp-expiry", tcp_expiry).expect("a time");
        check_chain(&config, &packets, &borders, tcp_expiry);
    }
}

/// So many rounds in which each of so many streams says something; each third stream is silent for most of the time.
pub(super) fn conversations(rounds: u32, streams: u32) -> Vec<Packet> {
    let mut packets = Vec::new();
    let mut time_ns = 1_583_056_800_000_000_000;
    for round in 0..rounds {
        for stream in 0..streams {
            if stream % 3 == 0 && round % 13 > 1 {
                continue;
            }
            let port = 40_000 + stream as u16; // below 2¹⁶
            let (client, server) = ([10, 8, 0, 2], [192, 0, 2, (stream % 7) as u8]);
            let bytes = vec![0; 100 + (stream * round % 900) as usize];
            let sequence = 1 + round * 1_000;
            for (source, destination, body) in
                [(client, server, tcp(port, 443, sequence, &bytes)), (server, client, tcp(443, port, sequence, &bytes))]
            {
                time_ns += 7_000_000;
                packets.push(Packet { time_ns, ..frame(6, source, destination, &body) });
            }
        }
    }
    packets
}
