//! Before the analysis: what a file is, in which order files are read, and gzip.

use crate::error;
use analyzer_core::capture::{Compression, FileOrder, Probe, capture_name};
use flate2::write::MultiGzDecoder;
use std::io::Write as _;
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
pub struct Gunzip(MultiGzDecoder<Vec<u8>>);

#[wasm_bindgen]
impl Gunzip {
    /// At the beginning of a file.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "only the page calls it")]
    pub fn new() -> Self {
        Self(MultiGzDecoder::new(Vec::new()))
    }

    /// Takes the next compressed bytes. What they give is waiting in [`take`](Self::take), after an error too.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), JsError> {
        self.0.write_all(chunk).map_err(|problem| error(Compression::Gzip.explain(&problem)))
    }

    /// The file ends here.
    pub fn end(&mut self) -> Result<(), JsError> {
        self.0.try_finish().map_err(|problem| error(Compression::Gzip.explain(&problem)))
    }

    /// Decompressed bytes since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(self.0.get_mut())
    }
}
