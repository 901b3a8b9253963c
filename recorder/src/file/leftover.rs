//! What a recorder left that was killed while it compressed.
//!
//! In: the folder. Out: for each recording one file. Guaranteed: nothing is removed whose content is not in another file, nor
//! anything that another recorder works on.

use super::lock::{self, Locked};
use super::name::{Completed, Place};
use crate::notice::notice;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Removes halves and doubles; what can't be tidied is told.
pub(crate) fn tidy(place: &Place) -> io::Result<()> {
    for file in place.completed()?.iter().filter(|file| file.is_double()) {
        if let Err(error) = tidy_one(file) {
            notice!("warning: what is left of the compression of {} stays: {error}", file.path.display());
        }
    }
    Ok(())
}

fn tidy_one(file: &Completed) -> io::Result<()> {
    let Locked::Ours(plain) = lock::of(&file.path)? else { return Ok(()) };
    if let Some(part) = &file.packing {
        fs::remove_file(part)?;
    }
    if let Some(packed) = &file.packed {
        if is_named(&file.sidecar, packed) {
            // All but the last step was done.
            return fs::remove_file(&file.path);
        }
        if !is_same(plain, packed)? {
            let (path, packed) = (file.path.display(), packed.display());
            return Err(io::Error::other(format!("{path} and {packed} are not the same")));
        }
        fs::remove_file(packed)?;
    }
    let begun = file.sidecar.with_extension("json.part");
    if file.sidecar.exists() && begun.exists() {
        fs::remove_file(begun)?;
    }
    Ok(())
}

/// Whether the sidecar is that of the compressed file.
fn is_named(sidecar: &Path, packed: &Path) -> bool {
    let name = packed.file_name().and_then(|name| name.to_str());
    let found = fs::read(sidecar).ok().and_then(|text| serde_json::from_slice::<serde_json::Value>(&text).ok());
    found.is_some_and(|found| name.is_some() && found["file"].as_str() == name)
}

fn is_same(plain: File, packed: &Path) -> io::Result<bool> {
    let (mut one, mut other) = (BufReader::new(plain), zstd::Decoder::new(File::open(packed)?)?);
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    loop {
        expected.clear();
        found.clear();
        (&mut one).take(COMPARED_BYTES).read_to_end(&mut expected)?;
        (&mut other).take(COMPARED_BYTES).read_to_end(&mut found)?;
        if expected != found || expected.is_empty() {
            return Ok(expected == found);
        }
    }
}

/// At once.
const COMPARED_BYTES: u64 = 256 << 10;
