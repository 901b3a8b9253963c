//! A line of a plan.

use crate::error::printable;
use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

/// One recording and its files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Tells it from all others of the plan, and can be a folder's name.
    pub(super) recording: String,
    /// Of its first packet, in UTC; none without packets.
    pub(super) day: Option<String>,
    /// On disk, of all files.
    pub(super) bytes: u64,
    /// First packet's time, RFC 3339.
    pub(super) start: Option<String>,
    /// In the order of their packets.
    pub(super) files: Vec<PlannedFile>,
    /// How the files fit together, where that was looked at.
    #[serde(flatten)]
    pub(super) seams: Option<Seams>,
}

/// One file of a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct PlannedFile {
    /// A path, or a URL that somebody else opens.
    pub(super) path: String,
    /// On disk, compressed as it is there.
    pub(super) bytes: u64,
    /// First packet's time, RFC 3339.
    pub(super) start: Option<String>,
}

/// How the files of a recording fit together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Seams {
    /// Files that begin before the one before them ends.
    pub(super) overlaps: u64,
    /// Times of silence between two files of more than [`HOLE_NS`](super::scan::HOLE_NS).
    pub(super) holes: u64,
    /// The longest silence between two files, in seconds.
    pub(super) longest_gap_s: f64,
}

impl PlannedFile {
    /// Without folders.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

impl Entry {
    /// Line `index` of a plan.
    pub(super) fn read(plan: &Path, index: usize) -> anyhow::Result<Self> {
        let shown = printable(&plan.to_string_lossy());
        let file = File::open(plan).with_context(|| format!("the plan {shown} can't be read"))?;
        let mut lines = 0;
        for line in BufReader::new(file).lines() {
            let line = line.with_context(|| format!("the plan {shown} can't be read"))?;
            if line.trim().is_empty() {
                continue;
            }
            if lines == index {
                let entry: Self = serde_json::from_str(&line)
                    .with_context(|| format!("line {index} (from 0) of {shown} is none of `sniffit plan`"))?;
                entry.check().with_context(|| format!("line {index} (from 0) of {shown}"))?;
                return Ok(entry);
            }
            lines += 1;
        }
        bail!("the plan {shown} has {lines} recordings, and --index counts them from 0: there is no {index}")
    }

    /// A plan may be written by others, and its names become folders.
    fn check(&self) -> anyhow::Result<()> {
        let is_name = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
        if self.recording.is_empty() || !self.recording.chars().all(is_name) {
            bail!("`{}` can't be a recording's name: letters, digits and ._- only", printable(&self.recording));
        }
        if self.files.is_empty() {
            bail!("recording {} has no files", self.recording);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(recording: &str) -> String {
        format!(
            r#"{{"recording":"{recording}","day":null,"bytes":3,"start":null,"files":[{{"path":"/d/a.pcap","bytes":3,"start":null}}]}}"#
        )
    }

    #[test]
    fn lines_are_counted_from_0_and_checked() {
        let plan = tempfile::NamedTempFile::new().unwrap();
        let text = [&line("a"), "", &line("b"), &line("../c"), "{}", ""].join("\n");
        std::fs::write(plan.path(), text).unwrap();
        for (index, expected) in [
            (0, Ok("a")),
            (1, Ok("b")),
            (2, Err("can't be a recording's name")),
            (3, Err("is none of `sniffit plan`")),
            (4, Err("has 4 recordings, and --index counts them from 0: there is no 4")),
        ] {
            match (Entry::read(plan.path(), index), expected) {
                (Ok(entry), Ok(recording)) => assert_eq!(entry.recording, recording),
                (Err(error), Err(reason)) => assert!(format!("{error:#}").contains(reason), "{error:#}"),
                (got, expected) => panic!("{index}: {got:?} instead of {expected:?}"),
            }
        }
    }

    #[test]
    fn a_line_is_read_back() {
        let entry: Entry = serde_json::from_str(&line("a")).unwrap();
        assert_eq!(serde_json::to_string(&entry).unwrap(), line("a"));
        assert_eq!(entry.seams, None);
        let scanned = Entry { seams: Some(Seams { overlaps: 1, holes: 2, longest_gap_s: 61.5 }), ..entry };
        assert_eq!(serde_json::from_str::<Entry>(&serde_json::to_string(&scanned).unwrap()).unwrap(), scanned);
    }
}
