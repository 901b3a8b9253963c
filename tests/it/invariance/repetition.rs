//! Repetition: hash seeds differ from process to process and threads end in any order, but the bytes are the same.

use super::streams;
use crate::support::{analyze_to_folder, assert_same, captures, sniffit};
use std::path::PathBuf;

const FORMATS: [&str; 4] = ["ndjson", "csv", "json", "parquet"];

/// A capture with many streams alive at once.
fn crowded() -> Vec<PathBuf> {
    vec![captures("truth/lab/phone-mix.pcap.gz")]
}

#[test]
fn two_runs_write_the_same_bytes() {
    for method in ["exchange", "mean-gap"] {
        for format in FORMATS {
            check_repetition(&["--method", method, "--format", format]);
        }
    }
    check_repetition(&["--mode", "packet"]);
    // Evicting streams depends on the capture alone, too.
    check_repetition(&["--max-flows", "20"]);
}

fn check_repetition(options: &[&str]) {
    let first = analyze_to_folder(options, &crowded());
    assert!(first.values().all(|bytes| bytes.len() > 100), "there is something to compare");
    for _ in 0..2 {
        assert_same(&analyze_to_folder(options, &crowded()), &first, &format!("{options:?}"));
    }
}

#[test]
fn any_number_of_jobs_writes_the_same_bytes() {
    for format in FORMATS {
        let with_jobs = |jobs| analyze_to_folder(&["--separate", "-j", jobs, "--format", format], &streams());
        let one = with_jobs("1");
        assert_eq!(one.len(), streams().len() * 4, "three kinds and a manifest each");
        assert_same(&with_jobs("8"), &one, &format!("{format} with 8 jobs"));
    }
}

#[test]
fn any_number_of_jobs_prints_the_same() {
    for options in [&["--quiet"][..], &["--format", "ndjson"], &["--format", "csv", "--kinds", "streams"]] {
        let print = |jobs: &str| {
            let fixed = ["analyze", "--separate", "-j", jobs].map(Into::into);
            let arguments: Vec<PathBuf> =
                fixed.into_iter().chain(options.iter().map(Into::into)).chain(streams()).collect();
            sniffit(arguments).expect(0).stdout
        };
        let one = print("1");
        assert!(!one.is_empty(), "{options:?}: something is printed");
        assert!(print("8") == one, "{options:?}: with 8 jobs");
    }
}
