//! The manifest of an analysis as a document of Elasticsearch.
//!
//! In: [`AnalysisRecord`]. Out: one line of JSON: the fields that all kinds share, so that one filter finds everything of
//! an analysis, and the manifest as it stands in `analysis.json`. Guaranteed: made of the capture and the options alone,
//! so that posting it again changes nothing.

use super::AnalysisRecord;
use crate::time::Timestamp;
use serde_json::{Value, json};

impl AnalysisRecord {
    /// The document, ended by a line feed. Its name is the analysis' id.
    #[must_use]
    pub fn to_document(&self) -> Vec<u8> {
        let mut event = json!({ "kind": "metric", "category": ["network"], "dataset": "sniffit.analysis" });
        let mut document = json!({
            "sniffit": {
                "schema": self.schema,
                "method": self.method,
                "capture": { "id": self.capture_id, "name": self.capture_name },
                "analysis": { "id": self.analysis_id },
                "manifest": self,
            },
        });
        // An empty capture has neither begin nor end.
        if let (Some(start), Some(end)) = (&self.start, &self.end) {
            document["@timestamp"] = json!(start);
            event["start"] = json!(start);
            event["end"] = json!(end);
            if let (Ok(start), Ok(end)) = (start.parse::<Timestamp>(), end.parse::<Timestamp>()) {
                event["duration"] = json!(end.nanos_since(start));
            }
        }
        document["event"] = event;
        let mut line = document.to_string().into_bytes();
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
