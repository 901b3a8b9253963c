//! TCP and UDP headers in front of a payload.

/// Port of the side that opens the conversation; tshark has no dissector for it that could guess at zeros.
pub(crate) const CLIENT_PORT: u16 = 50_000;
/// Port of the other side.
pub(crate) const SERVER_PORT: u16 = 50_001;

/// Flag bits of RFC 9293 §3.1.
pub(crate) mod flag {
    pub(crate) const FIN: u8 = 0x01;
    pub(crate) const SYN: u8 = 0x02;
    pub(crate) const PSH: u8 = 0x08;
    pub(crate) const ACK: u8 = 0x10;
}

/// A TCP header (RFC 9293).
#[derive(Clone, Copy)]
pub(crate) struct Tcp {
    pub(crate) source_port: u16,
    pub(crate) destination_port: u16,
    pub(crate) sequence: u32,
    pub(crate) acknowledgment: u32,
    pub(crate) flags: u8,
    /// A multiple of four bytes.
    pub(crate) options: &'static [u8],
}

impl Default for Tcp {
    fn default() -> Self {
        Self {
            source_port: CLIENT_PORT,
            destination_port: SERVER_PORT,
            sequence: 1_000,
            acknowledgment: 2_000,
            flags: flag::ACK,
            options: &[],
        }
    }
}

impl Tcp {
    pub(crate) fn carry(self, payload: &[u8]) -> Vec<u8> {
        let header_words = 5 + self.options.len() / 4;
        let mut bytes = Vec::with_capacity(header_words * 4 + payload.len());
        bytes.extend(self.source_port.to_be_bytes());
        bytes.extend(self.destination_port.to_be_bytes());
        bytes.extend(self.sequence.to_be_bytes());
        bytes.extend(self.acknowledgment.to_be_bytes());
        bytes.extend([(header_words as u8) << 4, self.flags]);
        bytes.extend(u16::MAX.to_be_bytes()); // window
        bytes.extend([0; 4]); // checksum, urgent pointer
        bytes.extend(self.options);
        bytes.extend(payload);
        bytes
    }
}

/// A UDP header (RFC 768).
#[derive(Clone, Copy)]
pub(crate) struct Udp {
    pub(crate) source_port: u16,
    pub(crate) destination_port: u16,
    /// The length field, where a case wants it wrong.
    pub(crate) length: Option<u16>,
}

impl Default for Udp {
    fn default() -> Self {
        Self { source_port: CLIENT_PORT, destination_port: SERVER_PORT, length: None }
    }
}

impl Udp {
    pub(crate) fn carry(self, payload: &[u8]) -> Vec<u8> {
        let length = self.length.unwrap_or(8 + payload.len() as u16);
        let mut bytes = Vec::with_capacity(8 + payload.len());
        bytes.extend(self.source_port.to_be_bytes());
        bytes.extend(self.destination_port.to_be_bytes());
        bytes.extend(length.to_be_bytes());
        bytes.extend([0; 2]);
        bytes.extend(payload);
        bytes
    }
}

/// A plain segment of the usual connection with so many payload bytes.
pub(crate) fn tcp(payload_bytes: usize) -> Vec<u8> {
    Tcp::default().carry(&vec![0; payload_bytes])
}

/// A plain datagram between the usual ports with so many payload bytes.
pub(crate) fn udp(payload_bytes: usize) -> Vec<u8> {
    Udp::default().carry(&vec![0; payload_bytes])
}
