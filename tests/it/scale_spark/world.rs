//! Recordings of one's own making and their results without Spark.
//!
//! In: nothing. Out: a folder of captures, whose streams go over every border between files and of which one recording is many times larger
//! than each other; and what tasks make of it one after the other.

use crate::support::{Packet, command, files_below, frames, sniffit, write_pcap};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tempfile::TempDir;

/// Name, files, packets a file.
pub(super) const RECORDINGS: [(&str, u32, u32); 6] =
    [("large", 24, 300), ("a", 6, 18), ("b", 6, 18), ("c", 6, 18), ("d", 6, 18), ("e", 6, 18)];
/// Connections of each recording, all of which last from its first file to its last.
pub(super) const CONNECTIONS: u32 = 3;

pub(super) struct World {
    folder: TempDir,
}

impl World {
    pub(super) fn new() -> Self {
        let world = Self { folder: tempfile::tempdir().expect("a folder") };
        fs::create_dir(world.captures()).expect("a folder");
        for (at, (name, files, packets)) in RECORDINGS.into_iter().enumerate() {
            for file in 0..files {
                world.write(name, file, at as u32, packets);
            }
        }
        world.plan();
        world
    }

    /// Writes a file of a recording: `packets` of it, beginning with those that the files before it ended with.
    pub(super) fn write(&self, name: &str, file: u32, recording: u32, packets: u32) {
        let packets: Vec<Packet> =
            (file * packets..(file + 1) * packets).map(|number| packet(recording, number)).collect();
        fs::write(self.capture(name, file), write_pcap(&packets)).expect("a capture");
    }

    pub(super) fn captures(&self) -> PathBuf {
        self.path("captures")
    }

    pub(super) fn capture(&self, name: &str, file: u32) -> PathBuf {
        self.captures().join(format!("{name}_{file:05}.pcap"))
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn text(&self, name: &str) -> String {
        self.path(name).to_str().expect("a path of text").to_owned()
    }

    /// Makes the plan anew.
    pub(super) fn plan(&self) {
        let run = sniffit([Path::new("plan"), &self.captures()]).expect(0);
        fs::write(self.path("plan.jsonl"), run.stdout).expect("a plan");
    }

    /// Runs all tasks, one process after the other; their lines.
    pub(super) fn run_all(&self, out: &str) -> Vec<Value> {
        let run = |index: usize| {
            let (plan, out) = (self.text("plan.jsonl"), self.text(out));
            let run = sniffit(["task", "--plan", &plan, "--index", &index.to_string(), "--out", &out]).expect(0);
            serde_json::from_slice(&run.stdout).expect("a line of JSON")
        };
        (0..RECORDINGS.len()).map(run).collect()
    }

    /// The results without Spark, made twice, because each process has another seed of its hash maps.
    pub(super) fn expected(&self) -> Tree {
        let lines = self.run_all("one");
        for line in &lines {
            assert_eq!(line["streams"].as_u64(), Some(u64::from(CONNECTIONS)), "no stream is cut: {line}");
        }
        let expected = tree(&self.path("one"));
        self.run_all("two");
        assert_same(&tree(&self.path("two")), &expected, "another process");
        let tasks = format!(
            "seq 0 {} | xargs -P 2 -I@ \"$0\" task --plan {} --index @ --out {}",
            RECORDINGS.len() - 1,
            self.text("plan.jsonl"),
            self.text("xargs")
        );
        let program = command([""; 0]).get_program().to_owned();
        let done = std::process::Command::new("sh").args(["-c", &tasks]).arg(program).output().expect("sh starts");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert_same(&tree(&self.path("xargs")), &expected, "xargs");
        expected
    }

    /// A program that is `sniffit` after these lines of a shell script, which know `$name`, the recording's, and `$marks`, a folder, in which
    /// `<name>.<pid>` tells that the task was begun.
    pub(super) fn wrapper(&self, lines: &str) -> String {
        let marks = self.text("marks");
        let _ = fs::remove_dir_all(&marks);
        fs::create_dir(&marks).expect("a folder");
        let program = command([""; 0]).get_program().to_str().expect("a path of text").to_owned();
        let script = format!(
            "#!/bin/sh\nmarks='{marks}'\nfor word; do [ \"$before\" = --plan ] && plan=$word; before=$word; done\n\
             name=$(sed 's/.*\"recording\": *\"\\([^\"]*\\)\".*/\\1/' \"$plan\")\n: >\"$marks/$name.$$\"\n\
             {lines}\nexec '{program}' \"$@\"\n"
        );
        fs::write(self.path("wrapper"), script).expect("a script");
        fs::set_permissions(self.path("wrapper"), fs::Permissions::from_mode(0o755)).expect("it can be run");
        self.text("wrapper")
    }

    /// Tasks that were begun: recording and process.
    pub(super) fn begun(&self) -> Vec<(String, u32)> {
        let marks = fs::read_dir(self.path("marks")).expect("a folder");
        let names = marks.map(|mark| mark.expect("an entry").file_name().into_string().expect("text"));
        names
            .filter_map(|name| name.rsplit_once('.').and_then(|(a, b)| Some((a.to_owned(), b.parse().ok()?))))
            .collect()
    }

    /// Lets the tasks of a wrapper go on that wait for it.
    pub(super) fn go(&self) {
        fs::write(self.path("marks/.go"), "").expect("a file");
    }
}

/// Packet `number` of a recording: its connections take turns, and in each of them both sides.
fn packet(recording: u32, number: u32) -> Packet {
    let (connection, turn) = (number % CONNECTIONS, number / CONNECTIONS);
    let port = (40_000 + connection) as u16;
    let (client, server) = ([10, 0, recording as u8, 1], [192, 0, 2, connection as u8 + 1]);
    let payload = vec![turn as u8; 40 + (number * 37 % 300) as usize];
    let mut packet = if turn.is_multiple_of(2) {
        frames::frame(17, client, server, &frames::udp(port, 5_000, &payload))
    } else {
        frames::frame(17, server, client, &frames::udp(5_000, port, &payload))
    };
    // Each recording begins on a day of its own; a packet every 50 ms is no silence for any stream.
    packet.time_ns += i64::from(recording) * 86_400_000_000_000 + i64::from(number) * 50_000_000;
    packet
}

/// Files by their path in a folder.
pub(super) type Tree = BTreeMap<String, Vec<u8>>;

/// All files below a folder.
pub(super) fn tree(folder: &Path) -> Tree {
    files_below(folder).into_iter().map(|(name, path)| (name, fs::read(path).expect("a file"))).collect()
}

/// When each file below a folder was written.
pub(super) fn times(folder: &Path) -> BTreeMap<String, SystemTime> {
    let time = |path: PathBuf| fs::metadata(path).and_then(|file| file.modified()).expect("a time");
    files_below(folder).into_iter().map(|(name, path)| (name, time(path))).collect()
}

/// Asserts that two folders hold the same files, telling the names of those that differ: so no part of a file is left either.
#[track_caller]
pub(super) fn assert_same(there: &Tree, expected: &Tree, what: &str) {
    assert_eq!(expected.len(), RECORDINGS.len() * 5, "objects, streams, bins, counts and manifest of each recording");
    let differ = |name: &&String| there.get(*name) != expected.get(*name);
    let names: Vec<&String> = there.keys().chain(expected.keys()).filter(differ).collect();
    assert!(names.is_empty(), "{what}: these differ: {names:?}");
}
