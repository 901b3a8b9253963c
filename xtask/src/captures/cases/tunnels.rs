//! Tunnels: without ports of their own they are walked to the first TCP or UDP; with ports, they are the stream.

use crate::captures::case::{Case, Recording};
use crate::captures::packet::ip::{Ipv4, ipv4, ipv6, protocol};
use crate::captures::packet::link::{ether_type, ethernet, ppp, ppp_protocol};
use crate::captures::packet::transport::{Udp, tcp, udp};
use crate::captures::packet::tunnel::{Gre, gtp_u, pptp, vxlan};
use protocol::{GRE, IPV4, IPV6, TCP, UDP};

const GRE_V0: Gre = Gre { checksum: false, key: None, sequence: None };

pub(super) fn cases() -> Vec<Case> {
    vec![
        ip_in_ip("ip_4in4.pcap", "IPv4 inside IPv4 is walked", |inner| v4(IPV4, inner), ipv4),
        ip_in_ip("ip_6in4.pcap", "IPv6 inside IPv4 is walked", |inner| v4(IPV6, inner), ipv6),
        ip_in_ip("ip_4in6.pcap", "IPv4 inside IPv6 is walked", |inner| v6(IPV4, inner), ipv4),
        ip_in_ip("ip_6in6.pcap", "IPv6 inside IPv6 is walked", |inner| v6(IPV6, inner), ipv6),
        outer_bounds_inner(),
        depth(),
        ip_in_ip(
            "gre_ipv4.pcap",
            "GRE is walked to IPv4",
            |inner| v4(GRE, &GRE_V0.carry(ether_type::IPV4, inner)),
            ipv4,
        ),
        ip_in_ip(
            "gre_ipv6.pcap",
            "GRE is walked to IPv6",
            |inner| v4(GRE, &GRE_V0.carry(ether_type::IPV6, inner)),
            ipv6,
        ),
        gre_options(),
        gre_over_ipv6(),
        gre_pptp(),
        ip_in_ip(
            "gre_transparent_ethernet.pcap",
            "GRE is walked through the Ethernet frame it carries",
            |inner| v4(GRE, &GRE_V0.carry(ether_type::TRANSPARENT_ETHERNET, &ethernet(ether_type::IPV4, inner))),
            ipv4,
        ),
        tunnels_in_udp(),
    ]
}

fn v4(number: u8, payload: &[u8]) -> Vec<u8> {
    ethernet(ether_type::IPV4, &ipv4(number, payload))
}

fn v6(number: u8, payload: &[u8]) -> Vec<u8> {
    ethernet(ether_type::IPV6, &ipv6(number, payload))
}

fn ip_in_ip(
    file: &'static str,
    proves: &'static str,
    outer: impl Fn(&[u8]) -> Vec<u8>,
    inner: fn(u8, &[u8]) -> Vec<u8>,
) -> Case {
    Recording::ethernet()
        .tcp(140, outer(&inner(TCP, &tcp(140))))
        .udp(70, outer(&inner(UDP, &udp(70))))
        .other(outer(&inner(protocol::ESP, &[0; 32])))
        .streams(2)
        .case(file, proves)
}

fn outer_bounds_inner() -> Case {
    let longer = Ipv4 { total_length: Some(1_400), ..Ipv4::default() };
    Recording::ethernet().tcp(100, v4(IPV4, &longer.carry(TCP, &tcp(100)))).streams(1).case(
        "ip_in_ip_outer_bounds_inner.pcap",
        "An inner length above what the outer packet carries counts only that",
    )
}

fn depth() -> Case {
    let nested = |levels: usize| (0..levels).fold(ipv4(TCP, &tcp(50)), |inner, _| ipv4(IPV4, &inner));
    Recording::ethernet()
        .tcp(50, ethernet(ether_type::IPV4, &nested(3)))
        .other(ethernet(ether_type::IPV4, &nested(20)))
        .streams(1)
        .case("ip_in_ip_depth_bomb.pcap", "Three packets around one are walked; twenty are not")
        .tshark("walks all twenty and finds the TCP segment")
}

fn gre_options() -> Case {
    let inner = ipv4(TCP, &tcp(60));
    let with = |gre: Gre| v4(GRE, &gre.carry(ether_type::IPV4, &inner));
    let nested = GRE_V0.carry(ether_type::IPV4, &ipv4(GRE, &GRE_V0.carry(ether_type::IPV4, &inner)));
    Recording::ethernet()
        .tcp(60, with(Gre { key: Some(42), ..GRE_V0 }))
        .tcp(60, with(Gre { sequence: Some(1), ..GRE_V0 }))
        .tcp(60, with(Gre { checksum: true, ..GRE_V0 }))
        .tcp(60, with(Gre { checksum: true, key: Some(42), sequence: Some(2) }))
        .tcp(60, v4(GRE, &nested))
        .other(v4(GRE, &GRE_V0.carry(0x88b5, &inner)))
        .streams(1)
        .case(
            "gre_key_sequence_checksum.pcap",
            "Each optional field of GRE moves what follows by four bytes; GRE inside GRE is walked",
        )
}

fn gre_over_ipv6() -> Case {
    Recording::ethernet()
        .tcp(60, v6(GRE, &GRE_V0.carry(ether_type::IPV4, &ipv4(TCP, &tcp(60)))))
        .udp(30, v6(GRE, &GRE_V0.carry(ether_type::IPV6, &ipv6(UDP, &udp(30)))))
        .streams(2)
        .case("gre_over_ipv6.pcap", "GRE in IPv6 is walked")
}

fn gre_pptp() -> Case {
    let framed = |inner: &[u8]| [&[0xff, 3], &ppp(ppp_protocol::IPV4, inner)[..]].concat();
    Recording::ethernet()
        .tcp(60, v4(GRE, &pptp(Some(1), None, &framed(&ipv4(TCP, &tcp(60))))))
        .udp(30, v4(GRE, &pptp(Some(2), Some(7), &ppp(ppp_protocol::IPV4, &ipv4(UDP, &udp(30))))))
        .other(v4(GRE, &pptp(None, Some(8), &[])))
        .streams(2)
        .case("gre_pptp.pcap", "PPTP's GRE version 1 is walked through PPP; a bare acknowledgment carries nothing")
}

fn tunnels_in_udp() -> Case {
    let port = |destination_port, inner: &[u8]| {
        let header = Udp { source_port: 50_010, destination_port, ..Udp::default() };
        v4(UDP, &header.carry(inner))
    };
    let inner = ipv4(TCP, &tcp(100));
    Recording::ethernet()
        .udp(162, port(4_789, &vxlan(&ethernet(ether_type::IPV4, &inner))))
        .udp(148, port(2_152, &gtp_u(&inner)))
        .udp(160, port(3_544, &ipv6(TCP, &tcp(100))))
        .streams(3)
        .case(
            "udp_tunnels_count_outside.pcap",
            "VXLAN; GTP-U; Teredo: the outermost UDP is the stream and all in it payload",
        )
}
