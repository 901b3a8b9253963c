//! What can't be recorded is told, with what to do; and who may record.

use crate::support::cable::{Cable, RECORDED, spawn};
use crate::support::frames::{frame, tcp, udp, udp_frames};
use crate::support::{Run, recorder};
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[track_caller]
fn check(run: &Run, code: i32, told: &[&str]) {
    assert_eq!(run.code, Some(code), "{}", run.stderr);
    for words in told {
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
}

#[test]
fn interfaces_that_can_not_be_recorded() {
    let Some(cable) = Cable::new() else { return };
    check(&cable.run(&["-i", "any"]), 1, &["two or three times", RECORDED]);
    check(&cable.run(&["-i", "wg7"]), 1, &["no interface `wg7`", RECORDED]);
    // The cable is no tunnel.
    check(&cable.run(&[]), 1, &["--interface", "no tunnel", RECORDED]);
    cable.recorded.ip(&format!("link set {RECORDED} down"));
    check(&cable.run(&["-i", RECORDED]), 1, &["is down", &format!("ip link set {RECORDED} up")]);
}

#[test]
fn options_that_make_no_sense() {
    let Some(cable) = Cable::new() else { return };
    let keys = cable.folder();
    let open = keys.join("open");
    fs::write(&open, "ab".repeat(32)).expect("written");
    fs::set_permissions(&open, fs::Permissions::from_mode(0o644)).expect("changed");
    let open = open.to_str().expect("text");
    for (options, code, told) in [
        (&["--filter", "tcp prot 80"][..], 1, "not understood by libpcap"),
        (&["--exclude-host", "phone.example"], 1, "neither an address"),
        (&["--exclude-tunnel", "51820"], 2, "udp/51820"),
        (&["--files", "3"], 2, "--rotate-size"),
        (&["--keep", "full", "--anonymize", open], 2, "--anonymize goes with"),
        (&["--anonymize", open], 1, "chmod 600"),
        (&["--rotate-size", "big"], 2, "500MB"),
        (&["--env-file", "/nowhere/.env"], 1, "/nowhere/.env"),
        (&["--ring", "1GiB"], 2, "1MiB to 256MiB"),
    ] {
        check(&cable.run(&[&["-i", RECORDED, "-t", "1"][..], options].concat()), code, &[told]);
    }
}

/// At once, or as a VPN's server takes it away: down first.
#[test]
fn an_interface_that_goes_away_ends_the_recording_and_loses_nothing() {
    let Some(cable) = Cable::new() else { return };
    for is_down_before in [true, false] {
        let recording = cable.record(&["--keep", "full"]);
        cable.send(&udp_frames(500, 100), "--topspeed");
        if is_down_before {
            cable.recorded.ip(&format!("link set {RECORDED} down"));
            // It has seen that, and waits.
            recording.signal("USR1");
            recording.until("the account", |said| said.contains("seen 500"));
        }
        cable.recorded.ip(&format!("link del {RECORDED}"));
        let ended = recording.wait();
        assert_eq!(ended.code, Some(3), "{}", ended.said);
        assert!(ended.said.contains("can't be recorded any more"), "{}", ended.said);
        assert_eq!((ended.account().written, ended.packets().len()), (500, 500), "{}", ended.said);
        assert!(ended.sidecars()[0].contains(r#""end_reason": "interface_gone""#));
        cable.plug();
    }
}

/// A tunnel goes down and comes up again, with its server.
#[test]
fn an_interface_that_goes_down_is_recorded_again_when_it_is_up() {
    let Some(cable) = Cable::new() else { return };
    let recording = cable.record(&["--keep", "full"]);
    cable.send(&udp_frames(500, 100), "--topspeed");
    cable.recorded.ip(&format!("link set {RECORDED} down"));
    cable.recorded.ip(&format!("link set {RECORDED} up"));
    cable.send(&udp_frames(300, 100), "--topspeed");
    let ended = recording.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.said);
    assert_eq!((ended.account().written, ended.packets().len()), (800, 800), "{}", ended.said);
}

#[test]
fn without_the_right_the_command_that_gives_it_is_told() {
    let Some(cable) = Cable::new() else { return };
    let mut command = cable.recorded.command("setpriv");
    command.args(["--bounding-set", "-net_raw", "--inh-caps", "-net_raw"]).arg(recorder()).args(["-i", RECORDED]);
    let run = Run::of(command.output().expect("it starts"));
    check(&run, 5, &["CAP_NET_RAW", "setcap cap_net_raw=ep", recorder().to_str().expect("text")]);
}

#[test]
fn the_one_right_is_enough_for_another_user() {
    let Some(cable) = Cable::new() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    // Others may enter, but not the folder of the recording.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("changed");
    let captures = folder.path().join("captures");
    let program = folder.path().join("sniffit-recorder");
    fs::copy(recorder(), &program).expect("copied");
    fs::create_dir(&captures).expect("made");
    std::os::unix::fs::chown(&captures, Some(10_001), Some(10_001)).expect("root may give folders away");
    let mut command = cable.recorded.command("setpriv");
    command.args(["--reuid", "10001", "--regid", "10001", "--clear-groups", "--no-new-privs"]);
    command.args(["--bounding-set", "-all,+net_raw", "--inh-caps", "-all,+net_raw", "--ambient-caps", "-all,+net_raw"]);
    command.arg(&program).args(["-q", "-i", RECORDED, "-o"]).arg(captures.join("x"));
    let recording = spawn(command, &captures);
    cable.send(&udp_frames(100, 100), "--topspeed");
    let ended = recording.stop();
    assert_eq!((ended.code, ended.account().written), (Some(0), 100), "{}", ended.said);
}

#[test]
fn the_check_tests_the_machine() {
    let Some(cable) = Cable::new() else { return };
    let run = cable.run(&["check", "-i", RECORDED, "--self-test-packets", "2000"]);
    let text = run.text().to_owned();
    assert_eq!(run.code, Some(0), "{text}{}", run.stderr);
    for words in ["CAP_NET_RAW", RECORDED, "free", "2000 packets sent to itself, all recorded", "nanoseconds"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let run = cable.run(&["check", "-i", "wg7", "--self-test-packets", "10"]);
    assert!(run.code == Some(1) && run.text().contains("problem  wg7"), "{}", run.text());
}

const VPN: [u8; 4] = [203, 0, 113, 1];
const PHONE: [u8; 4] = [198, 51, 100, 10];
const ADMIN: [u8; 4] = [198, 51, 100, 22];
const WEB: [u8; 4] = [192, 0, 2, 80];
const OTHER: [u8; 4] = [198, 51, 100, 77];

/// The variables of the ancestor, from a file, on packets as they are outside of a tunnel.
#[test]
fn the_six_variables_leave_out_the_tunnel_the_administrator_and_others() {
    let Some(cable) = Cable::new() else { return };
    let folder = cable.folder();
    let file = folder.join("vps.env");
    fs::write(&file, "IP_VPN=203.0.113.1\nIP_CLIENT=198.51.100.10\nIP_SSH=198.51.100.22\n").expect("written");
    let file = file.to_str().expect("text");
    let packets = [
        (true, frame(6, VPN, WEB, &tcp(5000, 443, 1, b"asked"))),
        (true, frame(6, WEB, VPN, &tcp(443, 5000, 1, b"answered"))),
        (true, frame(17, VPN, WEB, &udp(5000, 443, b"asked"))),
        (false, frame(17, PHONE, VPN, &udp(40_000, 51_820, b"tunnel"))),
        (false, frame(17, VPN, PHONE, &udp(51_820, 40_000, b"tunnel"))),
        (false, frame(6, ADMIN, VPN, &tcp(50_022, 22, 1, b"ssh"))),
        (false, frame(6, OTHER, WEB, &tcp(5000, 443, 1, b"others"))),
        (false, frame(1, VPN, WEB, &[8, 0, 0, 0, 0, 0, 0, 0])),
    ];
    let recording = cable.record(&["--keep", "full", "--env-file", file]);
    cable.send(&packets.iter().map(|(_, packet)| packet.clone()).collect::<Vec<_>>(), "--topspeed");
    let ended = recording.stop();
    let wanted: Vec<_> =
        packets.iter().filter(|(is_wanted, _)| *is_wanted).map(|(_, packet)| &packet.captured).collect();
    assert_eq!(ended.packets().iter().map(|packet| &packet.captured).collect::<Vec<_>>(), wanted, "{}", ended.said);

    let printed = cable.run(&["-i", RECORDED, "--env-file", file, "--print-filter"]);
    let expected = format!(
        "{RECORDED}: (tcp or udp or (ip6 proto 44)) and (host 203.0.113.1) and not host 198.51.100.10 and not host 198.51.100.22\n"
    );
    assert_eq!(printed.expect(0).text(), expected);
}

#[test]
fn a_filter_that_lets_nothing_in_is_told() {
    let Some(cable) = Cable::new() else { return };
    let recording = cable.record(&["--filter", "port 4", "--time", "1"]);
    cable.send(&udp_frames(50, 100), "--topspeed");
    let ended = recording.wait();
    assert!(ended.said.contains("the filter let none of them in"), "{}", ended.said);
    assert_eq!((ended.code, ended.account().seen), (Some(0), 0), "{}", ended.said);
    // An interface on which nothing happens is no reason to doubt the filter.
    let ended = cable.record(&["--time", "1"]).wait();
    assert!(!ended.said.contains("warning"), "{}", ended.said);
}

#[test]
fn files_are_the_owners_alone() {
    let Some(cable) = Cable::new() else { return };
    let folder = cable.folder().join("new/below");
    let mut command = cable.recorded.command("sh");
    command.args(["-c", "umask 022 && exec \"$@\"", "sh"]).arg(recorder()).args(["-q", "-i", RECORDED, "-o"]);
    command.arg(folder.join("x"));
    let recording = spawn(command, &folder);
    cable.send(&udp_frames(5, 100), "--topspeed");
    let ended = recording.stop();
    let mode = |path: &std::path::Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(folder.parent().expect("a parent"))), (0o700, 0o700));
    assert_eq!(ended.files("").len(), 2);
    ended.files("").iter().for_each(|file| assert_eq!(mode(file), 0o600, "{}", file.display()));
}
