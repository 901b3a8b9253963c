//! Cargo as a child process, and where it puts things.

use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// The folder above this crate's: the workspace. By what cargo says when it runs us, because the sources may have been
/// moved since this was compiled.
pub(crate) fn root() -> Result<PathBuf> {
    let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let manifest_dir = PathBuf::from(manifest_dir);
    Ok(manifest_dir.parent().context("the crate has no folder above it")?.to_owned())
}

/// Where builds go.
pub(crate) fn target_dir() -> Result<PathBuf> {
    let root = root()?;
    Ok(std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir)))
}

/// The release build of one of our programs.
pub(crate) fn release_binary(name: &str) -> Result<PathBuf> {
    Ok(target_dir()?.join("release").join(name).with_extension(std::env::consts::EXE_EXTENSION))
}

/// A cargo command in the workspace; without colours and progress where nobody watches.
pub(crate) fn command<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Result<Command> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root()?);
    if is_ci() {
        command.envs([("CARGO_TERM_COLOR", "never"), ("CARGO_TERM_PROGRESS_WHEN", "never"), ("NO_COLOR", "1")]);
    }
    Ok(command)
}

/// Whether this runs unattended.
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}
