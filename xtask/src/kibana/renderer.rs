//! The packages that draw Vega panels in the tests, outside of the sources.
//!
//! In: `tests/vega/package.json` and its lock file. Out: a folder below `target` with the packages. Guaranteed: exactly
//! what the lock file says, checked by its digests; nothing is fetched when it is there already.

use crate::{cargo, setup};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const SOURCE: &str = "tests/vega";
const FILES: [&str; 2] = ["package.json", "package-lock.json"];
/// Written when all packages are there: the lock file that they were fetched by.
const DONE: &str = "installed.json";

/// Fetches the packages if they are not there, and says where they are.
///
/// # Errors
/// When Node.js is missing and may not be installed, or the packages can't be fetched.
pub(crate) fn install() -> Result<PathBuf> {
    setup::ensure_node()?;
    let source = cargo::root()?.join(SOURCE);
    let folder = cargo::target_dir()?.join("vega");
    let lock = source.join(FILES[1]);
    let wanted = fs::read_to_string(&lock).with_context(|| format!("{} can't be read", lock.display()))?;
    if fs::read_to_string(folder.join(DONE)).is_ok_and(|there| there == wanted) {
        return Ok(folder);
    }
    fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
    for file in FILES {
        fs::copy(source.join(file), folder.join(file)).with_context(|| format!("{SOURCE}/{file} can't be copied"))?;
    }
    eprintln!("fetching the packages of {SOURCE}");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    let status = npm.current_dir(&folder).stdin(Stdio::null()).status().context("npm can't be started")?;
    ensure!(status.success(), "`npm ci` failed in {}: is the registry of npm within reach?", folder.display());
    fs::write(folder.join(DONE), wanted).with_context(|| format!("{} can't be written", folder.display()))?;
    Ok(folder)
}
