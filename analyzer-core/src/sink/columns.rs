//! Records to columns, for programs that draw them.
//!
//! In: the records of an analysis, through [`Sink`]. Out: batches of columns, taken as often as their reader likes.
//! Guaranteed: rows of each kind stand in the order of emission, so that a row's number names its record in a
//! [store](super) that took the same records; a stream has its row before the first record that names it; memory
//! holds what was not taken yet, and what tells the live streams apart.
//!
//! Times are nanoseconds from an origin, as floats, because that is what drawing needs: exact up to 104 days.

use super::Sink;
use crate::decode::Transport;
use crate::flow::Direction;
use crate::object::EndReason;
use crate::record::{BinRecord, ObjectRecord, StreamIdentity, StreamRecord};
use crate::summary::{BIN_COUNT, bin_of};
use crate::time::Timestamp;
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use std::net::IpAddr;

/// Declares a batch of columns: a structure of vectors of equal length.
macro_rules! columns {
    ($(#[$doc:meta])* $name:ident { $( $(#[$field_doc:meta])* $field:ident: $type:ty ),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name { $( $(#[$field_doc])* pub $field: Vec<$type> ),* }
    };
}

columns! {
    /// Exchanged objects.
    ObjectColumns {
        /// Row of the stream.
        stream: u32,
        /// Bit 0: down. Bit 1: multiplexed. From bit 2 on: the number of the end reason in [`EndReason::ALL`].
        flags: u8,
        /// First packet that carries a new byte, in ns from the origin.
        start_ns: f64,
        /// To the last such packet, in ns.
        duration_ns: f64,
        /// New payload.
        payload_bytes: f64,
        /// Payload sent again.
        retransmitted_bytes: f64,
        /// Packets with payload.
        packets: u32,
        /// From the previous object's end, in ns; NaN for the first of its direction.
        gap_before_ns: f64,
        /// Number in its stream and direction.
        index: u32,
    }
}

columns! {
    /// Streams that were not heard of before.
    StreamColumns {
        /// Ordinal of the stream's first packet.
        id: f64,
        /// 0 TCP, 1 UDP.
        transport: u8,
        /// Number of the client's address.
        client: u32,
        /// Its port.
        client_port: u16,
        /// Number of the server's address.
        server: u32,
        /// Its port.
        server_port: u16,
        /// Number of the server's name in the analysis' table, as far as it was known; 0 for none.
        name: u32,
    }
}

columns! {
    /// Streams that ended.
    StreamEndColumns {
        /// Row of the stream.
        stream: u32,
        /// Number of the server's name; 0 for none.
        name: u32,
        /// Number of the name's source in [`NameSource::ALL`](crate::name::NameSource::ALL).
        name_source: u8,
        /// First packet, in ns from the origin.
        start_ns: f64,
        /// To the last packet, in ns.
        duration_ns: f64,
        /// Number of the end reason in [`EndReason::ALL`].
        end_reason: u8,
        /// Round trip between recorder and client, in ns; NaN where it was not seen.
        client_rtt_ns: f64,
        /// Round trip between recorder and server, in ns; NaN where it was not seen.
        server_rtt_ns: f64,
        /// Objects from the client.
        objects_up: u32,
        /// Objects from the server.
        objects_down: u32,
        /// New payload from the client.
        payload_bytes_up: f64,
        /// New payload from the server.
        payload_bytes_down: f64,
        /// IP packets of both directions.
        packets: f64,
    }
}

columns! {
    /// Payload by stream, direction and 100 ms.
    BinColumns {
        /// Row of the stream.
        stream: u32,
        /// Bit 0: down.
        flags: u8,
        /// Begin of the bin, in ns from the origin.
        start_ns: f64,
        /// New payload.
        payload_bytes: f64,
    }
}

/// Set in `flags` of what the server sent.
const DOWN: u8 = 1;
/// Set in `flags` of objects that stand for one or more.
const MULTIPLEXED: u8 = 2;
const END_REASON_SHIFT: u32 = 2;

/// Counts of gaps between packets with payload, by [`bin_of`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapCounts {
    counts: Vec<u32>,
}

impl Default for GapCounts {
    fn default() -> Self {
        Self { counts: vec![0; 4 * BIN_COUNT] }
    }
}

impl GapCounts {
    /// The counts of one direction and transport; the position is the bin.
    #[must_use]
    pub fn of(&self, direction: Direction, transport: Transport) -> &[u32] {
        let at = Self::place(direction, transport);
        &self.counts[at..at + BIN_COUNT]
    }

    const fn place(direction: Direction, transport: Transport) -> usize {
        let lane = 2 * (transport as usize) + direction.index();
        lane * BIN_COUNT
    }

    fn add(&mut self, direction: Direction, transport: Transport, gap_ns: u64) {
        let count = &mut self.counts[Self::place(direction, transport) + usize::from(bin_of(gap_ns))];
        *count = count.saturating_add(1);
    }
}

/// The sink. What was taken is no longer in it.
#[derive(Debug, Default)]
pub struct Columns {
    objects: ObjectColumns,
    streams: StreamColumns,
    stream_ends: StreamEndColumns,
    bins: BinColumns,
    gaps: GapCounts,
    /// Rows of streams that did not end yet, by id.
    live: HashMap<u64, u32, RandomState>,
    stream_rows: u32,
    addresses: HashMap<IpAddr, u32, RandomState>,
    new_addresses: Vec<IpAddr>,
    /// Times are kept as they are until the origin is told.
    object_starts: Vec<Timestamp>,
    stream_starts: Vec<Timestamp>,
    bin_starts: Vec<Timestamp>,
}

impl Columns {
    /// Objects since the last call.
    pub fn take_objects(&mut self, origin: Timestamp) -> ObjectColumns {
        self.objects.start_ns = offsets(&mut self.object_starts, origin);
        std::mem::take(&mut self.objects)
    }

    /// Streams first heard of since the last call.
    pub fn take_streams(&mut self) -> StreamColumns {
        std::mem::take(&mut self.streams)
    }

    /// Streams that ended since the last call.
    pub fn take_stream_ends(&mut self, origin: Timestamp) -> StreamEndColumns {
        self.stream_ends.start_ns = offsets(&mut self.stream_starts, origin);
        std::mem::take(&mut self.stream_ends)
    }

    /// Bins since the last call.
    pub fn take_bins(&mut self, origin: Timestamp) -> BinColumns {
        self.bins.start_ns = offsets(&mut self.bin_starts, origin);
        std::mem::take(&mut self.bins)
    }

    /// Addresses first heard of since the last call. Their numbers go on from those before.
    pub fn take_addresses(&mut self) -> Vec<IpAddr> {
        std::mem::take(&mut self.new_addresses)
    }

    /// Gaps between packets with payload so far.
    #[must_use]
    pub const fn gaps(&self) -> &GapCounts {
        &self.gaps
    }

    fn row(&mut self, stream: &StreamIdentity) -> u32 {
        if let Some(row) = self.live.get(&stream.id) {
            return *row;
        }
        let row = self.stream_rows;
        self.stream_rows += 1;
        self.live.insert(stream.id, row);
        self.streams.id.push(stream.id as f64);
        self.streams.transport.push(stream.transport as u8);
        let client = self.address(stream.client.ip);
        self.streams.client.push(client);
        self.streams.client_port.push(stream.client.port);
        let server = self.address(stream.server.ip);
        self.streams.server.push(server);
        self.streams.server_port.push(stream.server.port);
        self.streams.name.push(stream.naming.name.0);
        row
    }

    fn address(&mut self, ip: IpAddr) -> u32 {
        // Streams have numbers of 32 bits, and each brings two addresses at most.
        let next = self.addresses.len() as u32;
        *self.addresses.entry(ip).or_insert_with(|| {
            self.new_addresses.push(ip);
            next
        })
    }
}

impl Sink for Columns {
    fn object(&mut self, object: &ObjectRecord) {
        let row = self.row(&object.stream);
        let columns = &mut self.objects;
        columns.stream.push(row);
        let multiplexed = if object.multiplexed { MULTIPLEXED } else { 0 };
        columns.flags.push(down(object.direction) | multiplexed | number(object.end_reason) << END_REASON_SHIFT);
        self.object_starts.push(object.start);
        columns.duration_ns.push(object.end.nanos_since(object.start) as f64);
        columns.payload_bytes.push(object.payload_bytes as f64);
        columns.retransmitted_bytes.push(object.retransmitted_bytes as f64);
        columns.packets.push(object.packets.try_into().unwrap_or(u32::MAX));
        columns.gap_before_ns.push(float(object.gap_before_ns));
        columns.index.push(object.index.try_into().unwrap_or(u32::MAX));
    }

    fn stream(&mut self, stream: &StreamRecord) {
        let row = self.row(&stream.stream);
        self.live.remove(&stream.stream.id);
        let columns = &mut self.stream_ends;
        columns.stream.push(row);
        columns.name.push(stream.stream.naming.name.0);
        columns.name_source.push(stream.stream.naming.source as u8);
        self.stream_starts.push(stream.start);
        columns.duration_ns.push(stream.end.nanos_since(stream.start) as f64);
        columns.end_reason.push(number(stream.end_reason));
        columns.client_rtt_ns.push(float(stream.client_rtt_ns));
        columns.server_rtt_ns.push(float(stream.server_rtt_ns));
        columns.objects_up.push(stream.up.objects.try_into().unwrap_or(u32::MAX));
        columns.objects_down.push(stream.down.objects.try_into().unwrap_or(u32::MAX));
        columns.payload_bytes_up.push(stream.up.payload_bytes as f64);
        columns.payload_bytes_down.push(stream.down.payload_bytes as f64);
        columns.packets.push((stream.up.packets + stream.down.packets) as f64);
    }

    fn bin(&mut self, bin: &BinRecord) {
        let row = self.row(&bin.stream);
        self.bins.stream.push(row);
        self.bins.flags.push(down(bin.direction));
        self.bin_starts.push(bin.start);
        self.bins.payload_bytes.push(bin.payload_bytes as f64);
    }

    fn payload_gap(&mut self, direction: Direction, transport: Transport, gap_ns: u64) {
        self.gaps.add(direction, transport, gap_ns);
    }
}

const fn down(direction: Direction) -> u8 {
    match direction {
        Direction::Up => 0,
        Direction::Down => DOWN,
    }
}

const fn number(reason: EndReason) -> u8 {
    reason as u8
}

fn float(nanos: Option<u64>) -> f64 {
    nanos.map_or(f64::NAN, |nanos| nanos as f64)
}

/// Times to offsets; clocks may step back, so that an offset may be negative.
fn offsets(times: &mut Vec<Timestamp>, origin: Timestamp) -> Vec<f64> {
    let offset = |time: Timestamp| (i128::from(time.as_nanos()) - i128::from(origin.as_nanos())) as f64;
    std::mem::take(times).into_iter().map(offset).collect()
}
