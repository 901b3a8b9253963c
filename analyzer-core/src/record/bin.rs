//! Bytes of one stream and direction in 100 ms.

use super::ordinal::Ordinal;
use super::{Kind, SCHEMA_VERSION, StreamIdentity, record_fields};
use crate::flow::Direction;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What one direction of a stream carried in one tenth of a second. Only bins with packets exist.
///
/// Remarks: unlike objects, bins count every packet of the stream, pure acknowledgments included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BinRecord {
    /// The stream it belongs to.
    pub stream: StreamIdentity,
    /// Who sent.
    pub direction: Direction,
    /// Begin of the bin, a multiple of 100 ms since the epoch.
    pub start: Timestamp,
    /// Payload that was not sent before.
    pub payload_bytes: u64,
    /// Payload that was sent again.
    pub retransmitted_bytes: u64,
    /// IP bytes, headers included.
    pub ip_bytes: u64,
    /// IP packets.
    pub packets: u64,
}

/// Length of a bin.
pub const BIN_NS: i64 = 100_000_000;

impl BinRecord {
    /// Number of the bin since the epoch.
    #[must_use]
    pub const fn number(&self) -> i64 {
        self.start.as_nanos().div_euclid(BIN_NS)
    }
}

record_fields! { BinRecord, Kind::Bins, |bin, context|
    ordinal: Ordinal::InDirection(bin.stream.id, bin.direction, bin.number());
    "@timestamp": Time = bin.start, "", "Begin of the bin, a multiple of 100 ms";
    "event.kind": Constant("metric"), "", "ECS constant";
    "event.category": ConstantList("network"), "", "ECS constant";
    "event.dataset": Constant("sniffit.bin"), "", "Kind of the record";
    "network.transport": Keyword = bin.stream.transport.as_str(), "", "tcp or udp";
    "network.type": Keyword = bin.stream.network_type(), "", "ipv4 or ipv6";
    "network.direction": Keyword = bin.direction.network_direction(), "", "outbound (up) or inbound (down), seen from the client";
    "network.bytes": Integer = bin.ip_bytes, "byte", "IP bytes of every packet of the stream and direction in the bin";
    "network.packets": Integer = bin.packets, "packet", "IP packets, pure acknowledgments included";
    "network.application": OptionalText = context.server(&bin.stream).application, "", "Whose traffic it is, by the table of applications; null when that is not known";
    "client.ip": Ip = bin.stream.client.ip, "", "The end that asks";
    "client.port": Integer = u64::from(bin.stream.client.port), "", "Its port";
    "server.ip": Ip = bin.stream.server.ip, "", "The end that answers";
    "server.port": Integer = u64::from(bin.stream.server.port), "", "Its port";
    "server.domain": OptionalText = context.server(&bin.stream).domain, "", "The server's name; null when that is not known";
    "server.registered_domain": OptionalText = context.server(&bin.stream).registered_domain, "", "The part of it that somebody registered, by the public suffix list; null when there is none";
    "sniffit.schema": Integer = SCHEMA_VERSION, "", "Version of this schema";
    "sniffit.name_source": Keyword = context.server(&bin.stream).source.as_str(), "", "Where server.domain comes from: tls_sni, quic_sni, http_host, dns, reverse_dns or none";
    "sniffit.server": Text = context.server_label(&bin.stream).as_str(), "", "server.domain, or server.ip where there is none: what servers are told apart by";
    "sniffit.direction": Keyword = bin.direction.as_str(), "", "up (from the client) or down";
    "sniffit.payload_bytes": Integer = bin.payload_bytes, "byte", "New payload bytes";
    "sniffit.retransmitted_bytes": Integer = bin.retransmitted_bytes, "byte", "Payload bytes that were sent again";
    "sniffit.stream.id": Id = bin.stream.id, "", "Ordinal in the recording of the stream's first packet";
    "sniffit.capture.id": Keyword = &context.capture_id, "", "Digest of the packets' order, times and headers";
    "sniffit.capture.name": Text = &context.capture_name, "", "The capture's name";
    "sniffit.analysis.id": Keyword = &context.analysis_id, "", "Digest of capture, method, parameters and schema";
}
