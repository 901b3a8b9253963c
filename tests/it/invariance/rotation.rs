//! Rotated files: a recording cut at packet borders is the recording, in whatever order its files are named.

use super::{WAYS, streams};
use crate::support::{
    File, Packet, Results, analyze, analyze_to_folder, assert_same, config, packets_of, read_capture, take_manifest,
    write_pcap,
};
use analyzer_core::Config;
use std::fs;
use std::path::PathBuf;

/// Cuts packets into files; the first and the last one are short, and one has a single packet.
fn parts(packets: &[Packet], count: usize) -> Vec<&[Packet]> {
    let size = packets.len() / (count - 2);
    let (head, rest) = packets.split_at(1);
    let (middle, tail) = rest.split_at(rest.len() - size / 2);
    let mut parts = vec![head];
    parts.extend(middle.chunks(middle.len().div_ceil(count - 2)));
    parts.push(tail);
    parts
}

#[test]
fn the_core_carries_streams_from_file_to_file() {
    for path in streams() {
        let packets = packets_of(&read_capture(&path));
        for method in ["exchange", "mean-gap"] {
            let config = Config { packets: true, ..config(method) };
            let whole = analyze(&config, usize::MAX, &[File::new("whole", write_pcap(&packets))]);
            for count in [3, 7] {
                let files: Vec<File> =
                    parts(&packets, count).iter().map(|part| File::new("part", write_pcap(part))).collect();
                let rotated = analyze(&config, 1000, &files);
                let what = format!("{}, {method}, in {count} files", path.display());
                assert_eq!(rotated.totals.capture_id, whole.totals.capture_id, "{what}");
                assert_eq!(rotated.totals.inputs.len(), files.len(), "{what}");
                assert!(records(&rotated.to_text()) == records(&whole.to_text()), "{what}: the records differ");
            }
        }
    }
}

/// The lines behind the manifest, which tells the files.
fn records(text: &str) -> &str {
    text.split_once("\n}\n").expect("a manifest comes first").1
}

#[test]
fn the_program_puts_files_in_order() {
    for path in streams() {
        let packets = packets_of(&read_capture(&path));
        for options in WAYS {
            check_orders(&packets, options, &path.display().to_string());
        }
    }
}

fn check_orders(packets: &[Packet], options: &[&str], what: &str) {
    let folder = tempfile::tempdir().expect("a folder for captures");
    let write = |name: String, packets: &[Packet]| {
        let path = folder.path().join(name);
        fs::write(&path, write_pcap(packets)).expect("a capture");
        path
    };
    let whole = write("x.pcap".to_owned(), packets);
    let mut files: Vec<PathBuf> =
        parts(packets, 6).iter().enumerate().map(|(at, part)| write(format!("x_{:05}.pcap", at + 1), part)).collect();
    let mut expected = analyze_to_folder(options, &[whole]);
    let expected_manifest = take_manifest(&mut expected);
    let in_order = analyze_to_folder(options, &files);
    let mut rotated = in_order.clone();
    assert_eq!(take_manifest(&mut rotated), expected_manifest, "{what}: rotated");
    assert_same(&rotated, &expected, &format!("{what}: rotated"));
    let orders: [fn(&mut Vec<PathBuf>); 3] =
        [|files| files.reverse(), |files| files.rotate_left(2), |files| files.swap(0, 3)];
    for order in orders {
        order(&mut files);
        let results: Results = analyze_to_folder(options, &files);
        assert_same(&results, &in_order, &format!("{what}: as {files:?}"));
    }
}
