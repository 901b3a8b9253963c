//! What ends the reading of a capture file before its end.

use thiserror::Error;

/// The end of a file's reading at a byte that can't be understood. Everything before it was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("byte {offset}: {kind}")]
pub struct Fault {
    /// Offset in the decompressed file of the record or block at fault.
    pub offset: u64,
    /// What is wrong there.
    pub kind: FaultKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FaultKind {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// Neither pcap nor pcapng.
    #[error("not a pcap or pcapng file (first bytes {0:02x?})")]
    UnknownMagic([u8; 4]),
    /// A version of the format whose records this reader can't know.
    #[error("version {major}.{minor} of the capture file format is not known")]
    UnsupportedVersion {
        /// Its first number.
        major: u16,
        /// Its second number.
        minor: u16,
    },
    /// The file ends inside its header, a record or a block.
    #[error("the file ends inside {what}: {missing} more bytes were announced")]
    Truncated {
        /// What was cut: "the file header", "a record header", "a packet", "a block".
        what: &'static str,
        /// How many announced bytes are not there.
        missing: u64,
    },
    /// A length that no capture has; following it would lose the record borders.
    #[error("{what} of {length} bytes is not believable")]
    ImplausibleLength {
        /// What has the length.
        what: &'static str,
        /// The length read.
        length: u64,
    },
    /// A pcap file header where a record should begin.
    #[error("another capture file begins here: two files were joined; give them as separate files")]
    ConcatenatedFile,
    /// A pcapng block that contradicts itself or the blocks before it.
    #[error("corrupt pcapng block: {0}")]
    CorruptBlock(&'static str),
}
