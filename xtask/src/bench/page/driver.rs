//! Measurements in Chromium, each by a Node.js program of its own.
//!
//! In: the name of a row and a capture. Out: a [`Visit`], the numbers that `tests/bench-page/run.mjs` prints. Guaranteed: every
//! measurement has a browser of its own, and one that takes too long ends.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::bench::measure::Sample;

/// What was measured in one run, by the driver's names for it: `wallMs`, `cpuMs`, `peakRssBytes` …
#[derive(Clone, Debug)]
pub(super) struct Visit(Value);

/// A run's numbers, or why there are none.
pub(super) type Measured = std::result::Result<Visit, String>;

pub(super) struct Driver {
    /// `run.mjs`.
    pub(super) program: PathBuf,
    pub(super) chromium: PathBuf,
    /// The page's packages, which have what drives the browser.
    pub(super) packages: PathBuf,
    pub(super) page_url: String,
    /// Where the page's module and its glue are.
    pub(super) wasm: PathBuf,
    /// The package of wiregasm, if it is there.
    pub(super) wiregasm: Option<PathBuf>,
}

impl Driver {
    /// Measures once; the inner error is the measurement's own failure.
    pub(super) fn measure(&self, row: &str, capture: &Path, timeout_s: u64) -> Result<Measured> {
        let plan = json!({
            "row": row, "capture": capture, "timeoutS": timeout_s, "chromium": self.chromium, "packages": self.packages,
            "pageUrl": self.page_url, "folders": {"wasm": self.wasm, "wiregasm": self.wiregasm},
        });
        let mut node = Command::new("node");
        node.arg(&self.program).arg(plan.to_string()).stdin(Stdio::null()).stderr(Stdio::piped());
        let output = node.output().context("node can't be started")?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(parse(&text).unwrap_or_else(|| {
            let complaints = String::from_utf8_lossy(&output.stderr);
            let line =
                complaints.lines().find(|line| line.contains("Error")).or_else(|| complaints.lines().next_back());
            Err(format!("the driver failed ({}): {}", output.status, line.unwrap_or("no message").trim()))
        }))
    }
}

/// The last line of the driver's output; nothing where that is no result.
fn parse(output: &str) -> Option<Measured> {
    let value: Value = serde_json::from_str(output.lines().next_back()?).ok()?;
    Some(match value["error"].as_str() {
        Some(failure) => Err(failure.to_owned()),
        None => Ok(Visit(value)),
    })
}

impl Visit {
    /// A number by its name, if this run has it.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.0[name].as_f64()
    }

    /// Numbers of a series of frames: `series("whole", "drawMs")`.
    pub(super) fn series(&self, frames: &str, name: &str) -> Vec<f64> {
        self.0[frames][name].as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
    }

    /// How many objects the last frame of a series showed.
    pub(super) fn objects_in(&self, frames: &str) -> Option<f64> {
        self.0[frames]["objects"].as_f64()
    }
}

impl From<Sample> for Visit {
    fn from(Sample { wall, cpu, peak_rss_bytes }: Sample) -> Self {
        Self(json!({
            "wallMs": wall.as_secs_f64() * 1e3, "cpuMs": cpu.as_secs_f64() * 1e3, "peakRssBytes": peak_rss_bytes,
        }))
    }
}

#[cfg(test)]
impl Visit {
    pub(super) fn of(value: Value) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_the_result() {
        let visit =
            parse("a warning\n{\"wallMs\":1.5,\"packets\":null,\"whole\":{\"objects\":3,\"drawMs\":[1,2.5]}}\n");
        let visit = visit.unwrap().unwrap();
        assert_eq!(visit.number("wallMs"), Some(1.5));
        assert_eq!(visit.number("packets"), None);
        assert_eq!(visit.number("cpuMs"), None);
        assert_eq!(visit.series("whole", "drawMs"), [1.0, 2.5]);
        assert_eq!(visit.series("close", "drawMs"), [0.0; 0]);
        assert_eq!(visit.objects_in("whole"), Some(3.0));
    }

    #[test]
    fn a_failure_is_told_and_noise_is_no_result() {
        assert_eq!(parse("{\"error\":\"no result within 9 s\"}").unwrap().unwrap_err(), "no result within 9 s");
        assert!(parse("").is_none());
        assert!(parse("{\"wallMs\":1").is_none());
        assert!(parse("{\"error\":null,\"wallMs\":1}").unwrap().is_ok());
    }
}
