//! Containers: the same packets in pcap, pcapng, gzip, zstd or from a pipe are the same capture.

use super::{WAYS, streams};
use crate::support::{
    Run, analyze_to_folder, assert_same, command, packets_of, read_capture, read_results, take_manifest, write_pcap,
    write_pcapng,
};
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::process::Stdio;

#[test]
fn every_container_gives_the_same_results() {
    for path in streams() {
        let packets = packets_of(&read_capture(&path));
        let (pcap, pcapng) = (write_pcap(&packets), write_pcapng(&packets));
        for options in WAYS {
            check(&pcap, &pcapng, options, &path.display().to_string());
        }
    }
}

fn check(pcap: &[u8], pcapng: &[u8], options: &[&str], what: &str) {
    let mut expected = contained("x.pcap", pcap.to_vec(), options);
    let expected_manifest = take_manifest(&mut expected);
    for (name, bytes) in [
        ("x.pcapng", pcapng.to_vec()),
        ("x.pcap.gz", gzip(&[pcap])),
        ("x.pcapng.gz", gzip(&pcapng.chunks(pcapng.len() / 3).collect::<Vec<_>>())),
        ("x.pcap.zst", zstd::encode_all(pcap, 1).expect("zstd in memory")),
        ("x.pcapng.zst", zstd::encode_all(pcapng, 1).expect("zstd in memory")),
        // The magic tells the container, not the name.
        ("x.cap", gzip(&[pcapng])),
    ] {
        let mut results = contained(name, bytes, options);
        assert_eq!(take_manifest(&mut results), expected_manifest, "{what}: {name}");
        assert_same(&results, &expected, &format!("{what}: {name}"));
    }
    let mut piped = piped(&gzip(&[pcap]), options);
    assert_eq!(take_manifest(&mut piped), expected_manifest, "{what}: standard input");
    assert_same(&piped, &expected, &format!("{what}: standard input"));
}

fn contained(name: &str, bytes: Vec<u8>, options: &[&str]) -> crate::support::Results {
    let folder = tempfile::tempdir().expect("a folder for a capture");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a capture");
    analyze_to_folder(options, &[path])
}

/// A gzip file with a member for each part.
fn gzip(parts: &[&[u8]]) -> Vec<u8> {
    let compress = |part: &&[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(part).and_then(|()| encoder.finish()).expect("gzip in memory")
    };
    parts.iter().flat_map(compress).collect()
}

/// The results of a capture that comes through a pipe in pieces.
fn piped(bytes: &[u8], options: &[&str]) -> crate::support::Results {
    let out = tempfile::tempdir().expect("a folder for results");
    let fixed = ["analyze", "--quiet", "--name", "x", "-", "-o"].map(AsRef::as_ref);
    let mut child = command(fixed.into_iter().chain([out.path().as_os_str()]).chain(options.iter().map(AsRef::as_ref)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut pipe = child.stdin.take().expect("its standard input");
    bytes.chunks(4_321).for_each(|piece| pipe.write_all(piece).expect("the program reads on"));
    drop(pipe);
    Run::of(child.wait_with_output().expect("the program ends")).expect(0);
    read_results(out.path())
}
