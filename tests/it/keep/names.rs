//! What is kept names servers as whole packets do.

use super::captures::{all, each};
use super::rewrite::{analysis_of, kept};
use crate::support::Packet;
use analyzer_core::decode::Transport;
use analyzer_core::flow::ClientSource;
use analyzer_core::keep::Keep;
use analyzer_core::name::{NameSource, Naming};

/// Of every stream, in order: its id, what it is called, and whether its beginning was seen.
fn names(packets: &[Packet]) -> Vec<(u64, NameSource, String, bool, bool)> {
    let analysis = analysis_of("exchange", packets);
    let named = |stream: &analyzer_core::record::StreamRecord| {
        let Naming { source, ech_offered, .. } = stream.stream.naming;
        let name = analysis.totals.names.name(stream.stream.naming.name).domain.unwrap_or_default().to_owned();
        let is_from_start = stream.client_source == ClientSource::Syn || stream.stream.transport == Transport::Udp;
        (stream.stream.id, source, name, ech_offered, is_from_start)
    };
    analysis.records.streams.iter().map(named).collect()
}

#[test]
fn the_same_names_but_those_of_requests_in_the_open() {
    let (mut same, mut open) = (0, 0);
    each(all(), |name, packets| {
        let whole = names(&packets);
        for keep in [Keep::Names, Keep::Records] {
            for (whole, kept) in whole.iter().zip(names(&kept(keep, &packets))) {
                if whole.1 == NameSource::HttpHost || !whole.4 {
                    // A plain request is payload, and a ClientHello is kept where the stream's beginning was seen. An answer
                    // before may name the server all the same.
                    assert!([NameSource::None, NameSource::Dns].contains(&kept.1), "{name}, {keep}: {kept:?}");
                    open += 1;
                } else {
                    assert_eq!(kept, *whole, "{name}, {keep}");
                    same += usize::from(whole.1 != NameSource::None);
                }
            }
        }
    });
    assert!(same > 400 && open > 0, "{same} names, {open} requests");
}
