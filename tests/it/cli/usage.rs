//! Arguments: what is refused, and that the reason is told.

use super::convention;
use crate::support::sniffit;

/// A refusal has exit code 1, one reason on standard error, and nothing on standard output.
#[track_caller]
fn check_refusal(arguments: &[&str], reason: &str) {
    let run = sniffit(arguments);
    assert_eq!(run.code, Some(1), "{arguments:?}: {}", run.stderr);
    assert!(run.stderr.contains(reason), "{arguments:?}: standard error should contain {reason:?}: {}", run.stderr);
    assert!(run.stdout.is_empty(), "{arguments:?}: {}", run.text());
}

#[test]
fn refusals_give_the_reason() {
    let capture = convention("vlan.pcap");
    let capture = capture.to_str().expect("a path in UTF-8");
    for (arguments, reason) in [
        (&[][..], "Usage: sniffit"),
        (&["analyse"], "unrecognized subcommand"),
        (&["analyze"], "required"),
        (&["analyze", "--colour", capture], "unexpected argument '--colour'"),
        (&["analyze", "--method", "otsu", capture], "otsu"),
        (&["analyze", "--method", "fixed:0s", capture], "must be more than zero"),
        (&["analyze", "--format", "xml", capture], "possible values: ndjson, csv, json, parquet"),
        (&["analyze", "--format", "parquet", capture], "give a folder with -o DIR"),
        (&["analyze", "--kinds", "bins,objects", capture], "one kind of record"),
        (&["analyze", "--mode", "packet", "--kinds", "bins", capture], "packets only"),
        (&["analyze", "--client", "phone", capture], "neither an IP address nor a prefix"),
        (&["analyze", "--force", capture], "--output"),
        (&["analyze", "no/such/file.pcap"], "no/such/file.pcap"),
        // Two passes over bytes that come once: the reason is told before anything is read.
        (&["analyze", "--method", "mean-gap", "-"], "reads the capture twice"),
        (&["score", "no/such/folder"], "no/such/folder"),
        (&["score", "--method", "otsu", "."], "otsu"),
    ] {
        check_refusal(arguments, reason);
    }
}

#[test]
fn version_and_help_are_no_errors() {
    for (arguments, part) in [(["--version"], "sniffit "), (["--help"], "Usage: sniffit"), (["help"], "Usage: sniffit")]
    {
        let run = sniffit(arguments).expect(0);
        assert!(run.text().contains(part) && run.stderr.is_empty(), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn one_unreadable_file_does_not_spoil_the_others() {
    let (good, bad, empty) = (convention("vlan.pcap"), convention("unknown_magic.pcap"), convention("empty.pcap"));
    let run = sniffit(["analyze".as_ref(), good.as_os_str(), bad.as_os_str(), empty.as_os_str()]).expect(3);
    for part in ["unknown_magic.pcap: byte 0: not a pcap or pcapng file", "empty.pcap: byte 0: the file is empty"] {
        assert!(run.stderr.contains(part), "standard error should contain {part:?}: {}", run.stderr);
    }
    assert!(run.text().contains("packets in 3 files"), "{}", run.text());
    let run = sniffit(["analyze".as_ref(), bad.as_os_str(), empty.as_os_str()]).expect(1);
    assert!(run.stdout.is_empty(), "{}", run.text());
}

/// Nothing but results on standard output, and silence on standard error: it can be piped.
#[test]
fn standard_output_is_records_alone() {
    let capture = convention("golden_push.pcap");
    for (format, lines) in [("ndjson", 46), ("csv", 47), ("json", 48)] {
        let run = sniffit(["analyze".as_ref(), "--format".as_ref(), format.as_ref(), capture.as_os_str()]).expect(0);
        assert_eq!(run.text().lines().count(), lines, "{format}");
        assert_eq!(run.stderr, "", "{format}");
    }
}
