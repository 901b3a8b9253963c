//! The manifest of a recording that is done.
//!
//! In: what a task was asked to do, and the manifest of its analysis. Out: one line of JSON, which says that everything else is there.
//! Guaranteed: it tells nothing of where and when the task ran, so that the same recording has the same manifest everywhere.

use super::entry::Entry;
use analyzer_core::Config;
use analyzer_core::model::GroupBy;
use analyzer_core::record::{AnalysisRecord, Kind, SCHEMA_VERSION};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What makes two tasks the same: their results would be the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Work {
    /// Program and version.
    tool: String,
    schema: u64,
    recording: String,
    /// In the order of reading. Folders are left out: captures may be moved.
    files: Vec<WorkFile>,
    options: BTreeMap<String, String>,
    kinds: Vec<String>,
    by: GroupBy,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct WorkFile {
    name: String,
    bytes: u64,
}

impl Work {
    pub(super) fn new(tool: &str, entry: &Entry, config: &Config, kinds: &[Kind], by: GroupBy) -> Self {
        let files = entry.files.iter().map(|file| WorkFile { name: file.name().to_owned(), bytes: file.bytes });
        Self {
            tool: tool.to_owned(),
            schema: SCHEMA_VERSION,
            recording: entry.recording.clone(),
            files: files.collect(),
            options: config.describe().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            kinds: kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
            by,
        }
    }
}

/// The day of an analysis' first packet, in UTC; none without packets.
pub(super) fn day_of(analysis: &AnalysisRecord) -> Option<&str> {
    analysis.start.as_deref().and_then(|start| start.get(..10))
}

/// `manifest.json`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TaskManifest {
    /// What was done.
    pub(super) task: Work,
    /// What came of it, as in `analysis.json`.
    pub(super) analysis: AnalysisRecord,
}

impl TaskManifest {
    /// The bytes of the file.
    ///
    /// # Errors
    /// None in practice: all keys are texts.
    pub(super) fn to_file(&self) -> serde_json::Result<Vec<u8>> {
        let mut json = serde_json::to_vec(self)?;
        json.push(b'\n');
        Ok(json)
    }
}
