//! Lengths in IPv4, TCP and UDP headers: the usual, the unusual and the wrong.

use crate::captures::case::{Case, Recording};
use crate::captures::packet::ip::{Ipv4, ipv4, protocol::TCP, protocol::UDP};
use crate::captures::packet::link::{ether_type, ethernet};
use crate::captures::packet::transport::{Udp, tcp, udp};

pub(super) fn cases() -> Vec<Case> {
    vec![
        total_length_zero(),
        options(),
        length_beyond_frame(),
        bad_header(),
        bad_tcp_header(),
        udp_longer_than_ip(),
        udp_below_8(),
        udp_shorter_than_ip(),
    ]
}

fn frame(ip: &[u8]) -> Vec<u8> {
    ethernet(ether_type::IPV4, ip)
}

fn total_length_zero() -> Case {
    let offloaded = Ipv4 { total_length: Some(0), ..Ipv4::default() };
    Recording::ethernet()
        .tcp(4_000, frame(&offloaded.carry(TCP, &tcp(4_000))))
        .tcp(9_000, frame(&offloaded.carry(TCP, &tcp(9_000))))
        .snapped(96)
        .tcp(0, frame(&ipv4(TCP, &tcp(0))))
        .streams(1)
        .case(
            "ipv4_total_length_zero.pcap",
            "With segmentation offload the total length is 0 and the record's original length counts",
        )
}

fn options() -> Case {
    let router_alert = Ipv4 { options: &[0x94, 4, 0, 0], ..Ipv4::default() };
    let full = Ipv4 { options: &[1; 40], ..Ipv4::default() };
    Recording::ethernet()
        .tcp(100, frame(&router_alert.carry(TCP, &tcp(100))))
        .udp(50, frame(&full.carry(UDP, &udp(50))))
        .streams(2)
        .case("ipv4_options.pcap", "The header length field counts: 24 and 60 bytes of IPv4 header are no payload")
}

fn length_beyond_frame() -> Case {
    let longer = Ipv4 { total_length: Some(1_500), ..Ipv4::default() };
    Recording::ethernet()
        .tcp(100, frame(&longer.carry(TCP, &tcp(100))))
        .streams(1)
        .case("ipv4_length_beyond_frame.pcap", "A total length above what was on the wire counts only what was there")
}

fn bad_header() -> Case {
    let with_first_byte = |first_byte| {
        let mut packet = ipv4(TCP, &tcp(10));
        packet[0] = first_byte;
        packet
    };
    let below_header = Ipv4 { total_length: Some(19), ..Ipv4::default() };
    Recording::ethernet()
        .other(frame(&with_first_byte(0x44)))
        .other(frame(&with_first_byte(0x55)))
        .other(frame(&below_header.carry(TCP, &tcp(10))))
        .tcp(10, frame(&ipv4(TCP, &tcp(10))))
        .streams(1)
        .case(
            "ipv4_malformed_is_other.pcap",
            "A header length below 20; version 5; a total length below the header: each counts as a frame and no more",
        )
}

fn bad_tcp_header() -> Case {
    let with_offset_words = |words: u8| {
        let mut segment = tcp(10);
        segment[12] = words << 4;
        segment
    };
    Recording::ethernet()
        .other(frame(&ipv4(TCP, &with_offset_words(4))))
        .other(frame(&ipv4(TCP, &with_offset_words(15))))
        .tcp(10, frame(&ipv4(TCP, &tcp(10))))
        .streams(1)
        .case(
            "tcp_malformed_is_other.pcap",
            "A TCP header length below 20 or beyond the IP payload leaves no segment to count",
        )
        .tshark("calls both TCP and gives the first one 14 bytes")
}

fn udp_longer_than_ip() -> Case {
    Recording::ethernet()
        .udp(100, frame(&ipv4(UDP, &Udp { length: Some(500), ..Udp::default() }.carry(&[0; 100]))))
        .udp(0, frame(&ipv4(UDP, &Udp { length: Some(9), ..Udp::default() }.carry(&[]))))
        .streams(1)
        .case("udp_length_above_ip_payload.pcap", "A UDP length above the IP payload counts what IP carries")
        .tshark("sums the lengths as announced: 493 bytes")
}

fn udp_below_8() -> Case {
    Recording::ethernet()
        .udp(0, frame(&ipv4(UDP, &Udp { length: Some(7), ..Udp::default() }.carry(&[0; 30]))))
        .udp(0, frame(&ipv4(UDP, &Udp { length: Some(4), ..Udp::default() }.carry(&[0; 30]))))
        .streams(1)
        .case("udp_length_below_8.pcap", "A UDP length below its own header is no payload and never less than none")
        .tshark("announced lengths less 8 are negative: -5 bytes")
}

fn udp_shorter_than_ip() -> Case {
    Recording::ethernet()
        .udp(20, frame(&ipv4(UDP, &Udp { length: Some(28), ..Udp::default() }.carry(&[0; 100]))))
        .streams(1)
        .case("udp_length_below_ip_payload.pcap", "A UDP length below the IP payload counts what UDP announces")
}
