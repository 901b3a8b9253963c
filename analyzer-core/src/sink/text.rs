//! Records of one kind to a whole text: NDJSON, a JSON array, or CSV.
//!
//! In: the format, and the records one after the other. Out: bytes appended to a buffer, which the caller empties when it
//! likes. Guaranteed: the bytes are those of [`ndjson`] and [`csv`], with what a text needs
//! around and between its records; they do not depend on when the buffer is emptied.

use super::row::RowEncoder;
use super::{csv, ndjson};
use crate::record::{Context, Record};

/// Encodings that are text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    /// One JSON object a line.
    Ndjson,
    /// One JSON array, an element a line.
    Json,
    /// Comma-separated values (RFC 4180).
    Csv,
}

impl TextFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ndjson, Self::Json, Self::Csv];

    /// The name, which is the file extension too.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

/// Encoder of one text: [`begin`](Self::begin), a [`record`](Self::record) as often as there are some, and
/// [`end`](Self::end).
#[derive(Debug, Clone)]
pub struct TextEncoder<R> {
    format: TextFormat,
    rows: RowEncoder<R>,
    has_records: bool,
}

impl<R: Record> TextEncoder<R> {
    /// Prepares the constant text of the kind.
    #[must_use]
    pub fn new(format: TextFormat) -> Self {
        let syntax = match format {
            TextFormat::Ndjson | TextFormat::Json => ndjson::syntax(R::FIELDS),
            TextFormat::Csv => csv::syntax(R::FIELDS),
        };
        Self { format, rows: RowEncoder::new(syntax), has_records: false }
    }

    /// Appends what comes before the records; the header of CSV only if it is wanted.
    pub fn begin(&mut self, header: bool, out: &mut Vec<u8>) {
        self.has_records = false;
        match self.format {
            TextFormat::Json => out.push(b'['),
            TextFormat::Csv if header => csv::put_header(R::FIELDS, out),
            TextFormat::Ndjson | TextFormat::Csv => {}
        }
    }

    /// Appends a record.
    pub fn record(&mut self, record: &R, context: &Context, out: &mut Vec<u8>) {
        if self.format == TextFormat::Json {
            out.extend_from_slice(if self.has_records { b",\n" } else { b"\n" });
        }
        self.has_records = true;
        self.rows.encode(record, context, out);
        if self.format == TextFormat::Json {
            // The line feed that ends every row stands before the next element here.
            out.pop();
        }
    }

    /// Appends what comes after the records.
    pub fn end(&mut self, out: &mut Vec<u8>) {
        if self.format == TextFormat::Json {
            out.extend_from_slice(b"\n]\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{ObjectRecord, samples};
    use crate::sink::csv::CsvEncoder;
    use crate::sink::ndjson::NdjsonEncoder;

    fn text(format: TextFormat, header: bool, objects: u64) -> String {
        let context = Context::new("00aa".to_owned(), "a \"name\", =1".to_owned(), "00bb".to_owned(), "exchange");
        let mut encoder = TextEncoder::new(format);
        let mut text = Vec::new();
        // A second text with the same encoder is like the first.
        for _ in 0..2 {
            text.clear();
            encoder.begin(header, &mut text);
            for index in 0..objects {
                encoder.record(&ObjectRecord { index, ..samples::object() }, &context, &mut text);
            }
            encoder.end(&mut text);
        }
        String::from_utf8(text).expect("texts are UTF-8")
    }

    #[test]
    fn texts_hold_every_record_once() {
        for objects in [0, 1, 2, 5] {
            let lines = text(TextFormat::Ndjson, true, objects);
            assert_eq!(lines.lines().count() as u64, objects);
            let array = text(TextFormat::Json, true, objects);
            let elements: Vec<&str> = lines.lines().collect();
            let first = if objects > 0 { "\n" } else { "" };
            assert_eq!(array, format!("[{first}{}\n]\n", elements.join(",\n")));
            let csv = text(TextFormat::Csv, true, objects);
            let (header, rows) = csv.split_once('\n').expect("a header");
            assert!(header.starts_with("@timestamp,event.kind,"), "{header}");
            assert_eq!(rows.lines().count() as u64, objects);
            assert_eq!(text(TextFormat::Csv, false, objects), rows);
        }
    }

    #[test]
    fn rows_are_those_of_the_formats_own_encoders() {
        let context = Context::new("00aa".to_owned(), "a \"name\", =1".to_owned(), "00bb".to_owned(), "exchange");
        let mut line = Vec::new();
        NdjsonEncoder::new().encode(&samples::object(), &context, &mut line);
        assert_eq!(text(TextFormat::Ndjson, false, 1).into_bytes(), line);
        line.clear();
        CsvEncoder::new().encode(&samples::object(), &context, &mut line);
        assert_eq!(text(TextFormat::Csv, false, 1).into_bytes(), line);
    }
}
