//! The page's module gives the bytes that the program gives: every file of results of every capture, in any chunks, by
//! every method, with options, for several files, and for files that are damaged or compressed.
//!
//! The module runs in Node, by the same classes that the page's worker calls; `tests/e2e` runs it in a browser.

mod captures;
mod module;

use crate::support::{Run, sniffit};
use captures::{big, everywhere, gzip_files, rotated, small, some};
use module::Module;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const KINDS: [&str; 3] = ["objects", "streams", "bins"];
const FORMATS: [&str; 3] = ["ndjson", "csv", "json"];

/// A TCP payload, two usual reads, and the whole file.
const CHUNKS: [Option<usize>; 4] = [None, Some(1460), Some(65_536), Some(1 << 20)];
/// Also cuts inside every field, for files that are short enough.
const FINE_CHUNKS: [Option<usize>; 6] = [None, Some(1), Some(7), Some(1460), Some(65_536), Some(1 << 20)];
const FINE_UP_TO_BYTES: u64 = 20_000;

/// Options by their names, without dashes; several values are separated by commas.
type Options = &'static [(&'static str, &'static str)];

/// What is analysed by both.
struct Recording {
    files: Vec<PathBuf>,
    options: Options,
}

impl Recording {
    fn of(file: PathBuf, options: Options) -> Self {
        Self { files: vec![file], options }
    }

    fn chunks(&self) -> &'static [Option<usize>] {
        let bytes: u64 = self.files.iter().map(|file| fs::metadata(file).expect("a capture").len()).sum();
        if bytes <= FINE_UP_TO_BYTES { &FINE_CHUNKS } else { &CHUNKS }
    }
}

impl std::fmt::Display for Recording {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:?} with {:?}", self.files, self.options)
    }
}

#[test]
fn every_capture_in_any_chunks() {
    check(everywhere().into_iter().map(|file| Recording::of(file, &[])).collect());
}

#[test]
fn every_method_and_option() {
    const WAYS: [Options; 9] = [
        &[("method", "exchange-headers")],
        &[("method", "mean-gap")],
        &[("method", "fixed:500ms")],
        &[("method", "rtt:1.5")],
        &[("idle", "200ms"), ("idle-rtts", "2"), ("push-gap", "10ms"), ("udp-idle", "300ms")],
        &[("client", "10.0.0.0/8,192.168.0.0/16,fd00::/8")],
        &[("protocol", "tcp")],
        &[("protocol", "udp"), ("small", "10"), ("quic-small", "20")],
        &[("max-flows", "2"), ("tcp-expiry", "1s"), ("udp-expiry", "1s")],
    ];
    let with_all = |file: PathBuf| WAYS.map(|options| Recording::of(file.clone(), options));
    check(some().into_iter().flat_map(with_all).collect());
}

#[test]
fn files_of_one_recording_in_the_order_of_their_packets() {
    let folder = tempfile::tempdir().expect("a folder for captures");
    let mut recordings = Vec::new();
    for (at, capture) in some().iter().enumerate() {
        let folder = folder.path().join(at.to_string());
        let mut files = rotated(&folder, capture);
        for options in [&[][..], &[("method", "mean-gap")]] {
            recordings.push(Recording { files: files.clone(), options });
            files.rotate_left(2);
            files.swap(0, 1);
        }
    }
    check(recordings);
}

/// What comes before a fault is there, and the fault is told in the same words at the same byte.
#[test]
fn gzip_whole_cut_and_damaged() {
    let folder = tempfile::tempdir().expect("a folder for captures");
    let of = |capture: PathBuf| gzip_files(folder.path(), &capture);
    let files = [small(), big()].into_iter().flat_map(of);
    check(files.map(|file| Recording::of(file, &[])).collect());
}

/// Analyses recordings by both, and compares all that comes out.
fn check(recordings: Vec<Recording>) {
    let Some(module) = Module::find() else { return };
    assert!(!recordings.is_empty(), "there is something to compare");
    let folder = tempfile::tempdir().expect("a folder for results");
    let out = |at: usize| folder.path().join(at.to_string());
    module.analyze(recordings.iter().enumerate().map(|(at, recording)| (recording, out(at))));
    for (at, recording) in recordings.iter().enumerate() {
        compare(recording, &out(at));
    }
}

/// The program's results against those of the module, which are in `out` when there are any.
fn compare(recording: &Recording, out: &Path) {
    for format in FORMATS {
        let (run, results) = program(recording, format);
        let status = match run.code {
            Some(1) => None,
            Some(0) => Some("complete"),
            Some(3) => Some("partial"),
            other => panic!("{recording}: exit code {other:?}: {}", run.stderr),
        };
        assert_eq!(status.is_some(), out.is_dir(), "{recording}: whether there are results; {}", run.stderr);
        let Some(status) = status else { continue };
        let manifest = read(&results.path().join("analysis.json"));
        assert_eq!(text(&read(&out.join("analysis.json"))), text(&manifest), "{recording}");
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("a manifest is JSON");
        assert_eq!(manifest["status"], status, "{recording}");
        for kind in KINDS {
            let name = format!("{kind}.{format}");
            assert!(read(&results.path().join(&name)) == read(&out.join(&name)), "{recording}: {name} differs");
        }
        if format == "ndjson" && manifest["records"]["objects"] != 0 {
            compare_models(recording, results.path(), out);
        }
    }
}

/// Fits are made of logarithms, which may differ in the last digit; what is written of them is rounded.
fn compare_models(recording: &Recording, results: &Path, out: &Path) {
    let model = results.join("model.json");
    let words: [&std::ffi::OsStr; 6] =
        ["model".as_ref(), results.as_ref(), "--by".as_ref(), "server".as_ref(), "-o".as_ref(), model.as_ref()];
    sniffit(words).expect(0);
    assert_eq!(text(&read(&out.join("model.json"))), text(&read(&model)), "{recording}");
}

fn program(recording: &Recording, format: &str) -> (Run, TempDir) {
    let results = tempfile::tempdir().expect("a folder for results");
    let mut words: Vec<OsString> = ["analyze", "--quiet", "--format", format, "-o"].map(OsString::from).into();
    words.push(results.path().into());
    for (name, values) in recording.options {
        words.extend(values.split(',').flat_map(|value| [format!("--{name}").into(), value.into()]));
    }
    words.extend(recording.files.iter().map(OsString::from));
    (sniffit(&words), results)
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("a manifest is UTF-8")
}
