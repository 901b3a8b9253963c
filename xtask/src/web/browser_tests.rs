//! The page's tests in a browser, counted.
//!
//! In: the built page, the program `sniffit`, and the program that starts servers. Out: the report of Node's test runner, and
//! its numbers. Guaranteed: the numbers are there whether tests failed or not, and no tests at all are an error.

use super::Counts;
use crate::{cargo, setup};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Holds the tests, beside a folder of what they share.
const FOLDER: &str = "tests/e2e";
const ENDING: &str = ".test.mjs";

/// Runs all files of tests; `starter` is the program that starts servers.
///
/// # Errors
/// When a test failed, or none ran.
pub(crate) fn run(counts: &mut Counts, starter: &Path) -> Result<()> {
    setup::ensure_chromium()?;
    let root = cargo::root()?;
    let build = cargo::command(["build", "--quiet", "--package", "analyzer-cli"])?.status();
    ensure!(build.context("cargo can't be started")?.success(), "the program does not build");
    let program = cargo::target_dir()?.join("debug/sniffit").with_extension(std::env::consts::EXE_EXTENSION);
    let mut node = Command::new("node");
    // One file after the other: each starts a browser, and some large work.
    node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]).args(files(&root.join(FOLDER))?);
    node.env("SNIFFIT_TEST_WEB", super::dist()?)
        .env("SNIFFIT_TEST_WASM", crate::wasm::folder()?)
        .env("SNIFFIT_TEST_CLI", program)
        .env("SNIFFIT_TEST_XTASK", starter);
    let mut child =
        node.current_dir(root).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("node can't be started")?;
    let output = child.stdout.take().context("node has no output")?;
    for line in BufReader::new(output).split(b'\n') {
        let line = line.context("node's output can't be read")?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        count(&line, counts);
    }
    let status = child.wait().context("node can't be waited for")?;
    match (status.success(), counts.failed) {
        (true, 0) => {}
        (_, 0) => bail!("the tests in the browser failed outside of a test"),
        (_, failed) => bail!("{failed} tests of the page failed in the browser; their output is above"),
    }
    ensure!(counts.passed > 0, "no test ran in the browser");
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} can't be listed", folder.display()))?;
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.to_string_lossy().ends_with(ENDING));
    files.sort();
    Ok(files)
}

/// Takes a line of the closing summary: `ℹ pass 12`, `ℹ fail 0`. What was cancelled has failed.
fn count(line: &str, counts: &mut Counts) {
    let Some(rest) = line.strip_prefix("ℹ ") else { return };
    let Some((name, number)) = rest.split_once(' ') else { return };
    let Ok(number) = number.trim().parse::<u64>() else { return };
    match name {
        "pass" => counts.passed += number,
        "fail" | "cancelled" => counts.failed += number,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_summary_is_counted() {
        let mut counts = Counts::default();
        let summary =
            "✔ one (3ms)\nℹ tests 7\nℹ suites 2\nℹ pass 4\nℹ fail 2\nℹ cancelled 1\nℹ skipped 1\nℹ duration_ms 3.5\n";
        summary.lines().for_each(|line| count(line, &mut counts));
        assert_eq!(counts, Counts { passed: 4, failed: 3 });
    }
}
