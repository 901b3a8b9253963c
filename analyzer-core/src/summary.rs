//! Distributions that can be added up in any order.
//!
//! In: objects, grouped by stream, then streams grouped by server: by its name, or its address where it has none. Out: counts and quantiles. Guaranteed: integers only,
//! so that merging in any order gives the same bytes natively and in WebAssembly; a quantile is at most 1/128 off.
//!
//! A value's bin is its bit length and the six bits after the leading one: exact below 128, then 64 bins an octave.

use crate::flow::Direction;
use crate::name::NameId;
use crate::record::{ObjectRecord, Pseudonyms, Quantiles, StreamIdentity, StreamRecord};
use crate::state::serial;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::net::IpAddr;

/// When so many servers are told apart, the half with the least bytes is summed up together, to bound the memory. A
/// server that comes back is counted from then on.
const MAX_SERVERS: usize = 1 << 13;

/// The bin of a value.
#[must_use]
pub const fn bin_of(value: u64) -> u16 {
    if value < 64 {
        return value as u16;
    }
    let octave = 63 - value.leading_zeros(); // 6 to 63
    (((octave - 5) << 6) as u16) + ((value >> (octave - 6)) & 63) as u16
}

/// Bins that values of 64 bits can have.
pub const BIN_COUNT: usize = bin_of(u64::MAX) as usize + 1;

/// The middle of a bin.
#[must_use]
pub const fn bin_midpoint(bin: u16) -> u64 {
    if bin < 128 {
        return bin as u64;
    }
    let (octave, step) = ((bin >> 6) as u32 + 5, (bin & 63) as u64);
    let width = 1_u64 << (octave - 6);
    (64 + step) * width + width / 2
}

/// What is measured of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Measure {
    Size,
    Duration,
    Gap,
}

const MEASURES: usize = 3;

/// Size, duration and gap of objects, up and down: one sorted list of bins, because most streams have few objects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distributions {
    /// (measure, direction and bin) and count.
    #[serde(deserialize_with = "serial::ascending")]
    bins: SmallVec<[(u16, u32); 8]>,
    maxima: [u64; 2 * MEASURES],
}

/// Bins of one measure and direction have numbers of their own: the largest bin is 3775.
const BINS: u16 = 4096;

impl Distributions {
    const fn place(direction: Direction, measure: Measure) -> usize {
        direction.index() * MEASURES + measure as usize
    }

    /// Adds an object.
    pub fn add(&mut self, direction: Direction, object: &ObjectRecord) {
        self.add_value(direction, Measure::Size, object.payload_bytes);
        self.add_value(direction, Measure::Duration, object.end.nanos_since(object.start));
        if let Some(gap_ns) = object.gap_before_ns {
            self.add_value(direction, Measure::Gap, gap_ns);
        }
    }

    fn add_value(&mut self, direction: Direction, measure: Measure, value: u64) {
        let place = Self::place(direction, measure);
        self.maxima[place] = self.maxima[place].max(value);
        self.add_count(place as u16 * BINS + bin_of(value), 1);
    }

    #[inline]
    fn add_count(&mut self, key: u16, count: u32) {
        // A few bins are found faster one by one, and most streams have no more.
        let found = if self.bins.len() <= 16 {
            let at = self.bins.iter().take_while(|(bin, _)| *bin < key).count();
            if self.bins.get(at).is_some_and(|(bin, _)| *bin == key) { Ok(at) } else { Err(at) }
        } else {
            self.bins.binary_search_by_key(&key, |(bin, _)| *bin)
        };
        match found {
            Ok(at) => self.bins[at].1 = self.bins[at].1.saturating_add(count),
            Err(at) => self.bins.insert(at, (key, count)),
        }
    }

    /// Adds another's counts.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.maxima.iter_mut().zip(other.maxima) {
            *mine = (*mine).max(theirs);
        }
        for &(key, count) in &other.bins {
            self.add_count(key, count);
        }
    }

    /// Sizes in bytes.
    #[must_use]
    pub fn sizes(&self, direction: Direction) -> Quantiles {
        self.quantiles(direction, Measure::Size)
    }

    /// Durations in ns.
    #[must_use]
    pub fn durations(&self, direction: Direction) -> Quantiles {
        self.quantiles(direction, Measure::Duration)
    }

    /// Gaps in ns.
    #[must_use]
    pub fn gaps(&self, direction: Direction) -> Quantiles {
        self.quantiles(direction, Measure::Gap)
    }

    fn quantiles(&self, direction: Direction, measure: Measure) -> Quantiles {
        let place = Self::place(direction, measure);
        let first = place as u16 * BINS;
        let from = self.bins.partition_point(|(key, _)| *key < first);
        let to = self.bins.partition_point(|(key, _)| *key < first + BINS);
        let bins = &self.bins[from..to];
        let total: u64 = bins.iter().map(|(_, count)| u64::from(*count)).sum();
        if total == 0 {
            return Quantiles::default();
        }
        let max = self.maxima[place];
        // The smallest value that at least this share of all does not exceed.
        let at = |percent: u64| {
            let rank = (total * percent).div_ceil(100).max(1);
            let mut seen = 0;
            let bin = bins.iter().find(|(_, count)| {
                seen += u64::from(*count);
                seen >= rank
            });
            bin.map(|(key, _)| bin_midpoint(key - first).min(max))
        };
        Quantiles { p50: at(50), p95: at(95), max: Some(max) }
    }
}

/// Objects of one server.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct ServerTotals {
    streams: u64,
    objects: [u64; 2],
    payload_bytes: [u64; 2],
    distributions: Distributions,
}

impl ServerTotals {
    fn add(&mut self, stream: &StreamRecord, distributions: &Distributions) {
        self.streams += 1;
        for (at, direction) in [&stream.up, &stream.down].into_iter().enumerate() {
            self.objects[at] += direction.objects;
            self.payload_bytes[at] += direction.payload_bytes;
        }
        self.distributions.merge(distributions);
    }

    fn merge(&mut self, other: &Self) {
        self.streams += other.streams;
        for at in 0..2 {
            self.objects[at] += other.objects[at];
            self.payload_bytes[at] += other.payload_bytes[at];
        }
        self.distributions.merge(&other.distributions);
    }

    fn summary(&self, server: Option<ServerKey>, with_quantiles: bool) -> ServerSummary {
        let [up, down] = Direction::BOTH.map(|direction| {
            let counts = DirectionSummary {
                objects: self.objects[direction.index()],
                payload_bytes: self.payload_bytes[direction.index()],
                ..DirectionSummary::default()
            };
            if !with_quantiles {
                return counts;
            }
            DirectionSummary {
                size_bytes: self.distributions.sizes(direction),
                duration_ns: self.distributions.durations(direction),
                gap_ns: self.distributions.gaps(direction),
                ..counts
            }
        });
        ServerSummary { server, streams: self.streams, up, down }
    }
}

/// What tells servers apart: their name, or their address where they have none. One name may have many addresses, and one
/// address many names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ServerKey {
    /// A name of the analysis' table.
    Name(NameId),
    /// The address of a server without a name.
    Address(IpAddr),
}

impl ServerKey {
    /// The server of a stream.
    #[must_use]
    pub const fn of(stream: &StreamIdentity) -> Self {
        if stream.naming.name.is_some() { Self::Name(stream.naming.name) } else { Self::Address(stream.server.ip) }
    }
}

/// Objects by server.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Summary {
    #[serde(with = "serial::sorted")]
    servers: HashMap<ServerKey, ServerTotals, foldhash::fast::RandomState>,
    further: ServerTotals,
}

/// What one server exchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSummary {
    /// The server; `None` for all those that were summed up together.
    pub server: Option<ServerKey>,
    /// Its streams.
    pub streams: u64,
    /// To the server.
    pub up: DirectionSummary,
    /// From the server.
    pub down: DirectionSummary,
}

/// Objects of one server and direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DirectionSummary {
    /// How many.
    pub objects: u64,
    /// New payload bytes.
    pub payload_bytes: u64,
    /// Their sizes.
    pub size_bytes: Quantiles,
    /// Their durations.
    pub duration_ns: Quantiles,
    /// The gaps between those of one stream.
    pub gap_ns: Quantiles,
}

impl Summary {
    /// Adds a finished stream.
    pub fn add(&mut self, stream: &StreamRecord, distributions: &Distributions) {
        self.servers.entry(ServerKey::of(&stream.stream)).or_default().add(stream, distributions);
        if self.servers.len() >= MAX_SERVERS {
            self.fold();
        }
    }

    /// Sums up the half of the servers with the least bytes.
    #[cold]
    fn fold(&mut self) {
        for (server, _) in self.by_bytes().split_off(MAX_SERVERS / 2) {
            if let Some(totals) = self.servers.remove(&server) {
                self.further.merge(&totals);
            }
        }
    }

    /// The servers, those with most bytes first.
    fn by_bytes(&self) -> Vec<(ServerKey, u64)> {
        let mut servers: Vec<(ServerKey, u64)> =
            self.servers.iter().map(|(server, totals)| (*server, totals.payload_bytes.iter().sum())).collect();
        servers.sort_unstable_by_key(|(server, bytes)| (std::cmp::Reverse(*bytes), *server));
        servers
    }

    /// All servers, those with most bytes first, the rest last. Only the first `detailed` ones have their quantiles:
    /// a capture may have tens of thousands of servers, and nobody reads as many.
    #[must_use]
    pub fn servers(&self, detailed: usize) -> Vec<ServerSummary> {
        let servers = self.by_bytes().into_iter().enumerate();
        let summary = |(at, (server, _))| Some(self.servers.get(&server)?.summary(Some(server), at < detailed));
        let mut summaries: Vec<ServerSummary> = servers.filter_map(summary).collect();
        if self.further.objects != [0; 2] {
            summaries.push(self.further.summary(None, true));
        }
        summaries
    }

    /// The addresses of servers without a name, ascending, each with its number of streams.
    #[must_use]
    pub fn nameless(&self) -> Vec<(IpAddr, u64)> {
        let nameless = |(server, totals): (&ServerKey, &ServerTotals)| match server {
            ServerKey::Address(ip) => Some((*ip, totals.streams)),
            ServerKey::Name(_) => None,
        };
        let mut addresses: Vec<(IpAddr, u64)> = self.servers.iter().filter_map(nameless).collect();
        addresses.sort_unstable();
        addresses
    }

    /// The same with pseudonyms of the servers.
    pub(crate) fn pseudonymised(&self, pseudonyms: &Pseudonyms) -> Self {
        let key = |server: &ServerKey| match server {
            ServerKey::Address(ip) => ServerKey::Address(pseudonyms.address(*ip)),
            // The table of names has the pseudonym.
            ServerKey::Name(name) => ServerKey::Name(*name),
        };
        let servers = self.servers.iter().map(|(server, totals)| (key(server), totals.clone()));
        Self { servers: servers.collect(), further: self.further.clone() }
    }
}

#[cfg(test)]
mod tests;
