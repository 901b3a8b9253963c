//! Inputs to recordings: which files belong together, in which order, and under which name.

use crate::input::Input;
use analyzer_core::capture::{FileOrder, capture_name};

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
            // The order of the command line decides nothing.
            let keyed = inputs.into_iter().map(|mut input| {
                let start = input.peek().start;
                (FileOrder::new(start, input.name.clone(), input.shown()), input)
            });
            let mut keyed: Vec<_> = keyed.collect();
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

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
