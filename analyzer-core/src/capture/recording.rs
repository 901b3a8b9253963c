//! Which order and which name the files of one recording have.
//!
//! In: what is known of each file before it is read. Out: the place of a file among the others, and the capture's name.
//! Guaranteed: neither depends on the order in which the files were named.

use crate::time::Timestamp;

/// A file's place among those of its recording: the one that sorts first is read first.
///
/// Files are read in the order of their first packets, and those without a packet come last. Where that does not decide,
/// the names do, and then the paths.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileOrder {
    // The fields are compared in this order.
    is_without_packet: bool,
    start: Option<Timestamp>,
    name: String,
    path: String,
}

impl FileOrder {
    /// The place of a file with its first packet's time, its name without folders, and its whole path.
    #[must_use]
    pub const fn new(start: Option<Timestamp>, name: String, path: String) -> Self {
        Self { is_without_packet: start.is_none(), start, name, path }
    }
}

/// Endings of file names that say how a capture is stored and not what it holds.
const ENDINGS: [&str; 8] = ["pcap", "pcapng", "cap", "ntar", "gz", "gzip", "zst", "zstd"];

/// The name of a capture from the names of its files without folders, which stand in the order of their packets; `-` is
/// standard input.
///
/// Rotated files get the name that the whole would have: `x_00001.pcap`, `x_00002.pcap` give `x`, as `x.pcap` does.
#[must_use]
pub fn capture_name(names: &[&str]) -> String {
    let stems: Vec<&str> = names.iter().map(|name| stem(name)).collect();
    let Some((&first, others)) = stems.split_first() else { return String::new() };
    if first == "-" {
        return "stdin".to_owned();
    }
    let mut shared = first;
    for other in others {
        let bytes = shared.char_indices().zip(other.chars()).take_while(|((_, a), b)| a == b);
        shared = &shared[..bytes.last().map_or(0, |((at, character), _)| at + character.len_utf8())];
    }
    let follows_digit = |stem: &&str| stem[shared.len()..].starts_with(|next: char| next.is_ascii_digit());
    if stems.iter().any(follows_digit) {
        // The files are told apart by a number, whose leading digits may be the same.
        shared = shared.trim_end_matches(|last: char| last.is_ascii_digit());
    }
    if stems.iter().any(|stem| stem.len() > shared.len()) {
        shared = shared.trim_end_matches(['_', '-', '.', ' ', '(', '#']);
    }
    if shared.is_empty() { first.to_owned() } else { shared.to_owned() }
}

/// What the names of the files of one rotating recorder share: the name without endings, and without the numbers and times by which
/// recorders tell their files apart.
///
/// `x_00001_20200301100000.pcapng` (dumpcap, editcap), `x-wg0-20200301T100000Z-00001.pcap.zst` (ours), `x-2020-03-01_10.00.00.pcap` and
/// `x.pcap3` (tcpdump) give `x`, `x-wg0`, `x` and `x`. Only numbers of five digits and more and whole times are left out: `phone-2` is
/// another recording than `phone-1`.
#[must_use]
pub fn series_name(name: &str) -> &str {
    let whole = stem(name);
    let mut series = whole;
    while let Some(shorter) = without_time(series).or_else(|| without_number(series)) {
        series = shorter;
    }
    if series.is_empty() { whole } else { series }
}

const SEPARATORS: [char; 6] = ['_', '-', '.', ' ', '#', '('];

/// Fewer digits are a name that somebody gave.
const FEWEST_DIGITS: usize = 5;

fn without_number(name: &str) -> Option<&str> {
    let shorter = name.trim_end_matches(|last: char| last.is_ascii_digit());
    (name.len() - shorter.len() >= FEWEST_DIGITS).then(|| shorter.trim_end_matches(SEPARATORS))
}

/// Without a time such as `20200301T100000Z` or `2020-03-01_10.00.00`: a digit of the pattern stands for any, other characters for any
/// separator or none.
fn without_time(name: &str) -> Option<&str> {
    let name = name.strip_suffix(['Z', 'z']).unwrap_or(name);
    let mut rest = name;
    for digits in [2, 2, 2, 2, 2, 4] {
        let at = rest.len().checked_sub(digits)?;
        rest = rest.split_at_checked(at).filter(|(_, last)| last.bytes().all(|byte| byte.is_ascii_digit()))?.0;
        if digits < 4 {
            rest = rest.strip_suffix(['-', '_', '.', ':', ' ', 'T', 't']).unwrap_or(rest);
        }
    }
    let is_year = name[rest.len()..].starts_with("19") || name[rest.len()..].starts_with("20");
    (is_year && !rest.ends_with(|last: char| last.is_ascii_digit())).then(|| rest.trim_end_matches(SEPARATORS))
}

/// A file name without the endings of captures and compressions; `.pcap3` is what tcpdump -C calls its fourth file.
fn stem(name: &str) -> &str {
    let mut stem = name;
    while let Some((shorter, ending)) = stem.rsplit_once('.') {
        let ending = ending.to_ascii_lowercase();
        let known = ENDINGS.contains(&ending.trim_end_matches(|last: char| last.is_ascii_digit()));
        if shorter.is_empty() || !known {
            break;
        }
        stem = shorter;
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (files, expected) in [
            (&["x.pcap"][..], "x"),
            (&["x_00001.pcap"], "x_00001"),
            (&["x_00001.pcap", "x_00002.pcap"], "x"),
            (&["x_00009.pcap.gz", "x_00010.pcap.gz"], "x"),
            (&["x_00001_20200301100000.pcapng", "x_00002_20200301101000.pcapng"], "x"),
            (&["x.pcap", "x.pcap1", "x.pcap2"], "x"),
            (&["run2020_1.pcap", "run2020_2.pcap"], "run2020"),
            (&["run1.pcap", "run10.pcap"], "run"),
            (&["capture.2020-03-01.PCAPNG.zst"], "capture.2020-03-01"),
            (&["a.b.pcap", "a.c.pcap"], "a"),
            (&["phone.pcap", "laptop.pcap"], "phone"),
            (&["1.pcap", "2.pcap"], "1"),
            (&["日本1.pcap", "日本2.pcap"], "日本"),
            (&["日本.pcap", "日曜.pcap"], "日"),
            (&[".pcap"], ".pcap"),
            (&["no-ending"], "no-ending"),
            (&["-"], "stdin"),
            (&["same.pcap", "same.pcap"], "same"),
        ] {
            assert_eq!(capture_name(files), expected, "{files:?}");
        }
    }

    #[test]
    fn files_of_a_series_share_their_name() {
        for (file, expected) in [
            ("x.pcap", "x"),
            ("x.pcap12", "x"),
            ("x_00001.pcap", "x"),
            ("x_00012_20200301100000.pcapng", "x"),
            ("capture-wg0-20200301T100000Z-00001.pcap.zst", "capture-wg0"),
            ("x-2020-03-01_10.00.00.pcap", "x"),
            ("x-2020-03-01T10:00:00Z.pcap.gz", "x"),
            ("x-1583056800.pcap", "x"),
            ("phone-1.pcap", "phone-1"),
            ("run2020_1.pcap", "run2020_1"),
            ("x-0000.pcap", "x-0000"),
            ("00001.pcap", "00001"),
            ("20200301100000.pcap", "20200301100000"),
            ("日本_00001.pcap", "日本"),
            ("日本.pcap", "日本"),
            ("Z", "Z"),
            ("", ""),
        ] {
            assert_eq!(series_name(file), expected, "{file}");
        }
    }

    #[test]
    fn files_are_ordered_by_their_first_packets() {
        let order = |second: Option<i64>, name: &str, path: &str| {
            FileOrder::new(second.map(Timestamp::from_nanos), name.to_owned(), path.to_owned())
        };
        let sorted = [
            order(Some(-3), "z", "z"),
            order(Some(3), "a", "x/a"),
            order(Some(3), "a", "y/a"),
            order(Some(3), "b", "a/b"),
            order(Some(9), "a", "a"),
            order(None, "a", "a"),
            order(None, "b", "b"),
        ];
        for turn in 0..sorted.len() {
            let mut files = sorted.clone();
            files.rotate_left(turn);
            files.sort();
            assert_eq!(files, sorted);
        }
    }
}
