//! The TypeScript declarations of the manifest, which crosses as the JSON of `analysis.json`.
//!
//! The fields repeat those of `analyzer_core::record::AnalysisRecord`, where each is described; a test proves that they
//! are the same. These types hold no data when the module runs.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tsify::Tsify;

/// Declares a structure of the manifest.
macro_rules! declared {
    ($name:ident { $( $field:ident: $type:ty ),* $(,)? }) => {
        #[derive(Serialize, Deserialize, Tsify)]
        #[tsify(missing_as_null, hashmap_as_object)]
        #[serde(deny_unknown_fields)]
        #[allow(dead_code, reason = "declarations for the page")]
        struct $name { $( $field: $type ),* }
    };
}

declared! { Manifest {
    schema: u64,
    tool: String,
    analysis_id: String,
    capture_id: String,
    capture_name: String,
    status: String,
    exact: bool,
    start: Option<String>,
    end: Option<String>,
    method: String,
    methods_by_direction: BTreeMap<String, u64>,
    options: BTreeMap<String, String>,
    inputs: Vec<ManifestInput>,
    counters: ManifestCounters,
    records: BTreeMap<String, u64>,
    client_sources: BTreeMap<String, u64>,
    name_sources: BTreeMap<String, u64>,
    names_left_out: u64,
    evicted_streams: u64,
    reused_tuples: u64,
    directed_streams_exact: bool,
    non_monotonic_timestamps: u64,
    overflowed_holes: u64,
    unmatched_fragments: u64,
    filtered_packets: u64,
    oddities: BTreeMap<String, u64>,
    skips: Vec<ManifestSkip>,
    skipped_blocks: BTreeMap<String, u64>,
    recording: ManifestRecording,
} }

declared! { ManifestRecording { overlaps: u64, longest_gap_ns: u64 } }

declared! { ManifestCounters {
    frames: u64,
    tcp_packets: u64,
    udp_packets: u64,
    other_packets: u64,
    tcp_payload_bytes: u64,
    udp_payload_bytes: u64,
    directed_streams: u64,
    truncated_frames: u64,
    later_fragments: u64,
} }

declared! { ManifestInput {
    name: String,
    bytes: u64,
    frames: u64,
    start: Option<String>,
    end: Option<String>,
    fault: Option<ManifestFault>,
} }

declared! { ManifestFault { offset: u64, reason: String } }

declared! { ManifestSkip { layer: String, reason: String, detail: u32, packets: u64, samples: Vec<u64> } }

#[cfg(test)]
mod tests {
    use super::Manifest;
    use analyzer_core::record::{AnalysisRecord, FaultRecord, InputRecord, Kind, SkipRecord};
    use analyzer_core::{Analyzer, Config, Reading, sink::NullSink};

    #[test]
    fn declarations_have_the_fields_of_the_manifest() {
        let totals = Analyzer::new(Config::default()).expect("the defaults work").finish(&mut NullSink);
        let mut manifest: AnalysisRecord = totals.manifest("sniffit", "name", &Reading::default(), &Kind::ALL);
        let fault = Some(FaultRecord { offset: 1, reason: "r".to_owned() });
        let input = InputRecord { name: "n".to_owned(), bytes: 1, frames: 1, start: None, end: None, fault };
        manifest.inputs.push(input);
        let (layer, reason) = ("link".to_owned(), "r".to_owned());
        manifest.skips.push(SkipRecord { layer, reason, detail: 1, packets: 1, samples: vec![1] });
        let whole = serde_json::to_value(&manifest).expect("plain data");
        let declared: Manifest = serde_json::from_value(whole.clone()).expect("no other field");
        assert_eq!(serde_json::to_value(declared).expect("plain data"), whole, "no field is missing");
    }
}
