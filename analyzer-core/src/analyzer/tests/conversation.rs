//! A TCP or UDP conversation in a few words, and what the analysis makes of it.

use crate::capture::LinkType;
use crate::record::{ObjectRecord, StreamRecord};
use crate::sink::MemorySink;
use crate::{Analyzer, Config, Totals};
use std::net::Ipv4Addr;

pub(super) const CLIENT: ([u8; 4], u16) = ([10, 8, 0, 2], 50_000);
pub(super) const SERVER: ([u8; 4], u16) = ([203, 0, 113, 9], 443);
const RAW_IP: LinkType = LinkType(101);

/// A capture of raw IPv4 packets that grows packet by packet.
pub(super) struct Conversation {
    pcap: Vec<u8>,
    now_us: u64,
    /// Next sequence number of [client, server].
    next: [u32; 2],
    transport: u8,
}

pub(super) const UP: usize = 0;
pub(super) const DOWN: usize = 1;

impl Conversation {
    /// A TCP connection that opens with a handshake of 20 ms round trip: 10 ms to each side.
    pub(super) fn tcp() -> Self {
        let mut conversation = Self::mid_stream();
        conversation.flags(UP, 0x02).wait_ms(10).flags(DOWN, 0x12).wait_ms(10).flags(UP, 0x10);
        conversation
    }

    /// TCP without its beginning.
    pub(super) fn mid_stream() -> Self {
        Self { pcap: file_header(), now_us: 1_600_000_000_000_000, next: [1_000, 4_294_967_000], transport: 6 }
    }

    pub(super) fn udp() -> Self {
        Self { transport: 17, ..Self::mid_stream() }
    }

    pub(super) fn wait_ms(&mut self, ms: u64) -> &mut Self {
        self.now_us += ms * 1000;
        self
    }

    /// A packet without payload.
    pub(super) fn flags(&mut self, side: usize, flags: u8) -> &mut Self {
        let (sequence, acknowledgment) = (self.next[side], self.next[1 - side]);
        self.tcp_packet(side, sequence, acknowledgment, flags, &[]);
        self.next[side] = self.next[side].wrapping_add(u32::from(flags & 0x03 != 0));
        self
    }

    /// New payload that acknowledges all that the other side sent.
    pub(super) fn say(&mut self, side: usize, payload: &[u8]) -> &mut Self {
        if self.transport == 17 {
            let header = [0, 0, 0, 0, 0, 0, 0, 0];
            let mut datagram = header.to_vec();
            datagram[4..6].copy_from_slice(&(8 + payload.len() as u16).to_be_bytes());
            datagram.extend_from_slice(payload);
            self.ip_packet(side, datagram);
            return self;
        }
        let (sequence, acknowledgment) = (self.next[side], self.next[1 - side]);
        self.tcp_packet(side, sequence, acknowledgment, 0x18, payload);
        self.next[side] = sequence.wrapping_add(payload.len() as u32);
        self
    }

    /// So many zero bytes.
    pub(super) fn say_zeros(&mut self, side: usize, bytes: usize) -> &mut Self {
        self.say(side, &vec![0; bytes])
    }

    /// The last `bytes` of a side once more.
    pub(super) fn repeat(&mut self, side: usize, bytes: usize) -> &mut Self {
        let (sequence, acknowledgment) = (self.next[side].wrapping_sub(bytes as u32), self.next[1 - side]);
        self.tcp_packet(side, sequence, acknowledgment, 0x18, &vec![0; bytes]);
        self
    }

    /// Sequence numbers jump: a packet was lost before the recorder.
    pub(super) fn lose(&mut self, side: usize, bytes: u32) -> &mut Self {
        self.next[side] = self.next[side].wrapping_add(bytes);
        self
    }

    fn tcp_packet(&mut self, side: usize, sequence: u32, acknowledgment: u32, flags: u8, payload: &[u8]) {
        let mut segment = vec![0; 20];
        segment[4..8].copy_from_slice(&sequence.to_be_bytes());
        segment[8..12].copy_from_slice(&acknowledgment.to_be_bytes());
        segment[12] = 5 << 4;
        segment[13] = flags;
        segment.extend_from_slice(payload);
        self.ip_packet(side, segment);
    }

    fn ip_packet(&mut self, side: usize, mut segment: Vec<u8>) {
        let (source, destination) = if side == UP { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
        segment[..2].copy_from_slice(&source.1.to_be_bytes());
        segment[2..4].copy_from_slice(&destination.1.to_be_bytes());
        let mut packet = vec![0x45, 0, 0, 0, 0, 0, 0, 0, 64, self.transport, 0, 0];
        packet[2..4].copy_from_slice(&(20 + segment.len() as u16).to_be_bytes());
        packet.extend_from_slice(&Ipv4Addr::from(source.0).octets());
        packet.extend_from_slice(&Ipv4Addr::from(destination.0).octets());
        packet.extend_from_slice(&segment);
        let (seconds, micros) = ((self.now_us / 1_000_000) as u32, (self.now_us % 1_000_000) as u32);
        for word in [seconds, micros, packet.len() as u32, packet.len() as u32] {
            self.pcap.extend_from_slice(&word.to_le_bytes());
        }
        self.pcap.extend_from_slice(&packet);
    }

    /// Analyses what was said so far.
    pub(super) fn analyze(&self, config: Config) -> (MemorySink, Totals) {
        let mut sink = MemorySink::default();
        let mut analyzer = Analyzer::new(config).expect("the configurations of these tests are valid");
        analyzer.begin_input("conversation");
        analyzer.push(&self.pcap, &mut sink).expect("the capture is whole");
        let totals = analyzer.finish(&mut sink);
        (sink, totals)
    }

    /// The capture with other bytes.
    pub(super) fn replace(&mut self, pcap: Vec<u8>) -> &mut Self {
        self.pcap = pcap;
        self
    }

    /// The bytes of the capture.
    pub(super) fn pcap(&self) -> &[u8] {
        &self.pcap
    }

    /// The objects in the order of their beginnings: direction, bytes and what ended them.
    pub(super) fn objects(&self, config: Config) -> Vec<(&'static str, u64, &'static str)> {
        let (mut sink, _) = self.analyze(config);
        sink.objects.sort_by_key(|object| (object.start, object.direction, object.index));
        let shown =
            |object: &ObjectRecord| (object.direction.as_str(), object.payload_bytes, object.end_reason.as_str());
        sink.objects.iter().map(shown).collect()
    }

    /// The streams in the order of their ids.
    pub(super) fn streams(&self, config: Config) -> Vec<StreamRecord> {
        let (mut sink, _) = self.analyze(config);
        sink.streams.sort_by_key(|stream| stream.stream.id);
        sink.streams
    }
}

fn file_header() -> Vec<u8> {
    let words = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 262_144, u32::from(RAW_IP.0)];
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A TLS record: its header and zeros.
pub(super) fn record(content_type: u8, length: u16) -> Vec<u8> {
    let [high, low] = length.to_be_bytes();
    let mut bytes = vec![content_type, 3, 3, high, low];
    bytes.resize(5 + usize::from(length), 0);
    bytes
}

/// Several records in one packet.
pub(super) fn records(lengths: &[u16]) -> Vec<u8> {
    lengths.iter().flat_map(|length| record(23, *length)).collect()
}
