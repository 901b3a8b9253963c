//! MPLS labels: nothing but the first nibble behind the bottom label tells what follows.

use crate::captures::case::{Case, Recording};
use crate::captures::packet::ip::{ipv4, ipv6, protocol::TCP, protocol::UDP};
use crate::captures::packet::link::{ether_type, ethernet, mpls, padded, vlan_tag};
use crate::captures::packet::transport::{tcp, udp};
use ether_type::{IPV4, MPLS, MPLS_MULTICAST, VLAN};

/// RFC 4385 §3: a zero nibble, then flags and a sequence number that is not used.
const CONTROL_WORD: [u8; 4] = [0; 4];

pub(super) fn cases() -> Vec<Case> {
    vec![
        labelled("mpls_one_label.pcap", "One label is walked to IPv4 and IPv6", |ip| {
            ethernet(MPLS, &mpls(&[16_001], ip))
        }),
        labelled("mpls_three_labels.pcap", "Three labels are walked to the bottom of the stack", |ip| {
            ethernet(MPLS, &mpls(&[16_001, 16_002, 16_003], ip))
        }),
        labelled("mpls_in_vlan.pcap", "Labels inside a VLAN tag are walked", |ip| {
            ethernet(VLAN, &vlan_tag(100, MPLS, &mpls(&[16_001, 16_002], ip)))
        }),
        labelled("mpls_multicast.pcap", "Labels under the second EtherType of MPLS (8848) are walked", |ip| {
            ethernet(MPLS_MULTICAST, &mpls(&[16_001], ip))
        }),
        pseudowire(),
        vlan_in_pseudowire(),
    ]
}

fn labelled(file: &'static str, proves: &'static str, wrap: impl Fn(&[u8]) -> Vec<u8>) -> Case {
    Recording::ethernet()
        .tcp(0, padded(wrap(&ipv4(TCP, &tcp(0)))))
        .udp(90, wrap(&ipv4(UDP, &udp(90))))
        .tcp(110, wrap(&ipv6(TCP, &tcp(110))))
        .streams(3)
        .case(file, proves)
}

fn in_pseudowire(frame: &[u8]) -> Vec<u8> {
    ethernet(MPLS, &mpls(&[16_001, 16_002], &[&CONTROL_WORD, frame].concat()))
}

fn pseudowire() -> Case {
    Recording::ethernet()
        .tcp(0, in_pseudowire(&padded(ethernet(IPV4, &ipv4(TCP, &tcp(0))))))
        .udp(90, in_pseudowire(&ethernet(IPV4, &ipv4(UDP, &udp(90)))))
        .tcp(110, in_pseudowire(&ethernet(ether_type::IPV6, &ipv6(TCP, &tcp(110)))))
        .streams(3)
        .case("mpls_pseudowire.pcap", "An Ethernet pseudowire with its control word is walked to the IP inside")
}

fn vlan_in_pseudowire() -> Case {
    let tagged = |ip: &[u8]| ethernet(VLAN, &vlan_tag(7, IPV4, ip));
    Recording::ethernet()
        .tcp(40, in_pseudowire(&tagged(&ipv4(TCP, &tcp(40)))))
        .udp(90, in_pseudowire(&tagged(&ipv4(UDP, &udp(90)))))
        .streams(2)
        .case("mpls_pseudowire_vlan.pcap", "A VLAN tag inside the pseudowire's frame is walked")
}
