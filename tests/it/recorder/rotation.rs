//! File after file: no packet between them is lost, and only the oldest of our own are deleted.

use crate::support::cable::{Cable, Ended};
use crate::support::frames::udp_frames;
use crate::support::{packets_of, read_capture};
use std::fs;

/// What tells packets of `udp_frames` apart.
fn numbers(ended: &Ended) -> Vec<u32> {
    let payload = |captured: &[u8]| u32::from_be_bytes(captured[42..46].try_into().expect("four bytes"));
    ended.packets().iter().map(|packet| payload(&packet.captured)).collect()
}

#[test]
fn no_packet_is_lost_or_doubled_between_files() {
    let Some(cable) = Cable::new() else { return };
    let packets = udp_frames(4000, 300);
    for (options, at_least) in
        [(["--rotate-count", "700"], 6), (["--rotate-size", "100kB"], 10), (["--rotate-time", "300ms"], 3)]
    {
        let recording = cable.record(&[&["--keep", "full"][..], &options].concat());
        cable.send(&packets, "--pps=3000");
        let ended = recording.stop();
        assert_eq!(ended.account().written, 4000, "{options:?}: {}", ended.said);
        let files = ended.captures();
        assert!(files.len() >= at_least, "{options:?}: {files:?}");
        assert_eq!(numbers(&ended), (0..4000).collect::<Vec<u32>>(), "{options:?}");
        assert_eq!(ended.files(".json").len(), files.len());
        assert!(ended.files(".part").is_empty(), "{:?}", ended.files(".part"));
        for file in &files[..files.len() - 1] {
            let capture = read_capture(file);
            let (packets, bytes) = (packets_of(&capture).len(), capture.len());
            match options[0] {
                "--rotate-count" => assert_eq!(packets, 700),
                // It ends with the packet that reaches the size.
                "--rotate-size" => assert!((100_000..101_000).contains(&bytes), "{bytes}"),
                _ => assert!(packets > 0),
            }
        }
    }
}

#[test]
fn a_signal_begins_a_new_file() {
    let Some(cable) = Cable::new() else { return };
    let recording = cable.record(&["--keep", "full"]);
    let packets = udp_frames(3000, 100);
    let mut sender = cable.start_sending(&cable.file_of(&packets), "--pps=2000");
    recording.signal("HUP");
    recording.until_files(".pcap", 1);
    sender.wait().expect("the sender ends");
    let ended = recording.stop();
    assert_eq!(ended.files(".pcap").len(), 2);
    assert_eq!(numbers(&ended), (0..3000).collect::<Vec<u32>>());
}

#[test]
fn names_are_in_utc_and_say_when_a_file_is_not_complete() {
    let Some(cable) = Cable::new() else { return };
    let recording = cable.record(&[]);
    let names = |files: Vec<std::path::PathBuf>| -> Vec<String> {
        files.iter().map(|file| file.file_name().expect("a name").to_string_lossy().into_owned()).collect()
    };
    let parts = names(recording.files(".part"));
    assert!(parts.iter().all(|name| name.starts_with("x-recorded-")), "{parts:?}");
    cable.send(&udp_frames(5, 100), "--topspeed");
    let ended = recording.stop();
    let [name] = &names(ended.files(".pcap"))[..] else { panic!("{:?}", ended.files("")) };
    // The recorder runs in another time zone than UTC.
    let time = analyzer_core::time::Timestamp::from_nanos(ended.packets()[0].time_ns).to_string();
    let hour = time[..13].replace('-', "");
    assert!(name.starts_with(&format!("x-recorded-{hour}")), "{name}, {time}");
    assert!(name.ends_with("Z-00001.pcap"), "{name}");
}

#[test]
fn only_the_newest_files_are_kept_and_no_other_is_touched() {
    let Some(cable) = Cable::new() else { return };
    let packets = udp_frames(4000, 300);
    for options in [&["--files", "3"][..], &["--max-total", "400kB"]] {
        let folder = cable.folder();
        let others =
            ["x-recorded.pcap", "x-recorded-20200101T000000Z-1.pcap", "x-recorded-20200101T000000Z-1.pcap.zst"];
        for name in others {
            fs::write(folder.join(name), "mine").expect("written");
        }
        let old = [".pcap", ".pcap.zst"].map(|ending| {
            let number = ending.len();
            folder.join(format!("x-recorded-20200101T000000Z-{number:05}{ending}"))
        });
        for old in &old {
            // Each alone is more than all may take, however small the new ones are when they are compressed.
            fs::write(old, vec![0; 450_000]).expect("written");
        }
        let recording = cable.record_in(&folder, &[&["--keep", "full", "--rotate-count", "400"][..], options].concat());
        cable.send(&packets, "--pps=8000");
        let ended = recording.stop();
        assert_eq!(ended.account().written, 4000, "{}", ended.said);
        assert!(!old.iter().any(|old| old.exists()), "files of an earlier run are the oldest");
        for name in others {
            assert_eq!(fs::read_to_string(folder.join(name)).expect("there"), "mine");
        }
        let ours = ended.captures();
        let bytes: u64 = ours.iter().map(|file| fs::metadata(file).expect("a file").len()).sum();
        assert!(ours.len() <= 3 || options[0] == "--max-total" && bytes <= 400_000, "{options:?}: {ours:?}");
        assert_eq!(ended.files(".json").len(), ours.len(), "a sidecar goes with its file");
        let last = packets_of(&read_capture(ours.last().expect("a file")));
        assert_eq!(last.last().expect("a packet").captured, packets.last().expect("a packet").captured);
    }
}

#[test]
fn nothing_is_overwritten() {
    let Some(cable) = Cable::new() else { return };
    let folder = cable.folder();
    let runs: Vec<Ended> = (0..3)
        .map(|_| {
            let recording = cable.record_in(&folder, &["--keep", "full"]);
            cable.send(&udp_frames(10, 100), "--topspeed");
            recording.stop()
        })
        .collect();
    assert_eq!(runs[2].files(".pcap").len(), 3);
    assert_eq!(runs[2].packets().len(), 30);
}
