//! The cases as a whole: the same bytes every time, small, and fit for the tables.

use super::case::Case;
use super::container::gzip::gzip;
use super::{cases, files};
use flate2::read::GzDecoder;
use std::collections::HashSet;
use std::io::Read;

fn all() -> Vec<Case> {
    cases::all().expect("every case can be made")
}

#[test]
fn the_same_bytes_every_time() {
    assert_eq!(files().expect("made once"), files().expect("made twice"));
}

#[test]
fn small_enough_for_a_repository() {
    let total: usize = files().expect("made").values().map(Vec::len).sum();
    assert!(total < 1 << 20, "{total} bytes");
    for case in all() {
        assert!(case.bytes.len() < 60_000, "{} has {} bytes", case.file, case.bytes.len());
    }
}

#[test]
fn names_and_texts_fit_the_tables() {
    let mut names = HashSet::new();
    for case in all() {
        assert!(names.insert(case.file), "{} twice", case.file);
        for text in [case.file, case.proves, case.expected.fault] {
            assert!(!text.contains([',', '"', '\n']), "{text} would break the table");
        }
    }
}

#[test]
fn times_are_given_for_every_packet_or_none() {
    for case in all() {
        let times = case.times_ns.len() as u64;
        assert!(times == 0 || times == case.expected.frames, "{}: {times} times", case.file);
    }
}

#[test]
fn gzip_can_be_read_back() {
    // Nothing; too short to match; every byte value; matches of all lengths, and farther away than the window.
    let numbers: Vec<u8> = (0_u32..60_000).flat_map(|number| (number * number / 7).to_le_bytes()).collect();
    let growing: Vec<u8> = (0..300).flat_map(|length| [vec![7; length], vec![length as u8, 1]].concat()).collect();
    let bytes: Vec<u8> = (0..=255).collect();
    for content in [&[][..], b"abc", &bytes, &vec![0; 100_000], &growing, &numbers, &[&numbers[..], &numbers].concat()]
    {
        let mut read_back = Vec::new();
        GzDecoder::new(&gzip(content)[..]).read_to_end(&mut read_back).expect("valid gzip");
        assert!(read_back == content, "{} bytes came back as {}", content.len(), read_back.len());
    }
}
