//! Records to JSON, one object a line (NDJSON).
//!
//! In: a record and the analysis' context. Out: bytes appended to a buffer. Guaranteed: the same record gives the same
//! bytes everywhere; strings that may be hostile are escaped (RFC 8259 §7), and each line ends with a line feed.

use crate::record::{Context, Field, FieldType, Record, Value};
use std::io::Write;
use std::marker::PhantomData;

/// Encoder of one kind of record. The text between two values never changes, so it is made once.
#[derive(Debug, Clone)]
pub struct NdjsonEncoder<R> {
    /// For each field, what stands between the previous value and this one: braces, names, constants.
    before: Vec<Box<[u8]>>,
    after: Box<[u8]>,
    record: PhantomData<R>,
}

impl<R: Record> Default for NdjsonEncoder<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: Record> NdjsonEncoder<R> {
    /// Prepares the constant text of the kind.
    #[must_use]
    pub fn new() -> Self {
        let (before, after) = skeleton(R::FIELDS);
        Self { before, after, record: PhantomData }
    }

    /// Appends the record as one line of JSON.
    #[inline]
    pub fn encode(&self, record: &R, context: &Context, out: &mut Vec<u8>) {
        record.values(context, |at, value| {
            out.extend_from_slice(&self.before[at]);
            put_value(out, value);
        });
        out.extend_from_slice(&self.after);
    }
}

/// The constant text before each field's value, and after the last.
fn skeleton(fields: &[Field]) -> (Vec<Box<[u8]>>, Box<[u8]>) {
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
    (before, text.into_bytes().into_boxed_slice())
}

#[inline]
fn put_value(out: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Constant => {}
        Value::Time(time) => out.extend_from_slice(&time.to_rfc3339()),
        Value::Integer(number) | Value::Id(number) | Value::OptionalInteger(Some(number)) => put_integer(out, number),
        Value::SpanMillis(millis) => put_integer(out, millis),
        Value::OptionalInteger(None) => out.extend_from_slice(b"null"),
        Value::Ip(ip) => put_ip(out, ip),
        Value::Keyword(word) => out.extend_from_slice(word.as_bytes()),
        Value::Text(text) => put_string(out, text),
        Value::Boolean(truth) => out.extend_from_slice(if truth { b"true" } else { b"false" }),
    }
}

/// Decimal digits of a number.
pub(super) fn put_integer(out: &mut Vec<u8>, number: impl itoa::Integer) {
    let mut buffer = itoa::Buffer::new();
    out.extend_from_slice(buffer.format(number).as_bytes());
}

/// An address as RFC 5952 (IPv6) and dotted decimal (IPv4) want it.
pub(super) fn put_ip(out: &mut Vec<u8>, ip: std::net::IpAddr) {
    if let std::net::IpAddr::V4(ip) = ip {
        // std's formatter costs ten times as much, and every object holds four addresses.
        for (at, octet) in ip.octets().into_iter().enumerate() {
            if at > 0 {
                out.push(b'.');
            }
            put_integer(out, u64::from(octet));
        }
    } else {
        // Writing to a Vec can't fail.
        let _ = write!(out, "{ip}");
    }
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
