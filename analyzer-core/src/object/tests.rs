//! Sequence numbers, record headers, QUIC headers and the names of methods, each on a table of cases.

use super::method::parse_duration;
use super::quic::has_long_header;
use super::records::{RecordWalker, TlsRecord};
use super::sequence::{ORIGIN, SequenceTracker};
use super::{EndReason, Method};
use std::time::Duration;

#[test]
fn methods_have_names_and_parameters() {
    let fixed = |nanos| Some(Method::Fixed(Duration::from_nanos(nanos)));
    for (text, expected) in [
        ("exchange", Some(Method::Exchange)),
        ("exchange-headers", Some(Method::ExchangeHeaders)),
        ("mean-gap", Some(Method::MeanGap)),
        ("fixed:1s", fixed(1_000_000_000)),
        ("fixed:1.5s", fixed(1_500_000_000)),
        ("fixed:500ms", fixed(500_000_000)),
        ("rtt:1", Some(Method::Rtt { per_mille: 1000 })),
        ("rtt:0.25", Some(Method::Rtt { per_mille: 250 })),
        ("fixed", None),
        ("fixed:", None),
        ("fixed:1", None),
        ("fixed:-1s", None),
        ("fixed:1.2345s", None),
        ("fixed:99999999999999h", None),
        ("rtt:x", None),
        ("rtt:9999999999", None),
        ("mean-gap:1", None),
        ("", None),
    ] {
        let parsed = text.parse::<Method>().ok();
        assert_eq!(parsed, expected, "{text}");
        if let Some(method) = parsed {
            assert_eq!(method.to_string().parse(), Ok(method), "{text} can be written and read again");
        }
    }
    assert_eq!(parse_duration("250us"), Some(Duration::from_micros(250)));
    assert_eq!(parse_duration("2m"), Some(Duration::from_secs(120)));
}

#[test]
fn every_end_has_a_name_of_its_own() {
    let all = [
        EndReason::Reply,
        EndReason::Idle,
        EndReason::Push,
        EndReason::Record,
        EndReason::Request,
        EndReason::Gap,
        EndReason::Closed,
        EndReason::CaptureEnd,
        EndReason::Evicted,
    ];
    let names: std::collections::BTreeSet<_> = all.iter().map(|reason| reason.as_str()).collect();
    assert_eq!(names.len(), all.len());
}

/// Segments (sequence number, bytes) and, for each, where they stand from the first payload byte and what is new.
fn check_sequence(name: &str, syn: Option<u32>, segments: &[(u32, u32, i64, u32)], overflowed: u32) {
    let mut tracker = SequenceTracker::default();
    if let Some(sequence) = syn {
        tracker.start(sequence, true);
    }
    for (at, &(sequence, bytes, offset, new_bytes)) in segments.iter().enumerate() {
        tracker.start(sequence, false);
        let placed = tracker.place(sequence, bytes);
        let from_origin = placed.start.cast_signed() - ORIGIN.cast_signed();
        assert_eq!((from_origin, placed.new_bytes), (offset, new_bytes), "{name}, segment {at}");
    }
    assert_eq!(tracker.overflowed_holes(), overflowed, "{name}");
}

#[test]
fn payload_is_placed_in_the_stream() {
    let syn = Some(99);
    check_sequence("in order", syn, &[(100, 10, 0, 10), (110, 5, 10, 5)], 0);
    check_sequence("repeated", syn, &[(100, 10, 0, 10), (100, 10, 0, 0), (105, 10, 5, 5)], 0);
    check_sequence("hole filled", syn, &[(100, 10, 0, 10), (120, 10, 20, 10), (110, 10, 10, 10), (110, 10, 10, 0)], 0);
    check_sequence(
        "hole filled in parts",
        syn,
        &[(100, 9, 0, 9), (130, 9, 30, 9), (115, 5, 15, 5), (105, 30, 5, 16)],
        0,
    );
    check_sequence("wrap-around", Some(u32::MAX - 5), &[(u32::MAX - 4, 10, 0, 10), (5, 10, 10, 10)], 0);
    check_sequence("keep-alive before any payload", syn, &[(99, 1, -1, 0)], 0);
    check_sequence(
        "bytes before a late beginning",
        None,
        &[(1000, 10, 0, 10), (900, 50, -100, 50), (900, 50, -100, 0)],
        0,
    );
    let holes = [(100, 1, 0, 1), (110, 1, 10, 1), (120, 1, 20, 1), (130, 1, 30, 1), (140, 1, 40, 1), (150, 1, 50, 1)];
    check_sequence(
        "a fifth hole gives up the first",
        syn,
        &[&holes[..], &[(105, 1, 5, 0), (111, 9, 11, 9)]].concat(),
        1,
    );
    // Filling the middle of one of four holes makes five.
    let split = [(100, 1, 0, 1), (110, 1, 10, 1), (120, 1, 20, 1), (130, 1, 30, 1), (140, 1, 40, 1), (135, 1, 35, 1)];
    check_sequence("a split hole may be one too many", syn, &split, 1);
}

#[test]
fn acknowledgments_cover_what_was_seen() {
    let mut tracker = SequenceTracker::default();
    assert!(tracker.covers(7) && tracker.is_all_acknowledged(), "nothing can be said before the first packet");
    tracker.start(99, true);
    tracker.place(100, 10);
    assert!(tracker.is_all_acknowledged(), "the peer was never seen to acknowledge");
    tracker.acknowledge(105);
    assert!(!tracker.is_all_acknowledged() && !tracker.covers(109) && tracker.covers(110));
    tracker.acknowledge(110);
    assert!(tracker.is_all_acknowledged());
}

#[test]
fn a_syn_that_does_not_repeat_opens_another_connection() {
    let mut tracker = SequenceTracker::default();
    assert!(!tracker.is_other_opening(5));
    tracker.start(99, true);
    assert!(!tracker.is_other_opening(99) && tracker.is_other_opening(98));
    tracker.place(100, 10);
    assert!(tracker.is_other_opening(99), "after payload no SYN is a repetition");
}

/// A stream of TLS records, zeroed but for the headers.
fn stream(records: &[(u8, u16)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (content_type, length) in records {
        let [high, low] = length.to_be_bytes();
        bytes.extend_from_slice(&[*content_type, 3, 3, high, low]);
        bytes.resize(bytes.len() + usize::from(*length), 0);
    }
    bytes
}

/// Walks over the pieces (offset, payload bytes, captured bytes) of a stream; what was found and whether it is reading.
fn walk(from_start: bool, bytes: &[u8], pieces: &[(usize, usize, usize)]) -> (Vec<(u64, u8, u16, bool)>, bool) {
    let mut walker = RecordWalker::new(from_start);
    let mut found = Vec::new();
    for &(offset, payload, captured) in pieces {
        let piece = &bytes[offset..offset + captured];
        walker.feed(ORIGIN + offset as u64, payload as u32, piece, |record: TlsRecord| {
            found.push((record.start - ORIGIN, record.content_type, record.length, record.after_hole));
        });
    }
    (found, walker.is_reading())
}

#[test]
fn record_headers_are_walked() {
    let bytes = stream(&[(22, 100), (23, 1000), (23, 30), (23, 500)]);
    let all = vec![(0, 22, 100, false), (105, 23, 1000, false), (1110, 23, 30, false), (1145, 23, 500, false)];
    let whole = bytes.len();
    assert_eq!(walk(true, &bytes, &[(0, whole, whole)]), (all.clone(), true), "in one piece");
    for size in [1, 2, 3, 4, 5, 6, 7, 99, 100, 105, 106, 700] {
        let pieces: Vec<_> =
            (0..whole).step_by(size).map(|at| (at, size.min(whole - at), size.min(whole - at))).collect();
        let (found, is_reading) = walk(true, &bytes, &pieces);
        let facts =
            |records: &[(u64, u8, u16, bool)]| records.iter().map(|record| (record.1, record.2)).collect::<Vec<_>>();
        assert_eq!((facts(&found), is_reading), (facts(&all), true), "in pieces of {size}");
        // A header that began in the packet before stands at the beginning of the one that completes it.
        assert!(found.iter().zip(&all).all(|(found, record)| found.0 >= record.0 && found.0 < record.0 + 5));
    }

    let (found, is_reading) = walk(true, &bytes, &[(0, 200, 200), (1140, 510, 510)]);
    assert_eq!((found, is_reading), (vec![all[0], all[1], (1145, 23, 500, true)], true), "resumed after a hole");
    let (found, is_reading) = walk(false, &bytes, &[(50, 300, 300), (350, 1300, 1300)]);
    assert_eq!((found, is_reading), (vec![(105, 23, 1000, true), all[2], all[3]], true), "begun mid-stream");
    let (found, is_reading) = walk(true, &bytes, &[(0, 1000, 200), (1000, 140, 115), (1140, 510, 10)]);
    assert_eq!((found, is_reading), (all.clone(), true), "payload cut between the headers");
    let (found, is_reading) = walk(true, &bytes, &[(0, 200, 40), (200, 1450, 0)]);
    assert_eq!((found, is_reading), (all[..1].to_vec(), false), "a header that was not captured");
    let (found, is_reading) = walk(true, &bytes, &[(0, 1113, 1112)]);
    assert_eq!((found, is_reading), (all[..2].to_vec(), false), "a header cut in the middle");
    assert_eq!(walk(true, b"GET / HTTP/1.1\r\n", &[(0, 16, 16)]), (vec![], false), "no TLS");
    assert_eq!(walk(false, &vec![0; 70_000], &[(0, 70_000, 70_000)]), (vec![], false), "searched in vain");
    let lost = [stream(&[(23, 100)]), vec![99; 300], stream(&[(23, 77)])].concat();
    let (found, _) = walk(true, &lost, &[(0, lost.len(), lost.len())]);
    assert_eq!(found, [(0, 23, 100, false), (405, 23, 77, true)], "a header that is none");
}

#[test]
fn quic_long_headers_are_known_by_version() {
    for (payload, expected) in [
        (&[0xc3, 0, 0, 0, 1, 8][..], true),
        (&[0xc3, 0x6b, 0x33, 0x43, 0xcf], true),
        (&[0xc3, 0xff, 0, 0, 29], true),
        (&[0x80, 0, 0, 0, 0], true),
        (&[0xc0, 0x1a, 0x2a, 0x3a, 0x4a], true),
        (&[0xc3, b'Q', b'0', b'4', b'6'], true),
        (&[0x0d, 1, 2, 3, 4, 5, 6, 7, 8, b'Q', b'0', b'4', b'3'], true),
        (&[0x0d, 1, 2, 3, 4, 5, 6, 7, 8, b'X', b'0', b'4', b'3'], false),
        (&[0x40, 0, 0, 0, 1], false),
        (&[0x80, 0x60, 0, 1, 2], false),
        (&[0xc3, 0, 0, 0], false),
        (&[], false),
    ] {
        assert_eq!(has_long_header(payload), expected, "{payload:02x?}");
    }
}
