//! Objects to connection vectors of Tmix, for ns-2 and ns-3.
//!
//! In: rows. Out: one vector a stream, in order of their start, relative to the first. Guaranteed: what the reader of ns-2
//! takes: integers of 31 bits, no object of 0 bytes (that is a FIN), and no two lines of a kind that must alternate.
//!
//! Source: the ns manual, "Original Connection Vector Format", <https://www.isi.edu/websites/nsnam/ns/doc/node566.html>;
//! what a reader accepts: `tmix/tmix.cc` of ns-2 (<https://github.com/dtaht/ns2>), `read_one_cvec_v1`.

use super::ExportFile;
use crate::flow::Direction;
use crate::model::{Object, Rows, Stream};
use crate::time::Timestamp;
use std::fmt::Write as _;

/// The reader takes sizes and times as signed integers of 32 bits.
const GREATEST: u64 = i32::MAX as u64;

/// `tmix.cvec`.
pub(super) fn file(rows: &Rows) -> ExportFile {
    let mut content = String::from("# Window, RTT and loss (w, r, l) are not in the objects: set them.\n");
    let mut origin = None;
    for (at, stream) in rows.streams().enumerate() {
        let objects: Vec<Object> = stream.objects.iter().copied().filter(|object| object.payload_bytes > 0).collect();
        let Some(start) = objects.first().map(|object| object.start) else { continue };
        let origin = *origin.get_or_insert(start);
        let vector = Vector { id: at + 1, start_us: micros(start.nanos_since(origin)), start };
        let stream = Stream { objects, ..stream };
        if overlaps(&stream.objects) {
            vector.put_concurrent(&stream, &mut content)
        } else {
            vector.put_sequential(&stream, &mut content)
        }
    }
    ExportFile { name: "tmix.cvec".to_owned(), content }
}

/// What stands at the head of a connection vector.
struct Vector {
    id: usize,
    start_us: u64,
    start: Timestamp,
}

impl Vector {
    /// A side sends after it has received what the other sent, or after a pause of its own.
    fn put_sequential(&self, stream: &Stream<'_>, out: &mut String) {
        let Self { id, start_us, start } = *self;
        let _ = writeln!(out, "SEQ {start_us} {} {id} {id}", epochs(&stream.objects));
        put_network(out);
        let mut end = start;
        for (at, object) in stream.objects.iter().enumerate() {
            if at > 0 {
                let _ = writeln!(out, "t {}", think(object.start.nanos_since(end)));
            }
            let mark = if object.direction == Direction::Up { '>' } else { '<' };
            put_size(&mark.to_string(), "t", object.payload_bytes, out);
            end = end.max(object.end);
        }
        // The pause before the end, without which the connection stays open.
        out.push_str("t 0\n");
    }

    /// Each side sends by its own clock, whatever the other does.
    fn put_concurrent(&self, stream: &Stream<'_>, out: &mut String) {
        let Self { id, start_us, start } = *self;
        // A size that is written in pieces counts as many times as it has pieces.
        let sent = |direction| {
            let of = stream.objects.iter().filter(move |object| object.direction == direction);
            of.map(|object| object.payload_bytes.div_ceil(GREATEST)).sum::<u64>()
        };
        let _ = writeln!(out, "CONC {start_us} {} {} {id} {id}", sent(Direction::Up), sent(Direction::Down));
        put_network(out);
        let mut ends = [start; 2];
        for (at, object) in stream.objects.iter().enumerate() {
            let mark = if object.direction == Direction::Up { '>' } else { '<' };
            let end = &mut ends[object.direction.index()];
            // The reader takes no time before the first object; later ones have theirs from their side's last, or the start.
            if at > 0 {
                let _ = writeln!(out, "t{mark} {}", think(object.start.nanos_since(*end)));
            }
            put_size(&format!("c{mark}"), &format!("t{mark}"), object.payload_bytes, out);
            *end = (*end).max(object.end);
        }
        out.push_str("t> 0\nt< 0\n");
    }
}

/// Whether an object starts while one of the other direction is open.
fn overlaps(objects: &[Object]) -> bool {
    let mut ends = [None::<Timestamp>; 2];
    objects.iter().any(|object| {
        let other = ends[object.direction.opposite().index()];
        let end = &mut ends[object.direction.index()];
        *end = (*end).max(Some(object.end));
        other.is_some_and(|other| object.start < other)
    })
}

/// How many exchanges there are: one more each time the client sends after the server did.
fn epochs(objects: &[Object]) -> usize {
    let turns =
        objects.windows(2).filter(|pair| pair[0].direction == Direction::Down && pair[1].direction == Direction::Up);
    1 + turns.count()
}

/// Windows in bytes, RTT in µs and loss: the greatest window without scaling, and a network that adds nothing.
fn put_network(out: &mut String) {
    out.push_str("w 65535 65535\nr 0\nl 0.000000 0.000000\n");
}

/// The size of an object; what is greater than an integer of the reader is sent in pieces without a pause.
fn put_size(mark: &str, time: &str, bytes: u64, out: &mut String) {
    let mut rest = bytes;
    while rest > GREATEST {
        let _ = writeln!(out, "{mark} {GREATEST}\n{time} 0");
        rest -= GREATEST;
    }
    let _ = writeln!(out, "{mark} {rest}");
}

fn think(nanos: u64) -> u64 {
    micros(nanos).min(GREATEST)
}

const fn micros(nanos: u64) -> u64 {
    nanos / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::export::fixture;

    /// What the reader makes of a vector: start in µs, whether concurrent, and (mark, value) of its lines.
    struct Read {
        start: u64,
        concurrent: bool,
        counts: Vec<u64>,
        lines: Vec<(String, u64)>,
    }

    /// Reads as ns-2 does; panics where it would refuse.
    fn read(text: &str) -> Vec<Read> {
        let mut vectors: Vec<Read> = Vec::new();
        let mut state = "";
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (mark, values) = line.split_once(' ').unwrap();
            if mark == "l" {
                assert!(values.split(' ').all(|value| value.parse::<f32>().is_ok()) && values.split(' ').count() == 2);
                continue;
            }
            let values: Vec<u64> = values.split(' ').map(|value| value.parse().unwrap()).collect();
            match (mark, values.as_slice()) {
                ("SEQ", [start, counts @ .., _, _]) | ("CONC", [start, counts @ .., _, _]) => {
                    assert_eq!(counts.len(), if mark == "SEQ" { 1 } else { 2 });
                    let concurrent = mark == "CONC";
                    vectors.push(Read { start: *start, concurrent, counts: counts.to_vec(), lines: Vec::new() });
                    state = if concurrent { "t<" } else { "t" };
                }
                ("w", [_, _]) | ("r", [_]) => {}
                (_, [value]) => {
                    assert!(*value <= GREATEST && (*value > 0 || mark.starts_with('t')), "{line}");
                    let vector = vectors.last_mut().unwrap();
                    let known: &[&str] = if vector.concurrent { &["c>", "c<", "t>", "t<"] } else { &[">", "<", "t"] };
                    assert!(known.contains(&mark), "{line}");
                    // In a sequence times and sizes alternate; else only the same mark may not follow itself.
                    let refused = if vector.concurrent { mark == state } else { (mark == "t") == (state == "t") };
                    assert!(!refused, "{line} after {state}");
                    state = known.iter().find(|known| **known == mark).unwrap();
                    vector.lines.push((mark.to_owned(), *value));
                }
                _ => panic!("{line}"),
            }
        }
        vectors
    }

    fn lines(vector: &Read) -> Vec<(&str, u64)> {
        vector.lines.iter().map(|(mark, value)| (mark.as_str(), *value)).collect()
    }

    #[test]
    fn requests_and_replies_are_sequences_with_think_times() {
        let vectors = read(&file(&fixture::rows()).content);
        assert_eq!(vectors.iter().map(|of| of.start).collect::<Vec<u64>>(), [0, 1_000_000, 3_000_000, 8_000_000]);
        let first = [
            (">", 300),
            ("t", 40_000),
            ("<", 50_000),
            ("t", 3_000_000),
            (">", 500),
            ("t", 140_000),
            ("<", 150_000),
            ("t", 0),
        ];
        assert_eq!(lines(&vectors[0]), first);
        assert_eq!((vectors[0].concurrent, vectors[0].counts.as_slice()), (false, [2].as_slice()));
        assert_eq!(lines(&vectors[2]), [(">", 5), ("t", 0)]);
    }

    #[test]
    fn overlapping_directions_are_concurrent_with_a_clock_each() {
        let vectors = read(&file(&fixture::rows()).content);
        let overlapping = &vectors[1];
        assert!(overlapping.concurrent);
        assert_eq!(overlapping.counts, [2, 1]);
        let expected =
            [("c>", 1_000), ("t<", 250_000), ("c<", 20_000), ("t>", 250_000), ("c>", 10), ("t>", 0), ("t<", 0)];
        assert_eq!(lines(overlapping), expected);
    }

    #[test]
    fn what_the_reader_cannot_hold_is_cut_or_clamped() {
        let day = 86_400_000;
        let objects = [("a", 0, 0, 2 * GREATEST + 5), ("a", day, day, 1), ("a", day + 1, day + 1, 0)];
        let rows =
            fixture::rows_of(objects.into_iter().map(|(s, from, to, bytes)| (s.to_owned(), "c", from, to, bytes)));
        let vectors = read(&file(&rows).content);
        let expected =
            [(">", GREATEST), ("t", 0), (">", GREATEST), ("t", 0), (">", 5), ("t", GREATEST), (">", 1), ("t", 0)];
        assert_eq!(lines(&vectors[0]), expected);
    }

    #[test]
    fn epochs_are_counted_by_turns() {
        let (up, down) = (Direction::Up, Direction::Down);
        let cases: [(&[Direction], usize); 4] =
            [(&[up], 1), (&[up, down, up, down], 2), (&[down, up, up], 2), (&[up, up, down], 1)];
        for (directions, expected) in cases {
            let object = |direction| Object { start: fixture::at(0), direction, end: fixture::at(0), payload_bytes: 1 };
            let objects: Vec<Object> = directions.iter().copied().map(object).collect();
            assert_eq!(epochs(&objects), expected);
        }
    }
}
