//! IPv6 extension headers and fragments.

use crate::captures::case::{Case, Recording};
use crate::captures::packet::Share::{LaterTcp, LaterUdp, LaterUnmatched};
use crate::captures::packet::ip::{
    authentication_header, ipv4, ipv6, ipv6_fragment, options_header, protocol, routing_header,
};
use crate::captures::packet::link::{ether_type, ethernet};
use crate::captures::packet::transport::{tcp, udp};
use protocol::{AUTHENTICATION, DESTINATION_OPTIONS, HOP_BY_HOP, NO_NEXT_HEADER, ROUTING, TCP, UDP};

pub(super) fn cases() -> Vec<Case> {
    vec![
        fragments(),
        atomic_fragment(),
        extension("ipv6_hop_by_hop.pcap", "Hop-by-hop options are no payload", HOP_BY_HOP, options_header),
        extension("ipv6_routing_header.pcap", "A routing header is no payload", ROUTING, routing_header),
        extension(
            "ipv6_destination_options.pcap",
            "Destination options are no payload",
            DESTINATION_OPTIONS,
            options_header,
        ),
        authentication(),
        chain(),
        no_next_header(),
    ]
}

fn frame(ip: &[u8]) -> Vec<u8> {
    ethernet(ether_type::IPV6, ip)
}

fn fragments() -> Case {
    let datagram = udp(2_500);
    let segment = tcp(1_600);
    Recording::ethernet()
        .udp(1_440, frame(&ipv6_fragment(70_001, UDP, &datagram, 0..1_448)))
        .tcp(1_428, frame(&ipv6_fragment(70_002, TCP, &segment, 0..1_448)))
        .packet(LaterUdp(1_060), frame(&ipv6_fragment(70_001, UDP, &datagram, 1_448..2_508)))
        .packet(LaterTcp(172), frame(&ipv6_fragment(70_002, TCP, &segment, 1_448..1_620)))
        .packet(LaterUnmatched, frame(&ipv6_fragment(70_003, UDP, &datagram, 1_448..2_508)))
        .streams(2)
        .case("ipv6_fragments.pcap", "Fragments of IPv6 join by their 32-bit identification; one of them has no first")
        .tshark("gives a fragment no tcp.len: 0 TCP bytes")
}

fn atomic_fragment() -> Case {
    let segment = tcp(300);
    let datagram = udp(40);
    Recording::ethernet()
        .tcp(300, frame(&ipv6_fragment(1, TCP, &segment, 0..segment.len())))
        .udp(40, frame(&ipv6_fragment(1, UDP, &datagram, 0..datagram.len())))
        .streams(2)
        .case("ipv6_atomic_fragment.pcap", "A fragment header on a whole packet changes nothing but the length")
}

fn extension(file: &'static str, proves: &'static str, number: u8, header: fn(u8, &[u8]) -> Vec<u8>) -> Case {
    Recording::ethernet()
        .tcp(120, frame(&ipv6(number, &header(TCP, &tcp(120)))))
        .udp(60, frame(&ipv6(number, &header(UDP, &udp(60)))))
        .streams(2)
        .case(file, proves)
}

fn authentication() -> Case {
    Recording::ethernet()
        .tcp(120, frame(&ipv6(AUTHENTICATION, &authentication_header(TCP, &tcp(120)))))
        .udp(60, ethernet(ether_type::IPV4, &ipv4(AUTHENTICATION, &authentication_header(UDP, &udp(60)))))
        .streams(2)
        .case("authentication_header.pcap", "An authentication header in IPv6 and IPv4 is walked and is no payload")
}

fn chain() -> Case {
    let segment = tcp(120);
    let authenticated = authentication_header(DESTINATION_OPTIONS, &options_header(TCP, &segment));
    let routed = options_header(ROUTING, &routing_header(AUTHENTICATION, &authenticated));
    let hop_by_hop = options_header(DESTINATION_OPTIONS, &routed);
    Recording::ethernet()
        .tcp(120, frame(&ipv6(HOP_BY_HOP, &hop_by_hop)))
        .streams(1)
        .case("ipv6_extension_chain.pcap", "Five extension headers in the order that RFC 8200 recommends are walked")
}

fn no_next_header() -> Case {
    Recording::ethernet()
        .other(frame(&ipv6(NO_NEXT_HEADER, &tcp(20))))
        .tcp(20, frame(&ipv6(TCP, &tcp(20))))
        .streams(1)
        .case(
            "ipv6_no_next_header_is_other.pcap",
            "Bytes behind next header 59 are nobody's even if they look like TCP",
        )
}
