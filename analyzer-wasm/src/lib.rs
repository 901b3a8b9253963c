//! The analysis behind `wasm-bindgen`, for the page's worker.
//!
//! In: bytes of captures and options as text. Out: columns, encoded records, a manifest, and requests to Elasticsearch.
//! Guaranteed: nothing is decided here: whatever two shells must agree on is in `analyzer-core`, and the native program
//! calls the same. Memory beyond the records themselves is bounded; the module asks its page for nothing but what the
//! generated glue gives it.

#![allow(missing_debug_implementations, reason = "handles that a page holds are never printed")]

pub mod analysis;
pub mod columns;
pub mod manifest;
pub mod reading;
pub mod results;
pub mod sending;

use wasm_bindgen::JsError;

/// An error of ours to one of the page's, with all its causes.
fn error(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}
