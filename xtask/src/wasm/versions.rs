//! One version of wasm-bindgen: the module and the program that makes its glue understand each other only then.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// The crate that the module is built with, and the one that makes glue.
const LIBRARY: &str = "wasm-bindgen";
const MAKER: &str = "wasm-bindgen-cli-support";

/// The version of both in the lock file.
///
/// # Errors
/// When there are two; the error says what to do.
pub(super) fn one(root: &Path) -> Result<String> {
    let path = root.join("Cargo.lock");
    let lock = fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))?;
    compare(&lock).map(str::to_owned)
}

fn compare(lock: &str) -> Result<&str> {
    let (library, maker) = (version(lock, LIBRARY)?, version(lock, MAKER)?);
    if library == maker {
        return Ok(library);
    }
    bail!(
        "Cargo.lock has {LIBRARY} {library} and {MAKER} {maker}, which do not understand each other: set both to \
         `\"={library}\"` in Cargo.toml, [workspace.dependencies], and run `cargo update --package {MAKER}`"
    )
}

fn version<'a>(lock: &'a str, name: &str) -> Result<&'a str> {
    let (_, rest) = lock
        .split_once(&format!("\nname = \"{name}\"\nversion = \""))
        .with_context(|| format!("Cargo.lock names no {name}"))?;
    rest.split('"').next().with_context(|| format!("Cargo.lock tells no version of {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(library: &str, maker: &str) -> String {
        format!(
            "[[package]]\nname = \"{LIBRARY}\"\nversion = \"{library}\"\n\n[[package]]\nname = \"{MAKER}\"\nversion = \"{maker}\"\n"
        )
    }

    #[test]
    fn two_versions_are_noticed_and_the_cure_is_told() {
        assert!(compare(&lock("0.2.7", "0.2.7")).is_ok());
        let error = compare(&lock("0.2.7", "0.2.8")).unwrap_err().to_string();
        assert!(error.contains("set both to `\"=0.2.7\"`"), "{error}");
        assert!(compare("").is_err());
    }

    #[test]
    fn the_lock_file_has_one_version() {
        one(&crate::cargo::root().unwrap()).unwrap();
    }
}
