//! Streams for exports that replay objects.
//!
//! In: [`Rows`]. Out: the streams with most objects, and the pauses between a client's streams. Guaranteed: at most as
//! many streams as asked for, in the order of their first object.

use crate::model::{Histogram, Rows, Stream, Unit, Variable};
use crate::time::Timestamp;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// How many streams are replayed.
pub(super) const STREAMS: usize = 16;
/// How many objects of a stream and direction are replayed.
pub(super) const OBJECTS: usize = 10_000;

/// The streams with most objects; of equal ones, those that began first.
pub(super) fn busiest(rows: &Rows) -> Vec<Stream<'_>> {
    let mut streams: Vec<(usize, Stream<'_>)> = Vec::with_capacity(STREAMS + 1);
    for (at, stream) in rows.streams().enumerate() {
        streams.push((at, stream));
        streams.sort_by_key(|(at, stream)| (Reverse(stream.objects.len()), *at));
        streams.truncate(STREAMS);
    }
    streams.sort_by_key(|(at, _)| *at);
    streams.into_iter().map(|(_, stream)| stream).collect()
}

/// By group: from the end of a client's streams to the start of its next, when none is open.
pub(super) fn pauses(rows: &Rows) -> BTreeMap<&str, Variable> {
    let mut ends: BTreeMap<(&str, &str), Timestamp> = BTreeMap::new();
    let mut pauses: BTreeMap<&str, Histogram> = BTreeMap::new();
    for stream in rows.streams() {
        let Some(start) = stream.objects.first().map(|object| object.start) else { continue };
        let end = stream.objects.iter().map(|object| object.end).fold(start, Timestamp::max);
        let latest = ends.entry((stream.group, stream.client)).or_insert(Timestamp::MIN);
        if *latest > Timestamp::MIN && *latest < start {
            pauses.entry(stream.group).or_default().add(start.nanos_since(*latest));
        }
        *latest = (*latest).max(end);
    }
    pauses.into_iter().map(|(group, bins)| (group, Variable::of(Unit::Second, bins))).collect()
}

/// Nanoseconds as decimal seconds, exactly and without an exponent.
pub(super) fn seconds(nanos: u64) -> String {
    let text = format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::export::fixture;

    #[test]
    fn the_busiest_streams_are_few_and_in_order() {
        // Stream number i has i objects and starts at i s.
        let objects = (1..=40_u64).flat_map(|i| (0..i).map(move |k| (i, i * 1_000 + k)));
        let rows = fixture::rows_of(objects.map(|(i, ms)| (format!("s{i}"), "c", ms, ms, 1)));
        let lengths: Vec<usize> = busiest(&rows).iter().map(|stream| stream.objects.len()).collect();
        assert_eq!(lengths, (25..=40).collect::<Vec<usize>>());
    }

    #[test]
    fn pauses_are_counted_between_streams_of_one_client_only() {
        let cases = [
            (vec![("c", 0, 1_000), ("c", 3_000, 4_000)], Some(2.0)),
            (vec![("c", 0, 1_000), ("d", 3_000, 4_000)], None),
            (vec![("c", 0, 5_000), ("c", 1_000, 2_000), ("c", 6_000, 6_000)], Some(1.0)),
        ];
        for (streams, expected) in cases {
            let objects = streams.into_iter().enumerate();
            let rows = fixture::rows_of(objects.map(|(i, (c, from, to))| (format!("s{i}"), c, from, to, 1)));
            let pauses = pauses(&rows);
            assert_eq!(pauses.values().next().and_then(|pause| pause.mean), expected);
        }
    }

    #[test]
    fn seconds_are_exact() {
        let cases = [(0, "0"), (1, "0.000000001"), (1_500_000_000, "1.5"), (10_000_000_000, "10")];
        for (nanos, expected) in cases {
            assert_eq!(seconds(nanos), expected);
        }
    }
}
