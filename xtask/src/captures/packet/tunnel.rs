//! GRE headers and the tunnels inside UDP.

use super::link::ether_type;

/// A GRE header (RFC 2784, RFC 2890).
#[derive(Clone, Copy, Default)]
pub(crate) struct Gre {
    pub(crate) checksum: bool,
    pub(crate) key: Option<u32>,
    pub(crate) sequence: Option<u32>,
}

impl Gre {
    pub(crate) fn carry(self, ether_type: u16, payload: &[u8]) -> Vec<u8> {
        let flags = [(self.checksum, 0x8000), (self.key.is_some(), 0x2000), (self.sequence.is_some(), 0x1000)];
        let flags: u16 = flags.iter().filter(|(set, _)| *set).map(|(_, bit)| bit).sum();
        let mut bytes = flags.to_be_bytes().to_vec();
        bytes.extend(ether_type.to_be_bytes());
        bytes.extend(if self.checksum { &[0; 4][..] } else { &[] });
        bytes.extend(self.key.iter().flat_map(|key| key.to_be_bytes()));
        bytes.extend(self.sequence.iter().flat_map(|sequence| sequence.to_be_bytes()));
        bytes.extend(payload);
        bytes
    }
}

/// The enhanced GRE of PPTP (RFC 2637): version 1, the key holds payload length and call, sequence and
/// acknowledgment are optional.
pub(crate) fn pptp(sequence: Option<u32>, acknowledgment: Option<u32>, ppp: &[u8]) -> Vec<u8> {
    let flags =
        0x2001 | if sequence.is_some() { 0x1000 } else { 0 } | if acknowledgment.is_some() { 0x0080 } else { 0 };
    let mut bytes = u16::to_be_bytes(flags).to_vec();
    bytes.extend(ether_type::PPP_IN_GRE.to_be_bytes());
    bytes.extend((ppp.len() as u16).to_be_bytes());
    bytes.extend(7_u16.to_be_bytes()); // call
    bytes.extend(sequence.iter().flat_map(|number| number.to_be_bytes()));
    bytes.extend(acknowledgment.iter().flat_map(|number| number.to_be_bytes()));
    bytes.extend(ppp);
    bytes
}

/// A VXLAN header (RFC 7348): 8 bytes, an Ethernet frame follows.
pub(crate) fn vxlan(frame: &[u8]) -> Vec<u8> {
    [&[8, 0, 0, 0, 0, 0, 42, 0], frame].concat()
}

/// A GTP-U header for one user packet (3GPP TS 29.281): 8 bytes.
pub(crate) fn gtp_u(packet: &[u8]) -> Vec<u8> {
    [&[0x30, 0xff], &(packet.len() as u16).to_be_bytes()[..], &[0, 0, 0, 9], packet].concat()
}
