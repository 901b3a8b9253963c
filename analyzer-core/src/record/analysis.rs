//! The manifest of an analysis: what was read, how, and what could not be read.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `analysis.json`: one per analysis, written last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnalysisRecord {
    /// Version of the output schema.
    pub schema: u64,
    /// Program and version that made it, e.g. `sniffit 0.1.0`.
    pub tool: String,
    /// Digest of capture, method, parameters and schema.
    pub analysis_id: String,
    /// Digest of the packets' order, times and headers.
    pub capture_id: String,
    /// The capture's name.
    pub capture_name: String,
    /// `complete`, `partial` (a fault ended a file early) or `interrupted`.
    pub status: String,
    /// False when results depend on the limit of live streams (`evicted_streams` > 0).
    pub exact: bool,
    /// First packet's time, RFC 3339; null without packets.
    pub start: Option<String>,
    /// Last packet's time, RFC 3339; null without packets.
    pub end: Option<String>,
    /// The method's name.
    pub method: String,
    /// How many directions ran which method: `exchange` falls back to `exchange-headers` without record headers.
    pub methods_by_direction: BTreeMap<String, u64>,
    /// Every option that can change the results, as text. `pseudonyms`, where addresses are pseudonyms: eight digits that tell keys apart.
    pub options: BTreeMap<String, String>,
    /// The files, in the order in which they were read.
    pub inputs: Vec<InputRecord>,
    /// Totals of the capture.
    pub counters: Counters,
    /// Records written, by kind.
    pub records: BTreeMap<String, u64>,
    /// How the client was told from the server, in streams.
    pub client_sources: BTreeMap<String, u64>,
    /// Where the names of servers come from, in streams.
    pub name_sources: BTreeMap<String, u64>,
    /// How often a name was left out because there were more than 65 536.
    pub names_left_out: u64,
    /// Streams evicted because there were more than `max_flows`.
    pub evicted_streams: u64,
    /// Streams that took the 5-tuple of an earlier one.
    pub reused_tuples: u64,
    /// True when `directed_streams` is exact; beyond two million conversations it is an upper bound.
    pub directed_streams_exact: bool,
    /// Packets stamped before an earlier packet.
    pub non_monotonic_timestamps: u64,
    /// Holes in TCP streams that were given up because a direction had more than four at once.
    pub overflowed_holes: u64,
    /// Later IP fragments whose first fragment was not seen.
    pub unmatched_fragments: u64,
    /// Packets left out by `--protocol`.
    pub filtered_packets: u64,
    /// Records that say something odd but count all the same, by kind.
    pub oddities: BTreeMap<String, u64>,
    /// Packets without TCP or UDP, by layer and reason, with samples.
    pub skips: Vec<SkipRecord>,
    /// pcapng blocks that hold no packet, by type.
    pub skipped_blocks: BTreeMap<String, u64>,
    /// How the files of the recording fit together.
    pub recording: RecordingRecord,
    /// Only where a recording is read in parts (`--state-out`, `--state-in`): which part this is. All else but `records` is of
    /// the recording so far; streams that are still open are in a later part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continuation: Option<ContinuationRecord>,
}

impl AnalysisRecord {
    /// The bytes of `analysis.json`.
    ///
    /// # Errors
    /// None in practice: all keys are text.
    pub fn to_file(&self) -> serde_json::Result<Vec<u8>> {
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        Ok(json)
    }
}

/// How the files of one recording fit together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingRecord {
    /// Files that begin before the previous one ends.
    pub overlaps: u64,
    /// Longest time between the end of a file and the beginning of the next, in ns.
    pub longest_gap_ns: u64,
}

/// Which part of a recording the results are of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContinuationRecord {
    /// Number of the part, from 1.
    pub part: u64,
    /// The recording ends with this part: all streams are ended.
    pub is_last: bool,
    /// Records of earlier parts, by kind.
    pub records_before: BTreeMap<String, u64>,
}

/// The nine counters of a capture. Every packet is in exactly one of the first three packet counters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Packets in the files.
    pub frames: u64,
    /// Packets whose outermost transport header is TCP's and present.
    pub tcp_packets: u64,
    /// Packets whose outermost transport header is UDP's and present.
    pub udp_packets: u64,
    /// All the rest, later fragments included.
    pub other_packets: u64,
    /// TCP payload in bytes on the wire, retransmissions included.
    pub tcp_payload_bytes: u64,
    /// UDP payload in bytes on the wire.
    pub udp_payload_bytes: u64,
    /// Distinct (source, destination, ports, protocol).
    pub directed_streams: u64,
    /// Packets captured shorter than they were on the wire.
    pub truncated_frames: u64,
    /// IP fragments that are not the first of their datagram.
    pub later_fragments: u64,
}

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRecord {
    /// File name without folders, `-` for standard input.
    pub name: String,
    /// Bytes read, after decompression; those before the fault where one ends the reading.
    pub bytes: u64,
    /// Packets read.
    pub frames: u64,
    /// First packet's time, RFC 3339.
    pub start: Option<String>,
    /// Last packet's time, RFC 3339.
    pub end: Option<String>,
    /// What ended the reading early, if anything.
    pub fault: Option<FaultRecord>,
}

/// Why a file could not be read to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRecord {
    /// Byte of the decompressed file at which the fault is.
    pub offset: u64,
    /// What is wrong there.
    pub reason: String,
}

/// Packets without TCP or UDP of one layer and reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkipRecord {
    /// `link`, `network` or `transport`.
    pub layer: String,
    /// What was met there.
    pub reason: String,
    /// The number that goes with it: EtherType, IP protocol, link type.
    pub detail: u32,
    /// How many packets.
    pub packets: u64,
    /// Frame numbers of the first ones.
    pub samples: Vec<u64>,
}
