//! Builders of capture files that say exactly what they are told, lies included.

/// A capture file in the making.
#[derive(Debug, Clone, Default)]
pub(super) struct File {
    bytes: Vec<u8>,
    big_endian: bool,
}

pub(super) const ENHANCED: u32 = 6;
pub(super) const INTERFACE: u32 = 1;
pub(super) const SECTION: u32 = 0x0a0d_0d0a;

/// A file of just these bytes.
pub(super) fn file(bytes: &[u8]) -> File {
    File { bytes: bytes.to_vec(), big_endian: false }
}

/// A little-endian microsecond pcap file of Ethernet packets, without packets.
pub(super) fn pcap_file() -> File {
    pcap(false, 0xa1b2_c3d4, (2, 4), 65_535, 1)
}

/// A pcap file without packets.
pub(super) fn pcap(big_endian: bool, magic: u32, version: (u16, u16), snaplen: u32, network: u32) -> File {
    File { bytes: Vec::new(), big_endian }.u32s([magic]).u16s([version.0, version.1]).u32s([0, 0, snaplen, network])
}

/// A little-endian pcapng file with one Ethernet interface, without packets.
pub(super) fn pcapng_file() -> File {
    File::default().section(false).interface(1, 65_535, &[])
}

impl File {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn raw(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// Joined as `cat` joins files.
    pub(super) fn then(self, other: &Self) -> Self {
        self.raw(other.bytes())
    }

    pub(super) fn u16s<const N: usize>(self, values: [u16; N]) -> Self {
        let big_endian = self.big_endian;
        self.raw(&values.map(|value| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() }).concat())
    }

    pub(super) fn u32s<const N: usize>(self, values: [u32; N]) -> Self {
        let big_endian = self.big_endian;
        self.raw(&values.map(|value| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() }).concat())
    }

    /// A pcap record of a packet that was captured whole.
    pub(super) fn record(self, seconds: u32, fraction: u32, data: &[u8]) -> Self {
        self.u32s([seconds, fraction, length(data), length(data)]).raw(data)
    }

    /// The same with the 24-byte header of modified pcap files.
    pub(super) fn wide_record(self, seconds: u32, fraction: u32, data: &[u8]) -> Self {
        self.u32s([seconds, fraction, length(data), length(data), 7, 7]).raw(data)
    }

    /// A pcapng section header, which also sets the byte order of what follows. Its section length is a lie.
    pub(super) fn section(mut self, big_endian: bool) -> Self {
        self.big_endian = big_endian;
        let body = self.part().u32s([0x1a2b_3c4d]).u16s([1, 0]).u32s([0, 3]);
        self.block(SECTION, body.bytes())
    }

    pub(super) fn interface(self, link_type: u16, snaplen: u32, options: &[(u16, &[u8])]) -> Self {
        let mut body = self.part().u16s([link_type, 0]).u32s([snaplen]);
        for (code, value) in options {
            body = body.option(*code, length(value) as u16, value);
        }
        self.block(INTERFACE, body.bytes())
    }

    pub(super) fn option(self, code: u16, value_bytes: u16, value: &[u8]) -> Self {
        self.u16s([code, value_bytes]).padded(value)
    }

    /// An enhanced packet block of a packet that was captured whole.
    pub(super) fn enhanced(self, interface: u32, ticks: u64, data: &[u8]) -> Self {
        self.enhanced_of(interface, ticks, length(data), length(data), data)
    }

    pub(super) fn enhanced_of(self, interface: u32, ticks: u64, captured: u32, wire: u32, data: &[u8]) -> Self {
        let (high, low) = ((ticks >> 32) as u32, ticks as u32);
        let body = self.part().u32s([interface, high, low, captured, wire]).padded(data);
        self.block(ENHANCED, body.bytes())
    }

    pub(super) fn simple(self, wire: u32, data: &[u8]) -> Self {
        let body = self.part().u32s([wire]).padded(data);
        self.block(3, body.bytes())
    }

    /// Any block with the right lengths around `body`, which must be padded.
    pub(super) fn block(self, block_type: u32, body: &[u8]) -> Self {
        let block_bytes = length(body) + 12;
        self.u32s([block_type, block_bytes]).raw(body).u32s([block_bytes])
    }

    /// Nothing yet, in the same byte order.
    pub(super) fn part(&self) -> Self {
        Self { bytes: Vec::new(), big_endian: self.big_endian }
    }

    fn padded(self, bytes: &[u8]) -> Self {
        let padding = bytes.len().next_multiple_of(4) - bytes.len();
        self.raw(bytes).raw(&[0; 3][..padding])
    }
}

fn length(bytes: &[u8]) -> u32 {
    bytes.len() as u32
}
