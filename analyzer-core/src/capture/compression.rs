//! Compressions of capture files, told by their first bytes and never by a name.

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all, or in a way that is not known.
    None,
    /// gzip (RFC 1952).
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
}

impl Compression {
    /// So many first bytes are enough to tell.
    pub const MAGIC_BYTES: usize = 4;

    /// Tells it from a file's first bytes; a file that is shorter than [`MAGIC_BYTES`](Self::MAGIC_BYTES) is given whole.
    #[must_use]
    pub const fn of(magic: &[u8]) -> Self {
        match magic {
            [0x1f, 0x8b, ..] => Self::Gzip,
            // Parallel compressors begin with a skippable frame.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressions_are_told_by_their_first_bytes() {
        for (bytes, expected) in [
            (&b""[..], Compression::None),
            (&[0x1f], Compression::None),
            (&[0x1f, 0x8b], Compression::Gzip),
            (&[0x1f, 0x8b, 8, 0, 0], Compression::Gzip),
            (&[0x28, 0xb5, 0x2f], Compression::None),
            (&[0x28, 0xb5, 0x2f, 0xfd], Compression::Zstd),
            (&[0x28, 0xb5, 0x2f, 0xfd, 4], Compression::Zstd),
            (&[0x50, 0x2a, 0x4d, 0x18], Compression::Zstd),
            (&[0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0], Compression::Zstd),
            (&[0x60, 0x2a, 0x4d, 0x18], Compression::None),
            (&[0xd4, 0xc3, 0xb2, 0xa1], Compression::None),
            (&[0x0a, 0x0d, 0x0d, 0x0a], Compression::None),
        ] {
            assert_eq!(Compression::of(bytes), expected, "{bytes:02x?}");
        }
    }
}
