//! Records to CSV (RFC 4180, line feed line ends).
//!
//! In: a record and the analysis' context. Out: bytes appended to a buffer; the header names the fields by their full
//! paths. Guaranteed: a cell that a spreadsheet would take for a formula is neutralised with a leading apostrophe;
//! null is an empty cell.

use super::row::{RowEncoder, RowSyntax};
use crate::record::{Context, Field, FieldType, Record};

/// Encoder of one kind of record.
#[derive(Debug, Clone)]
pub struct CsvEncoder<R>(RowEncoder<R>);

impl<R: Record> Default for CsvEncoder<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: Record> CsvEncoder<R> {
    /// Prepares the constant cells of the kind.
    #[must_use]
    pub fn new() -> Self {
        Self(RowEncoder::new(syntax(R::FIELDS)))
    }

    /// Appends the record as one line.
    pub fn encode(&self, record: &R, context: &Context, out: &mut Vec<u8>) {
        self.0.encode(record, context, out);
    }

    /// Appends the header line.
    pub fn encode_header(out: &mut Vec<u8>) {
        put_header(R::FIELDS, out);
    }
}

/// Appends the header line of a kind of record.
pub(super) fn put_header(fields: &[Field], out: &mut Vec<u8>) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(field.path.as_bytes());
    }
    out.push(b'\n');
}

/// Commas and constants of the kind.
pub(super) fn syntax(fields: &[Field]) -> RowSyntax {
    let cell = |(at, field): (usize, &Field)| {
        let comma = if at > 0 { "," } else { "" };
        let constant = match field.value {
            FieldType::Constant(constant) | FieldType::ConstantList(constant) => constant,
            _ => "",
        };
        [comma, constant].concat().into_bytes().into_boxed_slice()
    };
    RowSyntax { before: fields.iter().enumerate().map(cell).collect(), after: Box::new(*b"\n"), null: b"", put_text }
}

/// A cell that may hold anything: quoted where RFC 4180 wants it, and never a formula.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = text.contains(['"', ',', '\n', '\r']);
    if quoted {
        out.push(b'"');
    }
    if formula {
        out.push(b'\'');
    }
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    if quoted {
        out.push(b'"');
    }
}
