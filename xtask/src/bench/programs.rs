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
    let target_dir = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
    let built = |name: &str| {
        let path = target_dir.join("release").join(name);
        path.with_extension(std::env::consts::EXE_EXTENSION)
    };
    let is_release = !cfg!(debug_assertions);
    let mut packages = Vec::new();
    if !is_release {
        packages.extend(["--package", "xtask"]);
    }
    if sniffit.is_none() {
        packages.extend(["--package", "analyzer-cli"]);
    }
    if !packages.is_empty() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args(["build", "--release"])
            .args(packages)
            .current_dir(root)
            .status()
            .context("cannot start cargo")?;
        ensure!(status.success(), "the release build failed");
    }
    Ok(Programs {
        walker: if is_release { std::env::current_exe()? } else { built("xtask") },
        sniffit: sniffit.map_or_else(|| built("sniffit"), Path::to_owned),
    })
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
