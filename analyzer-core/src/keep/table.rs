//! The TCP connections that are followed.
//!
//! In: the key of a segment. Out: its connection. Guaranteed: at most [`MAX_STREAMS`] connections and 6 MB; a look-up is
//! hashed with a random seed, so that nobody can slow it down on purpose; no packet waits for a sweep, because every new
//! connection looks at a few others only and takes the place of one that has ended. When there is none, a live connection
//! that was silent for long has to make place, and is counted.

use super::stream::Stream;
use crate::decode::{Segment, TcpInfo};
use crate::flow::FlowKey;
use crate::time::Timestamp;
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// Connections that are followed at once.
pub(super) const MAX_STREAMS: usize = 1 << 15;
/// How many others a new connection looks at.
const LOOKED_AT: usize = 8;

/// The table.
#[derive(Debug)]
pub(super) struct StreamTable {
    hasher: RandomState,
    /// Places in `streams`, by key.
    places: HashTable<u32>,
    streams: Vec<Stream>,
    /// Place of the last packet's connection: packets come in trains.
    last: usize,
    /// Where the next new connection looks.
    hand: usize,
    /// Connections that made place before they ended.
    pub(super) forgotten: u64,
    reads_records: bool,
}

impl StreamTable {
    /// An empty one.
    pub(super) fn new(reads_records: bool) -> Self {
        Self {
            hasher: RandomState::default(),
            places: HashTable::new(),
            // Never moved again, and not in use before it is written to.
            streams: Vec::with_capacity(MAX_STREAMS),
            last: 0,
            hand: 0,
            forgotten: 0,
            reads_records,
        }
    }

    /// The connection of a segment, a new one where the segment opens one; and whether its source is the lower end.
    #[inline]
    pub(super) fn of(&mut self, clock: Timestamp, segment: &Segment<'_>, tcp: &TcpInfo) -> (&mut Stream, bool) {
        let (key, source_is_low) = FlowKey::of(segment);
        let is_last = self.streams.get(self.last).is_some_and(|stream| stream.key == key);
        if !is_last {
            self.last = self.find(key, clock);
        }
        let stream = &mut self.streams[self.last];
        if stream.is_expired(clock) || stream.is_reopened_by(tcp, source_is_low) {
            *stream = Stream::new(key, self.reads_records);
        }
        (stream, source_is_low)
    }

    #[inline]
    fn find(&mut self, key: FlowKey, clock: Timestamp) -> usize {
        let hash = self.hasher.hash_one(key);
        match self.places.find(hash, |place| self.streams[*place as usize].key == key) {
            Some(place) => *place as usize,
            None => self.open(key, hash, clock),
        }
    }

    #[cold]
    fn open(&mut self, key: FlowKey, hash: u64, clock: Timestamp) -> usize {
        let stream = Stream::new(key, self.reads_records);
        let place = self.free(clock).unwrap_or(self.streams.len());
        match self.streams.get_mut(place) {
            Some(old) => {
                let old_hash = self.hasher.hash_one(old.key);
                if let Ok(entry) = self.places.find_entry(old_hash, |other| *other as usize == place) {
                    entry.remove();
                }
                *old = stream;
            }
            None => self.streams.push(stream),
        }
        let (hasher, streams) = (&self.hasher, &self.streams);
        // There are 2¹⁵ places.
        self.places.insert_unique(hash, place as u32, |place| hasher.hash_one(streams[*place as usize].key));
        place
    }

    /// A place to take over: of a connection that ended by its silence, or when all places are taken, of one that is
    /// closed and may only have stragglers, or of the one that was silent for longest.
    fn free(&mut self, clock: Timestamp) -> Option<usize> {
        let count = self.streams.len();
        let places = (self.hand..self.hand + LOOKED_AT.min(count)).map(|place| place % count);
        let mut free = places.clone().find(|place| self.streams[*place].is_expired(clock));
        if free.is_none() && count == MAX_STREAMS {
            free = places.min_by_key(|place| (!self.streams[*place].is_closed(), self.streams[*place].last_seen()));
            self.forgotten += free.map_or(0, |place| u64::from(!self.streams[place].is_closed()));
        }
        // Places are taken in turn, so that the next one looked at is likely to be the next that ends.
        self.hand = free.map_or(self.hand + LOOKED_AT, |place| place + 1) % count.max(1);
        free
    }
}
