//! Odd and damaged captures: never a panic, packets before a fault delivered, the fault named.
//!
//! The table beside those captures tells what capinfos, tshark, tcpdump and a person say. Where capinfos reads a file to
//! its end we give the same packets without a fault; for the rest [`VERDICTS`] holds what a correct reader says.

use crate::support::{CHUNK_BYTES, File, Row, analyze, analyze_one, capture_files, read_table, shared, sniffit};
use analyzer_core::Config;
use std::path::Path;

/// What is to be said of a file that others give up, or that we judge otherwise than they.
struct Verdict {
    file: &'static str,
    packets: u64,
    exit: i32,
    /// Part of what is told; empty when there is no fault.
    fault: &'static str,
}

const fn verdict(file: &'static str, packets: u64, exit: i32, fault: &'static str) -> Verdict {
    Verdict { file, packets, exit, fault }
}

const VERDICTS: [Verdict; 18] = [
    verdict("pcapparser__assets_err-eof.bin", 0, 1, "byte 0: not a pcap or pcapng file"),
    // Its one packet is malformed and counted as such.
    verdict("ndpi__fuzz-2021-10-13.pcap", 1, 3, "byte 237: the file ends inside a record header"),
    verdict("gen_truncated_last.pcap", 3, 3, "byte 246: the file ends inside a packet"),
    verdict("gen_truncated_header.pcap", 2, 3, "byte 172: the file ends inside a record header"),
    verdict("gen_header_12_bytes.pcap", 0, 1, "byte 0: the file ends inside the file header"),
    // capinfos takes a file without bytes for one without packets; a recorder never leaves such a file.
    verdict("gen_zero_bytes.pcap", 0, 1, "byte 0: the file is empty"),
    verdict("gen_caplen_ffffffff.pcap", 1, 3, "byte 98: a packet of 4294967295 bytes is not believable"),
    verdict("gen_linktype_unknown.pcap", 2, 0, ""),
    verdict("gen_version_2_3.pcap", 1, 3, "byte 80: the file ends inside a packet"),
    verdict("gen_zero_block_len.pcapng", 1, 3, "byte 140: corrupt pcapng block"),
    verdict("gen_block_len_8.pcapng", 1, 3, "byte 140: corrupt pcapng block"),
    verdict("gen_block_len_ffffffff.pcapng", 1, 3, "byte 140: a block of 4294967295 bytes is not believable"),
    verdict("gen_trailer_mismatch.pcapng", 0, 1, "byte 48: corrupt pcapng block: the lengths at its two ends differ"),
    verdict("gen_epb_no_idb.pcapng", 0, 1, "byte 28: corrupt pcapng block: a packet before any interface"),
    verdict("gen_epb_bad_iface.pcapng", 1, 3, "byte 140: corrupt pcapng block: a packet of an interface"),
    verdict("gen_epb_caplen_lie.pcapng", 1, 3, "byte 140: corrupt pcapng block: a packet longer than its block"),
    // The packet is whole; the options behind it are of no use here and are not read.
    verdict("gen_option_len_lie.pcapng", 1, 0, ""),
    verdict("gen_two_pcaps_cat.pcap", 2, 3, "byte 172: another capture file begins here"),
];

#[test]
fn every_file_gives_its_packets_and_its_fault() {
    let Some(folder) = shared("data/hostile") else { return };
    let rows = read_table(&folder.join("expected.csv"));
    assert_eq!(rows.len(), 200, "the table is whole");
    rows.iter().for_each(|row| check(&folder, row));
    let judged_by_others = |row: &Row| row.text("capinfos_exit") == "0";
    for row in rows.iter().filter(|row| !judged_by_others(row)) {
        assert!(verdict_on(row.text("file")).is_some(), "{} needs a verdict", row.text("file"));
    }
}

fn verdict_on(file: &str) -> Option<&'static Verdict> {
    VERDICTS.iter().find(|verdict| verdict.file == file)
}

fn check(folder: &Path, row: &Row) {
    let name = row.text("file");
    let (packets, fault) = verdict_on(name)
        .map_or_else(|| (row.number("capinfos_packets"), ""), |verdict| (verdict.packets, verdict.fault));
    let analysis = analyze_one(&File::read(&folder.join(name)));
    assert_eq!(analysis.counters(name).frames, packets, "{name}: packets");
    let told: Vec<String> = analysis.faults.iter().map(ToString::to_string).collect();
    assert!(told.len() <= 1, "{name}: a fault is told once: {told:?}");
    let told = told.concat();
    assert!(told.contains(fault) && told.is_empty() == fault.is_empty(), "{name}: {told:?}, expected {fault:?}");
}

#[test]
fn every_chunking_gives_the_same() {
    let Some(folder) = shared("data/hostile") else { return };
    let config = Config { packets: true, ..Config::default() };
    for path in capture_files(&folder) {
        let file = [File::read(&path)];
        let whole = analyze(&config, usize::MAX, &file);
        for chunk_bytes in CHUNK_BYTES {
            let chunked = analyze(&config, chunk_bytes, &file);
            assert_eq!(chunked.faults, whole.faults, "{} in chunks of {chunk_bytes}", file[0].name);
            assert!(chunked.to_text() == whole.to_text(), "{} in chunks of {chunk_bytes}", file[0].name);
        }
    }
}

#[test]
fn the_program_names_file_byte_and_reason() {
    let Some(folder) = shared("data/hostile") else { return };
    for Verdict { file, exit, fault, .. } in &VERDICTS {
        let run = sniffit(["analyze".as_ref(), folder.join(file).as_os_str()]);
        assert_eq!(run.code, Some(*exit), "{file}: {}", run.stderr);
        assert!(run.stderr.contains(fault), "{file}: standard error should contain {fault:?}: {}", run.stderr);
        assert_eq!(run.stderr.contains(file), *exit != 0, "{file}: {}", run.stderr);
    }
}

#[test]
fn all_of_them_at_once_end_as_partial() {
    let Some(folder) = shared("data/hostile") else { return };
    let out = tempfile::tempdir().expect("a folder for results");
    let separate = ["analyze", "--separate", "-j", "2", "-q", "-o"].map(AsRef::as_ref);
    let run = sniffit(separate.into_iter().chain([out.path().as_os_str(), folder.as_os_str()]));
    assert_eq!(run.code, Some(3), "{}", run.stderr);
}
