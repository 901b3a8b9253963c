//! Rows by stream.

use super::{row, rows};
use crate::flow::Direction::{Down, Up};
use crate::model::{ObjectRow, Rows, Stream};

#[test]
fn streams_come_by_their_first_object_and_objects_by_their_start() {
    let all = [
        row("late", Up, 50, 51, 1),
        row("b", Down, 10, 12, 2),
        row("b", Up, 5, 6, 3),
        row("a", Up, 5, 9, 4),
        row("b", Up, 10, 11, 5),
    ];
    let told = |rows: &Rows| -> Vec<(String, Vec<u64>)> {
        let sizes = |stream: &Stream<'_>| stream.objects.iter().map(|object| object.payload_bytes).collect();
        rows.streams().map(|stream| (stream.id.to_owned(), sizes(&stream))).collect()
    };
    let expected =
        [("a", vec![4]), ("b", vec![3, 5, 2]), ("late", vec![1])].map(|(id, sizes)| (id.to_owned(), sizes)).to_vec();
    assert_eq!(told(&rows(&all)), expected);
    assert_eq!(told(&rows(all.iter().rev())), expected);
    assert_eq!((rows(&all).len(), rows(&all).is_empty()), (5, false));
    assert!(rows(&[]).is_empty() && rows(&[]).streams().next().is_none());
}

#[test]
fn the_last_name_of_a_stream_wins() {
    let early = ObjectRow { group: "192.0.2.1".to_owned(), client: "10.0.0.1".to_owned(), ..row("a", Up, 0, 1, 1) };
    let named = ObjectRow { client: "laptop".to_owned(), ..row("a", Down, 2, 3, 1) };
    for (all, names) in [([&early, &named], ("example.org", "laptop")), ([&named, &early], ("192.0.2.1", "10.0.0.1"))] {
        let rows = rows(all);
        let streams: Vec<Stream<'_>> = rows.streams().collect();
        assert_eq!(streams.len(), 1);
        assert_eq!((streams[0].group, streams[0].client, streams[0].objects.len()), (names.0, names.1, 2));
    }
}
