//! Result folders, folders of captures, and names.

use super::convention;
use crate::support::{Results, Run, captures, parse_table, read_results, sniffit};
use serde_json::Value;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

fn run(options: &[&str], out: &Path, captures: &[&Path]) -> Run {
    let mut arguments: Vec<OsString> = vec!["analyze".into(), "-o".into(), out.into()];
    arguments.extend(options.iter().map(OsString::from));
    arguments.extend(captures.iter().map(OsString::from));
    sniffit(arguments)
}

fn names(results: &Results) -> Vec<&str> {
    results.keys().map(String::as_str).collect()
}

#[test]
fn folders_hold_what_was_asked_for() {
    let capture = convention("vlan.pcap");
    for (options, expected) in [
        (&[][..], &["analysis.json", "bins.ndjson", "objects.ndjson", "streams.ndjson"][..]),
        (&["--format", "csv"], &["analysis.json", "bins.csv", "objects.csv", "streams.csv"]),
        (&["--format", "json", "--kinds", "streams"], &["analysis.json", "streams.json"]),
        (&["--format", "parquet", "--kinds", "objects,bins"], &["analysis.json", "bins.parquet", "objects.parquet"]),
        (&["--mode", "packet"], &["analysis.json", "packets.ndjson"]),
    ] {
        let parent = tempfile::tempdir().expect("a folder for results");
        let out = parent.path().join("not/yet/there");
        let run = run(options, &out, &[&capture]).expect(0);
        assert!(run.text().contains("Written to"), "{options:?}: {}", run.text());
        // Nothing else: no file under a temporary name is left.
        assert_eq!(names(&read_results(&out)), expected, "{options:?}");
        check_private(&out);
    }
}

/// Captures are private, and so is what is found in them.
fn check_private(folder: &Path) {
    #[cfg(unix)]
    for entry in fs::read_dir(folder).expect("a folder of results") {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = entry.and_then(|entry| entry.metadata()).expect("a result");
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn results_are_replaced_only_by_force() {
    let out = tempfile::tempdir().expect("a folder for results");
    let (first, second) = (convention("vlan.pcap"), convention("golden_push.pcap"));
    run(&[], out.path(), &[&first]).expect(0);
    let before = read_results(out.path());
    for options in [&[][..], &["--format", "csv"], &["--kinds", "bins"]] {
        let refused = run(options, out.path(), &[&second]).expect(1);
        assert!(refused.stderr.contains("--force"), "{options:?}: {}", refused.stderr);
        assert_eq!(names(&read_results(out.path())), names(&before), "{options:?}");
        assert!(read_results(out.path()) == before, "{options:?}: nothing was touched");
    }
    run(&["--force"], out.path(), &[&second]).expect(0);
    let after = read_results(out.path());
    assert_eq!(names(&after), names(&before));
    assert!(before.iter().all(|(name, bytes)| after[name] != *bytes), "everything was replaced");
}

#[test]
fn what_cannot_be_read_leaves_no_results() {
    let parent = tempfile::tempdir().expect("a folder for results");
    for name in ["empty.pcap", "unknown_magic.pcap", "truncated_file_header.pcap"] {
        let out = parent.path().join(name);
        run(&[], &out, &[&convention(name)]).expect(1);
        assert!(!out.exists() || read_results(&out).is_empty(), "{name}");
    }
}

#[test]
fn what_can_be_read_in_part_is_written_and_says_so() {
    for name in ["truncated_block.pcapng", "garbage_tail.pcap", "two_pcaps_joined.pcap"] {
        let out = tempfile::tempdir().expect("a folder for results");
        let told = run(&[], out.path(), &[&convention(name)]).expect(3).stderr;
        let results = read_results(out.path());
        let manifest: Value = serde_json::from_slice(&results["analysis.json"]).expect("a manifest is JSON");
        assert_eq!(manifest["status"], "partial", "{name}");
        let fault = &manifest["inputs"][0]["fault"];
        let reason = fault["reason"].as_str().expect("a reason");
        assert!(told.contains(reason) && told.contains(&format!("byte {}", fault["offset"])), "{name}: {told}");
        let lines = |kind: &str| results[kind].split(|byte| *byte == b'\n').count() as u64 - 1;
        assert_eq!(Value::from(lines("objects.ndjson")), manifest["records"]["objects"], "{name}");
        assert_eq!(Value::from(lines("streams.ndjson")), manifest["records"]["streams"], "{name}");
    }
}

#[test]
fn a_folder_is_one_recording_and_other_files_are_left_out() {
    let folder = tempfile::tempdir().expect("a folder for captures");
    fs::create_dir(folder.path().join("below")).expect("a subfolder");
    for (from, to) in [("golden_call.pcap", "a.pcap"), ("golden_web.pcap.gz", "below/b.bin"), ("README.md", "c.txt")] {
        fs::copy(convention(from), folder.path().join(to)).expect("a copy");
    }
    let out = tempfile::tempdir().expect("a folder for results");
    let note = run(&[], out.path(), &[folder.path()]).expect(0).stderr;
    assert!(note.contains("1 of 3 files are no captures"), "{note}");
    let results = read_results(out.path());
    let manifest: Value = serde_json::from_slice(&results["analysis.json"]).expect("a manifest is JSON");
    assert_eq!(manifest["counters"]["frames"], 520 + 754);
    assert_eq!(run(&["--force", "--quiet"], out.path(), &[folder.path()]).expect(0).stderr, "");

    let empty = tempfile::tempdir().expect("a folder without captures");
    let refused = run(&["--force"], out.path(), &[empty.path()]).expect(1);
    assert!(refused.stderr.contains("no capture file"), "{}", refused.stderr);
}

#[test]
fn separate_recordings_have_folders_of_their_own() {
    let (good, bad) = (convention("vlan.pcap"), convention("truncated_block.pcapng"));
    let out = tempfile::tempdir().expect("a folder for results");
    run(&["--separate", "--kinds", "objects"], out.path(), &[&good, &bad, &good]).expect(3);
    let expected = ["truncated_block/analysis.json", "truncated_block/objects.ndjson", "vlan/analysis.json"];
    let results = read_results(out.path());
    assert!(expected.iter().all(|name| results.contains_key(*name)), "{:?}", names(&results));
    assert!(run(&["--separate"], out.path(), &[&good]).expect(1).stderr.contains("--force"));
}

/// A capture's name may be anything, also what a spreadsheet or a terminal would obey.
#[test]
fn hostile_names_do_no_harm() {
    let name = "=1+1,\"x\"\u{1b}[2J\n";
    let out = tempfile::tempdir().expect("a folder for results");
    let shown = run(&["--name", name, "--format", "csv"], out.path(), &[&captures("conventions/vlan.pcap")]).expect(0);
    assert!(!shown.text().contains('\u{1b}'), "the terminal is not addressed: {:?}", shown.text());
    let results = read_results(out.path());
    for kind in ["objects.csv", "streams.csv", "bins.csv"] {
        let rows = parse_table(std::str::from_utf8(&results[kind]).expect("CSV is UTF-8"));
        assert!(!rows.is_empty(), "{kind}");
        for row in rows {
            assert_eq!(row.text("sniffit.capture.name"), format!("'{name}"), "{kind}");
        }
    }
    let manifest: Value = serde_json::from_slice(&results["analysis.json"]).expect("a manifest is JSON");
    assert_eq!(manifest["capture_name"], name);
}
