//! One exchanged object.

use super::ordinal::Ordinal;
use super::{Kind, SCHEMA_VERSION, StreamIdentity, record_fields};
use crate::flow::Direction;
use crate::object::EndReason;
use crate::time::{NANOS_PER_SECOND, Timestamp};
use serde::{Deserialize, Serialize};

/// An exchanged object: a burst of one direction of a stream, taken for one application data unit.
///
/// Remarks: interleaved HTTP/2 and HTTP/3 responses can't be told apart; such an object has `multiplexed` set and
/// stands for one object or more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectRecord {
    /// The stream it belongs to.
    pub stream: StreamIdentity,
    /// Who sent it.
    pub direction: Direction,
    /// Number of the object in its stream and direction, from 0.
    pub index: u64,
    /// First packet that carries a new byte of it.
    pub start: Timestamp,
    /// Last packet that carries a new byte of it.
    pub end: Timestamp,
    /// Payload that was not sent before.
    pub payload_bytes: u64,
    /// Payload sent again while the object was open.
    pub retransmitted_bytes: u64,
    /// IP bytes of its packets, headers included.
    pub ip_bytes: u64,
    /// Packets with payload. A packet with a boundary inside counts for the later object.
    pub packets: u64,
    /// From the end of the previous object of this direction to the start of this one.
    pub gap_before_ns: Option<u64>,
    /// What ended it.
    pub end_reason: EndReason,
    /// Responses are known to interleave: one object or more.
    pub multiplexed: bool,
}

impl ObjectRecord {
    /// Mean rate of the payload in bit/s; none when the first packet is the last.
    #[must_use]
    pub fn rate_bps(&self) -> Option<u64> {
        let bits_per_second = u128::from(self.payload_bytes) * 8 * NANOS_PER_SECOND as u128;
        let rate = bits_per_second.checked_div(u128::from(self.end.nanos_since(self.start)))?;
        Some(rate.min(i64::MAX as u128) as u64)
    }
}

record_fields! { ObjectRecord, Kind::Objects, |object, context|
    ordinal: Ordinal::InDirection(object.stream.id, object.direction, object.index as i64);
    "@timestamp": Time = object.start, "", "Same as event.start; Kibana's time field";
    "event.kind": Constant("event"), "", "ECS constant";
    "event.category": ConstantList("network"), "", "ECS constant";
    "event.dataset": Constant("sniffit.object"), "", "Kind of the record";
    "event.start": Time = object.start, "", "First packet that carries a new byte of the object";
    "event.end": Time = object.end, "", "Last packet that carries a new byte of the object";
    "event.duration": Integer = object.end.nanos_since(object.start), "ns", "event.end − event.start";
    "network.transport": Keyword = object.stream.transport.as_str(), "", "tcp or udp";
    "network.type": Keyword = object.stream.network_type(), "", "ipv4 or ipv6";
    "network.community_id": Keyword = context.community_id(&object.stream).as_str(), "", "Community ID flow hash, version 1, seed 0";
    "network.direction": Keyword = object.direction.network_direction(), "", "outbound (up) or inbound (down), seen from the client";
    "network.bytes": Integer = object.ip_bytes, "byte", "IP bytes of the object's packets, headers included";
    "network.packets": Integer = object.packets, "packet", "Packets with payload; one with a boundary inside counts for the later object";
    "network.application": OptionalText = context.server(&object.stream).application, "", "Whose traffic it is, by the table of applications; null when that is not known";
    "source.ip": Ip = object.stream.ends(object.direction).0.ip, "", "Sender";
    "source.port": Integer = u64::from(object.stream.ends(object.direction).0.port), "", "Sender's port";
    "destination.ip": Ip = object.stream.ends(object.direction).1.ip, "", "Receiver";
    "destination.port": Integer = u64::from(object.stream.ends(object.direction).1.port), "", "Receiver's port";
    "client.ip": Ip = object.stream.client.ip, "", "The end that asks";
    "client.port": Integer = u64::from(object.stream.client.port), "", "Its port";
    "server.ip": Ip = object.stream.server.ip, "", "The end that answers";
    "server.port": Integer = u64::from(object.stream.server.port), "", "Its port";
    "server.domain": OptionalText = context.server(&object.stream).domain, "", "The server's name; null when that is not known";
    "server.registered_domain": OptionalText = context.server(&object.stream).registered_domain, "", "The part of it that somebody registered, by the public suffix list; null when there is none";
    "sniffit.schema": Integer = SCHEMA_VERSION, "", "Version of this schema";
    "sniffit.name_source": Keyword = context.server(&object.stream).source.as_str(), "", "Where server.domain comes from: tls_sni, quic_sni, http_host, dns, reverse_dns or none";
    "sniffit.server": Text = context.server_label(&object.stream).as_str(), "", "server.domain, or server.ip where there is none: what servers are told apart by";
    "sniffit.direction": Keyword = object.direction.as_str(), "", "up (from the client) or down";
    "sniffit.payload_bytes": Integer = object.payload_bytes, "byte", "New payload bytes: retransmissions are not in it";
    "sniffit.retransmitted_bytes": Integer = object.retransmitted_bytes, "byte", "Payload bytes sent again while the object was open";
    "sniffit.span.gte": SpanMillis = object.start.as_millis(), "ms", "event.start in whole milliseconds since the epoch";
    "sniffit.span.lte": SpanMillis = object.end.as_millis(), "ms", "event.end in whole milliseconds since the epoch";
    "sniffit.stream.id": Id = object.stream.id, "", "Ordinal in the recording of the stream's first packet (frame number of the merged file)";
    "sniffit.object.index": Integer = object.index, "", "Number of the object in its stream and direction, from 0";
    "sniffit.object.gap_before": OptionalInteger = object.gap_before_ns, "ns", "From the previous object's end in this direction to event.start; null for the first";
    "sniffit.object.rate": OptionalInteger = object.rate_bps(), "bit/s", "Payload over event.duration; null when that is 0";
    "sniffit.object.end_reason": Keyword = object.end_reason.as_str(), "", "What ended it: reply, idle, push, record, request, gap, closed, capture_end or evicted";
    "sniffit.object.multiplexed": Boolean = object.multiplexed, "", "Responses are known to interleave on this stream: one object or more";
    "sniffit.method": Keyword = context.method, "", "Method that cut the objects";
    "sniffit.capture.id": Keyword = &context.capture_id, "", "Digest of the packets' order, times and headers";
    "sniffit.capture.name": Text = &context.capture_name, "", "The capture's name";
    "sniffit.analysis.id": Keyword = &context.analysis_id, "", "Digest of capture, method, parameters and schema";
}
