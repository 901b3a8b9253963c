//! A complete file to a compressed one.
//!
//! In: a complete file and what its sidecar says. Out: one zstd frame (RFC 8878) with its length and a checksum, and a sidecar that
//! names it. Guaranteed: at every moment there is a complete file with a sidecar that names it, whatever ends the recorder; the
//! plain file goes last. Until it is complete the compressed one can't be taken for a capture: its first bytes are zeros.

use super::format::Format;
use super::lock::{self, Locked};
use super::name::{PACKED, Stem};
use super::sidecar::Sidecar;
use super::space::Disk;
use super::{create, rename, sync_folder};
use crate::quantity::Reserve;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use zstd::Encoder;

/// docs/performance.md has what other levels cost and give.
const LEVEL: i32 = 1;
/// Between two looks at whether it is to stop.
const READ_BYTES: usize = 128 << 10;

/// A complete file.
#[derive(Debug)]
pub(crate) struct Plain {
    pub(crate) stem: Stem,
    pub(crate) format: Format,
    pub(crate) sidecar: Sidecar,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packed {
    Done,
    /// It was deleted in the meantime, or is just being.
    Gone,
    /// It is as it was, because it was to stop.
    Stopped,
    /// It is as it was, because both together could use up what is to stay free.
    NoRoom,
}

impl Plain {
    pub(crate) fn path(&self) -> PathBuf {
        self.stem.path(self.format.ending())
    }

    fn packed_ending(&self) -> String {
        format!("{}.{PACKED}", self.format.ending())
    }

    /// Puts a compressed file in its place. After an error it is as it was.
    pub(crate) fn pack(mut self, reserve: Reserve, stop: &AtomicBool) -> io::Result<Packed> {
        let path = self.path();
        let Locked::Ours(source) = lock::of(&path)? else { return Ok(Packed::Gone) };
        let bytes = source.metadata()?.size();
        let disk = Disk::of(path.parent().unwrap_or(Path::new(".")))?;
        if disk.free_bytes.saturating_sub(bytes) < reserve.bytes(disk.total_bytes) {
            return Ok(Packed::NoRoom);
        }
        let (part, packed) = (self.stem.part(&self.packed_ending()), self.stem.path(&self.packed_ending()));
        let made = create(&part).and_then(|file| squeeze(&source, file, bytes, stop));
        let packed_bytes = match made {
            Ok(Some(packed_bytes)) => packed_bytes,
            Ok(None) => return fs::remove_file(&part).map(|()| Packed::Stopped),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
            Err(error) => return Err(undone(error, &[&part])),
        };
        self.sidecar.pack(packed.file_name().unwrap_or_default().to_string_lossy().into_owned(), packed_bytes);
        let (sidecar, sidecar_part) = (self.stem.path("json"), self.stem.part("json"));
        // From the first renaming on there are two files, and the sidecar tells which counts.
        write_new(&sidecar_part, self.sidecar.to_json().as_bytes())
            .and_then(|()| rename(&part, &packed))
            .map_err(|error| undone(error, &[&part, &sidecar_part]))?;
        sync_folder(&packed)
            .and_then(|()| fs::rename(&sidecar_part, &sidecar))
            .map_err(|error| undone(error, &[&packed, &sidecar_part]))?;
        fs::remove_file(&path)?;
        sync_folder(&packed)?;
        Ok(Packed::Done)
    }
}

/// Removes what was begun.
fn undone(error: io::Error, begun: &[&Path]) -> io::Error {
    for path in begun {
        // What can't be removed is removed by the next run.
        let _ = fs::remove_file(path);
    }
    error
}

fn write_new(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = create(path)?;
    file.write_all(text)?;
    file.sync_all()
}

/// Compresses a file of so many bytes; returns how many they are then, on the disk. `None` when it was stopped.
fn squeeze(mut source: &File, part: File, bytes: u64, stop: &AtomicBool) -> io::Result<Option<u64>> {
    let mut encoder = Encoder::new(Veiled::new(part), LEVEL)?;
    encoder.include_checksum(true)?;
    encoder.set_pledged_src_size(Some(bytes))?;
    let mut buffer = vec![0; READ_BYTES];
    loop {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => encoder.write_all(&buffer[..count])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    encoder.finish()?.unveil().map(Some)
}

/// Of every zstd frame.
const MAGIC_BYTES: usize = 4;

/// Brought to the disk at once. With more, the recording could wait for it when it completes a file of its own: file systems with a
/// journal write what others wrote before.
const SYNCED_BYTES: u64 = 4 << 20;

/// A file whose first bytes are zeros until it is complete.
struct Veiled {
    file: File,
    first: [u8; MAGIC_BYTES],
    bytes: u64,
    synced_bytes: u64,
}

impl Veiled {
    const fn new(file: File) -> Self {
        Self { file, first: [0; MAGIC_BYTES], bytes: 0, synced_bytes: 0 }
    }

    /// Puts all of it on the disk, and then its first bytes; returns its length.
    fn unveil(self) -> io::Result<u64> {
        self.file.sync_all()?;
        self.file.write_all_at(&self.first, 0)?;
        self.file.sync_all()?;
        Ok(self.bytes)
    }
}

impl Write for Veiled {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let at = usize::try_from(self.bytes).unwrap_or(usize::MAX);
        let written = match self.first.get_mut(at..).filter(|veiled| !veiled.is_empty()) {
            Some(veiled) => {
                let count = veiled.len().min(bytes.len());
                let written = self.file.write(&[0; MAGIC_BYTES][..count])?;
                veiled[..written].copy_from_slice(&bytes[..written]);
                written
            }
            None => self.file.write(bytes)?,
        };
        self.bytes += written as u64;
        if self.bytes - self.synced_bytes >= SYNCED_BYTES {
            self.file.sync_data()?;
            self.synced_bytes = self.bytes;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests;
