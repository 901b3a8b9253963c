//! Before the analysis: what a file is, in which order files are read, and gzip.

use crate::error;
use analyzer_core::capture::{Compression, FileOrder, Probe, capture_name};
use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufRead, ErrorKind, Read};
use wasm_bindgen::prelude::*;

/// How a file is compressed, by its first four bytes: `gzip`, `zstd` or nothing.
#[wasm_bindgen(js_name = compressionOf)]
pub fn compression_of(magic: &[u8]) -> Option<String> {
    match Compression::of(magic) {
        Compression::None => None,
        Compression::Gzip => Some("gzip".to_owned()),
        Compression::Zstd => Some("zstd".to_owned()),
    }
}

/// The name of a capture from its files' names, in the order of their packets.
#[wasm_bindgen(js_name = captureName)]
pub fn name_of_capture(names: Vec<String>) -> String {
    capture_name(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Looks for the first packet of a file.
#[wasm_bindgen(js_name = Probe)]
pub struct FileProbe(Probe);

#[wasm_bindgen(js_class = Probe)]
impl FileProbe {
    /// At the beginning of a file.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "only the page calls it")]
    pub fn new() -> Self {
        Self(Probe::new())
    }

    /// Takes the next bytes, decompressed; false when no more are wanted.
    pub fn push(&mut self, chunk: &[u8]) -> bool {
        self.0.push(chunk)
    }

    /// Whether it begins like a capture file.
    #[wasm_bindgen(getter, js_name = isCapture)]
    pub fn is_capture(&self) -> bool {
        self.0.is_capture()
    }

    /// Whether the file is read before another one.
    #[wasm_bindgen(js_name = isBefore)]
    pub fn is_before(&self, name: String, path: String, other: &Self, other_name: String, other_path: String) -> bool {
        FileOrder::new(self.0.start(), name, path) < FileOrder::new(other.0.start(), other_name, other_path)
    }
}

/// Decompresses gzip, through all members.
#[wasm_bindgen]
pub struct Gunzip {
    decoder: MultiGzDecoder<Pushed>,
    /// Decompressed and not taken.
    out: Vec<u8>,
}

#[wasm_bindgen]
impl Gunzip {
    /// At the beginning of a file.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "only the page calls it")]
    pub fn new() -> Self {
        Self { decoder: MultiGzDecoder::new(Pushed::default()), out: Vec::new() }
    }

    /// Takes the next compressed bytes. What they give is waiting in [`take`](Self::take), after an error too.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), JsError> {
        self.decoder.get_mut().bytes.extend_from_slice(chunk);
        self.advance()
    }

    /// The file ends here.
    pub fn end(&mut self) -> Result<(), JsError> {
        self.decoder.get_mut().is_whole = true;
        self.advance()
    }

    /// Decompressed bytes since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    fn advance(&mut self) -> Result<(), JsError> {
        let mut step = [0; STEP_BYTES];
        loop {
            match self.decoder.read(&mut step) {
                Ok(0) => return Ok(()),
                Ok(bytes) => self.out.extend_from_slice(&step[..bytes]),
                Err(problem) if problem.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(problem) => return Err(error(Compression::Gzip.explain(&problem))),
            }
        }
    }
}

/// How much is decompressed at once.
const STEP_BYTES: usize = 32 << 10;

/// A reader of what was pushed, for the decoder that the program uses too: those that are written to lose what they have
/// not passed on yet when they meet a fault. The decoder goes on where it was after `WouldBlock`.
#[derive(Default)]
struct Pushed {
    bytes: Vec<u8>,
    read: usize,
    /// Nothing more will be pushed.
    is_whole: bool,
}

impl BufRead for Pushed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match &self.bytes[self.read..] {
            [] if !self.is_whole => Err(ErrorKind::WouldBlock.into()),
            rest => Ok(rest),
        }
    }

    fn consume(&mut self, bytes: usize) {
        self.read += bytes;
        if self.read == self.bytes.len() {
            self.bytes.clear();
            self.read = 0;
        }
    }
}

impl Read for Pushed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?.read(buffer)?;
        self.consume(bytes);
        Ok(bytes)
    }
}
