//! Files that must not be in the repository, and those that images are built from.

use super::{has, read, repository};
use std::process::Command;

/// Paths that git keeps and must not: settings of a real server.
fn settings_of_a_server<'a>(tracked: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let name = |path: &'a str| path.rsplit('/').next().unwrap_or_default();
    tracked
        .filter(|path| {
            let name = name(path);
            name != ".env.example" && (name == ".env" || name.starts_with(".env.") || name.ends_with(".env"))
        })
        .collect()
}

#[test]
fn no_settings_of_a_server_are_tracked() {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(repository("")).output().expect("git starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        eprintln!("skipped: this is no clone of the repository: {}", String::from_utf8_lossy(&output.stderr));
        return;
    }
    assert!(text.contains("Cargo.toml"), "git lists the repository");
    assert_eq!(settings_of_a_server(text.split('\0')), [""; 0], "these may hold passwords: git rm --cached them");
}

#[test]
fn settings_of_a_server_are_noticed_and_ignored() {
    let tracked = ["a/.env", ".env", "deploy/prod.env", ".env.local", ".env.example", "src/environment.rs", ".envrc"];
    assert_eq!(settings_of_a_server(tracked.into_iter()), ["a/.env", ".env", "deploy/prod.env", ".env.local"]);
    assert!(read(".gitignore").lines().any(|line| line == ".env"), "git must ignore .env");
}

/// Lines of a Dockerfile that break a rule.
fn dockerfile_faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for image in text.lines().filter_map(|line| line.strip_prefix("FROM ")) {
        let tag = image.split(' ').next().unwrap_or_default().rsplit('/').next().and_then(|last| last.split_once(':'));
        let is_pinned =
            tag.is_some_and(|(_, tag)| tag.contains(|c: char| c.is_ascii_digit()) && !tag.contains("latest"));
        if !is_pinned {
            faults.push(format!("{image} must have the tag of a version"));
        }
    }
    let user = text.lines().filter_map(|line| line.strip_prefix("USER ")).next_back();
    if user.is_none_or(|user| user.starts_with("root") || user.starts_with('0')) {
        faults.push("it must end as a user that is not root".to_owned());
    }
    if text.lines().any(|line| line.starts_with("ADD ")) {
        faults.push("COPY says what ADD may only mean".to_owned());
    }
    faults
}

/// The VPN's own server makes an interface before it becomes another user.
const STARTS_AS_ROOT: &str = "deploy/vpn/openvpn/Dockerfile";

#[test]
fn images_are_pinned_and_do_not_run_as_root() {
    for path in ["deploy/web/Dockerfile", "deploy/recorder/Dockerfile", STARTS_AS_ROOT] {
        let mut faults = dockerfile_faults(&read(path));
        faults.retain(|fault| path != STARTS_AS_ROOT || !fault.contains("not root"));
        assert_eq!(faults, [""; 0], "{path}");
    }
    for (text, told) in [
        ("FROM debian\nUSER 1000\n", "must have the tag"),
        ("FROM x/debian:latest\nUSER 1000\n", "must have the tag"),
        ("FROM debian:12\n", "not root"),
        ("FROM debian:12\nUSER 1000\nUSER root\n", "not root"),
        ("FROM debian:12\nADD http://a /b\nUSER 1000\n", "COPY says"),
    ] {
        assert!(dockerfile_faults(text).iter().any(|fault| fault.contains(told)), "{text:?} should give {told:?}");
    }
}

/// The page: `cargo xtask web` builds it before the image is.
const BUILT: &str = "web/dist/";

/// Folders that images are built from, and what `.dockerignore` lets through: the two must agree.
#[test]
fn a_builder_sees_only_what_images_are_made_of() {
    let ignored = read(".dockerignore");
    let lines: Vec<&str> = ignored.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert_eq!(lines[0], "*", "all is left out but what is named");
    for path in ["deploy/web/Dockerfile", "deploy/recorder/Dockerfile", STARTS_AS_ROOT] {
        let text = read(path);
        for source in
            text.lines().filter_map(|line| line.strip_prefix("COPY ")).filter(|line| !line.starts_with("--from"))
        {
            let words: Vec<&str> = source.split(' ').filter(|word| !word.starts_with("--")).collect();
            for copied in &words[..words.len() - 1] {
                assert!(*copied == BUILT || repository(copied).exists(), "{path}: {copied} does not exist");
                let is_let = lines[1..].iter().any(|line| copied.starts_with(&line[1..]));
                assert!(is_let, "{path}: .dockerignore leaves {copied} out");
            }
        }
    }
}

/// Copies what the first stage of the recorder's image is built from, and asks cargo whether it is a workspace in which the
/// recorder can be built as its lock file says.
#[test]
fn the_recorder_can_be_built_from_what_its_builder_sees() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = read("deploy/recorder/Dockerfile");
    let stage = text.split("\nFROM ").nth(1).expect("a first stage");
    for line in stage.lines().filter_map(|line| line.strip_prefix("COPY ")) {
        let (sources, target) = line.rsplit_once(' ').expect("sources and a target");
        let target = folder.path().join(target);
        std::fs::create_dir_all(&target).expect("a folder");
        for source in sources.split(' ') {
            // A folder's content goes into the target, as Docker has it.
            let source = if source.ends_with('/') { format!("{source}.") } else { source.to_owned() };
            let copied = Command::new("cp").arg("-r").arg(repository("").join(source)).arg(&target).status();
            assert!(copied.is_ok_and(|status| status.success()), "{line}");
        }
    }
    let tree = || {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["tree", "--offline", "--locked", "--package", "recorder"]).current_dir(folder.path());
        cargo.output().expect("cargo starts")
    };
    let output = tree();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_dir_all(folder.path().join("xtask")).expect("a member is deleted");
    assert!(!tree().status.success(), "a member that was not copied is noticed");
}

#[test]
fn scripts_are_clean() {
    if !has("shellcheck", "--version", "scripts (Debian: apt-get install shellcheck)") {
        return;
    }
    let words = ["ls-files", "--cached", "--others", "--exclude-standard", "deploy"];
    let output = Command::new("git").args(words).current_dir(repository("")).output().expect("git starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let scripts: Vec<&str> = text.lines().filter(|path| read(path).starts_with("#!/bin/sh")).collect();
    assert!(scripts.len() >= 4, "the scripts are found: {scripts:?}");
    let mut judge = Command::new("shellcheck");
    judge.args(["--shell=sh", "--format=gcc"]).args(&scripts).current_dir(repository(""));
    let judged = judge.output().expect("shellcheck starts");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stdout));
}
