//! IP, tunnels, TCP and UDP.

use super::build::{
    authentication, ethernet, extension, fragment_header, gre, ipv4, ipv4_announcing, ipv6, ipv6_announcing, join,
    jumbo, mpls, pptp, tcp, tcp_with_options, udp, udp_announcing,
};
use super::{ACK, Case, ETHERNET, IP4, IP6, TCP, UDP, case};

const PPP: u16 = 0x880b;
const PADDING: [u8; 10] = [0; 10];

pub(super) fn cases() -> Vec<Case> {
    let on_ethernet =
        |name, version, bytes: Vec<u8>, expected| case(name, ETHERNET, ethernet(version, &bytes), expected);
    let v4 = |name, bytes, expected| on_ethernet(name, IP4, bytes, expected);
    let v6 = |name, bytes, expected| on_ethernet(name, IP6, bytes, expected);
    let in_gre = |flags, ether_type, bytes: &[u8]| ipv4(47, &gre(flags, ether_type, bytes));
    let (inner_v4, inner_v6) = (ipv4(UDP, &udp(9)), ipv6(TCP, &tcp(ACK, 9)));
    let nested = |depth| (0..depth).fold(inner_v4.clone(), |inner, _| ipv4(4, &inner));
    let options = |n| (0..n).fold((UDP, udp(4)), |(next, rest), _| (60, extension(next, &rest)));

    vec![
        // Lengths
        v4("TCP options", ipv4(TCP, &tcp_with_options(8)), "tcp 8 B of 60"),
        v4("pure ACK in a padded frame", join(&[&ipv4(TCP, &tcp(ACK, 0)), &[0; 6]]), "tcp 0 B of 40"),
        v4("UDP shorter than IP", ipv4(UDP, &udp_announcing(12, 30)), "udp 4 B of 58"),
        v4("UDP longer than IP", ipv4(UDP, &udp_announcing(500, 30)), "udp 30 B of 58"),
        v4("UDP length below its header", ipv4(UDP, &udp_announcing(3, 30)), "udp 0 B of 58"),
        v4("UDP length 0", ipv4(UDP, &udp_announcing(0, 30)), "udp 30 B of 58"),
        v4("IPv4 length 0", ipv4_announcing(0, TCP, &tcp(ACK, 700)), "tcp 700 B of 740"),
        v6("IPv6 length 0", ipv6_announcing(0, TCP, &tcp(ACK, 700)), "tcp 700 B of 760"),
        v6("jumbogram", join(&[&ipv6_announcing(0, 0, &jumbo(38, TCP, &tcp(ACK, 10))), &PADDING]), "tcp 10 B of 78"),
        v4("IP longer than its frame", ipv4_announcing(900, TCP, &tcp(ACK, 7)), "tcp 7 B of 47"),
        v4("IP shorter than its header", ipv4_announcing(19, TCP, &tcp(ACK, 7)), "network: malformed"),
        v4("IP shorter than TCP's header", ipv4_announcing(39, TCP, &tcp(ACK, 7)), "transport: malformed"),
        v4("IP shorter than UDP's header", ipv4_announcing(27, UDP, &udp(7)), "transport: malformed"),
        v4("TCP header below 20", ipv4(TCP, &with_byte(tcp(ACK, 7), 12, 0x40)), "transport: malformed"),
        v4("TCP header beyond IP", ipv4(TCP, &with_byte(tcp(ACK, 7), 12, 0xf0)), "transport: malformed"),
        v4("IPv4 header below 20", with_byte(ipv4(TCP, &tcp(ACK, 7)), 0, 0x44), "network: malformed"),
        v4("IPv4 options", with_byte(ipv4(TCP, &join(&[&[1; 4], &tcp(ACK, 7)])), 0, 0x46), "tcp 7 B of 51"),
        // Other protocols
        v4("ICMP quoting UDP", ipv4(1, &join(&[&[3, 3, 0, 0, 0, 0, 0, 0], &inner_v4])), "network: other_protocol 1"),
        v6(
            "ICMPv6 quoting TCP",
            ipv6(58, &join(&[&[1, 4, 0, 0, 0, 0, 0, 0], &inner_v6])),
            "network: other_protocol 58",
        ),
        v4("SCTP", ipv4(132, &[0; 20]), "network: other_protocol 132"),
        v6("ESP", ipv6(50, &[0; 20]), "network: other_protocol 50"),
        v6("no next header", ipv6(59, &[]), "network: other_protocol 59"),
        v4("IPv6's options in IPv4", ipv4(60, &extension(UDP, &udp(1))), "network: other_protocol 60"),
        // Extension headers
        v6(
            "hop-by-hop, routing, destination",
            ipv6(0, &extension(43, &extension(60, &extension(TCP, &tcp(ACK, 4))))),
            "tcp 4 B of 112",
        ),
        v6("atomic fragment", ipv6(44, &fragment_header(UDP, 0, false, &udp(4))), "udp 4 B of 60"),
        v4("authentication header", ipv4(51, &authentication(TCP, &tcp(ACK, 4))), "tcp 4 B of 60"),
        v6("authentication header, IPv6", ipv6(51, &authentication(UDP, &udp(4))), "udp 4 B of 68"),
        v6(
            "authentication header of no length",
            ipv6(51, &with_byte(authentication(UDP, &udp(4)), 1, 0)),
            "network: malformed",
        ),
        v6("15 destination options", ipv6(60, &options(15).1), "udp 4 B of 292"),
        v6("16 destination options", ipv6(60, &options(16).1), "network: too_deep"),
        // Tunnels
        v4("IPv4 in IPv4", ipv4(4, &inner_v4), "udp 9 B of 57"),
        v4("IPv6 in IPv4", ipv4(41, &inner_v6), "tcp 9 B of 89"),
        v6("IPv4 in IPv6", ipv6(4, &inner_v4), "udp 9 B of 77"),
        v6("IPv6 in IPv6", ipv6(41, &inner_v6), "tcp 9 B of 109"),
        v4("IPv6 where IPv4 is announced", ipv4(4, &inner_v6), "network: malformed"),
        v4(
            "inner length beyond the outer",
            ipv4(4, &ipv4_announcing(900, UDP, &udp_announcing(0, 9))),
            "udp 9 B of 57",
        ),
        v4("7 tunnels", nested(7), "udp 9 B of 177"),
        v4("8 tunnels", nested(8), "network: too_deep"),
        v4("UDP tunnels are streams", ipv4(UDP, &join(&[&udp_announcing(45, 0), &inner_v4])), "udp 37 B of 65"),
        // GRE
        v4("GRE IPv4", in_gre(0, IP4, &inner_v4), "udp 9 B of 61"),
        v4("GRE IPv6 with checksum, key, sequence", in_gre(0xb0, IP6, &inner_v6), "tcp 9 B of 105"),
        v4("GRE Ethernet", in_gre(0x20, 0x6558, &ethernet(IP4, &inner_v4)), "udp 9 B of 79"),
        v4("GRE PPP", in_gre(0, PPP, &join(&[&[0, 0x21], &inner_v4])), "udp 9 B of 63"),
        v4("GRE MPLS", in_gre(0, 0x8847, &mpls(true, &inner_v4)), "udp 9 B of 65"),
        v4("GRE in GRE", in_gre(0, IP4, &in_gre(0x80, IP4, &inner_v4)), "udp 9 B of 89"),
        v4("GRE routing", in_gre(0x40, IP4, &inner_v4), "network: other_protocol 47"),
        v4("GRE ERSPAN", in_gre(0x10, 0x88be, &[0; 60]), "network: not_ip 0x88be"),
        v4("PPTP", ipv4(47, &pptp(false, &join(&[&[0xff, 3, 0, 0x21], &inner_v4]))), "udp 9 B of 73"),
        v4("PPTP acknowledging", ipv4(47, &pptp(true, &join(&[&[0x21], &inner_v4]))), "udp 9 B of 74"),
        v4("PPTP bounds IP", ipv4(47, &join(&[&pptp(false, &[0x21]), &inner_v4])), "network: malformed"),
        v4(
            "PPTP acknowledgment alone",
            ipv4(47, &[0x20, 0x81, 0x88, 0x0b, 0, 0, 0, 1, 0, 0, 0, 2]),
            "network: other_protocol 47",
        ),
    ]
}

fn with_byte(mut bytes: Vec<u8>, index: usize, value: u8) -> Vec<u8> {
    bytes[index] = value;
    bytes
}
