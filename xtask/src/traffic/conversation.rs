//! One stream of a group, played.
//!
//! In: a group of a model, its server, random numbers. Out: the objects of one stream, by start. Guaranteed: sizes, durations,
//! inter-arrivals and objects per stream are drawn as the model has them, each on its own.
//!
//! A model says nothing of how its variables depend on each other, and from start to start, durations and pauses can't all be drawn:
//! two of them give the third. So objects of a direction follow each other by the inter-arrival, and may overlap; the server's
//! first comes a think time after the client's first, and the other pauses are what results.

use super::draw::draw;
use super::random::Random;
use analyzer_core::decode::{Endpoint, Transport};
use analyzer_core::flow::Direction;
use analyzer_core::model::{DirectionModel, Group};
use analyzer_core::name::Naming;
use analyzer_core::object::EndReason;
use analyzer_core::record::{ObjectRecord, StreamIdentity};
use analyzer_core::time::Timestamp;
use std::net::{IpAddr, Ipv4Addr};

/// 2020-01-01T00:00:00Z.
const FIRST_START_NS: i64 = 1_577_836_800_000_000_000;
/// A model doesn't say when streams begin: one each second does.
const STREAM_SPACING_NS: u64 = 1_000_000_000;
const NANOS_PER_SECOND: f64 = 1e9;
/// Payload and headers of a TCP segment with the option of times, over IPv4 and Ethernet.
const SEGMENT_BYTES: u64 = 1_448;
const HEADER_BYTES: u64 = 52;
/// Ports of a client, those above 1023; more streams have another client.
const PORTS: u64 = 64_512;
const FIRST_PORT: u16 = 1_024;

/// Plays streams, each with an id of its own.
#[derive(Debug, Default)]
pub(super) struct Player {
    streams: u64,
}

impl Player {
    /// The next stream. Of a direction it has no more objects than `most`: what is drawn from a heavy tail may be more than
    /// memory holds.
    pub(super) fn stream(
        &mut self,
        group: &Group,
        server: (Endpoint, Naming),
        most: u64,
        random: &mut Random,
    ) -> Vec<ObjectRecord> {
        let stream = self.identity(server);
        let start = Timestamp::from_nanos(FIRST_START_NS).saturating_add_nanos(self.streams * STREAM_SPACING_NS);
        self.streams += 1;
        let mut records = Vec::new();
        let up = count(group, &group.up, random).min(most);
        put(&group.up, up, Part { stream, direction: Direction::Up, start }, random, &mut records);
        let down = count(group, &group.down, random).min(most);
        let think_time = draw(&group.down.think_time_s, random).map_or(0, nanos);
        let asked = records.first().map_or(start, |first| first.end);
        let start = asked.saturating_add_nanos(think_time);
        put(&group.down, down, Part { stream, direction: Direction::Down, start }, random, &mut records);
        if records.is_empty() {
            // Every stream of a model has an object, and by far most have one up and one down.
            let of = if group.down.objects > 0 { Direction::Down } else { Direction::Up };
            let model = if of == Direction::Down { &group.down } else { &group.up };
            put(model, model.objects.min(1), Part { stream, direction: of, start }, random, &mut records);
        }
        records.sort_by_key(|record| (record.start, record.direction.index()));
        records
    }

    fn identity(&self, (server, naming): (Endpoint, Naming)) -> StreamIdentity {
        let client = u32::from(Ipv4Addr::new(10, 0, 0, 1)).wrapping_add((self.streams / PORTS) as u32);
        let port = FIRST_PORT + (self.streams % PORTS) as u16;
        let client = Endpoint { ip: IpAddr::V4(client.into()), port };
        StreamIdentity { id: self.streams + 1, transport: Transport::Tcp, client, server, naming }
    }
}

/// One direction of a stream.
#[derive(Debug, Clone, Copy)]
struct Part {
    stream: StreamIdentity,
    direction: Direction,
    start: Timestamp,
}

/// How many objects a stream has in a direction: streams without any are no value of the variable.
fn count(group: &Group, direction: &DirectionModel, random: &mut Random) -> u64 {
    let with = direction.objects_per_stream.n as f64 / group.streams.max(1) as f64;
    if random.share() >= with {
        return 0;
    }
    draw(&direction.objects_per_stream, random).map_or(0, |objects| (objects.round() as u64).max(1))
}

fn put(model: &DirectionModel, count: u64, part: Part, random: &mut Random, records: &mut Vec<ObjectRecord>) {
    let Part { stream, direction, mut start } = part;
    let mut previous_end = None;
    for index in 0..count {
        if index > 0 {
            start = start.saturating_add_nanos(draw(&model.inter_arrival_s, random).map_or(0, nanos));
        }
        let end = start.saturating_add_nanos(draw(&model.duration_s, random).map_or(0, nanos));
        let payload_bytes = draw(&model.size_bytes, random).map_or(1, |bytes| (bytes.round() as u64).max(1));
        let packets = payload_bytes.div_ceil(SEGMENT_BYTES);
        records.push(ObjectRecord {
            stream,
            direction,
            index,
            start,
            end,
            payload_bytes,
            retransmitted_bytes: 0,
            ip_bytes: payload_bytes + packets * HEADER_BYTES,
            packets,
            gap_before_ns: previous_end.map(|end| start.nanos_since(end)),
            end_reason: EndReason::Reply,
            multiplexed: false,
        });
        previous_end = Some(end);
    }
}

fn nanos(seconds: f64) -> u64 {
    (seconds * NANOS_PER_SECOND).round() as u64
}
