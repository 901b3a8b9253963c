//! `cargo xtask wasm`: the analysis as a WebAssembly module, with the glue that the page loads it by.
//!
//! In: the crate `analyzer-wasm`. Out: `analyzer_wasm_bg.wasm`, `analyzer_wasm.js` and `analyzer_wasm.d.ts` in `target/wasm`.
//! Guaranteed: the module imports nothing but its glue, so that it can reach no file, clock or network by itself. Where
//! nothing changed, nothing is made again.

mod imports;
mod toolchain;
mod types;
mod versions;

pub(crate) use types::run as types;

use crate::web::packages;
use crate::{cargo, setup};
use anyhow::{Context, Result, ensure};
use sha1::{Digest as _, Sha1};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) const MODULE: &str = "analyzer_wasm_bg.wasm";
pub(crate) const GLUE: &str = "analyzer_wasm.js";
const TYPES: &str = "analyzer_wasm.d.ts";
/// What the files beside it were made of.
const STAMP: &str = "made-of";

/// How the module is made smaller. What counts is its size as a server sends it: functions that are inlined into their only
/// caller make the module itself 1 % smaller, and what gzip makes of it 4 % larger. Features are those that rustc uses by
/// itself, which every browser has had since 2023.
const OPTIMISE: [&str; 11] = [
    "-Oz",
    "--converge",
    "--one-caller-inline-max-function-size=20",
    "--flexible-inline-max-function-size=0",
    "--strip-debug",
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-sign-ext",
];

/// Where the module and its glue are.
pub(crate) fn folder() -> Result<PathBuf> {
    Ok(cargo::target_dir()?.join("wasm"))
}

/// Builds what is not there yet, and says how large it is.
///
/// # Errors
/// When something is missing and may not be installed, the build fails, or the module imports what it should not.
pub(crate) fn run() -> Result<()> {
    setup::ensure_build()?;
    let glue = versions::one(&cargo::root()?)?;
    let packages = packages::install()?;
    let built = toolchain::build()?;
    let folder = folder()?;
    let stamp = made_of(&built, &glue, &packages)?;
    let is_there = [MODULE, GLUE, TYPES].iter().all(|name| folder.join(name).is_file());
    if !(is_there && fs::read_to_string(folder.join(STAMP)).is_ok_and(|there| there == stamp)) {
        make(&built, &folder, &packages)?;
        fs::write(folder.join(STAMP), stamp).with_context(|| format!("{} can't be written", folder.display()))?;
    }
    let module = folder.join(MODULE);
    let bytes = fs::read(&module).with_context(|| format!("{} can't be read", module.display()))?;
    imports::check(&bytes).with_context(|| module.display().to_string())?;
    println!("{}: {} bytes", module.display(), bytes.len());
    Ok(())
}

/// All that the files depend on.
fn made_of(built: &Path, glue: &str, packages: &Path) -> Result<String> {
    let module = fs::read(built).with_context(|| format!("{} can't be read", built.display()))?;
    let digest: String = Sha1::digest(&module).iter().map(|byte| format!("{byte:02x}")).collect();
    let binaryen = packages::version(packages, "binaryen")?;
    Ok(format!("{digest}\nwasm-bindgen {glue}\nbinaryen {binaryen} {}\n", OPTIMISE.join(" ")))
}

fn make(built: &Path, folder: &Path, packages: &Path) -> Result<()> {
    // A module without its stamp is made again: nothing that was interrupted is taken for whole.
    let _ = fs::remove_file(folder.join(STAMP));
    fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    let mut glue = cargo::command(["run", "--quiet", "--package", "bindgen", "--"])?;
    let made = glue.arg(built).arg(folder).status().context("cargo can't be started")?;
    ensure!(made.success(), "no glue could be made for {}", built.display());
    let module = folder.join(MODULE);
    let small = folder.join("smaller.wasm");
    let mut optimise = Command::new("node");
    optimise.arg(packages.join("binaryen/bin/wasm-opt")).args(OPTIMISE).arg(&module).arg("-o").arg(&small);
    let optimised = optimise.stdin(Stdio::null()).status().context("node can't be started")?;
    ensure!(optimised.success(), "wasm-opt failed on {}", module.display());
    fs::rename(&small, &module).with_context(|| format!("{} can't be replaced", module.display()))
}
