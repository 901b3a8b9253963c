//! Records to CSV (RFC 4180, line feed line ends).
//!
//! In: a record and the analysis' context. Out: bytes appended to a buffer; the header names the fields by their full
//! paths. Guaranteed: a cell that a spreadsheet would take for a formula is neutralised with a leading apostrophe;
//! null is an empty cell.

use super::ndjson::{put_integer, put_ip};
use crate::record::{Context, FieldType, Record, Value};

/// Appends the header line of a kind of record.
pub fn encode_header<R: Record>(out: &mut Vec<u8>) {
    for (at, field) in R::FIELDS.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(field.path.as_bytes());
    }
    out.push(b'\n');
}

/// Appends the record as one line.
#[inline]
pub fn encode<R: Record>(record: &R, context: &Context, out: &mut Vec<u8>) {
    record.values(context, |at, value| {
        if at > 0 {
            out.push(b',');
        }
        match value {
            Value::Constant => put_constant(R::FIELDS[at].value, out),
            Value::Time(time) => out.extend_from_slice(&time.to_rfc3339()),
            Value::Integer(number) | Value::Id(number) | Value::OptionalInteger(Some(number)) => {
                put_integer(out, number)
            }
            Value::SpanMillis(millis) => put_integer(out, millis),
            Value::OptionalInteger(None) => {}
            Value::Ip(ip) => put_ip(out, ip),
            Value::Keyword(word) => out.extend_from_slice(word.as_bytes()),
            Value::Text(text) => put_text(out, text),
            Value::Boolean(truth) => out.extend_from_slice(if truth { b"true" } else { b"false" }),
        }
    });
    out.push(b'\n');
}

fn put_constant(field: FieldType, out: &mut Vec<u8>) {
    if let FieldType::Constant(constant) | FieldType::ConstantList(constant) = field {
        out.extend_from_slice(constant.as_bytes());
    }
}

/// A cell that may hold anything: quoted where RFC 4180 wants it, and never a formula.
fn put_text(out: &mut Vec<u8>, text: &str) {
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
