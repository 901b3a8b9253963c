//! Stored records to a text, piece by piece.
//!
//! In: an edition, a kind, a format, and which records are wanted. Out: pieces of the text, each of about a block of records,
//! so that a caller can do other things between two. Guaranteed: the pieces put together are what the native program
//! writes; records that are not wanted are left out and nothing else changes.

use super::edition::Edition;
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
        let is_set = |bits: &Vec<u8>| bits.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1);
        self.selection.as_ref().is_none_or(is_set)
    }
}
