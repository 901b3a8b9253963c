//! Packets to records of a capture file.
//!
//! In: when, how long on the wire, and the bytes that are kept. Out: bytes of a pcap file with nanoseconds
//! (draft-ietf-opsawg-pcap), or of a pcapng file (draft-ietf-opsawg-pcapng). Guaranteed: records are appended whole.

use crate::accounting::Account;
use analyzer_core::capture::LinkType;
use analyzer_core::time::{NANOS_PER_SECOND, Timestamp};
use clap::ValueEnum;
use serde::Serialize;

/// The format of capture files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Read by everything; what was lost is told in the sidecar
    #[default]
    Pcap,
    /// Holds the interface, the filter and the kernel's counters, too
    Pcapng,
}

/// What a file says of its interface.
pub(crate) struct Recorded<'a> {
    pub(crate) interface: &'a str,
    pub(crate) link_type: LinkType,
    pub(crate) snaplen_bytes: u32,
    pub(crate) filter: &'a str,
}

const PCAP_MAGIC_NANOS: u32 = 0xa1b2_3c4d;
const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION: u32 = 1;
const INTERFACE_STATISTICS: u32 = 5;
const ENHANCED_PACKET: u32 = 6;
/// Bytes of a pcap record before its packet.
const PCAP_RECORD_HEADER: usize = 16;

impl Format {
    /// Of file names.
    pub(crate) const fn ending(self) -> &'static str {
        match self {
            Self::Pcap => "pcap",
            Self::Pcapng => "pcapng",
        }
    }

    /// What stands before the first packet.
    pub(crate) fn header(self, of: &Recorded<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Pcap => {
                put32(&mut out, PCAP_MAGIC_NANOS);
                put16(&mut out, 2);
                put16(&mut out, 4);
                put32(&mut out, 0);
                put32(&mut out, 0);
                put32(&mut out, of.snaplen_bytes);
                put32(&mut out, of.link_type.0.into());
            }
            Self::Pcapng => {
                block(&mut out, SECTION_HEADER, |out| {
                    put32(out, 0x1a2b_3c4d);
                    put16(out, 1);
                    put16(out, 0);
                    // Its length is not known.
                    out.extend([0xff; 8]);
                    option(out, 4, concat!("sniffit-recorder ", env!("CARGO_PKG_VERSION")).as_bytes());
                    out.extend([0; 4]);
                });
                block(&mut out, INTERFACE_DESCRIPTION, |out| {
                    put16(out, of.link_type.0);
                    put16(out, 0);
                    put32(out, of.snaplen_bytes);
                    option(out, 2, of.interface.as_bytes());
                    // Nanoseconds.
                    option(out, 9, &[9]);
                    // 0: an expression of libpcap.
                    let mut filter = vec![0];
                    filter.extend(&of.filter.as_bytes()[..of.filter.len().min(60_000)]);
                    option(out, 11, &filter);
                    out.extend([0; 4]);
                });
            }
        }
        out
    }

    /// Appends a packet, of which `packet` appends the bytes that are kept and returns how many they are.
    #[inline]
    pub(crate) fn record(
        self,
        out: &mut Vec<u8>,
        timestamp: Timestamp,
        wire_bytes: u32,
        packet: impl FnOnce(&mut Vec<u8>) -> usize,
    ) {
        let begin = out.len();
        let nanos = timestamp.as_nanos();
        match self {
            Self::Pcap => {
                let mut header = [0; PCAP_RECORD_HEADER];
                // A pcap file counts seconds in 32 bits, which hold until 2106.
                header[..4].copy_from_slice(&(nanos.div_euclid(NANOS_PER_SECOND) as u32).to_le_bytes());
                header[4..8].copy_from_slice(&(nanos.rem_euclid(NANOS_PER_SECOND) as u32).to_le_bytes());
                header[12..].copy_from_slice(&wire_bytes.to_le_bytes());
                out.extend_from_slice(&header);
                // Captured lengths are below 2¹⁸.
                let kept_bytes = packet(out) as u32;
                out[begin + 8..begin + 12].copy_from_slice(&kept_bytes.to_le_bytes());
            }
            Self::Pcapng => block(out, ENHANCED_PACKET, |out| {
                put32(out, 0);
                put32(out, (nanos >> 32) as u32);
                put32(out, nanos as u32);
                put32(out, 0);
                put32(out, wire_bytes);
                let kept_bytes = packet(out) as u32;
                out[begin + 20..begin + 24].copy_from_slice(&kept_bytes.to_le_bytes());
            }),
        }
    }

    /// What stands behind the last packet.
    pub(crate) fn end(self, account: &Account, times: (Timestamp, Timestamp)) -> Vec<u8> {
        let mut out = Vec::new();
        if self == Self::Pcapng {
            block(&mut out, INTERFACE_STATISTICS, |out| {
                let time = |time: Timestamp| {
                    let nanos = time.as_nanos();
                    [((nanos >> 32) as u32).to_le_bytes(), (nanos as u32).to_le_bytes()].concat()
                };
                put32(out, 0);
                out.extend(time(times.1));
                option(out, 2, &time(times.0));
                option(out, 3, &time(times.1));
                option(out, 4, &account.seen.to_le_bytes());
                option(out, 5, &account.interface_dropped.to_le_bytes());
                option(out, 6, &(account.seen - account.kernel_dropped.min(account.seen)).to_le_bytes());
                option(out, 7, &account.kernel_dropped.to_le_bytes());
                option(out, 8, &account.written.to_le_bytes());
                out.extend([0; 4]);
            });
        }
        out
    }

    /// Length of the record at the beginning of `bytes`, if all of it is there.
    pub(crate) fn record_bytes(self, bytes: &[u8]) -> Option<usize> {
        let word = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?) as usize);
        let length = match self {
            Self::Pcap => PCAP_RECORD_HEADER + word(8)?,
            Self::Pcapng => word(4)?,
        };
        (length > 0 && length <= bytes.len()).then_some(length)
    }
}

fn put16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// A block with its length on both sides, of whole words.
#[inline]
fn block(out: &mut Vec<u8>, kind: u32, body: impl FnOnce(&mut Vec<u8>)) {
    let begin = out.len();
    put32(out, kind);
    put32(out, 0);
    body(out);
    pad(out, begin);
    // Blocks are below 2¹⁹ bytes.
    let length = (out.len() - begin + 4) as u32;
    put32(out, length);
    out[begin + 4..begin + 8].copy_from_slice(&length.to_le_bytes());
}

/// Options are short enough for a length of 16 bits.
fn option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    let begin = out.len();
    put16(out, code);
    put16(out, value.len() as u16);
    out.extend_from_slice(value);
    pad(out, begin);
}

fn pad(out: &mut Vec<u8>, begin: usize) {
    let length = (out.len() - begin).next_multiple_of(4);
    out.resize(begin + length, 0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::capture::CaptureDecoder;

    const TIMES: [i64; 3] = [1_583_056_800_123_456_789, 1_583_056_800_999_999_999, 4_102_444_800_000_000_001];

    /// What the analysis reads: times, lengths, link type and bytes.
    fn read(file: &[u8]) -> Vec<(i64, u32, u16, Vec<u8>)> {
        let (mut decoder, mut found) = (CaptureDecoder::new(), Vec::new());
        decoder
            .push(file, |packet| {
                found.push((
                    packet.timestamp.as_nanos(),
                    packet.wire_bytes,
                    packet.link_type.0,
                    packet.captured.to_vec(),
                ));
            })
            .expect("a capture");
        decoder.finish().expect("whole");
        found
    }

    #[test]
    fn files_are_read_as_they_were_written() {
        for format in [Format::Pcap, Format::Pcapng] {
            let recorded =
                Recorded { interface: "wg0", link_type: LinkType(101), snaplen_bytes: 262_144, filter: "tcp or udp" };
            let mut file = format.header(&recorded);
            let mut expected = Vec::new();
            let mut boundaries = vec![file.len()];
            for (n, nanos) in TIMES.into_iter().enumerate() {
                let bytes: Vec<u8> = (0..n as u8 * 3).collect();
                format.record(&mut file, Timestamp::from_nanos(nanos), 1500, |out| {
                    out.extend(&bytes);
                    bytes.len()
                });
                expected.push((nanos, 1500, 101, bytes));
                boundaries.push(file.len());
            }
            let header = boundaries[0];
            for window in boundaries.windows(2) {
                let length = window[1] - window[0];
                assert_eq!(format.record_bytes(&file[window[0]..]), Some(length));
                assert_eq!(format.record_bytes(&file[window[0]..window[1] - 1]), None);
            }
            let account = Account { seen: 4, written: 3, kernel_dropped: 1, ..Account::default() };
            let times = (Timestamp::from_nanos(TIMES[0]), Timestamp::from_nanos(TIMES[2]));
            file.extend(format.end(&account, times));
            assert_eq!(read(&file), expected, "{format:?}");
            assert_eq!(read(&file[..header]), []);
        }
    }
}
