//! Names of Elasticsearch indices.
//!
//! In: a kind and the ids of a capture and its analysis. Out: the name of a plain index, such as
//! `sniffit-objects-aee47acd-82c7753c`. Guaranteed: each kind of each analysis has an index of its own, so that an
//! analysis is deleted by deleting indices, and analyses of one capture stand side by side.

use crate::record::Kind;
use std::fmt;

/// What an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dataset {
    /// Records of one kind.
    Records(Kind),
    /// Manifests; one document says that all records of its analysis are there.
    Analyses,
    /// What users noted at instants.
    Annotations,
}

impl Dataset {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Records(Kind::Objects),
        Self::Records(Kind::Streams),
        Self::Records(Kind::Bins),
        Self::Records(Kind::Packets),
        Self::Analyses,
        Self::Annotations,
    ];

    /// The name used in index and template names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Records(kind) => kind.as_str(),
            Self::Analyses => "analyses",
            Self::Annotations => "annotations",
        }
    }

    /// The indices that its template applies to.
    #[must_use]
    pub fn pattern(self) -> String {
        match self {
            // One index serves all annotations: they belong to times, not to analyses.
            Self::Annotations => format!("{ANNOTATIONS_INDEX}*"),
            dataset => format!("sniffit-{}-*", dataset.as_str()),
        }
    }
}

impl fmt::Display for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The index of all annotations.
pub const ANNOTATIONS_INDEX: &str = "sniffit-annotations";

/// The index of a dataset of one analysis.
#[must_use]
pub fn index_name(dataset: Dataset, capture_id: &str, analysis_id: &str) -> String {
    match dataset {
        Dataset::Annotations => ANNOTATIONS_INDEX.to_owned(),
        dataset => format!("sniffit-{dataset}-{}-{}", short_id(capture_id), short_id(analysis_id)),
    }
}

/// The first eight digits of an id: two analyses would share both halves once in 2⁶⁴.
#[must_use]
pub fn short_id(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dataset_has_a_name_that_its_pattern_matches() {
        for (dataset, name) in [
            (Dataset::Records(Kind::Objects), "sniffit-objects-aee47acd-82c7753c"),
            (Dataset::Records(Kind::Packets), "sniffit-packets-aee47acd-82c7753c"),
            (Dataset::Analyses, "sniffit-analyses-aee47acd-82c7753c"),
            (Dataset::Annotations, "sniffit-annotations"),
        ] {
            assert_eq!(index_name(dataset, "aee47acd61b3a407", "82c7753c2a4a0d69"), name);
            assert!(name.starts_with(dataset.pattern().trim_end_matches('*')));
        }
    }
}
