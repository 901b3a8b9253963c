//! What a template says, whoever wrote it down.
//!
//! In: the body of a template, as it is sent or as the server gives it back. Out: its values by path. Guaranteed: bodies
//! that mean the same to the server are equal. The server nests names with dots, turns values of settings into text, and
//! adds when a template was made.

use serde_json::Value;
use std::collections::BTreeMap;

/// What newer servers add to a template by themselves.
const ADDED_BY_SERVER: [&str; 4] = ["created_date", "created_date_millis", "modified_date", "modified_date_millis"];

/// The path of the number of replicas.
const REPLICAS: &str = "template.settings.index.number_of_replicas";
/// The path of the version of the output schema.
const SCHEMA: &str = "_meta.schema";

/// All values of a template by their paths.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TemplateContent(BTreeMap<String, Vec<String>>);

impl TemplateContent {
    pub(super) fn of(body: &Value) -> Self {
        let mut content = Self::default();
        for (name, value) in body.as_object().into_iter().flatten() {
            if !ADDED_BY_SERVER.contains(&name.as_str()) {
                content.add(name, value);
            }
        }
        content
    }

    fn add(&mut self, path: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| self.add(&format!("{path}.{name}"), value));
            }
            // The order of a list counts, and what it lists is never an object.
            Value::Array(items) => items.iter().for_each(|item| self.add(path, item)),
            Value::Null => {}
            Value::String(text) => self.0.entry(path.to_owned()).or_default().push(text.clone()),
            other => self.0.entry(path.to_owned()).or_default().push(other.to_string()),
        }
    }

    /// The version of the output schema that it was made for; 0 where it does not say.
    pub(super) fn schema(&self) -> u64 {
        self.first(SCHEMA).and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// The number of replicas, where the template sets one.
    pub(super) fn replicas(&self) -> Option<&str> {
        self.first(REPLICAS)
    }

    fn first(&self, path: &str) -> Option<&str> {
        self.0.get(path)?.first().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bodies_that_mean_the_same_are_equal() {
        let sent = json!({
            "index_patterns": ["sniffit-x-*"], "priority": 200, "_meta": { "schema": 1 },
            "template": {
                "settings": { "index": { "number_of_replicas": 0, "sort.field": ["a", "b"] } },
                "mappings": { "dynamic": false, "properties": {} },
            },
        });
        // The server's form, measured on 8.19.21, with what newer ones add.
        let given_back = json!({
            "index_patterns": ["sniffit-x-*"], "priority": 200, "_meta": { "schema": 1 }, "composed_of": [],
            "template": {
                "settings": { "index": { "number_of_replicas": "0", "sort": { "field": ["a", "b"] } } },
                "mappings": { "dynamic": "false" },
            },
            "created_date_millis": 1_700_000_000_000_u64,
        });
        let content = TemplateContent::of(&sent);
        assert_eq!(content, TemplateContent::of(&given_back));
        assert_eq!((content.schema(), content.replicas()), (1, Some("0")));
    }

    #[test]
    fn any_other_value_is_a_difference() {
        let body =
            json!({ "priority": 200, "template": { "mappings": { "properties": { "a": { "type": "long" } } } } });
        let content = TemplateContent::of(&body);
        assert_eq!((content.schema(), content.replicas()), (0, None));
        for (pointer, value) in [
            ("/priority", json!(201)),
            ("/template/mappings/properties/a/type", json!("keyword")),
            ("/template/mappings/properties", json!({ "b": { "type": "long" } })),
            ("/template/mappings/properties/a", json!({ "type": "long", "index": false })),
        ] {
            let mut other = body.clone();
            *other.pointer_mut(pointer).unwrap() = value;
            assert_ne!(TemplateContent::of(&other), content, "{pointer}");
        }
        let ordered = |list: Value| TemplateContent::of(&json!({ "composed_of": list }));
        assert_ne!(ordered(json!(["a", "b"])), ordered(json!(["b", "a"])));
    }
}
