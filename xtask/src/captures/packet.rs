//! Bytes of packets, written from the inside out: each builder takes the payload and returns it with one header in
//! front, so that a case reads like the stack it describes. Lengths are right unless a case asks for a wrong one;
//! the IPv4 header checksum is right, all other checksums are zero because nothing that is tested reads them.

pub(crate) mod ip;
pub(crate) mod link;
pub(crate) mod transport;
pub(crate) mod tunnel;

/// One record of a capture to be written, with what it must add to the counters.
#[derive(Clone)]
pub(crate) struct Packet {
    /// Nanoseconds since the epoch.
    pub(crate) at_ns: i64,
    /// Length on the wire, as the record will say.
    pub(crate) wire_bytes: u32,
    /// The bytes that the record keeps.
    pub(crate) captured: Vec<u8>,
    /// What its author says that the packet is.
    pub(crate) share: Share,
}

/// What one packet adds to the counters, as the author of the case knows it.
#[derive(Clone, Copy)]
pub(crate) enum Share {
    /// A frame with a TCP header and so many payload bytes.
    Tcp(u64),
    /// A frame with a UDP header and so many payload bytes.
    Udp(u64),
    /// A later fragment that joined a TCP stream with so many bytes.
    LaterTcp(u64),
    /// A later fragment that joined a UDP stream with so many bytes.
    LaterUdp(u64),
    /// A later fragment whose first was not seen: no bytes, but counted.
    LaterUnmatched,
    /// Anything else.
    Other,
}
