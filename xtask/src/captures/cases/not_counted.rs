//! Packets that have no TCP or UDP stream: each is one frame in `other_packets` and nothing else.

use crate::captures::case::{Case, Recording};
use crate::captures::packet::ip::{CLIENT_V4, SERVER_V4, ipv4, ipv6, protocol};
use crate::captures::packet::link::{ether_type, ethernet, ethernet_llc, padded};
use crate::captures::packet::transport::{tcp, udp};

pub(super) fn cases() -> Vec<Case> {
    vec![esp(), icmp_quote(), icmpv6_quote(), sctp(), other_protocols(), arp(), spanning_tree()]
}

/// The packets of the case, then one TCP segment that shows that the reading went on.
fn none_of(frames: Vec<Vec<u8>>) -> Recording {
    let control = ethernet(ether_type::IPV4, &ipv4(protocol::TCP, &tcp(10)));
    frames.into_iter().fold(Recording::ethernet(), Recording::other).tcp(10, control).streams(1)
}

fn v4(number: u8, payload: &[u8]) -> Vec<u8> {
    ethernet(ether_type::IPV4, &ipv4(number, payload))
}

fn v6(number: u8, payload: &[u8]) -> Vec<u8> {
    ethernet(ether_type::IPV6, &ipv6(number, payload))
}

fn esp() -> Case {
    // Security parameters index, sequence number, then bytes that only the peers can read.
    let packet = [&[0, 0, 0x10, 1, 0, 0, 0, 1][..], &[0xa5; 64]].concat();
    none_of(vec![v4(protocol::ESP, &packet), v6(protocol::ESP, &packet)])
        .case("esp_is_other.pcap", "What ESP encrypts has no visible ports")
}

fn icmp_quote() -> Case {
    let quoted = ipv4(protocol::UDP, &udp(40));
    let port_unreachable = [&[3, 3, 0, 0, 0, 0, 0, 0], &quoted[..]].concat();
    let whole_tcp = ipv4(protocol::TCP, &tcp(40));
    let time_exceeded = [&[11, 0, 0, 0, 0, 0, 0, 0], &whole_tcp[..]].concat();
    none_of(vec![v4(protocol::ICMP, &port_unreachable), v4(protocol::ICMP, &time_exceeded)])
        .case("icmp_quote_is_other.pcap", "The packet that an ICMP error quotes was not sent again and never counts")
}

fn icmpv6_quote() -> Case {
    let quoted = ipv6(protocol::TCP, &tcp(40));
    let too_big = [&[2, 0, 0, 0, 0, 0, 5, 0], &quoted[..]].concat();
    none_of(vec![v6(protocol::ICMPV6, &too_big)]).case(
        "icmpv6_quote_is_other.pcap",
        "The packet that an ICMPv6 error quotes was not sent again and never counts",
    )
}

fn sctp() -> Case {
    // Ports 50000 and 50001, verification tag, checksum, then a COOKIE ACK chunk.
    let packet = [0xc3, 0x50, 0xc3, 0x51, 0, 0, 0, 1, 0, 0, 0, 0, 11, 0, 0, 4];
    none_of(vec![v4(protocol::SCTP, &packet), v6(protocol::SCTP, &packet)])
        .case("sctp_is_other.pcap", "SCTP has ports too but is no TCP or UDP stream")
}

fn other_protocols() -> Case {
    let membership = [0x16, 0, 0, 0, 224, 0, 0, 251];
    none_of(vec![v4(protocol::IGMP, &membership), v4(protocol::UDP_LITE, &udp(20)), v4(253, &tcp(20))])
        .case("ip_protocols_are_other.pcap", "IGMP; UDP-Lite; an experimental protocol whose bytes look like TCP")
}

fn arp() -> Case {
    let mut request = vec![0, 1, 8, 0, 6, 4, 0, 1, 0, 0, 0x5e, 0, 0x53, 1];
    request.extend(CLIENT_V4.octets());
    request.extend([0; 6]);
    request.extend(SERVER_V4.octets());
    let discovery = [2, 7, 4, 0, 0, 0x5e, 0, 0x53, 1, 4, 2, 7, b'1', 6, 2, 0, 120, 0, 0];
    none_of(vec![
        padded(ethernet(ether_type::ARP, &request)),
        padded(ethernet(ether_type::LLDP, &discovery)),
        padded(ethernet(0x88b5, &ipv4(protocol::TCP, &tcp(0)))),
    ])
    .case("arp_is_other.pcap", "ARP; LLDP; an experimental EtherType whose bytes look like IPv4")
}

fn spanning_tree() -> Case {
    let mut bridge_protocol = vec![0x42, 0x42, 3];
    bridge_protocol.extend([0; 35]);
    none_of(vec![
        padded(ethernet_llc(&bridge_protocol)),
        padded(ethernet_llc(&[[0xff; 2].as_slice(), &[0; 28]].concat())),
    ])
    .case("spanning_tree_is_other.pcap", "802.3 frames without IP: a bridge's spanning tree and raw Novell")
}
