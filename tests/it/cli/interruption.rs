//! Ends that come from outside: Ctrl-C, a reader that has enough, a full disk.

use super::convention;
use crate::support::{Run, captures, command, read_capture, read_results};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

/// More than a pipe and the program's own blocks hold, so that the program has read some when all is written.
fn long_capture() -> Vec<u8> {
    read_capture(&captures("truth/lab/phone-mix.pcap.gz"))
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_was_read() {
    let out = tempfile::tempdir().expect("a folder for results");
    let arguments = ["analyze", "-", "-q", "-o"].map(AsRef::as_ref);
    let mut child = command(arguments.into_iter().chain([out.path().as_os_str()]))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut pipe = child.stdin.take().expect("its standard input");
    pipe.write_all(&long_capture()).expect("the program reads");
    // The pipe stays open: without Ctrl-C the program would wait for more.
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
    assert!(interrupt.success());
    let run = Run::of(child.wait_with_output().expect("the program ends")).expect(130);
    drop(pipe);
    assert!(run.stderr.contains("interrupted"), "{}", run.stderr);
    let results = read_results(out.path());
    let names: Vec<&str> = results.keys().map(String::as_str).collect();
    assert_eq!(names, ["analysis.json", "bins.ndjson", "objects.ndjson", "streams.ndjson"]);
    let manifest: Value = serde_json::from_slice(&results["analysis.json"]).expect("a manifest is JSON");
    assert_eq!(manifest["status"], "interrupted");
    assert_eq!(manifest["inputs"][0]["fault"]["reason"], "interrupted");
    let frames = manifest["counters"]["frames"].as_u64().expect("a count");
    assert!((1..=35_580).contains(&frames), "{frames} packets were read");
    for (kind, name) in [("objects", "objects.ndjson"), ("streams", "streams.ndjson"), ("bins", "bins.ndjson")] {
        let lines: Vec<&[u8]> = results[name].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
        assert_eq!(manifest["records"][kind], lines.len(), "{name} is closed properly");
        assert!(lines.iter().all(|line| serde_json::from_slice::<Value>(line).is_ok()), "{name} has whole lines");
    }
}

/// `sniffit … | head -1` is no error.
#[test]
fn a_reader_that_has_enough_is_no_error() {
    for options in
        [&["--mode", "packet"][..], &["--mode", "packet", "--format", "csv"], &["--separate", "--kinds", "bins"]]
    {
        let capture = captures("truth/lab/phone-mix.pcap.gz");
        let arguments = ["analyze"].iter().chain(options).map(AsRef::as_ref).chain([capture.as_os_str()]);
        let mut child = command(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let mut head = BufReader::new(child.stdout.take().expect("its standard output"));
        head.read_line(&mut line).expect("a line");
        drop(head);
        assert!(line.ends_with('\n'), "{options:?}: {line}");
        let run = Run::of(child.wait_with_output().expect("the program ends")).expect(0);
        assert_eq!(run.stderr, "", "{options:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    for options in [&["--format", "ndjson"][..], &[]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
        let capture = convention("golden_web.pcap.gz");
        let arguments = ["analyze"].iter().chain(options).map(AsRef::as_ref).chain([capture.as_os_str()]);
        let run = Run::of(command(arguments).stdin(Stdio::null()).stdout(full).output().expect("the program starts"));
        let run = run.expect(1);
        assert!(run.stderr.contains("standard output can't be written"), "{options:?}: {}", run.stderr);
    }
}
