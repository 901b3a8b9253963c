//! Who the server runs as: Elasticsearch refuses to run as root.
//!
//! In: the user who called. Out: how to start programs and hand over folders. Guaranteed: what a user calls runs as that
//! user; what root calls runs as `nobody`, who gets the folders of the one server and no other file.

use crate::setup;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// `nobody` on Linux and its group; no program needs to know their names.
const NOBODY: u32 = 65_534;

/// What the server runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Account {
    /// The user who called.
    Own,
    /// Root called.
    Nobody,
}

impl Account {
    /// # Errors
    /// On systems without a Unix shell.
    pub(super) fn current() -> Result<Self> {
        if !cfg!(unix) {
            bail!("the server is started through a Unix shell: call this on Linux, on macOS or inside WSL");
        }
        Ok(if setup::is_root() { Self::Nobody } else { Self::Own })
    }

    /// Makes a program run as this account.
    pub(super) fn run(self, command: &mut Command) {
        #[cfg(unix)]
        if self == Self::Nobody {
            use std::os::unix::process::CommandExt as _;
            command.uid(NOBODY).gid(NOBODY);
        }
    }

    /// The outermost folder on the way to `path` that this account can't enter.
    pub(super) fn barrier(self, path: &Path) -> Option<PathBuf> {
        match self {
            Self::Own => None,
            Self::Nobody => barrier(path, NOBODY),
        }
    }

    /// Makes a folder and those above it, so that this account can enter what is new of them.
    ///
    /// # Errors
    /// When one can't be made.
    pub(super) fn create_folder(self, path: &Path) -> Result<()> {
        let missing: Vec<&Path> = path.ancestors().take_while(|folder| !folder.exists()).collect();
        fs::create_dir_all(path).with_context(|| format!("the folder {} can't be made", path.display()))?;
        #[cfg(unix)]
        if self == Self::Nobody {
            use std::os::unix::fs::PermissionsExt as _;
            for folder in missing {
                // Root's umask may hide new folders from everybody else.
                fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
                    .with_context(|| format!("{} can't be opened for the server", folder.display()))?;
            }
        }
        Ok(())
    }

    /// Hands a folder and all below over to this account. Links are handed over, and never followed.
    ///
    /// # Errors
    /// When something there can't be read or changed.
    pub(super) fn give(self, path: &Path) -> Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Nobody => give(path).with_context(|| format!("{} can't be handed to the server", path.display())),
        }
    }
}

#[cfg(unix)]
fn give(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, lchown};
    let metadata = fs::symlink_metadata(path)?;
    if metadata.uid() != NOBODY {
        lchown(path, Some(NOBODY), Some(NOBODY))?;
    }
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            give(&entry?.path())?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn give(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// What is new below an existing folder is made for the account, so that only existing folders can bar the way.
#[cfg(unix)]
fn barrier(path: &Path, uid: u32) -> Option<PathBuf> {
    use std::os::unix::fs::MetadataExt as _;
    let existing = path.ancestors().find(|folder| folder.exists())?;
    let existing = fs::canonicalize(existing).ok()?;
    let mut folders: Vec<&Path> = existing.ancestors().collect();
    folders.reverse();
    let is_closed = |folder: &&&Path| {
        fs::metadata(folder).is_ok_and(|folder| {
            let enter = if folder.uid() == uid { 0o100 } else { 0o001 };
            folder.mode() & enter == 0
        })
    };
    folders.iter().find(is_closed).map(|folder| folder.to_path_buf())
}

#[cfg(not(unix))]
fn barrier(_: &Path, _: u32) -> Option<PathBuf> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_closed_folder_on_the_way_is_found_even_when_the_rest_is_missing() {
        let root = std::env::temp_dir().join(format!("sniffit-barrier-{}", std::process::id()));
        let closed = root.join("closed");
        Account::Own.create_folder(&closed.join("inside")).unwrap();
        let set = |mode| fs::set_permissions(&closed, fs::Permissions::from_mode(mode)).unwrap();
        set(0o755);
        let own_uid = {
            use std::os::unix::fs::MetadataExt as _;
            fs::metadata(&root).unwrap().uid()
        };
        let stranger = own_uid.wrapping_add(1);
        let missing = closed.join("inside/not/yet");
        // The machine's own folder for temporary files may be closed; then that one is the answer.
        let outer = barrier(&root, stranger);
        assert_eq!(barrier(&missing, stranger), outer);
        set(0o700);
        let expected = outer.unwrap_or_else(|| fs::canonicalize(&closed).unwrap());
        assert_eq!(barrier(&missing, stranger), Some(expected));
        assert_eq!(Account::Own.barrier(&missing), None);
        fs::remove_dir_all(&root).unwrap();
    }
}
