//! HTTP/3: what QUIC shows without keys is the size and time of its datagrams and the form of their first byte.

use super::conversation::{CLIENT_LEG_NS, Ends, MILLISECOND_NS, PACKET_NS, SERVER_LEG_NS, Side, UdpTalk, merged};
use super::random::Random;
use crate::captures::case::Case;
use crate::captures::packet::Packet;

/// RFC 9000 §14.1: datagrams with an Initial packet are filled up to this.
const INITIAL_BYTES: usize = 1_200;
const FULL_BYTES: usize = 1_252;
const ACK_BYTES: usize = 34;
/// Enough for the long header with both connection identifiers.
const KEPT_BYTES: usize = 32;
const REQUESTS: usize = 8;

/// First bytes of long headers: fixed bit, packet type, and a packet number of four bytes.
const INITIAL: u8 = 0xc3;
const HANDSHAKE: u8 = 0xe3;

pub(super) fn case() -> Case {
    merged([connection(Ends::v4(53_001, 443), 0, 7), connection(Ends::v6(53_002, 443), 250 * MILLISECOND_NS, 8)])
        .case("golden_quic.pcap", "QUIC version 1: requests of 336 bytes and more; acknowledgments of 34; downloads")
        .made("two connections; on each 8 requests and responses of 4 to 24 datagrams; cut after 32 bytes of payload")
}

fn connection(ends: Ends, after_ns: i64, seed: u64) -> Vec<Packet> {
    let mut random = Random::seeded(seed);
    let mut talk = UdpTalk { ends, kept_payload_bytes: KEPT_BYTES, packets: Vec::new() };
    let mut now_ns = after_ns;
    talk.send(Side::Client, now_ns, &long_header(INITIAL, INITIAL_BYTES), INITIAL_BYTES);
    now_ns += SERVER_LEG_NS;
    for (first_byte, payload_bytes) in [(INITIAL, INITIAL_BYTES), (HANDSHAKE, INITIAL_BYTES), (HANDSHAKE, 843)] {
        talk.send(Side::Server, now_ns, &long_header(first_byte, payload_bytes), payload_bytes);
        now_ns += PACKET_NS;
    }
    now_ns += CLIENT_LEG_NS;
    talk.send(Side::Client, now_ns, &long_header(INITIAL, INITIAL_BYTES), INITIAL_BYTES);
    talk.send(Side::Client, now_ns + PACKET_NS, &long_header(HANDSHAKE, 81), 81);
    now_ns += SERVER_LEG_NS;
    talk.send(Side::Server, now_ns, &short_header(), 257);
    for _ in 0..REQUESTS {
        now_ns += random.between(300, 1_800) as i64 * MILLISECOND_NS;
        talk.send(Side::Client, now_ns, &short_header(), random.between(336, 620));
        now_ns += SERVER_LEG_NS + random.between(2, 12) as i64 * MILLISECOND_NS;
        for index in 0..random.between(3, 23) {
            talk.send(Side::Server, now_ns, &short_header(), FULL_BYTES);
            if index % 2 == 1 {
                talk.send(Side::Client, now_ns + CLIENT_LEG_NS, &short_header(), ACK_BYTES);
            }
            now_ns += PACKET_NS;
        }
        talk.send(Side::Server, now_ns, &short_header(), random.between(120, FULL_BYTES - 1));
        now_ns += CLIENT_LEG_NS;
        talk.send(Side::Client, now_ns, &short_header(), ACK_BYTES);
    }
    talk.packets
}

/// RFC 9000 §17.2: version 1, two connection identifiers of 8 bytes, no token (only an Initial packet has that field),
/// and the length of the rest as a number of two bytes.
fn long_header(first_byte: u8, payload_bytes: usize) -> Vec<u8> {
    let mut bytes = [&[first_byte, 0, 0, 0, 1, 8][..], &[0xd1; 8], &[8], &[0x51; 8]].concat();
    bytes.extend(if first_byte == INITIAL { &[0][..] } else { &[] });
    let rest_bytes = payload_bytes - bytes.len() - 2;
    bytes.extend((0x4000 | rest_bytes as u16).to_be_bytes());
    bytes
}

/// RFC 9000 §17.3: the peer's connection identifier follows the first byte.
fn short_header() -> Vec<u8> {
    [&[0x43][..], &[0xd1; 8]].concat()
}
