//! Conversations as a recorder in the middle sees them: the packets of both sides with their times.

use crate::captures::case::{BEGIN_NS, Recording};
use crate::captures::packet::ip::{CLIENT_V4, CLIENT_V6, SERVER_V4, SERVER_V6, ip_between, protocol};
use crate::captures::packet::link::link_type;
use crate::captures::packet::transport::{Tcp, Udp, flag};
use crate::captures::packet::{Packet, Share};
use std::net::{IpAddr, SocketAddr};

pub(super) const MILLISECOND_NS: i64 = 1_000_000;
pub(super) const SECOND_NS: i64 = 1_000 * MILLISECOND_NS;

/// From the recorder to the client and back.
pub(super) const CLIENT_LEG_NS: i64 = 30 * MILLISECOND_NS;
/// From the recorder to the server and back.
pub(super) const SERVER_LEG_NS: i64 = 20 * MILLISECOND_NS;
/// From one full packet to the next: about 100 Mbit/s.
pub(super) const PACKET_NS: i64 = 120_000;
/// Payload of a full TCP segment.
const SEGMENT_BYTES: usize = 1_360;
/// Maximum segment size, telling [`SEGMENT_BYTES`], and a window scale that never lets the window limit the sender.
const SYN_OPTIONS: &[u8] = &[2, 4, 0x05, 0x50, 1, 3, 3, 7];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Client,
    Server,
}
use Side::{Client, Server};

/// The two ends.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    client: SocketAddr,
    server: SocketAddr,
}

impl Ends {
    pub(super) fn v4(client_port: u16, server_port: u16) -> Self {
        Self::of(CLIENT_V4.into(), client_port, SERVER_V4.into(), server_port)
    }

    pub(super) fn v6(client_port: u16, server_port: u16) -> Self {
        Self::of(CLIENT_V6.into(), client_port, SERVER_V6.into(), server_port)
    }

    fn of(client: IpAddr, client_port: u16, server: IpAddr, server_port: u16) -> Self {
        Self { client: SocketAddr::new(client, client_port), server: SocketAddr::new(server, server_port) }
    }

    /// Sender and receiver.
    const fn from(self, side: Side) -> (SocketAddr, SocketAddr) {
        match side {
            Client => (self.client, self.server),
            Server => (self.server, self.client),
        }
    }
}

fn packet(at_ns: i64, ip_packet: Vec<u8>, share: Share) -> Packet {
    Packet { at_ns, wire_bytes: ip_packet.len() as u32, captured: ip_packet, share }
}

/// A TCP connection without loss. The clock is that of the recorder.
pub(super) struct TcpTalk {
    ends: Ends,
    now_ns: i64,
    /// Next sequence numbers of client and server.
    next: [u32; 2],
    pub(super) packets: Vec<Packet>,
}

impl TcpTalk {
    /// Opens a connection so long after the capture's begin.
    pub(super) fn open(ends: Ends, after_ns: i64) -> Self {
        let mut talk = Self { ends, now_ns: BEGIN_NS + after_ns, next: [100_000, 3_000_000_000], packets: Vec::new() };
        talk.segment(Client, talk.now_ns, flag::SYN, &[]);
        talk.pause(SERVER_LEG_NS);
        talk.segment(Server, talk.now_ns, flag::SYN | flag::ACK, &[]);
        talk.pause(CLIENT_LEG_NS);
        talk.segment(Client, talk.now_ns, flag::ACK, &[]);
        talk
    }

    pub(super) const fn pause(&mut self, duration_ns: i64) {
        self.now_ns += duration_ns;
    }

    /// Sends bytes in full segments and a last one; the peer acknowledges every second segment and the last.
    pub(super) fn send(&mut self, side: Side, bytes: &[u8]) {
        let segments = bytes.len().div_ceil(SEGMENT_BYTES);
        for (index, payload) in bytes.chunks(SEGMENT_BYTES).enumerate() {
            let last = index + 1 == segments;
            self.segment(side, self.now_ns, flag::ACK | if last { flag::PSH } else { 0 }, payload);
            if last || index % 2 == 1 {
                let (receiver, leg_ns) = match side {
                    Client => (Server, SERVER_LEG_NS),
                    Server => (Client, CLIENT_LEG_NS),
                };
                self.segment(receiver, self.now_ns + leg_ns, flag::ACK, &[]);
            }
            self.pause(PACKET_NS);
        }
    }

    /// The client closes, then the server.
    pub(super) fn close(&mut self) {
        self.segment(Client, self.now_ns, flag::FIN | flag::ACK, &[]);
        self.pause(SERVER_LEG_NS);
        self.segment(Server, self.now_ns, flag::FIN | flag::ACK, &[]);
        self.pause(CLIENT_LEG_NS);
        self.segment(Client, self.now_ns, flag::ACK, &[]);
    }

    fn segment(&mut self, side: Side, at_ns: i64, flags: u8, payload: &[u8]) {
        let (source, destination) = self.ends.from(side);
        let [own, peer] = match side {
            Client => self.next,
            Server => [self.next[1], self.next[0]],
        };
        let header = Tcp {
            source_port: source.port(),
            destination_port: destination.port(),
            sequence: own,
            acknowledgment: if flags & flag::ACK != 0 { peer } else { 0 },
            flags,
            options: if flags & flag::SYN != 0 { SYN_OPTIONS } else { &[] },
        };
        let ip_packet = ip_between(source.ip(), destination.ip(), protocol::TCP, &header.carry(payload));
        self.packets.push(packet(at_ns, ip_packet, Share::Tcp(payload.len() as u64)));
        let numbers = payload.len() as u32 + u32::from(flags & (flag::SYN | flag::FIN) != 0);
        let own = &mut self.next[usize::from(side == Server)];
        *own = own.wrapping_add(numbers);
    }
}

/// Datagrams between two ends, of which only the beginning of the payload is kept.
pub(super) struct UdpTalk {
    pub(super) ends: Ends,
    pub(super) kept_payload_bytes: usize,
    pub(super) packets: Vec<Packet>,
}

impl UdpTalk {
    /// Sends one datagram so long after the capture's begin: `head`, then zeros up to `payload_bytes`.
    pub(super) fn send(&mut self, side: Side, after_ns: i64, head: &[u8], payload_bytes: usize) {
        let (source, destination) = self.ends.from(side);
        let mut payload = head.to_vec();
        payload.resize(payload_bytes, 0);
        let header = Udp { source_port: source.port(), destination_port: destination.port(), length: None };
        let ip_packet = ip_between(source.ip(), destination.ip(), protocol::UDP, &header.carry(&payload));
        let kept_bytes = ip_packet.len() - payload_bytes + self.kept_payload_bytes.min(payload_bytes);
        let mut packet = packet(BEGIN_NS + after_ns, ip_packet, Share::Udp(payload_bytes as u64));
        packet.captured.truncate(kept_bytes);
        self.packets.push(packet);
    }
}

/// All conversations in the order of their packets' times; packets of the same time keep the order of writing.
pub(super) fn merged(conversations: impl IntoIterator<Item = Vec<Packet>>) -> Recording {
    let conversations: Vec<_> = conversations.into_iter().collect();
    let streams = 2 * conversations.len() as u64;
    let mut packets = conversations.concat();
    packets.sort_by_key(|packet| packet.at_ns);
    Recording { link_type: link_type::RAW, packets, streams }
}
