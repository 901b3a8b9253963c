//! Spooled records to NDJSON, a JSON array or CSV: the core encodes, this writes in large blocks.

use crate::spool::{SpoolFile, SpooledRecord};
use analyzer_core::record::Context;
use analyzer_core::sink::csv;
use analyzer_core::sink::ndjson::NdjsonEncoder;
use std::io::Write;

/// A block is written when it has this size; one write a record would cost more than its encoding.
const BLOCK_BYTES: usize = 256 << 10;

/// One JSON object a line.
pub(super) fn write_ndjson<R: SpooledRecord>(
    records: &mut SpoolFile<R>,
    context: &Context,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let encoder = NdjsonEncoder::<R>::new();
    write(records, Vec::new(), |record, block| encoder.encode(record, context, block), b"", out)
}

/// One JSON array, an element a line.
pub(super) fn write_json_array<R: SpooledRecord>(
    records: &mut SpoolFile<R>,
    context: &Context,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let encoder = NdjsonEncoder::<R>::new();
    let mut separator: &[u8] = b"\n";
    let encode = |record: &R, block: &mut Vec<u8>| {
        block.extend_from_slice(separator);
        separator = b",\n";
        encoder.encode(record, context, block);
        // The line feed that ends every line of NDJSON.
        block.pop();
    };
    write(records, b"[".to_vec(), encode, b"\n]\n", out)
}

/// Comma-separated values, with a header if wanted.
pub(super) fn write_csv<R: SpooledRecord>(
    records: &mut SpoolFile<R>,
    context: &Context,
    header: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let mut first = Vec::new();
    if header {
        csv::encode_header::<R>(&mut first);
    }
    write(records, first, |record, block| csv::encode(record, context, block), b"", out)
}

fn write<R: SpooledRecord>(
    records: &mut SpoolFile<R>,
    before: Vec<u8>,
    mut encode: impl FnMut(&R, &mut Vec<u8>),
    after: &[u8],
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let mut block = before;
    block.reserve(BLOCK_BYTES + 4096);
    records.for_each(|record| {
        encode(record, &mut block);
        if block.len() >= BLOCK_BYTES {
            out.write_all(&block)?;
            block.clear();
        }
        Ok(())
    })?;
    block.extend_from_slice(after);
    out.write_all(&block)?;
    Ok(out.flush()?)
}
