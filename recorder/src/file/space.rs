//! Room on the disk.
//!
//! In: a folder, and limits. Out: what is free, and fewer old files. Guaranteed: only complete files of the same prefix and
//! interface are deleted, the oldest first, each with its sidecar.

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

/// Deletes the oldest complete files until no more than so many files and bytes are left; returns what it deleted.
pub(crate) fn delete_oldest(
    place: &Place,
    most_files: Option<u64>,
    most_bytes: Option<u64>,
) -> io::Result<Vec<PathBuf>> {
    let files = place.completed()?;
    let (mut count, mut bytes) = (files.len() as u64, files.iter().map(|file| file.bytes).sum::<u64>());
    let mut deleted = Vec::new();
    for file in files {
        let is_within = most_files.is_none_or(|most| count <= most) && most_bytes.is_none_or(|most| bytes <= most);
        if is_within {
            break;
        }
        std::fs::remove_file(&file.path)?;
        match std::fs::remove_file(&file.sidecar) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        count -= 1;
        bytes -= file.bytes;
        deleted.push(file.path);
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
            assert_eq!(deleted.len(), 3 - expected_left.len());
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
