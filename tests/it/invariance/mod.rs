//! The same packets give the same bytes, however they come: in any chunks, files, order, container and process.

mod chunks;
mod containers;
mod repetition;
mod rotation;

use crate::support::captures;
use std::path::PathBuf;

/// The program's ways to write everything: format and mode.
const WAYS: [&[&str]; 4] = [
    &["--format", "ndjson"],
    &["--format", "csv"],
    &["--format", "parquet"],
    &["--format", "parquet", "--mode", "packet"],
];

/// Captures whose streams go on for long enough to be cut up: TCP with TLS, QUIC, and plain UDP.
fn streams() -> Vec<PathBuf> {
    ["conventions/golden_web.pcap.gz", "conventions/golden_quic.pcap", "conventions/golden_call.pcap"]
        .into_iter()
        .chain(["truth/real/chat-nginx.pcap.gz", "truth/lab/chat-far.pcap.gz"])
        .map(captures)
        .collect()
}
