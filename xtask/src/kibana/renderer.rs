//! The packages that draw Vega panels in the tests, outside of the sources.
//!
//! In: `tests/vega`. Out: a folder below `target` with the packages. Guaranteed: what [`npm::install`] guarantees.

use crate::{cargo, npm};
use anyhow::Result;
use std::path::PathBuf;

/// Fetches the packages if they are not there, and says where they are.
///
/// # Errors
/// When Node.js is missing and may not be installed, or the packages can't be fetched.
pub(crate) fn install() -> Result<PathBuf> {
    let folder = cargo::target_dir()?.join("vega");
    npm::install("tests/vega", &folder)?;
    Ok(folder)
}
