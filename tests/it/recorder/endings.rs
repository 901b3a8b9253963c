//! However it ends, what came before is in the file.

use crate::support::cable::Cable;
use crate::support::frames::udp_frames;
use crate::support::packets_of;
use std::fs;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

#[test]
fn nothing_is_lost_when_it_is_told_to_end_a_hundred_times() {
    let Some(cable) = Cable::new() else { return };
    let packets = udp_frames(300, 60);
    let file = cable.file_of(&packets);
    for turn in 0..100 {
        let recording = cable.record(&["--keep", "headers"]);
        cable.send_file(&file, "--topspeed");
        // At once: nearly all packets are still with the kernel.
        let ended = if turn % 2 == 0 { recording.stop() } else { recording.stop_by("TERM") };
        assert_eq!((ended.account().written, ended.code), (300, Some(0)), "turn {turn}: {}", ended.said);
        assert_eq!(ended.packets().len(), 300, "turn {turn}");
    }
}

#[test]
fn time_ends_it_without_any_packet() {
    let Some(cable) = Cable::new() else { return };
    let begun = Instant::now();
    let recording = cable.record(&["--time", "5"]);
    let ended = recording.wait();
    let took = begun.elapsed();
    // Half a second on an idle machine; tests share theirs.
    assert!((Duration::from_secs(5)..Duration::from_secs(9)).contains(&took), "{took:?}");
    assert_eq!((ended.code, ended.account().seen), (Some(0), 0), "{}", ended.said);
    assert!(ended.packets().is_empty());
}

#[test]
fn what_was_recorded_is_on_the_disk_within_a_second() {
    let Some(cable) = Cable::new() else { return };
    let recording = cable.record(&[]);
    cable.send(&udp_frames(20, 100), "--topspeed");
    let sent = Instant::now();
    let part = recording.files(".part").into_iter().find(|path| path.to_string_lossy().ends_with(".pcap.part"));
    let part = part.expect("a file that is being written");
    while packets_of(&fs::read(&part).expect("readable")).len() < 20 {
        assert!(sent.elapsed() < Duration::from_secs(4), "after {:?}", sent.elapsed());
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(recording.stop().account().written, 20);
}

/// Four at a time record the same packets, each with its own end. There are so few that no buffer gets full: only the clock
/// brings them to the disk.
#[test]
fn a_recorder_that_is_killed_leaves_whole_packets_up_to_a_second_before() {
    let Some(cable) = Cable::new() else { return };
    let file = cable.file_of(&udp_frames(12_000, 100));
    let mut random = 7_u64;
    let mut missing_ms = Vec::new();
    for _ in 0..5 {
        let recordings: Vec<_> = (0..4).map(|_| cable.record(&["--keep", "full"])).collect();
        let mut sender = cable.start_sending(&file, "--pps=400");
        thread::sleep(Duration::from_millis(1500));
        for recording in recordings {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            thread::sleep(Duration::from_millis(50 + (random >> 33) % 300));
            let killed_ns = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos() as i64;
            recording.signal("KILL");
            let ended = recording.wait();
            assert_eq!(ended.code, None);
            let [part] = &ended.files(".pcap.part")[..] else { panic!("{:?}", ended.files("")) };
            // To its last byte, or `packets_of` fails.
            let packets = packets_of(&fs::read(part).expect("readable"));
            let last_ns = packets.last().expect("packets, sent for longer than a second").time_ns;
            missing_ms.push((killed_ns - last_ns) / 1_000_000);
        }
        sender.kill().expect("the sender ends");
        sender.wait().expect("the sender ends");
    }
    missing_ms.sort_unstable();
    // The promise is a second; on a machine that does other things at the same time, a process may have to wait for its turn.
    assert!(missing_ms[14] <= 1000 && missing_ms[19] <= 4000, "{missing_ms:?} ms are missing");
}

#[test]
fn what_a_killed_recorder_left_is_told_and_stays() {
    let Some(cable) = Cable::new() else { return };
    let recording = cable.record(&[]);
    recording.signal("KILL");
    let ended = recording.wait();
    let left = ended.files(".pcap.part");
    assert_eq!(left.len(), 1);
    let again = cable.record_in(&ended.folder, &["--time", "1"]).wait();
    assert!(again.said.contains("was not completed"), "{}", again.said);
    assert!(left[0].exists() && again.files(".pcap").len() == 1, "{:?}", again.files(""));
}
