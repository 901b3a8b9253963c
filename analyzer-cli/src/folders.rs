//! Folders that hold results, one below the other.

use anyhow::Context as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders directly in a folder, in the order of their names.
///
/// # Errors
/// When the folder can't be read.
pub(crate) fn inside(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let unreadable = || format!("{} can't be read", folder.display());
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        // Links are not followed: they may lead in circles.
        if entry.file_type().with_context(unreadable)?.is_dir() {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}
