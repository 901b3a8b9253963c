//! YAML as JSON values, in which a rule finds its way by names.
//!
//! In: a text in YAML. Out: its first document, with anchors resolved. Guaranteed: what Compose would read as text is text.

use serde_json::{Map, Value};
use yaml_rust2::{Yaml, YamlLoader};

pub(super) fn parse(text: &str) -> Value {
    let documents = YamlLoader::load_from_str(text).unwrap_or_else(|error| panic!("not YAML: {error}"));
    json(documents.first().expect("a document"))
}

/// Puts a second file over the first, as Compose does for the two kinds of services that ours have: one that names an
/// image is replaced (`!override`), another's settings are added.
pub(super) fn merge(first: &mut Value, second: Value) {
    let (Value::Object(fields), Value::Object(others)) = (&mut *first, second) else { return };
    for (name, value) in others {
        let is_whole = value.get("image").is_some() || !value.is_object();
        match fields.get_mut(&name) {
            Some(field) if !is_whole => merge(field, value),
            _ => drop(fields.insert(name, value)),
        }
    }
}

fn json(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Hash(fields) => {
            let fields = fields.iter().map(|(name, value)| (text(name), json(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Yaml::Array(items) => Value::Array(items.iter().map(json).collect()),
        Yaml::Null | Yaml::BadValue | Yaml::Alias(_) => Value::Null,
        Yaml::Boolean(value) => Value::Bool(*value),
        Yaml::Integer(value) => Value::from(*value),
        Yaml::String(value) | Yaml::Real(value) => Value::String(value.clone()),
    }
}

fn text(yaml: &Yaml) -> String {
    match json(yaml) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
