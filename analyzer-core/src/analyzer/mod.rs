//! The whole: bytes of capture files in, records out.
//!
//! In: the files of one recording, one after the other, in chunks of any size. Out: records pushed to a [`Sink`] as soon
//! as they are final, and [`Totals`] at the end. Guaranteed: the same packets give the same records in the same order
//! and the same identities, however they were cut into files and chunks.

mod digest;
mod engine;
mod parts;
mod reading;
mod totals;

pub(crate) use digest::text_id;
pub use parts::Continuation;
pub use reading::{Outcome, ReadFault, Reading};
pub use totals::Totals;

use crate::capture::{CaptureDecoder, Fault};
use crate::config::{Config, ConfigError};
use crate::diagnostics::count_up;
use crate::name::NameTable;
use crate::object::{CutPolicy, MeanGaps, Method};
use crate::record::{FaultRecord, InputRecord};
use crate::sink::{NullSink, Sink};
use crate::time::Timestamp;
use engine::Engine;
use parts::Parts;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One analysis of one recording.
///
/// Call [`begin_input`](Self::begin_input), [`push`](Self::push) and [`end_input`](Self::end_input) for each file in the
/// order of their first packets, then [`finish`](Self::finish).
#[derive(Debug)]
pub struct Analyzer {
    engine: Engine,
    /// The file being read.
    input: Option<OpenInput>,
    files: Files,
    /// Of a recording that is read in parts.
    parts: Option<Parts>,
}

/// What is known of the files so far.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Files {
    inputs: Vec<InputRecord>,
    skipped_blocks: BTreeMap<String, u64>,
}

#[derive(Debug)]
struct OpenInput {
    name: String,
    bytes: u64,
    fault: Option<Fault>,
    decoder: CaptureDecoder,
}

impl Analyzer {
    /// An analysis by any method but `mean-gap`, which needs [`Analyzer::with_mean_gaps`].
    ///
    /// # Errors
    /// When the configuration can't work.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let policy = one_pass(config.method).ok_or(ConfigError::MeanGapsMissing)?;
        Self::with_policy(config, policy)
    }

    /// The second pass of `mean-gap`.
    ///
    /// # Errors
    /// When the configuration can't work.
    pub fn with_mean_gaps(config: Config, mean_gaps: MeanGaps) -> Result<Self, ConfigError> {
        Self::with_policy(config, CutPolicy::MeanGap(mean_gaps))
    }

    fn with_policy(config: Config, policy: CutPolicy) -> Result<Self, ConfigError> {
        config.validate()?;
        let engine = Engine::new(config, policy);
        Ok(Self { engine, input: None, files: Files::default(), parts: None })
    }

    /// Begins the next file of the recording. A file that is still open is taken to be at its end.
    pub fn begin_input(&mut self, name: &str) {
        let decoder = CaptureDecoder::new();
        self.close_input();
        self.input = Some(OpenInput { name: name.to_owned(), bytes: 0, fault: None, decoder });
        self.engine.begin_input();
    }

    /// Takes the next bytes of the file, decompressed.
    ///
    /// # Errors
    /// Once, when the file can't be read on: packets before the fault were delivered, the rest of the file is ignored.
    pub fn push(&mut self, chunk: &[u8], sink: &mut impl Sink) -> Result<(), Fault> {
        let Self { engine, input: Some(input), .. } = self else { return Ok(()) };
        if input.fault.is_some() {
            return Ok(());
        }
        input.bytes += chunk.len() as u64;
        input.decoder.push(chunk, |packet| engine.take(&packet, sink)).inspect_err(|fault| {
            // What of the chunk lies behind depends on how long it is.
            input.bytes = fault.offset;
            input.fault = Some(fault.clone());
        })
    }

    /// Names of servers so far; numbers once given stay.
    #[must_use]
    pub const fn names(&self) -> &NameTable {
        self.engine.names()
    }

    /// The file ends here.
    ///
    /// # Errors
    /// When it ends inside a record, or is empty.
    pub fn end_input(&mut self) -> Result<(), Fault> {
        self.close_input().map_or(Ok(()), Err)
    }

    /// Closes the open file; the fault of its end, if there was none before.
    fn close_input(&mut self) -> Option<Fault> {
        let mut input = self.input.take()?;
        let mut fault_at_end = None;
        if input.fault.is_none() {
            fault_at_end = input.decoder.finish().err();
            input.fault.clone_from(&fault_at_end);
        }
        if let Some(counts) = input.decoder.pcapng_counts() {
            let unlisted = ("other".to_owned(), counts.skipped_blocks_of_unlisted_types);
            let listed = counts.skipped_blocks.iter().map(|(block, count)| (format!("{block:#010x}"), *count));
            for (block, count) in listed.chain([unlisted]).filter(|(_, count)| *count > 0) {
                count_up(&mut self.files.skipped_blocks, &block, count);
            }
        }
        let span = self.engine.end_input();
        if let Some(parts) = &mut self.parts {
            let file = parts::ReadFile { name: &input.name, start: span.times.map(|(first, _)| first) };
            parts.close(&file, self.engine.take_digest(), &self.files.inputs);
        }
        self.files.inputs.push(InputRecord {
            name: input.name,
            bytes: input.bytes,
            frames: span.frames,
            start: span.times.map(|(first, _)| first.to_string()),
            end: span.times.map(|(_, last)| last.to_string()),
            fault: input.fault.map(|fault| FaultRecord { offset: fault.offset, reason: fault.kind.to_string() }),
        });
        fault_at_end
    }

    /// Packets so far.
    #[must_use]
    pub const fn frames(&self) -> u64 {
        self.engine.frames()
    }

    /// Packets of this part of the recording; all where it is read at once.
    #[must_use]
    pub const fn part_frames(&self) -> u64 {
        match &self.parts {
            Some(parts) => self.frames() - parts.frames_before(),
            None => self.frames(),
        }
    }

    /// Time of the recording's first packet.
    #[must_use]
    pub const fn start(&self) -> Option<Timestamp> {
        self.engine.start()
    }

    /// Ends the recording: every open stream is emitted.
    pub fn finish(mut self, sink: &mut impl Sink) -> Totals {
        self.close_input();
        self.engine.finish(sink, self.files, self.parts)
    }
}

/// How a method that reads a recording once cuts; none for `mean-gap`.
fn one_pass(method: Method) -> Option<CutPolicy> {
    Some(match method {
        Method::Exchange => CutPolicy::Exchange { reads_records: true },
        Method::ExchangeHeaders => CutPolicy::Exchange { reads_records: false },
        Method::Fixed(gap) => CutPolicy::Fixed { gap_ns: u64::try_from(gap.as_nanos()).unwrap_or(u64::MAX) },
        Method::Rtt { per_mille } => CutPolicy::Rtt { per_mille },
        Method::MeanGap => return None,
    })
}

/// The first pass of `mean-gap`: measures the mean gap of every stream and direction.
///
/// The sink's type matters only for the size of a program: it holds the walk over packets once for each type of sink.
#[derive(Debug)]
pub struct GapMeter<S = NullSink> {
    analyzer: Analyzer,
    sink: S,
}

impl GapMeter {
    /// A first pass; every option but the method must be that of the second pass.
    ///
    /// # Errors
    /// When the configuration can't work.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        Self::with_sink(config, NullSink)
    }
}

impl<S: Sink> GapMeter<S> {
    /// The same, beside a sink for what a first pass emits, which nobody should need.
    ///
    /// # Errors
    /// As [`new`](GapMeter::new).
    pub fn with_sink(config: Config, sink: S) -> Result<Self, ConfigError> {
        let analyzer = Analyzer::with_policy(Config { packets: false, ..config }, CutPolicy::MeasureGaps)?;
        Ok(Self { analyzer, sink })
    }

    /// See [`Analyzer::begin_input`].
    pub fn begin_input(&mut self, name: &str) {
        self.analyzer.begin_input(name);
    }

    /// See [`Analyzer::push`].
    ///
    /// # Errors
    /// As there.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), Fault> {
        self.analyzer.push(chunk, &mut self.sink)
    }

    /// See [`Analyzer::end_input`].
    ///
    /// # Errors
    /// As there.
    pub fn end_input(&mut self) -> Result<(), Fault> {
        self.analyzer.end_input()
    }

    /// Packets so far.
    #[must_use]
    pub const fn frames(&self) -> u64 {
        self.analyzer.frames()
    }

    /// The measured gaps.
    #[must_use]
    pub fn finish(mut self) -> MeanGaps {
        MeanGaps { by_stream: self.analyzer.engine.into_mean_gaps(&mut self.sink) }
    }
}

#[cfg(test)]
mod tests;
