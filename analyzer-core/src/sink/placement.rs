//! Where the documents of an analysis stand in Elasticsearch.
//!
//! In: the manifest of an analysis, and whether its indices are its own or shared with the other analyses of its month.
//! Out: the index for each dataset, and what the documents' names begin with there. Guaranteed: all documents of an
//! analysis of one kind stand in one index; in a shared index no two analyses have a document of the same name; the same
//! analysis always stands in the same place, so that sending it again is harmless.

use super::index::{ANNOTATIONS_INDEX, Dataset, IndexName, Scope, ShortIds, is_hex, short_id};
use crate::record::AnalysisRecord;
use crate::time::{Month, Timestamp, TimestampError};
use thiserror::Error;

/// What has an index of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IndexBy {
    /// Each kind of each analysis, which is so deleted at once. A node takes some 250 analyses, because each has four
    /// indices and a node takes 1 000.
    #[default]
    Analysis,
    /// Each kind of each month, by the first packet of the recording: for any number of analyses.
    Month,
}

/// The place of one analysis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    scope: Scope,
    /// What names of records begin with.
    prefix: String,
}

/// Why an analysis has no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PlacementError {
    /// An id that no analysis has.
    #[error("{0} is not 16 hexadecimal digits")]
    Id(&'static str),
    /// The time of the first packet is none.
    #[error("start is no time: {0}")]
    Start(#[from] TimestampError),
}

impl Placement {
    /// In indices of its own: `sniffit-objects-aee47acd-82c7753c`, documents `17u0`.
    #[must_use]
    pub fn alone(manifest: &AnalysisRecord) -> Self {
        let [capture, analysis] = [&manifest.capture_id, &manifest.analysis_id].map(|id| short_id(id).to_owned());
        Self { scope: Scope::Analysis(ShortIds { capture, analysis }), prefix: String::new() }
    }

    /// Where an analysis stands. In the indices of a month, `sniffit-objects-2020-03`, a document is called
    /// `82c7753c2a4a0d69.17u0`. The month is that of the recording's first packet, for later ones too; without packets,
    /// when there is nothing but the manifest, it is January 1970.
    ///
    /// # Errors
    /// When the manifest is none that an analysis made.
    pub fn of(manifest: &AnalysisRecord, by: IndexBy) -> Result<Self, PlacementError> {
        for (name, id) in [("capture_id", &manifest.capture_id), ("analysis_id", &manifest.analysis_id)] {
            if !is_hex(id, 16) {
                return Err(PlacementError::Id(name));
            }
        }
        if by == IndexBy::Analysis {
            return Ok(Self::alone(manifest));
        }
        let start: Timestamp = manifest.start.as_deref().map(str::parse).transpose()?.unwrap_or_default();
        Ok(Self { scope: Scope::Month(Month::of(start)), prefix: format!("{}.", manifest.analysis_id) })
    }

    /// The index of a dataset.
    #[must_use]
    pub fn index(&self, dataset: Dataset) -> String {
        let name = IndexName::new(dataset, self.scope.clone());
        name.map_or_else(|| ANNOTATIONS_INDEX.to_owned(), |name| name.to_string())
    }

    /// What the names of a dataset's documents begin with. A manifest's is the analysis' id, which needs no addition.
    #[must_use]
    pub fn prefix(&self, dataset: Dataset) -> &str {
        match dataset {
            Dataset::Records(_) => &self.prefix,
            Dataset::Analyses | Dataset::Annotations => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Kind;
    use crate::sink::NullSink;
    use crate::{Analyzer, Config, Reading};

    const OBJECTS: Dataset = Dataset::Records(Kind::Objects);

    fn manifest(start: Option<&str>) -> AnalysisRecord {
        let totals = Analyzer::new(Config::default()).expect("the defaults work").finish(&mut NullSink);
        let mut manifest = totals.manifest("test", "phone", &Reading::default(), &[]);
        manifest.capture_id = "aee47acd61b3a407".to_owned();
        manifest.analysis_id = "82c7753c2a4a0d69".to_owned();
        manifest.start = start.map(str::to_owned);
        manifest
    }

    #[test]
    fn an_analysis_stands_alone_or_with_those_of_its_month() {
        for (by, start, objects, prefix, analyses) in [
            (IndexBy::Analysis, None, "sniffit-objects-aee47acd-82c7753c", "", "sniffit-analyses-aee47acd-82c7753c"),
            (
                IndexBy::Month,
                Some("2020-03-31T23:59:59.999999999Z"),
                "sniffit-objects-2020-03",
                "82c7753c2a4a0d69.",
                "sniffit-analyses-2020-03",
            ),
            (
                IndexBy::Month,
                Some("2020-04-01T00:00:00+01:00"),
                "sniffit-objects-2020-03",
                "82c7753c2a4a0d69.",
                "sniffit-analyses-2020-03",
            ),
            (IndexBy::Month, None, "sniffit-objects-1970-01", "82c7753c2a4a0d69.", "sniffit-analyses-1970-01"),
        ] {
            let placement = Placement::of(&manifest(start), by).expect("a place");
            assert_eq!(
                (placement.index(OBJECTS), placement.prefix(OBJECTS)),
                (objects.to_owned(), prefix),
                "{start:?}"
            );
            assert_eq!(
                (placement.index(Dataset::Analyses), placement.prefix(Dataset::Analyses)),
                (analyses.to_owned(), "")
            );
            assert_eq!(placement.index(Dataset::Annotations), "sniffit-annotations");
        }
        let start = Some("2020-03-01T10:00:00Z");
        assert_eq!(Placement::of(&manifest(start), IndexBy::Analysis), Ok(Placement::alone(&manifest(start))));
    }

    #[test]
    fn what_no_analysis_made_has_no_place() {
        let other = |change: fn(&mut AnalysisRecord)| {
            let mut manifest = manifest(Some("2020-03-01T10:00:00Z"));
            change(&mut manifest);
            Placement::of(&manifest, IndexBy::Month)
        };
        for (found, expected) in [
            (other(|manifest| manifest.analysis_id = "82c7753c\"},x".to_owned()), PlacementError::Id("analysis_id")),
            (other(|manifest| manifest.capture_id = "*".to_owned()), PlacementError::Id("capture_id")),
            (
                other(|manifest| manifest.start = Some("2020-03".to_owned())),
                PlacementError::Start(TimestampError::Form),
            ),
        ] {
            assert_eq!(found, Err(expected));
        }
    }
}
