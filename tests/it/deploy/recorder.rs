//! The recorder's scripts with the rights that its container has: a user that is not root, one capability, and that one from
//! tcpdump's own file.
//!
//! Needs root, to make a network namespace and a copy of tcpdump with the capability; elsewhere it is skipped.

use super::{has, repository};
use crate::support::{packets_of, read_capture};
use analyzer_core::time::Timestamp;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// Runs in namespaces of its own: nothing that it starts outlives it. It sends until one file was rotated, says how many
/// packets it sent, and stops the recorder. What waits for ever is ended after a minute, with exit code 124.
const LABORATORY: &str = r#"
set -eu
PATH=$BIN:$PATH
ip link set lo up
setpriv --reuid 10001 --regid 10001 --clear-groups --inh-caps=-all --bounding-set=-all,+net_raw $RIGHTS sh "$BIN/record" >"$LOG" 2>&1 &
recorder=$!
until grep -q 'waiting for wg0' "$LOG"; do sleep 0.05; done
if sh "$BIN/record" --healthy; then echo 'healthy without an interface' >&2; exit 9; fi
ip link add wg0 type veth peer name phone
ip addr add 10.13.13.1/24 dev wg0
ip link set wg0 up
ip link set phone up
ip neigh add 10.13.13.9 lladdr 02:00:00:00:00:09 dev wg0
until grep -q 'listening on wg0' "$LOG"; do
    if ! kill -0 "$recorder"; then cat "$LOG" >&2; exit 8; fi
    sleep 0.05
done
sh "$BIN/record" --healthy
sent=0
while [ "$sent" -lt 2000 ]; do
    printf 0123456789 >/dev/udp/10.13.13.9/9
    sent=$((sent + 1))
    set -- "$FOLDER"/*.zst
    if [ -e "$1" ] && [ "$sent" -ge 100 ]; then break; fi
    sleep 0.02
done
kill -TERM "$recorder"
wait "$recorder"
echo "$sent"
"#;

struct Place {
    folder: TempDir,
}

impl Place {
    /// A copy of tcpdump with its capability, and the scripts as the image has them. `None` where that is not possible.
    fn new() -> Option<Self> {
        for (program, arguments) in [("tcpdump", "--version"), ("zstd", "--version"), ("ip", "-V"), ("setcap", "-h")] {
            if !has(program, arguments, "the recorder's test") {
                return None;
            }
        }
        let namespaces = Command::new("unshare").args(["--net", "--pid", "--fork", "true"]).output();
        if !namespaces.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: the recorder's test: it needs root, to make a network namespace");
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let place = Self { folder };
        fs::set_permissions(place.folder.path(), fs::Permissions::from_mode(0o755)).expect("others may enter");
        for folder in [place.bin(), place.captures()] {
            fs::create_dir(folder).expect("a folder");
        }
        let tcpdump = Command::new("sh").args(["-c", "command -v tcpdump"]).output().expect("sh starts").stdout;
        fs::copy(String::from_utf8_lossy(&tcpdump).trim(), place.bin().join("tcpdump")).expect("tcpdump is copied");
        for name in ["record", "rotated"] {
            let script = repository("deploy/recorder").join(name).with_extension("sh");
            fs::copy(script, place.bin().join(name)).expect("a script is copied");
        }
        let captures = place.captures();
        std::os::unix::fs::chown(&captures, Some(10_001), Some(10_001)).expect("root may give folders away");
        fs::set_permissions(&captures, fs::Permissions::from_mode(0o700)).expect("the owner's alone");
        let given = Command::new("setcap").arg("cap_net_raw=ep").arg(place.bin().join("tcpdump")).output();
        if !given.is_ok_and(|output| output.status.success()) {
            eprintln!(
                "skipped: the recorder's test: files can't have capabilities in {}",
                place.folder.path().display()
            );
            return None;
        }
        Some(place)
    }

    fn bin(&self) -> PathBuf {
        self.folder.path().join("bin")
    }

    fn captures(&self) -> PathBuf {
        self.folder.path().join("captures")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn run(&self, rights: &str) -> Output {
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
            LABORATORY,
        ]);
        command.env("BIN", self.bin()).env("FOLDER", self.captures()).env("LOG", self.folder.path().join("log"));
        command.env("RIGHTS", rights).env("RECORDER_FOLDER", self.captures()).env("RECORDER_ROTATE_SECONDS", "1");
        command.env("RECORDER_ROTATED", self.bin().join("rotated")).env("TZ", "Asia/Tokyo");
        command.output().expect("unshare starts")
    }
}

#[test]
fn every_packet_of_the_tunnel_is_in_the_files_of_a_recorder_that_is_not_root() {
    let Some(place) = Place::new() else { return };
    let run = place.run("");
    assert!(run.status.success(), "{}\n{}", String::from_utf8_lossy(&run.stderr), place.log());
    let sent: usize = String::from_utf8_lossy(&run.stdout).trim().parse().expect("how many were sent");
    let mut files: Vec<PathBuf> =
        fs::read_dir(place.captures()).expect("the folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    assert!(files.len() > 1, "a file was rotated: {files:?}");
    files.iter().for_each(|file| check_file(file));
    let recorded = files.iter().flat_map(|file| packets_of(&read_capture(file))).filter(|packet| {
        // UDP to port 9 with ten bytes: what the laboratory sends, and not what the kernel sends on a new interface.
        packet.captured.ends_with(b"0123456789")
    });
    assert_eq!(recorded.count(), sent, "{}", place.log());
}

fn check_file(path: &Path) {
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    let mode = fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "{name}");
    // Another zone would show as another hour. A file begins at most a packet's pause before its first packet, or up to two
    // seconds after it, because the kernel hands packets over in blocks.
    let packets = packets_of(&read_capture(path));
    let Some(first) = packets.first() else { return };
    let names = (-2..60).map(|seconds| {
        let time = Timestamp::from_nanos(first.time_ns - seconds * 1_000_000_000).to_string().replace(['-', ':'], "");
        format!("wg0-{}Z.pcap", &time[..15])
    });
    assert!({ names }.any(|start| name.starts_with(&start)) && !name.ends_with(".part"), "{name}");
}

/// The reason why this one service goes without `no-new-privileges`.
#[test]
fn without_the_file_s_capability_nothing_can_be_recorded() {
    let Some(place) = Place::new() else { return };
    let run = place.run("--no-new-privs");
    assert_eq!(run.status.code(), Some(8), "{}", place.log());
    assert!(place.log().contains("permission"), "{}", place.log());
}

#[test]
fn settings_that_make_no_sense_are_told() {
    for (name, value, told) in [
        ("RECORDER_INTERFACE", "any", "each packet is recorded twice"),
        ("RECORDER_INTERFACE", "wg0 -w /x", "must be the name of an interface"),
        ("RECORDER_SNAPLEN", "many", "is not a number"),
        ("RECORDER_ROTATE_MB", "0", "must be above 0"),
        ("RECORDER_FOLDER", "/nowhere", "can't be written by user"),
    ] {
        let mut command = Command::new("sh");
        command.arg(repository("deploy/recorder/record.sh")).env("RECORDER_FOLDER", std::env::temp_dir());
        let output = command.env(name, value).output().expect("sh starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && stderr.contains(told), "{name}={value}: {stderr}");
    }
}
