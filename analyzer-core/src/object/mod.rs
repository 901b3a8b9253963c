//! Streams to objects: where one exchanged object ends and the next begins.
//!
//! In: the payload of one connection in capture order. Out: cuts, decided at the packet that opens the next object and
//! never revised. Guaranteed: state of bounded size per connection; a decision depends on this connection's packets
//! alone, so that any split of the work gives the same objects.

pub(crate) mod exchange;
mod method;
pub(crate) mod quic;
pub(crate) mod records;
pub(crate) mod sequence;

pub use method::{ExchangeOptions, MeanGaps, Method, MethodError, parse_duration};

use serde::{Deserialize, Serialize};

/// What ended an object or a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EndReason {
    /// Rule R: the peer answered everything that was sent.
    Reply,
    /// Rule I: a long silence with nothing outstanding.
    Idle,
    /// Rule P: a small message that nobody asked for, and a short silence.
    Push,
    /// Rule S: the TLS records show the end of an HTTP/2 response.
    Record,
    /// Rule U: one small TLS record is one HTTP/2 request.
    Request,
    /// A silence longer than the threshold of `mean-gap`, `fixed` or `rtt`.
    Gap,
    /// FIN or RST, or another connection took the 5-tuple.
    Closed,
    /// The capture ended.
    CaptureEnd,
    /// There were more live streams than allowed.
    Evicted,
}

impl EndReason {
    /// All of them, each at the place of its number.
    pub const ALL: [Self; 9] = [
        Self::Reply,
        Self::Idle,
        Self::Push,
        Self::Record,
        Self::Request,
        Self::Gap,
        Self::Closed,
        Self::CaptureEnd,
        Self::Evicted,
    ];

    /// The name used in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Idle => "idle",
            Self::Push => "push",
            Self::Record => "record",
            Self::Request => "request",
            Self::Gap => "gap",
            Self::Closed => "closed",
            Self::CaptureEnd => "capture_end",
            Self::Evicted => "evicted",
        }
    }
}

/// A [`Method`] ready to run: with what it needs from a first pass.
#[derive(Debug, Clone)]
pub(crate) enum CutPolicy {
    /// `exchange` and `exchange-headers`.
    Exchange {
        /// Rules S and U run.
        reads_records: bool,
    },
    /// A gap longer than this.
    Fixed {
        /// The longest gap inside an object.
        gap_ns: u64,
    },
    /// A gap longer than so many round trips.
    Rtt {
        /// The factor times 1000.
        per_mille: u32,
    },
    /// A gap longer than the stream's and direction's mean.
    MeanGap(MeanGaps),
    /// The first pass of `mean-gap`: cuts nothing, measures the gaps.
    MeasureGaps,
}

impl CutPolicy {
    /// Thresholds of [up, down] of a stream, for the methods that have constant ones.
    pub(crate) fn thresholds_ns(&self, stream_id: u64) -> [u64; 2] {
        match self {
            Self::Fixed { gap_ns } => [*gap_ns; 2],
            Self::MeanGap(means) => means.by_stream.get(&stream_id).copied().unwrap_or([u64::MAX; 2]),
            _ => [u64::MAX; 2],
        }
    }
}

#[cfg(test)]
mod tests;
