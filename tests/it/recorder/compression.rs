//! Files that are compressed when they are complete: the same packets, fewer bytes, and nothing lost on the way.

use crate::support::cable::{Cable, Ended};
use crate::support::frames::udp_frames;
use crate::support::{Packet, packets_of, read_capture, sniffit};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// Without their times: each recorder has a clock of its own.
fn captured(ended: &Ended) -> Vec<Vec<u8>> {
    ended.packets().into_iter().map(|packet| packet.captured).collect()
}

fn sidecar_of(capture: &Path) -> Value {
    let name = capture.to_string_lossy().into_owned();
    let stem = name.trim_end_matches(".zst").trim_end_matches(".pcap");
    serde_json::from_slice(&fs::read(format!("{stem}.json")).expect("a sidecar")).expect("JSON")
}

#[track_caller]
fn check_sidecars(ended: &Ended) {
    for capture in ended.captures() {
        let sidecar = sidecar_of(&capture);
        assert_eq!(sidecar["file"], capture.file_name().expect("a name").to_str().expect("text"));
        let plain = read_capture(&capture);
        assert_eq!(sidecar["packets"], packets_of(&plain).len());
        assert_eq!(sidecar["bytes"], plain.len());
        let is_packed = capture.extension().is_some_and(|ending| ending == "zst");
        assert_eq!(sidecar["compression"], if is_packed { "zstd".into() } else { Value::Null });
        let bytes = fs::metadata(&capture).expect("a file").len();
        assert_eq!(sidecar["compressed_bytes"], if is_packed { bytes.into() } else { Value::Null });
    }
    assert_eq!(ended.sidecars().len(), ended.captures().len());
}

#[test]
fn compressed_files_hold_the_same_packets() {
    let Some(cable) = Cable::new() else { return };
    let ways: [&[&str]; 4] = [
        &["--compress", "none", "--rotate-count", "700"],
        &["--rotate-count", "700"],
        &["--compress", "zstd"],
        &["--compress", "zstd", "--format", "pcapng", "--rotate-count", "900"],
    ];
    let recordings = ways.map(|options| cable.record(&[&["--keep", "full"], options].concat()));
    cable.send(&udp_frames(3000, 300), "--pps=3000");
    let [plain, rotated, one, pcapng] = recordings.map(crate::support::cable::Recording::stop);
    assert_eq!((plain.files(".pcap").len(), plain.files(".zst").len()), (5, 0));
    assert_eq!((rotated.files(".pcap").len(), rotated.files(".pcap.zst").len()), (0, 5));
    assert_eq!((one.files(".pcap").len(), one.files(".pcap.zst").len()), (0, 1));
    assert_eq!((pcapng.files(".pcapng").len(), pcapng.files(".pcapng.zst").len()), (0, 4));
    let expected = captured(&plain);
    assert_eq!(expected.len(), 3000);
    for ended in [&plain, &rotated, &one] {
        assert_eq!((ended.code, ended.account().written), (Some(0), 3000), "{}", ended.said);
        assert!(ended.files(".part").is_empty());
        assert!(captured(ended) == expected, "{}", ended.said);
        check_sidecars(ended);
    }
    let packets: Vec<Packet> =
        pcapng.files(".pcapng.zst").iter().flat_map(|path| packets_of(&read_capture(path))).collect();
    assert!(packets.into_iter().map(|packet| packet.captured).eq(expected));
    assert!(one.sidecars()[0].contains(r#""end_reason": "stopped""#), "{}", one.sidecars()[0]);
    check_readers(&plain, &rotated);
}

/// What others read.
fn check_readers(plain: &Ended, packed: &Ended) {
    let analysis = |ended: &Ended| {
        let output = sniffit(["analyze", "--format", "ndjson", ended.folder.to_str().expect("text")]);
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        output.stdout.iter().filter(|byte| **byte == b'\n').count()
    };
    assert!(analysis(plain) > 0);
    assert_eq!(analysis(packed), analysis(plain));
    let capture = &packed.captures()[0];
    let unpacked = Command::new("zstd").arg("-dc").arg(capture).stdout(Stdio::piped()).spawn();
    let Ok(mut unpacked) = unpacked else {
        eprintln!("skipped: `zstd` is not installed (Debian: zstd)");
        return;
    };
    let mut tcpdump = Command::new("tcpdump");
    tcpdump.args(["-n", "-r", "-"]).stdin(unpacked.stdout.take().expect("a pipe")).stderr(Stdio::null());
    let output = tcpdump.output().expect("tcpdump starts");
    assert!(output.status.success() && unpacked.wait().expect("zstd ends").success());
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 700);
}

/// Killed at another moment in each turn; what is left is complete, and the next recorder makes one file of it.
#[test]
fn a_recorder_that_is_killed_while_it_compresses_loses_nothing() {
    let Some(cable) = Cable::new() else { return };
    let file = cable.file_of(&udp_frames(1_000, 60_000));
    let mut halves = 0;
    for turn in 0..6 {
        let recording = cable.record(&["--keep", "full", "--ring", "256MiB", "--compress", "zstd"]);
        cable.send_file(&file, "--topspeed");
        // All is written half a second later at the latest.
        thread::sleep(Duration::from_millis(700));
        recording.signal("HUP");
        while recording.files(".zst.part").is_empty() && recording.files(".zst").is_empty() {
            thread::sleep(Duration::from_micros(200));
        }
        thread::sleep(Duration::from_millis(turn * 15));
        recording.signal("KILL");
        let ended = recording.wait();
        halves += ended.files(".zst.part").len();
        let again = cable.record_in(&ended.folder, &["--time", "1"]).wait();
        assert!(again.files(".zst.part").is_empty(), "{:?}", again.files(""));
        let captures = again.captures();
        // Of the recorder that was killed, and of the next.
        let [first, last] = &captures[..] else { panic!("{:?}", again.files("")) };
        assert_eq!(packets_of(&read_capture(first)).len(), 1_000, "turn {turn}");
        assert_eq!(packets_of(&read_capture(last)).len(), 0);
        check_sidecars(&again);
    }
    assert!(halves > 0, "none was killed in the midst of it");
}

/// The limit is one for what is on the disk.
#[test]
fn what_is_compressed_leaves_room_for_more() {
    let Some(cable) = Cable::new() else { return };
    let recording = cable.record(&["--keep", "full", "--rotate-count", "200", "--max-total", "400kB"]);
    // 200 kB in each file, and of all of them the numbers alone differ.
    cable.send(&udp_frames(4000, 1000), "--pps=2000");
    let ended = recording.stop();
    assert_eq!(ended.account().written, 4000, "{}", ended.said);
    let captures = ended.captures();
    let bytes: u64 = captures.iter().map(|path| fs::metadata(path).expect("a file").len()).sum();
    assert!(captures.len() > 2 && bytes <= 400_000, "{} files, {bytes} bytes", captures.len());
    let numbers: BTreeSet<_> = ended.packets().iter().map(|packet| packet.captured[42..46].to_vec()).collect();
    assert_eq!(numbers.last().expect("packets")[..], 3999_u32.to_be_bytes());
    check_sidecars(&ended);
}

#[test]
fn without_room_for_both_files_stay_as_they_are() {
    let Some(cable) = Cable::new() else { return };
    let disk = super::disk::SmallDisk::new(&cable);
    let options = ["--keep", "full", "--rotate-count", "1000", "--min-free", "2MiB"];
    let recording = cable.record_in(&disk.folder, &options);
    // 3 MB a file: the first and what it is compressed to leave 2 MiB free, the second might not.
    cable.send(&random_frames(1900, 3000), "--pps=3000");
    let ended = recording.stop();
    assert_eq!((ended.code, ended.account().written), (Some(0), 1900), "{}", ended.said);
    assert_eq!(ended.packets().len(), 1900);
    assert!(ended.files(".pcap").len() == 1 && ended.files(".pcap.zst").len() == 1, "{:?}", ended.files(""));
    assert_eq!(ended.said.matches("no room").count(), 1, "{}", ended.said);
    check_sidecars(&ended);
}

/// Packets that no compression makes smaller.
fn random_frames(count: u32, payload_bytes: usize) -> Vec<Packet> {
    let mut random = 9_u64;
    let mut packets = udp_frames(count, payload_bytes);
    for packet in &mut packets {
        for byte in &mut packet.captured[46..] {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (random >> 33) as u8;
        }
    }
    packets
}
