//! Where things lie: one folder that all servers share, and one for each server.
//!
//! In: the account of the server, and `--data`. Out: folders that the account can enter. Guaranteed: nothing that was
//! there before is deleted, unless an earlier run of this command put it there.

use super::account::Account;
use crate::cargo;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Says that a folder is ours. Its text is for people who come across it.
const MARK: &str = ".sniffit-elasticsearch";
const MARK_TEXT: &str = "Made by `cargo xtask elasticsearch`. The whole folder can be deleted while no server runs.\n";

/// After this time nobody waits for what a run left behind.
const LEFTOVER_AGE: Duration = Duration::from_secs(6 * 3600);

/// The folder that holds Elasticsearch itself and, unless told otherwise, its data.
///
/// # Errors
/// When there is no folder that the account can enter.
pub(super) fn home(account: Account) -> Result<PathBuf> {
    let preferred = std::path::absolute(cargo::target_dir()?.join("elasticsearch"))?;
    let Some(barrier) = account.barrier(&preferred) else {
        account.create_folder(&preferred)?;
        return Ok(preferred);
    };
    let fallback = std::env::temp_dir().join("sniffit-elasticsearch");
    if let Some(second) = account.barrier(&fallback) {
        anyhow::bail!(
            "Elasticsearch can't run as root, and nobody else can enter {} or {}: point CARGO_TARGET_DIR at a folder \
             that everybody can enter",
            barrier.display(),
            second.display()
        );
    }
    eprintln!(
        "note: Elasticsearch can't run as root, and nobody else can enter {}, so that everything goes below {}",
        barrier.display(),
        fallback.display()
    );
    account.create_folder(&fallback)?;
    ensure_ours(&fallback)?;
    Ok(fallback)
}

/// Everybody may make folders among the temporary files: programs from such a folder must not be run for root.
#[cfg(unix)]
fn ensure_ours(folder: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = fs::symlink_metadata(folder)?;
    let is_ours = metadata.is_dir() && metadata.uid() == 0 && metadata.mode() & 0o022 == 0;
    ensure!(is_ours, "{} belongs to somebody else, or others may write to it: remove it", folder.display());
    Ok(())
}

#[cfg(not(unix))]
fn ensure_ours(_: &Path) -> Result<()> {
    Ok(())
}

/// A folder for what is being made below `home`, and will be renamed when it is complete. Old ones go.
pub(super) fn incoming(home: &Path) -> PathBuf {
    for entry in fs::read_dir(home).into_iter().flatten().flatten() {
        let is_incoming = entry.file_name().to_string_lossy().starts_with("incoming-");
        if is_incoming && entry.metadata().is_ok_and(|metadata| is_leftover(&metadata)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    home.join(format!("incoming-{}", std::process::id()))
}

fn is_leftover(metadata: &fs::Metadata) -> bool {
    let age = metadata.modified().map(|time| SystemTime::now().duration_since(time));
    matches!(age, Ok(Ok(age)) if age > LEFTOVER_AGE)
}

/// The folders of one server.
#[derive(Debug)]
pub(super) struct Folders {
    root: PathBuf,
}

impl Folders {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// A new one for a server whose data nobody needs afterwards. Old ones that were left behind go.
    pub(super) fn temporary(home: &Path) -> Result<Self> {
        let parent = home.join("temporary");
        remove_leftovers(&parent);
        let root = parent.join(format!("{}-{}", std::process::id(), super::security::random_hex(4)?));
        Ok(Self { root })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Indices; the only one that outlives the server.
    pub(super) fn store(&self) -> PathBuf {
        self.root.join("store")
    }

    pub(super) fn config(&self) -> PathBuf {
        self.root.join("config")
    }

    pub(super) fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// Temporary files of the JVM, and the file with the server's process id.
    pub(super) fn scratch(&self) -> PathBuf {
        self.root.join("tmp")
    }

    pub(super) fn passwords(&self) -> PathBuf {
        self.root.join("passwords")
    }

    pub(super) fn pid_file(&self) -> PathBuf {
        self.scratch().join("server.pid")
    }

    /// Where the server itself writes the addresses on which it answers HTTP.
    pub(super) fn address_file(&self) -> PathBuf {
        self.logs().join("http.ports")
    }

    /// What the server printed.
    pub(super) fn console(&self) -> PathBuf {
        self.logs().join("console.log")
    }

    /// Makes the folders; those of an earlier run start empty, but the data stay.
    ///
    /// # Errors
    /// When the folder holds something else, or the account can't enter it.
    pub(super) fn prepare(&self, account: Account) -> Result<()> {
        if let Some(barrier) = account.barrier(&self.root) {
            anyhow::bail!(
                "Elasticsearch can't run as root, and nobody else can enter {}: choose another folder with --data",
                barrier.display()
            );
        }
        account.create_folder(&self.root)?;
        let mark = self.root.join(MARK);
        if !mark.exists() {
            let root = self.root.display();
            let mut entries = fs::read_dir(&self.root).with_context(|| format!("{root} can't be read"))?;
            ensure!(entries.next().is_none(), "{root} holds other files: give --data a new or empty folder");
            fs::write(&mark, MARK_TEXT).with_context(|| format!("{root} can't be written to"))?;
        }
        for folder in [self.config(), self.logs(), self.scratch(), self.passwords()] {
            if folder.exists() {
                fs::remove_dir_all(&folder).with_context(|| format!("{} can't be emptied", folder.display()))?;
            }
        }
        for folder in [self.store(), self.config(), self.logs(), self.scratch(), self.passwords()] {
            account.create_folder(&folder)?;
        }
        Ok(())
    }

    /// Lets the server's account have what the server writes to; passwords aren't among it.
    pub(super) fn give(&self, account: Account) -> Result<()> {
        [self.store(), self.config(), self.logs(), self.scratch()].iter().try_for_each(|folder| account.give(folder))
    }

    /// Deletes the folder with all data.
    pub(super) fn remove(&self) -> Result<()> {
        ensure!(self.root.join(MARK).exists(), "{} isn't ours to delete", self.root.display());
        fs::remove_dir_all(&self.root).with_context(|| format!("{} can't be deleted", self.root.display()))
    }
}

/// Folders of servers whose programs were killed. What can't be deleted now will be another time.
fn remove_leftovers(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for folder in entries.flatten().map(|entry| Folders::new(entry.path())) {
        // The server's log is younger than its folder; while it is written to, the server lives.
        let touched = fs::metadata(folder.console()).or_else(|_| fs::metadata(folder.root()));
        if touched.is_ok_and(|metadata| is_leftover(&metadata)) {
            let _ = folder.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("sniffit-place-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        root
    }

    #[test]
    fn data_stay_and_the_rest_starts_empty() {
        let folders = Folders::new(scratch("again"));
        folders.prepare(Account::Own).unwrap();
        for folder in [folders.store(), folders.config()] {
            fs::write(folder.join("x"), "").unwrap();
        }
        folders.prepare(Account::Own).unwrap();
        assert!(folders.store().join("x").exists());
        assert!(!folders.config().join("x").exists());
        folders.remove().unwrap();
        assert!(!folders.root().exists());
    }

    #[test]
    fn a_folder_of_somebody_else_is_neither_used_nor_deleted() {
        let root = scratch("foreign");
        fs::create_dir_all(root.join("config")).unwrap();
        let folders = Folders::new(root.clone());
        let error = folders.prepare(Account::Own).unwrap_err().to_string();
        assert!(error.ends_with("holds other files: give --data a new or empty folder"), "{error}");
        assert!(folders.remove().is_err());
        assert!(root.join("config").exists());
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn only_old_leftovers_go() {
        let parent = scratch("leftovers");
        let folders = Folders::new(parent.join("new"));
        folders.prepare(Account::Own).unwrap();
        let old = Folders::new(parent.join("old"));
        old.prepare(Account::Own).unwrap();
        fs::write(old.console(), "").unwrap();
        let console = fs::File::options().write(true).open(old.console()).unwrap();
        console.set_modified(SystemTime::now() - LEFTOVER_AGE * 2).unwrap();
        remove_leftovers(&parent);
        assert!(folders.root().exists() && !old.root().exists());
        fs::remove_dir_all(parent).unwrap();
    }
}
