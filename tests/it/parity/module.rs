//! The page's module, run by Node: `tests/parity/run.mjs`.
//!
//! In: recordings, and a folder for the results of each. Out: those folders; none where nothing could be read. Guaranteed: one
//! Node process for all of them; every way of cutting chunks gave the same.

use super::Recording;
use crate::support::read_capture;
use serde_json::{Value, json};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(super) struct Module {
    /// Of the module and its glue.
    folder: PathBuf,
}

impl Module {
    /// `None`, with a line that says so, when there is none.
    pub(super) fn find() -> Option<Self> {
        let folder = std::env::var_os("SNIFFIT_TEST_WASM").filter(|folder| !folder.is_empty());
        if folder.is_none() {
            eprintln!("skipped: no module of the page (`cargo xtask test` builds one)");
        }
        folder.map(|folder| Self { folder: folder.into() })
    }

    /// Analyses all recordings.
    pub(super) fn analyze<'a>(&self, recordings: impl Iterator<Item = (&'a Recording, PathBuf)>) {
        let plain = tempfile::tempdir().expect("a folder for captures");
        let jobs: Vec<Value> = recordings.map(|(recording, out)| job(recording, &out, plain.path())).collect();
        let mut node = Command::new("node");
        node.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("parity/run.mjs")).env("SNIFFIT_TEST_WASM", &self.folder);
        let mut node = node.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Node starts");
        let mut input = node.stdin.take().expect("its input");
        // It reads all of its input before it says anything.
        input.write_all(Value::from(jobs).to_string().as_bytes()).expect("Node listens");
        drop(input);
        let output = node.wait_with_output().expect("Node ends");
        assert!(output.status.success(), "the module failed; what it said is above");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "chunks make a difference");
    }
}

fn job(recording: &Recording, out: &Path, plain: &Path) -> Value {
    let files: Vec<Value> = recording
        .files
        .iter()
        .map(|file| {
            let name = file.file_name().expect("a file").to_string_lossy();
            json!({ "name": name, "path": readable(file, plain) })
        })
        .collect();
    let options: serde_json::Map<_, _> =
        recording.options.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
    json!({ "files": files, "options": options, "chunkBytes": recording.chunks(), "out": out })
}

/// The module does not decompress zstd, which the page does before it; its unit tests see to that.
fn readable(file: &Path, plain: &Path) -> PathBuf {
    if file.extension().is_none_or(|ending| ending != "zst") {
        return file.to_owned();
    }
    let path = plain.join(file.file_name().expect("a file"));
    fs::write(&path, read_capture(file)).expect("a capture");
    path
}
