//! Segments to directed streams.
//!
//! In: segments in capture order. Out: for each, the connection it belongs to and its direction. Guaranteed: a
//! connection's id is the ordinal of its first packet in the recording; it ends by its own silence in capture time,
//! judged at its next packet, and a sweep frees only what that rule would end; nothing that is emitted depends on a
//! hash map's order.
//!
//! What every packet runs through is inlined by force (here, in `decode` and in `object::exchange`): with several sinks
//! the compiler would leave the calls, which cost a tenth of the time.

mod connection;
mod key;
mod lane;
mod output;
mod saved;
mod table;
mod tuples;

pub(crate) use connection::CLOSED_EXPIRY_NS;
pub use key::{ClientSource, Direction, FlowKey};
pub(crate) use output::{Emitted, Output};
pub(crate) use table::FlowTable;

use crate::config::Config;
use crate::decode::{Segment, Transport};
use crate::object::CutPolicy;
use crate::time::Timestamp;

/// What stays the same for the whole recording.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) config: Config,
    pub(crate) policy: CutPolicy,
    tcp_expiry_ns: u64,
    udp_expiry_ns: u64,
}

impl Rules {
    pub(crate) fn new(config: Config, policy: CutPolicy) -> Self {
        let [tcp_expiry_ns, udp_expiry_ns] =
            [config.tcp_expiry, config.udp_expiry].map(|expiry| u64::try_from(expiry.as_nanos()).unwrap_or(u64::MAX));
        Self { config, policy, tcp_expiry_ns, udp_expiry_ns }
    }

    /// Whether records are made, which carry names; a first pass has no use for them.
    pub(crate) const fn wants_names(&self) -> bool {
        !matches!(self.policy, CutPolicy::MeasureGaps)
    }

    /// Silence that ends an open connection.
    const fn expiry_ns(&self, transport: Transport) -> u64 {
        match transport {
            Transport::Tcp => self.tcp_expiry_ns,
            Transport::Udp => self.udp_expiry_ns,
        }
    }

    fn shortest_expiry_ns(&self) -> u64 {
        self.tcp_expiry_ns.min(self.udp_expiry_ns)
    }
}

/// Rules that stand in until those of the analysis are there.
impl Default for Rules {
    fn default() -> Self {
        Self::new(Config::default(), CutPolicy::MeasureGaps)
    }
}

/// A segment with what the recording knows about it.
pub(crate) struct Arrival<'a> {
    /// Ordinal of the packet in the recording, from 1.
    number: u64,
    /// The capture's clock, this packet included.
    clock: Timestamp,
    key: FlowKey,
    source_is_low: bool,
    segment: &'a Segment<'a>,
}

impl<'a> Arrival<'a> {
    pub(crate) fn new(number: u64, clock: Timestamp, segment: &'a Segment<'a>) -> Self {
        let (key, source_is_low) = FlowKey::of(segment);
        Self { number, clock, key, source_is_low, segment }
    }
}

#[cfg(test)]
mod tests;
