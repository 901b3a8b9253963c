//! What a user noted at an instant: "video opened", "scrolled".
//!
//! In: a time, a text and labels. Out: a document of Elasticsearch and its name. Guaranteed: the name is a digest of the
//! document, so that noting the same twice leaves one.

use super::SCHEMA_VERSION;
use crate::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use twox_hash::XxHash3_128;

/// A mark on the axis of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// When it happened, by the clock that stamped the packets.
    pub timestamp: Timestamp,
    /// What happened.
    pub message: String,
    /// Names and values to filter by, such as `app` and `youtube`.
    pub labels: BTreeMap<String, String>,
}

impl Annotation {
    /// The document, ended by a line feed.
    #[must_use]
    pub fn to_document(&self) -> Vec<u8> {
        let document = Document {
            timestamp: self.timestamp.to_string(),
            event: Event { kind: "event", dataset: "sniffit.annotation" },
            message: &self.message,
            labels: &self.labels,
            sniffit: Sniffit { schema: SCHEMA_VERSION },
        };
        // Texts, a number and a map with textual keys can always be written.
        let mut line = serde_json::to_vec(&document).unwrap_or_default();
        line.push(b'\n');
        line
    }

    /// The document's name: 32 hexadecimal digits.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{:032x}", XxHash3_128::oneshot(&self.to_document()))
    }
}

/// The document's shape, field by field in this order, because its digest is its name.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "@timestamp")]
    timestamp: String,
    event: Event,
    message: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: &'a BTreeMap<String, String>,
    sniffit: Sniffit,
}

#[derive(Serialize)]
struct Event {
    kind: &'static str,
    dataset: &'static str,
}

#[derive(Serialize)]
struct Sniffit {
    schema: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_mark_has_the_same_name() {
        let labels = BTreeMap::from([("app".to_owned(), "\"video\"".to_owned())]);
        let mark = |nanos, labels: &BTreeMap<_, _>| Annotation {
            timestamp: Timestamp::from_nanos(nanos),
            message: "opened".to_owned(),
            labels: labels.clone(),
        };
        let document = String::from_utf8(mark(1, &labels).to_document()).unwrap();
        assert_eq!(
            document,
            "{\"@timestamp\":\"1970-01-01T00:00:00.000000001Z\",\
             \"event\":{\"kind\":\"event\",\"dataset\":\"sniffit.annotation\"},\
             \"message\":\"opened\",\"labels\":{\"app\":\"\\\"video\\\"\"},\"sniffit\":{\"schema\":1}}\n"
        );
        assert_eq!(mark(1, &labels).name(), mark(1, &labels).name());
        assert_eq!(mark(1, &labels).name().len(), 32);
        assert_ne!(mark(1, &labels).name(), mark(2, &labels).name());
        assert_ne!(mark(1, &labels).name(), mark(1, &BTreeMap::new()).name());
    }
}
