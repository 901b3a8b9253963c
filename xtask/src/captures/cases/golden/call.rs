//! A voice call: packets of RTP's form every 20 ms both ways.

use super::conversation::{Ends, MILLISECOND_NS, SECOND_NS, Side, UdpTalk, merged};
use super::random::Random;
use crate::captures::case::Case;
use crate::captures::packet::Packet;

const PACKET_NS: i64 = 20 * MILLISECOND_NS;
/// Ticks of a 48 kHz clock in 20 ms.
const TICKS_PER_PACKET: u32 = 960;
const RTP_HEADER_BYTES: usize = 12;

pub(super) fn case() -> Case {
    let pause_ns = 1_500 * MILLISECOND_NS;
    merged([
        call(Ends::v4(40_000, 40_002), &[0, 2 * SECOND_NS + pause_ns], 100, 5),
        call(Ends::v6(40_004, 40_006), &[700 * MILLISECOND_NS], 60, 6),
    ])
    .case("golden_call.pcap", "Voice every 20 ms both ways; in one call both sides pause for 1.5 s")
    .made(
        "an IPv4 call of two times 2 s and an IPv6 call of 1.2 s; 72 to 140 bytes a packet; cut behind the RTP header",
    )
}

fn call(ends: Ends, spurts_after_ns: &[i64], packets: u32, seed: u64) -> Vec<Packet> {
    let mut random = Random::seeded(seed);
    let mut talk = UdpTalk { ends, kept_payload_bytes: RTP_HEADER_BYTES, packets: Vec::new() };
    for (spurt, &begin_ns) in (0..).zip(spurts_after_ns) {
        for index in 0..packets {
            let at_ns = begin_ns + i64::from(index) * PACKET_NS;
            let number = spurt * packets + index;
            let ticks = (begin_ns / PACKET_NS) as u32 * TICKS_PER_PACKET + index * TICKS_PER_PACKET;
            let jitter_ns = random.between(0, 4_000) as i64 * 1_000;
            talk.send(Side::Client, at_ns, &rtp(number, ticks, 0xc11e), random.between(72, 140));
            // The other side's clock is 7 ms later, and its packets come a long way.
            let at_ns = at_ns + 7 * MILLISECOND_NS + jitter_ns;
            talk.send(Side::Server, at_ns, &rtp(number, ticks, 0x5e4e), random.between(72, 140));
        }
    }
    talk.packets
}

/// RFC 3550 §5.1, payload type 111.
fn rtp(number: u32, ticks: u32, source: u32) -> Vec<u8> {
    [&[0x80, 111], &(number as u16).to_be_bytes()[..], &ticks.to_be_bytes(), &source.to_be_bytes()].concat()
}
