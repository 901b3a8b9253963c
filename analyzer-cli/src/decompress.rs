//! Raw bytes of an input to bytes of a capture: gzip and zstd are told by their first bytes, never by a name.
//!
//! In: any reader. Out: a [`Reader`] of the decompressed bytes, through all gzip members and zstd frames. Guaranteed:
//! bytes before a damaged place are delivered; memory is bounded by the formats' windows (zstd: 128 MiB at most, of
//! which only what a frame really uses is touched).

use analyzer_core::capture::Compression;
use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How much compressed data is read at once.
const COMPRESSED_BYTES: usize = 256 << 10;

/// Decompressed bytes of one input.
pub(crate) struct Reader {
    bytes: Box<dyn Read + Send>,
    compression: Compression,
    raw_bytes: Arc<AtomicU64>,
}

impl Reader {
    /// Looks at the first bytes and prepares the decompression.
    pub(crate) fn new(raw: impl Read + Send + 'static) -> io::Result<Self> {
        let raw_bytes = Arc::new(AtomicU64::new(0));
        let mut raw = Counted { inner: raw, bytes: Arc::clone(&raw_bytes) };
        let mut magic = [0; Compression::MAGIC_BYTES];
        let (there, error) = fill(&mut raw, &mut magic);
        if let Some(error) = error {
            return Err(error);
        }
        let magic = magic[..there].to_vec();
        let compression = Compression::of(&magic);
        let whole = Cursor::new(magic).chain(raw);
        let bytes: Box<dyn Read + Send> = match compression {
            Compression::None => Box::new(whole),
            Compression::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(COMPRESSED_BYTES, whole))),
            Compression::Zstd => {
                Box::new(zstd::Decoder::with_buffer(BufReader::with_capacity(COMPRESSED_BYTES, whole))?)
            }
        };
        Ok(Self { bytes, compression, raw_bytes })
    }

    /// This reader once more with bytes that were already taken from it.
    pub(crate) fn rewound(self, taken: Vec<u8>) -> Self {
        Self { bytes: Box::new(Cursor::new(taken).chain(self.bytes)), ..self }
    }

    /// Fills the buffer as far as the input goes: the bytes that came, and what ended them early.
    pub(crate) fn fill(&mut self, buffer: &mut [u8]) -> (usize, Option<io::Error>) {
        fill(&mut self.bytes, buffer)
    }

    /// Bytes taken from the input so far, compressed as they are there.
    pub(crate) fn raw_bytes(&self) -> u64 {
        self.raw_bytes.load(Ordering::Relaxed)
    }

    /// What an error of [`Reader::fill`] means.
    pub(crate) fn explain(&self, error: &io::Error) -> String {
        let format = match self.compression {
            Compression::None => return format!("reading failed: {error}"),
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        };
        if error.kind() == io::ErrorKind::UnexpectedEof {
            format!("the {format} data ends early: the file was cut")
        } else {
            format!("the {format} data is damaged: {error}")
        }
    }
}

fn fill(source: &mut impl Read, buffer: &mut [u8]) -> (usize, Option<io::Error>) {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(bytes) => filled += bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Some(error)),
        }
    }
    (filled, None)
}

/// Counts what is read through it.
struct Counted<R> {
    inner: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(buffer)?;
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::encode_all(bytes, 1).unwrap()
    }

    fn read(raw: Vec<u8>) -> (Vec<u8>, Option<String>) {
        let mut reader = Reader::new(Cursor::new(raw)).unwrap();
        let mut buffer = vec![0; 1 << 20];
        let (there, error) = reader.fill(&mut buffer);
        buffer.truncate(there);
        (buffer, error.map(|error| reader.explain(&error)))
    }

    #[test]
    fn compressions_are_told_by_their_bytes_and_read_to_the_last_part() {
        let text: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        let (first, second) = text.split_at(1234);
        let skippable = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        for (name, raw) in [
            ("plain", text.clone()),
            ("gzip", gzip(&text)),
            ("gzip, two members", [gzip(first), gzip(second)].concat()),
            ("zstd", zstd(&text)),
            ("zstd, two frames", [zstd(first), zstd(second)].concat()),
            ("zstd, skippable frame first", [&skippable[..], &zstd(&text)].concat()),
        ] {
            assert_eq!(read(raw), (text.clone(), None), "{name}");
        }
        for short in [&b""[..], b"a", b"\x1f", b"abc"] {
            assert_eq!(read(short.to_vec()), (short.to_vec(), None));
        }
    }

    #[test]
    fn what_comes_before_a_cut_is_delivered() {
        let text: Vec<u8> = (0..200_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        for (raw, reason) in [
            (gzip(&text), "the gzip data ends early: the file was cut"),
            (zstd(&text), "the zstd data ends early: the file was cut"),
        ] {
            let (there, error) = read(raw[..raw.len() - 9].to_vec());
            assert_eq!(error.as_deref(), Some(reason));
            assert!(there.len() > text.len() / 2 && text.starts_with(&there), "{} bytes", there.len());
        }
    }
}
