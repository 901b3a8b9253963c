//! Who works on a complete file.
//!
//! In: its path. Out: the file, locked, or that another has it. Guaranteed: of all recorders on the machine only one at a time
//! compresses, deletes or tidies a file; a lock ends with its process.

use rustix::fs::{FlockOperation, OFlags, flock};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

#[derive(Debug)]
pub(crate) enum Locked {
    /// Until it is closed.
    Ours(File),
    Others,
    /// Deleted.
    Gone,
}

/// Locks a file, without waiting.
pub(crate) fn of(path: &Path) -> io::Result<Locked> {
    let flags = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or(0);
    let file = match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Locked::Gone),
        Err(error) => return Err(error),
    };
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        // Between opening and locking it may have been deleted.
        Ok(()) if file.metadata()?.nlink() == 0 => Ok(Locked::Gone),
        // A file system without locks: then nobody else can have one.
        Ok(()) | Err(rustix::io::Errno::NOTSUP | rustix::io::Errno::NOSYS | rustix::io::Errno::NOLCK) => {
            Ok(Locked::Ours(file))
        }
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(Locked::Others),
        Err(error) => Err(error.into()),
    }
}
