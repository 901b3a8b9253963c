//! Tasks that can't be done say why, and leave nothing.

use super::fleet::{Fleet, line, run_fed, tree};
use crate::support::sniffit;
use std::fs;
use std::path::Path;

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
        let run = run_fed(fleet.task(index, "stdin"), bytes.to_vec()).expect(1);
        assert!(run.stderr.contains(reason), "{}", run.stderr);
        let out = fleet.out("stdin");
        assert!(!out.exists() || tree(&out).is_empty(), "{:?}", tree(&out).keys());
    }
}

#[test]
fn a_recording_is_not_done_before_its_files_are_there() {
    let fleet = Fleet::new();
    let day = line(sniffit(fleet.task(5, "probe")).expect(0).text());
    let place =
        format!("day={}/recording={}", day["day"].as_str().expect("a day"), day["recording"].as_str().expect("a name"));
    // Something that can't be replaced stands where a file belongs.
    for target in ["streams", "models"] {
        let name = if target == "models" { "counts.json" } else { "part-0.parquet" };
        let out = format!("blocked-{target}");
        fs::create_dir_all(fleet.out(&out).join(target).join(&place).join(name).join("x")).expect("a folder");
        let run = sniffit(fleet.task(5, &out)).expect(1);
        assert!(run.stderr.contains("can't be given its name"), "{}", run.stderr);
        let manifests = tree(&fleet.out(&out)).into_keys().filter(|name| name.ends_with("manifest.json")).count();
        assert_eq!(manifests, 0, "{target}");
    }
}
