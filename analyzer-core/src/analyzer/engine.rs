//! Packets to records: the way of one packet through decoding, flows and objects.

use super::Files;
use super::digest::{CaptureDigest, analysis_id};
use super::parts::{Before, Continuation, Parts};
use super::totals::Totals;
use crate::capture::Packet;
use crate::config::{Config, ProtocolFilter};
use crate::decode::{Decoder, Reason, Segment, Skip, Transport};
use crate::diagnostics::Diagnostics;
use crate::flow::{Arrival, Emitted, FlowTable, Output, Rules};
use crate::name::{NameTable, Names};
use crate::object::CutPolicy;
use crate::record::{Counters, RecordingRecord};
use crate::sink::Sink;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// All that is known of the recording so far. A state holds it but for the options, which stand beside it, and what is of
/// the current file alone.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Engine {
    #[serde(skip)]
    rules: Rules,
    decoder: Decoder,
    table: FlowTable,
    #[serde(skip)]
    digest: CaptureDigest,
    diagnostics: Diagnostics,
    counters: Counters,
    emitted: Emitted,
    names: Names,
    filtered_packets: u64,
    non_monotonic: u64,
    recording: RecordingRecord,
    /// First packet's time.
    start: Option<Timestamp>,
    /// The greatest time of any packet: the clock never goes back.
    clock: Timestamp,
    #[serde(skip)]
    input: InputSpan,
    /// The clock when the current file began.
    #[serde(skip)]
    clock_before_input: Option<Timestamp>,
}

/// The packets of one file.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct InputSpan {
    pub(super) frames: u64,
    /// First packet's time and the greatest.
    pub(super) times: Option<(Timestamp, Timestamp)>,
}

impl Engine {
    pub(super) fn new(config: Config, policy: CutPolicy) -> Self {
        let names = Names::new(config.applications.clone());
        Self {
            rules: Rules::new(config, policy),
            decoder: Decoder::default(),
            table: FlowTable::new(),
            digest: CaptureDigest::new(),
            diagnostics: Diagnostics::default(),
            counters: Counters::default(),
            emitted: Emitted::default(),
            names,
            filtered_packets: 0,
            non_monotonic: 0,
            recording: RecordingRecord::default(),
            start: None,
            clock: Timestamp::MIN,
            input: InputSpan::default(),
            clock_before_input: None,
        }
    }

    /// The engine of a state, with the options that the state was made with.
    pub(super) fn resumed(self, config: Config, policy: CutPolicy) -> Self {
        let names = self.names.for_applications(config.applications.clone());
        Self { names, rules: Rules::new(config, policy), ..self }
    }

    pub(super) const fn config(&self) -> &Config {
        &self.rules.config
    }

    /// The digest of the packets since it was last taken.
    pub(super) fn take_digest(&mut self) -> CaptureDigest {
        std::mem::take(&mut self.digest)
    }

    /// What came before the next packet.
    pub(super) fn before(&self, inputs: usize) -> Before {
        let Emitted { objects, streams, bins, packets, .. } = self.emitted;
        Before { inputs, frames: self.counters.frames, objects, streams, bins, packets }
    }

    pub(super) const fn frames(&self) -> u64 {
        self.counters.frames
    }

    pub(super) const fn names(&self) -> &NameTable {
        &self.names.table
    }

    pub(super) const fn start(&self) -> Option<Timestamp> {
        self.start
    }

    pub(super) fn begin_input(&mut self) {
        self.input = InputSpan::default();
        self.clock_before_input = self.start.map(|_| self.clock);
    }

    pub(super) fn end_input(&mut self) -> InputSpan {
        if let (Some((first, _)), Some(before)) = (self.input.times, self.clock_before_input) {
            self.recording.overlaps += u64::from(first < before);
            self.recording.longest_gap_ns = self.recording.longest_gap_ns.max(first.nanos_since(before));
        }
        std::mem::take(&mut self.input)
    }

    /// Takes the next packet of the recording.
    #[inline]
    pub(super) fn take(&mut self, packet: &Packet<'_>, sink: &mut impl Sink) {
        self.counters.frames += 1;
        self.digest.add(packet);
        self.observe_time(packet.timestamp);
        if let Some(oddity) = packet.oddity {
            self.diagnostics.oddity(oddity);
        }
        self.counters.truncated_frames += u64::from((packet.captured.len() as u64) < u64::from(packet.wire_bytes));
        // By reference: a segment is large enough for a move to show.
        match &self.decoder.decode(packet) {
            Ok(segment) => self.take_segment(segment, sink),
            Err(skip) => self.take_other(*skip),
        }
    }

    #[inline]
    fn observe_time(&mut self, timestamp: Timestamp) {
        if timestamp < self.clock {
            self.non_monotonic += 1;
        } else {
            self.clock = timestamp;
        }
        self.start.get_or_insert(timestamp);
        self.input.frames += 1;
        let (first, last) = self.input.times.unwrap_or((timestamp, timestamp));
        self.input.times = Some((first, last.max(timestamp)));
    }

    #[inline]
    fn take_segment(&mut self, segment: &Segment<'_>, sink: &mut impl Sink) {
        let counters = &mut self.counters;
        if segment.later_fragment {
            counters.other_packets += 1;
            counters.later_fragments += 1;
        } else if segment.transport == Transport::Tcp {
            counters.tcp_packets += 1;
        } else {
            counters.udp_packets += 1;
        }
        let payload_bytes = u64::from(segment.payload_bytes);
        let wanted = if segment.transport == Transport::Tcp {
            counters.tcp_payload_bytes += payload_bytes;
            self.rules.config.protocol != ProtocolFilter::Udp
        } else {
            counters.udp_payload_bytes += payload_bytes;
            self.rules.config.protocol != ProtocolFilter::Tcp
        };
        if !wanted {
            self.filtered_packets += 1;
            return;
        }
        if self.rules.wants_names() {
            self.names.observe(segment);
        }
        let arrival = Arrival::new(self.counters.frames, self.clock, segment);
        self.table.take(
            &arrival,
            &self.rules,
            &mut Output { sink, emitted: &mut self.emitted, names: &mut self.names },
        );
    }

    #[cold]
    fn take_other(&mut self, skip: Skip) {
        self.counters.other_packets += 1;
        self.counters.later_fragments += u64::from(skip.reason == Reason::LaterFragment);
        self.diagnostics.skip(skip, self.counters.frames);
    }

    /// Ends every stream.
    pub(super) fn finish(mut self, sink: &mut impl Sink, files: Files, parts: Option<Parts>) -> Totals {
        self.table.finish(
            self.clock,
            &self.rules,
            &mut Output { sink, emitted: &mut self.emitted, names: &mut self.names },
        );
        let continuation = parts.map(|parts| (parts.capture_id(), parts.continuation(true)));
        self.into_totals(files, continuation)
    }

    /// Ends a part of the recording, and no stream.
    pub(super) fn suspend(mut self, files: Files, capture_id: String, continuation: Continuation) -> Totals {
        self.table.note_tuples(&mut self.emitted.tuples);
        self.into_totals(files, Some((capture_id, continuation)))
    }

    fn into_totals(mut self, files: Files, continuation: Option<(String, Continuation)>) -> Totals {
        let (directed_streams, directed_streams_exact) = self.emitted.tuples.count();
        self.counters.directed_streams = directed_streams;
        let (capture_id, continuation) = match continuation {
            Some((capture_id, continuation)) => (capture_id, Some(continuation)),
            None => (self.digest.finish(), None),
        };
        let analysis_id = analysis_id(&capture_id, &self.rules.config.describe());
        Totals {
            config: self.rules.config,
            pseudonyms: None,
            names: Arc::new(self.names.table),
            capture_id,
            analysis_id,
            counters: self.counters,
            inputs: files.inputs,
            continuation,
            exact: self.table.evicted == 0,
            objects: self.emitted.objects,
            streams: self.emitted.streams,
            bins: self.emitted.bins,
            packets: self.emitted.packets,
            span: self.start.map(|start| (start, self.clock)),
            client_sources: self.emitted.client_sources,
            name_sources: self.emitted.name_sources,
            reverse_dns: None,
            directions_with_records: self.emitted.directions_with_records,
            directions_without_records: self.emitted.directions_without_records,
            evicted_streams: self.table.evicted,
            reused_tuples: self.table.reused,
            directed_streams_exact,
            non_monotonic_timestamps: self.non_monotonic,
            overflowed_holes: self.emitted.overflowed_holes,
            filtered_packets: self.filtered_packets,
            diagnostics: self.diagnostics,
            skipped_blocks: files.skipped_blocks,
            recording: self.recording,
            summary: self.emitted.summary,
        }
    }

    /// Ends a first pass.
    pub(super) fn into_mean_gaps(mut self, sink: &mut impl Sink) -> HashMap<u64, [u64; 2]> {
        self.table.finish(
            self.clock,
            &self.rules,
            &mut Output { sink, emitted: &mut self.emitted, names: &mut self.names },
        );
        self.emitted.mean_gaps_ns
    }
}
