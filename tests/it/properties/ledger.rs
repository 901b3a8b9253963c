//! What must hold between the records of any analysis.

use crate::support::Analysis;
use analyzer_core::flow::Direction;
use analyzer_core::record::{DirectionRecord, Record, StreamIdentity};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::collections::{BTreeMap, HashSet};

/// Sums of one stream and direction over records of a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    packets: u64,
    ip_bytes: u64,
    new_bytes: u64,
    repeated_bytes: u64,
}

impl Sums {
    fn add(&mut self, packets: u64, ip_bytes: u64, new_bytes: u64, repeated_bytes: u64) {
        self.packets += packets;
        self.ip_bytes += ip_bytes;
        self.new_bytes += new_bytes;
        self.repeated_bytes += repeated_bytes;
    }
}

type Lane = (u64, Direction);
type Books = BTreeMap<Lane, Sums>;

fn lane(stream: &StreamIdentity, direction: Direction) -> Lane {
    (stream.id, direction)
}

/// No two records of a kind have one name: Elasticsearch would take the second for the first, sent again.
fn check_names<R: Record>(kind: &str, records: &[R]) -> Result<(), TestCaseError> {
    let mut names = HashSet::new();
    for record in records {
        let mut name = Vec::new();
        record.put_ordinal(&mut name);
        prop_assert!(names.insert(name), "two {} of one name", kind);
    }
    Ok(())
}

/// Objects, bins, packets and streams tell the same story, and the counters their sum.
pub(super) fn check_ledger(analysis: &Analysis) -> Result<(), TestCaseError> {
    let records = &analysis.records;
    check_names("objects", &records.objects)?;
    check_names("streams", &records.streams)?;
    check_names("bins", &records.bins)?;
    check_names("packets", &records.packets)?;
    let lanes = check_streams(analysis)?;
    check_bins(analysis, &lanes)?;
    check_objects(analysis, &lanes)?;
    if analysis.totals.config.packets {
        check_packets(analysis, &lanes)?;
    }
    let totals = &analysis.totals;
    prop_assert_eq!(totals.exact, totals.evicted_streams == 0);
    let emitted = [totals.objects, totals.streams, totals.bins, totals.packets];
    let records = &analysis.records;
    let taken = [records.objects.len(), records.streams.len(), records.bins.len(), records.packets.len()];
    prop_assert_eq!(emitted, taken.map(|count| count as u64));
    Ok(())
}

/// Streams hold every packet of TCP and UDP once.
fn check_streams(analysis: &Analysis) -> Result<BTreeMap<Lane, DirectionRecord>, TestCaseError> {
    let mut lanes = BTreeMap::new();
    let mut all = Sums::default();
    for stream in &analysis.records.streams {
        prop_assert!(stream.start <= stream.end);
        for (direction, record) in Direction::BOTH.into_iter().zip([&stream.up, &stream.down]) {
            let is_second = lanes.insert(lane(&stream.stream, direction), record.clone()).is_some();
            prop_assert!(!is_second, "two streams have the id {}", stream.stream.id);
            all.add(record.packets, record.ip_bytes, record.payload_bytes, record.retransmitted_bytes);
        }
    }
    let counters = analysis.totals.counters;
    let unmatched: u64 = analysis
        .totals
        .diagnostics
        .skips()
        .iter()
        .filter(|skip| skip.reason == "later_fragment")
        .map(|skip| skip.packets)
        .sum();
    let in_streams = counters.tcp_packets + counters.udp_packets + counters.later_fragments - unmatched;
    prop_assert_eq!(counters.tcp_packets + counters.udp_packets + counters.other_packets, counters.frames);
    prop_assert_eq!(all.packets + analysis.totals.filtered_packets, in_streams, "streams' packets");
    if analysis.totals.filtered_packets == 0 {
        let payload = counters.tcp_payload_bytes + counters.udp_payload_bytes;
        prop_assert_eq!(all.new_bytes + all.repeated_bytes, payload, "new and repeated payload of the streams");
    }
    Ok(lanes)
}

/// Bins cut the streams up without a rest.
fn check_bins(analysis: &Analysis, lanes: &BTreeMap<Lane, DirectionRecord>) -> Result<(), TestCaseError> {
    let mut books = Books::new();
    let mut starts = BTreeMap::new();
    for bin in &analysis.records.bins {
        let key = lane(&bin.stream, bin.direction);
        prop_assert_eq!(bin.start.as_nanos().rem_euclid(100_000_000), 0);
        let before = starts.insert(key, bin.start);
        prop_assert!(before.is_none_or(|before| before < bin.start), "bins of {:?} come in order, once", key);
        books.entry(key).or_default().add(bin.packets, bin.ip_bytes, bin.payload_bytes, bin.retransmitted_bytes);
    }
    for (key, record) in lanes {
        let bins = books.remove(key).unwrap_or_default();
        let stream = Sums {
            packets: record.packets,
            ip_bytes: record.ip_bytes,
            new_bytes: record.payload_bytes,
            repeated_bytes: record.retransmitted_bytes,
        };
        prop_assert_eq!(bins, stream, "bins and stream of {:?}", key);
    }
    prop_assert!(books.is_empty(), "bins without a stream: {:?}", books);
    Ok(())
}

/// Objects have each new byte once, dense numbers and times in order.
fn check_objects(analysis: &Analysis, lanes: &BTreeMap<Lane, DirectionRecord>) -> Result<(), TestCaseError> {
    let mut books = Books::new();
    let mut before = BTreeMap::new();
    for object in &analysis.records.objects {
        let key = lane(&object.stream, object.direction);
        prop_assert!(object.start <= object.end, "{:?}", object);
        prop_assert!(object.packets > 0 && object.payload_bytes > 0, "{:?}", object);
        let previous = before.insert(key, (object.index, object.end));
        prop_assert_eq!(object.index, previous.map_or(0, |(index, _)| index + 1), "numbers are dense from 0");
        prop_assert_eq!(object.gap_before_ns, previous.map(|(_, end)| object.start.nanos_since(end)));
        books.entry(key).or_default().add(
            object.packets,
            object.ip_bytes,
            object.payload_bytes,
            object.retransmitted_bytes,
        );
    }
    for (key, record) in lanes {
        let objects = books.remove(key).unwrap_or_default();
        prop_assert_eq!(objects.new_bytes, record.payload_bytes, "new payload of the objects of {:?}", key);
        prop_assert_eq!(before.get(key).map_or(0, |(index, _)| index + 1), record.objects);
        prop_assert!(objects.packets <= record.payload_packets, "{:?}: {:?}, {:?}", key, objects, record);
        prop_assert!(objects.ip_bytes <= record.ip_bytes);
        prop_assert!(objects.repeated_bytes <= record.retransmitted_bytes);
    }
    prop_assert!(books.is_empty(), "objects without a stream: {:?}", books);
    Ok(())
}

/// Packets add up to the streams, and their shares to the objects.
fn check_packets(analysis: &Analysis, lanes: &BTreeMap<Lane, DirectionRecord>) -> Result<(), TestCaseError> {
    let mut books = Books::new();
    let mut shares: BTreeMap<(Lane, u64), u64> = BTreeMap::new();
    let mut last = 0;
    for packet in &analysis.records.packets {
        prop_assert!(packet.number > last && packet.stream.id <= packet.number, "packets come in order");
        last = packet.number;
        let key = lane(&packet.stream, packet.direction);
        prop_assert!(packet.retransmitted_bytes <= packet.payload_bytes);
        let new_bytes = packet.payload_bytes - packet.retransmitted_bytes;
        books.entry(key).or_default().add(1, packet.ip_bytes, new_bytes, packet.retransmitted_bytes);
        prop_assert!(packet.previous_object_bytes <= new_bytes, "{:?}", packet);
        prop_assert_eq!(packet.object_index.is_some(), new_bytes > 0, "{:?}", packet);
        if let Some(index) = packet.object_index {
            *shares.entry((key, index)).or_default() += new_bytes - packet.previous_object_bytes;
            if packet.previous_object_bytes > 0 {
                *shares.entry((key, index - 1)).or_default() += packet.previous_object_bytes;
            }
        }
    }
    for (key, record) in lanes {
        let packets = books.remove(key).unwrap_or_default();
        prop_assert_eq!(packets.packets, record.packets);
        prop_assert_eq!(
            (packets.new_bytes, packets.repeated_bytes),
            (record.payload_bytes, record.retransmitted_bytes)
        );
        prop_assert_eq!(packets.ip_bytes, record.ip_bytes);
    }
    for object in &analysis.records.objects {
        let share = shares.remove(&(lane(&object.stream, object.direction), object.index));
        prop_assert_eq!(share, Some(object.payload_bytes), "packets of {:?}", object);
    }
    prop_assert!(shares.is_empty(), "packets of no object: {:?}", shares);
    Ok(())
}
