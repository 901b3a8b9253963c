//! The captures of our own making in `tests/captures/conventions`.
//!
//! In: nothing but this code. Out: one small file for each convention of counting and each rule of reading, with
//! `expected.csv` (what reading it must give), `times.csv` (exact packet times where they matter) and `README.md`.
//! Guaranteed: the same bytes on every run and machine, and no number in `expected.csv` that was obtained by running
//! the analyzer: the author of a case says what each packet is, next to the bytes of that packet.

mod case;
mod cases;
mod container;
mod crc32;
pub(crate) mod packet;
mod tables;

#[cfg(test)]
mod tests;

use anyhow::{Context, Result, bail};
use case::Case;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes the captures and their tables; with `check`, compares them with what is there instead.
///
/// # Errors
/// When a file can't be read or written, when `check` finds any byte that differs, and when the folder holds a file
/// that no case makes.
#[allow(clippy::disallowed_methods, reason = "this writes the test data that the core's own tests read")]
pub(crate) fn run(check: bool) -> Result<()> {
    let folder = folder();
    let files = files()?;
    if !check {
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        for (name, bytes) in &files {
            let path = folder.join(name);
            fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
        }
    }
    let mut faults = Vec::new();
    for (name, bytes) in &files {
        match fs::read(folder.join(name)) {
            Ok(found) if found == *bytes => {}
            Ok(_) => faults.push(format!("{name} differs from what its case makes")),
            Err(error) => faults.push(format!("{name}: {error}")),
        }
    }
    for name in names_in(&folder)? {
        if !files.contains_key(&name) {
            faults.push(format!("{name} is made by no case: remove it"));
        }
    }
    if !faults.is_empty() {
        bail!("{} is not what `cargo xtask gen-captures` writes:\n{}", folder.display(), faults.join("\n"));
    }
    Ok(())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/captures/conventions")
}

fn names_in(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

/// Everything that the folder holds, by file name.
fn files() -> Result<BTreeMap<String, Vec<u8>>> {
    let cases = cases::all()?;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (name, text) in [
        ("expected.csv", tables::expected_csv(&cases)),
        ("times.csv", tables::times_csv(&cases)),
        ("README.md", tables::readme(&cases)),
    ] {
        files.insert(name.to_owned(), text.into_bytes());
    }
    for Case { file, bytes, .. } in cases {
        if files.insert(file.to_owned(), bytes).is_some() {
            bail!("two cases are called {file}");
        }
    }
    Ok(files)
}
