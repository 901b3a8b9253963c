//! Which files are a recording, and in which order its tasks are begun.

use super::fleet::Fleet;
use crate::support::{captures, packets_of, read_capture, sniffit};
use serde_json::{Value, json};
use std::path::Path;

fn entries(lines: &[String]) -> Vec<Value> {
    lines.iter().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn names(entry: &Value) -> Vec<String> {
    let files = entry["files"].as_array().expect("files");
    files
        .iter()
        .map(|file| file["path"].as_str().expect("a path").rsplit('/').next().expect("a name").to_owned())
        .collect()
}

#[test]
fn rotated_files_are_one_recording_and_the_largest_comes_first() {
    let fleet = Fleet::new();
    let plan = entries(&fleet.plan());
    let mut recordings: Vec<(&str, usize)> = plan
        .iter()
        .map(|entry| (entry["recording"].as_str().expect("a name"), entry["files"].as_array().expect("files").len()))
        .collect();
    recordings.sort_unstable();
    let expected =
        [("call", 2), ("lab-dash", 12), ("lab-phone", 24), ("street-phone", 8), ("street-web", 5), ("web", 1)];
    assert_eq!(recordings, expected);
    let bytes: Vec<u64> = plan.iter().map(|entry| entry["bytes"].as_u64().expect("bytes")).collect();
    assert!(bytes.is_sorted_by(|one, next| one >= next), "{bytes:?}");
    assert!(bytes[0] > 20 * bytes[bytes.len() - 1], "{bytes:?}");
    for entry in &plan {
        let files = entry["files"].as_array().expect("files");
        let starts: Vec<&str> = files.iter().map(|file| file["start"].as_str().expect("a start")).collect();
        assert!(starts.is_sorted(), "{starts:?}");
        assert_eq!(entry["start"], starts[0]);
        assert_eq!(entry["day"], starts[0][..10]);
        let sum: u64 = files.iter().map(|file| file["bytes"].as_u64().expect("bytes")).sum();
        assert_eq!(entry["bytes"], sum);
        assert!(entry.get("overlaps").is_none(), "nothing was looked at");
    }
    assert_eq!(fleet.plan(), fleet.plan(), "the same plan");
}

#[test]
fn files_are_ordered_by_their_packets_and_seams_are_counted() {
    let fleet = Fleet::new();
    let packets = packets_of(&read_capture(&captures("conventions/golden_call.pcap")));
    let moved = |seconds: i64| {
        let mut packets = packets.clone();
        packets.iter_mut().for_each(|packet| packet.time_ns += seconds * 1_000_000_000);
        packets
    };
    let span_ns = packets[packets.len() - 1].time_ns - packets[0].time_ns;
    // A recorder whose clock was set: the third file begins inside of the first, the second after a silence of 100 s.
    fleet.write("x/r_00003.pcap", &packets[..packets.len() / 2]);
    fleet.write("x/r_00001.pcap", &moved(0)[packets.len() / 4..]);
    fleet.write("x/r_00002.pcap", &moved(100 + span_ns / 1_000_000_000));
    let run = sniffit([Path::new("plan"), Path::new("--scan"), &fleet.captures().join("x")]).expect(0);
    let plan = entries(&[run.text().trim_end().to_owned()]);
    assert_eq!(names(&plan[0]), ["r_00003.pcap", "r_00001.pcap", "r_00002.pcap"]);
    assert_eq!((&plan[0]["overlaps"], &plan[0]["holes"]), (&json!(1), &json!(1)));
    let gap_s = plan[0]["longest_gap_s"].as_f64().expect("seconds");
    assert!((99.0..=100.0).contains(&gap_s), "{gap_s}");
}

#[test]
fn files_may_be_grouped_otherwise_and_found_elsewhere() {
    let fleet = Fleet::new();
    let folder = fleet.captures();
    for (options, recordings, files) in [
        (&["--group-by", "folder"][..], 3, 52),
        (&["--group-by", "file"], 52, 52),
        (&["--url", "s3://bucket/captures/"], 6, 52),
    ] {
        let arguments = [&["plan"], options].concat();
        let run = sniffit(arguments.iter().map(Path::new).chain([folder.as_path()])).expect(0);
        let plan = entries(&run.text().lines().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(plan.len(), recordings, "{options:?}");
        assert_eq!(plan.iter().map(|entry| names(entry).len()).sum::<usize>(), files, "{options:?}");
        if options[0] == "--url" {
            let paths: Vec<&str> = plan.iter().filter_map(|entry| entry["files"][0]["path"].as_str()).collect();
            assert!(paths.contains(&"s3://bucket/captures/street/web_00001.pcap"), "{paths:?}");
        }
    }
}
