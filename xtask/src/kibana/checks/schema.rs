//! Every field that a panel asks for is in the documents that it asks, with a type that allows the question.

use super::questions::{self, Question};
use analyzer_core::record::{AnalysisRecord, BinRecord, Field, Kind, ObjectRecord, PacketRecord, Record, StreamRecord};
use analyzer_core::sink::index::Dataset;
use analyzer_core::sink::template::{IndexSettings, templates};
use serde_json::Value;
use std::collections::BTreeMap;

/// Which types of fields each purpose allows. What is not here is not known to the server of the tests.
const ALLOWED: [(&str, &[&str]); 18] = [
    ("terms", &["keyword", "ip", "boolean"]),
    ("date_histogram", &["date", "date_nanos", "date_range"]),
    ("date_range", &["date", "date_nanos"]),
    ("range", &["long"]),
    ("sum", &["long"]),
    ("percentile", &["long"]),
    ("percentile_ranks", &["long"]),
    ("min", &["long", "date", "date_nanos"]),
    ("max", &["long", "date", "date_nanos"]),
    ("docvalue", &["long", "date", "date_nanos", "keyword", "ip", "boolean"]),
    ("sort", &["long", "date", "date_nanos", "keyword"]),
    ("filter", &["keyword", "date_nanos"]),
    ("time", &["date", "date_range"]),
    ("lens string", &["keyword"]),
    ("lens number", &["long"]),
    ("lens date", &["date", "date_nanos"]),
    ("lens ip", &["ip"]),
    ("lens boolean", &["boolean"]),
];

/// Fields of the documents that are no records.
const OF_ANALYSES: [&str; 8] = [
    "@timestamp",
    "event.start",
    "event.end",
    "event.duration",
    "sniffit.method",
    "sniffit.capture.id",
    "sniffit.capture.name",
    "sniffit.analysis.id",
];
const OF_ANNOTATIONS: [&str; 2] = ["@timestamp", "message"];

fn fault(question: &Question) -> Option<String> {
    let Question { panel, field, purpose, .. } = question;
    let allowed = ALLOWED.iter().find(|(name, _)| name == purpose).map_or(&[] as &[&str], |(_, types)| types);
    let asked: Vec<Dataset> = match question.dataset {
        Some(dataset) => vec![dataset],
        // A control has to find its field somewhere; where it is not, it finds nothing.
        None => Dataset::ALL.into_iter().filter(|dataset| has(*dataset, field)).collect(),
    };
    if asked.is_empty() {
        return Some(format!("{panel}: no document has {field}"));
    }
    asked.into_iter().find_map(|dataset| {
        if !has(dataset, field) {
            return Some(format!("{panel}: documents of {dataset} have no {field}"));
        }
        let mapped = mapped(dataset).remove(field.as_str());
        let is_allowed = mapped.as_deref().is_some_and(|mapped| allowed.contains(&mapped));
        (!is_allowed).then(|| format!("{panel}: {purpose} of {field}, which is {mapped:?}"))
    })
}

fn has(dataset: Dataset, field: &str) -> bool {
    let of = |fields: &[Field]| {
        // Both ends of a range stand in the record, and the range in the index.
        fields.iter().any(|one| one.path == field || one.path.strip_suffix(".gte") == Some(field))
    };
    match dataset {
        Dataset::Records(Kind::Objects) => of(ObjectRecord::FIELDS),
        Dataset::Records(Kind::Streams) => of(StreamRecord::FIELDS),
        Dataset::Records(Kind::Bins) => of(BinRecord::FIELDS),
        Dataset::Records(Kind::Packets) => of(PacketRecord::FIELDS),
        Dataset::Analyses => {
            let mut manifest = BTreeMap::new();
            flatten("sniffit.manifest", &AnalysisRecord::mapping(), &mut manifest);
            OF_ANALYSES.contains(&field) || manifest.contains_key(field)
        }
        Dataset::Annotations => OF_ANNOTATIONS.contains(&field),
    }
}

/// The types in the mapping of a dataset's indices.
fn mapped(dataset: Dataset) -> BTreeMap<String, String> {
    let mut types = BTreeMap::new();
    for template in templates(IndexSettings::default()) {
        if template.is_component || template.name == format!("sniffit-{dataset}") {
            flatten("", &template.body["template"]["mappings"], &mut types);
        }
    }
    types
}

fn flatten(path: &str, mapping: &Value, types: &mut BTreeMap<String, String>) {
    if let Some(kind) = mapping["type"].as_str() {
        types.insert(path.to_owned(), kind.to_owned());
    }
    for (name, inner) in mapping["properties"].as_object().into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        flatten(&path, inner, types);
    }
}

#[test]
fn every_field_that_panels_use_is_there_with_a_fitting_type() {
    let questions = questions::all();
    assert!(questions.len() > 150, "{} questions were found", questions.len());
    let faults: Vec<String> = questions.iter().filter_map(fault).collect();
    assert_eq!(faults, [""; 0]);
}

#[test]
fn a_field_that_is_missing_or_does_not_fit_is_a_fault() {
    let question = |dataset, field: &str, purpose: &str| Question {
        panel: "panel".to_owned(),
        dataset,
        field: field.to_owned(),
        purpose: purpose.to_owned(),
    };
    let bins = Some(Dataset::Records(Kind::Bins));
    for (dataset, field, purpose) in [
        (bins, "network.bites", "sum"),
        // Objects have it, and so the common part of the mapping has.
        (bins, "event.duration", "sum"),
        (bins, "server.ip", "sum"),
        (bins, "network.bytes", "terms"),
        (bins, "network.bytes", "top_metrics"),
        (Some(Dataset::Annotations), "sniffit.analysis.id", "filter"),
        (None, "server.name", "terms"),
    ] {
        assert!(fault(&question(dataset, field, purpose)).is_some(), "{purpose} of {field}");
    }
    assert_eq!(fault(&question(bins, "network.bytes", "sum")), None);
    assert_eq!(fault(&question(Some(Dataset::Records(Kind::Objects)), "sniffit.span", "date_histogram")), None);
}
