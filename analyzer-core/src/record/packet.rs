//! One packet, in packet mode.

use super::ordinal::Ordinal;
use super::{Kind, SCHEMA_VERSION, StreamIdentity, record_fields};
use crate::decode::TcpFlags;
use crate::flow::Direction;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One TCP or UDP packet with the stream and object that it was given to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacketRecord {
    /// The stream it belongs to.
    pub stream: StreamIdentity,
    /// Who sent it.
    pub direction: Direction,
    /// Ordinal in the recording, from 1: Wireshark's frame number on the merged file.
    pub number: u64,
    /// When it was captured.
    pub timestamp: Timestamp,
    /// IP bytes, headers included.
    pub ip_bytes: u64,
    /// All payload, new or not.
    pub payload_bytes: u64,
    /// The part of the payload that was sent before.
    pub retransmitted_bytes: u64,
    /// From the previous packet of this stream and direction.
    pub gap_ns: Option<u64>,
    /// TCP flags; `None` for UDP and later fragments.
    pub tcp_flags: Option<TcpFlags>,
    /// Payload offset in the direction, from the stream's first payload byte; `None` without payload or before it.
    pub payload_offset: Option<u64>,
    /// The object that its last new byte belongs to; `None` without new payload outside an object.
    pub object_index: Option<u64>,
    /// New payload bytes that belong to the object before `object_index`, because the boundary is inside the packet.
    pub previous_object_bytes: u64,
}

record_fields! { PacketRecord, Kind::Packets, |packet, context|
    ordinal: Ordinal::Whole(packet.number);
    "@timestamp": Time = packet.timestamp, "", "Time of the packet";
    "event.kind": Constant("event"), "", "ECS constant";
    "event.category": ConstantList("network"), "", "ECS constant";
    "event.dataset": Constant("sniffit.packet"), "", "Kind of the record";
    "event.start": Time = packet.timestamp, "", "Time of the packet, exact";
    "network.transport": Keyword = packet.stream.transport.as_str(), "", "tcp or udp";
    "network.type": Keyword = packet.stream.network_type(), "", "ipv4 or ipv6";
    "network.direction": Keyword = packet.direction.network_direction(), "", "outbound (up) or inbound (down), seen from the client";
    "network.bytes": Integer = packet.ip_bytes, "byte", "IP bytes, headers included";
    "source.ip": Ip = packet.stream.ends(packet.direction).0.ip, "", "Sender";
    "source.port": Integer = u64::from(packet.stream.ends(packet.direction).0.port), "", "Sender's port";
    "destination.ip": Ip = packet.stream.ends(packet.direction).1.ip, "", "Receiver";
    "destination.port": Integer = u64::from(packet.stream.ends(packet.direction).1.port), "", "Receiver's port";
    "client.ip": Ip = packet.stream.client.ip, "", "The end that asks";
    "client.port": Integer = u64::from(packet.stream.client.port), "", "Its port";
    "server.ip": Ip = packet.stream.server.ip, "", "The end that answers";
    "server.port": Integer = u64::from(packet.stream.server.port), "", "Its port";
    "sniffit.schema": Integer = SCHEMA_VERSION, "", "Version of this schema";
    "sniffit.direction": Keyword = packet.direction.as_str(), "", "up (from the client) or down";
    "sniffit.payload_bytes": Integer = packet.payload_bytes - packet.retransmitted_bytes, "byte", "New payload bytes";
    "sniffit.retransmitted_bytes": Integer = packet.retransmitted_bytes, "byte", "Payload bytes that were sent before";
    "sniffit.stream.id": Id = packet.stream.id, "", "Ordinal in the recording of the stream's first packet";
    "sniffit.object.index": OptionalInteger = packet.object_index, "", "Object that the packet's last new byte belongs to; null without one";
    "sniffit.packet.number": Integer = packet.number, "", "Ordinal in the recording, from 1 (frame number of the merged file)";
    "sniffit.packet.gap": OptionalInteger = packet.gap_ns, "ns", "From the previous packet of this stream and direction; null for the first";
    "sniffit.packet.tcp_flags": OptionalInteger = packet.tcp_flags.map(|flags| u64::from(flags.0)), "", "TCP flag bits (FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128); null for UDP and later fragments";
    "sniffit.method": Keyword = context.method, "", "Method that cut the objects";
    "sniffit.capture.id": Keyword = &context.capture_id, "", "Digest of the packets' order, times and headers";
    "sniffit.capture.name": Text = &context.capture_name, "", "The capture's name";
    "sniffit.analysis.id": Keyword = &context.analysis_id, "", "Digest of capture, method, parameters and schema";
}
