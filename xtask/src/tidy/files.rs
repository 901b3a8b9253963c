//! The text files of the repository, read once.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Kinds of files that rules speak of.
const KINDS: [&str; 8] = ["rs", "toml", "md", "yml", "ts", "tsx", "mjs", "css"];

/// Folders that hold what others wrote or tools made.
const LEFT_OUT: [&str; 6] = ["target", ".git", "node_modules", "venv", "dist", "generated"];

/// The files, by path from the root with `/` between folders.
#[derive(Debug, Default)]
pub(super) struct Repository {
    pub(super) root: PathBuf,
    texts: BTreeMap<String, String>,
    /// Every other file.
    others: Vec<String>,
}

impl Repository {
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut repository = Self { root: root.to_owned(), ..Self::default() };
        repository.walk(root, "")?;
        Ok(repository)
    }

    /// Files that exist only in a test.
    #[cfg(test)]
    pub(super) fn of(texts: &[(&str, &str)]) -> Self {
        let texts = texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Self { texts, ..Self::default() }
    }

    fn walk(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        for entry in fs::read_dir(folder).with_context(|| format!("{} can't be listed", folder.display()))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.file_type()?.is_dir() {
                if !LEFT_OUT.contains(&name.as_str()) {
                    self.walk(&entry.path(), &format!("{path}/"))?;
                }
            } else if KINDS.iter().any(|kind| name.ends_with(&format!(".{kind}"))) {
                let text = fs::read_to_string(entry.path()).with_context(|| format!("{path} can't be read"))?;
                self.texts.insert(path, text);
            } else {
                self.others.push(path);
            }
        }
        Ok(())
    }

    /// The text of one file; empty when it is not there.
    pub(super) fn text(&self, path: &str) -> &str {
        self.texts.get(path).map_or("", String::as_str)
    }

    /// Whether a file or folder is there.
    pub(super) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        let mut all = self.texts.keys().chain(&self.others);
        all.any(|file| file == path || file.starts_with(&folder))
    }

    /// Files whose name has this ending, with their text.
    pub(super) fn ending(&self, ending: &str) -> impl Iterator<Item = (&str, &str)> {
        let files = self.texts.iter().filter(move |(path, _)| path.ends_with(ending));
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }
}
