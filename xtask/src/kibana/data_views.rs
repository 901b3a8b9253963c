//! Data views: one for each kind of document, and one over all of them for the controls.
//!
//! In: the tables of fields of the records. Out: saved objects. Guaranteed: what a field means and its unit are those of
//! the output schema.

use super::fields::TIME;
use super::saved_object::{Kind, Reference, SavedObject};
use analyzer_core::record::{self, BinRecord, Field, FieldType, ObjectRecord, PacketRecord, Record, StreamRecord};
use analyzer_core::sink::index::Dataset;
use serde_json::{Map, Value, json};

/// The data view over all kinds: a filter by analysis or server made with it reaches every panel.
pub(super) const EVERYTHING: &str = "sniffit-everything";
pub(super) const EVERYTHING_PATTERN: &str = "sniffit-*";

/// Fields of the manifest's document, which no table of records has, and their units. A format for a field that is not
/// there does no harm.
const BESIDES: [(&str, &str); 3] = [
    ("event.duration", "ns"),
    ("sniffit.manifest.counters.tcp_payload_bytes", "byte"),
    ("sniffit.manifest.counters.udp_payload_bytes", "byte"),
];

/// Id of a dataset's data view.
pub(super) fn id(dataset: Dataset) -> String {
    format!("sniffit-{dataset}")
}

/// The reference to a data view under a name.
pub(super) fn reference(name: String, id: String) -> Reference {
    Reference { name, kind: Kind::DataView, id }
}

/// All data views.
pub(super) fn all() -> Vec<SavedObject> {
    let one = Dataset::ALL.map(|dataset| {
        let name = format!("Sniffit: {dataset}");
        data_view(&id(dataset), &name, &dataset.pattern(), fields(dataset))
    });
    let every = [ObjectRecord::FIELDS, StreamRecord::FIELDS, BinRecord::FIELDS, PacketRecord::FIELDS].concat();
    let everything = data_view(EVERYTHING, "Sniffit: everything", EVERYTHING_PATTERN, &every);
    one.into_iter().chain([everything]).collect()
}

fn fields(dataset: Dataset) -> &'static [Field] {
    match dataset {
        Dataset::Records(record::Kind::Objects) => ObjectRecord::FIELDS,
        Dataset::Records(record::Kind::Streams) => StreamRecord::FIELDS,
        Dataset::Records(record::Kind::Bins) => BinRecord::FIELDS,
        Dataset::Records(record::Kind::Packets) => PacketRecord::FIELDS,
        Dataset::Analyses | Dataset::Annotations => &[],
    }
}

fn data_view(id: &str, name: &str, pattern: &str, fields: &[Field]) -> SavedObject {
    let units = BESIDES.into_iter().chain(fields.iter().map(|field| (field.path, field.unit)));
    let formats: Map<String, Value> =
        units.filter_map(|(path, unit)| Some((path.to_owned(), format(path, unit)?))).collect();
    let attributes = json!({
        // Panels are there before the first analysis is.
        "allowNoIndex": true,
        "fieldAttrs": attributes(fields).to_string(),
        "fieldFormatMap": Value::Object(formats).to_string(),
        "fields": "[]",
        "name": name,
        "runtimeFieldMap": "{}",
        "sourceFilters": "[]",
        "timeFieldName": TIME.path,
        "title": pattern,
        "typeMeta": "{}",
    });
    SavedObject { kind: Kind::DataView, id: id.to_owned(), attributes, references: Vec::new() }
}

/// What Kibana shows beside the name of a field.
fn attributes(fields: &[Field]) -> Value {
    let described = fields.iter().map(|field| {
        let unit = if field.unit.is_empty() { String::new() } else { format!(" ({})", field.unit) };
        let (path, meaning) = match (field.value, field.path.rsplit_once('.')) {
            // Both ends of a range are one field of the index.
            (FieldType::SpanMillis, Some((range, _))) => (range, "From event.start to event.end".to_owned()),
            _ => (field.path, format!("{}{unit}", field.meaning)),
        };
        (path.to_owned(), json!({ "customDescription": meaning }))
    });
    Value::Object(described.collect())
}

/// How Kibana shows the values of a field, where its own way misleads.
fn format(path: &str, unit: &str) -> Option<Value> {
    let is_name = path.ends_with(".port")
        || matches!(path, "sniffit.packet.number" | "sniffit.packet.tcp_flags" | "sniffit.schema");
    match unit {
        "ns" => Some(json!({
            "id": "duration",
            "params": {
                "includeSpaceWithSuffix": true,
                "inputFormat": "nanoseconds",
                "outputFormat": "humanizePrecise",
                "outputPrecision": 1,
                "useShortSuffix": true,
            },
        })),
        "byte" => Some(json!({ "id": "bytes", "params": { "pattern": "0,0.[0]b" } })),
        "bit/s" => Some(json!({ "id": "number", "params": { "pattern": "0.[0]a" } })),
        // A port is no quantity: without commas.
        _ if is_name => Some(json!({ "id": "number", "params": { "pattern": "0" } })),
        _ => None,
    }
}
