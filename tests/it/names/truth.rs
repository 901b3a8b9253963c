//! The captures whose objects are known: their `host` column is what a stream is to be called.

use super::{analyzed, domain};
use crate::support::{captures, read_table};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

/// `tcp 10.66.0.2:41044 203.0.113.30:5222` as the truth has it, and its host.
fn hosts(truth: &std::path::Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut hosts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in read_table(truth) {
        hosts.entry(row.text("stream").to_owned()).or_default().insert(row.text("host").to_owned());
    }
    hosts
}

#[test]
fn every_stream_is_called_by_its_host() {
    let (mut named, mut nameless) = (0, BTreeSet::new());
    for set in ["lab", "real"] {
        let folder = captures("truth").join(set);
        let mut files: Vec<_> =
            std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
        files.sort();
        for capture in files.iter().filter(|path| path.to_string_lossy().ends_with(".pcap.gz")) {
            let name = capture.file_name().expect("a name").to_string_lossy().replace(".pcap.gz", "");
            let truth = hosts(&folder.join(format!("{name}.truth.csv")));
            let analysis = analyzed(capture);
            let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for stream in &analysis.records.streams {
                let identity = &stream.stream;
                let (client, server) = (identity.client, identity.server);
                let [client, server] = [client, server].map(|end| SocketAddr::from((end.ip, end.port)));
                let key = format!("{} {client} {server}", identity.transport.as_str());
                found.entry(key).or_default().insert(domain(&analysis, stream).to_owned());
            }
            for (stream, hosts) in truth {
                let called = found.get(&stream).unwrap_or_else(|| panic!("{name}: {stream} is missing"));
                if called.contains("") {
                    nameless.insert(format!("{name}: {stream} {hosts:?}"));
                } else {
                    assert_eq!(*called, hosts, "{name}: {stream}");
                    named += 1;
                }
            }
        }
    }
    // Whatever else, a name is never another server's.
    assert_eq!(nameless, BTreeSet::new(), "{named} streams are named");
    assert!(named > 220, "{named}");
}
