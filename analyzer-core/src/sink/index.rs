//! Names of Elasticsearch indices.
//!
//! In: a dataset, and the analysis or the month that an index is for; or the name of an index. Out: the name of a plain
//! index, such as `sniffit-objects-aee47acd-82c7753c` or `sniffit-objects-2020-03`, or what it holds. Guaranteed: each name
//! is of one form only, and only whole names are understood, so that nothing else that begins with `sniffit-` counts as
//! ours.

use crate::record::Kind;
use crate::time::Month;
use std::fmt;
use std::str::FromStr;

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

/// Whose documents an index holds, as far as its name tells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// One analysis.
    Analysis(ShortIds),
    /// All analyses of recordings that begin in a month.
    Month(Month),
}

/// The first digits of a capture's id and of an analysis' own.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShortIds {
    /// Of the capture.
    pub capture: String,
    /// Of the analysis.
    pub analysis: String,
}

/// The name of an index, in its parts: `sniffit-<dataset>-<capture>-<analysis>` or `sniffit-<dataset>-<year>-<month>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexName {
    /// What it holds; never annotations, whose index has a name of its own.
    dataset: Dataset,
    scope: Scope,
}

impl IndexName {
    /// The index of a dataset; none of annotations, which are not kept by analysis or month.
    #[must_use]
    pub fn new(dataset: Dataset, scope: Scope) -> Option<Self> {
        (dataset != Dataset::Annotations).then_some(Self { dataset, scope })
    }

    /// What it holds.
    #[must_use]
    pub const fn dataset(&self) -> Dataset {
        self.dataset
    }

    /// Of what.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }
}

impl fmt::Display for IndexName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sniffit-{}-", self.dataset)?;
        match &self.scope {
            Scope::Analysis(ShortIds { capture, analysis }) => write!(f, "{capture}-{analysis}"),
            Scope::Month(month) => month.fmt(f),
        }
    }
}

/// The name is of no index that holds records or manifests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no name of an index with records or manifests")]
pub struct IndexNameError;

impl FromStr for IndexName {
    type Err = IndexNameError;

    fn from_str(name: &str) -> Result<Self, IndexNameError> {
        let (dataset, scope) =
            name.strip_prefix("sniffit-").and_then(|rest| rest.split_once('-')).ok_or(IndexNameError)?;
        let dataset = Dataset::ALL.into_iter().find(|known| known.as_str() == dataset).ok_or(IndexNameError)?;
        // A month has four digits before its dash, and an analysis eight.
        let scope = match (scope.parse(), scope.split_once('-')) {
            (Ok(month), _) => Scope::Month(month),
            (Err(_), Some((capture, analysis))) if is_hex(capture, 8) && is_hex(analysis, 8) => {
                Scope::Analysis(ShortIds { capture: capture.to_owned(), analysis: analysis.to_owned() })
            }
            _ => return Err(IndexNameError),
        };
        Self::new(dataset, scope).ok_or(IndexNameError)
    }
}

/// The first eight digits of an id: two analyses would share both halves once in 2⁶⁴.
#[must_use]
pub fn short_id(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

/// Whether a text is so many lower-case hexadecimal digits.
#[must_use]
pub fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_analysis() -> Scope {
        Scope::Analysis(ShortIds { capture: "aee47acd".to_owned(), analysis: "82c7753c".to_owned() })
    }

    fn of_month(text: &str) -> Scope {
        Scope::Month(text.parse().expect("a month"))
    }

    #[test]
    fn every_index_has_a_name_that_its_template_matches_and_that_tells_what_it_holds() {
        for (dataset, scope, name) in [
            (Dataset::Records(Kind::Objects), of_analysis(), "sniffit-objects-aee47acd-82c7753c"),
            (Dataset::Records(Kind::Packets), of_analysis(), "sniffit-packets-aee47acd-82c7753c"),
            (Dataset::Analyses, of_analysis(), "sniffit-analyses-aee47acd-82c7753c"),
            (Dataset::Records(Kind::Bins), of_month("2020-03"), "sniffit-bins-2020-03"),
            (Dataset::Analyses, of_month("1999-12"), "sniffit-analyses-1999-12"),
        ] {
            let index = IndexName::new(dataset, scope.clone()).expect("an index");
            assert_eq!(index.to_string(), name);
            assert!(name.starts_with(dataset.pattern().trim_end_matches('*')));
            let parsed: IndexName = name.parse().expect("a name of ours");
            assert_eq!((parsed.dataset(), parsed.scope()), (dataset, &scope));
        }
        assert_eq!(IndexName::new(Dataset::Annotations, of_month("2020-03")), None);
        assert!(ANNOTATIONS_INDEX.starts_with(Dataset::Annotations.pattern().trim_end_matches('*')));
    }

    #[test]
    fn only_whole_names_are_ours() {
        for name in [
            "sniffit-annotations",
            "sniffit-annotations-aee47acd-82c7753c",
            "sniffit-annotations-2020-03",
            "sniffit-object-aee47acd-82c7753c",
            "sniffit-objects-aee47acd",
            "sniffit-objects-aee47acd-82c7753",
            "sniffit-objects-aee47acd-82C7753C",
            "sniffit-objects-aee47acd-82c7753g",
            "sniffit-objects-aee47acd-82c7753c-old",
            "my-sniffit-objects-aee47acd-82c7753c",
            "sniffit-objects-2020",
            "sniffit-objects-2020-13",
            "sniffit-objects-2020-03-01",
            "sniffit-objects-2020-03-old",
            "sniffit-objects-2020-82c7753c",
            "sniffit-objects-20200301-03",
            "sniffit-objects-2020.03",
            "sniffit-2020-03",
            "",
        ] {
            assert_eq!(name.parse::<IndexName>(), Err(IndexNameError), "{name}");
        }
    }
}
