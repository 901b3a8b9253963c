//! Tasks: the same bytes however they are run, killed and repeated.

use super::fleet::{Fleet, assert_same_tree, line, run_fed, tree};
use crate::support::{Run, captures, command, packets_of, read_capture, sniffit};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::SystemTime;

/// Runs a task with all its files on standard input.
fn by_stdin(fleet: &Fleet, index: usize, out: &str, plan: &[String]) -> Run {
    let entry: Value = serde_json::from_str(&plan[index]).expect("a line of JSON");
    let paths = entry["files"].as_array().expect("files").iter();
    let bytes: Vec<u8> =
        paths.flat_map(|file| fs::read(file["path"].as_str().expect("a path")).expect("read")).collect();
    run_fed(fleet.task(index, out), bytes)
}

#[test]
fn results_are_the_same_however_tasks_are_run() {
    let fleet = Fleet::new();
    let plan = fleet.plan();
    let lines = fleet.run_all("one");
    let expected = tree(&fleet.out("one"));
    assert_eq!(expected.len(), plan.len() * 5);
    for (at, line) in lines.iter().enumerate() {
        assert_eq!((&line["index"], &line["state"], &line["status"]), (&json!(at), &json!("done"), &json!("complete")));
        assert!(line["frames"].as_u64() > Some(0) && line["objects"].as_u64() > Some(0), "{line}");
        assert!(line["peak_rss_bytes"].as_u64() > Some(0), "{line}");
        // As many bytes as the summary tells of, whatever they are on disk.
        assert!(line["capture_bytes"].as_u64() >= line["bytes"].as_u64(), "{line}");
    }
    // Another process has another seed of its hash maps.
    fleet.run_all("again");
    assert_same_tree(&tree(&fleet.out("again")), &expected, "another process");
    let tasks = format!(
        "seq 0 {} | xargs -P 4 -I{{}} \"$0\" {}",
        plan.len() - 1,
        fleet.task(77, "xargs").join(" ").replace("77", "{}")
    );
    let program = command([""; 0]).get_program().to_owned();
    let xargs = std::process::Command::new("sh").args(["-c", &tasks]).arg(program).output().expect("sh starts");
    assert!(xargs.status.success(), "{}", String::from_utf8_lossy(&xargs.stderr));
    assert_same_tree(&tree(&fleet.out("xargs")), &expected, "xargs");
    for index in 0..plan.len() {
        by_stdin(&fleet, index, "stdin", &plan).expect(0);
    }
    assert_same_tree(&tree(&fleet.out("stdin")), &expected, "by standard input");
    // What is read from one file and from its parts is the same but for the files' names and sizes.
    let names: Vec<&String> = expected.keys().filter(|name| name.starts_with("objects/")).collect();
    assert_eq!(names.len(), plan.len());
    assert!(names.iter().all(|name| name.starts_with("objects/day=20") && name.contains("/recording=")), "{names:?}");
}

fn times(folder: &Path) -> Vec<(String, SystemTime)> {
    let names = tree(folder).into_keys();
    names
        .map(|name| (name.clone(), fs::metadata(folder.join(&name)).and_then(|file| file.modified()).expect("a time")))
        .collect()
}

#[test]
fn what_is_done_is_not_done_again() {
    let fleet = Fleet::new();
    fleet.run_all("out");
    let out = fleet.out("out");
    let before = times(&out);
    let plan = fleet.plan();
    for index in 0..plan.len() {
        let line = line(sniffit(fleet.task(index, "out")).expect(0).text());
        assert_eq!((&line["state"], &line["status"]), (&json!("present"), &json!("complete")), "{line}");
        assert!(line["objects"].as_u64() > Some(0), "{line}");
    }
    assert_eq!(times(&out), before);
    // One file more is one recording more to do, and its old results go.
    let packets = packets_of(&read_capture(&captures("conventions/golden_call.pcap")));
    let earlier: Vec<_> = packets
        .iter()
        .cloned()
        .map(|mut packet| {
            packet.time_ns -= 3 * 86_400 * 1_000_000_000;
            packet
        })
        .collect();
    fleet.write("call_00000.pcap", &earlier);
    let states: Vec<Value> = (0..fleet.plan().len())
        .map(|index| line(sniffit(fleet.task(index, "out")).expect(0).text()))
        .filter(|line| line["state"] == "done")
        .collect();
    assert_eq!(states.len(), 1);
    assert_eq!(states[0]["recording"], "call");
    let files: Vec<String> = tree(&out).into_keys().filter(|name| name.contains("recording=call/")).collect();
    assert_eq!(files.len(), 5, "{files:?}");
    let folders = files.iter().all(|name| !out.join(name).with_file_name("").join("../../day=x").exists());
    assert!(folders && files.iter().all(|name| name.contains(states[0]["day"].as_str().expect("a day"))), "{files:?}");
    // A file that grew is another, whatever its name.
    let web = packets_of(&read_capture(&fleet.captures().join("web_00001.pcap")));
    fleet.write("web_00001.pcap", &web[..web.len() - 1]);
    let index = fleet.plan().iter().position(|line| line.contains("\"web\"")).expect("it is planned");
    assert_eq!(line(sniffit(fleet.task(index, "out")).expect(0).text())["state"], "done");
    // Other options are other work.
    let other = [fleet.task(0, "out"), vec!["--method".to_owned(), "fixed:1s".to_owned()]].concat();
    assert_eq!(line(sniffit(&other).expect(0).text())["state"], "done");
    assert_eq!(line(sniffit(&other).expect(0).text())["state"], "present");
    let forced = [other, vec!["--force".to_owned()]].concat();
    assert_eq!(line(sniffit(&forced).expect(0).text())["state"], "done");
}

#[test]
fn what_killed_and_doubled_tasks_leave_is_cleared_away() {
    let fleet = Fleet::new();
    fleet.run_all("clean");
    let expected = tree(&fleet.out("clean"));
    // As if a task was killed while it wrote, and while it renamed: no manifest says that it was done.
    fleet.run_all("out");
    let out = fleet.out("out");
    let manifests: Vec<String> = expected.keys().filter(|name| name.ends_with("manifest.json")).cloned().collect();
    for name in &manifests {
        fs::remove_file(out.join(name)).expect("a manifest");
        let folder = name.replace("manifests", "objects");
        let folder = out.join(folder).with_file_name("");
        fs::write(folder.join(".part-abc123"), b"half a file").expect("a part");
        fs::write(folder.join("mine.txt"), b"of somebody else").expect("a file");
    }
    fleet.run_all("out");
    let mut there = tree(&out);
    for name in &manifests {
        let mine = name.replace("manifests", "objects").replace("manifest.json", "mine.txt");
        assert!(there.remove(&mine).is_some(), "what is not ours stays: {mine}");
    }
    assert_same_tree(&there, &expected, "after a kill");
    // Several at once: whoever is first wins, and all of them say that it is done.
    let doubled: Vec<_> = (0..4)
        .flat_map(|_| 0..manifests.len())
        .map(|index| {
            let mut task = command(fleet.task(index, "doubled"));
            task.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
        })
        .collect();
    for child in doubled {
        let run = Run::of(child.wait_with_output().expect("it ends")).expect(0);
        assert_ne!(line(run.text())["state"], "failed");
    }
    assert_same_tree(&tree(&fleet.out("doubled")), &expected, "four of each at once");
}

#[test]
fn a_damaged_file_makes_its_recording_partial() {
    let fleet = Fleet::new();
    let path = fleet.captures().join("lab/dash_00007.pcap");
    let mut bytes = fs::read(&path).expect("a capture");
    let length = bytes.len();
    bytes.truncate(length / 2);
    fs::write(&path, &bytes).expect("a capture");
    let plan = fleet.plan();
    let at = plan.iter().position(|line| line.contains("\"lab-dash\"")).expect("it is planned");
    for out in ["out", "out"] {
        let run = sniffit(fleet.task(at, out)).expect(3);
        let line = line(run.text());
        assert_eq!(line["status"], "partial", "{line}");
        assert_eq!(line["faults"][0]["file"], "dash_00007.pcap", "{line}");
        assert!(line["faults"][0]["byte"].as_u64() > Some(24), "{line}");
    }
    by_stdin(&fleet, at, "stdin", &plan).expect(3);
    assert_same_tree(&tree(&fleet.out("stdin")), &tree(&fleet.out("out")), "by standard input");
}
