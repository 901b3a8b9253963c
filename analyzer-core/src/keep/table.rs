//! The TCP connections that are followed.
//!
//! In: the key of a segment. Out: its connection. Guaranteed: at most [`SETS`] × [`WAYS`] connections and 6 MB; a look-up
//! compares at most [`WAYS`] keys, and which ones depends on a random seed, so that nobody can crowd a set on purpose; no
//! packet waits for a sweep. A live connection that must make place is counted.

use super::stream::Stream;
use crate::decode::{Segment, TcpInfo};
use crate::flow::FlowKey;
use crate::time::Timestamp;
use foldhash::fast::RandomState;
use std::hash::BuildHasher;

/// Sets of connections; a power of two.
pub(super) const SETS: usize = 4096;
/// Connections in a set.
pub(super) const WAYS: usize = 8;

/// The table. Sets grow when they are needed.
#[derive(Debug)]
pub(super) struct StreamTable {
    hasher: RandomState,
    sets: Vec<Vec<Stream>>,
    /// Place of the last packet's connection: packets come in trains.
    last: (usize, usize),
    /// Connections that made place before they ended.
    pub(super) forgotten: u64,
    reads_records: bool,
}

impl StreamTable {
    /// An empty one.
    pub(super) fn new(reads_records: bool) -> Self {
        Self { hasher: RandomState::default(), sets: vec![Vec::new(); SETS], last: (0, 0), forgotten: 0, reads_records }
    }

    /// The connection of a segment, a new one where the segment opens one; and whether its source is the lower end.
    #[inline]
    pub(super) fn of(&mut self, clock: Timestamp, segment: &Segment<'_>, tcp: &TcpInfo) -> (&mut Stream, bool) {
        let (key, source_is_low) = FlowKey::of(segment);
        let (set, way) = self.last;
        let is_last = self.sets[set].get(way).is_some_and(|stream| stream.key == key);
        let (set, way) = if is_last { (set, way) } else { self.find(key, clock) };
        self.last = (set, way);
        let stream = &mut self.sets[set][way];
        if stream.is_expired(clock) || stream.is_reopened_by(tcp, source_is_low) {
            *stream = Stream::new(key, self.reads_records);
        }
        (stream, source_is_low)
    }

    #[inline]
    fn find(&mut self, key: FlowKey, clock: Timestamp) -> (usize, usize) {
        let set = self.hasher.hash_one(key) as usize % SETS;
        let found = self.sets[set].iter().position(|stream| stream.key == key);
        (set, found.unwrap_or_else(|| self.open(set, key, clock)))
    }

    /// Makes place for a connection in a set.
    #[cold]
    fn open(&mut self, set: usize, key: FlowKey, clock: Timestamp) -> usize {
        let stream = Stream::new(key, self.reads_records);
        let streams = &mut self.sets[set];
        let ended = streams.iter().position(|stream| stream.is_expired(clock));
        if ended.is_none() && streams.len() < WAYS {
            streams.push(stream);
            return streams.len() - 1;
        }
        // What ended first, then what is closed and may only have stragglers, then what was silent for longest.
        let way = ended
            .or_else(|| streams.iter().position(Stream::is_closed))
            .or_else(|| (0..streams.len()).min_by_key(|way| streams[*way].last_seen()))
            .unwrap_or_default();
        self.forgotten += u64::from(!streams[way].is_closed() && !streams[way].is_expired(clock));
        streams[way] = stream;
        way
    }
}
