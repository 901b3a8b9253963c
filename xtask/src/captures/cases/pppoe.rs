//! PPPoE on Ethernet: its length bounds everything inside it.

use crate::captures::case::{Case, Recording};
use crate::captures::packet::ip::{Ipv4, ipv4, ipv6, protocol::TCP, protocol::UDP};
use crate::captures::packet::link::{ether_type, ethernet, ppp, ppp_protocol, pppoe, vlan_tag};
use crate::captures::packet::transport::{tcp, udp};
use ether_type::{PPPOE_DISCOVERY, PPPOE_SESSION, PROVIDER_BRIDGE, VLAN};

pub(super) fn cases() -> Vec<Case> {
    let over_vlan = |session: &[u8]| ethernet(VLAN, &vlan_tag(7, PPPOE_SESSION, session));
    let over_qinq =
        |session: &[u8]| ethernet(PROVIDER_BRIDGE, &vlan_tag(9, VLAN, &vlan_tag(7, PPPOE_SESSION, session)));
    vec![
        session("pppoe.pcap", "PPPoE is walked to IPv4 and IPv6; its discovery and its control are no IP", |session| {
            ethernet(PPPOE_SESSION, session)
        }),
        session("pppoe_in_vlan.pcap", "PPPoE inside a VLAN tag is walked", over_vlan),
        session("pppoe_in_qinq.pcap", "PPPoE inside two VLAN tags is walked", over_qinq),
        padding_in_ip_length(),
    ]
}

fn session(file: &'static str, proves: &'static str, wrap: impl Fn(&[u8]) -> Vec<u8>) -> Case {
    // Configure-Request without options.
    let link_control = ppp(ppp_protocol::LCP, &[1, 1, 0, 4]);
    Recording::ethernet()
        .other(ethernet(PPPOE_DISCOVERY, &[0x11, 9, 0, 0, 0, 4, 1, 1, 0, 0]))
        .other(wrap(&pppoe(&link_control, 0)))
        .tcp(33, wrap(&pppoe(&ppp(ppp_protocol::IPV4, &ipv4(TCP, &tcp(33))), 0)))
        .udp(2, wrap(&pppoe(&ppp(ppp_protocol::IPV4, &ipv4(UDP, &udp(2))), 8)))
        .tcp(44, wrap(&pppoe(&ppp(ppp_protocol::IPV6, &ipv6(TCP, &tcp(44))), 0)))
        .streams(3)
        .case(file, proves)
}

fn padding_in_ip_length() -> Case {
    // Some access equipment takes the padded frame's length for the packet's. The true lengths are in PPPoE.
    let with_padding = |segment: &[u8], padding: u16| {
        let ip_bytes = 20 + segment.len() as u16;
        let header = Ipv4 { total_length: Some(ip_bytes + padding), ..Ipv4::default() };
        let session = pppoe(&ppp(ppp_protocol::IPV4, &header.carry(TCP, segment)), padding.into());
        ethernet(PPPOE_SESSION, &session)
    };
    Recording::ethernet()
        .tcp(0, with_padding(&tcp(0), 6))
        .tcp(5, with_padding(&tcp(5), 12))
        .streams(1)
        .case("pppoe_bounds_ip_length.pcap", "Padding that was written into the IP length is outside the PPPoE length")
}
