//! IP fragments: which stream the later ones belong to.
//!
//! In: the segment found in each first fragment. Out: the stream and the payload bytes of the later fragments of the
//! same datagram. Guaranteed: at most [`MAX_DATAGRAMS`] datagrams are remembered, each for [`LIFETIME_NANOS`] of
//! capture time; what is found depends on the packets and their order alone; nothing is reassembled.

use super::span::Span;
use super::transport::{Found, Stream};
use super::{Addresses, TcpFlags};
use crate::time::{NANOS_PER_SECOND, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};

/// When there are more, the one that began earliest in the capture is forgotten.
const MAX_DATAGRAMS: usize = 4096;
/// Linux gives up reassembling after 30 s; RFC 8200 §4.5 allows 60 s.
const LIFETIME_NANOS: u64 = 30 * NANOS_PER_SECOND.unsigned_abs();

/// What makes fragments belong together (RFC 791 §3.2, RFC 8200 §4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct FragmentKey {
    // The identification differs most often, so comparing begins with it.
    identification: u32,
    addresses: Addresses,
    protocol: u8,
}

impl FragmentKey {
    pub(super) fn new(addresses: Addresses, identification: u32, protocol: u8) -> Self {
        Self { identification, addresses, protocol }
    }
}

/// The datagrams whose first fragment was seen.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct FragmentTable {
    /// Ordered, so that no hash seed can matter and no crafted keys can slow it down.
    datagrams: BTreeMap<FragmentKey, Datagram>,
    /// Keys in the order of their first fragments, at most [`MAX_DATAGRAMS`]. A key whose datagram was replaced or
    /// removed stays until its turn comes.
    order: VecDeque<(u64, FragmentKey)>,
    next_ordinal: u64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Datagram {
    ordinal: u64,
    first_seen: Timestamp,
    stream: Stream,
    /// Where the payload begins and ends, in bytes from the beginning of what is fragmented.
    payload_start: usize,
    payload_end: usize,
}

impl FragmentTable {
    /// Remembers what a first fragment tells: `found` in the datagram that begins where `carried` does.
    pub(super) fn insert(&mut self, key: FragmentKey, timestamp: Timestamp, carried: Span<'_>, found: &Found<'_>) {
        if self.order.len() >= MAX_DATAGRAMS
            && let Some((ordinal, oldest)) = self.order.pop_front()
            && self.datagrams.get(&oldest).is_some_and(|datagram| datagram.ordinal == ordinal)
        {
            self.datagrams.remove(&oldest);
        }
        let (payload_start, payload_end) = carried.offsets_of(found.payload);
        let ordinal = self.next_ordinal;
        self.next_ordinal += 1;
        self.order.push_back((ordinal, key));
        let datagram = Datagram { ordinal, first_seen: timestamp, stream: found.stream, payload_start, payload_end };
        self.datagrams.insert(key, datagram);
    }

    /// Forgets a datagram.
    pub(super) fn remove(&mut self, key: &FragmentKey) {
        self.datagrams.remove(key);
    }

    /// The share of a later fragment in its datagram's payload: `carried` begins `offset_bytes` into what is
    /// fragmented. `None` when the first fragment was not seen, or too long ago.
    pub(super) fn join<'a>(
        &self,
        key: &FragmentKey,
        timestamp: Timestamp,
        offset_bytes: usize,
        carried: Span<'a>,
    ) -> Option<Found<'a>> {
        let datagram = self.datagrams.get(key)?;
        if timestamp.nanos_since(datagram.first_seen) > LIFETIME_NANOS {
            return None;
        }
        let start = offset_bytes.max(datagram.payload_start);
        let in_payload =
            carried.limited_to(datagram.payload_end.saturating_sub(offset_bytes)).beginning_at(start - offset_bytes);
        let mut stream = datagram.stream;
        if let Some(tcp) = &mut stream.tcp {
            let before = u32::try_from(start - datagram.payload_start).unwrap_or(u32::MAX);
            // A SYN takes the sequence number before the first payload byte.
            tcp.sequence = tcp.sequence.wrapping_add(before).wrapping_add(tcp.flags.syn().into());
            // The connection's events belong to the fragment that carries the header.
            tcp.flags = TcpFlags(tcp.flags.0 & !0x07);
        }
        Some(Found { stream, payload: in_payload, later_fragment: true })
    }
}
