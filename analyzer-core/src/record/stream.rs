//! One stream, both directions.

use super::ordinal::Ordinal;
use super::{Kind, SCHEMA_VERSION, StreamIdentity, record_fields};
use crate::flow::ClientSource;
use crate::object::EndReason;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A TCP connection or UDP conversation from its first packet to its last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamRecord {
    /// Id and ends.
    pub stream: StreamIdentity,
    /// How the client was told from the server.
    pub client_source: ClientSource,
    /// First packet.
    pub start: Timestamp,
    /// Last packet.
    pub end: Timestamp,
    /// What ended it: `closed`, `idle`, `capture_end` or `evicted`.
    pub end_reason: EndReason,
    /// Round-trip time between the recorder and the client, from the handshake.
    pub client_rtt_ns: Option<u64>,
    /// Round-trip time between the recorder and the server, from the handshake.
    pub server_rtt_ns: Option<u64>,
    /// From the client.
    pub up: DirectionRecord,
    /// From the server.
    pub down: DirectionRecord,
}

/// One direction of a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectionRecord {
    /// IP packets.
    pub packets: u64,
    /// IP bytes, headers included.
    pub ip_bytes: u64,
    /// Packets with payload.
    pub payload_packets: u64,
    /// Payload that was not sent before.
    pub payload_bytes: u64,
    /// Payload that was sent again.
    pub retransmitted_bytes: u64,
    /// Objects cut.
    pub objects: u64,
    /// The rules of the method that could run here: `exchange` falls back to `exchange-headers` without record headers.
    pub records_read: bool,
    /// Size of the objects.
    pub size_bytes: Quantiles,
    /// Gaps between the objects.
    pub gap_ns: Quantiles,
}

/// Three points of a distribution; all `None` when it is empty. The median and the 95th percentile are bin
/// midpoints, at most 1/128 off; the maximum is exact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantiles {
    /// Median.
    pub p50: Option<u64>,
    /// 95th percentile.
    pub p95: Option<u64>,
    /// Greatest value.
    pub max: Option<u64>,
}

impl DirectionRecord {
    const fn method(&self, configured: &'static str) -> &'static str {
        // Only `exchange` has rules that need record headers; the others run the same on every stream.
        if self.records_read || !matches!(configured.as_bytes(), b"exchange") { configured } else { "exchange-headers" }
    }
}

record_fields! { StreamRecord, Kind::Streams, |stream, context|
    ordinal: Ordinal::Whole(stream.stream.id);
    "@timestamp": Time = stream.start, "", "Same as event.start; Kibana's time field";
    "event.kind": Constant("event"), "", "ECS constant";
    "event.category": ConstantList("network"), "", "ECS constant";
    "event.dataset": Constant("sniffit.stream"), "", "Kind of the record";
    "event.start": Time = stream.start, "", "First packet of the stream";
    "event.end": Time = stream.end, "", "Last packet of the stream";
    "event.duration": Integer = stream.end.nanos_since(stream.start), "ns", "event.end − event.start";
    "network.transport": Keyword = stream.stream.transport.as_str(), "", "tcp or udp";
    "network.type": Keyword = stream.stream.network_type(), "", "ipv4 or ipv6";
    "network.community_id": Keyword = context.community_id(&stream.stream).as_str(), "", "Community ID flow hash, version 1, seed 0";
    "network.bytes": Integer = stream.up.ip_bytes + stream.down.ip_bytes, "byte", "IP bytes of both directions, headers included";
    "network.packets": Integer = stream.up.packets + stream.down.packets, "packet", "IP packets of both directions";
    "network.application": OptionalText = context.server(&stream.stream).application, "", "Whose traffic it is, by the table of applications; null when that is not known";
    "source.ip": Ip = stream.stream.client.ip, "", "The client";
    "source.port": Integer = u64::from(stream.stream.client.port), "", "Its port";
    "source.bytes": Integer = stream.up.ip_bytes, "byte", "IP bytes from the client";
    "source.packets": Integer = stream.up.packets, "packet", "IP packets from the client";
    "destination.ip": Ip = stream.stream.server.ip, "", "The server";
    "destination.port": Integer = u64::from(stream.stream.server.port), "", "Its port";
    "destination.bytes": Integer = stream.down.ip_bytes, "byte", "IP bytes from the server";
    "destination.packets": Integer = stream.down.packets, "packet", "IP packets from the server";
    "client.ip": Ip = stream.stream.client.ip, "", "The end that asks";
    "client.port": Integer = u64::from(stream.stream.client.port), "", "Its port";
    "server.ip": Ip = stream.stream.server.ip, "", "The end that answers";
    "server.port": Integer = u64::from(stream.stream.server.port), "", "Its port";
    "server.domain": OptionalText = context.server(&stream.stream).domain, "", "The server's name; null when that is not known";
    "server.registered_domain": OptionalText = context.server(&stream.stream).registered_domain, "", "The part of it that somebody registered, by the public suffix list; null when there is none";
    "sniffit.schema": Integer = SCHEMA_VERSION, "", "Version of this schema";
    "sniffit.name_source": Keyword = context.server(&stream.stream).source.as_str(), "", "Where server.domain comes from: tls_sni, quic_sni, http_host, dns, reverse_dns or none";
    "sniffit.server": Text = context.server_label(&stream.stream).as_str(), "", "server.domain, or server.ip where there is none: what servers are told apart by";
    "sniffit.payload_bytes": Integer = stream.up.payload_bytes + stream.down.payload_bytes, "byte", "New payload bytes of both directions";
    "sniffit.retransmitted_bytes": Integer = stream.up.retransmitted_bytes + stream.down.retransmitted_bytes, "byte", "Payload bytes sent again, both directions";
    "sniffit.span.gte": SpanMillis = stream.start.as_millis(), "ms", "event.start in whole milliseconds since the epoch";
    "sniffit.span.lte": SpanMillis = stream.end.as_millis(), "ms", "event.end in whole milliseconds since the epoch";
    "sniffit.stream.id": Id = stream.stream.id, "", "Ordinal in the recording of the stream's first packet (frame number of the merged file)";
    "sniffit.stream.end_reason": Keyword = stream.end_reason.as_str(), "", "What ended it: closed, idle, capture_end or evicted";
    "sniffit.stream.client_source": Keyword = stream.client_source.as_str(), "", "How the client was found: option (--client), syn (who opened), port (its port alone is 32768 or above), first (who sent first)";
    "sniffit.stream.ech_offered": Boolean = stream.stream.naming.ech_offered, "", "The client offered Encrypted Client Hello, or pretended to: the two look alike";
    "sniffit.stream.cover_name": Boolean = stream.stream.naming.is_cover, "", "The client named a known cover of Encrypted Client Hello; server.domain is the name of an answer before it if there was one, else the cover";
    "sniffit.stream.client_rtt": OptionalInteger = stream.client_rtt_ns, "ns", "Round trip between recorder and client, from the opening packets; null when not seen";
    "sniffit.stream.server_rtt": OptionalInteger = stream.server_rtt_ns, "ns", "Round trip between recorder and server, from the opening packets; null when not seen";
    "sniffit.stream.up.method": Keyword = stream.up.method(context.method), "", "Method that ran on the way up: exchange-headers where record headers were missing";
    "sniffit.stream.up.payload_packets": Integer = stream.up.payload_packets, "packet", "Packets with payload from the client";
    "sniffit.stream.up.payload_bytes": Integer = stream.up.payload_bytes, "byte", "New payload bytes from the client";
    "sniffit.stream.up.retransmitted_bytes": Integer = stream.up.retransmitted_bytes, "byte", "Payload bytes sent again by the client";
    "sniffit.stream.up.objects": Integer = stream.up.objects, "object", "Objects from the client";
    "sniffit.stream.up.size.p50": OptionalInteger = stream.up.size_bytes.p50, "byte", "Median size of its objects, within 1/128; null without objects";
    "sniffit.stream.up.size.p95": OptionalInteger = stream.up.size_bytes.p95, "byte", "95th percentile of their size, within 1/128";
    "sniffit.stream.up.size.max": OptionalInteger = stream.up.size_bytes.max, "byte", "Size of the largest";
    "sniffit.stream.up.gap.p50": OptionalInteger = stream.up.gap_ns.p50, "ns", "Median gap between its objects, within 1/128; null with fewer than two";
    "sniffit.stream.up.gap.p95": OptionalInteger = stream.up.gap_ns.p95, "ns", "95th percentile of the gaps, within 1/128";
    "sniffit.stream.up.gap.max": OptionalInteger = stream.up.gap_ns.max, "ns", "Longest gap";
    "sniffit.stream.down.method": Keyword = stream.down.method(context.method), "", "Method that ran on the way down: exchange-headers where record headers were missing";
    "sniffit.stream.down.payload_packets": Integer = stream.down.payload_packets, "packet", "Packets with payload from the server";
    "sniffit.stream.down.payload_bytes": Integer = stream.down.payload_bytes, "byte", "New payload bytes from the server";
    "sniffit.stream.down.retransmitted_bytes": Integer = stream.down.retransmitted_bytes, "byte", "Payload bytes sent again by the server";
    "sniffit.stream.down.objects": Integer = stream.down.objects, "object", "Objects from the server";
    "sniffit.stream.down.size.p50": OptionalInteger = stream.down.size_bytes.p50, "byte", "Median size of its objects, within 1/128; null without objects";
    "sniffit.stream.down.size.p95": OptionalInteger = stream.down.size_bytes.p95, "byte", "95th percentile of their size, within 1/128";
    "sniffit.stream.down.size.max": OptionalInteger = stream.down.size_bytes.max, "byte", "Size of the largest";
    "sniffit.stream.down.gap.p50": OptionalInteger = stream.down.gap_ns.p50, "ns", "Median gap between its objects, within 1/128; null with fewer than two";
    "sniffit.stream.down.gap.p95": OptionalInteger = stream.down.gap_ns.p95, "ns", "95th percentile of the gaps, within 1/128";
    "sniffit.stream.down.gap.max": OptionalInteger = stream.down.gap_ns.max, "ns", "Longest gap";
    "sniffit.method": Keyword = context.method, "", "Method that cut the objects";
    "sniffit.capture.id": Keyword = &context.capture_id, "", "Digest of the packets' order, times and headers";
    "sniffit.capture.name": Text = &context.capture_name, "", "The capture's name";
    "sniffit.analysis.id": Keyword = &context.analysis_id, "", "Digest of capture, method, parameters and schema";
}
