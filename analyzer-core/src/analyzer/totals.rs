//! What is known when the whole recording was read.

use super::digest::{analysis_id, text_id};
use super::parts::{Before, Continuation};
use super::reading::{Outcome, Reading};
use crate::config::Config;
use crate::decode::Reason;
use crate::diagnostics::{Diagnostics, count_up};
use crate::name::text::host_name;
use crate::name::{NameSource, NameTable};
use crate::object::Method;
use crate::record::{
    AnalysisRecord, Context, Counters, InputRecord, Kind, Pseudonyms, RecordingRecord, SCHEMA_VERSION,
};
use crate::summary::Summary;
use crate::time::Timestamp;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// The result of an analysis besides its records.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Totals {
    /// What was chosen.
    pub config: Config,
    /// Which key made pseudonyms of all addresses; `None` when they are the real ones.
    pub pseudonyms: Option<String>,
    /// Names of servers.
    pub names: Arc<NameTable>,
    /// Digest of the packets: 16 hexadecimal digits.
    pub capture_id: String,
    /// Digest of capture, method, parameters and schema: 16 hexadecimal digits.
    pub analysis_id: String,
    /// Packets and bytes.
    pub counters: Counters,
    /// The files in the order of reading.
    pub inputs: Vec<InputRecord>,
    /// Which part of a recording it is that is read in parts; all else here is of the recording so far.
    pub continuation: Option<Continuation>,
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
    pub client_sources: BTreeMap<String, u64>,
    /// Streams by where their server's name comes from.
    pub name_sources: BTreeMap<String, u64>,
    /// Digest of the names that were looked up; `None` when none were.
    pub reverse_dns: Option<String>,
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
            .with_names(self.names.clone())
    }

    /// The same analysis with pseudonyms in place of real addresses, in networks of clients and in the summary. It is
    /// another analysis, with an id of its own, so that its records never mix with those of this one: they are to be
    /// pseudonymised with the same key, and encoded with the [`context`](Self::context) of the result.
    ///
    /// Remarks: the capture's id and name and the names of the files stay as they are.
    #[must_use]
    pub fn pseudonymised(&self, pseudonyms: &Pseudonyms) -> Self {
        let mut totals = self.clone();
        totals.pseudonyms = Some(pseudonyms.key_id().to_owned());
        for network in &mut totals.config.clients {
            *network = network.pseudonymised(pseudonyms);
        }
        totals.names = Arc::new(self.names.pseudonymised(pseudonyms));
        totals.summary = self.summary.pseudonymised(pseudonyms);
        totals.analysis_id = analysis_id(&totals.capture_id, &totals.options());
        totals
    }

    /// The same analysis with names for servers that have none otherwise, as others told them by address. Since they
    /// may tell something else tomorrow, it is another analysis, whose id depends on what they told.
    #[must_use]
    pub fn with_reverse_names(mut self, found: &BTreeMap<IpAddr, String>) -> Self {
        let names = Arc::make_mut(&mut self.names);
        let mut told = String::new();
        let (reverse, none) = (NameSource::ReverseDns.as_str(), NameSource::None.as_str());
        for (ip, streams) in self.summary.nameless() {
            let Some(name) = found.get(&ip).and_then(|name| host_name(name.as_bytes())) else { continue };
            told.push_str(&format!("{ip} {name}\n"));
            names.insert_reverse(ip, &name);
            count_up(&mut self.name_sources, reverse, streams);
            if let Some(nameless) = self.name_sources.get_mut(none) {
                *nameless = nameless.saturating_sub(streams);
            }
        }
        self.name_sources.retain(|_, streams| *streams > 0);
        self.reverse_dns = Some(text_id(&told));
        self.analysis_id = analysis_id(&self.capture_id, &self.options());
        self
    }

    /// Every option that can change the records, as text.
    fn options(&self) -> Vec<(&'static str, String)> {
        let mut options = self.config.describe();
        options.extend(self.reverse_dns.iter().map(|digest| ("reverse-dns", digest.clone())));
        options.extend(self.pseudonyms.iter().map(|key_id| ("pseudonyms", key_id.clone())));
        options
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
        let before = self.before();
        let (earlier, now) = inputs.split_at_mut(before.inputs.min(self.inputs.len()));
        reading.mark(now);
        let was_whole = earlier.iter().all(|input| input.fault.is_none());
        let status = match reading.outcome(self.part_frames()) {
            // What an earlier part could not read is not in this one's results either.
            Outcome::Complete if !was_whole => Outcome::Partial,
            outcome => outcome,
        };
        let mut records = BTreeMap::new();
        for kind in kinds {
            records.insert(kind.as_str().to_owned(), self.emitted(*kind) - before.emitted(*kind));
        }
        let mut options = BTreeMap::new();
        for (name, value) in self.options() {
            options.insert(name.to_owned(), value);
        }
        let skips = self.diagnostics.skips();
        let is_unmatched = |reason: &str| reason == Reason::LaterFragment.as_str();
        AnalysisRecord {
            schema: SCHEMA_VERSION,
            tool: tool.to_owned(),
            analysis_id: self.analysis_id.clone(),
            capture_id: self.capture_id.clone(),
            capture_name: capture_name.to_owned(),
            status: status.as_str().to_owned(),
            exact: self.exact,
            start: self.span.map(|(start, _)| start.to_string()),
            end: self.span.map(|(_, end)| end.to_string()),
            method: self.config.method.name().to_owned(),
            methods_by_direction: self.methods_by_direction(),
            options,
            inputs,
            counters: self.counters,
            records,
            client_sources: self.client_sources.clone(),
            name_sources: self.name_sources.clone(),
            names_left_out: self.names.left_out(),
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
            continuation: self.continuation.map(|continuation| continuation.record(kinds)),
        }
    }

    /// What earlier parts had read and emitted; nothing where the recording was read at once.
    fn before(&self) -> Before {
        self.continuation.map(|continuation| continuation.before).unwrap_or_default()
    }

    /// Packets that were read now: those of the recording without those of earlier parts.
    #[must_use]
    pub fn part_frames(&self) -> u64 {
        self.counters.frames - self.before().frames
    }

    const fn emitted(&self, kind: Kind) -> u64 {
        match kind {
            Kind::Objects => self.objects,
            Kind::Streams => self.streams,
            Kind::Bins => self.bins,
            Kind::Packets => self.packets,
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
            if directions > 0 {
                count_up(&mut methods, method.name(), directions);
            }
        }
        methods
    }
}
