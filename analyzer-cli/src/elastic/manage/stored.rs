//! What there is of an analysis on a server.
//!
//! In: the indices that hold documents of it, and what its manifest says. Out: how much there is, and whether that is all.
//! Guaranteed: an analysis is never called complete on less than its manifest and its documents.

use analyzer_core::record::Kind;
use analyzer_core::sink::index::{Dataset, Scope, short_id};
use analyzer_core::time::{Month, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What is there of an analysis in one place; it may stand in two.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) place: Place,
    /// With the documents of this analysis and no other's.
    pub(super) indices: BTreeMap<Dataset, Index>,
    /// What any of its documents says of it; none where it has none.
    pub(super) identity: Option<Identity>,
    /// None until all records were sent.
    pub(super) manifest: Option<Manifest>,
    /// Datasets for which its month has no index.
    pub(super) without_index: Vec<Dataset>,
}

/// What tells an analysis from the others, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Its own indices, or those of a month.
    pub(super) scope: Scope,
    /// The analysis' id: 16 digits, or 8 where the names of its indices are all that is known.
    pub(super) analysis: String,
}

#[derive(Debug)]
pub(super) struct Index {
    pub(super) name: String,
    /// None while the index is closed or none of its copies is available.
    pub(super) documents: Option<u64>,
    /// Of an index that is shared, a share by the number of documents.
    pub(super) bytes: u64,
    /// None where it tells nothing of this analysis.
    pub(super) created: Option<Timestamp>,
}

#[derive(Debug)]
pub(super) struct Identity {
    pub(super) capture_id: String,
    pub(super) capture_name: String,
    pub(super) analysis_id: String,
    pub(super) method: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Manifest {
    pub(super) status: String,
    pub(super) exact: bool,
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
    records: BTreeMap<String, u64>,
}

impl Stored {
    pub(super) const fn new(place: Place) -> Self {
        Self { place, indices: BTreeMap::new(), identity: None, manifest: None, without_index: Vec::new() }
    }

    /// The first digits of its id.
    pub(super) fn short(&self) -> &str {
        short_id(&self.place.analysis)
    }

    /// The whole id, where it is known.
    pub(super) fn analysis_id(&self) -> Option<&str> {
        match (&self.identity, &self.place.scope) {
            (Some(identity), _) => Some(&identity.analysis_id),
            (None, Scope::Month(_)) => Some(&self.place.analysis),
            (None, Scope::Analysis(_)) => None,
        }
    }

    /// The month in whose indices it stands; none where it has its own.
    pub(super) const fn month(&self) -> Option<Month> {
        match self.place.scope {
            Scope::Month(month) => Some(month),
            Scope::Analysis(_) => None,
        }
    }

    pub(super) fn documents(&self) -> u64 {
        self.indices.values().filter_map(|index| index.documents).sum()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.indices.values().map(|index| index.bytes).sum()
    }

    /// When the first of its documents was sent.
    pub(super) fn posted(&self) -> Option<Timestamp> {
        self.indices.values().filter_map(|index| index.created).min()
    }

    /// The first packet's time and the last's.
    pub(super) fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let manifest = self.manifest.as_ref()?;
        Some((manifest.start.as_ref()?.parse().ok()?, manifest.end.as_ref()?.parse().ok()?))
    }

    /// Documents that the manifest tells of and that are not there; none where that can't be known.
    pub(super) fn missing(&self) -> Option<u64> {
        let records = &self.manifest.as_ref()?.records;
        let missing = |(kind, expected): (&String, &u64)| {
            let index = self.indices.iter().find(|(dataset, _)| dataset.as_str() == kind);
            // An index is made by its first document.
            index.map_or(Some(*expected), |(_, index)| Some(expected.saturating_sub(index.documents?)))
        };
        records.iter().map(missing).sum()
    }

    /// One word for the whole.
    pub(super) fn status(&self) -> &str {
        match (&self.manifest, self.missing()) {
            _ if self.indices.values().any(|index| index.documents.is_none()) => UNREADABLE,
            (Some(manifest), Some(0)) => &manifest.status,
            (Some(manifest), Some(missing)) if missing == self.without_index(manifest) => ROTATED,
            _ => INCOMPLETE,
        }
    }

    /// Records that the manifest tells of and for which there is no index. When the manifest was sent, there was.
    fn without_index(&self, manifest: &Manifest) -> u64 {
        let is_gone = |kind: &str| self.without_index.iter().any(|dataset| dataset.as_str() == kind);
        manifest.records.iter().filter(|(kind, _)| is_gone(kind)).map(|(_, expected)| expected).sum()
    }
}

/// Status of an analysis of which not all is there.
pub(super) const INCOMPLETE: &str = "incomplete";
/// Status of an analysis whose documents can't be counted.
pub(super) const UNREADABLE: &str = "unreadable";
/// Status of an analysis whose manifest outlived the records of its month.
pub(super) const ROTATED: &str = "rotated";

/// The kinds of records in the order in which they are shown.
pub(super) const KINDS: [Kind; 4] = [Kind::Objects, Kind::Streams, Kind::Bins, Kind::Packets];
