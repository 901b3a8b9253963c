//! The program, day by day: the same files as from one run, and a state when they are on disk.

use super::{chosen, rotated};
use crate::support::{Packet, Run, captures, command, packets_of, read_capture, read_results, sniffit};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const CAPTURE: &str = "truth/real/chat-nginx.pcap.gz";

/// Rotated files of a recording.
fn days(folder: &Path, packets: &[Packet]) -> Vec<PathBuf> {
    let files = rotated(packets, &chosen(4, packets.len()));
    files
        .iter()
        .map(|file| {
            let path = folder.join(&file.name);
            fs::write(&path, &file.bytes).expect("a capture");
            path
        })
        .collect()
}

fn analyze<'a>(options: &[&str], out: Option<&Path>, rest: impl IntoIterator<Item = &'a Path>) -> Run {
    let mut arguments: Vec<OsString> = ["analyze", "--name", "phone"].map(OsString::from).into();
    arguments.extend(options.iter().map(OsString::from));
    arguments.extend(out.into_iter().flat_map(|out| [OsString::from("-o"), out.into()]));
    arguments.extend(rest.into_iter().map(OsString::from));
    sniffit(arguments)
}

/// The manifest without what a part has of its own.
fn comparable(text: &[u8]) -> Value {
    let mut manifest: Value = serde_json::from_slice(text).expect("a manifest is JSON");
    let fields = manifest.as_object_mut().expect("a manifest is an object");
    for field in ["analysis_id", "capture_id", "records", "continuation"] {
        fields.remove(field);
    }
    manifest
}

/// Lines without the ids of their analysis and capture.
fn lines(text: &[u8], manifest: &[u8]) -> String {
    let manifest: Value = serde_json::from_slice(manifest).expect("a manifest is JSON");
    let mut text = String::from_utf8(text.to_vec()).expect("NDJSON is UTF-8");
    for id in ["analysis_id", "capture_id"] {
        let id = manifest[id].as_str().expect("an id");
        assert_eq!(id.len(), 16);
        text = text.replace(id, "[id]");
    }
    text
}

#[test]
fn day_by_day() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let days = days(folder.path(), &packets_of(&read_capture(&captures(CAPTURE))));
    for options in [&[][..], &["--mode", "packet"]] {
        let whole = analyze(options, Some(&at("whole")), days.iter().map(PathBuf::as_path)).expect(0);
        let expected = read_results(&at("whole"));
        let mut joined: BTreeMap<String, String> = BTreeMap::new();
        let mut last = (Vec::new(), String::new());
        let mut states = Vec::new();
        for (number, day) in days.iter().enumerate() {
            let (state, next) = (at("state"), at("next"));
            let mut arguments: Vec<&Path> = vec![day];
            if number > 0 {
                arguments.extend([Path::new("--state-in"), &state]);
            }
            if number + 1 < days.len() {
                arguments.extend([Path::new("--state-out"), if number == 2 { &next } else { &state }]);
            }
            let run = analyze(options, Some(&at("part")), arguments.iter().copied()).expect(0);
            if number == 2 {
                fs::rename(&next, &state).expect("the next state");
            }
            let part = read_results(&at("part"));
            let manifest = &part["analysis.json"];
            for (name, text) in part.iter().filter(|(name, _)| *name != "analysis.json") {
                joined.entry(name.clone()).or_default().push_str(&lines(text, manifest));
            }
            let told: Value = serde_json::from_slice(manifest).expect("a manifest is JSON");
            assert_eq!(told["continuation"]["part"], number + 1);
            assert_eq!(told["continuation"]["is_last"], number + 1 == days.len());
            last = (manifest.clone(), run.text().to_owned());
            states.push(fs::read(&state).expect("a state"));
            fs::remove_dir_all(at("part")).expect("the part's folder");
        }
        // The last call has no state to write, and left the one before as it was.
        assert_eq!(states[days.len() - 1], states[days.len() - 2]);
        let manifest = &expected["analysis.json"];
        assert_eq!(comparable(&last.0), comparable(manifest), "{options:?}");
        for (name, text) in expected.iter().filter(|(name, _)| *name != "analysis.json") {
            assert!(joined[name] == lines(text, manifest), "{options:?}: {name} differs");
        }
        let summary = |text: &str| text.split("\nWritten to").next().unwrap_or_default().to_owned();
        assert_eq!(summary(&last.1), summary(whole.text()), "{options:?}");
        for name in ["whole", "state"] {
            let path = at(name);
            if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect(name);
        }
    }
}

/// Every process has seeds of its own.
#[test]
fn processes_write_the_same_state() {
    let folder = tempfile::tempdir().expect("a folder");
    let capture = captures("truth/lab/web-h1.pcap.gz");
    let states: Vec<Vec<u8>> = ["a", "b"]
        .map(|name| {
            let path = folder.path().join(name);
            analyze(&["-q"], None, [capture.as_path(), Path::new("--state-out"), &path]).expect(0);
            fs::read(path).expect("a state")
        })
        .into();
    assert!(states[0] == states[1]);
}

#[cfg(unix)]
#[test]
fn a_state_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("state");
    analyze(&["-q"], None, [captures(CAPTURE).as_path(), Path::new("--state-out"), &path]).expect(0);
    let mode = fs::metadata(&path).expect("a state").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(read_results(folder.path()).len(), 1, "nothing is left beside it");
}

/// A damaged file is told, and the recording goes on.
#[test]
fn a_damaged_file_inside_a_part() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let days = days(folder.path(), &packets_of(&read_capture(&captures(CAPTURE))));
    // What is wrong with a compressed file is known outside of the core only.
    let mut whole = GzEncoder::new(Vec::new(), Compression::none());
    whole.write_all(&fs::read(&days[1]).expect("a capture")).expect("memory");
    let whole = whole.finish().expect("memory");
    fs::write(&days[1], &whole[..whole.len() - 5]).expect("a damaged capture");
    analyze(&["-q"], Some(&at("whole")), days.iter().map(PathBuf::as_path)).expect(3);
    let state = at("state");
    let part = [&days[0], &days[1], &days[2], Path::new("--state-out"), &state];
    let run = analyze(&["-q"], Some(&at("first")), part).expect(3);
    assert!(run.stderr.contains("what comes before is in the results"), "{}", run.stderr);
    let part = [&days[3], &days[4], Path::new("--state-in"), &state];
    analyze(&["-q"], Some(&at("second")), part).expect(0);
    let manifest = |name: &str| fs::read(at(name).join("analysis.json")).expect("a manifest");
    let [found, expected] = ["second", "whole"].map(|name| comparable(&manifest(name)));
    assert_eq!(found, expected);
    assert_eq!(found["status"], "partial");
    assert!(found["inputs"][1]["fault"]["reason"].as_str().is_some_and(|reason| reason.contains("gzip")), "{found}");
}

/// What was read until then is in the results, but nothing goes on from there.
#[cfg(unix)]
#[test]
fn ctrl_c_writes_no_state() {
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().expect("a folder");
    let [out, state] = ["out", "state"].map(|name| folder.path().join(name));
    let mut arguments: Vec<OsString> = ["analyze", "-", "-q", "-o"].map(OsString::from).into();
    arguments.extend([out.clone().into(), "--state-out".into(), state.clone().into()]);
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut pipe = child.stdin.take().expect("its standard input");
    pipe.write_all(&read_capture(&captures("truth/lab/phone-mix.pcap.gz"))).expect("the program reads");
    // The pipe stays open: without Ctrl-C the program would wait for more.
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
    assert!(interrupt.success());
    let run = Run::of(child.wait_with_output().expect("the program ends")).expect(130);
    drop(pipe);
    assert!(run.stderr.contains("state is not written: give the same command again"), "{}", run.stderr);
    assert!(out.join("analysis.json").is_file());
    assert!(!state.exists());
}
