//! Link-layer headers and what sits between them and IP: VLAN tags, MPLS labels, PPPoE, LLC.

use crate::captures::crc32::crc32;

/// Link types of <https://www.tcpdump.org/linktypes.html>.
pub(crate) mod link_type {
    pub(crate) const NULL: u16 = 0;
    pub(crate) const ETHERNET: u16 = 1;
    pub(crate) const PPP: u16 = 9;
    pub(crate) const RAW_BSD: u16 = 12;
    pub(crate) const RAW_OPENBSD: u16 = 14;
    pub(crate) const PPP_HDLC: u16 = 50;
    pub(crate) const RAW: u16 = 101;
    pub(crate) const LOOP: u16 = 108;
    pub(crate) const LINUX_SLL: u16 = 113;
    pub(crate) const USER0: u16 = 147;
    pub(crate) const IPV4: u16 = 228;
    pub(crate) const IPV6: u16 = 229;
    pub(crate) const LINUX_SLL2: u16 = 276;
}

/// EtherTypes of the IEEE registry.
pub(crate) mod ether_type {
    pub(crate) const IPV4: u16 = 0x0800;
    pub(crate) const ARP: u16 = 0x0806;
    pub(crate) const TRANSPARENT_ETHERNET: u16 = 0x6558;
    pub(crate) const VLAN: u16 = 0x8100;
    pub(crate) const IPV6: u16 = 0x86dd;
    pub(crate) const PPP_IN_GRE: u16 = 0x880b;
    pub(crate) const MPLS: u16 = 0x8847;
    pub(crate) const MPLS_MULTICAST: u16 = 0x8848;
    pub(crate) const PPPOE_DISCOVERY: u16 = 0x8863;
    pub(crate) const PPPOE_SESSION: u16 = 0x8864;
    pub(crate) const PROVIDER_BRIDGE: u16 = 0x88a8;
    pub(crate) const LLDP: u16 = 0x88cc;
    pub(crate) const OLD_QINQ: u16 = 0x9100;
}

/// PPP protocol numbers of the IANA registry.
pub(crate) mod ppp_protocol {
    pub(crate) const IPV4: u16 = 0x0021;
    pub(crate) const IPV6: u16 = 0x0057;
    pub(crate) const LCP: u16 = 0xc021;
}

// The first digits are neither 4 nor 6, so that a pseudowire without a control word can't be taken for IP.
const DESTINATION_MAC: [u8; 6] = [0x00, 0x00, 0x5e, 0x00, 0x53, 0x02];
const SOURCE_MAC: [u8; 6] = [0x00, 0x00, 0x5e, 0x00, 0x53, 0x01];

/// Ethernet II, or 802.3 where `type_or_length` is at most 1500.
pub(crate) fn ethernet(type_or_length: u16, payload: &[u8]) -> Vec<u8> {
    [&DESTINATION_MAC, &SOURCE_MAC, &type_or_length.to_be_bytes()[..], payload].concat()
}

/// The frame as a wire carries it: filled with zeros to the 60 bytes that Ethernet needs.
pub(crate) fn padded(mut frame: Vec<u8>) -> Vec<u8> {
    frame.resize(frame.len().max(60), 0);
    frame
}

/// The frame with four bytes of frame check sequence behind it.
pub(crate) fn with_fcs(mut frame: Vec<u8>) -> Vec<u8> {
    let crc = crc32(&frame);
    frame.extend(crc.to_le_bytes());
    frame
}

/// What follows the EtherType of a VLAN tag: priority and identifier, then the next EtherType.
pub(crate) fn vlan_tag(control: u16, next_type: u16, payload: &[u8]) -> Vec<u8> {
    [&control.to_be_bytes(), &next_type.to_be_bytes()[..], payload].concat()
}

/// A stack of MPLS labels (RFC 3032), the last one with the bottom-of-stack bit.
pub(crate) fn mpls(labels: &[u32], payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (index, label) in labels.iter().enumerate() {
        let bottom = u32::from(index + 1 == labels.len());
        bytes.extend((label << 12 | bottom << 8 | 64).to_be_bytes());
    }
    bytes.extend(payload);
    bytes
}

/// A PPPoE session header (RFC 2516) and the PPP frame that its length announces; `padding` comes behind.
pub(crate) fn pppoe(ppp: &[u8], padding: usize) -> Vec<u8> {
    [&[0x11, 0, 0, 7], &(ppp.len() as u16).to_be_bytes()[..], ppp, &vec![0; padding]].concat()
}

/// A PPP frame (RFC 1661) without address and control.
pub(crate) fn ppp(protocol: u16, payload: &[u8]) -> Vec<u8> {
    [&protocol.to_be_bytes()[..], payload].concat()
}

/// 802.2 LLC with SNAP and the all-zero organisation code: an EtherType follows (RFC 1042).
pub(crate) fn snap(ether_type: u16, payload: &[u8]) -> Vec<u8> {
    [&[0xaa, 0xaa, 3, 0, 0, 0], &ether_type.to_be_bytes()[..], payload].concat()
}

/// An 802.3 frame: the length instead of a type, then LLC.
pub(crate) fn ethernet_llc(llc: &[u8]) -> Vec<u8> {
    ethernet(llc.len() as u16, llc)
}

/// Linux "cooked" v1: 16 bytes.
pub(crate) fn sll(hardware_type: u16, protocol: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0];
    bytes.extend(hardware_type.to_be_bytes());
    bytes.extend([0, 6]);
    bytes.extend(SOURCE_MAC);
    bytes.extend([0, 0]);
    bytes.extend(protocol.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// Linux "cooked" v2: 20 bytes.
pub(crate) fn sll2(protocol: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = protocol.to_be_bytes().to_vec();
    bytes.extend([0, 0, 0, 0, 0, 3]); // reserved, interface index
    bytes.extend([0, 1, 0, 6]); // Ethernet, to us, address length
    bytes.extend(SOURCE_MAC);
    bytes.extend([0, 0]);
    bytes.extend(payload);
    bytes
}
