//! How the files of a recording fit together, by reading them.
//!
//! In: inputs in their order. Out: overlaps, holes and the longest silence between two files. Guaranteed: only the packets' times are
//! looked at; a file that can't be read to its end counts as far as it can.

use super::entry::Seams;
use crate::input::Input;
use crate::interrupt;
use crate::progress::Progress;
use analyzer_core::capture::CaptureDecoder;
use analyzer_core::time::Timestamp;
use anyhow::bail;

/// A silence between two files of more than a minute is a hole: a recorder that rotates loses milliseconds.
pub(super) const HOLE_NS: u64 = 60_000_000_000;
const CHUNK_BYTES: usize = 1 << 20;

/// Reads all files of a recording.
///
/// # Errors
/// When the user interrupts it.
pub(super) fn seams(inputs: &mut [Input], progress: &Progress) -> anyhow::Result<Seams> {
    let mut seams = Seams::default();
    let mut longest_ns = 0;
    let mut before: Option<Timestamp> = None;
    let mut chunk = vec![0; CHUNK_BYTES];
    for input in inputs {
        let mut span: Option<(Timestamp, Timestamp)> = None;
        read(input, &mut chunk, progress, &mut |time| {
            let (first, last) = span.unwrap_or((time, time));
            span = Some((first, last.max(time)));
        })?;
        let Some((first, last)) = span else { continue };
        if let Some(before) = before {
            let gap_ns = first.nanos_since(before);
            seams.overlaps += u64::from(first < before);
            seams.holes += u64::from(gap_ns > HOLE_NS);
            longest_ns = longest_ns.max(gap_ns);
        }
        before = Some(before.map_or(last, |before| before.max(last)));
    }
    seams.longest_gap_s = longest_ns as f64 / 1e9;
    Ok(seams)
}

fn read(
    input: &mut Input,
    chunk: &mut [u8],
    progress: &Progress,
    each: &mut impl FnMut(Timestamp),
) -> anyhow::Result<()> {
    let Ok(mut reader) = input.open() else { return Ok(()) };
    let mut decoder = CaptureDecoder::new();
    let mut shown = 0;
    loop {
        let (bytes, error) = reader.fill(chunk);
        let mut packets = 0;
        let pushed = decoder.push(&chunk[..bytes], |packet| {
            packets += 1;
            each(packet.timestamp);
        });
        progress.advance(reader.raw_bytes() - shown, packets);
        shown = reader.raw_bytes();
        if interrupt::requested() {
            bail!("interrupted: there is no plan");
        }
        if pushed.is_err() || error.is_some() || bytes < chunk.len() {
            return Ok(());
        }
    }
}
