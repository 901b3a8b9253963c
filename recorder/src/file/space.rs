//! Room on the disk.
//!
//! In: a folder, and limits. Out: what is free, and fewer old files. Guaranteed: only complete files of the same prefix and
//! interface are deleted, the oldest first, each with its sidecar, and none while it is being compressed.

use super::lock::{self, Locked};
use super::name::Place;
use rustix::fs::statvfs;
use std::io;
use std::path::{Path, PathBuf};

/// The file system that a folder is on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Disk {
    /// For users other than root.
    pub(crate) free_bytes: u64,
    pub(crate) total_bytes: u64,
}

impl Disk {
    pub(crate) fn of(folder: &Path) -> io::Result<Self> {
        let found = statvfs(folder)?;
        let bytes = |blocks: u64| blocks.saturating_mul(found.f_frsize);
        Ok(Self { free_bytes: bytes(found.f_bavail), total_bytes: bytes(found.f_blocks) })
    }
}

/// What was deleted.
#[derive(Debug, Default)]
pub(crate) struct Deleted {
    pub(crate) paths: Vec<PathBuf>,
    /// More would have been, but that one is being compressed. Those behind it are newer, and stay as well.
    pub(crate) is_held_up: bool,
}

/// Deletes the oldest complete files until no more than so many files and bytes are left.
pub(crate) fn delete_oldest(place: &Place, most_files: Option<u64>, most_bytes: Option<u64>) -> io::Result<Deleted> {
    let files = place.completed()?;
    let (mut count, mut bytes) = (files.len() as u64, files.iter().map(|file| file.bytes).sum::<u64>());
    let mut deleted = Deleted::default();
    for file in files {
        let is_within = most_files.is_none_or(|most| count <= most) && most_bytes.is_none_or(|most| bytes <= most);
        if is_within {
            break;
        }
        // Kept until it is deleted. What can't be locked, because another user wrote it, nobody of ours compresses.
        let lock = lock::of(&file.path);
        if matches!(lock, Ok(Locked::Others)) {
            deleted.is_held_up = true;
            break;
        }
        for path in [Some(&file.path), file.packed.as_ref(), file.packing.as_ref(), Some(&file.sidecar)] {
            match path.map(std::fs::remove_file) {
                Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        count -= 1;
        bytes -= file.bytes;
        deleted.paths.push(file.path);
    }
    Ok(deleted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_first_and_nothing_else() {
        for (most_files, most_bytes, expected_left) in [
            (None, None, &["1", "2", "3"][..]),
            (Some(2), None, &["2", "3"]),
            (None, Some(250), &["2", "3"]),
            (None, Some(99), &[]),
            (Some(1), Some(1000), &["3"]),
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let path = |name: &str| folder.path().join(name);
            for n in 1..=3 {
                std::fs::write(path(&format!("x-wg0-20200301T100000Z-0000{n}.pcap")), [0; 100]).expect("written");
                std::fs::write(path(&format!("x-wg0-20200301T100000Z-0000{n}.json")), "{}").expect("written");
            }
            std::fs::write(path("x-wg0.pcap"), [0; 100]).expect("written");
            let place = Place::new(&path("x"), "wg0");
            let deleted = delete_oldest(&place, most_files, most_bytes).expect("deleted");
            assert_eq!(deleted.paths.len(), 3 - expected_left.len());
            for n in ["1", "2", "3"] {
                for ending in ["pcap", "json"] {
                    let is_there = path(&format!("x-wg0-20200301T100000Z-0000{n}.{ending}")).exists();
                    assert_eq!(is_there, expected_left.contains(&n), "{n}.{ending}");
                }
            }
            assert!(path("x-wg0.pcap").exists());
        }
    }
}
