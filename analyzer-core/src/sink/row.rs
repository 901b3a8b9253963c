//! Records to rows of text: values between texts that never change.
//!
//! In: a record and the analysis' context. Out: bytes appended to a buffer. Guaranteed: all textual formats write a value
//! alike but for null and for texts that may be hostile; so one walk over a kind's fields serves them all, which keeps
//! the program small where it is downloaded.

use crate::record::{Context, Record, Value};
use std::io::Write;
use std::marker::PhantomData;

/// Encoder of one kind of record in one format.
#[derive(Debug, Clone)]
pub(super) struct RowEncoder<R> {
    syntax: RowSyntax,
    record: PhantomData<R>,
}

/// What a format adds to the values of one kind of record.
#[derive(Debug, Clone)]
pub(super) struct RowSyntax {
    /// For each field, what stands between the previous value and this one: separators, names, constants.
    pub(super) before: Vec<Box<[u8]>>,
    /// After the last value; the line feed included.
    pub(super) after: Box<[u8]>,
    /// Where there is no value.
    pub(super) null: &'static [u8],
    /// Appends a text that may hold anything.
    pub(super) put_text: fn(&mut Vec<u8>, &str),
}

impl<R: Record> RowEncoder<R> {
    pub(super) fn new(syntax: RowSyntax) -> Self {
        Self { syntax, record: PhantomData }
    }

    /// Appends the record as one row.
    pub(super) fn encode(&self, record: &R, context: &Context, out: &mut Vec<u8>) {
        let RowSyntax { before, after, null, put_text } = &self.syntax;
        record.values(context, |at, value| {
            out.extend_from_slice(&before[at]);
            match value {
                Value::Constant => {}
                Value::Time(time) => out.extend_from_slice(&time.to_rfc3339()),
                Value::Integer(number) | Value::Id(number) | Value::OptionalInteger(Some(number)) => {
                    put_integer(out, number);
                }
                Value::SpanMillis(millis) => put_integer(out, millis),
                Value::OptionalInteger(None) | Value::OptionalText(None) => out.extend_from_slice(null),
                Value::Ip(ip) => put_ip(out, ip),
                Value::Keyword(word) => out.extend_from_slice(word.as_bytes()),
                Value::Text(text) | Value::OptionalText(Some(text)) => put_text(out, text),
                Value::Boolean(truth) => out.extend_from_slice(if truth { b"true" } else { b"false" }),
            }
        });
        out.extend_from_slice(after);
    }
}

/// Decimal digits of a number.
fn put_integer(out: &mut Vec<u8>, number: impl itoa::Integer) {
    let mut buffer = itoa::Buffer::new();
    out.extend_from_slice(buffer.format(number).as_bytes());
}

/// An address as RFC 5952 (IPv6) and dotted decimal (IPv4) want it.
fn put_ip(out: &mut Vec<u8>, ip: std::net::IpAddr) {
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
