//! What became of a task, for the engine that ran it.

use super::entry::Entry;
use super::manifest::day_of;
use super::process;
use crate::error::Exit;
use analyzer_core::record::AnalysisRecord;
use serde::Serialize;
use std::io::Write as _;
use std::time::Instant;

/// The line that a task prints.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) index: usize,
    pub(super) recording: String,
    pub(super) day: Option<String>,
    pub(super) state: State,
    /// `complete` or `partial`; none where nothing was done.
    pub(super) status: Option<String>,
    pub(super) files: usize,
    /// On disk.
    pub(super) bytes: u64,
    /// Decompressed, as far as they were read.
    pub(super) capture_bytes: u64,
    pub(super) frames: u64,
    pub(super) objects: u64,
    pub(super) streams: u64,
    pub(super) payload_bytes: u64,
    /// What this task took; less where it was done before.
    pub(super) seconds: f64,
    pub(super) cpu_seconds: Option<f64>,
    pub(super) peak_rss_bytes: Option<u64>,
    pub(super) faults: Vec<Fault>,
    pub(super) posted: Option<Posted>,
    pub(super) error: Option<String>,
    #[serde(skip)]
    begun: Instant,
}

/// Whether the recording is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// By this task.
    Done,
    /// By one before.
    Present,
    /// It is not.
    Failed,
}

/// What of a file could not be read.
#[derive(Debug, Serialize)]
pub(super) struct Fault {
    file: String,
    byte: u64,
    reason: String,
}

/// Documents that were sent to Elasticsearch.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Posted {
    pub(super) created: u64,
    /// They were there before.
    pub(super) present: u64,
    pub(super) refused: u64,
}

impl Outcome {
    /// Nothing was done so far.
    pub(super) fn begin(index: usize, entry: &Entry) -> Self {
        Self {
            index,
            recording: entry.recording.clone(),
            day: None,
            state: State::Failed,
            status: None,
            files: entry.files.len(),
            bytes: entry.bytes,
            capture_bytes: 0,
            frames: 0,
            objects: 0,
            streams: 0,
            payload_bytes: 0,
            seconds: 0.0,
            cpu_seconds: None,
            peak_rss_bytes: None,
            faults: Vec::new(),
            posted: None,
            error: None,
            begun: Instant::now(),
        }
    }

    /// What the manifest of the analysis tells.
    pub(super) fn tell(&mut self, state: State, analysis: &AnalysisRecord) {
        self.state = state;
        self.status = Some(analysis.status.clone());
        self.day = day_of(analysis).map(str::to_owned);
        self.frames = analysis.counters.frames;
        self.capture_bytes = analysis.inputs.iter().map(|input| input.bytes).sum();
        self.payload_bytes = analysis.counters.tcp_payload_bytes + analysis.counters.udp_payload_bytes;
        let records = |kind: &str| analysis.records.get(kind).copied().unwrap_or(0);
        (self.objects, self.streams) = (records("objects"), records("streams"));
        for input in &analysis.inputs {
            self.faults.extend(input.fault.as_ref().map(|fault| Fault {
                file: input.name.clone(),
                byte: fault.offset,
                reason: fault.reason.clone(),
            }));
        }
    }

    /// How a task ends whose recording is done.
    pub(super) fn exit(&self) -> Exit {
        match (self.state, self.status.as_deref()) {
            (State::Failed, _) => Exit::Failed,
            (_, Some("complete")) => Exit::Complete,
            _ => Exit::Partial,
        }
    }

    /// Prints the line. What can't be printed is told by the exit code.
    pub(super) fn print(mut self) {
        self.seconds = (self.begun.elapsed().as_secs_f64() * 1e3).round() / 1e3;
        self.cpu_seconds = process::cpu_seconds();
        self.peak_rss_bytes = process::peak_rss_bytes();
        if let Ok(line) = serde_json::to_string(&self) {
            let _ = writeln!(std::io::stdout(), "{line}");
        }
    }
}
