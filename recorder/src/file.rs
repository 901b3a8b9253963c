//! Capture files and what stands beside them.
//!
//! In: whole records. Out: files that get their names when they are complete. Guaranteed: a file that is being written, or whose
//! recorder was killed, ends at a whole record; a name never belongs to a file that is not complete; nothing is overwritten; only
//! the owner can read them.

mod format;
mod leftover;
mod lock;
mod name;
mod packing;
mod sidecar;
mod space;

pub(crate) use format::{Format, Recorded};
pub(crate) use leftover::tidy;
pub(crate) use name::{Place, Stem};
pub(crate) use packing::{Packed, Plain};
pub(crate) use sidecar::{Anonymized, EndReason, Sidecar};
pub(crate) use space::{Disk, delete_oldest};

use crate::notice::notice;
use rustix::fs::{CWD, OFlags, RenameFlags, renameat_with};
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Only the owner reads what was recorded.
const FILE_MODE: u32 = 0o600;
/// Written ahead, so that a full disk still has room for what stands beside its last file.
const SIDECAR_BYTES: usize = 4096;
pub(crate) const FOLDER_MODE: u32 = 0o700;

/// A file that is being written, under a name that says so.
#[derive(Debug)]
pub(crate) struct CaptureFile {
    file: File,
    /// Begun at the same time.
    sidecar: File,
    stem: Stem,
    format: Format,
    /// Whole records that are in it, and its header.
    bytes: u64,
}

/// Why records could not be written, and how many were before it.
#[derive(Debug)]
pub(crate) struct Short {
    pub(crate) reason: io::Error,
    pub(crate) written_records: u64,
}

impl CaptureFile {
    /// Begins a file with its header.
    pub(crate) fn create(stem: Stem, format: Format, header: &[u8]) -> io::Result<Self> {
        let file = create(&stem.part(format.ending()))?;
        let begun = create(&stem.part("json")).and_then(|mut sidecar| {
            sidecar.write_all(&[b' '; SIDECAR_BYTES])?;
            let mut this = Self { file, sidecar, stem: stem.clone(), format, bytes: 0 };
            this.write(header).map_err(|short| short.reason)?;
            Ok(this)
        });
        if begun.is_err() {
            // A file without a header helps nobody.
            for part in [stem.part(format.ending()), stem.part("json")] {
                let _ = std::fs::remove_file(part);
            }
        }
        begun
    }

    /// Bytes in it.
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Where it is while it is written.
    pub(crate) fn part(&self) -> PathBuf {
        self.stem.part(self.format.ending())
    }

    /// The name that it will have.
    pub(crate) fn path(&self) -> PathBuf {
        self.stem.path(self.format.ending())
    }

    /// Appends whole records, at once if the system lets it. After an error the file ends at the last record that fitted.
    pub(crate) fn write(&mut self, records: &[u8]) -> Result<(), Short> {
        let mut at = 0;
        while at < records.len() {
            match self.file.write(&records[at..]) {
                Ok(0) => return Err(self.shorten(records, at, io::ErrorKind::WriteZero.into())),
                Ok(count) => at += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(reason) => return Err(self.shorten(records, at, reason)),
            }
        }
        self.bytes += records.len() as u64;
        Ok(())
    }

    /// Cuts off what was written of a record that did not fit.
    fn shorten(&mut self, records: &[u8], written_bytes: usize, reason: io::Error) -> Short {
        let (mut whole_bytes, mut written_records) = (0, 0);
        while let Some(length) = self.format.record_bytes(&records[whole_bytes..written_bytes]) {
            whole_bytes += length;
            written_records += 1;
        }
        self.bytes += whole_bytes as u64;
        if let Err(error) = self.file.set_len(self.bytes) {
            notice!("warning: {} can't be cut to its last whole record: {error}", self.part().display());
        }
        Short { reason, written_records }
    }

    /// Puts it on the disk and gives it its name, after its sidecar.
    pub(crate) fn complete(mut self, sidecar: Sidecar) -> io::Result<Plain> {
        self.file.sync_all()?;
        let told = self.write_sidecar(&sidecar);
        let path = self.path();
        rename(&self.part(), &path)?;
        sync_folder(&path)?;
        told.map(|()| Plain { stem: self.stem, format: self.format, sidecar })
    }

    fn write_sidecar(&mut self, sidecar: &Sidecar) -> io::Result<()> {
        let text = sidecar.to_json();
        self.sidecar.rewind()?;
        self.sidecar.write_all(text.as_bytes())?;
        self.sidecar.set_len(text.len() as u64)?;
        self.sidecar.sync_all()?;
        rename(&self.stem.part("json"), &self.stem.path("json"))
    }
}

/// A new file of the owner's; one that is there already, and a link, are errors.
fn create(path: &Path) -> io::Result<File> {
    let flags = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or(0);
    OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).custom_flags(flags).open(path)
}

fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // A file system that does not know the flag; the name was free when the file was begun.
        Err(rustix::io::Errno::INVAL) if !to.exists() => std::fs::rename(from, to),
        renamed => renamed.map_err(io::Error::from),
    }
}

/// So that the name outlives a power failure.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
