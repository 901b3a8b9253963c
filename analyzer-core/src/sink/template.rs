//! Index and component templates of Elasticsearch.
//!
//! In: the tables of fields of all records, and settings. Out: what is to be PUT where. Guaranteed: types come from the
//! tables that the encoders use, so that templates and records can't drift apart; a field that no table has is refused
//! by the server (`dynamic: strict`).

use super::index::Dataset;
use crate::record::{
    AnalysisRecord, BinRecord, Field, FieldType, Kind, ObjectRecord, PacketRecord, Record, SCHEMA_VERSION, StreamRecord,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What may be chosen for the indices of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexSettings {
    /// Copies of every index besides the first. One node has no place for any.
    pub replicas: u32,
}

impl Default for IndexSettings {
    /// For a single node.
    fn default() -> Self {
        Self { replicas: 0 }
    }
}

/// One template: put `body` to `path`. Those that others are composed of come first.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its name, which is the same as in `path`.
    pub name: String,
    /// True for a part of others.
    pub is_component: bool,
    /// What to PUT. `_meta.schema` is the version of the output schema.
    pub body: Value,
}

impl Template {
    /// Where to PUT it, and where to GET it from.
    #[must_use]
    pub fn path(&self) -> String {
        let kind = if self.is_component { "_component_template" } else { "_index_template" };
        format!("/{kind}/{}", self.name)
    }
}

const SETTINGS: &str = "sniffit-settings";
const COMMON: &str = "sniffit-common";
/// Above the templates that Elasticsearch brings (100), and below what a user may put on top.
const PRIORITY: u32 = 200;
/// Longest text that is indexed, in characters: three bytes each stay below Lucene's limit of 32 766 bytes a term.
pub const LONGEST_TERM: u32 = 8_191;

/// All templates, in the order in which they are to be put.
#[must_use]
pub fn templates(settings: IndexSettings) -> Vec<Template> {
    let kinds = Dataset::ALL.map(|dataset| (dataset, fields(dataset)));
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    let mut common = Properties::default();
    for (path, mapping) in kinds.iter().flat_map(|(_, fields)| fields) {
        *uses.entry(path).or_default() += 1;
        if uses[path.as_str()] == 2 {
            common.insert(path, mapping.clone());
        }
    }
    let mut templates = vec![
        component(SETTINGS, "settings", index_settings(settings)),
        component(COMMON, "mappings", json!({ "dynamic": "strict", "properties": common.0 })),
    ];
    for (dataset, fields) in &kinds {
        let mut own = Properties::default();
        for (path, mapping) in fields.iter().filter(|(path, _)| uses[path.as_str()] == 1) {
            own.insert(path, mapping.clone());
        }
        templates.push(index_template(*dataset, &own));
    }
    templates
}

fn component(name: &str, part: &str, content: Value) -> Template {
    let body = json!({ "template": { part: content }, "_meta": meta() });
    Template { name: name.to_owned(), is_component: true, body }
}

fn index_template(dataset: Dataset, own: &Properties) -> Template {
    let mut template = json!({ "mappings": { "dynamic": "strict", "properties": own.0 } });
    if let Dataset::Records(_) = dataset {
        // Neighbours then share their addresses and ids, which compress to nearly nothing.
        template["settings"] =
            json!({ "index": { "sort.field": ["sniffit.stream.id", "@timestamp"], "sort.order": ["asc", "asc"] } });
    }
    let body = json!({
        "index_patterns": [dataset.pattern()],
        "composed_of": [SETTINGS, COMMON],
        "priority": PRIORITY,
        "template": template,
        "_meta": meta(),
    });
    Template { name: format!("sniffit-{dataset}"), is_component: false, body }
}

fn meta() -> Value {
    json!({ "schema": SCHEMA_VERSION })
}

fn index_settings(settings: IndexSettings) -> Value {
    json!({
        "index": {
            "number_of_shards": 1,
            "number_of_replicas": settings.replicas,
            "codec": "best_compression",
        },
    })
}

/// Paths of a dataset's fields and their types.
fn fields(dataset: Dataset) -> BTreeMap<String, Value> {
    match dataset {
        Dataset::Records(Kind::Objects) => mappings(ObjectRecord::FIELDS),
        Dataset::Records(Kind::Streams) => mappings(StreamRecord::FIELDS),
        Dataset::Records(Kind::Bins) => mappings(BinRecord::FIELDS),
        Dataset::Records(Kind::Packets) => mappings(PacketRecord::FIELDS),
        Dataset::Analyses => {
            // What the manifest's document shares with a stream's, under the same names.
            let shared = StreamRecord::FIELDS.iter().copied();
            let mut fields = mappings(&shared.filter(|field| is_of_every_analysis(field.path)).collect::<Vec<_>>());
            fields.insert("sniffit.manifest".to_owned(), AnalysisRecord::mapping());
            fields
        }
        Dataset::Annotations => {
            let shared = StreamRecord::FIELDS.iter().copied();
            let in_annotations =
                |path| matches!(path, "@timestamp" | "event.kind" | "event.dataset" | "sniffit.schema");
            let mut fields = mappings(&shared.filter(|field| in_annotations(field.path)).collect::<Vec<_>>());
            fields.insert("message".to_owned(), keyword());
            fields.insert("labels".to_owned(), json!({ "type": "flattened" }));
            fields
        }
    }
}

fn is_of_every_analysis(path: &str) -> bool {
    path == "@timestamp"
        || path.starts_with("event.")
        || path.starts_with("sniffit.capture.")
        || matches!(path, "sniffit.analysis.id" | "sniffit.schema" | "sniffit.method")
}

fn mappings(fields: &[Field]) -> BTreeMap<String, Value> {
    fields.iter().map(mapping).collect()
}

/// The path of a field in the mapping, and its type.
fn mapping(field: &Field) -> (String, Value) {
    let mapping = match field.value {
        // Kibana's time field: exact times stand in event.start, as `date_nanos`, whose range Kibana's "entire time
        // range" does not cover well.
        FieldType::Time if field.path == "@timestamp" => json!({ "type": "date" }),
        // `date_nanos` knows no time before 1970; such a time stays in the document and is not indexed.
        FieldType::Time => json!({ "type": "date_nanos", "ignore_malformed": true }),
        FieldType::SpanMillis => {
            let range = field.path.rsplit_once('.').map_or(field.path, |(range, _)| range);
            return (range.to_owned(), json!({ "type": "date_range", "format": "epoch_millis" }));
        }
        FieldType::Integer | FieldType::OptionalInteger => json!({ "type": "long" }),
        FieldType::Ip => json!({ "type": "ip" }),
        FieldType::Boolean => json!({ "type": "boolean" }),
        FieldType::Text | FieldType::OptionalText => keyword(),
        FieldType::Constant(_) | FieldType::ConstantList(_) | FieldType::Id | FieldType::Keyword => {
            json!({ "type": "keyword" })
        }
    };
    (field.path.to_owned(), mapping)
}

/// Text of any length.
fn keyword() -> Value {
    json!({ "type": "keyword", "ignore_above": LONGEST_TERM })
}

/// The `properties` of a mapping.
#[derive(Debug, Default)]
struct Properties(Map<String, Value>);

impl Properties {
    /// Puts a field below the objects that its path names.
    fn insert(&mut self, path: &str, mapping: Value) {
        let mut parents: Vec<&str> = path.split('.').collect();
        let name = parents.pop().unwrap_or_default();
        let mut level = &mut self.0;
        for parent in parents {
            let object = level.entry(parent).or_insert_with(|| json!({ "properties": {} }));
            let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) else { return };
            level = properties;
        }
        level.insert(name.to_owned(), mapping);
    }
}

#[cfg(test)]
mod tests;
