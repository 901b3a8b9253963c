//! Stored records to a text, piece by piece.
//!
//! In: an edition, a kind, a format, and which records are wanted. Out: pieces of the text, each of about a block of records,
//! so that a caller can do other things between two. Guaranteed: the pieces put together are what the native program
//! writes; records that are not wanted are left out and nothing else changes.

use super::edition::{Edition, is_selected};
use super::text::{TextEncoder, TextFormat};
use crate::record::compact::Compact;
use crate::record::{BinRecord, Kind, ObjectRecord, PacketRecord, Pseudonymous, Record, StreamRecord};

/// A text that is being made.
#[derive(Debug)]
pub struct Export {
    edition: Edition,
    encoder: Encoder,
    pieces: Pieces,
}

#[derive(Debug)]
enum Encoder {
    Objects(TextEncoder<ObjectRecord>),
    Streams(TextEncoder<StreamRecord>),
    Bins(TextEncoder<BinRecord>),
    Packets(TextEncoder<PacketRecord>),
}

/// How far the text is.
#[derive(Debug)]
struct Pieces {
    /// A bit for each record, the lowest of a byte first; `None` for all.
    selection: Option<Vec<u8>>,
    next: Next,
    /// Records that were looked at.
    row: usize,
    records: u64,
}

#[derive(Debug, Clone, Copy)]
enum Next {
    Begin,
    Block(usize),
    Over,
}

impl Export {
    /// A text of all records of a kind, or of those whose bit is set: record *n* has bit *n* mod 8 of byte *n* / 8.
    #[must_use]
    pub fn new(edition: Edition, kind: Kind, format: TextFormat, selection: Option<Vec<u8>>) -> Self {
        let encoder = match kind {
            Kind::Objects => Encoder::Objects(TextEncoder::new(format)),
            Kind::Streams => Encoder::Streams(TextEncoder::new(format)),
            Kind::Bins => Encoder::Bins(TextEncoder::new(format)),
            Kind::Packets => Encoder::Packets(TextEncoder::new(format)),
        };
        Self { edition, encoder, pieces: Pieces { selection, next: Next::Begin, row: 0, records: 0 } }
    }

    /// The next piece, which may be empty; `None` at the end.
    pub fn next_piece(&mut self) -> Option<Vec<u8>> {
        let Self { edition, encoder, pieces } = self;
        match encoder {
            Encoder::Objects(encoder) => pieces.next(edition, encoder),
            Encoder::Streams(encoder) => pieces.next(edition, encoder),
            Encoder::Bins(encoder) => pieces.next(edition, encoder),
            Encoder::Packets(encoder) => pieces.next(edition, encoder),
        }
    }

    /// Records in the text so far.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.pieces.records
    }
}

impl Pieces {
    fn next<R>(&mut self, edition: &Edition, encoder: &mut TextEncoder<R>) -> Option<Vec<u8>>
    where
        R: Record + Compact + Pseudonymous,
    {
        let mut out = Vec::new();
        self.next = match self.next {
            Next::Over => return None,
            Next::Begin => {
                encoder.begin(true, &mut out);
                Next::Block(0)
            }
            Next::Block(block) if block < edition.blocks(R::KIND) => {
                edition.for_each_in_block(block, |record: &R, context| {
                    if self.takes_next() {
                        encoder.record(record, context, &mut out);
                        self.records += 1;
                    }
                });
                Next::Block(block + 1)
            }
            Next::Block(_) => {
                encoder.end(&mut out);
                Next::Over
            }
        };
        Some(out)
    }

    fn takes_next(&mut self) -> bool {
        let row = self.row;
        self.row += 1;
        self.selection.as_ref().is_none_or(|bits| is_selected(bits, row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Pseudonyms, samples};
    use crate::sink::Sink as _;
    use crate::sink::store::Store;
    use crate::{Analyzer, Config, Reading, sink::NullSink};
    use std::sync::Arc;

    /// Enough for several blocks.
    const OBJECTS: u64 = 20_000;

    fn store() -> Arc<Store> {
        let mut store = Store::new(&[Kind::Objects]);
        (0..OBJECTS).for_each(|index| store.object(&ObjectRecord { index, ..samples::object() }));
        Arc::new(store)
    }

    fn edition(key: Option<&str>) -> Edition {
        let totals = Analyzer::new(Config::default()).expect("the defaults work").finish(&mut NullSink);
        let pseudonyms = key.map(|key| Pseudonyms::from_text(key).expect("a key"));
        Edition::new("sniffit", "name", &totals, &Reading::default(), &[Kind::Objects], store(), pseudonyms)
    }

    fn text(edition: Edition, format: TextFormat, selection: Option<Vec<u8>>) -> (String, u64) {
        let mut export = Export::new(edition, Kind::Objects, format, selection);
        let mut text = Vec::new();
        let mut pieces = 0;
        while let Some(piece) = export.next_piece() {
            text.extend(piece);
            pieces += 1;
        }
        assert!(pieces > 4, "{pieces} pieces");
        assert_eq!(export.next_piece(), None, "the end stays the end");
        (String::from_utf8(text).expect("texts are UTF-8"), export.records())
    }

    #[test]
    fn pieces_are_the_whole_text() {
        for format in TextFormat::ALL {
            let edition = edition(None);
            let mut encoder = TextEncoder::new(format);
            let mut whole = Vec::new();
            encoder.begin(true, &mut whole);
            for block in 0..edition.blocks(Kind::Objects) {
                edition.for_each_in_block(block, |record: &ObjectRecord, context| {
                    encoder.record(record, context, &mut whole);
                });
            }
            encoder.end(&mut whole);
            let (text, records) = text(edition, format, None);
            assert!(text.as_bytes() == whole, "{format:?}");
            assert_eq!(records, OBJECTS);
        }
    }

    #[test]
    fn a_selection_leaves_lines_out_and_changes_none() {
        let (all, _) = text(edition(None), TextFormat::Ndjson, None);
        let all: Vec<&str> = all.lines().collect();
        let chosen = |row: usize| row.is_multiple_of(3) && row < 15_000;
        let mut bits = vec![0_u8; all.len().div_ceil(8)];
        (0..all.len()).filter(|row| chosen(*row)).for_each(|row| bits[row / 8] |= 1 << (row % 8));
        // Records beyond the bits are not wanted.
        bits.truncate(14_000 / 8);
        let (some, records) = text(edition(None), TextFormat::Ndjson, Some(bits));
        let expected: Vec<&str> =
            all.iter().enumerate().filter(|(row, _)| chosen(*row) && *row < 14_000).map(|(_, line)| *line).collect();
        assert!(some.lines().collect::<Vec<_>>() == expected);
        assert_eq!(records, expected.len() as u64);
    }

    #[test]
    fn pseudonyms_are_in_all_places() {
        let key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        let real = edition(None);
        let other = edition(Some(key));
        assert_ne!(real.manifest().analysis_id, other.manifest().analysis_id);
        let (real, _) = text(real, TextFormat::Csv, None);
        let (other, records) = text(other, TextFormat::Csv, None);
        let address = samples::object().stream.server.ip.to_string();
        assert!(real.contains(&address) && !other.contains(&address));
        assert_eq!(records, OBJECTS);
    }
}
