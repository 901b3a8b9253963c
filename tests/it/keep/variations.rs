//! The same for what recordings are like: begun late, with losses, in another order, with other segments.

use super::captures::{each as each_capture, truth};
use super::plain::with_ciphertext;
use super::rewrite::kept;
use super::same::check_records;
use crate::support::Packet;
use analyzer_core::keep::Keep;
use std::path::PathBuf;

/// So many packets of each capture have all that can go wrong.
const PACKETS: usize = 3_000;

/// The beginning of every capture as it is, and with what looks like record headers all over its payload.
fn each(paths: Vec<PathBuf>, mut check: impl FnMut(&str, Vec<Packet>)) {
    each_capture(paths, |name, mut packets| {
        packets.truncate(PACKETS);
        check(&format!("{name} with ciphertext"), with_ciphertext(&packets));
        check(name, packets);
    });
}

/// Numbers that look random and are the same everywhere (xorshift*).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) % end
    }
}

#[test]
fn recordings_that_begin_late() {
    each(truth(), |name, packets| {
        for share in [1, 5, 30, 60] {
            check_records(&format!("{name} without its first {share} %"), &packets[packets.len() * share / 100..]);
        }
    });
}

#[test]
fn recordings_with_losses() {
    each(truth(), |name, packets| {
        for (share, seed) in [(1, 11), (5, 12), (5, 13), (30, 14)] {
            let mut chance = Chance(seed);
            let received: Vec<Packet> = packets.iter().filter(|_| chance.below(100) >= share).cloned().collect();
            check_records(&format!("{name} without {share} % of its packets"), &received);
        }
    });
}

#[test]
fn recordings_in_another_order() {
    each(truth(), |name, mut packets| {
        let mut chance = Chance(21);
        for at in 1..packets.len() {
            if chance.below(20) == 0 {
                let back = chance.below(6) as usize;
                packets.swap(at, at.saturating_sub(back));
            }
        }
        check_records(&format!("{name} reordered"), &packets);
    });
}

#[test]
fn recordings_cut_by_a_snaplen() {
    each(truth(), |name, mut packets| {
        let mut chance = Chance(31);
        for packet in &mut packets {
            let bytes = [54, 60, 68, 96, 400, 65_535][chance.below(6) as usize];
            packet.captured.truncate(bytes);
        }
        check_records(&format!("{name} cut"), &packets);
    });
}

#[test]
fn small_segments_divide_headers() {
    each(truth(), |name, packets| {
        for (least, most) in [(1, 7), (1, 40), (3, 1_000)] {
            let mut chance = Chance(41);
            let mut divided = Vec::new();
            for packet in &packets {
                divide(packet, || (least + chance.below(most - least + 1)) as usize, &mut divided);
                if divided.len() > 10 * PACKETS {
                    break;
                }
            }
            let name = format!("{name} in segments of {least} to {most} bytes");
            check_records(&name, &divided);
            let mut received = divided.clone();
            received.retain(|_| chance.below(50) > 0);
            check_records(&format!("{name}, with losses"), &received);
        }
    });
}

/// A TCP packet over Ethernet and IPv4 as several ones; any other as it is.
fn divide(packet: &Packet, mut bytes: impl FnMut() -> usize, divided: &mut Vec<Packet>) {
    let frame = &packet.captured;
    let is_tcp = packet.link_type == 1
        && frame.len() == packet.wire_bytes as usize
        && frame.get(12..14) == Some(&[8, 0])
        && frame.get(14) == Some(&0x45)
        && frame.get(20..22).is_some_and(|fragment| fragment[0] & 0x3f == 0 && fragment[1] == 0)
        && frame.get(23) == Some(&6);
    let payload_at = if is_tcp { 34 + usize::from(frame[46] >> 4) * 4 } else { frame.len() };
    let end = if is_tcp { 14 + usize::from(u16::from_be_bytes([frame[16], frame[17]])) } else { frame.len() };
    if payload_at >= end || end > frame.len() || frame[47] & 0x02 != 0 {
        divided.push(packet.clone());
        return;
    }
    let sequence = u32::from_be_bytes([frame[38], frame[39], frame[40], frame[41]]);
    let mut at = payload_at;
    while at < end {
        let until = end.min(at + bytes());
        let mut piece = frame[..payload_at].to_vec();
        piece.extend_from_slice(&frame[at..until]);
        let total = (piece.len() - 14) as u16;
        piece[16..18].copy_from_slice(&total.to_be_bytes());
        piece[38..42].copy_from_slice(&sequence.wrapping_add((at - payload_at) as u32).to_be_bytes());
        let time_ns = packet.time_ns + (at - payload_at) as i64;
        divided.push(Packet { time_ns, link_type: 1, wire_bytes: piece.len() as u32, captured: piece });
        at = until;
    }
}

/// What is kept of what was kept is the same again.
#[test]
fn keeping_twice_changes_nothing() {
    each(truth(), |name, packets| {
        for keep in Keep::ALL {
            let once = kept(keep, &packets);
            assert!(kept(keep, &once) == once, "{name}: {keep}");
        }
    });
}
