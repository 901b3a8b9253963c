//! The manifest of an analysis as a document of Elasticsearch.
//!
//! In: [`AnalysisRecord`]. Out: one line of JSON: the fields that all kinds share, so that one filter finds everything of
//! an analysis, and the manifest as it stands in `analysis.json`. Guaranteed: made of the capture and the options alone,
//! so that posting it again changes nothing.

use super::AnalysisRecord;
use crate::time::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

impl AnalysisRecord {
    /// The document, ended by a line feed. Its name is the analysis' id.
    #[must_use]
    pub fn to_document(&self) -> Vec<u8> {
        // An empty capture has neither begin nor end.
        let span = self.start.as_deref().zip(self.end.as_deref());
        let times = span.and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)));
        let document = Document {
            timestamp: span.map(|(start, _)| start),
            event: Event {
                category: ["network"],
                dataset: "sniffit.analysis",
                duration: times.map(|(start, end): (Timestamp, Timestamp)| end.nanos_since(start)),
                end: span.map(|(_, end)| end),
                kind: "metric",
                start: span.map(|(start, _)| start),
            },
            sniffit: Sniffit {
                analysis: Named { id: &self.analysis_id, name: None },
                capture: Named { id: &self.capture_id, name: Some(&self.capture_name) },
                manifest: self,
                method: &self.method,
                schema: self.schema,
            },
        };
        // Texts and numbers can always be written.
        let mut line = serde_json::to_vec(&document).unwrap_or_default();
        line.push(b'\n');
        line
    }

    /// The types of the document's own fields for Elasticsearch: those of the manifest that are worth asking for. All
    /// others are kept as they are and can't be searched.
    #[must_use]
    pub fn mapping() -> Value {
        let long = json!({ "type": "long" });
        let keyword = json!({ "type": "keyword" });
        let counters = match json!(super::Counters::default()) {
            Value::Object(counters) => counters.into_iter().map(|(name, _)| (name, long.clone())).collect(),
            _ => serde_json::Map::new(),
        };
        json!({
            "dynamic": false,
            "properties": {
                "tool": keyword,
                "status": keyword,
                "exact": { "type": "boolean" },
                "counters": { "properties": counters },
                "records": {
                    "properties": { "objects": long, "streams": long, "bins": long, "packets": long },
                },
                "evicted_streams": long,
                "reused_tuples": long,
                "non_monotonic_timestamps": long,
                "overflowed_holes": long,
                "unmatched_fragments": long,
                "filtered_packets": long,
            },
        })
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "@timestamp", skip_serializing_if = "Option::is_none")]
    timestamp: Option<&'a str>,
    event: Event<'a>,
    sniffit: Sniffit<'a>,
}

#[derive(Serialize)]
struct Event<'a> {
    category: [&'static str; 1],
    dataset: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<&'a str>,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<&'a str>,
}

#[derive(Serialize)]
struct Sniffit<'a> {
    analysis: Named<'a>,
    capture: Named<'a>,
    manifest: &'a AnalysisRecord,
    method: &'a str,
    schema: u64,
}

#[derive(Serialize)]
struct Named<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}
