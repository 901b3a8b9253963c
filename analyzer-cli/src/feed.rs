//! Inputs to the analysis: opens one after the other and pushes its bytes.
//!
//! In: a recording's inputs, in order. Out: a [`ReadFault`](analyzer_core::ReadFault) for each that could not be read to its end. Guaranteed: what
//! comes before a fault was pushed; an interruption is noticed between two chunks.

use crate::input::Input;
use crate::interrupt;
use crate::progress::Progress;
use crate::spool::Spool;
use analyzer_core::sink::NullSink;
use analyzer_core::{Analyzer, GapMeter, Reading, capture};

/// How much is read and pushed at once. Smaller chunks cost more calls, larger ones leave the cache.
const CHUNK_BYTES: usize = 1 << 20;
const PAGE_BYTES: usize = 4096;

/// One pass over a capture.
pub(crate) trait Pass {
    fn begin_input(&mut self, name: &str);
    fn push(&mut self, chunk: &[u8]) -> Result<(), capture::Fault>;
    fn end_input(&mut self) -> Result<(), capture::Fault>;
    fn frames(&self) -> u64;
    /// What the pass could not do with what it was given, since the last call.
    fn check(&mut self) -> anyhow::Result<()>;
}

/// The pass that cuts objects and keeps the records.
pub(crate) struct Cutting<'a> {
    pub(crate) analyzer: &'a mut Analyzer,
    pub(crate) spool: &'a mut Spool,
}

impl Pass for Cutting<'_> {
    fn begin_input(&mut self, name: &str) {
        self.analyzer.begin_input(name);
    }
    fn push(&mut self, chunk: &[u8]) -> Result<(), capture::Fault> {
        // A sink that takes nothing lets the compiler leave out the making of records.
        if self.spool.is_empty() {
            return self.analyzer.push(chunk, &mut NullSink);
        }
        self.analyzer.push(chunk, self.spool)
    }
    fn end_input(&mut self) -> Result<(), capture::Fault> {
        self.analyzer.end_input()
    }
    fn frames(&self) -> u64 {
        self.analyzer.frames()
    }
    fn check(&mut self) -> anyhow::Result<()> {
        if let Some(tallying) = &mut self.spool.tallying {
            tallying.settle(self.analyzer.names());
        }
        self.spool.check()
    }
}

/// The first pass of `mean-gap`.
impl Pass for GapMeter {
    fn begin_input(&mut self, name: &str) {
        Self::begin_input(self, name);
    }
    fn push(&mut self, chunk: &[u8]) -> Result<(), capture::Fault> {
        Self::push(self, chunk)
    }
    fn end_input(&mut self) -> Result<(), capture::Fault> {
        Self::end_input(self)
    }
    fn frames(&self) -> u64 {
        0 // The second pass counts them.
    }
    fn check(&mut self) -> anyhow::Result<()> {
        Ok(())
    }
}

/// Pushes all inputs through a pass.
///
/// # Errors
/// When the pass can't go on; a fault of an input is no error.
pub(crate) fn feed(pass: &mut impl Pass, inputs: &mut [Input], progress: &Progress) -> anyhow::Result<Reading> {
    let mut reading = Reading::default();
    // The kernel copies to the beginning of a page several times as fast as to an odd address.
    let mut room = vec![0; CHUNK_BYTES + PAGE_BYTES];
    let begin = room.as_ptr().align_offset(PAGE_BYTES).min(PAGE_BYTES);
    let chunk = &mut room[begin..begin + CHUNK_BYTES];
    for (at, input) in inputs.iter_mut().enumerate() {
        if interrupt::requested() {
            reading.interrupted.get_or_insert((at, 0));
            break;
        }
        pass.begin_input(&input.name);
        let mut offset = 0;
        let mut shown_bytes = 0;
        let mut fault = None;
        match input.open() {
            Err(error) => fault = Some((0, format!("it can't be opened: {error}"))),
            Ok(mut reader) => loop {
                let (bytes, error) = reader.fill(chunk);
                let frames = pass.frames();
                let pushed = pass.push(&chunk[..bytes]);
                progress.advance(reader.raw_bytes() - shown_bytes, pass.frames() - frames);
                (shown_bytes, offset) = (reader.raw_bytes(), offset + bytes as u64);
                pass.check()?;
                if let Err(stop) = pushed {
                    fault = Some((stop.offset, stop.kind.to_string()));
                } else if let Some(error) = error {
                    fault = Some((offset, reader.explain(&error)));
                } else if bytes < chunk.len() && input.is_file() {
                    break;
                } else if interrupt::requested() {
                    reading.interrupted = Some((at, offset));
                } else if bytes == chunk.len() {
                    continue;
                }
                break;
            },
        }
        let ended = pass.end_input();
        pass.check()?;
        reading.end_input(at, fault, ended);
        progress.advance(input.bytes.map_or(0, |bytes| bytes.saturating_sub(shown_bytes)), 0);
    }
    Ok(reading)
}
