//! Packets as they are on the wire: raw IP, without checksums.

use crate::support::Packet;

/// Link type of raw IP.
const RAW_IP: u16 = 101;
const TCP: u8 = 6;
const UDP: u8 = 17;

pub(super) const FIN: u8 = 0x01;
pub(super) const SYN: u8 = 0x02;
pub(super) const RST: u8 = 0x04;
pub(super) const ACK: u8 = 0x10;

/// Who sends to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    pub(super) is_v6: bool,
    /// Last byte of each address.
    pub(super) hosts: [u8; 2],
    pub(super) ports: [u16; 2],
}

impl Way {
    pub(super) const fn turned(self) -> Self {
        let ([a, b], [c, d]) = (self.hosts, self.ports);
        Self { hosts: [b, a], ports: [d, c], ..self }
    }

    /// An IP packet around `body`.
    fn packet(self, protocol: u8, body: &[u8]) -> Vec<u8> {
        if self.is_v6 { self.v6(protocol, body) } else { self.v4(protocol, 0, 0, body) }
    }

    fn v6(self, protocol: u8, body: &[u8]) -> Vec<u8> {
        let mut packet = vec![0x60, 0, 0, 0];
        packet.extend((body.len() as u16).to_be_bytes());
        packet.extend([protocol, 64]);
        for host in self.hosts {
            packet.extend([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host]);
        }
        packet.extend_from_slice(body);
        packet
    }

    /// `fragment` is the field of flags and offset.
    fn v4(self, protocol: u8, identification: u16, fragment: u16, body: &[u8]) -> Vec<u8> {
        let mut packet = vec![0x45, 0];
        packet.extend((body.len() as u16 + 20).to_be_bytes());
        packet.extend(identification.to_be_bytes());
        packet.extend(fragment.to_be_bytes());
        packet.extend([64, protocol, 0, 0]);
        for host in self.hosts {
            packet.extend([10, 0, 0, host]);
        }
        packet.extend_from_slice(body);
        packet
    }

    /// An IPv4 datagram in fragments whose bodies have `step` bytes, a multiple of eight.
    pub(super) fn fragments(self, identification: u16, step: usize, payload: &[u8]) -> Vec<Vec<u8>> {
        let body = self.datagram(payload);
        let count = body.len().div_ceil(step);
        let fragment = |(at, part): (usize, &[u8])| {
            let more = if at + 1 < count { 0x2000 } else { 0 };
            self.v4(UDP, identification, more | (at * step / 8) as u16, part)
        };
        body.chunks(step).enumerate().map(fragment).collect()
    }

    fn datagram(self, payload: &[u8]) -> Vec<u8> {
        let mut body: Vec<u8> = self.ports.iter().flat_map(|port| port.to_be_bytes()).collect();
        body.extend((payload.len() as u16 + 8).to_be_bytes());
        body.extend([0, 0]);
        body.extend_from_slice(payload);
        body
    }

    pub(super) fn udp(self, payload: &[u8]) -> Vec<u8> {
        self.packet(UDP, &self.datagram(payload))
    }

    pub(super) fn tcp(self, sequence: u32, acknowledgment: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
        let mut body: Vec<u8> = self.ports.iter().flat_map(|port| port.to_be_bytes()).collect();
        body.extend(sequence.to_be_bytes());
        body.extend(acknowledgment.to_be_bytes());
        body.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
        body.extend_from_slice(payload);
        self.packet(TCP, &body)
    }

    /// A packet that is neither TCP nor UDP.
    pub(super) fn ping(self) -> Vec<u8> {
        self.packet(1, &[8, 0, 0, 0, 0, 0, 0, 0])
    }
}

/// A packet captured whole.
pub(super) fn captured(time_ns: i64, bytes: Vec<u8>) -> Packet {
    Packet { time_ns, link_type: RAW_IP, wire_bytes: bytes.len() as u32, captured: bytes }
}
