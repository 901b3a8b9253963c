//! Packages of npm that tests and measurements use, outside of the sources.
//!
//! In: a folder of ours with `package.json` and its lock file. Out: a folder below `target` with the packages. Guaranteed: exactly
//! what the lock file says, checked by its digests; nothing is fetched when it is there already, and no package runs a script of its own.

use crate::{cargo, setup};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const FILES: [&str; 2] = ["package.json", "package-lock.json"];
/// Written when all packages are there: the lock file that they were fetched by.
const DONE: &str = "installed.json";

/// Fetches the packages of `source`, a path from the root, into `folder` if they are not there.
///
/// # Errors
/// When Node.js is missing and may not be installed, or the packages can't be fetched.
pub(crate) fn install(source: &str, folder: &Path) -> Result<()> {
    setup::ensure_node()?;
    let own = cargo::root()?.join(source);
    let lock = own.join(FILES[1]);
    let wanted = fs::read_to_string(&lock).with_context(|| format!("{} can't be read", lock.display()))?;
    if fs::read_to_string(folder.join(DONE)).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    for file in FILES {
        fs::copy(own.join(file), folder.join(file)).with_context(|| format!("{source}/{file} can't be copied"))?;
    }
    eprintln!("fetching the packages of {source}");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    let status = npm.current_dir(folder).stdin(Stdio::null()).status().context("npm can't be started")?;
    ensure!(status.success(), "`npm ci` failed in {}: is the registry of npm within reach?", folder.display());
    fs::write(folder.join(DONE), wanted).with_context(|| format!("{} can't be written", folder.display()))
}
