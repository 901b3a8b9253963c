//! Chunks of any size: the core keeps the unfinished record and nothing else.

use crate::support::{CHUNK_BYTES, File, analyze, capture_files, captures, config};
use analyzer_core::Config;
use std::path::Path;

#[test]
fn conventions() {
    capture_files(&captures("conventions")).iter().for_each(|path| check(path, "exchange"));
}

#[test]
fn real_streams_by_every_method() {
    for method in ["exchange", "exchange-headers", "mean-gap", "fixed:50ms", "rtt:1"] {
        check(&captures("truth/real/chat-nginx.pcap.gz"), method);
        check(&captures("truth/lab/feed.pcap.gz"), method);
    }
}

#[test]
fn long_streams() {
    for name in ["real/maps-node-h2.pcap.gz", "real/news-caddy-h3.pcap.gz", "lab/web-h1-far.pcap.gz"] {
        check(&captures("truth").join(name), "exchange");
    }
}

/// Everything that the core says about a capture is the same in any chunks.
fn check(path: &Path, method: &str) {
    let config = Config { packets: true, ..config(method) };
    let file = [File::read(path)];
    let whole = analyze(&config, usize::MAX, &file);
    for chunk_bytes in CHUNK_BYTES {
        let chunked = analyze(&config, chunk_bytes, &file);
        let what = format!("{}, {method}, in chunks of {chunk_bytes}", path.display());
        assert_eq!(chunked.faults, whole.faults, "{what}");
        assert!(chunked.to_text() == whole.to_text(), "{what}: the records differ");
    }
}
