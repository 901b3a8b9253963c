//! Disks that are full, and folders that can't be written.

use crate::support::cable::Cable;
use crate::support::frames::udp_frames;
use crate::support::packets_of;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A disk of 8 MiB in memory.
pub(super) struct SmallDisk {
    pub(super) folder: PathBuf,
}

impl SmallDisk {
    pub(super) fn new(cable: &Cable) -> Self {
        let folder = cable.folder();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(&folder).status();
        assert!(mounted.expect("mount starts").success());
        Self { folder }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(&self.folder).status();
        if !unmounted.is_ok_and(|status| status.success()) {
            eprintln!("{} can't be unmounted", self.folder.display());
        }
    }
}

const SENT: usize = 20_000;

#[test]
fn a_full_disk_is_told_and_leaves_whole_packets_which_tcpdump_does_not_tell() {
    let Some(cable) = Cable::new() else { return };
    let file = cable.file_of(&udp_frames(SENT as u32, 1000));

    let disk = SmallDisk::new(&cable);
    let recording = cable.record_in(&disk.folder, &["--keep", "full", "--min-free", "0"]);
    cable.send_file(&file, "--topspeed");
    let ended = recording.wait();
    assert_eq!(ended.code, Some(3), "{}", ended.said);
    assert!(ended.said.contains("No space left"), "{}", ended.said);
    let account = ended.account();
    assert!(account.is_equal() && account.write_errors > 0, "{}", ended.said);
    // It has its name and its sidecar, and is read to its last byte.
    assert_eq!(ended.packets().len() as u64, account.written);
    assert!(account.written > 7000, "{}", ended.said);
    assert!(ended.sidecars()[0].contains(r#""end_reason": "disk_full""#));
    drop(disk);

    let disk = SmallDisk::new(&cable);
    let path = disk.folder.join("tcpdump.pcap");
    let mut tcpdump = cable.tcpdump(&path);
    cable.send_file(&file, "--topspeed");
    // Until the disk is full, or nothing more is written.
    cable.settle(&path);
    assert!(Command::new("kill").args(["-INT", &tcpdump.id().to_string()]).status().expect("kill starts").success());
    let status = tcpdump.wait().expect("tcpdump ends");
    let readable = readable_packets(&path);
    assert!(status.success(), "tcpdump tells a full disk by now ({status}): this comparison can go");
    assert!(readable < SENT, "{readable}");
}

/// As far as a file goes.
fn readable_packets(path: &Path) -> usize {
    let mut packets = 0;
    let mut decoder = analyzer_core::capture::CaptureDecoder::new();
    drop(decoder.push(&fs::read(path).expect("a file"), |_| packets += 1));
    packets
}

#[test]
fn it_ends_before_the_disk_is_full() {
    let Some(cable) = Cable::new() else { return };
    let disk = SmallDisk::new(&cable);
    let recording = cable.record_in(&disk.folder, &["--keep", "full", "--min-free", "4MiB"]);
    cable.send(&udp_frames(20_000, 1000), "--pps=8000");
    let ended = recording.wait();
    assert_eq!(ended.code, Some(3), "{}", ended.said);
    assert!(ended.said.contains("less than --min-free"), "{}", ended.said);
    let account = ended.account();
    assert!(account.is_equal() && account.write_errors == 0, "what was in the ring is written: {}", ended.said);
    assert_eq!(ended.packets().len() as u64, account.written);

    let begun_late = cable.record_refused(&disk.folder, &["--min-free", "7MiB"]);
    assert_eq!(begun_late.code, Some(1), "{}", begun_late.stderr);
    assert!(begun_late.stderr.contains("--min-free"), "{}", begun_late.stderr);
}

#[test]
fn a_folder_that_can_not_be_made_is_told() {
    let Some(cable) = Cable::new() else { return };
    let folder = cable.folder();
    let file = folder.join("file");
    fs::write(&file, "").expect("written");
    let run = cable.record_refused(&file.join("below"), &[]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("can't be made") && run.stderr.contains("file"), "{}", run.stderr);
    assert_eq!(packets_of(&fs::read(cable.file_of(&udp_frames(1, 1))).expect("a file")).len(), 1);
}
