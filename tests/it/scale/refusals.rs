//! Tasks that can't be done say why, and leave nothing.

use super::fleet::{Fleet, line, tree};
use crate::support::{command, sniffit};
use std::fs;
use std::path::Path;
use std::process::Stdio;

#[test]
fn what_can_not_be_planned_is_told() {
    let fleet = Fleet::new();
    let captures = fleet.captures();
    let empty = fleet.out("empty");
    fs::create_dir(&empty).expect("a folder");
    let text = |path: &Path| path.to_str().expect("text").to_owned();
    for (arguments, reason) in [
        (vec![text(&empty)], "there is no capture file"),
        (vec![text(&fleet.out("missing"))], "can't be read"),
        (vec!["--url".to_owned(), "s3://b".to_owned(), text(&captures), text(&empty)], "--url stands for one folder"),
        (vec!["-".to_owned()], "a plan is made of files"),
    ] {
        let run = sniffit([vec!["plan".to_owned()], arguments].concat()).expect(1);
        assert!(run.stderr.contains(reason), "{}", run.stderr);
        assert_eq!(run.text(), "");
    }
}

#[test]
fn tasks_that_can_not_be_begun_leave_nothing() {
    let fleet = Fleet::new();
    for (index, options, reason) in [
        (6, &[][..], "has 6 recordings, and --index counts them from 0: there is no 6"),
        (0, &["--reverse-dns"], "asks nobody for names"),
        (0, &["--mode", "packet"], "as large as the captures"),
        (0, &["--stdin", "--method", "mean-gap"], "comes only once"),
        (0, &["--method", "fixed:0s"], "must be more than zero"),
    ] {
        let arguments = [fleet.task(index, "out"), options.iter().map(ToString::to_string).collect()].concat();
        let run = sniffit(arguments).expect(1);
        assert!(run.stderr.contains(reason), "{}", run.stderr);
        assert_eq!(run.text(), "", "nothing was begun");
        assert!(!fleet.out("out").exists());
    }
}

#[test]
fn tasks_that_fail_tell_the_engine_why() {
    let fleet = Fleet::new();
    let index = fleet.plan().iter().position(|line| line.contains("\"web\"")).expect("it is planned");
    let path = fleet.captures().join("web_00001.pcap");
    let whole = fs::read(&path).expect("a capture");
    let grown = [&whole[..], &[0]].concat();
    let unreadable = vec![7; whole.len()];
    for (bytes, reason) in [
        (Some(&grown), "when the plan was made: make the plan again"),
        (Some(&unreadable), "nothing could be read"),
        (None, "can't be read"),
    ] {
        match bytes {
            Some(bytes) => fs::write(&path, bytes).expect("a capture"),
            None => fs::remove_file(&path).expect("a capture"),
        }
        let run = sniffit(fleet.task(index, "out")).expect(1);
        let told = line(run.text());
        assert_eq!(told["state"], "failed");
        assert!(told["error"].as_str().is_some_and(|error| error.contains(reason)), "{told}");
        assert!(run.stderr.contains(reason) && run.stderr.contains("web_00001.pcap"), "{}", run.stderr);
        let out = fleet.out("out");
        assert!(!out.exists() || tree(&out).is_empty(), "{:?}", tree(&out).keys());
    }
    // Standard input that ends early or goes on is another recording than the plan's.
    for (bytes, reason) in [
        (&grown[..], "it goes on after the last file"),
        (&whole[..whole.len() - 5], "it ends 5 bytes before the end of a file"),
    ] {
        let mut child = command(fleet.task(index, "stdin").into_iter().chain(["--stdin".to_owned()]))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        let _ = std::io::Write::write_all(&mut stdin, bytes);
        drop(stdin);
        let run = crate::support::Run::of(child.wait_with_output().expect("it ends")).expect(1);
        assert!(run.stderr.contains(reason), "{}", run.stderr);
        let out = fleet.out("stdin");
        assert!(!out.exists() || tree(&out).is_empty(), "{:?}", tree(&out).keys());
    }
}
