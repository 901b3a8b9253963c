//! The live connections.
//!
//! In: segments in capture order with the capture's clock. Out: records of the connections they belong to. Guaranteed:
//! a connection ends by its own silence, judged at its next packet by the capture's clock; sweeps free only what that
//! rule would end, in the order of stream ids, so that nothing depends on the hash map's seed.

use super::connection::Connection;
use super::key::FlowKey;
use super::output::Output;
use super::tuples::DirectedTuples;
use super::{Arrival, Rules};
use crate::object::EndReason;
use crate::sink::Sink;
use crate::time::Timestamp;
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// Sweeps are so far apart in capture time. What they free does not depend on it, only how soon.
const SWEEP_INTERVAL_NS: u64 = 60_000_000_000;

/// The table of live connections.
#[derive(Debug)]
pub(crate) struct FlowTable {
    /// Keyed with a random seed: crafted addresses can't make it slow.
    hasher: RandomState,
    /// Slots of `connections`, by key.
    slots: HashTable<u32>,
    connections: Slab,
    /// The last packet's connection: packets come in trains.
    last: Option<(FlowKey, u32)>,
    pub(super) next_sweep: Timestamp,
    pub(crate) evicted: u64,
    pub(crate) reused: u64,
}

impl FlowTable {
    pub(crate) fn new() -> Self {
        Self {
            hasher: RandomState::default(),
            slots: HashTable::new(),
            connections: Slab::default(),
            last: None,
            next_sweep: Timestamp::MIN,
            evicted: 0,
            reused: 0,
        }
    }

    /// Takes the next segment of the recording.
    #[inline]
    pub(crate) fn take<S: Sink>(&mut self, arrival: &Arrival<'_>, rules: &Rules, output: &mut Output<'_, S>) {
        if arrival.clock >= self.next_sweep {
            self.sweep(arrival.clock, rules, output);
        }
        let slot = match self.last {
            Some((key, slot)) if key == arrival.key => Some(slot),
            _ => self.find(&arrival.key),
        };
        let slot = match slot {
            Some(slot) => {
                self.renew(slot, arrival, rules, output);
                slot
            }
            None => self.open(arrival, rules, output),
        };
        self.last = Some((arrival.key, slot));
        self.connections.get_mut(slot).take(arrival, rules, output);
    }

    #[inline(always)]
    fn find(&self, key: &FlowKey) -> Option<u32> {
        let hash = self.hasher.hash_one(key);
        self.slots.find(hash, |slot| self.connections.get(*slot).key == *key).copied()
    }

    /// Ends the connection in a slot where its silence or a new opening wants it, and puts a new one there.
    #[inline]
    fn renew<S: Sink>(&mut self, slot: u32, arrival: &Arrival<'_>, rules: &Rules, output: &mut Output<'_, S>) {
        let connection = self.connections.get_mut(slot);
        let reason = if connection.is_expired(arrival.clock, rules) {
            EndReason::Idle
        } else if connection.is_reopened_by(arrival) {
            EndReason::Closed
        } else {
            return;
        };
        self.reused += 1;
        connection.finish(reason, arrival.clock, rules, output);
        *connection = Connection::open(arrival, rules, output.names);
    }

    fn open<S: Sink>(&mut self, arrival: &Arrival<'_>, rules: &Rules, output: &mut Output<'_, S>) -> u32 {
        if self.slots.len() >= rules.config.max_flows {
            self.evict(rules, output);
        }
        self.add(Connection::open(arrival, rules, output.names))
    }

    #[inline]
    fn add(&mut self, connection: Connection) -> u32 {
        let hash = self.hasher.hash_one(connection.key);
        let slot = self.connections.insert(connection);
        let (connections, hasher) = (&self.connections, &self.hasher);
        self.slots.insert_unique(hash, slot, |slot| hasher.hash_one(connections.get(*slot).key));
        slot
    }

    /// Adds a connection of an earlier part of the recording; false when one with its key is there.
    pub(super) fn place(&mut self, connection: Connection) -> bool {
        if self.find(&connection.key).is_some() {
            return false;
        }
        self.add(connection);
        true
    }

    /// The live connections in the order of their ids.
    pub(super) fn by_id(&self) -> Vec<&Connection> {
        let mut connections: Vec<&Connection> = self.connections.live().map(|(_, connection)| connection).collect();
        connections.sort_unstable_by_key(|connection| connection.id);
        connections
    }

    /// Ends the connections whose silence is long enough.
    #[cold]
    fn sweep<S: Sink>(&mut self, clock: Timestamp, rules: &Rules, output: &mut Output<'_, S>) {
        self.next_sweep = clock.saturating_add_nanos(SWEEP_INTERVAL_NS);
        for (_, slot) in
            self.slots_by(|connection| connection.is_expired(clock, rules).then_some((FIRST, connection.id)))
        {
            self.end(slot, EndReason::Idle, clock, rules, output);
        }
    }

    /// Ends a sixteenth of the connections, those silent for longest, so that the search is not repeated for each.
    #[cold]
    fn evict<S: Sink>(&mut self, rules: &Rules, output: &mut Output<'_, S>) {
        let mut slots = self.slots_by(|connection| Some((connection.last_seen(), connection.id)));
        slots.truncate(rules.config.max_flows.div_ceil(16));
        for ((clock, _), slot) in slots {
            self.evicted += 1;
            self.end(slot, EndReason::Evicted, clock, rules, output);
        }
    }

    /// Ends all connections.
    pub(crate) fn finish<S: Sink>(&mut self, clock: Timestamp, rules: &Rules, output: &mut Output<'_, S>) {
        for (_, slot) in self.slots_by(|connection| Some((FIRST, connection.id))) {
            let is_expired = self.connections.get(slot).is_expired(clock, rules);
            let reason = if is_expired { EndReason::Idle } else { EndReason::CaptureEnd };
            self.end(slot, reason, clock, rules, output);
        }
    }

    /// Notes the directed 5-tuples of the live connections, as if they ended.
    pub(crate) fn note_tuples(&self, tuples: &mut DirectedTuples) {
        self.connections.live().for_each(|(_, connection)| connection.note_tuples(tuples));
    }

    /// The slots whose connection has a sort key, in its order. One type of key keeps the program small.
    fn slots_by(&self, sort_key: impl Fn(&Connection) -> Option<SortKey>) -> Vec<(SortKey, u32)> {
        let keyed = |(slot, connection): (u32, &Connection)| Some((sort_key(connection)?, slot));
        let mut slots: Vec<(SortKey, u32)> = self.connections.live().filter_map(keyed).collect();
        slots.sort_unstable();
        slots
    }

    fn end<S: Sink>(
        &mut self,
        slot: u32,
        reason: EndReason,
        clock: Timestamp,
        rules: &Rules,
        output: &mut Output<'_, S>,
    ) {
        let connection = self.connections.get_mut(slot);
        connection.finish(reason, clock, rules, output);
        let hash = self.hasher.hash_one(connection.key);
        if let Ok(entry) = self.slots.find_entry(hash, |other| *other == slot) {
            entry.remove();
        }
        self.connections.remove(slot);
        self.last = None;
    }
}

/// Time and id; [`FIRST`] where the id alone is to tell.
type SortKey = (Timestamp, u64);
const FIRST: Timestamp = Timestamp::MIN;

/// Places for connections. They lie in pages, so that growing moves none of them, and are used again, so that ending
/// and opening connections costs no allocation.
#[derive(Debug, Default)]
struct Slab {
    pages: Vec<Vec<Connection>>,
    free: Vec<u32>,
}

/// Connections in a page.
const PAGE: usize = 64;
/// The id that stands in a place without a connection: packets are numbered from 1.
const FREE: u64 = 0;

impl Slab {
    #[inline]
    fn get(&self, slot: u32) -> &Connection {
        &self.pages[slot as usize / PAGE][slot as usize % PAGE]
    }

    #[inline]
    fn get_mut(&mut self, slot: u32) -> &mut Connection {
        &mut self.pages[slot as usize / PAGE][slot as usize % PAGE]
    }

    /// The connections in the order in which they lie in memory.
    fn live(&self) -> impl Iterator<Item = (u32, &Connection)> {
        (0..).zip(self.pages.iter().flatten()).filter(|(_, connection)| connection.id != FREE)
    }

    fn remove(&mut self, slot: u32) {
        self.get_mut(slot).id = FREE;
        self.free.push(slot);
    }

    fn insert(&mut self, connection: Connection) -> u32 {
        if let Some(slot) = self.free.pop() {
            *self.get_mut(slot) = connection;
            return slot;
        }
        if self.pages.last().is_none_or(|page| page.len() == PAGE) {
            self.pages.push(Vec::with_capacity(PAGE));
        }
        let page = self.pages.len() - 1;
        self.pages[page].push(connection);
        // The table holds at most `max_flows` connections, and 2³² of them fit in no memory.
        u32::try_from(page * PAGE + self.pages[page].len() - 1).unwrap_or(u32::MAX)
    }
}
