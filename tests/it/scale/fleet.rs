//! A folder of recordings that were rotated, and the tree of results.

use crate::support::{Packet, Run, captures, command, files_below, packets_of, read_capture, sniffit, write_pcap};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;

/// What is cut into files: (folder and name, capture, files). Streams go over every border.
const RECORDINGS: [(&str, &str, usize); 6] = [
    ("lab/phone", "truth/lab/phone-mix.pcap.gz", 24),
    ("lab/dash", "truth/lab/dash-near.pcap.gz", 12),
    ("street/phone", "truth/real/player-nginx-h2.pcap.gz", 8),
    ("street/web", "truth/real/news-caddy-h3.pcap.gz", 5),
    ("call", "conventions/golden_call.pcap", 2),
    ("web", "conventions/golden_web.pcap.gz", 1),
];

/// A fleet on disk.
pub(super) struct Fleet {
    pub(super) folder: TempDir,
}

impl Fleet {
    /// Writes all captures and their plan.
    pub(super) fn new() -> Self {
        let fleet = Self { folder: tempfile::tempdir().expect("a folder") };
        for (name, capture, files) in RECORDINGS {
            let path = captures(capture);
            let packets = packets_of(&read_capture(&path));
            for (at, part) in packets.chunks(packets.len().div_ceil(files)).enumerate() {
                fleet.write(&format!("{name}_{:05}.pcap", at + 1), part);
            }
        }
        fleet.plan();
        fleet
    }

    pub(super) fn captures(&self) -> PathBuf {
        self.folder.path().join("captures")
    }

    /// A capture file of the fleet, which is compressed by every other name.
    pub(super) fn write(&self, name: &str, packets: &[Packet]) -> PathBuf {
        let path = self.captures().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for captures");
        let pcap = write_pcap(packets);
        let compress = name.contains("lab/phone");
        let (path, bytes) = if compress {
            (PathBuf::from(format!("{}.zst", path.display())), zstd::encode_all(&pcap[..], 1).expect("zstd"))
        } else {
            (path, pcap)
        };
        fs::write(&path, bytes).expect("a capture");
        path
    }

    /// Makes the plan anew; its lines.
    pub(super) fn plan(&self) -> Vec<String> {
        let run = sniffit([Path::new("plan"), &self.captures()]).expect(0);
        fs::write(self.plan_path(), run.text()).expect("a plan");
        run.text().lines().map(str::to_owned).collect()
    }

    pub(super) fn plan_path(&self) -> PathBuf {
        self.folder.path().join("plan.jsonl")
    }

    pub(super) fn out(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The arguments of a task.
    pub(super) fn task(&self, index: usize, out: &str) -> Vec<String> {
        let text = |path: PathBuf| path.to_str().expect("a path of text").to_owned();
        ["task", "--plan", &text(self.plan_path()), "--index", &index.to_string(), "--out", &text(self.out(out))]
            .map(str::to_owned)
            .to_vec()
    }

    /// Runs all tasks of the plan, one after the other; their lines.
    pub(super) fn run_all(&self, out: &str) -> Vec<serde_json::Value> {
        (0..RECORDINGS.len()).map(|index| line(sniffit(self.task(index, out)).expect(0).text())).collect()
    }
}

/// Runs a task with bytes on its standard input.
pub(super) fn run_fed(task: impl IntoIterator<Item = String>, bytes: Vec<u8>) -> Run {
    let mut child = command(task.into_iter().chain(["--stdin".to_owned()]))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // In a thread of its own, so that neither waits for the other; what is not read breaks the pipe.
    let feeding = std::thread::spawn(move || drop(stdin.write_all(&bytes)));
    let run = Run::of(child.wait_with_output().expect("it ends"));
    feeding.join().expect("fed");
    run
}

/// The one line that a task prints.
pub(super) fn line(text: &str) -> serde_json::Value {
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// All files below a folder by their path in it.
pub(super) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    files_below(folder).into_iter().map(|(name, path)| (name, fs::read(path).expect("a file"))).collect()
}

/// Asserts that two trees hold the same, telling the names of what differs only.
#[track_caller]
pub(super) fn assert_same_tree(there: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>, what: &str) {
    let differ = |name: &&String| there.get(*name) != expected.get(*name);
    let names: Vec<&String> = there.keys().chain(expected.keys()).filter(differ).collect();
    assert!(names.is_empty(), "{what}: these differ: {names:?}");
    assert!(!expected.is_empty(), "{what}: nothing is there");
}
