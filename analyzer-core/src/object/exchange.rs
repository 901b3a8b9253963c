//! Method `exchange`: an object ends when the other side has answered it.
//!
//! In: the payload packets of one connection in capture order, with TLS record headers where they are readable. Out:
//! for each packet with new payload, whether it opens a new object and why. Guaranteed: causal, one pass, state of
//! constant size. `docs/method.md` explains the rules and what they were measured to do; they follow the a-b-t model
//! of application data units (Weigle et al., Tmix), and the record rules Morla's reading of TLS record lengths
//! (arXiv:1607.06709).

use super::records::{APPLICATION_DATA, RecordWalker, TlsRecord, may_begin_records};
use super::{EndReason, ExchangeOptions};
use crate::flow::Direction;
use crate::state::serial;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

const DOWN: usize = Direction::Down.index();

/// Rule P joins only messages up to this many bytes to "a small message that nobody asked for".
const PUSH_MAX_BYTES: u64 = 4000;
/// QUIC: a datagram within this share of the round trip to its sender can't be an answer; in quarters.
const QUIC_LEG_QUARTERS: u64 = 1;
/// Rule S: what a TLS 1.3 record adds to its plaintext (content type and tag), RFC 8446 §5.2.
const TLS_OVERHEAD: u16 = 17;
/// Rule S: a record of one empty HTTP/2 frame (9 bytes, RFC 9113 §4.1): an empty DATA frame that ends a response, or
/// the client's SETTINGS acknowledgment, by which HTTP/2 is known.
const MARK_BYTES: u16 = 9 + TLS_OVERHEAD;
/// The client's records up to this length tell HTTP/2 when the capture began after the SETTINGS: window updates, pings
/// and HPACK-compressed requests, where HTTP/1.1 repeats all its headers.
const HTTP2_SMALL_BYTES: u16 = 75;
/// Rule S: records below this length hold HTTP/2 HEADERS, or nothing that ends a response.
const HEAD_MAX_BYTES: u16 = 300;
/// Rule U: a request's packet is at most so long,
const REQUEST_MAX_BYTES: u32 = 80;
/// and does not follow a packet of bulk data.
const BULK_BYTES: u32 = 1200;
/// Responses begun and not ended at once, from which the server is known to interleave.
const INTERLEAVED_RESPONSES: u8 = 3;

/// What one packet with new payload tells the method.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Payload<'a> {
    /// Who sent it.
    pub direction: Direction,
    /// When.
    pub timestamp: Timestamp,
    /// Last payload before, new or not, of [up, down]; [`Timestamp::MIN`] before the first.
    pub last_payload: [Timestamp; 2],
    /// Payload on the wire.
    pub payload_bytes: u32,
    /// Position of the first byte (TCP).
    pub start: u64,
    /// The packet reaches beyond everything seen of its direction (TCP): the walker can go on.
    pub advances: bool,
    /// What was captured of the payload.
    pub captured: &'a [u8],
    /// Everything the direction sent before was acknowledged (always true for UDP).
    pub is_acknowledged: bool,
    /// The packet acknowledges everything that the peer sent (TCP; true when that can't be told).
    pub answers_all: bool,
    /// New payload bytes of the direction's open object.
    pub open_bytes: u64,
    /// Objects that the direction has begun.
    pub objects: u64,
    /// The capture has the SYN of [up, down]: positions count from the stream's first byte.
    pub from_start: [bool; 2],
}

impl Payload<'_> {
    /// Whether it is the direction's first.
    fn is_first(&self) -> bool {
        self.last_payload[self.direction.index()] == Timestamp::MIN
    }
}

/// What the method knows of the connection as a whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    /// TCP or not.
    pub is_tcp: bool,
    /// A QUIC long header was seen.
    pub is_quic: bool,
    /// Round trip between recorder and the sender of [up, down], in ns.
    pub leg_ns: [u64; 2],
}

/// Where a packet cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The packet continues the open object.
    None,
    /// The packet opens a new object; the reason ended the old one.
    Before(EndReason),
    /// The packet's bytes from this position on open a new object.
    At(u64, EndReason),
}

/// The method's state for one connection.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Exchange {
    sides: [Side; 2],
    records: RecordRules,
}

/// Whether rules S and U can run. Most streams are no TLS, so their state is made at the first payload that looks like it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
enum RecordRules {
    /// No payload was seen yet.
    #[default]
    Undecided,
    /// The method does not read records, or there are none.
    Off,
    On(Box<Records>),
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Side {
    /// The peer has answered everything (rule R).
    is_answered: bool,
    /// The open object was opened by rule R.
    is_reply: bool,
    /// Payload of the previous packet with new payload.
    previous_bytes: u32,
    /// QUIC datagrams of request size in the open object.
    requests: u8,
    /// QUIC: the open object came after several requests at once, so it may be several responses.
    follows_many: bool,
}

impl Exchange {
    /// The state of a new connection; without `reads_records` rules S and U are off.
    #[must_use]
    pub(crate) fn new(reads_records: bool) -> Self {
        let records = if reads_records { RecordRules::Undecided } else { RecordRules::Off };
        Self { sides: Default::default(), records }
    }

    /// Whether the rules that read record headers run on a direction.
    #[must_use]
    pub(crate) fn reads_records(&self, direction: Direction) -> bool {
        matches!(&self.records, RecordRules::On(records) if records.walkers[direction.index()].is_reading())
    }

    /// Whether the server is known to interleave responses.
    #[must_use]
    pub(crate) fn is_multiplexed(&self, direction: Direction, link: &Link) -> bool {
        if link.is_quic {
            return self.sides[direction.index()].follows_many;
        }
        matches!(&self.records, RecordRules::On(records) if records.multiplexed)
    }

    /// Silence after which rule I ends an object, in ns.
    #[must_use]
    pub(crate) fn idle_ns(options: &ExchangeOptions, link: &Link) -> u64 {
        if link.is_tcp || link.is_quic {
            let round_trips = (link.leg_ns[0] + link.leg_ns[1]).saturating_mul(u64::from(options.idle_rtts));
            nanos(options.idle).max(round_trips)
        } else {
            nanos(options.udp_idle)
        }
    }

    /// Decides about a packet with new payload.
    #[inline(always)]
    pub(crate) fn advance(&mut self, options: &ExchangeOptions, link: &Link, packet: &Payload<'_>) -> Cut {
        let mut cut = match self.headers_cut(options, link, packet) {
            Some(reason) => Cut::Before(reason),
            None => Cut::None,
        };
        if link.is_tcp && packet.advances {
            cut = self.records_cut(options, packet, cut);
        } else if cut != Cut::None
            && packet.direction == Direction::Down
            && let RecordRules::On(records) = &mut self.records
        {
            records.open_responses = 0;
        }
        self.settle(options, link, packet, cut);
        cut
    }

    /// Rules S and U, where record headers can be read.
    fn records_cut(&mut self, options: &ExchangeOptions, packet: &Payload<'_>, mut cut: Cut) -> Cut {
        let at = packet.direction.index();
        if matches!(self.records, RecordRules::Undecided) {
            self.records = if may_begin_records(packet.from_start[at], packet.start, packet.captured) {
                RecordRules::On(Box::new(Records::new(packet.from_start)))
            } else {
                RecordRules::Off
            };
        }
        let RecordRules::On(records) = &mut self.records else { return cut };
        let mut begun = SmallVec::<[TlsRecord; 4]>::new(); // a packet of 64 kB may hold more
        records.walkers[at].feed(packet.start, packet.payload_bytes, packet.captured, |record| begun.push(record));
        let side = &self.sides[at];
        if cut == Cut::None
            && options.split_requests
            && !packet.is_first()
            && records.is_request(options, packet, side, &begun)
        {
            cut = Cut::Before(EndReason::Request);
        }
        if at == DOWN {
            cut = records.response_cut(packet, &begun, cut);
        }
        records.remember(at, &begun);
        if records.walkers.iter().all(RecordWalker::is_stopped) {
            self.records = RecordRules::Off;
        }
        cut
    }

    /// Rules R, I and P: headers alone.
    fn headers_cut(&self, options: &ExchangeOptions, link: &Link, packet: &Payload<'_>) -> Option<EndReason> {
        let side = &self.sides[packet.direction.index()];
        if packet.is_first() {
            return None;
        }
        let gap_ns = packet.timestamp.nanos_since(packet.last_payload[packet.direction.index()]);
        if side.is_answered {
            return Some(EndReason::Reply);
        }
        if !packet.is_acknowledged {
            return None;
        }
        if gap_ns > Self::idle_ns(options, link) {
            return Some(EndReason::Idle);
        }
        let push_gap_ns = nanos(options.push_gap).max(link.leg_ns[0] + link.leg_ns[1]);
        let may_pause = packet.direction == Direction::Down && side.is_reply; // an answer may pause
        (link.is_tcp && gap_ns > push_gap_ns && packet.open_bytes <= PUSH_MAX_BYTES && !may_pause)
            .then_some(EndReason::Push)
    }

    /// Updates what later packets are judged by.
    fn settle(&mut self, options: &ExchangeOptions, link: &Link, packet: &Payload<'_>, cut: Cut) {
        let at = packet.direction.index();
        let is_request = packet.payload_bytes > options.quic_small_bytes;
        let peer_requests = self.sides[1 - at].requests;
        let side = &mut self.sides[at];
        if cut != Cut::None || packet.is_first() {
            side.is_reply = cut == Cut::Before(EndReason::Reply);
            side.requests = 0;
            side.follows_many = at == DOWN && peer_requests > 1;
        }
        side.requests = side.requests.saturating_add(u8::from(link.is_quic && is_request));
        side.previous_bytes = packet.payload_bytes;
        side.is_answered = false;
        let peer_last = packet.last_payload[1 - at];
        if peer_last != Timestamp::MIN {
            let answers = if link.is_tcp {
                packet.payload_bytes > options.small_bytes && packet.answers_all
            } else {
                let since_peer_ns = packet.timestamp.nanos_since(peer_last);
                link.is_quic
                    && is_request
                    && since_peer_ns.saturating_mul(4) >= link.leg_ns[at].saturating_mul(QUIC_LEG_QUARTERS)
            };
            self.sides[1 - at].is_answered |= answers;
        }
    }
}

fn nanos(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// What the record rules know of a connection.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Records {
    walkers: [RecordWalker; 2],
    /// The capture has the connection's beginning, so HTTP/2 is known by the SETTINGS alone.
    from_start: bool,
    is_http2: bool,
    /// The server interleaves responses.
    multiplexed: bool,
    /// Longest application-data record of [up, down] in earlier packets.
    full: [u16; 2],
    /// Lengths of the last and the one before last record from the server; 0 when unknown.
    previous: [u16; 2],
    previous_type: u8,
    /// Responses begun and not ended.
    open_responses: u8,
    /// Empty frames that ended a response: this server marks ends.
    marks: u32,
    lengths: RecentLengths,
}

impl Records {
    fn new(from_start: [bool; 2]) -> Self {
        Self {
            walkers: from_start.map(RecordWalker::new),
            from_start: from_start[0],
            is_http2: false,
            multiplexed: false,
            full: [0; 2],
            previous: [0; 2],
            previous_type: 0,
            open_responses: 0,
            marks: 0,
            lengths: RecentLengths::default(),
        }
    }

    /// Rule U: one small record from the client, alone in its packet, is one request.
    fn is_request(&self, options: &ExchangeOptions, packet: &Payload<'_>, side: &Side, begun: &[TlsRecord]) -> bool {
        packet.direction == Direction::Up
            && !self.multiplexed
            && packet.payload_bytes > options.small_bytes
            && packet.payload_bytes <= REQUEST_MAX_BYTES
            && side.previous_bytes < BULK_BYTES
            && begun.first().is_some_and(|record| record.start == packet.start)
    }

    /// Rule S: a record from the server that closes a response.
    fn response_cut(&mut self, packet: &Payload<'_>, begun: &[TlsRecord], mut cut: Cut) -> Cut {
        if cut != Cut::None {
            self.open_responses = 0;
        }
        for record in begun {
            if record.after_hole {
                self.previous = [0; 2];
                self.previous_type = 0;
            }
            if record.content_type == APPLICATION_DATA && self.previous_type != 0 {
                let closes = self.closes_response(record.length);
                if record.length > MARK_BYTES && record.length < HEAD_MAX_BYTES && self.previous[0] < self.full[DOWN] {
                    self.open_responses = self.open_responses.saturating_add(1);
                    self.multiplexed |= self.open_responses >= INTERLEAVED_RESPONSES && packet.objects >= 3;
                }
                if closes && self.is_http2 && cut == Cut::None {
                    cut = if record.start <= packet.start {
                        Cut::Before(EndReason::Record)
                    } else {
                        Cut::At(record.start, EndReason::Record)
                    };
                }
            }
            self.previous = [record.length, self.previous[0]];
            self.previous_type = record.content_type;
        }
        cut
    }

    /// Whether the records before one of `length` bytes ended a response, and with it the last open one.
    fn closes_response(&mut self, length: u16) -> bool {
        let ([n1, n2], full) = (self.previous, self.full[DOWN]);
        let marks_known = self.marks > 1;
        let mark = n1 == MARK_BYTES && n2 < full && (n2 >= HEAD_MAX_BYTES || marks_known);
        self.marks += u32::from(mark);
        let closed = if self.marks > 1 {
            mark
        } else {
            // Recurring lengths are the server's own record size (dynamic record sizing), not ends.
            let odd_length =
                (HEAD_MAX_BYTES..full).contains(&n1) && length != MARK_BYTES && n1 != n2 && !self.lengths.is_common(n1);
            self.previous_type == APPLICATION_DATA && (odd_length || n1 == MARK_BYTES && n2 < full)
        };
        if closed {
            self.open_responses = self.open_responses.saturating_sub(1);
        }
        closed && self.open_responses == 0
    }

    /// Keeps what later packets compare with.
    fn remember(&mut self, at: usize, begun: &[TlsRecord]) {
        for record in begun.iter().filter(|record| record.content_type == APPLICATION_DATA) {
            self.full[at] = self.full[at].max(record.length);
            if at == DOWN {
                self.lengths.add(record.length);
            } else {
                self.is_http2 |= record.length == MARK_BYTES
                    || !self.from_start && (MARK_BYTES..=HTTP2_SMALL_BYTES).contains(&record.length);
            }
        }
    }
}

/// The last distinct record lengths and how often each was written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct RecentLengths {
    seen: [(u16, u16); 32],
    /// Place of the next distinct length.
    #[serde(deserialize_with = "serial::at_most::<_, _, 31>")]
    next: u8,
}

impl RecentLengths {
    fn add(&mut self, length: u16) {
        if let Some((_, count)) = self.seen.iter_mut().find(|(seen, count)| *seen == length && *count > 0) {
            *count = count.saturating_add(1);
            return;
        }
        self.seen[usize::from(self.next)] = (length, 1);
        self.next = (self.next + 1) % 32;
    }

    /// Whether a length, or one a byte off, was written more than once.
    fn is_common(&self, length: u16) -> bool {
        let near = self.seen.iter().filter(|(seen, _)| seen.abs_diff(length) <= 1);
        near.map(|(_, count)| u32::from(*count)).sum::<u32>() > 1
    }
}
