//! Plays conversations: packets, and what the counters must say of them.

use super::script::{Action, Fate, Script, Step};
use super::wire::{ACK, FIN, RST, SYN, Way, captured};
use crate::support::Packet;
use analyzer_core::record::Counters;
use std::collections::BTreeSet;

/// Client's port, server's port, IPv6 or not, and whether it is TCP.
pub(super) const CONVERSATIONS: [(u16, u16, bool, bool); 6] = [
    (50_000, 443, false, true),
    (50_001, 443, true, true),
    (50_002, 443, false, true),
    (50_003, 443, false, false),
    (50_004, 3_478, false, false),
    (50_005, 50_006, true, false),
];

/// A capture and what must be counted in it.
pub(crate) struct Played {
    pub(crate) packets: Vec<Packet>,
    pub(super) expected: Counters,
    /// IP bytes of the packets that belong to streams.
    pub(super) stream_ip_bytes: u64,
    /// Later fragments that belong to streams.
    pub(super) joined_fragments: u64,
}

/// Plays a script.
pub(super) fn play(script: &Script) -> Played {
    let mut player = Player::new(script);
    script.steps.iter().for_each(|step| player.play(step));
    player.played.expected.directed_streams = player.tuples.len() as u64;
    player.played
}

struct Player {
    played: Played,
    clock_ns: i64,
    identification: u16,
    /// Next sequence number of [up, down] of each conversation.
    next: [[u32; 2]; CONVERSATIONS.len()],
    first_sequence: [u32; 2],
    streams: [Stream; 2],
    tuples: BTreeSet<(Way, bool)>,
}

impl Player {
    fn new(script: &Script) -> Self {
        // The second one differs, and an odd factor keeps it near 2³² when the first one is.
        let first_sequence = [script.first_sequence, script.first_sequence.wrapping_mul(3)];
        Self {
            played: Played {
                packets: Vec::new(),
                expected: Counters::default(),
                stream_ip_bytes: 0,
                joined_fragments: 0,
            },
            clock_ns: 1_583_056_800_000_000_000,
            identification: 0,
            next: [first_sequence; CONVERSATIONS.len()],
            first_sequence,
            streams: script.record_bytes.each_ref().map(|lengths| Stream::new(lengths)),
            tuples: BTreeSet::new(),
        }
    }

    fn play(&mut self, step: &Step) {
        self.clock_ns += step.pause_ns;
        let (client_port, server_port, is_v6, is_tcp) = CONVERSATIONS[step.conversation];
        let up = Way { is_v6, hosts: [2, 1], ports: [client_port, server_port] };
        let (way, at) = if step.is_up { (up, 0) } else { (up.turned(), 1) };
        match step.action {
            Action::Ping => {
                self.played.expected.other_packets += 1;
                self.put(way.ping());
            }
            Action::Fragments { bytes, step, fate } if !is_tcp && !is_v6 => self.fragments(way, bytes, step, fate),
            Action::Record(bytes) if is_tcp => self.record(way, step, at, bytes),
            _ if is_tcp => self.segment(way, step, at),
            Action::Record(bytes) | Action::Send(bytes) | Action::Again { bytes, .. } | Action::Ahead { bytes, .. } => {
                // A QUIC long header, version 1.
                let mut payload = vec![0xc0, 0, 0, 0, 1];
                payload.resize(usize::from(bytes), 0);
                self.datagram(way, &payload);
            }
            _ => self.datagram(way, &[]),
        }
    }

    fn put(&mut self, bytes: Vec<u8>) {
        self.played.expected.frames += 1;
        self.played.packets.push(captured(self.clock_ns, bytes));
    }

    fn datagram(&mut self, way: Way, payload: &[u8]) {
        let packet = way.udp(payload);
        self.played.expected.udp_packets += 1;
        self.played.expected.udp_payload_bytes += payload.len() as u64;
        self.played.stream_ip_bytes += packet.len() as u64;
        self.tuples.insert((way, false));
        self.put(packet);
    }

    fn record(&mut self, way: Way, step: &Step, at: usize, more: u16) {
        let offset = self.next[step.conversation][at].wrapping_sub(self.first_sequence[at].wrapping_add(1));
        let mut left = self.streams[at].to_next_record(offset as usize) + usize::from(more);
        while left > 0 {
            let bytes = left.min(1_460);
            left -= bytes;
            self.segment(way, &Step { action: Action::Send(bytes as u16), ..step.clone() }, at);
        }
    }

    fn segment(&mut self, way: Way, step: &Step, at: usize) {
        let next = self.next[step.conversation][at];
        let acknowledgment = self.next[step.conversation][1 - at];
        let (sequence, bytes, flags) = match step.action {
            Action::Send(bytes) => (next, bytes, ACK),
            Action::Lose(bytes) => {
                self.next[step.conversation][at] = next.wrapping_add(bytes.into());
                return;
            }
            Action::Again { back, bytes } => (next.wrapping_sub(back.into()), bytes, ACK),
            Action::Ahead { skip, bytes } => (next.wrapping_add(skip.into()), bytes, ACK),
            Action::Open => (next, 0, if at == 0 { SYN } else { SYN | ACK }),
            Action::Finish => (next, 0, FIN | ACK),
            Action::Reset => (next, 0, RST),
            _ => (next, 0, ACK),
        };
        let offset = sequence.wrapping_sub(self.first_sequence[at].wrapping_add(1));
        let payload = self.streams[at].bytes(offset as usize, bytes.into());
        let end = sequence.wrapping_add(bytes.into()).wrapping_add(u32::from(flags & (SYN | FIN) != 0));
        if end.wrapping_sub(next) < 1 << 31 {
            self.next[step.conversation][at] = end;
        }
        let packet = way.tcp(sequence, acknowledgment, flags, &payload);
        self.played.expected.tcp_packets += 1;
        self.played.expected.tcp_payload_bytes += payload.len() as u64;
        self.played.stream_ip_bytes += packet.len() as u64;
        self.tuples.insert((way, true));
        self.put(packet);
    }

    fn fragments(&mut self, way: Way, bytes: u16, step: usize, fate: Fate) {
        self.identification += 1;
        // The first fragment holds the ports, whatever the step.
        let mut fragments = way.fragments(self.identification, step.max(8), &vec![0; usize::from(bytes)]);
        match fate {
            Fate::InOrder => {}
            Fate::FirstLast => fragments.rotate_left(1),
            Fate::FirstLost => drop(fragments.remove(0)),
            Fate::LastLost => drop(fragments.pop()),
        }
        let mut has_first = false;
        for packet in fragments {
            let is_first = u16::from_be_bytes([packet[6], packet[7]]) & 0x1fff == 0;
            has_first |= is_first;
            let expected = &mut self.played.expected;
            if is_first {
                expected.udp_packets += 1;
                expected.udp_payload_bytes += packet.len() as u64 - 28;
                self.tuples.insert((way, false));
            } else {
                expected.other_packets += 1;
                expected.later_fragments += 1;
                expected.udp_payload_bytes += if has_first { packet.len() as u64 - 20 } else { 0 };
                self.played.joined_fragments += u64::from(has_first);
            }
            self.played.stream_ip_bytes += if has_first { packet.len() as u64 } else { 0 };
            self.put(packet);
        }
    }
}

/// TLS records one after the other, and again from the beginning at the end.
struct Stream(Vec<u8>, Vec<usize>);

impl Stream {
    fn new(record_bytes: &[u16]) -> Self {
        let mut stream = Self(Vec::new(), Vec::new());
        for bytes in record_bytes {
            stream.0.extend([23, 3, 3]);
            stream.0.extend(bytes.to_be_bytes());
            stream.0.resize(stream.0.len() + usize::from(*bytes), 0);
            stream.1.push(stream.0.len());
        }
        stream
    }

    fn bytes(&self, offset: usize, count: usize) -> Vec<u8> {
        self.0.iter().cycle().skip(offset % self.0.len()).take(count).copied().collect()
    }

    /// How many bytes there are to the next record's header.
    fn to_next_record(&self, offset: usize) -> usize {
        let place = offset % self.0.len();
        self.1.iter().find(|end| **end > place).map_or(0, |end| end - place)
    }
}
