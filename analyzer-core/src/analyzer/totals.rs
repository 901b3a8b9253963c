//! What is known when the whole recording was read.

use super::reading::{ReadFault, Reading};
use crate::config::Config;
use crate::decode::Reason;
use crate::diagnostics::Diagnostics;
use crate::object::Method;
use crate::record::{
    AnalysisRecord, Context, Counters, FaultRecord, InputRecord, Kind, RecordingRecord, SCHEMA_VERSION,
};
use crate::summary::Summary;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// The result of an analysis besides its records.
#[derive(Debug)]
#[non_exhaustive]
pub struct Totals {
    /// What was chosen.
    pub config: Config,
    /// Digest of the packets: 16 hexadecimal digits.
    pub capture_id: String,
    /// Digest of capture, method, parameters and schema: 16 hexadecimal digits.
    pub analysis_id: String,
    /// Packets and bytes.
    pub counters: Counters,
    /// The files in the order of reading.
    pub inputs: Vec<InputRecord>,
    /// False when streams were evicted, so that results depend on the limit.
    pub exact: bool,
    /// Objects emitted.
    pub objects: u64,
    /// Streams emitted.
    pub streams: u64,
    /// Bins emitted.
    pub bins: u64,
    /// Packet records emitted.
    pub packets: u64,
    /// First packet's time and the greatest.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Streams by how their client was found.
    pub client_sources: BTreeMap<&'static str, u64>,
    /// Directions with payload on which every rule of the method ran.
    pub directions_with_records: u64,
    /// TCP directions with payload whose record headers were not readable.
    pub directions_without_records: u64,
    /// Streams evicted by `max_flows`.
    pub evicted_streams: u64,
    /// Streams that took the 5-tuple of an earlier one.
    pub reused_tuples: u64,
    /// Whether `counters.directed_streams` is exact.
    pub directed_streams_exact: bool,
    /// Packets stamped before an earlier packet.
    pub non_monotonic_timestamps: u64,
    /// TCP holes given up.
    pub overflowed_holes: u64,
    /// Packets left out by the protocol filter.
    pub filtered_packets: u64,
    /// What was skipped and what was odd.
    pub diagnostics: Diagnostics,
    /// pcapng blocks without packets, by type.
    pub skipped_blocks: BTreeMap<String, u64>,
    /// How the files fit together.
    pub recording: RecordingRecord,
    /// Objects by server.
    pub summary: Summary,
}

impl Totals {
    /// What the records of this analysis share.
    #[must_use]
    pub fn context(&self, capture_name: &str) -> Context {
        let method = self.config.method.name();
        Context::new(self.capture_id.clone(), capture_name.to_owned(), self.analysis_id.clone(), method)
    }

    /// Whether any file could not be read to its end.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.inputs.iter().any(|input| input.fault.is_some())
    }

    /// The manifest of an analysis whose records of these kinds are kept. What the shell knows of the reading stands above
    /// what the core saw of it.
    #[must_use]
    pub fn manifest(&self, tool: &str, capture_name: &str, reading: &Reading, kinds: &[Kind]) -> AnalysisRecord {
        let mut inputs = self.inputs.clone();
        for ReadFault { input, offset, reason } in reading.manifest_faults() {
            if let Some(input) = inputs.get_mut(input) {
                input.fault = Some(FaultRecord { offset, reason });
            }
        }
        let mut records = BTreeMap::new();
        for kind in kinds {
            let count = match kind {
                Kind::Objects => self.objects,
                Kind::Streams => self.streams,
                Kind::Bins => self.bins,
                Kind::Packets => self.packets,
            };
            records.insert(kind.as_str().to_owned(), count);
        }
        let skips = self.diagnostics.skips();
        let is_unmatched = |reason: &str| reason == Reason::LaterFragment.as_str();
        AnalysisRecord {
            schema: SCHEMA_VERSION,
            tool: tool.to_owned(),
            analysis_id: self.analysis_id.clone(),
            capture_id: self.capture_id.clone(),
            capture_name: capture_name.to_owned(),
            status: reading.outcome(self.counters.frames).as_str().to_owned(),
            exact: self.exact,
            start: self.span.map(|(start, _)| start.to_string()),
            end: self.span.map(|(_, end)| end.to_string()),
            method: self.config.method.name().to_owned(),
            methods_by_direction: self.methods_by_direction(),
            options: self.config.describe().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            inputs,
            counters: self.counters,
            records,
            client_sources: self
                .client_sources
                .iter()
                .map(|(source, streams)| ((*source).to_owned(), *streams))
                .collect(),
            evicted_streams: self.evicted_streams,
            reused_tuples: self.reused_tuples,
            directed_streams_exact: self.directed_streams_exact,
            non_monotonic_timestamps: self.non_monotonic_timestamps,
            overflowed_holes: self.overflowed_holes,
            unmatched_fragments: skips.iter().filter(|skip| is_unmatched(&skip.reason)).map(|skip| skip.packets).sum(),
            filtered_packets: self.filtered_packets,
            oddities: self.diagnostics.oddities(),
            skips,
            skipped_blocks: self.skipped_blocks.clone(),
            recording: self.recording.clone(),
        }
    }

    /// How many directions with payload ran which method.
    #[must_use]
    pub fn methods_by_direction(&self) -> BTreeMap<String, u64> {
        let fallback =
            if self.config.method == Method::Exchange { Method::ExchangeHeaders } else { self.config.method };
        let mut methods = BTreeMap::new();
        for (method, directions) in
            [(self.config.method, self.directions_with_records), (fallback, self.directions_without_records)]
        {
            *methods.entry(method.name().to_owned()).or_default() += directions;
        }
        methods.retain(|_, directions| *directions > 0);
        methods
    }
}
