//! Spooled records to NDJSON, a JSON array or CSV: the core encodes, this writes in large blocks.

use crate::spool::{SpoolFile, SpooledRecord};
use analyzer_core::record::Context;
use analyzer_core::sink::text::{TextEncoder, TextFormat};
use std::io::Write;

/// A block is written when it has this size; one write a record would cost more than its encoding.
const BLOCK_BYTES: usize = 256 << 10;

/// Writes all records of a kind as one text; CSV has its header if that is wanted.
pub(super) fn write<R: SpooledRecord>(
    records: &mut SpoolFile<R>,
    context: &Context,
    format: TextFormat,
    header: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let mut encoder = TextEncoder::<R>::new(format);
    let mut block = Vec::with_capacity(BLOCK_BYTES + 4096);
    encoder.begin(header, &mut block);
    records.for_each(|record| {
        encoder.record(record, context, &mut block);
        if block.len() >= BLOCK_BYTES {
            out.write_all(&block)?;
            block.clear();
        }
        Ok(())
    })?;
    encoder.end(&mut block);
    out.write_all(&block)?;
    Ok(out.flush()?)
}
