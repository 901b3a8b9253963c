//! Inputs to recordings: which files belong together, in which order, and under which name.

use crate::input::Input;

/// One recording: files that are analysed as if they were one.
pub(crate) struct Recording {
    /// The capture's name in the results.
    pub(crate) name: String,
    /// In the order of their packets.
    pub(crate) inputs: Vec<Input>,
}

impl Recording {
    /// All inputs as one recording, in the order of their first packets.
    pub(crate) fn of_all(mut inputs: Vec<Input>, name: Option<String>) -> Self {
        if inputs.len() > 1 {
            // The order of the command line decides nothing; inputs without a packet come last.
            let mut keyed: Vec<_> = inputs
                .into_iter()
                .map(|mut input| {
                    let start = input.peek().start;
                    ((start.is_none(), start, input.name.clone(), input.shown()), input)
                })
                .collect();
            keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
            inputs = keyed.into_iter().map(|(_, input)| input).collect();
        }
        let names: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
        Self { name: name.unwrap_or_else(|| capture_name(&names)), inputs }
    }

    /// Each input as a recording of its own. Names that would collide are numbered.
    pub(crate) fn separate(inputs: Vec<Input>) -> Vec<Self> {
        let mut taken = std::collections::HashSet::new();
        inputs
            .into_iter()
            .map(|input| {
                let stem = capture_name(&[&input.name]);
                let mut name = stem.clone();
                let mut number = 2;
                while !taken.insert(name.clone()) {
                    name = format!("{stem}-{number}");
                    number += 1;
                }
                Self { name, inputs: vec![input] }
            })
            .collect()
    }

    /// Bytes on disk of all inputs, if all are known.
    pub(crate) fn bytes(&self) -> Option<u64> {
        self.inputs.iter().map(|input| input.bytes).sum()
    }
}

/// Endings of file names that say how a capture is stored and not what it holds.
const ENDINGS: [&str; 8] = ["pcap", "pcapng", "cap", "ntar", "gz", "gzip", "zst", "zstd"];

/// The name of a capture from the names of its files, which stand in the order of their packets.
///
/// Rotated files get the name that the whole would have: `x_00001.pcap`, `x_00002.pcap` give `x`, as `x.pcap` does.
fn capture_name(names: &[&str]) -> String {
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
    use std::fs;

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
    fn files_are_ordered_by_their_first_packets() {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = Vec::new();
        for (name, second) in [("late.pcap", Some(9_u8)), ("b.pcap", Some(3)), ("none.pcap", None), ("a.pcap", Some(3))]
        {
            let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
            if let Some(second) = second {
                file.extend([second, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 60, 0, 0, 0, 0xff]);
            }
            let path = folder.path().join(name);
            fs::write(&path, file).unwrap();
            paths.push(path);
        }
        let mut orders = Vec::new();
        for _ in 0..paths.len() {
            paths.rotate_left(1);
            let recording = Recording::of_all(crate::input::find(&paths).unwrap().inputs, None);
            orders.push(recording.inputs.iter().map(|input| input.name.clone()).collect::<Vec<_>>());
        }
        for order in orders {
            assert_eq!(order, ["a.pcap", "b.pcap", "late.pcap", "none.pcap"]);
        }
    }

    #[test]
    fn separate_recordings_of_the_same_name_are_numbered() {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = Vec::new();
        for sub in ["m", "n", "o"] {
            let path = folder.path().join(sub).join("x.pcap");
            fs::create_dir(path.parent().unwrap()).unwrap();
            fs::write(&path, b"").unwrap();
            paths.push(path);
        }
        let recordings = Recording::separate(crate::input::find(&paths).unwrap().inputs);
        let names: Vec<_> = recordings.iter().map(|recording| recording.name.as_str()).collect();
        assert_eq!(names, ["x", "x-2", "x-3"]);
    }
}
