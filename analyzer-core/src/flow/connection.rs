//! One connection: both directions of a stream, from its first packet to its last.
//!
//! In: the connection's segments with their direction. Out: objects, bins, packets and, at the end, the stream. Guaranteed:
//! each new payload byte is in exactly one object and one bin; time within a connection never goes back.

use super::key::{ClientSource, Direction, FlowKey};
use super::lane::Lane;
use super::output::Output;
use super::tuples::DirectedTuples;
use super::{Arrival, Rules};
use crate::config::Config;
use crate::decode::{Segment, Transport};
use crate::name::{Finder, Names, Naming, Piece};
use crate::object::exchange::{Cut, Exchange, Link, Payload};
use crate::object::quic;
use crate::object::sequence::{ORIGIN, Placed};
use crate::object::{CutPolicy, EndReason};
use crate::record::{PacketRecord, StreamIdentity, StreamRecord};
use crate::sink::Sink;
use crate::summary::Distributions;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// A round trip is taken for this until it was seen.
const UNKNOWN_LEG_NS: u64 = 50_000_000;
/// After both ends closed, stragglers still belong to the connection for this long (Linux keeps TIME-WAIT as long).
pub(crate) const CLOSED_EXPIRY_NS: u64 = 60_000_000_000;
/// Clients take their ports from here on (Linux and Android from 32 768, the others from 49 152 as RFC 6335 §6 has it);
/// services listen below.
const FIRST_EPHEMERAL_PORT: u16 = 32_768;

/// The state of one connection. What every packet touches comes first, in one cache line: the table is as fast as the
/// memory it touches.
#[derive(Debug, Serialize, Deserialize)]
#[repr(C, align(64))]
pub(crate) struct Connection {
    pub(super) key: FlowKey,
    /// The capture's clock at the last packet.
    last_seen: Timestamp,
    /// Latest packet time; packets stamped earlier count as if at this time.
    end: Timestamp,
    client_is_low: bool,
    is_quic: bool,
    /// In which directions payload may still tell what the server is called.
    seeks_name: [bool; 2],
    /// Reset, or finished by both ends.
    is_closed: bool,
    client_source: ClientSource,
    exchange: Exchange,
    round_trip: RoundTrip,
    lanes: [Lane; 2],
    pub(super) id: u64,
    start: Timestamp,
    /// Thresholds of [up, down] for the gap methods, in ns.
    gap_thresholds_ns: [u64; 2],
    distributions: Distributions,
    naming: Naming,
    finder: Finder,
}

/// A packet of the connection with its place in the stream.
#[derive(Clone, Copy)]
struct Placement<'a> {
    segment: &'a Segment<'a>,
    direction: Direction,
    /// Never before an earlier packet of the connection.
    timestamp: Timestamp,
    /// TCP payload only.
    placed: Option<Placed>,
    new_bytes: u32,
    before: Before,
}

/// How a direction stood before a packet.
#[derive(Clone, Copy)]
struct Before {
    /// One past the highest payload byte seen (TCP).
    high: u64,
    /// The peer had acknowledged everything (always, for UDP).
    is_acknowledged: bool,
}

/// The round trips that the opening packets show: up, down, up.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct RoundTrip {
    /// To the sender of [up, down], in ns.
    leg_ns: [u64; 2],
    /// The last packet that counted.
    mark: Timestamp,
    phase: OpeningPhase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum OpeningPhase {
    AwaitsUp,
    AwaitsDown,
    AwaitsSecondUp,
    Complete,
}

impl RoundTrip {
    const UNKNOWN: Self = Self { leg_ns: [UNKNOWN_LEG_NS; 2], mark: Timestamp::MIN, phase: OpeningPhase::AwaitsUp };

    #[inline]
    fn observe(&mut self, direction: Direction, timestamp: Timestamp) {
        use OpeningPhase::{AwaitsDown, AwaitsSecondUp, AwaitsUp, Complete};
        self.phase = match (self.phase, direction) {
            (AwaitsUp, Direction::Up) => AwaitsDown,
            (AwaitsDown, Direction::Down) => {
                self.leg_ns[Direction::Down.index()] = timestamp.nanos_since(self.mark);
                AwaitsSecondUp
            }
            (AwaitsSecondUp, Direction::Up) => {
                self.leg_ns[Direction::Up.index()] = timestamp.nanos_since(self.mark);
                Complete
            }
            _ => return,
        };
        self.mark = timestamp;
    }

    fn server_ns(&self) -> Option<u64> {
        (self.phase >= OpeningPhase::AwaitsSecondUp).then_some(self.leg_ns[Direction::Down.index()])
    }

    fn client_ns(&self) -> Option<u64> {
        (self.phase == OpeningPhase::Complete).then_some(self.leg_ns[Direction::Up.index()])
    }
}

impl Connection {
    /// The connection that a packet begins.
    pub(super) fn open(arrival: &Arrival<'_>, rules: &Rules, names: &Names) -> Self {
        let segment = arrival.segment;
        let (source_is_client, client_source) = find_client(segment, &rules.config);
        let mut connection = Self {
            key: arrival.key,
            last_seen: arrival.clock,
            id: arrival.number,
            client_is_low: source_is_client == arrival.source_is_low,
            client_source,
            is_quic: false,
            is_closed: false,
            round_trip: RoundTrip::UNKNOWN,
            start: segment.timestamp,
            end: segment.timestamp,
            gap_thresholds_ns: rules.policy.thresholds_ns(arrival.number),
            lanes: Default::default(),
            exchange: Exchange::new(matches!(rules.policy, CutPolicy::Exchange { reads_records: true })),
            distributions: Distributions::default(),
            seeks_name: [rules.wants_names(); 2],
            naming: Naming::NONE,
            finder: Finder::default(),
        };
        let StreamIdentity { client, server, .. } = connection.identity();
        connection.naming = names.of_addresses(client.ip, server.ip);
        connection
    }

    /// Id, ends and name.
    pub(super) fn identity(&self) -> StreamIdentity {
        let (low, high) = self.key.ends();
        let (client, server) = if self.client_is_low { (low, high) } else { (high, low) };
        StreamIdentity { id: self.id, transport: self.key.transport(), client, server, naming: self.naming }
    }

    /// Which direction a packet has whose source is the lower end or not.
    pub(super) const fn direction(&self, source_is_low: bool) -> Direction {
        if source_is_low == self.client_is_low { Direction::Up } else { Direction::Down }
    }

    /// Whether the connection ended by its own silence before `clock`.
    #[inline]
    pub(super) fn is_expired(&self, clock: Timestamp, rules: &Rules) -> bool {
        let silent_ns = clock.nanos_since(self.last_seen);
        // Cheap for a packet of a live connection, which is nearly every one.
        silent_ns > CLOSED_EXPIRY_NS.min(rules.shortest_expiry_ns())
            && silent_ns > if self.is_closed { CLOSED_EXPIRY_NS } else { rules.expiry_ns(self.key.transport()) }
    }

    /// The capture's clock at the last packet.
    pub(super) const fn last_seen(&self) -> Timestamp {
        self.last_seen
    }

    /// Whether a segment opens another connection on the same 5-tuple: a SYN after the end, or one that does not
    /// repeat this connection's own.
    pub(super) fn is_reopened_by(&self, arrival: &Arrival<'_>) -> bool {
        let Some(tcp) = arrival.segment.tcp.filter(|tcp| tcp.flags.syn() && !tcp.flags.ack()) else {
            return false;
        };
        self.is_closed
            || self.lanes[self.direction(arrival.source_is_low).index()].sequence.is_other_opening(tcp.sequence)
    }

    /// Takes one segment of the connection.
    #[inline]
    pub(super) fn take<S: Sink>(&mut self, arrival: &Arrival<'_>, rules: &Rules, output: &mut Output<'_, S>) {
        let segment = arrival.segment;
        let direction = self.direction(arrival.source_is_low);
        self.last_seen = arrival.clock;
        let at = direction.index();
        let timestamp = segment.timestamp.max(self.end);
        self.end = timestamp;
        self.round_trip.observe(direction, timestamp);
        let (placed, before) = self.follow_tcp(at, segment);
        let payload_bytes = segment.payload_bytes;
        let new_bytes = placed.map_or(payload_bytes, |placed| placed.new_bytes);
        let gap_ns = if rules.config.packets { self.lanes[at].packet_gap_ns(timestamp) } else { None };
        if self.seeks_name[at] && payload_bytes > 0 {
            self.seek_name(at, segment, placed, output.names);
        }
        if let Some((start, volume)) = self.lanes[at].count(timestamp, segment, new_bytes) {
            output.bin(&volume.into_bin(self.identity(), direction, start));
        }
        let packet = Placement { segment, direction, timestamp, placed, new_bytes, before };
        let mut cut = Cut::None;
        if payload_bytes > 0 {
            if !self.is_quic && segment.transport == Transport::Udp {
                self.is_quic = quic::looks_like_quic([segment.source_port, segment.destination_port], segment.payload);
            }
            if new_bytes > 0 {
                cut = self.decide(&packet, rules);
                self.add_to_object(&packet, cut, output);
            } else {
                let threshold_ns = self.gap_threshold_ns(at, &rules.policy);
                self.lanes[at].repeat(timestamp, segment, threshold_ns);
            }
            if let Some(gap_ns) = self.lanes[at].saw_payload(timestamp) {
                output.payload_gap(direction, segment.transport, gap_ns);
            }
        }
        if let Some(tcp) = segment.tcp.filter(|tcp| tcp.flags.fin() || tcp.flags.rst()) {
            // After the payload was judged, because a FIN may come with the last bytes.
            self.lanes[at].is_finished |= tcp.flags.fin();
            self.is_closed |= tcp.flags.rst() || self.lanes[1 - at].is_finished && self.lanes[at].is_finished;
        }
        if rules.config.packets {
            let lane = &self.lanes[at];
            output.packet(&PacketRecord {
                stream: self.identity(),
                direction,
                number: arrival.number,
                timestamp: segment.timestamp,
                ip_bytes: u64::from(segment.ip_bytes),
                payload_bytes: u64::from(payload_bytes),
                retransmitted_bytes: u64::from(payload_bytes - new_bytes),
                gap_ns,
                tcp_flags: segment.tcp.filter(|_| !segment.later_fragment).map(|tcp| tcp.flags),
                payload_offset: placed
                    .and_then(|placed| placed.start.checked_sub(ORIGIN))
                    .filter(|_| payload_bytes > 0),
                object_index: lane.open_index().filter(|_| new_bytes > 0),
                previous_object_bytes: bytes_before_boundary(cut, &packet),
            });
        }
    }

    /// Sequence and acknowledgment numbers: where the payload stands, for TCP, and how the direction stood before it.
    #[inline(always)]
    fn follow_tcp(&mut self, at: usize, segment: &Segment<'_>) -> (Option<Placed>, Before) {
        let Some(tcp) = segment.tcp else { return (None, Before { high: 0, is_acknowledged: true }) };
        let is_syn = tcp.flags.syn();
        self.lanes[at].is_from_start |= is_syn;
        self.lanes[at].sequence.start(tcp.sequence, is_syn);
        if tcp.flags.ack() {
            self.lanes[1 - at].sequence.acknowledge(tcp.acknowledgment);
        }
        let sequence = &mut self.lanes[at].sequence;
        let before = Before { high: sequence.high(), is_acknowledged: sequence.is_all_acknowledged() };
        if segment.payload_bytes == 0 {
            return (None, before);
        }
        let first_byte = if is_syn { tcp.sequence.wrapping_add(1) } else { tcp.sequence };
        (Some(sequence.place(first_byte, segment.payload_bytes)), before)
    }

    /// Before anything is emitted for the packet, so that what comes with it is already named.
    #[cold]
    fn seek_name(&mut self, at: usize, segment: &Segment<'_>, placed: Option<Placed>, names: &mut Names) {
        // What came before the first packet that was seen is no beginning.
        let Some(offset) = placed.map_or(Some(0), |placed| placed.start.checked_sub(ORIGIN)) else { return };
        let client = self.identity().client.ip;
        self.finder.take(&Piece { segment, at, offset }, client, &mut self.naming, names);
        self.seeks_name = [self.finder.wants(0), self.finder.wants(1)];
    }

    fn link(&self) -> Link {
        Link { is_tcp: self.key.transport() == Transport::Tcp, is_quic: self.is_quic, leg_ns: self.round_trip.leg_ns }
    }

    fn gap_threshold_ns(&self, at: usize, policy: &CutPolicy) -> u64 {
        match policy {
            CutPolicy::Rtt { per_mille } => {
                let [client_ns, server_ns] = self.round_trip.leg_ns;
                let round_trips_ns = (client_ns + server_ns).saturating_mul(u64::from(*per_mille)) / 1000;
                round_trips_ns.max(UNKNOWN_LEG_NS)
            }
            _ => self.gap_thresholds_ns[at],
        }
    }

    #[inline(always)]
    fn decide(&mut self, packet: &Placement<'_>, rules: &Rules) -> Cut {
        let Placement { segment, direction, timestamp, placed, before, .. } = *packet;
        let at = direction.index();
        if !matches!(rules.policy, CutPolicy::Exchange { .. }) {
            let threshold_ns = self.gap_threshold_ns(at, &rules.policy);
            return if self.lanes[at].exceeds_gap(timestamp, threshold_ns) {
                Cut::Before(EndReason::Gap)
            } else {
                Cut::None
            };
        }
        let link = self.link();
        let (lane, peer) = (&self.lanes[at], &self.lanes[1 - at]);
        let start = placed.map_or(0, |placed| placed.start);
        let payload = Payload {
            direction,
            timestamp,
            payload_bytes: segment.payload_bytes,
            start,
            advances: placed.is_some() && start + u64::from(segment.payload_bytes) > before.high,
            captured: segment.payload,
            is_acknowledged: before.is_acknowledged,
            last_payload: [self.lanes[0].last_payload(), self.lanes[1].last_payload()],
            answers_all: segment.tcp.is_none_or(|tcp| !tcp.flags.ack() || peer.sequence.covers(tcp.acknowledgment)),
            open_bytes: lane.open_bytes(),
            objects: lane.objects(),
            from_start: [self.lanes[0].is_from_start, self.lanes[1].is_from_start],
        };
        self.exchange.advance(&rules.config.exchange, &link, &payload)
    }

    /// Gives a packet's new payload to the open object, after the cut that it makes.
    fn add_to_object<S: Sink>(&mut self, packet: &Placement<'_>, cut: Cut, output: &mut Output<'_, S>) {
        let Placement { segment, direction, timestamp, new_bytes, .. } = *packet;
        let at = direction.index();
        let given_bytes = bytes_before_boundary(cut, packet);
        if let Cut::Before(reason) | Cut::At(_, reason) = cut {
            if given_bytes > 0 {
                self.lanes[at].add_tail(timestamp, given_bytes);
            }
            self.end_object(direction, reason, output);
        }
        self.lanes[at].add(timestamp, segment, u64::from(new_bytes), given_bytes);
    }

    fn end_object<S: Sink>(&mut self, direction: Direction, reason: EndReason, output: &mut Output<'_, S>) {
        let multiplexed = self.exchange.is_multiplexed(direction, &self.link());
        let identity = self.identity();
        if let Some(object) = self.lanes[direction.index()].end_object(identity, direction, reason, multiplexed) {
            self.distributions.add(direction, &object);
            output.object(&object);
        }
    }

    /// Notes which ends have sent.
    pub(super) fn note_tuples(&self, tuples: &mut DirectedTuples) {
        let sent = Direction::BOTH.map(|direction| self.lanes[direction.index()].is_started());
        let [low_sent, high_sent] = if self.client_is_low { sent } else { [sent[1], sent[0]] };
        tuples.insert(self.key, low_sent, high_sent);
    }

    /// Ends the connection: its open objects and bins, then the stream itself.
    pub(super) fn finish<S: Sink>(
        &mut self,
        reason: EndReason,
        clock: Timestamp,
        rules: &Rules,
        output: &mut Output<'_, S>,
    ) {
        let reason = if self.is_closed && reason != EndReason::Evicted { EndReason::Closed } else { reason };
        if self.seeks_name.contains(&true) {
            self.finder.finish(&mut self.naming, output.names);
        }
        let identity = self.identity();
        for direction in Direction::BOTH {
            let silent_ns = clock.nanos_since(self.lanes[direction.index()].last_payload());
            // Where rule I would have ended the object anyway, the end of the capture did not.
            let is_idle =
                reason == EndReason::CaptureEnd && silent_ns > Exchange::idle_ns(&rules.config.exchange, &self.link());
            self.end_object(direction, if is_idle { EndReason::Idle } else { reason }, output);
            if let Some((start, volume)) = self.lanes[direction.index()].flush_bin() {
                output.bin(&volume.into_bin(identity, direction, start));
            }
        }
        if matches!(rules.policy, CutPolicy::MeasureGaps) {
            let means = Direction::BOTH.map(|direction| self.lanes[direction.index()].mean_gap_ns());
            output.measured_gaps(self.id, means);
            return;
        }
        let [up, down] = Direction::BOTH.map(|direction| {
            let records_read = identity.transport == Transport::Udp || self.exchange.reads_records(direction);
            self.lanes[direction.index()].record(records_read)
        });
        self.note_tuples(&mut output.emitted.tuples);
        output.stream(
            StreamRecord {
                stream: identity,
                client_source: self.client_source,
                start: self.start,
                end: self.end,
                end_reason: reason,
                client_rtt_ns: self.round_trip.client_ns(),
                server_rtt_ns: self.round_trip.server_ns(),
                up,
                down,
            },
            &self.distributions,
            self.lanes.iter().map(|lane| lane.sequence.overflowed_holes()).sum(),
        );
    }
}

/// How many of a packet's new bytes stand before the boundary inside it.
fn bytes_before_boundary(cut: Cut, packet: &Placement<'_>) -> u64 {
    match (cut, packet.placed) {
        (Cut::At(position, _), Some(placed)) => {
            let end = placed.start + u64::from(packet.segment.payload_bytes);
            // All that is beyond the highest byte seen before is new; some of the rest may be repeated.
            let after = end.saturating_sub(position.max(packet.before.high));
            u64::from(packet.new_bytes).saturating_sub(after)
        }
        _ => 0,
    }
}

/// Whether the source of a connection's first segment is the client, and how that was found.
fn find_client(segment: &Segment<'_>, config: &Config) -> (bool, ClientSource) {
    let is_named = |ip: IpAddr| config.clients.iter().any(|network| network.contains(ip));
    let (source, destination) = (is_named(segment.addresses.source()), is_named(segment.addresses.destination()));
    if source != destination {
        return (source, ClientSource::Option);
    }
    match segment.tcp {
        Some(tcp) if tcp.flags.syn() => (!tcp.flags.ack(), ClientSource::Syn),
        _ => match [segment.source_port, segment.destination_port].map(|port| port < FIRST_EPHEMERAL_PORT) {
            [true, false] => (false, ClientSource::Port),
            [false, true] => (true, ClientSource::Port),
            _ => (true, ClientSource::First),
        },
    }
}
