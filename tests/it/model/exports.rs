//! Every target writes its files.

use super::{CAPTURES, arguments, folder, model, results};
use crate::support::{Results, read_results, sniffit};
use analyzer_core::model::export::Target;
use std::fs;
use std::path::Path;

/// Files of each target for `--by server`; those that replay are there only with objects.
const TARGETS: [(Target, &[&str], &[&str]); 7] = [
    (Target::Inet, &["omnetpp.ini"], &[]),
    (Target::Tmix, &[], &["tmix.cvec"]),
    (Target::Yafs, &["appDefinition.json", "usersDefinition.json"], &[]),
    (
        Target::Ns3,
        &["ns3-_203_0_113_53.txt", "ns3-chat_example.txt", "ns3-video_example.txt", "ns3-www_example.txt"],
        &["ns3-trace-1-up.dat"],
    ),
    (Target::EdgeCloudSim, &["applications.xml"], &[]),
    (Target::IFogSim, &["app_edges.csv", "sensors.csv"], &[]),
    (Target::Csv, &["model.csv", "quantiles.csv"], &[]),
];

#[track_caller]
fn export(targets: &[&str], path: &Path) -> Results {
    let out = folder();
    // The folder need not be there.
    let below = out.path().join("exports");
    let mut options = vec!["--by", "server", "-o", below.to_str().expect("UTF-8")];
    options.extend(targets.iter().flat_map(|target| ["--export", target]));
    let run = sniffit(arguments(&options, &[path])).expect(0);
    assert!(run.stdout.is_empty(), "{}", run.text());
    read_results(&below)
}

#[test]
fn every_target_writes_its_files() {
    let parent = folder();
    let objects = parent.path().join("results");
    for capture in CAPTURES {
        results(capture, &objects);
    }
    let file = parent.path().join("model.json");
    fs::write(&file, model(&["--by", "server"], &[&objects])).expect("a file");
    let mut all = Results::new();
    assert_eq!(TARGETS.map(|(target, ..)| target), Target::ALL);
    for (target, from_models, from_objects) in TARGETS {
        let name = target.as_str();
        let files = export(&[name], &objects);
        check_files(name, &files, &[from_models, from_objects].concat(), true);
        if !from_models.is_empty() {
            check_files(name, &export(&[name], &file), from_models, false);
        }
        all.extend(files);
    }
    let names: Vec<&str> = Target::ALL.iter().map(|target| target.as_str()).collect();
    assert!(export(&names, &objects) == all, "all targets at once write what each writes alone");
}

/// These files, and others only where traces are replayed. All of them are text with something in it.
#[track_caller]
fn check_files(target: &str, files: &Results, expected: &[&str], with_objects: bool) {
    for name in expected {
        assert!(files.contains_key(*name), "{target}: {name} is missing in {:?}", files.keys());
    }
    let others = files.keys().filter(|name| !expected.contains(&name.as_str()));
    let surplus: Vec<&String> = others.filter(|name| !(with_objects && name.starts_with("ns3-trace-"))).collect();
    assert!(surplus.is_empty(), "{target}: {surplus:?}");
    for (name, bytes) in files {
        assert!(std::str::from_utf8(bytes).is_ok_and(|text| !text.is_empty()), "{target}: {name} is text");
    }
}
