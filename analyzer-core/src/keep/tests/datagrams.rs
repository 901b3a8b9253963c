//! UDP: what names a server or tells that it is QUIC.

use super::*;

fn udp(ports: [u16; 2], payload: &[u8]) -> Vec<u8> {
    let mut bytes: Vec<u8> =
        ports.into_iter().chain([8 + payload.len() as u16, 0]).flat_map(u16::to_be_bytes).collect();
    bytes.extend_from_slice(payload);
    ipv4(17, 1, &bytes)
}

#[test]
fn only_what_the_analysis_or_a_name_needs() {
    const PORTS: [u16; 2] = [50_000, 443];
    let initial = [0xc3, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    let initial_2 = [0xd3, 0x6b, 0x33, 0x43, 0xcf, 20, 1, 2, 3];
    let google = [0x0d, 1, 2, 3, 4, 5, 6, 7, 8, b'Q', b'0', b'4', b'3', 9, 9];
    for (name, ports, payload, expected) in [
        ("Initial, version 1", PORTS, &initial[..], &initial[..]),
        ("Initial of a draft", PORTS, &[0xc3, 0xff, 0, 0, 29, 1, 2], &[0xc3, 0xff, 0, 0, 29, 1, 2]),
        ("Initial of an early draft", PORTS, &[0xc3, 0xff, 0, 0, 22, 1, 2], &[0xc3, 0xff, 0, 0, 22]),
        ("Initial, another port", [50_000, 8_443], &initial, &initial),
        ("Initial, version 2", PORTS, &initial_2, &initial_2),
        ("0-RTT, version 1", PORTS, &[0xd3, 0, 0, 0, 1, 8, 1, 2], &[0xd3, 0, 0, 0, 1]),
        ("Handshake, version 2", PORTS, &[0xf3, 0x6b, 0x33, 0x43, 0xcf, 0, 0], &[0xf3, 0x6b, 0x33, 0x43, 0xcf]),
        ("RTP that begins as version 1 does", [4_000, 4_001], &[0x80, 0, 0, 0, 1, 8, 1, 2], &[0x80, 0, 0, 0, 1]),
        ("a connection id that is too long", PORTS, &[0xc3, 0, 0, 0, 1, 21, 1, 2], &[0xc3, 0, 0, 0, 1]),
        ("version negotiation", PORTS, &[0x80, 0, 0, 0, 0, 9, 9], &[0x80, 0, 0, 0, 0]),
        ("Google's", PORTS, &google, &[0x0d, 0, 0, 0, 0, 0, 0, 0, 0, b'Q', b'0', b'4', b'3']),
        ("short header", PORTS, &[0x4f, 1, 2, 3], &[]),
        ("not QUIC, on its port", PORTS, &[0x17, 0xfe, 0xfd, 1], &[0]),
        ("not QUIC, on another port", [50_000, 3_478], &[0x17, 0xfe, 0xfd, 1], &[]),
        ("DNS", [50_000, 53], &[1, 2, 3], &[1, 2, 3]),
        ("DNS, the answer", [53, 50_000], &[1, 2, 3], &[1, 2, 3]),
        ("empty", PORTS, &[], &[]),
    ] {
        let bytes = udp(ports, payload);
        for keep in [Keep::Names, Keep::Records] {
            assert_eq!(payload_of(&mut keeper(keep), &bytes, 28), expected, "{name}, {keep}");
        }
        assert_eq!(payload_of(&mut keeper(Keep::Headers), &bytes, 28), b"", "{name}, headers");
        let (whole, kept) = (payload, expected);
        let is_quic = |payload| crate::object::quic::looks_like_quic(ports, payload);
        assert_eq!(is_quic(whole), is_quic(kept), "{name}: the analysis says the same");
    }
}
