//! Link types other than Ethernet.

use crate::captures::case::{Case, Recording};
use crate::captures::packet::ip::{ipv4, ipv6, protocol::TCP, protocol::UDP};
use crate::captures::packet::link::{ether_type, link_type, ppp, ppp_protocol, sll, sll2, snap, vlan_tag};
use crate::captures::packet::transport::{tcp, udp};

const ARPHRD_ETHERNET: u16 = 1;
/// Not a hardware type that decoders know, but phones' captures have it.
const ARPHRD_ODD: u16 = 0x0212;
/// "Protocols" of Linux below the EtherTypes: Novell's frame without LLC, and LLC.
const LINUX_802_3: u16 = 1;
const LINUX_802_2: u16 = 4;

pub(super) fn cases() -> Vec<Case> {
    vec![
        linux_sll(),
        linux_sll2(),
        raw("raw_101.pcap", "Link type 101: IPv4 or IPv6 by its version", link_type::RAW),
        raw(
            "raw_12.pcap",
            "Link type 12: what BSD and the recorder's tunnel interface call raw IP",
            link_type::RAW_BSD,
        ),
        raw("raw_14.pcap", "Link type 14: what OpenBSD calls raw IP", link_type::RAW_OPENBSD),
        raw_of_one_version(),
        raw_v6(),
        null("null_little_endian.pcap", "Address family of a little-endian machine", link_type::NULL, u32::to_le_bytes),
        null("null_big_endian.pcap", "Address family of a big-endian machine", link_type::NULL, u32::to_be_bytes),
        null(
            "loop.pcap",
            "OpenBSD's loopback: address family in network byte order",
            link_type::LOOP,
            u32::to_be_bytes,
        ),
        point_to_point(
            "ppp.pcap",
            "PPP without address and control; a protocol number of one byte (RFC 1661)",
            link_type::PPP,
            &[],
        ),
        point_to_point("ppp_ff03.pcap", "PPP with address and control", link_type::PPP, &[0xff, 3]),
        point_to_point("ppp_hdlc.pcap", "PPP in HDLC-like framing", link_type::PPP_HDLC, &[0xff, 3]),
        unsupported(),
    ]
}

fn linux_sll() -> Case {
    Recording::of(link_type::LINUX_SLL)
        .tcp(10, sll(ARPHRD_ETHERNET, ether_type::IPV4, &ipv4(TCP, &tcp(10))))
        .udp(20, sll(ARPHRD_ODD, ether_type::IPV4, &ipv4(UDP, &udp(20))))
        .tcp(30, sll(ARPHRD_ETHERNET, ether_type::IPV6, &ipv6(TCP, &tcp(30))))
        .tcp(40, sll(ARPHRD_ETHERNET, ether_type::VLAN, &vlan_tag(7, ether_type::IPV4, &ipv4(TCP, &tcp(40)))))
        .tcp(50, sll(ARPHRD_ETHERNET, LINUX_802_2, &snap(ether_type::IPV4, &ipv4(TCP, &tcp(50)))))
        .other(sll(ARPHRD_ETHERNET, ether_type::ARP, &[0; 28]))
        .other(sll(ARPHRD_ETHERNET, LINUX_802_3, &[0xff; 30]))
        .streams(3)
        .case(
            "linux_sll.pcap",
            "Linux cooked v1 with VLAN or LLC behind it and whatever hardware type (0212 in one packet)",
        )
}

fn linux_sll2() -> Case {
    Recording::of(link_type::LINUX_SLL2)
        .tcp(10, sll2(ether_type::IPV4, &ipv4(TCP, &tcp(10))))
        .udp(20, sll2(ether_type::IPV6, &ipv6(UDP, &udp(20))))
        .tcp(30, sll2(ether_type::VLAN, &vlan_tag(7, ether_type::IPV6, &ipv6(TCP, &tcp(30)))))
        .other(sll2(ether_type::ARP, &[0; 28]))
        .streams(3)
        .case("linux_sll2.pcap", "Linux cooked v2 with IPv4; IPv6; a VLAN tag; ARP")
}

fn raw(file: &'static str, proves: &'static str, link_type: u16) -> Case {
    Recording::of(link_type)
        .tcp(10, ipv4(TCP, &tcp(10)))
        .udp(20, ipv6(UDP, &udp(20)))
        .udp(30, ipv4(UDP, &udp(30)))
        .tcp(40, ipv6(TCP, &tcp(40)))
        .other(vec![0x50; 40])
        .streams(4)
        .case(file, proves)
}

fn raw_of_one_version() -> Case {
    Recording::of(link_type::IPV4)
        .tcp(10, ipv4(TCP, &tcp(10)))
        .udp(20, ipv4(UDP, &udp(20)))
        .other(ipv6(TCP, &tcp(30)))
        .streams(2)
        .case("raw_ipv4_228.pcap", "Link type 228 is IPv4; an IPv6 packet in it is malformed")
        .tshark("reads the IPv6 packet all the same: 2 TCP frames and 40 bytes")
}

fn raw_v6() -> Case {
    Recording::of(link_type::IPV6)
        .tcp(10, ipv6(TCP, &tcp(10)))
        .udp(20, ipv6(UDP, &udp(20)))
        .other(ipv4(TCP, &tcp(30)))
        .streams(2)
        .case("raw_ipv6_229.pcap", "Link type 229 is IPv6; an IPv4 packet in it is malformed")
}

/// `AF_INET` is 2 everywhere; `AF_INET6` is 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS.
fn null(file: &'static str, proves: &'static str, link_type: u16, in_order: fn(u32) -> [u8; 4]) -> Case {
    let family = |family: u32, packet: &[u8]| [&in_order(family), packet].concat();
    Recording::of(link_type)
        .tcp(10, family(2, &ipv4(TCP, &tcp(10))))
        .udp(20, family(24, &ipv6(UDP, &udp(20))))
        .udp(30, family(28, &ipv6(UDP, &udp(30))))
        .udp(40, family(30, &ipv6(UDP, &udp(40))))
        .other(family(7, &[0; 40]))
        .streams(2)
        .case(file, proves)
}

fn point_to_point(file: &'static str, proves: &'static str, link_type: u16, framing: &[u8]) -> Case {
    let framed = |frame: &[u8]| [framing, frame].concat();
    Recording::of(link_type)
        .tcp(10, framed(&ppp(ppp_protocol::IPV4, &ipv4(TCP, &tcp(10)))))
        .udp(20, framed(&ppp(ppp_protocol::IPV6, &ipv6(UDP, &udp(20)))))
        .tcp(30, framed(&[&[ppp_protocol::IPV4 as u8], &ipv4(TCP, &tcp(30))[..]].concat()))
        .other(framed(&ppp(ppp_protocol::LCP, &[1, 1, 0, 4])))
        .streams(2)
        .case(file, proves)
}

fn unsupported() -> Case {
    Recording::of(link_type::USER0).other(ipv4(TCP, &tcp(10))).other(vec![0; 60]).case(
        "unsupported_link_type_is_other.pcap",
        "A link type without a decoder is no error: its packets are frames",
    )
}
