//! What leaves the flows: records to the sink, counted on the way and summed up.

use super::key::Direction;
use super::tuples::DirectedTuples;
use crate::decode::Transport;
use crate::diagnostics::count_up;
use crate::name::Names;
use crate::record::{BinRecord, ObjectRecord, PacketRecord, StreamRecord};
use crate::sink::Sink;
use crate::summary::{Distributions, Summary};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// What was emitted, and what the streams said when they ended.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Emitted {
    pub(crate) objects: u64,
    pub(crate) streams: u64,
    pub(crate) bins: u64,
    pub(crate) packets: u64,
    pub(crate) overflowed_holes: u64,
    pub(crate) client_sources: BTreeMap<String, u64>,
    pub(crate) name_sources: BTreeMap<String, u64>,
    /// Directions whose record headers were, or were not, readable.
    pub(crate) directions_with_records: u64,
    pub(crate) directions_without_records: u64,
    /// Distinct directed 5-tuples of the whole capture.
    pub(crate) tuples: DirectedTuples,
    pub(crate) summary: Summary,
    /// Result of the first pass of `mean-gap`.
    #[serde(skip)]
    pub(crate) mean_gaps_ns: HashMap<u64, [u64; 2]>,
}

/// The sink, the counts beside it, and the names, for the time of one push.
pub(crate) struct Output<'a, S> {
    pub(crate) sink: &'a mut S,
    pub(crate) emitted: &'a mut Emitted,
    pub(crate) names: &'a mut Names,
}

impl<S: Sink> Output<'_, S> {
    pub(super) fn object(&mut self, object: &ObjectRecord) {
        self.emitted.objects += 1;
        self.sink.object(object);
    }

    pub(super) fn bin(&mut self, bin: &BinRecord) {
        self.emitted.bins += 1;
        self.sink.bin(bin);
    }

    pub(super) fn packet(&mut self, packet: &PacketRecord) {
        self.emitted.packets += 1;
        self.sink.packet(packet);
    }

    #[inline]
    pub(super) fn payload_gap(&mut self, direction: Direction, transport: Transport, gap_ns: u64) {
        self.sink.payload_gap(direction, transport, gap_ns);
    }

    pub(super) fn stream(&mut self, mut stream: StreamRecord, distributions: &Distributions, overflowed_holes: u32) {
        let emitted = &mut *self.emitted;
        emitted.streams += 1;
        emitted.overflowed_holes += u64::from(overflowed_holes);
        count_up(&mut emitted.client_sources, stream.client_source.as_str(), 1);
        count_up(&mut emitted.name_sources, stream.stream.naming.source.as_str(), 1);
        for direction in [&stream.up, &stream.down].into_iter().filter(|direction| direction.payload_packets > 0) {
            *(if direction.records_read {
                &mut emitted.directions_with_records
            } else {
                &mut emitted.directions_without_records
            }) += 1;
        }
        emitted.summary.add(&stream, distributions);
        if self.sink.wants_streams() {
            for (direction, record) in [(Direction::Up, &mut stream.up), (Direction::Down, &mut stream.down)] {
                record.size_bytes = distributions.sizes(direction);
                record.gap_ns = distributions.gaps(direction);
            }
            self.sink.stream(&stream);
        }
    }

    pub(super) fn measured_gaps(&mut self, stream_id: u64, means_ns: [u64; 2]) {
        if means_ns != [u64::MAX; 2] {
            self.emitted.mean_gaps_ns.insert(stream_id, means_ns);
        }
    }
}
