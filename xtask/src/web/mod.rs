//! `cargo xtask web`: the page, as a folder for any static server and as one file that needs none.
//!
//! In: `web/src` and the crate `analyzer-wasm`. Out: `web/dist`, with `sniffit.html` in it, and a table of sizes. Guaranteed: types
//! are checked first, and a page above its budget (`web/budget.json`) is an error.

pub(crate) mod browser_tests;
pub(crate) mod packages;
mod sizes;
mod unit_tests;

pub(crate) use unit_tests::Counts;

use crate::{cargo, wasm};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The page, the tools around it, and the service worker live in worlds of their own.
const PROJECTS: [&str; 3] = ["tsconfig.json", "tsconfig.build.json", "tsconfig.offline.json"];

const SINGLE_FILE: &str = "sniffit.html";

/// Builds the page. With `connect`, it may speak to these origins besides its own server's, and to no others.
///
/// # Errors
/// When something is missing and may not be installed, types don't fit, or the page is above its budget.
pub(crate) fn run(connect: &[String]) -> Result<()> {
    check()?;
    build(connect)
}

/// Everything of the page that can fail without a browser, and the builds; `counts` gets what its unit tests say.
///
/// # Errors
/// As [`run`], and when a unit test fails.
pub(crate) fn test(counts: &mut Counts) -> Result<()> {
    check()?;
    unit_tests::run(counts)?;
    build(&[])
}

/// Where the page is after a build.
pub(crate) fn dist() -> Result<PathBuf> {
    Ok(cargo::root()?.join("web/dist"))
}

fn check() -> Result<()> {
    packages::install()?;
    wasm::types(true)?;
    for project in PROJECTS {
        let status = tool("typescript/bin/tsc")?.args(["--noEmit", "--project", project]).status();
        ensure!(
            status.context("node can't be started")?.success(),
            "types don't fit: `tsc -p web/{project}` says where"
        );
    }
    Ok(())
}

fn build(connect: &[String]) -> Result<()> {
    for mode in ["production", "single-file"] {
        let mut vite = tool("vite/bin/vite.js")?;
        vite.args(["build", "--logLevel", "warn", "--mode", mode]).env("SNIFFIT_CONNECT", connect.join(" "));
        ensure!(vite.status().context("node can't be started")?.success(), "the page does not build ({mode})");
    }
    let dist = dist()?;
    println!(
        "\nThe page: {}, for any static server\nin one file: {}\n",
        dist.display(),
        dist.join(SINGLE_FILE).display()
    );
    sizes::report(&dist)
}

/// A program of an installed package.
fn tool(path: &str) -> Result<Command> {
    let web = cargo::root()?.join("web");
    let mut command = Command::new("node");
    command.arg(Path::new("node_modules").join(path)).current_dir(web).stdin(Stdio::null());
    command.env("SNIFFIT_WASM", wasm::folder()?);
    if cargo::is_ci() {
        command.env("NO_COLOR", "1");
    }
    Ok(command)
}
