//! Records to JSON, one object a line (NDJSON).
//!
//! In: a record and the analysis' context. Out: bytes appended to a buffer. Guaranteed: the same record gives the same
//! bytes everywhere; strings that may be hostile are escaped (RFC 8259 §7), and each line ends with a line feed.

use super::row::{RowEncoder, RowSyntax};
use crate::record::{Context, Field, FieldType, Record};
use std::io::Write;

/// Encoder of one kind of record. The text between two values never changes, so it is made once.
#[derive(Debug, Clone)]
pub struct NdjsonEncoder<R>(RowEncoder<R>);

impl<R: Record> Default for NdjsonEncoder<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: Record> NdjsonEncoder<R> {
    /// Prepares the constant text of the kind.
    #[must_use]
    pub fn new() -> Self {
        Self(RowEncoder::new(syntax(R::FIELDS)))
    }

    /// Appends the record as one line of JSON.
    pub fn encode(&self, record: &R, context: &Context, out: &mut Vec<u8>) {
        self.0.encode(record, context, out);
    }
}

/// Braces, names and constants of the kind.
pub(super) fn syntax(fields: &[Field]) -> RowSyntax {
    let mut before = Vec::with_capacity(fields.len());
    let mut open: Vec<&str> = Vec::new(); // names of the nested objects that are open
    let mut text = String::from("{");
    for (at, field) in fields.iter().enumerate() {
        // `@timestamp` has no dot; all other paths nest at each dot.
        let mut parents: Vec<&str> = field.path.split('.').collect();
        let name = parents.pop().unwrap_or_default();
        let shared = open.iter().zip(&parents).take_while(|(a, b)| a == b).count();
        text.extend(std::iter::repeat_n('}', open.len() - shared));
        if at > 0 {
            text.push(',');
        }
        for parent in &parents[shared..] {
            text.push_str(&format!("\"{parent}\":{{"));
        }
        open = parents;
        text.push_str(&format!("\"{name}\":"));
        match field.value {
            FieldType::Constant(constant) => text.push_str(&format!("\"{constant}\"")),
            FieldType::ConstantList(constant) => text.push_str(&format!("[\"{constant}\"]")),
            // Quotes around values that are always strings and never need escaping belong to the constant text.
            FieldType::Time | FieldType::Id | FieldType::Ip | FieldType::Keyword => {
                text.push('"');
                before.push(std::mem::take(&mut text).into_bytes().into_boxed_slice());
                text.push('"');
                continue;
            }
            _ => {}
        }
        before.push(std::mem::take(&mut text).into_bytes().into_boxed_slice());
    }
    text.extend(std::iter::repeat_n('}', open.len()));
    text.push_str("}\n");
    RowSyntax { before, after: text.into_bytes().into_boxed_slice(), null: b"null", put_text: put_string }
}

/// A JSON string with everything escaped that must be.
fn put_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x00..=0x1f | 0x7f => {
                // Writing to a Vec can't fail.
                let _ = write!(out, "\\u{byte:04x}");
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}
