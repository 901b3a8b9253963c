//! IPv4 fragments: the first carries the ports; each counts the bytes that it carries itself.

use crate::captures::case::{Case, Recording};
use crate::captures::packet::Share::{LaterTcp, LaterUdp, LaterUnmatched};
use crate::captures::packet::ip::{ipv4, ipv4_fragment, protocol::TCP, protocol::UDP};
use crate::captures::packet::link::{ether_type, ethernet};
use crate::captures::packet::transport::{tcp, udp};

pub(super) fn cases() -> Vec<Case> {
    vec![
        in_order(),
        tcp_segment(),
        stream_between(),
        overlapping(),
        repeated_first(),
        late_first(),
        unmatched(),
        rest_missing(),
    ]
}

fn frame(ip: &[u8]) -> Vec<u8> {
    ethernet(ether_type::IPV4, ip)
}

fn in_order() -> Case {
    let datagram = udp(3_000);
    Recording::ethernet()
        .udp(1_472, frame(&ipv4_fragment(7, UDP, &datagram, 0..1_480)))
        .packet(LaterUdp(1_480), frame(&ipv4_fragment(7, UDP, &datagram, 1_480..2_960)))
        .packet(LaterUdp(48), frame(&ipv4_fragment(7, UDP, &datagram, 2_960..3_008)))
        .streams(1)
        .case("ipv4_fragments_in_order.pcap", "Three fragments of a datagram of 3000 bytes add up to 3000 bytes")
}

fn tcp_segment() -> Case {
    let segment = tcp(2_000);
    Recording::ethernet()
        .tcp(1_460, frame(&ipv4_fragment(8, TCP, &segment, 0..1_480)))
        .packet(LaterTcp(540), frame(&ipv4_fragment(8, TCP, &segment, 1_480..2_020)))
        .streams(1)
        .case("ipv4_fragments_of_tcp.pcap", "The later fragment of a TCP segment joins the stream of its first")
        .tshark("gives a fragment no tcp.len: 0 bytes")
}

fn stream_between() -> Case {
    let datagram = udp(2_000);
    let segment = tcp(2_000);
    Recording::ethernet()
        .udp(1_472, frame(&ipv4_fragment(1, UDP, &datagram, 0..1_480)))
        .tcp(1_460, frame(&ipv4_fragment(1, TCP, &segment, 0..1_480)))
        .tcp(300, frame(&ipv4(TCP, &tcp(300))))
        .udp(1_472, frame(&ipv4_fragment(2, UDP, &datagram, 0..1_480)))
        .packet(LaterUdp(528), frame(&ipv4_fragment(1, UDP, &datagram, 1_480..2_008)))
        .packet(LaterTcp(540), frame(&ipv4_fragment(1, TCP, &segment, 1_480..2_020)))
        .packet(LaterUdp(528), frame(&ipv4_fragment(2, UDP, &datagram, 1_480..2_008)))
        .streams(2)
        .case(
            "ipv4_fragments_interleaved.pcap",
            "Fragments find their first by addresses and identification and protocol with other packets between",
        )
        .tshark("gives a fragment no tcp.len: 300 TCP bytes")
}

fn overlapping() -> Case {
    let datagram = udp(2_000);
    Recording::ethernet()
        .udp(1_472, frame(&ipv4_fragment(3, UDP, &datagram, 0..1_480)))
        .packet(LaterUdp(536), frame(&ipv4_fragment(3, UDP, &datagram, 1_472..2_008)))
        .streams(1)
        .case(
            "ipv4_fragments_overlapping.pcap",
            "A later fragment that repeats the first one's last 8 bytes counts all that it carries",
        )
        .tshark("counts the 2000 bytes announced; 2008 were carried")
}

fn repeated_first() -> Case {
    let datagram = udp(2_000);
    let first = frame(&ipv4_fragment(4, UDP, &datagram, 0..1_480));
    Recording::ethernet()
        .udp(1_472, first.clone())
        .udp(1_472, first)
        .packet(LaterUdp(528), frame(&ipv4_fragment(4, UDP, &datagram, 1_480..2_008)))
        .streams(1)
        .case("ipv4_first_fragment_twice.pcap", "A first fragment sent twice counts twice and the rest joins once")
        .tshark("counts the 2000 bytes announced by each first fragment; 3472 were carried")
}

fn late_first() -> Case {
    let datagram = udp(2_000);
    Recording::ethernet()
        .packet(LaterUnmatched, frame(&ipv4_fragment(5, UDP, &datagram, 1_480..2_008)))
        .udp(1_472, frame(&ipv4_fragment(5, UDP, &datagram, 0..1_480)))
        .streams(1)
        .case(
            "ipv4_fragment_before_its_first.pcap",
            "A later fragment that comes before its first has no ports yet: counted as unmatched",
        )
        .tshark("counts the 2000 bytes that the first fragment announces")
}

fn unmatched() -> Case {
    let datagram = udp(2_000);
    Recording::ethernet()
        .udp(1_472, frame(&ipv4_fragment(6, UDP, &datagram, 0..1_480)))
        .packet(LaterUnmatched, frame(&ipv4_fragment(66, UDP, &datagram, 1_480..2_008)))
        .packet(LaterUnmatched, frame(&ipv4_fragment(6, TCP, &datagram, 1_480..2_008)))
        .packet(LaterUdp(528), frame(&ipv4_fragment(6, UDP, &datagram, 1_480..2_008)))
        .streams(1)
        .case(
            "ipv4_fragment_unmatched.pcap",
            "Later fragments of another identification or protocol join nothing and are counted visibly",
        )
}

fn rest_missing() -> Case {
    Recording::ethernet()
        .udp(1_472, frame(&ipv4_fragment(9, UDP, &udp(2_000), 0..1_480)))
        .udp(100, frame(&ipv4(UDP, &udp(100))))
        .streams(1)
        .case(
            "ipv4_fragments_rest_missing.pcap",
            "A first fragment alone counts what it carries and not what its UDP length announces",
        )
        .tshark("counts the 2000 bytes announced")
}
