//! Reads one classic pcap as material for a mix.
//!
//! In: a file's bytes, in either byte order, in micro- or nanoseconds. Out: a [`Source`] of Ethernet frames; raw IP packets
//! get an Ethernet header in front. Guaranteed: times count from the capture's first packet, are never negative and never
//! exceed an hour.

use anyhow::{Result, bail};

const FILE_HEADER_BYTES: usize = 24;
const RECORD_HEADER_BYTES: usize = 16;
const LINKTYPE_ETHERNET: u32 = 1;
/// The numbers under which captures of bare IP packets are found: DLT_RAW of several systems, RAW, IPV4 and IPV6.
const LINKTYPES_RAW_IP: [u32; 5] = [12, 14, 101, 228, 229];

/// Fuzzed captures declare absurd wire lengths, which would make every byte count of the mix meaningless.
const MAX_WIRE_BYTES: u32 = 65_600;

const HOUR_US: u64 = 3_600_000_000;
const SQUEEZED_US: u64 = 600_000_000;
const SQUEEZED_GAP_US: i64 = 1_000_000;

/// One capture, in the order of its file.
pub(super) struct Source {
    pub(super) packets: Vec<SourcePacket>,
    /// All frames, back to back: one allocation instead of one a packet.
    frames: Vec<u8>,
}

pub(super) struct SourcePacket {
    pub(super) offset_us: u64,
    pub(super) wire_len: u32,
    frame_start: usize,
    frame_len: usize,
}

impl Source {
    pub(super) fn frame_bytes(&self) -> u64 {
        self.frames.len() as u64
    }

    pub(super) fn frame(&self, packet: &SourcePacket) -> &[u8] {
        &self.frames[packet.frame_start..packet.frame_start + packet.frame_len]
    }
}

impl SourcePacket {
    pub(super) fn captured_len(&self) -> usize {
        self.frame_len
    }
}

pub(super) enum Loaded {
    Source(Source),
    OtherLinkType,
    AbsurdLengths,
    /// It is no classic pcap, and nothing is installed that makes it one.
    NeedsEditcap,
}

/// Reads a classic pcap. A record cut off by the end of the file ends the capture; the packets before it count.
pub(super) fn parse(bytes: &[u8]) -> Result<Loaded> {
    if bytes.len() < FILE_HEADER_BYTES {
        bail!("shorter than a file header");
    }
    let (big_endian, units_per_us) = match bytes[..4] {
        [0xd4, 0xc3, 0xb2, 0xa1] => (false, 1),
        [0xa1, 0xb2, 0xc3, 0xd4] => (true, 1),
        [0x4d, 0x3c, 0xb2, 0xa1] => (false, 1000),
        [0xa1, 0xb2, 0x3c, 0x4d] => (true, 1000),
        _ => bail!("not a classic pcap"),
    };
    let word = |at: usize| {
        let word = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        if big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) }
    };
    // The upper half of the word holds flags about a frame check sequence.
    let link_type = word(20) & 0xffff;
    let is_raw_ip = LINKTYPES_RAW_IP.contains(&link_type);
    if !is_raw_ip && link_type != LINKTYPE_ETHERNET {
        return Ok(Loaded::OtherLinkType);
    }

    let mut packets = Vec::new();
    let mut times_us = Vec::new();
    let mut frames = Vec::with_capacity(bytes.len());
    let mut at = FILE_HEADER_BYTES;
    while at + RECORD_HEADER_BYTES <= bytes.len() {
        let (captured_len, mut wire_len) = (word(at + 8), word(at + 12));
        if wire_len > MAX_WIRE_BYTES || captured_len > wire_len {
            return Ok(Loaded::AbsurdLengths);
        }
        let data_start = at + RECORD_HEADER_BYTES;
        let Some(data) = bytes.get(data_start..data_start + captured_len as usize) else {
            break;
        };
        times_us.push(i64::from(word(at)) * 1_000_000 + i64::from(word(at + 4) / units_per_us));
        at = data_start + data.len();

        let frame_start = frames.len();
        if is_raw_ip {
            let header = ethernet_header(data);
            frames.extend_from_slice(&header);
            wire_len += header.len() as u32;
        }
        frames.extend_from_slice(data);
        packets.push(SourcePacket { offset_us: 0, wire_len, frame_start, frame_len: frames.len() - frame_start });
    }
    if packets.is_empty() {
        bail!("no packet");
    }
    for (packet, offset_us) in packets.iter_mut().zip(offsets_us(&times_us)) {
        packet.offset_us = offset_us;
    }
    Ok(Loaded::Source(Source { packets, frames }))
}

/// Locally administered addresses, so that no manufacturer is named.
fn ethernet_header(ip_packet: &[u8]) -> [u8; 14] {
    let is_ipv6 = ip_packet.first().is_some_and(|byte| byte >> 4 == 6);
    let [type_high, type_low] = if is_ipv6 { [0x86, 0xdd] } else { [0x08, 0x00] };
    [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, type_high, type_low]
}

/// Times relative to the first packet. Captures over an hour, or whose clock went back before their start, were stitched
/// from several: their gaps are cut to a second and the whole is squeezed into ten minutes, else one capture would span
/// the entire mix.
fn offsets_us(times_us: &[i64]) -> Vec<u64> {
    let first = times_us[0];
    let goes_back = times_us.iter().any(|&time| time < first);
    let span_us = times_us.iter().max().map_or(0, |&last| last.abs_diff(first));
    if !goes_back && span_us <= HOUR_US {
        return times_us.iter().map(|time| time.abs_diff(first)).collect();
    }
    let mut now_us = 0;
    let mut previous = first;
    let mut offsets: Vec<u64> = Vec::with_capacity(times_us.len());
    for &time in times_us {
        now_us += (time - previous).clamp(0, SQUEEZED_GAP_US).unsigned_abs();
        previous = time;
        offsets.push(now_us);
    }
    if now_us > SQUEEZED_US {
        for offset in &mut offsets {
            *offset = (u128::from(*offset) * u128::from(SQUEEZED_US) / u128::from(now_us)) as u64;
        }
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A big-endian nanosecond capture of raw IPv4 packets, each given by its second and its length.
    fn raw_ip_capture(packets: &[(u32, u32)]) -> Vec<u8> {
        let mut bytes = vec![0xa1, 0xb2, 0x3c, 0x4d];
        bytes.resize(20, 0);
        bytes.extend(101_u32.to_be_bytes());
        for &(seconds, len) in packets {
            bytes.extend([1_000 + seconds, 7_999, len, len].map(u32::to_be_bytes).concat());
            bytes.push(0x45);
            bytes.resize(bytes.len() + len as usize - 1, 0);
        }
        bytes
    }

    impl Source {
        pub(in crate::bench) fn of_raw_ip(packets: &[(u32, u32)]) -> Self {
            match parse(&raw_ip_capture(packets)) {
                Ok(Loaded::Source(source)) => source,
                _ => panic!("the capture is sound"),
            }
        }
    }

    #[test]
    fn raw_ip_packets_get_an_ethernet_header() {
        let source = Source::of_raw_ip(&[(0, 40), (2, 60)]);
        let [first, second] = &source.packets[..] else { panic!("two packets") };
        assert_eq!((first.offset_us, first.wire_len, first.captured_len()), (0, 54, 54));
        assert_eq!((second.offset_us, second.wire_len), (2_000_000, 74));
        assert_eq!(source.frame(second)[12..15], [0x08, 0x00, 0x45]);
    }

    #[test]
    fn a_record_cut_by_the_end_of_the_file_ends_the_capture() {
        let bytes = raw_ip_capture(&[(0, 40), (2, 60)]);
        let Ok(Loaded::Source(source)) = parse(&bytes[..bytes.len() - 1]) else { panic!("one packet is whole") };
        assert_eq!(source.packets.len(), 1);
    }

    #[test]
    fn stitched_captures_are_squeezed() {
        let second = 1_000_000;
        assert_eq!(offsets_us(&[5, 5 + 3600 * second]), [0, 3600 * second as u64]);
        assert_eq!(offsets_us(&[5, 5 + 7200 * second]), [0, second as u64]);
        let clock_went_back = [10 * second, 9 * second, 9 * second + 5];
        assert_eq!(offsets_us(&clock_went_back), [0, 0, 5]);
        let long: Vec<i64> = (0..=7200).map(|n| n * second).collect();
        assert_eq!(offsets_us(&long).last(), Some(&SQUEEZED_US));
    }
}
