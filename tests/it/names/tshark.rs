//! The same names as tshark finds, on captures of ours and of others.
//!
//! The tables come from `captures/names.sh`. Where we find something else, [`DIFFERENCES`] says how much and why; nothing else may
//! differ.

use super::{analyzed, domain, source};
use crate::keep::rewrite::borrow;
use crate::support::{Row, captures, packets_of, read_capture, read_table, shared};
use analyzer_core::decode::Decoder;
use analyzer_core::name::{NameSource, dns};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A number that is not tshark's.
struct Difference {
    capture: &'static str,
    source: &'static str,
    name: &'static str,
    ours: u64,
    reason: &'static str,
}

const fn difference(
    capture: &'static str,
    source: &'static str,
    name: &'static str,
    ours: u64,
    reason: &'static str,
) -> Difference {
    Difference { capture, source, name, ours, reason }
}

const DIFFERENCES: [Difference; 12] = [
    difference("80211http.pcap", "http_host", "qq.com", 0, "frames of 802.11 are not decoded"),
    difference("radiotap.pcap", "dns", "captive.apple.com", 0, "frames of 802.11 are not decoded"),
    difference("nflog-http.pcap", "http_host", "www.example.net", 0, "the link type of netfilter logs is not decoded"),
    difference(
        "gtp1_gn_normal_incl_fragmentation.pcap",
        "http_host",
        "o-o.preferred.telekomrs-beg1.v2.lscache8.c.youtube.com",
        0,
        "the outermost UDP is the stream, here that of the tunnel",
    ),
    difference("vxlan.pcap", "dns", "facebook.com", 0, "the outermost UDP is the stream, here that of the tunnel"),
    difference("vxlan.pcap", "dns", "www.facebook.com", 0, "the outermost UDP is the stream, here that of the tunnel"),
    difference("vxlan.pcap", "tls_sni", "facebook.com", 0, "the outermost UDP is the stream, here that of the tunnel"),
    difference(
        "vxlan.pcap",
        "tls_sni",
        "www.facebook.com",
        0,
        "the outermost UDP is the stream, here that of the tunnel",
    ),
    difference(
        "ja3_lots_of_cipher_suites_2_anon.pcap",
        "tls_sni",
        "192.69.136.179",
        0,
        "an address is no name (RFC 6066 §3)",
    ),
    difference("chat-far.pcap.gz", "tls_sni", "chat.example", 1, "tshark looks for no TLS on port 5222"),
    difference("chat.pcap.gz", "tls_sni", "chat.example", 2, "tshark looks for no TLS on port 5222"),
    difference("phone-mix.pcap.gz", "tls_sni", "chat.example", 1, "tshark looks for no TLS on port 5222"),
];

/// Name sources of a capture to counts, as `names.sh` counts.
type Counts = BTreeMap<(String, String), u64>;

#[test]
fn names_in_captures_of_ours() {
    check(&captures("names.csv"), |capture| {
        let folders = ["truth/lab", "truth/real", "conventions"].map(captures);
        folders.into_iter().map(|folder| folder.join(capture)).find(|path| path.is_file()).expect(capture)
    });
}

#[test]
fn names_in_captures_of_others() {
    let Some(folder) = shared("data/captures") else { return };
    check(&captures("names-of-others.csv"), |capture| folder.join(capture));
}

fn check(table: &Path, path_of: impl Fn(&str) -> std::path::PathBuf) {
    let mut expected: BTreeMap<String, Counts> = BTreeMap::new();
    for row in read_table(table) {
        let key = |column: &str| Row::text(&row, column).to_owned();
        let counts = expected.entry(key("capture")).or_default();
        counts.insert((key("source"), key("name")), row.text("count").parse().expect("a count"));
    }
    let mut faults = Vec::new();
    for (capture, counts) in expected {
        let found = found(&path_of(&capture));
        let all: BTreeSet<_> = counts.keys().chain(found.keys()).cloned().collect();
        for key in all {
            let (source, name) = &key;
            let [theirs, ours] = [&counts, &found].map(|counts| counts.get(&key).copied().unwrap_or(0));
            let wanted = DIFFERENCES
                .iter()
                .find(|it| (it.capture, it.source, it.name) == (&*capture, source, name))
                .inspect(|difference| assert!(!difference.reason.is_empty()))
                .map_or(theirs, |difference| difference.ours);
            if ours != wanted {
                faults.push(format!("{capture} {source} {name}: tshark {theirs}, ours {ours}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Streams by the name they give themselves, and addresses by the name they were given for.
fn found(path: &Path) -> Counts {
    let mut counts = Counts::new();
    let analysis = analyzed(path);
    for stream in &analysis.records.streams {
        if matches!(source(stream), NameSource::TlsSni | NameSource::QuicSni | NameSource::HttpHost) {
            let key = (source(stream).as_str().to_owned(), domain(&analysis, stream).to_owned());
            *counts.entry(key).or_default() += 1;
        }
    }
    let mut answers = BTreeSet::new();
    let mut decoder = Decoder::default();
    for packet in packets_of(&read_capture(path)) {
        if let Ok(segment) = decoder.decode(&borrow(&packet))
            && segment.source_port == 53
            && segment.tcp.is_none()
        {
            dns::answers(segment.payload, |name, address| {
                answers.insert((name.to_owned(), address));
            });
        }
    }
    for (name, _) in answers {
        *counts.entry(("dns".to_owned(), name)).or_default() += 1;
    }
    counts
}
