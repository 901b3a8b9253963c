//! Records in memory until they can be encoded.
//!
//! Every written record names the ids of its capture and analysis, which are known only at the end. In: the records of
//! an analysis, through [`Sink`]. Out: the records of a kind, block by block and as often as asked for, so that a caller
//! can do other things between two blocks. Guaranteed: the order is that of emission; an object takes some 60 bytes, and
//! what is kept is never copied to make room for more.

use super::Sink;
use crate::record::block::{self, BLOCK_BYTES, BlockWriter, DamagedBlock};
use crate::record::compact::Compact;
use crate::record::{BinRecord, Kind, ObjectRecord, PacketRecord, Record, StreamRecord};

/// Keeps the wanted kinds of records.
#[derive(Debug, Default)]
pub struct Store {
    objects: Option<Kept>,
    streams: Option<Kept>,
    bins: Option<Kept>,
    packets: Option<Kept>,
}

/// The records of one kind.
#[derive(Debug, Default)]
struct Kept {
    full: Vec<Box<[u8]>>,
    full_bytes: u64,
    writer: BlockWriter,
    records: u64,
}

impl Kept {
    #[inline]
    fn push<R: Compact>(&mut self, record: &R) {
        self.records += 1;
        let Self { full, full_bytes, .. } = self;
        self.writer.push(record, |block| {
            *full_bytes += block.len() as u64;
            full.push(block.into());
        });
    }
}

impl Store {
    /// Keeps records of these kinds and no others.
    #[must_use]
    pub fn new(kinds: &[Kind]) -> Self {
        let mut store = Self::default();
        for kind in kinds {
            *store.slot(*kind) = Some(Kept::default());
        }
        store
    }

    fn slot(&mut self, kind: Kind) -> &mut Option<Kept> {
        match kind {
            Kind::Objects => &mut self.objects,
            Kind::Streams => &mut self.streams,
            Kind::Bins => &mut self.bins,
            Kind::Packets => &mut self.packets,
        }
    }

    fn kept(&self, kind: Kind) -> Option<&Kept> {
        match kind {
            Kind::Objects => self.objects.as_ref(),
            Kind::Streams => self.streams.as_ref(),
            Kind::Bins => self.bins.as_ref(),
            Kind::Packets => self.packets.as_ref(),
        }
    }

    /// Memory that the records take, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let kinds = [&self.objects, &self.streams, &self.bins, &self.packets];
        kinds.into_iter().flatten().map(|kept| kept.full_bytes + BLOCK_BYTES as u64).sum()
    }

    /// Records of a kind; none of a kind that is not kept.
    #[must_use]
    pub fn count(&self, kind: Kind) -> u64 {
        self.kept(kind).map_or(0, |kept| kept.records)
    }

    /// How many blocks hold the records of a kind.
    #[must_use]
    pub fn blocks(&self, kind: Kind) -> usize {
        self.kept(kind).map_or(0, |kept| kept.full.len() + usize::from(!kept.writer.open().is_empty()))
    }

    /// Calls `each` with the records of a block in their order of emission; with none beyond the last block.
    pub fn for_each_in_block<R: Record + Compact>(&self, block: usize, mut each: impl FnMut(&R)) {
        let Some(kept) = self.kept(R::KIND) else { return };
        let bytes = match kept.full.get(block) {
            Some(full) => full,
            None if block == kept.full.len() => kept.writer.open(),
            None => return,
        };
        let read = block::for_each(bytes, |record| {
            each(record);
            Ok::<_, DamagedBlock>(())
        });
        debug_assert_eq!(read, Ok(()), "a block holds what was pushed");
    }
}

impl Sink for Store {
    fn wants_streams(&self) -> bool {
        self.streams.is_some()
    }
    fn object(&mut self, object: &ObjectRecord) {
        if let Some(kept) = &mut self.objects {
            kept.push(object);
        }
    }
    fn stream(&mut self, stream: &StreamRecord) {
        if let Some(kept) = &mut self.streams {
            kept.push(stream);
        }
    }
    fn bin(&mut self, bin: &BinRecord) {
        if let Some(kept) = &mut self.bins {
            kept.push(bin);
        }
    }
    fn packet(&mut self, packet: &PacketRecord) {
        if let Some(kept) = &mut self.packets {
            kept.push(packet);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::samples;

    #[test]
    fn records_come_back_in_order_block_by_block() {
        for records in [0, 1, 20_000] {
            let mut store = Store::new(&[Kind::Objects, Kind::Bins]);
            for index in 0..records {
                store.object(&ObjectRecord { index, ..samples::object() });
                // It can be read while it grows.
                if index == 5_000 {
                    let mut last = None;
                    store.for_each_in_block(store.blocks(Kind::Objects) - 1, |object: &ObjectRecord| {
                        last = Some(object.index);
                    });
                    assert_eq!(last, Some(index));
                }
            }
            let blocks = store.blocks(Kind::Objects);
            for _ in 0..2 {
                let mut next = 0;
                for block in 0..=blocks {
                    store.for_each_in_block(block, |object: &ObjectRecord| {
                        assert_eq!(*object, ObjectRecord { index: next, ..samples::object() });
                        next += 1;
                    });
                }
                assert_eq!(next, records);
            }
            assert_eq!(blocks > 1, records == 20_000, "{blocks} blocks");
            assert_eq!(store.count(Kind::Objects), records);
            let most = (blocks.max(1) + 1) * BLOCK_BYTES;
            assert!(store.bytes() >= 2 * BLOCK_BYTES as u64 && store.bytes() <= most as u64, "{}", store.bytes());
        }
    }

    #[test]
    fn only_wanted_kinds_are_kept() {
        let mut store = Store::new(&[Kind::Objects]);
        assert!(!store.wants_streams());
        store.stream(&samples::stream());
        store.object(&samples::object());
        assert_eq!([Kind::Objects, Kind::Streams].map(|kind| store.count(kind)), [1, 0]);
        assert_eq!([Kind::Objects, Kind::Streams].map(|kind| store.blocks(kind)), [1, 0]);
        store.for_each_in_block(0, |_: &StreamRecord| unreachable!("streams are not kept"));
        assert_eq!(store.bytes(), BLOCK_BYTES as u64);
    }
}
