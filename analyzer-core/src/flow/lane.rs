//! One direction of a connection: its volumes, its current bin and its open object.
//!
//! In: the direction's segments with times that never go back. Out: finished bins and objects. Guaranteed: nothing is
//! counted twice; totals are the sum of the bins.

use super::key::Direction;
use crate::decode::Segment;
use crate::object::EndReason;
use crate::object::sequence::SequenceTracker;
use crate::record::{BIN_NS, BinRecord, DirectionRecord, ObjectRecord, StreamIdentity};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Packets and bytes of one direction.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Volume {
    packets: u64,
    ip_bytes: u64,
    payload_packets: u64,
    payload_bytes: u64,
    retransmitted_bytes: u64,
}

impl Volume {
    const fn add(&mut self, other: &Self) {
        self.packets += other.packets;
        self.ip_bytes += other.ip_bytes;
        self.payload_packets += other.payload_packets;
        self.payload_bytes += other.payload_bytes;
        self.retransmitted_bytes += other.retransmitted_bytes;
    }

    /// The record of a bin with this volume.
    pub(super) const fn into_bin(self, stream: StreamIdentity, direction: Direction, start: Timestamp) -> BinRecord {
        BinRecord {
            stream,
            direction,
            start,
            payload_bytes: self.payload_bytes,
            retransmitted_bytes: self.retransmitted_bytes,
            ip_bytes: self.ip_bytes,
            packets: self.packets,
        }
    }
}

/// The object that new payload is added to; none while it has no packets.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct OpenObject {
    start: Timestamp,
    end: Timestamp,
    payload_bytes: u64,
    retransmitted_bytes: u64,
    ip_bytes: u64,
    packets: u64,
}

/// The state of one direction. What every packet touches comes first: the table is as fast as the memory it touches.
#[derive(Debug, Serialize, Deserialize)]
#[repr(C)]
pub(super) struct Lane {
    pub(super) sequence: SequenceTracker,
    /// Number of the current bin since the epoch, and what is in it.
    bin: i64,
    in_bin: Volume,
    /// Last packet with payload, new or not; [`Timestamp::MIN`] before the first.
    last_payload: Timestamp,
    object: OpenObject,
    ended_objects: u64,
    /// The SYN was seen.
    pub(super) is_from_start: bool,
    /// A FIN was seen.
    pub(super) is_finished: bool,
    /// A retransmission came after a gap that exceeds the threshold: the next new payload opens an object.
    gap_exceeded: bool,
    /// Volume of the bins before.
    flushed: Volume,
    first_payload: Timestamp,
    previous_end: Timestamp,
    /// Last packet of any kind; kept in packet mode only.
    last_packet: Option<Timestamp>,
}

impl Default for Lane {
    fn default() -> Self {
        Self {
            sequence: SequenceTracker::default(),
            bin: 0,
            in_bin: Volume::default(),
            last_payload: Timestamp::MIN,
            object: OpenObject::default(),
            ended_objects: 0,
            is_from_start: false,
            is_finished: false,
            gap_exceeded: false,
            flushed: Volume::default(),
            first_payload: Timestamp::MIN,
            previous_end: Timestamp::MIN,
            last_packet: None,
        }
    }
}

impl Lane {
    /// Whether any packet was seen.
    pub(super) const fn is_started(&self) -> bool {
        self.in_bin.packets + self.flushed.packets > 0
    }

    /// Counts a packet. Returns the bin before, when the packet begins another.
    #[inline]
    pub(super) fn count(
        &mut self,
        timestamp: Timestamp,
        segment: &Segment<'_>,
        new_bytes: u32,
    ) -> Option<(Timestamp, Volume)> {
        let bin = timestamp.as_nanos().div_euclid(BIN_NS);
        let full = if bin == self.bin { None } else { self.flush_bin() };
        self.bin = bin;
        self.in_bin.packets += 1;
        self.in_bin.ip_bytes += u64::from(segment.ip_bytes);
        self.in_bin.payload_packets += u64::from(segment.payload_bytes > 0);
        self.in_bin.payload_bytes += u64::from(new_bytes);
        self.in_bin.retransmitted_bytes += u64::from(segment.payload_bytes - new_bytes);
        full
    }

    /// Takes the current bin out.
    pub(super) fn flush_bin(&mut self) -> Option<(Timestamp, Volume)> {
        let volume = std::mem::take(&mut self.in_bin);
        self.flushed.add(&volume);
        (volume.packets > 0).then(|| (Timestamp::from_nanos(self.bin.saturating_mul(BIN_NS)), volume))
    }

    /// From the previous packet of the direction.
    pub(super) fn packet_gap_ns(&mut self, timestamp: Timestamp) -> Option<u64> {
        self.last_packet.replace(timestamp).map(|last| timestamp.nanos_since(last))
    }

    /// Notes when payload, new or not, was seen; the time since it was seen before.
    #[inline]
    pub(super) fn saw_payload(&mut self, timestamp: Timestamp) -> Option<u64> {
        let last = std::mem::replace(&mut self.last_payload, timestamp);
        if last == Timestamp::MIN {
            self.first_payload = timestamp;
            return None;
        }
        Some(timestamp.nanos_since(last))
    }

    /// When payload was last seen; [`Timestamp::MIN`] when it never was.
    pub(super) const fn last_payload(&self) -> Timestamp {
        self.last_payload
    }

    /// Mean gap between packets with payload; endless with fewer than two.
    pub(super) fn mean_gap_ns(&self) -> u64 {
        let gaps = self.flushed.payload_packets.saturating_sub(1);
        self.last_payload.nanos_since(self.first_payload).checked_div(gaps).unwrap_or(u64::MAX)
    }

    /// Whether the silence before a packet with new payload ends the open object.
    pub(super) fn exceeds_gap(&mut self, timestamp: Timestamp, threshold_ns: u64) -> bool {
        let exceeded = self.is_gap(timestamp, threshold_ns) || self.gap_exceeded;
        self.gap_exceeded = false;
        exceeded
    }

    fn is_gap(&self, timestamp: Timestamp, threshold_ns: u64) -> bool {
        self.last_payload != Timestamp::MIN && timestamp.nanos_since(self.last_payload) > threshold_ns
    }

    /// Takes a packet that only repeats payload.
    pub(super) fn repeat(&mut self, timestamp: Timestamp, segment: &Segment<'_>, threshold_ns: u64) {
        self.gap_exceeded |= self.is_gap(timestamp, threshold_ns);
        let object = &mut self.object;
        if object.packets > 0 {
            object.retransmitted_bytes += u64::from(segment.payload_bytes);
            object.ip_bytes += u64::from(segment.ip_bytes);
            object.packets += 1;
        }
    }

    /// Adds the first bytes of a packet that has a boundary inside to the open object. The packet and its headers
    /// count for the later object.
    pub(super) const fn add_tail(&mut self, timestamp: Timestamp, new_bytes: u64) {
        let object = &mut self.object;
        if object.packets > 0 {
            object.end = timestamp;
            object.payload_bytes += new_bytes;
            object.ip_bytes += new_bytes;
        }
    }

    /// Adds a packet's new payload to the open object, or opens one; `given_bytes` of it went to the object before.
    pub(super) fn add(&mut self, timestamp: Timestamp, segment: &Segment<'_>, new_bytes: u64, given_bytes: u64) {
        let object = &mut self.object;
        if object.packets == 0 {
            object.start = timestamp;
        }
        object.end = timestamp;
        object.payload_bytes += new_bytes - given_bytes;
        object.retransmitted_bytes += u64::from(segment.payload_bytes) - new_bytes;
        object.ip_bytes += u64::from(segment.ip_bytes) - given_bytes;
        object.packets += 1;
    }

    /// New payload of the open object.
    pub(super) const fn open_bytes(&self) -> u64 {
        self.object.payload_bytes
    }

    /// Objects begun.
    pub(super) fn objects(&self) -> u64 {
        self.ended_objects + u64::from(self.object.packets > 0)
    }

    /// Number of the open object.
    pub(super) fn open_index(&self) -> Option<u64> {
        (self.object.packets > 0).then_some(self.ended_objects)
    }

    /// Ends the open object, if there is one.
    pub(super) fn end_object(
        &mut self,
        stream: StreamIdentity,
        direction: Direction,
        end_reason: EndReason,
        multiplexed: bool,
    ) -> Option<ObjectRecord> {
        let object = std::mem::take(&mut self.object);
        if object.packets == 0 {
            return None;
        }
        let index = self.ended_objects;
        let gap_before_ns = (index > 0).then(|| object.start.nanos_since(self.previous_end));
        self.ended_objects += 1;
        self.previous_end = object.end;
        Some(ObjectRecord {
            stream,
            direction,
            index,
            start: object.start,
            end: object.end,
            payload_bytes: object.payload_bytes,
            retransmitted_bytes: object.retransmitted_bytes,
            ip_bytes: object.ip_bytes,
            packets: object.packets,
            gap_before_ns,
            end_reason,
            multiplexed,
        })
    }

    /// The direction's part of the stream's record, without quantiles; bins and objects must have been flushed.
    pub(super) fn record(&self, records_read: bool) -> DirectionRecord {
        DirectionRecord {
            packets: self.flushed.packets,
            ip_bytes: self.flushed.ip_bytes,
            payload_packets: self.flushed.payload_packets,
            payload_bytes: self.flushed.payload_bytes,
            retransmitted_bytes: self.flushed.retransmitted_bytes,
            objects: self.ended_objects,
            // A direction without payload has nothing to fall back from.
            records_read: records_read || self.flushed.payload_packets == 0,
            ..DirectionRecord::default()
        }
    }
}
