//! Documents that the server would not take, to be kept and looked at.
//!
//! In: a body and what its reply says of one of its documents. Out: one line of JSON with `index`, `status`, `reason`,
//! `name` and `document`. Guaranteed: the document's bytes are those that were sent, so that numbers keep their digits.

use super::{ACTION_BEFORE, Body, Refusal};
use serde::Serialize;
use std::sync::Arc;

/// A document that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedDocument {
    /// The index that it was sent to.
    pub index: Arc<str>,
    /// Its name there.
    pub name: String,
    /// Status of the item, as HTTP's.
    pub status: u16,
    /// The server's name of the error and its reason.
    pub reason: String,
    /// The document: one line of JSON without the line feed.
    pub document: Vec<u8>,
}

impl RefusedDocument {
    /// The document of a body that a reply refuses.
    #[must_use]
    pub fn new(body: &Body, refusal: &Refusal) -> Self {
        Self {
            index: Arc::clone(&body.index),
            name: name(body.item(refusal.position)),
            status: refusal.status,
            reason: refusal.reason.clone(),
            document: body.document(refusal.position).to_vec(),
        }
    }

    /// Appends its line, ended by a line feed.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let head = Head { index: &self.index, name: &self.name, status: self.status, reason: &self.reason };
        // Texts and a number can always be written.
        let head = serde_json::to_vec(&head).unwrap_or_default();
        out.extend_from_slice(head.strip_suffix(b"}").unwrap_or_default());
        out.extend_from_slice(b",\"document\":");
        out.extend_from_slice(&self.document);
        out.extend_from_slice(b"}\n");
    }
}

/// The line but for the document, which is JSON already.
#[derive(Serialize)]
struct Head<'a> {
    index: &'a str,
    name: &'a str,
    status: u16,
    reason: &'a str,
}

/// The name in an item's action, which holds no character that JSON escapes.
fn name(item: &[u8]) -> String {
    let rest = item.strip_prefix(ACTION_BEFORE).unwrap_or_default();
    let name = rest.split(|byte| *byte == b'"').next().unwrap_or_default();
    String::from_utf8_lossy(name).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::BulkEncoder;
    use super::*;

    #[test]
    fn a_line_holds_the_document_as_it_was_sent() {
        let mut encoder = BulkEncoder::new("sniffit-bins-a-b", usize::MAX);
        encoder.push_document("1d2", br#"{"a":"x \" y"}"#);
        encoder.push_document("1d3", br#"{"a":1.50}"#);
        let body = encoder.finish().expect("two documents");
        for (position, reason, expected) in [
            (
                0,
                "a \"b\"\n",
                r#"{"index":"sniffit-bins-a-b","name":"1d2","status":400,"reason":"a \"b\"\n","document":{"a":"x \" y"}}"#,
            ),
            (1, "", r#"{"index":"sniffit-bins-a-b","name":"1d3","status":400,"reason":"","document":{"a":1.50}}"#),
        ] {
            let refusal = Refusal { position, status: 400, reason: reason.to_owned() };
            let mut line = b"before\n".to_vec();
            RefusedDocument::new(&body, &refusal).encode(&mut line);
            assert_eq!(String::from_utf8_lossy(&line), format!("before\n{expected}\n"));
        }
    }
}
