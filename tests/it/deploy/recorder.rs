//! The recorder with the rights that it is deployed with: a user that is not root and one capability, in the container from
//! the program's own file, under systemd given by the unit.
//!
//! Needs root, to make a network namespace and a copy of the recorder with the capability; elsewhere it is skipped.

use super::compose::command;
use super::{has, read};
use crate::support::{Packet, packets_of, read_capture, recorder};
use analyzer_core::time::Timestamp;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// Runs in namespaces of its own: nothing that it starts outlives it. The recorder is started before the interface is there,
/// and again afterwards, as Docker and systemd do. Then packets are sent until one file is complete, and it says how many they
/// were. What waits for ever is ended after a minute, with exit code 124.
const LABORATORY: &str = r#"
set -eu
ip link set lo up
# `setpriv` keeps the rights of root until the next program, which is therefore `env`.
start() { exec setpriv --reuid 10001 --regid 10001 --clear-groups --bounding-set=-all,+net_raw $RIGHTS env "$PROGRAM" "$@"; }
status=0
(start "$@") 2>"$LOG" || status=$?
if [ "$status" != 1 ]; then cat "$LOG" >&2; exit "$status"; fi
if eval "$HEALTH"; then echo 'healthy without an interface' >&2; exit 9; fi
ip link add wg0 type veth peer name phone
ip addr add 10.13.13.1/24 dev wg0
ip link set wg0 up
ip link set phone up
ip neigh add 10.13.13.9 lladdr 02:00:00:00:00:09 dev wg0
start "$@" 2>>"$LOG" &
recorder=$!
until grep -q 'recording wg0' "$LOG"; do
    if ! kill -0 "$recorder"; then cat "$LOG" >&2; exit 8; fi
    sleep 0.05
done
eval "$HEALTH"
sent=0
while [ "$sent" -lt 2000 ]; do
    printf 0123456789 >/dev/udp/10.13.13.9/9
    sent=$((sent + 1))
    if [ "$sent" = "$RELOAD_AT" ]; then kill -HUP "$recorder"; fi
    set -- "$FOLDER"/*.json
    if [ -e "$1" ] && [ "$sent" -ge 100 ]; then break; fi
    sleep 0.02
done
kill -TERM "$recorder"
wait "$recorder"
if eval "$HEALTH"; then echo 'healthy without a recorder' >&2; exit 9; fi
echo "$sent"
"#;

/// How the recorder is started, and by whom.
struct Deployed {
    /// Of the program's file.
    has_file_capability: bool,
    /// Words for `setpriv`.
    rights: &'static str,
    arguments: Vec<String>,
    /// After so many packets it is told to begin a new file; 0 is never.
    reload_at: u32,
}

impl Deployed {
    /// As `docker-compose.yml` and the image do.
    fn in_container(settings: &[(&str, &str)]) -> Self {
        Self {
            has_file_capability: true,
            rights: "--inh-caps=-all",
            arguments: command::command("recorder", settings),
            reload_at: 0,
        }
    }

    /// As the unit and its settings do.
    fn by_systemd() -> Self {
        let (unit, settings) = (read("deploy/systemd/sniffit-recorder.service"), read("deploy/systemd/recorder.conf"));
        let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=/usr/bin/sniffit-recorder "));
        let options = settings.lines().find_map(|line| line.strip_prefix("RECORDER_OPTIONS='")?.strip_suffix('\''));
        let line = start.expect("a start").replace("$RECORDER_OPTIONS", options.expect("options"));
        for rule in ["AmbientCapabilities=CAP_NET_RAW", "CapabilityBoundingSet=CAP_NET_RAW", "NoNewPrivileges=yes"] {
            assert!(unit.lines().any(|line| line == rule), "{rule}");
        }
        Self {
            has_file_capability: false,
            rights: "--no-new-privs --inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw",
            arguments: line.split(' ').map(str::to_owned).collect(),
            reload_at: 50,
        }
    }
}

struct Place {
    folder: TempDir,
}

impl Place {
    /// A copy of the recorder as it is deployed. `None` where that is not possible.
    fn new(deployed: &Deployed) -> Option<Self> {
        for (program, arguments) in [("ip", "-V"), ("setcap", "-h"), ("setpriv", "--version")] {
            if !has(program, arguments, "the recorder's test") {
                return None;
            }
        }
        let namespaces = Command::new("unshare").args(["--net", "--pid", "--fork", "true"]).output();
        if !namespaces.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: the recorder's test: it needs root, to make a network namespace");
            return None;
        }
        let place = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        fs::set_permissions(place.folder.path(), fs::Permissions::from_mode(0o755)).expect("others may enter");
        fs::copy(recorder(), place.program()).expect("the recorder is copied");
        let captures = place.captures();
        fs::create_dir(&captures).expect("a folder");
        std::os::unix::fs::chown(&captures, Some(10_001), Some(10_001)).expect("root may give folders away");
        fs::set_permissions(&captures, fs::Permissions::from_mode(0o700)).expect("the owner's alone");
        if deployed.has_file_capability {
            let given = Command::new("setcap").arg("cap_net_raw=ep").arg(place.program()).output();
            if !given.is_ok_and(|output| output.status.success()) {
                let shown = place.folder.path().display();
                eprintln!("skipped: the recorder's test: files can't have capabilities in {shown}");
                return None;
            }
        }
        Some(place)
    }

    fn program(&self) -> PathBuf {
        self.folder.path().join("sniffit-recorder")
    }

    fn captures(&self) -> PathBuf {
        self.folder.path().join("captures")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn run(&self, deployed: &Deployed) -> Output {
        let mut command = Command::new("unshare");
        command.args(["--net", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "timeout", "60"]);
        command.args(["bash", "-c", LABORATORY, "laboratory"]);
        for word in &deployed.arguments {
            let is_output = word.ends_with("/capture");
            command.arg(if is_output { self.captures().join("capture").into_os_string() } else { word.into() });
        }
        let health: Vec<String> = command::health("recorder").iter().map(|word| format!("'{word}'")).collect();
        command
            .env("PROGRAM", self.program())
            .env("FOLDER", self.captures())
            .env("LOG", self.folder.path().join("log"));
        command.env("HEALTH", health.join(" ")).env("RIGHTS", deployed.rights).env("TZ", "Asia/Tokyo");
        command.env("RELOAD_AT", deployed.reload_at.to_string()).current_dir(self.captures());
        command.output().expect("unshare starts")
    }
}

const PAYLOAD: &[u8] = b"0123456789";

/// What the laboratory sends, UDP to port 9 on Ethernet, and not what the kernel sends on a new interface.
fn is_sent(packet: &Packet) -> bool {
    let captured = &packet.captured;
    captured.get(12..14) == Some(&[8, 0]) && captured.get(23) == Some(&17) && captured.get(36..38) == Some(&[0, 9])
}

/// Records, and checks that all that was sent is in files that are as they should be.
fn check(deployed: &Deployed, keeps_payload: bool) {
    let Some(place) = Place::new(deployed) else { return };
    let run = place.run(deployed);
    assert!(run.status.success(), "{}\n{}", String::from_utf8_lossy(&run.stderr), place.log());
    let sent: usize = String::from_utf8_lossy(&run.stdout).trim().parse().expect("how many were sent");
    let mut files: Vec<PathBuf> =
        fs::read_dir(place.captures()).expect("the folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let (sidecars, files): (Vec<PathBuf>, Vec<PathBuf>) =
        files.into_iter().partition(|path| path.extension().is_some_and(|ending| ending == "json"));
    assert!(files.len() > 1, "a file was rotated: {files:?}");
    assert_eq!(sidecars, files.iter().map(|path| sidecar_of(path)).collect::<Vec<_>>());
    files.iter().for_each(|file| check_file(file));
    check_accounts(&sidecars);
    let recorded: Vec<Packet> = files.iter().flat_map(|file| packets_of(&read_capture(file))).filter(is_sent).collect();
    assert_eq!(recorded.len(), sent, "{}", place.log());
    assert!(recorded.iter().all(|packet| packet.captured.ends_with(PAYLOAD) == keeps_payload), "{}", place.log());
}

/// Each file tells of all packets until it was closed.
fn check_accounts(sidecars: &[PathBuf]) {
    let mut packets = 0;
    for path in sidecars {
        let text = fs::read_to_string(path).expect("a sidecar");
        let sidecar: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let count = |name: &str| sidecar["accounting"][name].as_u64().expect(name);
        packets += sidecar["packets"].as_u64().expect("packets");
        assert_eq!((count("seen"), count("written"), count("kernel_dropped")), (packets, packets, 0), "{text}");
    }
}

/// What the settings record is compressed.
fn sidecar_of(path: &Path) -> PathBuf {
    path.with_extension("").with_extension("json")
}

fn check_file(path: &Path) {
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    for path in [path.to_owned(), sidecar_of(path)] {
        let mode = fs::metadata(path).expect("a file").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{name}");
    }
    // Another zone would show as another hour. A file begins at most a packet's pause before its first packet, or a moment
    // after it, because the kernel hands packets over in blocks.
    let packets = packets_of(&read_capture(path));
    let Some(first) = packets.first() else { return };
    let names = (-2..60).map(|seconds| {
        let time = Timestamp::from_nanos(first.time_ns - seconds * 1_000_000_000).to_string().replace(['-', ':'], "");
        format!("capture-wg0-{}Z-", &time[..15])
    });
    assert!({ names }.any(|start| name.starts_with(&start)) && name.ends_with(".pcap.zst"), "{name}");
}

#[test]
fn every_packet_of_the_tunnel_is_in_the_files_of_the_container() {
    let settings = [("RECORDER_INTERFACE", "wg0"), ("RECORDER_ROTATE_SECONDS", "1"), ("RECORDER_KEEP", "full")];
    check(&Deployed::in_container(&settings), true);
    check(&Deployed::in_container(&settings[..2]), false);
}

#[test]
fn every_packet_of_the_tunnel_is_in_the_files_of_the_service() {
    check(&Deployed::by_systemd(), false);
}

/// The reason why this one service of Compose goes without `no-new-privileges`.
#[test]
fn without_the_file_s_capability_nothing_can_be_recorded() {
    let deployed = Deployed {
        rights: "--inh-caps=-all --no-new-privs",
        ..Deployed::in_container(&[("RECORDER_INTERFACE", "wg0")])
    };
    let Some(place) = Place::new(&deployed) else { return };
    let run = place.run(&deployed);
    assert_eq!(run.status.code(), Some(5), "{}", place.log());
    assert!(place.log().contains("setcap cap_net_raw=ep"), "{}", place.log());
}

/// Docker starts it again and again; its log says why.
#[test]
fn settings_that_make_no_sense_are_told() {
    for (name, value, told) in [
        ("RECORDER_INTERFACE", "wg0 -w x", "unexpected argument '-w'"),
        ("RECORDER_KEEP", "everything", "is not one of headers, names, records, full"),
        ("RECORDER_ROTATE_SECONDS", "often", "is no duration"),
        ("RECORDER_ROTATE_MB", "0", "is no size"),
        ("RECORDER_COMPRESS", "gzip", "possible values: zstd, none"),
        ("RECORDER_KEEP_MB", "100", "--rotate-size is larger than --max-total"),
        ("RECORDER_OPTIONS", "--files", "a value is required for '--files"),
    ] {
        let mut command = Command::new(recorder());
        command.args(command::command("recorder", &[(name, value)])).current_dir(std::env::temp_dir());
        let output = command.output().expect("the recorder starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && stderr.contains(told), "{name}={value}: {stderr}");
    }
}
