//! The page's unit tests, counted.
//!
//! In: nothing. Out: Vitest's own report, and its numbers. Guaranteed: the numbers are there whether tests failed or not, and no
//! tests at all are an error.

use super::tool;
use crate::cargo;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::fs;

/// Tests that ran.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

pub(super) fn run(counts: &mut Counts) -> Result<()> {
    let report = cargo::target_dir()?.join("web/vitest.json");
    // What an earlier run left says nothing about this one.
    let _ = fs::remove_file(&report);
    let mut vitest = tool("vitest/vitest.mjs")?;
    vitest
        .args(["run", "--reporter=default", "--reporter=json"])
        .arg(format!("--outputFile.json={}", report.display()));
    let status = vitest.status().context("node can't be started")?;
    let text = fs::read_to_string(&report).context("Vitest left no report; why stands above")?;
    *counts = parse(&text)?;
    match (status.success(), counts.failed) {
        (true, 0) => {}
        (_, 0) => bail!("Vitest failed outside of its tests"),
        (_, failed) => bail!("{failed} tests of the page failed; their output is above"),
    }
    ensure!(counts.passed > 0, "Vitest ran no test");
    Ok(())
}

/// A file that can't even be loaded has no test that failed, and counts as one.
fn parse(report: &str) -> Result<Counts> {
    let report: Value = serde_json::from_str(report).context("Vitest's report")?;
    let number = |name: &str| report[name].as_u64().with_context(|| format!("Vitest's report tells no {name}"));
    let failed = number("numFailedTests")?;
    let broken = report["testResults"].as_array().into_iter().flatten().filter(|file| {
        let has_tests = file["assertionResults"].as_array().is_some_and(|tests| !tests.is_empty());
        file["status"] == "failed" && !has_tests
    });
    Ok(Counts { passed: number("numPassedTests")?, failed: failed + broken.count() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_report_are_read() {
        let report = r#"{"numTotalTests":5,"numPassedTests":3,"numFailedTests":2,"testResults":[
            {"status":"failed","assertionResults":[{"status":"failed"},{"status":"failed"}]},
            {"status":"failed","assertionResults":[]},{"status":"passed","assertionResults":[{}]}]}"#;
        assert_eq!(parse(report).unwrap(), Counts { passed: 3, failed: 3 });
        assert!(parse("{}").is_err());
        assert!(parse("").is_err());
    }
}
