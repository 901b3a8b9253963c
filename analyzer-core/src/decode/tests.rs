//! One case for each convention and each encapsulation; `check` tells what became of a packet in one line of text.

mod build;
mod fragments;
mod hostile;
mod links;
mod networks;

use super::*;
use crate::capture::LinkType;

const ETHERNET: u16 = 1;
const IP4: u16 = 0x0800;
const IP6: u16 = 0x86dd;
const TCP: u8 = 6;
const UDP: u8 = 17;
const ACK: u8 = 0x10;

/// A packet, and the line that tells what it becomes.
struct Case {
    name: &'static str,
    link_type: u16,
    bytes: Vec<u8>,
    expected: &'static str,
}

fn case(name: &'static str, link_type: u16, bytes: Vec<u8>, expected: &'static str) -> Case {
    Case { name, link_type, bytes, expected }
}

/// Every packet of the tables, as the seeds for hostile ones.
fn all_cases() -> Vec<Case> {
    [links::cases(), networks::cases()].into_iter().flatten().collect()
}

fn check(case: &Case) {
    let found = Decoder::default().decode(&packet(0, case.link_type, &case.bytes));
    assert_eq!(describe(&found), case.expected, "{}", case.name);
}

/// A packet captured whole.
fn packet(timestamp_seconds: i64, link_type: u16, captured: &[u8]) -> Packet<'_> {
    Packet {
        timestamp: Timestamp::from_nanos(timestamp_seconds * 1_000_000_000),
        link_type: LinkType(link_type),
        wire_bytes: captured.len().try_into().expect("test packets are short"),
        captured,
        file_offset: 0,
        oddity: None,
    }
}

/// `tcp 5 B of 45` = 5 bytes of payload in an IP packet of 45.
fn describe(found: &Result<Segment<'_>, Skip>) -> String {
    match found {
        Ok(segment) => {
            let later = if segment.later_fragment { " later" } else { "" };
            format!("{}{later} {} B of {}", segment.transport.as_str(), segment.payload_bytes, segment.ip_bytes)
        }
        Err(skip) => skip.to_string(),
    }
}

#[test]
fn every_case_decodes_as_told() {
    for case in all_cases() {
        check(&case);
    }
}

#[test]
fn segment_tells_ports_addresses_and_numbers() {
    let bytes = build::ethernet(IP6, &build::ipv6(TCP, &build::tcp(0x12, 3)));
    let segment = Decoder::default().decode(&packet(7, ETHERNET, &bytes)).expect("a TCP segment");
    assert_eq!(segment.timestamp, Timestamp::from_nanos(7_000_000_000));
    assert_eq!(segment.source(), Endpoint { ip: IpAddr::from([0xfd; 16]), port: 1000 });
    assert_eq!(segment.destination(), Endpoint { ip: IpAddr::from([0xfe; 16]), port: 80 });
    let tcp = segment.tcp.expect("TCP's numbers");
    assert_eq!((tcp.sequence, tcp.acknowledgment), (100, 200));
    assert!(tcp.flags.syn() && tcp.flags.ack() && !tcp.flags.fin() && !tcp.flags.rst());
    assert_eq!(segment.payload, b"ttt");
}

#[test]
fn endpoints_are_those_of_the_ip_header_around_the_transport() {
    let mut inner = build::ipv4(UDP, &build::udp(1));
    inner[15] = 77;
    let bytes = build::ethernet(IP4, &build::ipv4(4, &inner));
    let segment = Decoder::default().decode(&packet(0, ETHERNET, &bytes)).expect("a UDP segment");
    assert_eq!(segment.source().ip, IpAddr::from([10, 0, 0, 77]));
    assert_eq!(segment.ip_bytes, 49);
}

#[test]
fn a_packet_cut_by_the_snaplen_keeps_its_lengths() {
    for Case { name, link_type, bytes, expected } in all_cases() {
        let whole = packet(0, link_type, &bytes);
        let whole_payload = Decoder::default().decode(&whole).map(|segment| segment.payload.len());
        for captured_bytes in 0..bytes.len() {
            let cut = Packet { captured: &bytes[..captured_bytes], ..whole };
            match (Decoder::default().decode(&cut), whole_payload) {
                (Err(Skip { reason: Reason::Truncated | Reason::Empty, .. }), _) => {}
                (Ok(segment), Ok(whole_payload)) => {
                    assert_eq!(describe(&Ok(segment)), expected, "{name} cut to {captured_bytes}");
                    assert!(segment.payload.len() <= whole_payload);
                }
                (found, _) => assert_eq!(describe(&found), expected, "{name} cut to {captured_bytes}"),
            }
        }
    }
}

#[test]
fn tcp_options_cut_by_the_snaplen_do_not_matter() {
    let bytes = build::ethernet(IP4, &build::ipv4(TCP, &build::tcp_with_options(100)));
    for (captured_bytes, payload_captured) in [(54, 0), (60, 0), (66, 0), (70, 4)] {
        let cut = Packet { captured: &bytes[..captured_bytes], ..packet(0, ETHERNET, &bytes) };
        let segment = Decoder::default().decode(&cut).expect("the fixed header is there");
        assert_eq!((segment.payload_bytes, segment.payload.len()), (100, payload_captured));
    }
    let cut = Packet { captured: &bytes[..53], ..packet(0, ETHERNET, &bytes) };
    assert_eq!(describe(&Decoder::default().decode(&cut)), "transport: truncated");
}
