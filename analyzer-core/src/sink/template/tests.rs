//! Templates against the tables of fields.

use super::*;

fn by_name(name: &str) -> Template {
    templates(IndexSettings::default()).into_iter().find(|template| template.name == name).expect(name)
}

/// The mapping of a path in an index of the dataset, from its own template or the common one.
fn mapping_of(dataset: Dataset, path: &str) -> Option<Value> {
    let pointer = format!("/template/mappings/properties/{}", path.replace('.', "/properties/"));
    [by_name(&format!("sniffit-{dataset}")), by_name(COMMON)]
        .iter()
        .find_map(|template| template.body.pointer(&pointer).cloned())
}

#[test]
fn every_field_is_mapped_by_its_type() {
    for (dataset, path, expected) in [
        (Kind::Objects, "@timestamp", json!({ "type": "date" })),
        (Kind::Objects, "event.start", json!({ "type": "date_nanos", "ignore_malformed": true })),
        (Kind::Objects, "sniffit.span", json!({ "type": "date_range", "format": "epoch_millis" })),
        (Kind::Objects, "sniffit.object.rate", json!({ "type": "long" })),
        (Kind::Objects, "sniffit.object.multiplexed", json!({ "type": "boolean" })),
        (Kind::Bins, "server.ip", json!({ "type": "ip" })),
        (Kind::Streams, "sniffit.stream.id", json!({ "type": "keyword" })),
        (Kind::Packets, "sniffit.packet.tcp_flags", json!({ "type": "long" })),
        (Kind::Packets, "sniffit.capture.name", json!({ "type": "keyword", "ignore_above": 8191 })),
    ] {
        assert_eq!(mapping_of(Dataset::Records(dataset), path), Some(expected), "{path}");
    }
    for (dataset, fields) in [
        (Kind::Objects, ObjectRecord::FIELDS),
        (Kind::Streams, StreamRecord::FIELDS),
        (Kind::Bins, BinRecord::FIELDS),
        (Kind::Packets, PacketRecord::FIELDS),
    ] {
        for field in fields.iter().filter(|field| field.value != FieldType::SpanMillis) {
            assert!(mapping_of(Dataset::Records(dataset), field.path).is_some(), "{}", field.path);
        }
    }
}

#[test]
fn fields_of_one_name_have_one_type_everywhere() {
    let mut seen = BTreeMap::new();
    for (path, mapping) in Dataset::ALL.into_iter().flat_map(fields) {
        let first = seen.entry(path.clone()).or_insert_with(|| mapping.clone());
        assert_eq!(*first, mapping, "{path}");
    }
    assert!(seen.len() < 120, "{} fields", seen.len());
}

#[test]
fn unknown_fields_are_refused_and_every_template_says_its_version() {
    for template in templates(IndexSettings { replicas: 2 }) {
        assert_eq!(template.body["_meta"]["schema"], json!(SCHEMA_VERSION), "{}", template.name);
        if let Some(mappings) = template.body.pointer("/template/mappings") {
            assert_eq!(mappings["dynamic"], "strict", "{}", template.name);
        }
        if template.name == SETTINGS {
            assert_eq!(template.body["template"]["settings"]["index"]["number_of_replicas"], 2);
        }
    }
    assert_eq!(by_name("sniffit-bins").path(), "/_index_template/sniffit-bins");
    assert_eq!(by_name(COMMON).path(), "/_component_template/sniffit-common");
}
