//! One TCP connection as the analysis follows it, but for objects.
//!
//! In: the connection's segments. Out: which bytes of their payload a record walker reads, and which belong to the
//! ClientHello. Guaranteed: the walker finds the same in what is kept as in the whole, because it is the analysis's own
//! and stands where that one stands; state of constant size.

use super::hello::Hello;
use super::payload::KeptPayload;
use crate::decode::{Segment, TcpInfo};
use crate::flow::{CLOSED_EXPIRY_NS, FlowKey};
use crate::object::records::{RecordWalker, TlsRecord, may_begin_records};
use crate::object::sequence::Frontier;
use crate::time::Timestamp;

/// Silence that ends a connection in the analysis, unless `tcp_expiry` is chosen otherwise.
const EXPIRY_NS: u64 = 300_000_000_000;

/// The state of one connection. A direction is that of the lower end, or of the higher one.
#[derive(Debug, Clone)]
pub(super) struct Stream {
    pub(super) key: FlowKey,
    last_seen: Timestamp,
    lanes: [Lane; 2],
    /// Of the direction that opened the connection.
    hello: Hello,
    opener: u8,
    records: Records,
    is_closed: bool,
}

#[derive(Debug, Clone)]
struct Lane {
    frontier: Frontier,
    walker: RecordWalker,
    is_from_start: bool,
    is_finished: bool,
}

/// Whether the walkers run; as in the analysis, the first payload decides for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Records {
    Undecided,
    Off,
    On,
}

impl Stream {
    /// A connection of which nothing was seen yet.
    pub(super) fn new(key: FlowKey, reads_records: bool) -> Self {
        let lane = Lane {
            frontier: Frontier::default(),
            walker: RecordWalker::new(false),
            is_from_start: false,
            is_finished: false,
        };
        Self {
            key,
            last_seen: Timestamp::MIN,
            lanes: [lane.clone(), lane],
            hello: Hello::default(),
            opener: 0,
            records: if reads_records { Records::Undecided } else { Records::Off },
            is_closed: false,
        }
    }

    /// The capture's clock at the last packet.
    pub(super) const fn last_seen(&self) -> Timestamp {
        self.last_seen
    }

    /// Whether both ends closed it, or one reset it.
    pub(super) const fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Whether it ended by its own silence.
    #[inline]
    pub(super) fn is_expired(&self, clock: Timestamp) -> bool {
        let silent_ns = clock.nanos_since(self.last_seen);
        silent_ns > CLOSED_EXPIRY_NS && (self.is_closed || silent_ns > EXPIRY_NS)
    }

    /// Whether a segment opens another connection between the same ends.
    #[inline]
    pub(super) fn is_reopened_by(&self, tcp: &TcpInfo, source_is_low: bool) -> bool {
        tcp.flags.syn()
            && !tcp.flags.ack()
            && (self.is_closed || self.lanes[usize::from(source_is_low)].frontier.is_other_opening(tcp.sequence))
    }

    /// Takes the next segment and keeps of its payload what is to be kept.
    #[inline]
    pub(super) fn take(
        &mut self,
        clock: Timestamp,
        segment: &Segment<'_>,
        tcp: &TcpInfo,
        source_is_low: bool,
        payload: &mut KeptPayload<'_, '_>,
    ) {
        self.last_seen = clock;
        let at = usize::from(source_is_low);
        let is_syn = tcp.flags.syn();
        self.lanes[at].is_from_start |= is_syn;
        if self.lanes[at].frontier.start(tcp.sequence, is_syn) && is_syn && !tcp.flags.ack() {
            self.hello = Hello::expected();
            self.opener = at as u8; // 0 or 1
        }
        if segment.payload_bytes > 0 {
            let first_byte = if is_syn { tcp.sequence.wrapping_add(1) } else { tcp.sequence };
            self.payload(at, first_byte, segment.payload_bytes, payload);
        }
        if tcp.flags.0 & (FIN | RST) != 0 {
            self.lanes[at].is_finished |= tcp.flags.fin();
            self.is_closed |= tcp.flags.rst() || self.lanes.iter().all(|lane| lane.is_finished);
        }
    }

    #[inline]
    fn payload(&mut self, at: usize, first_byte: u32, payload_bytes: u32, payload: &mut KeptPayload<'_, '_>) {
        let from_start = [self.lanes[0].is_from_start, self.lanes[1].is_from_start];
        let lane = &mut self.lanes[at];
        let start = lane.frontier.position(first_byte);
        let end = start + u64::from(payload_bytes);
        let advances = end > lane.frontier.high();
        let captured = payload.captured();
        let hello = if usize::from(self.opener) == at { self.hello.part(start, captured) } else { 0..0 };
        if advances {
            lane.frontier.advance(end);
            if self.records == Records::Undecided {
                self.records = if may_begin_records(from_start[at], start, captured) {
                    self.lanes[0].walker = RecordWalker::new(from_start[0]);
                    self.lanes[1].walker = RecordWalker::new(from_start[1]);
                    Records::On
                } else {
                    Records::Off
                };
            }
        }
        let walker = &mut self.lanes[at].walker;
        if !advances || self.records == Records::Off {
            if !hello.is_empty() {
                payload.keep(hello);
            }
            return;
        }
        let before = if hello.is_empty() { None } else { Some(walker.clone()) };
        walker.feed_noting(
            start,
            payload_bytes,
            captured,
            |_| (),
            |read| {
                let range = payload.reach(read.at..read.at + read.bytes);
                if read.is_header {
                    payload.keep(range);
                }
            },
        );
        if let Some(before) = before {
            let without = payload.kept().to_vec();
            payload.keep(hello);
            // While the walker searches, more bytes than it found could lead it elsewhere.
            let walk = |payload: &[u8]| walk(&before, start, payload_bytes, payload);
            if walk(payload.kept()) != walk(captured) {
                payload.replace(&without);
            }
        }
    }
}

const FIN: u8 = 0x01;
const RST: u8 = 0x04;

/// What a walker finds in a packet, and where it stands then.
fn walk(before: &RecordWalker, start: u64, payload_bytes: u32, payload: &[u8]) -> (RecordWalker, Vec<TlsRecord>) {
    let (mut walker, mut found) = (before.clone(), Vec::new());
    walker.feed(start, payload_bytes, payload, |record| found.push(record));
    (walker, found)
}
