//! What is no part of a recording is refused with the reason, before anything is written.

use super::{in_parts, rotated, start};
use crate::support::{
    File, Packet, Run, captures, config, packets_of, read_capture, read_results, sniffit, write_pcap,
};
use analyzer_core::sink::NullSink;
use analyzer_core::{Analyzer, Config, Reading, StateError};
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

fn web() -> Vec<Packet> {
    packets_of(&read_capture(&captures("conventions/golden_web.pcap.gz")))
}

/// A state after these files.
fn state(files: &[File]) -> Vec<u8> {
    in_parts(&Config::default(), &[files, &[]]).expect("files in order").states.remove(0)
}

#[test]
fn bytes_that_are_no_state_or_not_all_of_one() {
    let whole = state(&rotated(&web(), &[100])[..1]);
    let refusal = |bytes: &[u8]| Analyzer::resume(Config::default(), bytes).expect_err("no state").to_string();
    for (what, bytes) in [("nothing", vec![]), ("a capture", write_pcap(&web())), ("text", b"sniffit-stat".to_vec())] {
        assert!(refusal(&bytes).contains("no state of sniffit"), "{what}: {}", refusal(&bytes));
    }
    for end in (13..whole.len()).step_by(7) {
        assert!(refusal(&whole[..end]).contains("damaged"), "cut at {end}");
    }
    assert!(refusal(&[&whole[..], &[0]].concat()).contains("damaged"));
    for at in (0..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x20;
        let expected = match at {
            0..13 => "no state of sniffit",
            13..15 => "version",
            _ => "damaged",
        };
        assert!(refusal(&bytes).contains(expected), "byte {at}: {}", refusal(&bytes));
    }
    let mut other_version = whole;
    other_version[13] = 9;
    let error = refusal(&other_version);
    assert!(error.contains("version 9.1, and this program reads version 1.1"), "{error}");
}

#[test]
fn other_options() {
    let state = state(&rotated(&web(), &[100])[..1]);
    for (name, value, expected) in [
        ("idle", "1s", "`idle` was 500ms, is 1s"),
        ("method", "fixed:1s", "`method` was exchange, is fixed:1s"),
        ("mode", "packet", "`mode` was object, is packet"),
        ("max-flows", "5", "`max-flows` was 1000000, is 5"),
    ] {
        let mut config = Config::default();
        config.set(name, value).expect(name);
        let error = Analyzer::resume(config, &state).expect_err(name).to_string();
        assert!(error.ends_with(&format!("other options: {expected}")), "{error}");
    }
    assert_eq!(Analyzer::resume(config("mean-gap"), &state).err(), Some(StateError::MeanGap));
    assert_eq!(Analyzer::in_parts(config("mean-gap")).err(), Some(StateError::MeanGap));
}

#[test]
fn files_that_were_read_or_come_too_late() {
    let files = rotated(&web(), &[100, 200, 300]);
    let renamed = |at: usize, name: &str| File::new(name, files[at].bytes.clone());
    let of = |files: &[&File]| files.iter().map(|file| (*file).clone()).collect::<Vec<_>>();
    for (what, parts, expected) in [
        ("the same file", [of(&[&files[0]]), of(&[&files[0]])], "x_00000.pcap was read already: leave it out"),
        ("one of several", [of(&[&files[0], &files[1]]), of(&[&files[0], &files[2]])], "x_00000.pcap was read already"),
        ("the same file twice", [of(&[&files[0]]), of(&[&files[1], &files[1]])], "x_00001.pcap was read already"),
        (
            "a renamed copy",
            [of(&[&files[0]]), of(&[&renamed(0, "y.pcap")])],
            "y.pcap was read already, as x_00000.pcap",
        ),
        (
            "a renamed copy behind another file",
            [of(&[&files[0]]), of(&[&files[1], &renamed(1, "y.pcap")])],
            "y.pcap was read already, as x_00001.pcap",
        ),
        ("an earlier file", [of(&[&files[1]]), of(&[&files[0]])], "x_00000.pcap begins at 2020-"),
        (
            "an earlier file behind a later one",
            [of(&[&files[0]]), of(&[&files[2], &files[1]])],
            "and x_00002.pcap, which was read, at 2020-",
        ),
    ] {
        let error = in_parts(&Config::default(), &[&parts[0], &parts[1]]).expect_err(what).to_string();
        assert!(error.contains(expected), "{what}: {error}");
    }
    // A file with an earlier name and the same first time comes before; with a later name it comes behind.
    let twin = |name: &str| {
        let mut packets = packets_of(&files[1].bytes);
        packets.pop();
        File::new(name, write_pcap(&packets))
    };
    let parts = |name| [of(&[&files[0], &files[1]]), of(&[&twin(name)])];
    for (name, is_taken) in [("x_00000.pcap", false), ("x_00001.pcap", false), ("x_00001b.pcap", true)] {
        let [first, second] = parts(name);
        assert_eq!(in_parts(&Config::default(), &[&first, &second]).is_ok(), is_taken, "{name}");
    }
}

#[test]
fn states_where_nothing_can_go_on() {
    let file = &rotated(&web(), &[])[0];
    let mut open = Analyzer::in_parts(Config::default()).expect("the defaults work");
    open.begin_input(&file.name);
    open.push(&file.bytes, &mut NullSink).expect("a capture without faults");
    assert_eq!(open.suspend(&Reading::default(), "n").err(), Some(StateError::InsideFile));
    let read = |mut analyzer: Analyzer, bytes: &[u8]| {
        assert_eq!(analyzer.admit(&file.name, start(file)), Ok(()));
        analyzer.begin_input(&file.name);
        analyzer.push(bytes, &mut NullSink).expect("a capture without faults");
        analyzer.end_input().expect("a capture without faults");
        analyzer
    };
    let in_parts = || Analyzer::in_parts(Config::default()).expect("the defaults work");
    let empty = read(in_parts(), &write_pcap(&[]));
    assert_eq!(empty.suspend(&Reading::default(), "n").err(), Some(StateError::NoPacket));
    let at_once = read(Analyzer::new(Config::default()).expect("the defaults work"), &file.bytes);
    assert_eq!(at_once.suspend(&Reading::default(), "n").err(), Some(StateError::NotInParts));
    let interrupted = Reading { interrupted: Some((0, 5)), ..Reading::default() };
    assert_eq!(read(in_parts(), &file.bytes).suspend(&interrupted, "n").err(), Some(StateError::Interrupted));
}

/// A recording's parts never have the ids of the same packets read at once.
#[test]
fn ids_are_those_of_parts() {
    let files = rotated(&web(), &[]);
    let analyzed = |mut analyzer: Analyzer| {
        super::read(&mut analyzer, &files, &mut Default::default());
        let totals = analyzer.finish(&mut NullSink);
        (totals.capture_id, totals.analysis_id)
    };
    let parts = analyzed(Analyzer::in_parts(Config::default()).expect("the defaults work"));
    let at_once = analyzed(Analyzer::new(Config::default()).expect("the defaults work"));
    assert!(parts.0 != at_once.0 && parts.1 != at_once.1, "{parts:?}");
}

/// A folder with three files of a recording, and calls of the program in it.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().expect("a folder"));
        for file in rotated(&web(), &[100, 200]) {
            fs::write(desk.at(&file.name), &file.bytes).expect("a capture");
        }
        desk
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `sniffit analyze -q -o out` with words, of which those that begin with @ are files here.
    fn run(&self, words: &str) -> Run {
        let word = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.at(name).into_os_string(),
            None => OsString::from(word),
        };
        sniffit(["analyze", "-q", "-o", "@out"].into_iter().chain(words.split_whitespace()).map(word))
    }
}

#[test]
fn the_program_says_why_and_writes_nothing() {
    let desk = Desk::new();
    fs::write(desk.at("text"), "no state").expect("a file");
    fs::write(desk.at("empty.pcap"), write_pcap(&[])).expect("a capture");
    fs::write(desk.at("y.pcap"), fs::read(desk.at("x_00000.pcap")).expect("a capture")).expect("a copy");
    sniffit(["analyze".into(), "-q".into(), desk.at("x_00000.pcap"), "--state-out".into(), desk.at("s")]).expect(0);
    let damaged = fs::read(desk.at("s")).expect("a state");
    fs::write(desk.at("damaged"), &damaged[..damaged.len() - 1]).expect("a file");
    let before = read_results(desk.0.path());
    for (words, expected) in [
        ("@x_00001.pcap --state-in @nowhere --state-out @t", "nowhere can't be read"),
        ("@x_00001.pcap --state-in @text --state-out @t", "text: this is no state of sniffit"),
        ("@x_00001.pcap --state-in @damaged --state-out @t", "damaged: the state is damaged"),
        ("@x_00001.pcap --state-in @s --state-out @t --idle 1s", "`idle` was 500ms, is 1s"),
        ("@x_00001.pcap --state-in @s --state-out @s --protocol tcp", "`protocol` was both, is tcp"),
        ("@x_00000.pcap --state-in @s --state-out @s", "x_00000.pcap was read already"),
        ("@y.pcap --state-in @s --state-out @s", "y.pcap"),
        ("@x_00001.pcap @y.pcap --state-in @s", "y.pcap"),
        ("@empty.pcap --state-out @t", "no packet yet"),
        ("@x_00001.pcap --state-out @s", "exists, and does not go on from --state-in"),
        ("@x_00001.pcap --state-out @text", "is no state of sniffit: choose another name"),
        ("@x_00001.pcap --state-out @x_00002.pcap", "is no state of sniffit: choose another name"),
        ("@x_00001.pcap --state-out @nowhere/t", "can't be created"),
        ("@text --state-in @s --state-out @s", "nothing could be read"),
        ("@x_00001.pcap --state-in @s --method mean-gap", "reads the whole recording twice"),
        ("@x_00001.pcap --state-in @s --reverse-dns", "--reverse-dns makes another analysis"),
        ("@x_00001.pcap --state-in @s --elasticsearch http://127.0.0.1:9", "takes whole recordings"),
        ("@x_00001.pcap --state-in @s --separate", "cannot be used"),
        ("--state-out @t", "required"),
    ] {
        let run = desk.run(words).expect(1);
        assert!(run.stderr.contains(expected), "{words}: {}", run.stderr);
        assert!(run.stdout.is_empty(), "{words}: something is printed");
        assert!(read_results(desk.0.path()) == before, "{words}: something was written");
    }
    // What was left alone can go on.
    desk.run("@x_00001.pcap @x_00002.pcap --state-in @s").expect(0);
    // The results of a part are not those of an analysis.
    let post = sniffit(["es".into(), "post".into(), desk.at("out"), "--elasticsearch=http://127.0.0.1:9".into()]);
    let post = post.expect(1);
    assert!(post.stderr.contains("only whole analyses can be sent"), "{}", post.stderr);
}
