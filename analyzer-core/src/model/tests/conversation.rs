//! Inter-arrival and think time of conversations made by hand.

use super::{row, rows};
use crate::flow::Direction::{Down, Up};
use crate::model::conversation::{Tally, tally};
use crate::model::{Histogram, ObjectRow};

/// Values of a histogram, ascending. They must be below 128, where bins are exact.
fn values(histogram: &Histogram) -> Vec<u64> {
    histogram.points().flat_map(|(value, count)| std::iter::repeat_n(value, count as usize)).collect()
}

fn tallies(all: &[ObjectRow]) -> [Tally; 2] {
    let [mut up, mut down] = <[Tally; 2]>::default();
    rows(all).streams().for_each(|stream| tally(&stream, &mut up, &mut down));
    [up, down]
}

/// Objects as (up, start, end), then think times and inter-arrivals of up and of down.
type Case = (&'static str, &'static [(bool, i64, i64)], [&'static [u64]; 2], [&'static [u64]; 2]);

const CASES: &[Case] = &[
    ("one object", &[(true, 5, 9)], [&[], &[]], [&[], &[]]),
    ("request and response", &[(true, 0, 2), (false, 5, 50)], [&[], &[3]], [&[], &[]]),
    (
        "two exchanges",
        &[(true, 0, 2), (false, 5, 50), (true, 90, 91), (false, 92, 100)],
        [&[40], &[1, 3]],
        [&[90], &[87]],
    ),
    ("the server speaks first", &[(false, 0, 4), (true, 10, 11)], [&[6], &[]], [&[], &[]]),
    ("a response while the request is sent", &[(true, 0, 20), (false, 10, 30)], [&[], &[]], [&[], &[]]),
    (
        "an object within one of the other direction, then one after both",
        &[(false, 0, 100), (true, 10, 20), (true, 40, 50), (true, 110, 111)],
        [&[10], &[]],
        [&[30, 70], &[]],
    ),
    (
        "the latest end counts, not the latest object's",
        &[(true, 0, 60), (true, 10, 20), (false, 40, 45), (false, 70, 71)],
        [&[], &[10]],
        [&[10], &[30]],
    ),
    (
        "of two requests in a row the first was thought about",
        &[(false, 0, 1), (true, 5, 6), (true, 9, 10), (false, 12, 13)],
        [&[4], &[2]],
        [&[4], &[12]],
    ),
    ("it starts when the other ends", &[(true, 0, 5), (false, 5, 9)], [&[], &[0]], [&[], &[]]),
    ("both at once and of one packet: up is earlier", &[(false, 7, 7), (true, 7, 7)], [&[], &[0]], [&[], &[]]),
    ("both start at once: the one up is open", &[(false, 7, 8), (true, 7, 9)], [&[], &[]], [&[], &[]]),
    ("before 1970", &[(true, -50, -40), (false, -30, -20), (true, -5, 0)], [&[15], &[10]], [&[45], &[]]),
];

#[test]
fn think_times_and_inter_arrivals() {
    for (name, objects, think_times, inter_arrivals) in CASES {
        let direction = |up: bool| if up { Up } else { Down };
        let all = objects.iter().map(|&(up, start, end)| row("1", direction(up), start, end, 1));
        let mut all: Vec<ObjectRow> = all.collect();
        for _ in 0..2 {
            let tallies = tallies(&all);
            for (at, direction) in ["up", "down"].into_iter().enumerate() {
                assert_eq!(values(&tallies[at].think_time), think_times[at], "{name}: think time {direction}");
                assert_eq!(values(&tallies[at].inter_arrival), inter_arrivals[at], "{name}: arrivals {direction}");
            }
            // Rows may come in any order.
            all.reverse();
        }
    }
}

#[test]
fn streams_do_not_mix() {
    let all = [row("a", Up, 0, 1, 10), row("b", Down, 5, 9, 20), row("a", Up, 20, 21, 30), row("b", Up, 22, 22, 40)];
    let [up, down] = tallies(&all);
    assert_eq!((values(&up.size), values(&down.size)), (vec![10, 30, 40], vec![20]));
    assert_eq!((values(&up.duration), values(&down.duration)), (vec![0, 1, 1], vec![4]));
    assert_eq!((values(&up.inter_arrival), values(&down.inter_arrival)), (vec![20], vec![]));
    assert_eq!((values(&up.think_time), values(&down.think_time)), (vec![13], vec![]));
}

#[test]
fn only_streams_with_an_object_in_a_direction_are_counted_there() {
    let all = [row("a", Up, 0, 1, 1), row("a", Up, 2, 3, 1), row("a", Down, 4, 5, 1), row("b", Up, 0, 1, 1)];
    let [up, down] = tallies(&all);
    assert_eq!((values(&up.objects_per_stream), values(&down.objects_per_stream)), (vec![1, 2], vec![1]));
}
