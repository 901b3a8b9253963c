//! The core behind wasm-bindgen.
//!
//! In: a capture's bytes. Out: its objects as NDJSON. Guaranteed: no logic of its own.

use analyzer_core::record::ObjectRecord;
use analyzer_core::{Analyzer, Config, Sink};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "export interface Manifest {}";

struct Lines(Vec<u8>);

impl Sink for Lines {
    fn object(&mut self, object: &ObjectRecord) {
        self.0.extend_from_slice(format!("{object:?}\n").as_bytes());
    }
}

/// The objects of a capture.
#[wasm_bindgen]
#[must_use]
pub fn objects(capture: &[u8]) -> Vec<u8> {
    let mut sink = Lines(Vec::new());
    let Ok(mut analyzer) = Analyzer::new(Config::default()) else { return Vec::new() };
    analyzer.begin_input("capture");
    let _ = analyzer.push(capture, &mut sink);
    let _ = analyzer.end_input();
    analyzer.finish(&mut sink);
    sink.0
}
