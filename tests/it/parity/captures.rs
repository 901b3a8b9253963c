//! The captures that both analyse.

use crate::support::{capture_files, captures, packets_of, read_capture, shared, write_pcap};
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// All that there are.
pub(super) fn everywhere() -> Vec<PathBuf> {
    let bundled = ["conventions", "truth/lab", "truth/real"].map(captures);
    let others = ["data/captures", "data/hostile"].iter().filter_map(|folder| shared(folder));
    bundled.into_iter().chain(others).flat_map(|folder| capture_files(&folder)).collect()
}

/// TCP with TLS, QUIC, plain UDP, small messages both ways, HTTP/2.
pub(super) fn some() -> Vec<PathBuf> {
    ["conventions/golden_web.pcap.gz", "conventions/golden_quic.pcap", "conventions/golden_call.pcap"]
        .into_iter()
        .chain(["truth/real/chat-nginx.pcap.gz", "truth/real/mix-nginx-gso.pcap.gz"])
        .map(captures)
        .collect()
}

pub(super) fn small() -> PathBuf {
    captures("conventions/golden_push.pcap")
}

/// Decompressed, more than a decompressor gives at once.
pub(super) fn big() -> PathBuf {
    captures("truth/real/mix-nginx-gso.pcap.gz")
}

/// The capture in four files, whose names and times are in different orders.
pub(super) fn rotated(folder: &Path, capture: &Path) -> Vec<PathBuf> {
    fs::create_dir(folder).expect("a folder");
    let packets = packets_of(&read_capture(capture));
    let parts = packets.chunks(packets.len().div_ceil(4));
    let names = ["x_3.pcap", "x_1.pcap.gz", "x_2.pcap", "x_0.pcap.gz"];
    parts
        .zip(names)
        .map(|(part, name)| {
            let path = folder.join(name);
            let bytes = write_pcap(part);
            fs::write(&path, if name.ends_with(".gz") { gzip(&bytes) } else { bytes }).expect("a capture");
            path
        })
        .collect()
}

/// The capture in gzip files, most of which can't be read to their end. None is damaged inside of compressed data: there the
/// decoders give up what they hold of their current step, and steps differ.
pub(super) fn gzip_files(folder: &Path, capture: &Path) -> Vec<PathBuf> {
    let plain = read_capture(capture);
    let whole = gzip(&plain);
    let (first, second) = plain.split_at(plain.len() / 3);
    let members = [gzip(first), gzip(second)].concat();
    let at_second = gzip(first).len();
    let cut = |bytes: usize| members[..bytes].to_vec();
    let flipped = |bytes: &[u8], at: usize| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 0x20;
        bytes
    };
    let stem = capture.file_name().expect("a file").to_string_lossy();
    let stem = stem.split('.').next().unwrap_or_default();
    [
        ("whole", whole.clone()),
        ("members", members.clone()),
        ("empty-member-between", [gzip(first), gzip(b""), gzip(second)].concat()),
        ("cut-in-first-header", cut(7)),
        ("cut-in-first-data", cut(at_second / 2)),
        ("cut-in-first-trailer", cut(at_second - 3)),
        ("cut-between-members", cut(at_second)),
        ("cut-in-second-header", cut(at_second + 4)),
        ("cut-in-second-data", cut(at_second + (members.len() - at_second) / 2)),
        ("cut-in-last-trailer", cut(members.len() - 1)),
        ("wrong-checksum", flipped(&whole, whole.len() - 6)),
        ("wrong-length", flipped(&whole, whole.len() - 2)),
        ("wrong-checksum-of-first", flipped(&members, at_second - 6)),
        ("damaged-second-header", flipped(&members, at_second + 2)),
        ("zeros-behind", [whole.clone(), vec![0; 512]].concat()),
        ("garbage-behind", [whole, b"no member of a gzip file".to_vec()].concat()),
    ]
    .into_iter()
    .map(|(what, bytes)| {
        let path = folder.join(format!("{stem}-{what}.pcap.gz"));
        fs::write(&path, bytes).expect("a file");
        path
    })
    .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory is enough")
}
