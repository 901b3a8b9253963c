//! TCP and UDP headers.
//!
//! In: the payload of an IP packet, as long as IP declares it. Out: the stream and the stretch that is payload.
//! Guaranteed: the payload's length follows from the headers alone; TCP options that the snaplen cut off do not
//! matter.

use super::skip::{Layer, Reason, Skip};
use super::span::Span;
use super::{Addresses, TcpFlags, TcpInfo, Transport};
use serde::{Deserialize, Serialize};

/// What all fragments of a datagram have in common.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Stream {
    pub(super) addresses: Addresses,
    pub(super) source_port: u16,
    pub(super) destination_port: u16,
    pub(super) transport: Transport,
    pub(super) tcp: Option<TcpInfo>,
}

/// A segment found in a packet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) stream: Stream,
    pub(super) payload: Span<'a>,
    pub(super) later_fragment: bool,
}

/// RFC 9293 §3.1: the payload is what IP carries behind the header.
#[inline(always)]
pub(super) fn tcp(bytes: Span<'_>, addresses: Addresses) -> Result<Found<'_>, Skip> {
    let header = bytes.header::<20>(Layer::Transport)?;
    let header_bytes = usize::from(header[12] >> 4) * 4;
    if header_bytes < header.len() {
        return Err(Skip::new(Layer::Transport, Reason::Malformed, 0));
    }
    let tcp = TcpInfo {
        sequence: u32::from_be_bytes([header[4], header[5], header[6], header[7]]),
        acknowledgment: u32::from_be_bytes([header[8], header[9], header[10], header[11]]),
        flags: TcpFlags(header[13]),
    };
    Ok(Found {
        stream: stream(addresses, [header[0], header[1], header[2], header[3]], Transport::Tcp, Some(tcp)),
        payload: bytes.after(header_bytes, Layer::Transport)?,
        later_fragment: false,
    })
}

/// RFC 768: the payload is what the length field says, within what IP carries. A length below 8 leaves none; length 0
/// is a jumbogram's (RFC 2675 §4) or that of segmentation offload, and IP's length holds.
#[inline(always)]
pub(super) fn udp(bytes: Span<'_>, addresses: Addresses) -> Result<Found<'_>, Skip> {
    let header = bytes.header::<8>(Layer::Transport)?;
    let datagram = match u16::from_be_bytes([header[4], header[5]]) {
        0 => bytes,
        length => bytes.limited_to(usize::from(length).max(header.len())),
    };
    Ok(Found {
        stream: stream(addresses, [header[0], header[1], header[2], header[3]], Transport::Udp, None),
        payload: datagram.after(header.len(), Layer::Transport)?,
        later_fragment: false,
    })
}

#[inline(always)]
fn stream(addresses: Addresses, ports: [u8; 4], transport: Transport, tcp: Option<TcpInfo>) -> Stream {
    Stream {
        addresses,
        source_port: u16::from_be_bytes([ports[0], ports[1]]),
        destination_port: u16::from_be_bytes([ports[2], ports[3]]),
        transport,
        tcp,
    }
}
