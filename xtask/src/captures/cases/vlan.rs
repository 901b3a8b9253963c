//! VLAN tags between Ethernet and IP, and 802.3 with LLC instead of an EtherType.

use crate::captures::case::{Case, Recording};
use crate::captures::packet::ip::{ipv4, ipv6, protocol::TCP, protocol::UDP};
use crate::captures::packet::link::{ether_type, ethernet, ethernet_llc, padded, snap, vlan_tag};
use crate::captures::packet::transport::{tcp, udp};
use ether_type::{IPV4, IPV6, OLD_QINQ, PROVIDER_BRIDGE, VLAN};

/// Priority 5, VLAN 100.
const CUSTOMER: u16 = 5 << 13 | 100;
const PROVIDER: u16 = 200;
const PRIORITY_ONLY: u16 = 3 << 13;

pub(super) fn cases() -> Vec<Case> {
    let one = |inner_type, ip: &[u8]| ethernet(VLAN, &vlan_tag(CUSTOMER, inner_type, ip));
    let two = |outer_type, inner_type, ip: &[u8]| {
        ethernet(outer_type, &vlan_tag(PROVIDER, VLAN, &vlan_tag(CUSTOMER, inner_type, ip)))
    };
    vec![
        tagged("vlan.pcap", "An 802.1Q tag is walked", one),
        tagged("vlan_qinq.pcap", "An 802.1ad provider tag and a customer tag are walked", |inner_type, ip| {
            two(PROVIDER_BRIDGE, inner_type, ip)
        }),
        tagged(
            "vlan_9100.pcap",
            "The provider tag of old switches (9100) and a customer tag are walked",
            |inner_type, ip| two(OLD_QINQ, inner_type, ip),
        ),
        tagged("vlan_three_tags.pcap", "Three 802.1Q tags are walked", |inner_type, ip| {
            ethernet(VLAN, &vlan_tag(1, VLAN, &vlan_tag(2, VLAN, &vlan_tag(3, inner_type, ip))))
        }),
        tagged("vlan_priority_tag.pcap", "A tag of VLAN 0 (priority only) is walked", |inner_type, ip| {
            ethernet(VLAN, &vlan_tag(PRIORITY_ONLY, inner_type, ip))
        }),
        llc_snap(),
        llc_sap_06(),
    ]
}

/// The same three packets behind whatever `wrap` puts in front of IP: IPv4 TCP that needs padding, IPv4 UDP, IPv6 TCP.
fn tagged(file: &'static str, proves: &'static str, wrap: impl Fn(u16, &[u8]) -> Vec<u8>) -> Case {
    Recording::ethernet()
        .tcp(1, padded(wrap(IPV4, &ipv4(TCP, &tcp(1)))))
        .udp(90, wrap(IPV4, &ipv4(UDP, &udp(90))))
        .tcp(110, wrap(IPV6, &ipv6(TCP, &tcp(110))))
        .streams(3)
        .case(file, proves)
}

fn llc_snap() -> Case {
    let llc = |ether_type, ip: &[u8]| snap(ether_type, ip);
    let tag_and_llc = |llc: &[u8]| ethernet(VLAN, &vlan_tag(CUSTOMER, llc.len() as u16, llc));
    Recording::ethernet()
        .tcp(80, ethernet_llc(&llc(IPV4, &ipv4(TCP, &tcp(80)))))
        .udp(2, padded(ethernet_llc(&llc(IPV4, &ipv4(UDP, &udp(2))))))
        .tcp(70, ethernet_llc(&llc(IPV6, &ipv6(TCP, &tcp(70)))))
        .tcp(60, tag_and_llc(&llc(IPV4, &ipv4(TCP, &tcp(60)))))
        .other(padded(ethernet_llc(&llc(ether_type::ARP, &[0; 28]))))
        .streams(3)
        .case("llc_snap.pcap", "802.3 with LLC and SNAP leads to IP also behind a VLAN tag")
}

fn llc_sap_06() -> Case {
    let llc = |ip: &[u8]| [&[6, 6, 3], ip].concat();
    Recording::ethernet()
        .tcp(80, ethernet_llc(&llc(&ipv4(TCP, &tcp(80)))))
        .udp(2, padded(ethernet_llc(&llc(&ipv4(UDP, &udp(2))))))
        .streams(2)
        .case("llc_sap_06.pcap", "802.3 with LLC access point 06 is IPv4")
}
