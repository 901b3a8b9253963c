//! Documents to `_bulk` requests of Elasticsearch, and its replies to what became of each document.
//!
//! In: documents with their names, and what the server answered. Out: bodies of bounded size, and for each of them what
//! to do next. Guaranteed: no connection is known here, so that a program and a page send alike; every document of a
//! body ends in exactly one of created, already there and refused, or is to be sent again. Sending again is harmless,
//! because a document is created under its own name or is already there (`op_type=create`).

mod backoff;
mod courier;
mod pace;
mod refused;
mod reply;
mod shipment;
mod tally;

pub use backoff::Backoff;
pub use courier::{Courier, Step, Ticket};
pub use pace::{Pace, Patience, Stop};
pub use refused::RefusedDocument;
pub use reply::{Items, Refusal, Reply, classify};
pub use shipment::{DatasetReport, Shipment};
pub use tally::{Next, Reason, Tally};

use super::index::Dataset;
use super::ndjson::NdjsonEncoder;
use super::placement::Placement;
use crate::record::{Context, Record};
use std::sync::Arc;

/// Size from which a body is sent. From 1 to 10 MB the server takes the same number of documents a second; the smaller,
/// the less a browser and a small server hold at once, and the less is sent again.
pub const BODY_BYTES: usize = 2_000_000;

/// What a bulk request is asked to answer: enough to tell, by position, what became of each document.
pub const REPLY_FILTER: &str = "errors,items.*.status,items.*.error.type,items.*.error.reason";

/// The body of one bulk request: documents of one index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    index: Arc<str>,
    bytes: Vec<u8>,
    /// Where each item, its action and its document, ends in `bytes`.
    ends: Vec<u32>,
}

impl Body {
    fn new(index: Arc<str>) -> Self {
        Self { index, bytes: Vec::new(), ends: Vec::new() }
    }

    /// The index that the documents go to.
    #[must_use]
    pub fn index(&self) -> &str {
        &self.index
    }

    /// The path and query of the request, to be sent with POST.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/{}/_bulk?filter_path={REPLY_FILTER}", self.index)
    }

    /// What is sent, as `application/x-ndjson`.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Number of documents.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.ends.len()
    }

    /// The action and the document at a position, each a line; empty beyond the end.
    #[must_use]
    pub fn item(&self, position: usize) -> &[u8] {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let begin = if position == 0 { 0 } else { end(position - 1) };
        self.bytes.get(begin..end(position)).unwrap_or_default()
    }

    /// The document at a position without its action, and without the line feed.
    #[must_use]
    pub fn document(&self, position: usize) -> &[u8] {
        let item = self.item(position);
        let action = item.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        item[action..].trim_ascii_end()
    }

    /// A body of the documents at these positions.
    fn of(&self, positions: impl IntoIterator<Item = usize>) -> Self {
        let mut body = Self::new(Arc::clone(&self.index));
        for position in positions {
            body.bytes.extend_from_slice(self.item(position));
            body.close_item();
        }
        body
    }

    fn close_item(&mut self) {
        // An encoder ends a body long before 4 GiB; a single document that is larger can't be told apart, and no server
        // would take it.
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }
}

/// Collects documents of one index into bodies.
#[derive(Debug)]
pub struct BulkEncoder {
    open: Body,
    body_bytes: usize,
    /// What all names begin with.
    prefix: String,
}

impl BulkEncoder {
    /// Bodies for an index, each sent when it has so many bytes; it is larger by one document at most.
    #[must_use]
    pub fn new(index: &str, body_bytes: usize) -> Self {
        Self { open: Body::new(index.into()), body_bytes, prefix: String::new() }
    }

    /// Bodies for the index of a dataset of an analysis, with the names that its documents have there.
    #[must_use]
    pub fn for_dataset(dataset: Dataset, placement: &Placement, body_bytes: usize) -> Self {
        let prefix = placement.prefix(dataset).to_owned();
        Self { prefix, ..Self::new(&placement.index(dataset), body_bytes) }
    }

    /// Adds a record; returns a body when one is full.
    pub fn push<R: Record>(&mut self, record: &R, encoder: &NdjsonEncoder<R>, context: &Context) -> Option<Body> {
        self.open.bytes.extend_from_slice(ACTION_BEFORE);
        self.open.bytes.extend_from_slice(self.prefix.as_bytes());
        record.put_ordinal(&mut self.open.bytes);
        self.open.bytes.extend_from_slice(ACTION_AFTER);
        encoder.encode(record, context, &mut self.open.bytes);
        self.close_item()
    }

    /// Adds a document that is one line of JSON already, under a name without characters that JSON escapes.
    pub fn push_document(&mut self, name: &str, document: &[u8]) -> Option<Body> {
        let bytes = &mut self.open.bytes;
        bytes.extend_from_slice(ACTION_BEFORE);
        bytes.extend_from_slice(self.prefix.as_bytes());
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(ACTION_AFTER);
        bytes.extend_from_slice(document.trim_ascii_end());
        bytes.push(b'\n');
        self.close_item()
    }

    fn close_item(&mut self) -> Option<Body> {
        self.open.close_item();
        (self.open.bytes.len() >= self.body_bytes).then(|| self.take())
    }

    /// The body that is not full yet, if it holds anything.
    pub fn finish(&mut self) -> Option<Body> {
        (self.open.documents() > 0).then(|| self.take())
    }

    fn take(&mut self) -> Body {
        let next = Body::new(Arc::clone(&self.open.index));
        std::mem::replace(&mut self.open, next)
    }
}

const ACTION_BEFORE: &[u8] = br#"{"create":{"_id":""#;
const ACTION_AFTER: &[u8] = b"\"}}\n";

#[cfg(test)]
mod tests;
