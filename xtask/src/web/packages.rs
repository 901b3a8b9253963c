//! The page's packages of npm.
//!
//! In: `web/package.json` and its lock file. Out: `web/node_modules`. Guaranteed: exactly what the lock file says, checked by
//! its digests; nothing is fetched when it is there already, and no package runs a script of its own.

use crate::{cargo, setup};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Written when all packages are there: the lock file that they were fetched by.
const DONE: &str = ".installed.json";

/// Fetches the packages if they are not there, and says where they are.
///
/// # Errors
/// When Node.js is missing and may not be installed, or the packages can't be fetched.
pub(crate) fn install() -> Result<PathBuf> {
    setup::ensure_web()?;
    let web = cargo::root()?.join("web");
    let packages = web.join("node_modules");
    let lock = web.join("package-lock.json");
    let wanted = fs::read_to_string(&lock).with_context(|| format!("{} can't be read", lock.display()))?;
    if fs::read_to_string(packages.join(DONE)).is_ok_and(|there| there == wanted) {
        return Ok(packages);
    }
    eprintln!("fetching the packages of web");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--cache"]);
    npm.arg(cargo::target_dir()?.join("npm")).current_dir(&web).stdin(Stdio::null());
    let status = npm.status().context("npm can't be started")?;
    ensure!(status.success(), "`npm ci` failed in {}: is the registry of npm within reach?", web.display());
    fs::write(packages.join(DONE), wanted).with_context(|| format!("{} can't be written", packages.display()))?;
    Ok(packages)
}

/// The version of an installed package.
pub(crate) fn version(packages: &Path, name: &str) -> Result<String> {
    let path = packages.join(name).join("package.json");
    let manifest = fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))?;
    let manifest: Value = serde_json::from_str(&manifest).with_context(|| path.display().to_string())?;
    let version = manifest["version"].as_str().with_context(|| format!("{} tells no version", path.display()))?;
    Ok(version.to_owned())
}
