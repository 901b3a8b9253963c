//! The recorder's unit for systemd, as far as it can be judged where systemd does not run: its rights, its spelling, the
//! system calls that it allows, and the options in its settings.

use super::{has, read};
use crate::support::recorder;
use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output};

const UNIT: &str = "deploy/systemd/sniffit-recorder.service";
const SETTINGS: &str = "deploy/systemd/recorder.conf";
/// Tenths, as `systemd-analyze` counts.
const MOST_EXPOSED: &str = "--threshold=15";

/// Puts a unit where it is judged from. The program need not be installed for it.
fn judged(unit: &str, words: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("sniffit-recorder.service");
    fs::write(&path, unit.replace("/usr/bin/sniffit-recorder", "/bin/true")).expect("the unit is written");
    Command::new("systemd-analyze").args(words).arg(path).output().expect("systemd-analyze starts")
}

fn has_systemd() -> bool {
    has("systemd-analyze", "--version", "the recorder's unit (Debian: apt-get install systemd)")
}

/// The unit without the lines that begin so.
fn without(begin: &str) -> String {
    read(UNIT).lines().filter(|line| !line.starts_with(begin)).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_service_is_hardly_exposed() {
    if !has_systemd() {
        return;
    }
    let words = ["security", "--offline=yes", "--no-pager", MOST_EXPOSED];
    let output = judged(&read(UNIT), &words);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    for begin in ["SystemCallFilter=", "CapabilityBoundingSet=", "Restrict", "Protect"] {
        assert!(!judged(&without(begin), &words).status.success(), "without {begin} it would be more exposed");
    }
}

#[test]
fn every_line_of_the_unit_is_understood() {
    if !has_systemd() {
        return;
    }
    for (unit, told) in [
        (read(UNIT), ""),
        (read(UNIT).replace("NoNewPrivileges=", "NoNewPriviliges="), "NoNewPriviliges"),
        (read(UNIT).replace("@keyring", "@keyrings"), "@keyrings"),
    ] {
        let output = judged(&unit, &["verify", "--man=no"]);
        let text = String::from_utf8_lossy(&output.stderr);
        // Other units of the machine have faults of their own.
        let ours: Vec<&str> = text.lines().filter(|line| line.contains("sniffit-recorder.service")).collect();
        assert!(if told.is_empty() { ours.is_empty() } else { ours.concat().contains(told) }, "{told}: {ours:?}");
    }
}

/// Names of system calls that are in a set such as `@system-service`, and in the sets in it.
fn calls_of(set: &str) -> BTreeSet<String> {
    let output =
        Command::new("systemd-analyze").args(["syscall-filter", "--no-pager", set]).output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let words = text.lines().skip(1).map(str::trim).filter(|word| !word.is_empty() && !word.starts_with('#'));
    words.flat_map(|word| if word.starts_with('@') { calls_of(word) } else { [word.to_owned()].into() }).collect()
}

/// What a unit allows: a line lists sets or names, and a later one with `~` takes some away.
fn allowed_by(unit: &str) -> BTreeSet<String> {
    let mut allowed = calls_of("@default");
    for line in unit.lines().filter_map(|line| line.strip_prefix("SystemCallFilter=")) {
        let words = line.trim_start_matches('~').split(' ');
        let sets = words.flat_map(|word| if word.starts_with('@') { calls_of(word) } else { [word.to_owned()].into() });
        if line.starts_with('~') {
            for name in sets {
                allowed.remove(&name);
            }
        } else {
            allowed.extend(sets);
        }
    }
    allowed
}

/// Records five packets into files that are rotated and deleted, with pseudonyms and signals, so that every part of the
/// recorder runs.
const TRACED: &str = r#"
set -eu
cd "$FOLDER"
ip link set lo up
strace -f -qq -o calls "$PROGRAM" -i lo -o captures/x --rotate-count 2 --files 1 --anonymize key --format pcapng &
traced=$!
until ls captures/*.part >/dev/null 2>&1; do kill -0 $traced; sleep 0.05; done
recorder=$(cat /proc/$traced/task/$traced/children)
for number in 1 2 3 4 5; do printf 0123456789 >/dev/udp/127.0.0.1/9; done
sleep 1.2
for signal in HUP USR1 TERM; do kill -$signal $recorder; sleep 0.2; done
wait $traced
"#;

#[test]
fn the_unit_allows_all_that_the_recorder_asks_the_kernel_for() {
    let is_ready = has_systemd()
        && has("strace", "-V", "the unit's system calls (Debian: apt-get install strace)")
        && has("unshare", "--net --pid --fork true", "the unit's system calls need root, to make a network namespace");
    if !is_ready {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new("unshare");
    command.args([
        "--net",
        "--pid",
        "--fork",
        "--kill-child=KILL",
        "--mount-proc",
        "timeout",
        "60",
        "bash",
        "-c",
        TRACED,
    ]);
    let output = command.env("FOLDER", folder.path()).env("PROGRAM", recorder()).output().expect("unshare starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let traced = fs::read_to_string(folder.path().join("calls")).expect("strace wrote a file");
    let name = |line: &str| Some(line.split_once(' ')?.1.trim_start().split_once('(')?.0.to_owned());
    let called: BTreeSet<String> = traced.lines().filter_map(name).filter(|name| !name.contains(' ')).collect();
    for expected in ["bind", "fsync", "renameat2", "unlink", "flock", "pwrite64", "setpriority"] {
        assert!(called.contains(expected), "{expected} was not traced: {called:?}");
    }
    let allowed = allowed_by(&read(UNIT));
    let refused: Vec<&String> = called.difference(&allowed).collect();
    assert_eq!(refused, [""; 0], "the unit refuses these");
    // What the test would tell.
    let strict = read(UNIT).replace("@keyring", "@keyring @sync");
    assert!(called.difference(&allowed_by(&strict)).any(|name| name == "fsync"));

    // Families of sockets. A pair of connected ones is not restricted (systemd.exec(5)), and what libpcap looks for besides is
    // on this machine or not.
    let socket = |line: &str| Some(line.split_once("socket(")?.1.split_once(',')?.0.to_owned());
    let mut families: BTreeSet<String> = traced.lines().filter_map(socket).collect();
    families.remove("AF_BLUETOOTH");
    assert_eq!(families.into_iter().collect::<Vec<_>>(), ["AF_NETLINK", "AF_PACKET"]);
    assert!(read(UNIT).contains("\nRestrictAddressFamilies=AF_PACKET AF_NETLINK\n"));
}

#[test]
fn the_settings_are_options_of_the_recorder() {
    let text = read(SETTINGS);
    let lines = text.lines().filter_map(|line| line.trim_start_matches('#').strip_prefix("RECORDER_OPTIONS='"));
    let options: Vec<&str> = lines.map(|line| line.strip_suffix('\'').expect("closed quotes")).collect();
    assert!(options.len() >= 4, "{options:?}");
    for line in options.into_iter().chain(["--keep everything", "--files 3"]) {
        // Nothing may be recorded here, even where there is such an interface.
        let words = line.replace("wg0", "none").replace("tun0", "none").replace("eth0", "none");
        let mut command = Command::new(recorder());
        command.args(["--interface", "none", "--output", "/nowhere/x"]).args(words.split_whitespace());
        let output = command.output().expect("the recorder starts");
        let told = String::from_utf8_lossy(&output.stderr);
        let is_wrong = output.status.code() == Some(2);
        let should_be_wrong = line.contains("everything") || line == "--files 3";
        assert_eq!(is_wrong, should_be_wrong, "{line}: {told}");
    }
}

#[test]
fn settings_and_unit_agree_with_the_package() {
    let unit = read(UNIT);
    for line in [
        "EnvironmentFile=/etc/sniffit/recorder.conf",
        "ExecStart=/usr/bin/sniffit-recorder --quiet --output /var/lib/sniffit/capture $RECORDER_OPTIONS",
        "StateDirectory=sniffit",
    ] {
        assert!(unit.lines().any(|other| other == line), "{line}");
    }
    let settings = read(SETTINGS);
    for name in ["IP_VPN", "IPV6_VPN", "IP_CLIENT", "IPV6_CLIENT", "IP_SSH", "IPV6_SSH"] {
        assert!(settings.contains(&format!("\n#{name}=")), "{SETTINGS}: {name}");
    }
}
