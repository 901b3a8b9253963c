//! Finds the programs that the bench starts, and builds ours.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// What is measured of ours.
pub(super) struct Programs {
    /// A release build of this very program, for the mixing and the raw walk.
    pub(super) walker: PathBuf,
    pub(super) sniffit: PathBuf,
}

/// Builds both in release mode, as far as they are not at hand: the floor must not depend on how the harness was built.
pub(super) fn build(sniffit: Option<&Path>, root: &Path) -> Result<Programs> {
    let walker = build_walker(root)?;
    let sniffit = match sniffit {
        Some(path) => path.to_owned(),
        None => build_sniffit(root)?,
    };
    Ok(Programs { walker, sniffit })
}

/// Builds this very program in release mode, unless it is one.
pub(super) fn build_walker(root: &Path) -> Result<PathBuf> {
    if !cfg!(debug_assertions) {
        return Ok(std::env::current_exe()?);
    }
    build_release(root, "xtask")?;
    Ok(built(root, "xtask"))
}

/// Builds the program in release mode.
pub(super) fn build_sniffit(root: &Path) -> Result<PathBuf> {
    build_release(root, "analyzer-cli")?;
    Ok(built(root, "sniffit"))
}

/// Builds the recorder in release mode.
pub(super) fn build_recorder(root: &Path) -> Result<PathBuf> {
    build_release(root, "recorder")?;
    Ok(built(root, "sniffit-recorder"))
}

fn build_release(root: &Path, package: &str) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = Command::new(cargo).args(["build", "--release", "--package", package]).current_dir(root).status();
    ensure!(build.context("cannot start cargo")?.success(), "the release build failed");
    Ok(())
}

/// Where cargo puts a program of a release build.
fn built(root: &Path, name: &str) -> PathBuf {
    let target_dir = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
    target_dir.join("release").join(name).with_extension(std::env::consts::EXE_EXTENSION)
}

/// The folder above this crate's, by what cargo says when it runs us.
pub(super) fn workspace_root() -> Result<PathBuf> {
    let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&manifest_dir).parent();
    Ok(root.context("the crate has no folder above it")?.to_owned())
}

/// Whether a program of that name is on the search path.
pub(super) fn exists(name: &str) -> bool {
    find(name).is_some()
}

/// Where a program of that name is on the search path.
pub(super) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|path| path.is_file())
}
