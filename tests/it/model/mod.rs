//! `sniffit model`: one model of the same objects, however they are stored and put together; what it exports and refuses; and how
//! far from the truth is what a simulator would be fed.

mod command;
mod exports;
mod refusals;
mod simulator;

use crate::support::{captures, sniffit};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A web browser, a chat and a player of videos.
const CAPTURES: [&str; 3] = ["chat", "web-h1", "dash-near"];

/// A folder that goes with the test.
fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder for results")
}

/// Analyses a capture of the lab to a folder.
#[track_caller]
fn analyze(capture: &str, options: &[&str], out: &Path) {
    let path = captures("truth/lab").join(format!("{capture}.pcap.gz"));
    let fixed = ["analyze", "--quiet", "-o"].map(OsString::from).into_iter().chain([out.into()]);
    sniffit(fixed.chain(options.iter().map(OsString::from)).chain([path.into()])).expect(0);
}

/// Results of a capture in their usual form.
#[track_caller]
fn results(capture: &str, parent: &Path) -> PathBuf {
    let out = parent.join(capture);
    analyze(capture, &["--kinds", "objects"], &out);
    out
}

/// What is told on the command line: options first, then paths.
fn arguments(options: &[&str], paths: &[&Path]) -> Vec<OsString> {
    let options = ["model"].iter().chain(options).map(OsString::from);
    options.chain(paths.iter().map(OsString::from)).collect()
}

/// Makes a model.
#[track_caller]
fn model(options: &[&str], paths: &[&Path]) -> Vec<u8> {
    let out = folder();
    let file = out.path().join("model.json");
    let mut arguments = arguments(options, paths);
    arguments.extend(["-o".into(), file.clone().into()]);
    let run = sniffit(arguments).expect(0);
    assert!(run.stdout.is_empty() && run.stderr.is_empty(), "{}{}", run.text(), run.stderr);
    std::fs::read(file).expect("a model")
}
