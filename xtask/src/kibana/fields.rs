//! The fields that panels use, by name and by the type that Lens calls them.
//!
//! In: nothing. Out: constants. Guaranteed (by `checks`): each exists in the records of every dataset that a panel uses
//! it with, and its type in the templates is the one given here.

use analyzer_core::record::Kind;
use analyzer_core::sink::index::Dataset;

pub(super) const OBJECTS: Dataset = Dataset::Records(Kind::Objects);
pub(super) const STREAMS: Dataset = Dataset::Records(Kind::Streams);
pub(super) const BINS: Dataset = Dataset::Records(Kind::Bins);
pub(super) const PACKETS: Dataset = Dataset::Records(Kind::Packets);

/// A field, as Lens wants to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FieldName {
    pub(super) path: &'static str,
    pub(super) lens_type: &'static str,
}

const fn date(path: &'static str) -> FieldName {
    FieldName { path, lens_type: "date" }
}

const fn number(path: &'static str) -> FieldName {
    FieldName { path, lens_type: "number" }
}

const fn text(path: &'static str) -> FieldName {
    FieldName { path, lens_type: "string" }
}

/// What stands for a server wherever panels tell servers apart.
pub(super) const SERVER: FieldName = text("sniffit.server");

pub(super) const TIME: FieldName = date("@timestamp");
pub(super) const START: FieldName = date("event.start");
pub(super) const END: FieldName = date("event.end");
pub(super) const DURATION: FieldName = number("event.duration");
/// From begin to end: a range, which Lens knows nothing of.
pub(super) const SPAN: &str = "sniffit.span";

pub(super) const TRANSPORT: FieldName = text("network.transport");
pub(super) const IP_BYTES: FieldName = number("network.bytes");
pub(super) const DIRECTION: FieldName = text("sniffit.direction");
pub(super) const PAYLOAD: FieldName = number("sniffit.payload_bytes");
pub(super) const RETRANSMITTED: FieldName = number("sniffit.retransmitted_bytes");
pub(super) const STREAM: FieldName = text("sniffit.stream.id");
pub(super) const OBJECT_INDEX: FieldName = number("sniffit.object.index");
pub(super) const GAP: FieldName = number("sniffit.object.gap_before");
pub(super) const RATE: FieldName = number("sniffit.object.rate");
pub(super) const OBJECT_END: FieldName = text("sniffit.object.end_reason");
pub(super) const PACKET_GAP: FieldName = number("sniffit.packet.gap");
pub(super) const METHOD_UP: FieldName = text("sniffit.stream.up.method");
pub(super) const METHOD_DOWN: FieldName = text("sniffit.stream.down.method");
pub(super) const CLIENT_SOURCE: FieldName = text("sniffit.stream.client_source");

pub(super) const METHOD: FieldName = text("sniffit.method");
pub(super) const CAPTURE: FieldName = text("sniffit.capture.name");
pub(super) const ANALYSIS: FieldName = text("sniffit.analysis.id");

pub(super) const STATUS: FieldName = text("sniffit.manifest.status");
pub(super) const EXACT: FieldName = FieldName { path: "sniffit.manifest.exact", lens_type: "boolean" };
pub(super) const TOOL: FieldName = text("sniffit.manifest.tool");
pub(super) const FRAMES: FieldName = number("sniffit.manifest.counters.frames");
pub(super) const OBJECTS_WRITTEN: FieldName = number("sniffit.manifest.records.objects");
/// Message of an annotation.
pub(super) const MESSAGE: &str = "message";

/// What each analysis counted, in the order in which a reader asks: what was there, then what was lost.
pub(super) const COUNTED: [(FieldName, &str); 8] = [
    (FRAMES, "Packets"),
    (number("sniffit.manifest.counters.tcp_packets"), "TCP packets"),
    (number("sniffit.manifest.counters.udp_packets"), "UDP packets"),
    (number("sniffit.manifest.counters.other_packets"), "Other packets"),
    (number("sniffit.manifest.counters.tcp_payload_bytes"), "TCP payload"),
    (number("sniffit.manifest.counters.udp_payload_bytes"), "UDP payload"),
    (number("sniffit.manifest.records.streams"), "Streams"),
    (OBJECTS_WRITTEN, "Objects"),
];

/// Zero in a clean analysis.
pub(super) const LOSSES: [(FieldName, &str); 8] = [
    (number("sniffit.manifest.counters.truncated_frames"), "Truncated packets"),
    (number("sniffit.manifest.counters.later_fragments"), "Later IP fragments"),
    (number("sniffit.manifest.unmatched_fragments"), "Fragments without their first"),
    (number("sniffit.manifest.filtered_packets"), "Filtered packets"),
    (number("sniffit.manifest.evicted_streams"), "Evicted streams"),
    (number("sniffit.manifest.reused_tuples"), "Reused 5-tuples"),
    (number("sniffit.manifest.overflowed_holes"), "Holes given up"),
    (number("sniffit.manifest.non_monotonic_timestamps"), "Times that went back"),
];
