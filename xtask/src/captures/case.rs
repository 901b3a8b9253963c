//! A case: the bytes of one capture file and what reading it must give.

use super::container::gzip::gzip;
use super::container::pcap::Pcap;
use super::packet::link::link_type;
use super::packet::{Packet, Share};

/// 2020-03-01T10:00:00Z, when the first packet of nearly every case was "captured".
pub(crate) const BEGIN_NS: i64 = 1_583_056_800_000_000_000;
/// From one packet to the next where a case does not say otherwise.
const SPACING_NS: i64 = 10_000_000;

/// One capture file.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) file: &'static str,
    /// The module of `cases` that makes it.
    pub(crate) module: &'static str,
    /// What the file shows, without commas so that the table splits at commas.
    pub(crate) proves: &'static str,
    /// How it is made, as far as `proves` does not say.
    pub(crate) made: &'static str,
    /// Where tshark counts otherwise and why; empty where it agrees.
    pub(crate) tshark: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) expected: Expected,
    /// The exact time of each packet, where the case is about times.
    pub(crate) times_ns: Vec<i64>,
}

/// What reading the file must give.
#[derive(Clone, Copy, Default)]
pub(crate) struct Expected {
    pub(crate) frames: u64,
    pub(crate) tcp_packets: u64,
    pub(crate) udp_packets: u64,
    /// Later fragments included.
    pub(crate) other_packets: u64,
    pub(crate) tcp_payload_bytes: u64,
    pub(crate) udp_payload_bytes: u64,
    pub(crate) directed_streams: u64,
    pub(crate) truncated_frames: u64,
    pub(crate) later_fragments: u64,
    /// A phrase of the error, empty when the whole file can be read.
    pub(crate) fault: &'static str,
}

impl Expected {
    /// Sums what the authors of the packets say.
    fn of(packets: &[Packet], directed_streams: u64) -> Self {
        let mut sum = Self { frames: packets.len() as u64, directed_streams, ..Self::default() };
        for packet in packets {
            sum.truncated_frames += u64::from((packet.captured.len() as u64) < u64::from(packet.wire_bytes));
            match packet.share {
                Share::Tcp(payload_bytes) => {
                    sum.tcp_packets += 1;
                    sum.tcp_payload_bytes += payload_bytes;
                }
                Share::Udp(payload_bytes) => {
                    sum.udp_packets += 1;
                    sum.udp_payload_bytes += payload_bytes;
                }
                Share::LaterTcp(payload_bytes) => sum.tcp_payload_bytes += payload_bytes,
                Share::LaterUdp(payload_bytes) => sum.udp_payload_bytes += payload_bytes,
                Share::LaterUnmatched | Share::Other => {}
            }
            sum.later_fragments += u64::from(packet.share.is_later_fragment());
        }
        sum.other_packets = sum.frames - sum.tcp_packets - sum.udp_packets;
        sum
    }

    /// 0 when all was read, 3 when a fault ended the reading.
    pub(crate) const fn exit_code(&self) -> u8 {
        if self.fault.is_empty() { 0 } else { 3 }
    }
}

impl Share {
    const fn is_later_fragment(self) -> bool {
        matches!(self, Self::LaterTcp(_) | Self::LaterUdp(_) | Self::LaterUnmatched)
    }
}

impl Case {
    /// A file of the author's bytes that holds these packets.
    pub(crate) fn of_bytes(file: &'static str, proves: &'static str, bytes: Vec<u8>, recording: &Recording) -> Self {
        let expected = Expected::of(&recording.packets, recording.streams);
        Self { file, module: "", proves, made: "", tshark: "", bytes, expected, times_ns: Vec::new() }
    }

    pub(crate) fn made(mut self, made: &'static str) -> Self {
        self.made = made;
        self
    }

    pub(crate) fn tshark(mut self, difference: &'static str) -> Self {
        self.tshark = difference;
        self
    }

    /// Says that the reading ends with an error that contains `phrase`.
    pub(crate) fn fault(mut self, phrase: &'static str) -> Self {
        self.expected.fault = phrase;
        self
    }

    /// Also tests the times of the packets, which are these.
    pub(crate) fn times(mut self, times_ns: Vec<i64>) -> Self {
        self.times_ns = times_ns;
        self
    }

    /// The file as one gzip member.
    pub(crate) fn gzipped(mut self) -> Self {
        self.bytes = gzip(&self.bytes);
        self
    }
}

/// The packets of a case. Each `tcp`, `udp` … adds one and says what it adds to the counters.
#[derive(Clone)]
pub(crate) struct Recording {
    pub(crate) link_type: u16,
    pub(crate) packets: Vec<Packet>,
    /// Distinct directed 5-tuples.
    pub(crate) streams: u64,
}

impl Recording {
    pub(crate) const fn of(link_type: u16) -> Self {
        Self { link_type, packets: Vec::new(), streams: 0 }
    }

    pub(crate) const fn ethernet() -> Self {
        Self::of(link_type::ETHERNET)
    }

    pub(crate) fn tcp(self, payload_bytes: u64, frame: Vec<u8>) -> Self {
        self.packet(Share::Tcp(payload_bytes), frame)
    }

    pub(crate) fn udp(self, payload_bytes: u64, frame: Vec<u8>) -> Self {
        self.packet(Share::Udp(payload_bytes), frame)
    }

    pub(crate) fn other(self, frame: Vec<u8>) -> Self {
        self.packet(Share::Other, frame)
    }

    pub(crate) fn packet(mut self, share: Share, frame: Vec<u8>) -> Self {
        let at_ns = BEGIN_NS + SPACING_NS * self.packets.len() as i64;
        self.packets.push(Packet { at_ns, wire_bytes: frame.len() as u32, captured: frame, share });
        self
    }

    /// Cuts the packet added last, as a snapshot length does.
    pub(crate) fn snapped(mut self, captured_bytes: usize) -> Self {
        self.last().captured.truncate(captured_bytes);
        self
    }

    /// Gives the packet added last another length on the wire than it has bytes.
    pub(crate) fn wire_bytes(mut self, wire_bytes: u32) -> Self {
        self.last().wire_bytes = wire_bytes;
        self
    }

    /// Gives the packet added last its time, counted from [`BEGIN_NS`].
    pub(crate) fn at(mut self, since_begin_ns: i64) -> Self {
        self.last().at_ns = BEGIN_NS + since_begin_ns;
        self
    }

    fn last(&mut self) -> &mut Packet {
        self.packets.last_mut().expect("a packet was added")
    }

    /// Says how many distinct directed 5-tuples the packets have.
    pub(crate) const fn streams(mut self, directed_streams: u64) -> Self {
        self.streams = directed_streams;
        self
    }

    pub(crate) fn times_ns(&self) -> Vec<i64> {
        self.packets.iter().map(|packet| packet.at_ns).collect()
    }

    /// The file that tcpdump would have written.
    pub(crate) fn case(self, file: &'static str, proves: &'static str) -> Case {
        let bytes = Pcap::plain(self.link_type).file(&self.packets);
        Case::of_bytes(file, proves, bytes, &self)
    }
}
