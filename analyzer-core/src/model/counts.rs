//! What a model is made of: integer histograms of groups.
//!
//! In: the objects of streams, or counts made before. Out: [`Counts`], and the [`Model`] they make. Guaranteed: integers only, so that
//! counts that are merged in any order and grouping are equal, and so are their bytes; fits and quantiles are made once, at the end.

use super::conversation::{Tally, tally};
use super::{GroupBy, Model, Rows, Stream};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Version of what [`Counts`] hold.
pub const COUNTS_SCHEMA: u64 = 1;

/// Histograms of the objects of some captures, by group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// [`COUNTS_SCHEMA`].
    #[serde(rename = "counts_schema")]
    pub schema: u64,
    /// Name and version of the tool; of merged counts, the last in order.
    pub tool: String,
    /// What the groups are.
    pub by: GroupBy,
    /// The captures' names.
    pub captures: BTreeSet<String>,
    /// How the objects were cut; more than one when counts of other methods were merged.
    pub method: BTreeSet<String>,
    pub(super) groups: BTreeMap<String, GroupCounts>,
}

/// Streams of one group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct GroupCounts {
    pub(super) streams: u64,
    pub(super) up: Tally,
    pub(super) down: Tally,
}

/// Why two counts make no one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// The groups are something else.
    #[error("models by {} and by {} can't be merged: their groups are not the same", .0.as_str(), .1.as_str())]
    GroupBy(GroupBy, GroupBy),
    /// Made by another version.
    #[error("models of schema {0} and {1} can't be merged: make both with one version")]
    Schema(u64, u64),
}

impl Counts {
    /// No objects yet.
    #[must_use]
    pub fn new(by: GroupBy, tool: &str) -> Self {
        let (captures, method) = (BTreeSet::new(), BTreeSet::new());
        Self { schema: COUNTS_SCHEMA, tool: tool.to_owned(), by, captures, method, groups: BTreeMap::new() }
    }

    /// Of all objects of the rows.
    pub(super) fn of(rows: &Rows, by: GroupBy, tool: &str) -> Self {
        let mut counts = Self::new(by, tool);
        for stream in rows.streams_by_group() {
            counts.add(&stream);
        }
        counts
    }

    /// Adds a stream with all its objects.
    pub(super) fn add(&mut self, stream: &Stream<'_>) {
        if !self.groups.contains_key(stream.group) {
            self.groups.insert(stream.group.to_owned(), GroupCounts::default());
        }
        if let Some(group) = self.groups.get_mut(stream.group) {
            group.streams = group.streams.saturating_add(1);
            tally(stream, &mut group.up, &mut group.down);
        }
    }

    /// Adds another's objects. The captures should be others: those that both have are counted twice.
    ///
    /// # Errors
    /// When the other was made by another version or has other groups; then nothing is changed.
    pub fn merge(&mut self, other: Self) -> Result<(), MergeError> {
        if self.schema != other.schema {
            return Err(MergeError::Schema(self.schema, other.schema));
        }
        if self.by != other.by {
            return Err(MergeError::GroupBy(self.by, other.by));
        }
        if self.tool < other.tool {
            self.tool = other.tool;
        }
        self.captures.extend(other.captures);
        self.method.extend(other.method);
        for (key, theirs) in other.groups {
            match self.groups.get_mut(&key) {
                Some(group) => group.merge(&theirs),
                None => drop(self.groups.insert(key, theirs)),
            }
        }
        Ok(())
    }

    /// The model that they make.
    #[must_use]
    pub fn into_model(self) -> Model {
        Model::of_counts(self)
    }

    /// The bytes of a file of counts, which is JSON on one line.
    ///
    /// # Errors
    /// None in practice: all keys are texts.
    pub fn to_file(&self) -> serde_json::Result<Vec<u8>> {
        let mut json = serde_json::to_vec(self)?;
        json.push(b'\n');
        Ok(json)
    }

    /// Whether there is no object.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

impl GroupCounts {
    fn merge(&mut self, other: &Self) {
        self.streams = self.streams.saturating_add(other.streams);
        self.up.merge(&other.up);
        self.down.merge(&other.down);
    }
}
