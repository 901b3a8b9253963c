//! A saved object of Kibana, as a line of the file that Kibana imports.
//!
//! In: kind, id, attributes and references. Out: one line of JSON. Guaranteed: ids are fixed and readable, so that an
//! import with `overwrite` replaces what an earlier one made, and the versions are those that Kibana 8.19 writes: it
//! reads them as they are, and a later Kibana migrates them.

use serde_json::{Value, json};

/// Version of the form that all kinds share.
const CORE_VERSION: &str = "8.8.0";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    DataView,
    Lens,
    /// Vega; Kibana keeps other visualisations under this name too.
    Visualization,
    Dashboard,
}

impl Kind {
    /// What Kibana calls it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::DataView => "index-pattern",
            Self::Lens => "lens",
            Self::Visualization => "visualization",
            Self::Dashboard => "dashboard",
        }
    }

    /// Version of the kind's own form in Kibana 8.19. Dashboards count on from 10 since they have model versions.
    const fn version(self) -> &'static str {
        match self {
            Self::DataView => "8.0.0",
            Self::Lens => "8.9.0",
            Self::Visualization => "8.5.0",
            Self::Dashboard => "10.2.0",
        }
    }
}

/// A saved object that another one needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// What the object that refers calls it.
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) id: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct SavedObject {
    pub(super) kind: Kind,
    pub(super) id: String,
    pub(super) attributes: Value,
    pub(super) references: Vec<Reference>,
}

impl SavedObject {
    /// The line, ended by a line feed.
    pub(super) fn to_line(&self) -> String {
        let references = self.references.iter();
        let references: Vec<Value> = references
            .map(|reference| json!({ "id": reference.id, "name": reference.name, "type": reference.kind.name() }))
            .collect();
        let object = json!({
            "attributes": self.attributes,
            "coreMigrationVersion": CORE_VERSION,
            "id": self.id,
            "managed": false,
            "references": references,
            "type": self.kind.name(),
            "typeMigrationVersion": self.kind.version(),
        });
        format!("{object}\n")
    }
}

/// The query and filters of an object that has none of its own.
pub(super) fn no_search() -> Value {
    let search = json!({ "filter": [], "query": { "language": "kuery", "query": "" } });
    json!({ "searchSourceJSON": search.to_string() })
}
