//! How a capture is cut: objects as ranges of packets.

use crate::support::{File, Row, analyze};
use analyzer_core::Config;
use analyzer_core::decode::Endpoint;
use analyzer_core::flow::Direction;
use analyzer_core::record::{PacketRecord, StreamIdentity};
use std::collections::BTreeMap;
use std::path::Path;

/// One object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Object {
    pub(super) start_ns: i64,
    pub(super) end_ns: i64,
    /// New payload.
    pub(super) payload_bytes: u64,
    /// Numbers of the packets, from 1.
    pub(super) first_frame: u64,
    pub(super) last_frame: u64,
}

impl Object {
    fn of(packet: &PacketRecord) -> Self {
        let time_ns = packet.timestamp.as_nanos();
        Self {
            start_ns: time_ns,
            end_ns: time_ns,
            payload_bytes: 0,
            first_frame: packet.number,
            last_frame: packet.number,
        }
    }

    fn add(&mut self, packet: &PacketRecord, bytes: u64) {
        self.end_ns = packet.timestamp.as_nanos();
        self.last_frame = packet.number;
        self.payload_bytes += bytes;
    }
}

/// The objects of one direction, in order.
pub(super) type Cutting = Vec<Object>;

/// A stream's name and direction, as the reference writes them.
pub(super) type Lane = (String, String);

/// The reference's objects by capture.
pub(super) fn of_table(rows: &[Row]) -> BTreeMap<String, BTreeMap<Lane, Cutting>> {
    let mut captures: BTreeMap<String, BTreeMap<Lane, Cutting>> = BTreeMap::new();
    for row in rows {
        let lane = (row.text("stream").to_owned(), row.text("dir").to_owned());
        let objects = captures.entry(row.text("capture").to_owned()).or_default().entry(lane).or_default();
        assert_eq!(row.number::<usize>("index"), objects.len(), "objects are listed in order");
        objects.push(Object {
            start_ns: row.number("start_ns"),
            end_ns: row.number("end_ns"),
            payload_bytes: row.number("payload_bytes"),
            first_frame: row.number("first_frame"),
            last_frame: row.number("last_frame"),
        });
    }
    captures
}

/// Our objects of one capture.
#[derive(Debug, Default)]
pub(super) struct Ours {
    /// By direction, and there by stream id and index.
    lanes: BTreeMap<Lane, BTreeMap<(u64, u64), Views>>,
    /// TCP holes that were given up in the capture.
    pub(super) overflowed_holes: u64,
}

/// Two views of one object.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Views {
    /// As it is, with boundaries inside packets.
    exact: Option<Object>,
    /// With each packet given as a whole to the object that has more of it, which is what the reference does. `None` when
    /// the object has the most of no packet.
    whole: Option<Object>,
}

impl Ours {
    /// The objects of a direction, whole and exact.
    pub(super) fn of(&self, lane: &Lane) -> Vec<(Object, Object)> {
        let views = self.lanes.get(lane).into_iter().flat_map(BTreeMap::values);
        views.filter_map(|views| Some((views.whole?, views.exact?))).collect()
    }
}

/// Cuts a capture by the core.
pub(super) fn of_core(path: &Path, config: &Config) -> Ours {
    let analysis = analyze(&Config { packets: true, ..config.clone() }, usize::MAX, &[File::read(path)]);
    let mut ours = Ours { overflowed_holes: analysis.totals.overflowed_holes, ..Ours::default() };
    for packet in &analysis.records.packets {
        let Some(index) = packet.object_index else { continue };
        let id = packet.stream.id;
        let views = ours.lanes.entry(lane(&packet.stream, packet.direction)).or_default();
        let mut put = |index, bytes, of: fn(&mut Views) -> &mut Option<Object>| {
            let view = of(views.entry((id, index)).or_default());
            view.get_or_insert_with(|| Object::of(packet)).add(packet, bytes);
        };
        let (new_bytes, before) = (packet.payload_bytes - packet.retransmitted_bytes, packet.previous_object_bytes);
        if before > 0 {
            put(index - 1, before, |views| &mut views.exact);
        }
        put(index, new_bytes - before, |views| &mut views.exact);
        put(index - u64::from(2 * before > new_bytes), new_bytes, |views| &mut views.whole);
    }
    ours
}

fn lane(stream: &StreamIdentity, direction: Direction) -> Lane {
    let name = format!("{} {} {}", stream.transport.as_str(), end(stream.client), end(stream.server));
    (name, direction.as_str().to_owned())
}

fn end(endpoint: Endpoint) -> String {
    std::net::SocketAddr::new(endpoint.ip, endpoint.port).to_string()
}
