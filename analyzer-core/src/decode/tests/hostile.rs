//! Bytes that nobody sends: no panic, and what comes out stays within the packet.

use super::*;

/// xorshift64* (Vigna): the same packets in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 33).expect("31 bits") % bound.max(1)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }
}

const LINK_TYPES: [u16; 15] = [0, 1, 9, 12, 14, 50, 101, 104, 108, 113, 127, 228, 229, 276, 65535];

fn assert_within(decoder: &mut Decoder, packet: &Packet<'_>) {
    let Ok(segment) = decoder.decode(packet) else { return };
    let wire_bytes = packet.wire_bytes.max(u32::try_from(packet.captured.len()).expect("short"));
    assert!(segment.payload.len() <= usize::try_from(segment.payload_bytes).expect("32 bits"), "{packet:?}");
    assert!(segment.payload_bytes <= segment.ip_bytes, "{packet:?}");
    assert!(segment.ip_bytes <= wire_bytes, "{packet:?}");
    assert_eq!(segment.tcp.is_some(), segment.transport == Transport::Tcp);
}

#[test]
fn random_bytes_on_every_link_type() {
    let mut random = Random(1);
    let mut decoder = Decoder::default();
    for _ in 0..20_000 {
        let captured: Vec<u8> = (0..random.below(120)).map(|_| random.byte()).collect();
        for link_type in LINK_TYPES {
            let wire_bytes = u32::from(random.byte()) << random.below(25);
            assert_within(&mut decoder, &Packet { wire_bytes, ..packet(0, link_type, &captured) });
        }
    }
}

#[test]
fn flipped_and_cut_packets() {
    let mut random = Random(2);
    let mut decoder = Decoder::default();
    for Case { link_type, bytes, .. } in all_cases() {
        for second in 0..2_000 {
            let mut bytes = bytes.clone();
            for _ in 0..=random.below(4) {
                if let Some(byte) = {
                    let index = random.below(bytes.len());
                    bytes.get_mut(index)
                } {
                    *byte = if random.below(2) == 0 { *byte ^ (1 << random.below(8)) } else { random.byte() };
                }
            }
            let whole = packet(second, link_type, &bytes);
            let cut = Packet { captured: &bytes[..random.below(bytes.len() + 1)], ..whole };
            assert_within(&mut decoder, &whole);
            assert_within(&mut decoder, &cut);
        }
    }
}

#[test]
fn the_longest_wire_length_does_not_overflow() {
    for Case { link_type, bytes, .. } in all_cases() {
        let claimed = Packet { wire_bytes: u32::MAX, ..packet(0, link_type, &bytes) };
        assert_within(&mut Decoder::default(), &claimed);
    }
}

#[test]
fn the_same_packets_give_the_same_segments() {
    let decode_all = || {
        let mut decoder = Decoder::default();
        all_cases()
            .iter()
            .map(|case| describe(&decoder.decode(&packet(0, case.link_type, &case.bytes))))
            .collect::<Vec<_>>()
    };
    assert_eq!(decode_all(), decode_all());
}
