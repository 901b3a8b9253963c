//! Link layers and what sits between them and IP.

use super::build::{
    ethernet, ieee_802_3, ipv4, ipv4_announcing, ipv6, join, mpls, pppoe, sll, sll2, snap, tcp, udp, vlan,
};
use super::{ACK, Case, ETHERNET, IP4, IP6, TCP, UDP, case};

const LLC_IP: [u8; 3] = [6, 6, 3];
const PADDING: [u8; 10] = [0; 10];

pub(super) fn cases() -> Vec<Case> {
    let v4 = ipv4(TCP, &tcp(ACK, 5));
    let v6 = ipv6(UDP, &udp(5));
    let found_v4 = "tcp 5 B of 45";
    let found_v6 = "udp 5 B of 53";
    let tags = |n: usize| (0..n).fold((IP4, v4.clone()), |(ty, inner), _| (0x8100, vlan(ty, &inner)));
    let tagged = |n| tags(n).1;
    let greedy_v4 = ipv4_announcing(55, TCP, &join(&[&tcp(ACK, 5), &PADDING]));

    vec![
        // Ethernet
        case("IPv4", ETHERNET, ethernet(IP4, &v4), found_v4),
        case("IPv6", ETHERNET, ethernet(IP6, &v6), found_v6),
        case("padding and FCS", ETHERNET, ethernet(IP4, &join(&[&v4, &PADDING])), found_v4),
        case("ARP", ETHERNET, ethernet(0x0806, &[0; 28]), "link: not_ip 0x0806"),
        case("IPv6 under IPv4's type", ETHERNET, ethernet(IP4, &v6), "network: malformed"),
        case("neither 4 nor 6", ETHERNET, ethernet(IP4, &[0x55; 40]), "network: malformed"),
        case("no IP header", ETHERNET, ethernet(IP4, &[]), "network: malformed"),
        case("half an Ethernet header", ETHERNET, vec![2; 9], "link: malformed"),
        case("no bytes", ETHERNET, vec![], "link: empty"),
        // Tags
        case("802.1Q", ETHERNET, ethernet(0x8100, &tagged(1)), found_v4),
        case("802.1ad and 802.1Q", ETHERNET, ethernet(0x88a8, &tagged(2)), found_v4),
        case("0x9100", ETHERNET, ethernet(0x9100, &vlan(IP6, &v6)), found_v6),
        case("14 tags", ETHERNET, ethernet(0x8100, &tagged(14)), found_v4),
        case("40 tags", ETHERNET, ethernet(0x8100, &tagged(40)), "link: too_deep"),
        // 802.3, LLC, SNAP
        case("SNAP", ETHERNET, ieee_802_3(&snap(IP4, &v4)), found_v4),
        case("802.3 under a tag", ETHERNET, ethernet(0x8100, &join(&[&[0, 5, 0, 61], &snap(IP6, &v6)])), found_v6),
        case("802.3 bounds IP", ETHERNET, join(&[&[2; 12], &[0, 53], &snap(IP4, &greedy_v4)]), found_v4),
        case("LLC IP", ETHERNET, ieee_802_3(&join(&[&LLC_IP, &v4])), found_v4),
        case("spanning tree", ETHERNET, ieee_802_3(&[0x42, 0x42, 3, 0, 0]), "link: not_ip 0x0042"),
        case("SNAP of Cisco", ETHERNET, ieee_802_3(&[0xaa, 0xaa, 3, 0, 0, 12, 0x20, 0]), "link: not_ip 0x2000"),
        case("802.3 length 0", ETHERNET, ethernet(0, &LLC_IP), "link: malformed"),
        case("neither length nor type", ETHERNET, ethernet(1501, &v4), "link: not_ip 0x05dd"),
        // MPLS
        case("MPLS", ETHERNET, ethernet(0x8847, &mpls(true, &v4)), found_v4),
        case("MPLS stack", ETHERNET, ethernet(0x8848, &mpls(false, &mpls(true, &v6))), found_v6),
        case("pseudowire", ETHERNET, ethernet(0x8847, &mpls(true, &join(&[&[0; 4], &ethernet(IP4, &v4)]))), found_v4),
        case("MPLS, unknown below", ETHERNET, ethernet(0x8847, &mpls(true, &[0x10; 40])), "link: not_ip 0x8847"),
        // PPPoE
        case("PPPoE", ETHERNET, ethernet(0x8864, &pppoe(&join(&[&[0, 0x21], &v4]))), found_v4),
        case("PPPoE IPv6", ETHERNET, ethernet(0x8864, &pppoe(&join(&[&[0, 0x57], &v6]))), found_v6),
        case(
            "PPPoE bounds IP",
            ETHERNET,
            ethernet(0x8864, &join(&[&[0x11, 0, 0, 1, 0, 47, 0, 0x21], &greedy_v4])),
            found_v4,
        ),
        case("PPPoE LCP", ETHERNET, ethernet(0x8864, &pppoe(&[0xc0, 0x21, 9, 0])), "link: not_ip 0xc021"),
        case("PPPoE discovery", ETHERNET, ethernet(0x8863, &[0x11, 9, 0, 0, 0, 0]), "link: not_ip 0x8863"),
        // PPP
        case("PPP", 9, join(&[&[0, 0x21], &v4]), found_v4),
        case("PPP framed", 9, join(&[&[0xff, 3, 0, 0x57], &v6]), found_v6),
        case("PPP compressed", 9, join(&[&[0x21], &v4]), found_v4),
        case("PPP framed, compressed", 9, join(&[&[0xff, 3, 0x57], &v6]), found_v6),
        case("PPP MPLS", 9, join(&[&[2, 0x81], &mpls(true, &v4)]), found_v4),
        case("PPP in HDLC", 50, join(&[&[0xff, 3, 0, 0x21], &v4]), found_v4),
        case("Cisco HDLC", 50, join(&[&[0x0f, 0, 8, 0], &v4]), found_v4),
        case("Cisco HDLC by its own type", 104, join(&[&[0x8f, 0, 0x86, 0xdd], &v6]), found_v6),
        // Loopback
        case("NULL little-endian", 0, join(&[&[2, 0, 0, 0], &v4]), found_v4),
        case("NULL big-endian", 0, join(&[&[0, 0, 0, 2], &v4]), found_v4),
        case("NULL Linux IPv6", 0, join(&[&[10, 0, 0, 0], &v6]), found_v6),
        case("NULL NetBSD IPv6", 0, join(&[&[24, 0, 0, 0], &v6]), found_v6),
        case("NULL FreeBSD IPv6", 0, join(&[&[0, 0, 0, 28], &v6]), found_v6),
        case("NULL macOS IPv6", 0, join(&[&[30, 0, 0, 0], &v6]), found_v6),
        case("NULL AppleTalk", 0, join(&[&[16, 0, 0, 0], &v4]), "link: not_ip 0x0010"),
        case("LOOP", 108, join(&[&[0, 0, 0, 24], &v6]), found_v6),
        case("LOOP in the wrong order", 108, join(&[&[2, 0, 0, 0], &v4]), "link: not_ip 0x2000000"),
        // Raw IP
        case("raw IPv4", 101, v4.clone(), found_v4),
        case("raw IPv6", 101, v6.clone(), found_v6),
        case("raw IP, BSD number", 12, v4.clone(), found_v4),
        case("raw IP, OpenBSD number", 14, v6.clone(), found_v6),
        case("IPV4", 228, v4.clone(), found_v4),
        case("IPV6", 229, v6.clone(), found_v6),
        case("IPv6 in IPV4", 228, v6.clone(), "network: malformed"),
        // Linux cooked
        case("SLL", 113, sll(IP4, &v4), found_v4),
        case("SLL tagged", 113, sll(0x8100, &vlan(IP6, &v6)), found_v6),
        case("SLL 802.2", 113, sll(4, &snap(IP4, &v4)), found_v4),
        case("SLL2", 276, sll2(IP6, &v6), found_v6),
        case("SLL2 ARP", 276, sll2(0x0806, &[0; 28]), "link: not_ip 0x0806"),
        case("radiotap", 127, v4, "link: unsupported_link_type 127"),
    ]
}
