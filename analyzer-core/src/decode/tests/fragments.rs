//! Fragments: each case is a sequence of packets, and the lines that tell what they become.

use super::build::{
    authentication, ethernet, extension, fragment_header, ipv4, ipv4_fragment, ipv6, tcp, tcp_with_options, udp,
    udp_announcing,
};
use super::*;

const SYN: u8 = 0x02;
const UNMATCHED: &str = "network: later_fragment";

/// Decodes IP packets, each with its second of capture time, in one decoder.
fn check(packets: &[(i64, u16, Vec<u8>, &str)]) {
    let mut decoder = Decoder::default();
    for (index, (second, version, ip, expected)) in packets.iter().enumerate() {
        let bytes = ethernet(*version, ip);
        let found = decoder.decode(&packet(*second, ETHERNET, &bytes));
        assert_eq!(describe(&found), *expected, "packet {index}");
    }
}

/// A UDP datagram of 40 payload bytes, cut after 24 bytes of it and its header.
fn udp_pieces() -> (Vec<u8>, Vec<u8>) {
    let datagram = udp(40);
    (datagram[..32].to_vec(), datagram[32..].to_vec())
}

#[test]
fn each_fragment_counts_the_bytes_it_carries() {
    let (first, rest) = udp_pieces();
    check(&[
        (0, IP4, ipv4_fragment(UDP, 0, true, &first), "udp 24 B of 52"),
        (0, IP4, ipv4_fragment(UDP, 32, true, &rest[..8]), "udp later 8 B of 28"),
        (1, IP4, ipv4_fragment(UDP, 40, false, &rest[8..]), "udp later 8 B of 28"),
    ]);
}

#[test]
fn ipv6_fragments_join_behind_their_extension_headers() {
    let datagram = extension(UDP, &udp(40));
    check(&[
        (0, IP6, ipv6(0, &extension(44, &fragment_header(60, 0, true, &datagram[..48]))), "udp 24 B of 112"),
        (0, IP6, ipv6(0, &extension(44, &fragment_header(60, 48, false, &datagram[48..]))), "udp later 16 B of 80"),
    ]);
}

#[test]
fn authentication_header_is_not_payload() {
    let datagram = authentication(TCP, &tcp(ACK, 44));
    check(&[
        (0, IP4, ipv4_fragment(51, 0, true, &datagram[..64]), "tcp 28 B of 84"),
        (0, IP4, ipv4_fragment(51, 64, false, &datagram[64..]), "tcp later 16 B of 36"),
    ]);
}

#[test]
fn what_lies_beyond_the_udp_length_is_not_payload() {
    let datagram = udp_announcing(44, 40);
    check(&[
        (0, IP4, ipv4_fragment(UDP, 0, true, &datagram[..32]), "udp 24 B of 52"),
        (0, IP4, ipv4_fragment(UDP, 32, true, &datagram[32..]), "udp later 12 B of 36"),
        (0, IP4, ipv4_fragment(UDP, 48, false, &[0; 8]), "udp later 0 B of 28"),
    ]);
}

#[test]
fn a_tunnel_in_fragments_is_walked() {
    let inner = ipv4(UDP, &udp(40));
    check(&[
        (0, IP4, ipv4_fragment(4, 0, true, &inner[..48]), "udp 20 B of 68"),
        (0, IP4, ipv4_fragment(4, 48, false, &inner[48..]), "udp later 20 B of 40"),
    ]);
}

#[test]
fn fragments_in_a_tunnel_join() {
    let (first, rest) = udp_pieces();
    check(&[
        (0, IP6, ipv6(4, &ipv4_fragment(UDP, 0, true, &first)), "udp 24 B of 92"),
        (0, IP6, ipv6(4, &ipv4_fragment(UDP, 32, false, &rest)), "udp later 16 B of 76"),
    ]);
}

#[test]
fn a_fragment_of_a_fragment_joins_both_datagrams() {
    let datagram = udp(200);
    let inner_first = ipv4_fragment(UDP, 0, true, &datagram[..104]);
    let inner_later = ipv4_fragment(UDP, 104, false, &datagram[104..]);
    check(&[
        (0, IP6, ipv6(44, &fragment_header(4, 0, true, &inner_first[..64])), "udp 36 B of 112"),
        (0, IP6, ipv6(44, &fragment_header(4, 64, false, &inner_first[64..])), "udp later 60 B of 108"),
        (0, IP6, ipv6(44, &fragment_header(4, 0, true, &inner_later[..64])), "udp later 44 B of 112"),
        (0, IP6, ipv6(44, &fragment_header(4, 64, false, &inner_later[64..])), "udp later 60 B of 108"),
    ]);
}

#[test]
fn later_fragments_without_a_first_are_told() {
    let (first, rest) = udp_pieces();
    check(&[
        (0, IP4, ipv4_fragment(UDP, 32, false, &rest), UNMATCHED),
        (0, IP4, ipv4_fragment(UDP, 0, true, &first), "udp 24 B of 52"),
        (0, IP4, ipv4_fragment(TCP, 32, false, &rest), UNMATCHED),
        (0, IP6, ipv6(44, &fragment_header(UDP, 32, false, &rest)), UNMATCHED),
    ]);
}

#[test]
fn datagrams_are_forgotten_30_seconds_after_their_first_fragment() {
    let (first, rest) = udp_pieces();
    let later = || ipv4_fragment(UDP, 32, false, &rest);
    check(&[
        (100, IP4, ipv4_fragment(UDP, 0, true, &first), "udp 24 B of 52"),
        (130, IP4, later(), "udp later 16 B of 36"),
        (131, IP4, later(), UNMATCHED),
        (99, IP4, later(), "udp later 16 B of 36"),
        (131, IP4, ipv4_fragment(UDP, 0, true, &first), "udp 24 B of 52"),
        (161, IP4, later(), "udp later 16 B of 36"),
    ]);
}

#[test]
fn a_first_fragment_without_ports_ends_the_datagram_before_it() {
    let (first, rest) = udp_pieces();
    check(&[
        (0, IP4, ipv4_fragment(UDP, 0, true, &first), "udp 24 B of 52"),
        (1, IP4, ipv4_fragment(UDP, 0, true, &first[..4]), "transport: truncated"),
        (1, IP4, ipv4_fragment(UDP, 32, false, &rest), UNMATCHED),
    ]);
}

#[test]
fn padding_behind_a_first_fragment_is_not_read_as_its_datagram() {
    let mut padded = ipv4_fragment(TCP, 0, true, &tcp(ACK, 44)[..8]);
    padded.extend(tcp(ACK, 44));
    check(&[(0, IP4, padded, "transport: truncated")]);
}

#[test]
fn tcp_fragments_continue_the_sequence() {
    let mut decoder = Decoder::default();
    let datagram = {
        let mut datagram = tcp_with_options(100);
        datagram[13] = ACK | SYN;
        datagram
    };
    let mut decode = |offset_bytes, more, bytes: &[u8]| {
        let frame = ethernet(IP4, &ipv4_fragment(TCP, offset_bytes, more, bytes));
        let segment = decoder.decode(&packet(0, ETHERNET, &frame)).expect("a TCP segment");
        (segment.tcp.expect("TCP's numbers"), segment.payload.len())
    };
    // The options reach into the second fragment.
    let (first, first_payload) = decode(0, true, &datagram[..24]);
    let (second, second_payload) = decode(24, true, &datagram[24..72]);
    let (third, third_payload) = decode(72, false, &datagram[72..]);
    assert_eq!((first.sequence, first_payload), (100, 0));
    assert_eq!((second.sequence, second_payload), (101, 40));
    assert_eq!((third.sequence, third_payload), (141, 60));
    assert_eq!((first.flags, third.flags), (TcpFlags(ACK | SYN), TcpFlags(ACK)));
    assert_eq!(third.acknowledgment, 200);
}

#[test]
fn the_table_is_bounded_and_drops_the_oldest() {
    let (first, rest) = udp_pieces();
    let mut decoder = Decoder::default();
    let mut decode = |identification: u16, offset_bytes, bytes: &[u8]| {
        let mut ip = ipv4_fragment(UDP, offset_bytes, offset_bytes == 0, bytes);
        ip[4..6].copy_from_slice(&identification.to_be_bytes());
        describe(&decoder.decode(&packet(0, ETHERNET, &ethernet(IP4, &ip))))
    };
    for identification in 0..=4096 {
        assert_eq!(decode(identification, 0, &first), "udp 24 B of 52");
    }
    assert_eq!(decode(0, 32, &rest), UNMATCHED);
    for identification in 1..=4096 {
        assert_eq!(decode(identification, 32, &rest), "udp later 16 B of 36");
    }
}
