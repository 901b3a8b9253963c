//! The key of pseudonyms.
//!
//! In: the path of a file. Out: the pseudonyms of its key. Guaranteed: a key is random and made with mode 0600; one that others
//! could read is refused; it is never printed.

use analyzer_core::record::{KEY_BYTES, KeyError, Pseudonyms};
use rustix::rand::{GetRandomFlags, getrandom};
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why there are no pseudonyms.
#[derive(Debug, Error)]
pub(crate) enum KeyFileError {
    #[error("the key for pseudonyms {} can't be read or made: {reason}", path.display())]
    Io { path: PathBuf, reason: io::Error },
    #[error("others may read the key for pseudonyms {} (mode {mode:04o}): `chmod 600 {}`", path.display(), path.display())]
    Open { path: PathBuf, mode: u32 },
    #[error("{}: {reason}", path.display())]
    Key { path: PathBuf, reason: KeyError },
}

/// The pseudonyms of the key in a file, which is made when it is missing.
pub(crate) fn pseudonyms(path: &Path) -> Result<Pseudonyms, KeyFileError> {
    let error = |reason| KeyFileError::Io { path: path.to_owned(), reason };
    let text = match fs::metadata(path) {
        Ok(metadata) => {
            let mode = metadata.mode() & 0o7777;
            if mode & 0o077 != 0 {
                return Err(KeyFileError::Open { path: path.to_owned(), mode });
            }
            fs::read_to_string(path).map_err(error)?
        }
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => make(path).map_err(error)?,
        Err(reason) => return Err(error(reason)),
    };
    Pseudonyms::from_text(&text).map_err(|reason| KeyFileError::Key { path: path.to_owned(), reason })
}

fn make(path: &Path) -> io::Result<String> {
    let mut key = [0; KEY_BYTES];
    // So few bytes come at once (getrandom(2)).
    getrandom(&mut key, GetRandomFlags::empty())?;
    let text = key.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_and_for_its_owner() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        let first = pseudonyms(&path).expect("made");
        let mode = fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        assert_eq!(pseudonyms(&path).expect("read").key_id(), first.key_id());
        let other = pseudonyms(&folder.path().join("other")).expect("made");
        assert_ne!(other.key_id(), first.key_id());
    }

    #[test]
    fn what_is_no_secret_is_no_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        fs::write(&path, "ab".repeat(32)).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("changed");
        assert!(matches!(pseudonyms(&path), Err(KeyFileError::Open { mode: 0o640, .. })));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("changed");
        assert!(matches!(pseudonyms(&path), Err(KeyFileError::Key { reason: KeyError::SameHalves, .. })));
    }
}
