//! Ticks of a pcapng interface to nanoseconds.
//!
//! In: the options `if_tsresol` and `if_tsoffset` of an interface, then the 64-bit ticks of its packets. Out: instants.
//! Guaranteed: every resolution that the format can express, 10⁻⁰ to 10⁻¹²⁷ and 2⁻⁰ to 2⁻¹²⁷, and every offset give the
//! instant rounded down to the nanosecond, clamped where 64 bits of nanoseconds can't hold it; nothing overflows.
//!
//! Source: draft-ietf-opsawg-pcapng §4.2. pcap-parser's own conversion is not used: it knows no power of two, reads the
//! offset little-endian always, and cuts the seconds to 32 bits.

use crate::time::{NANOS_PER_SECOND, Timestamp};

/// How an interface counts time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TickClock {
    scale: Scale,
    /// `if_tsoffset` in nanoseconds; the 94 bits that any offset takes leave room for the ticks.
    offset_nanos: i128,
}

/// What turns ticks into nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// A tick is so many whole nanoseconds.
    Times(u64),
    /// So many ticks are a nanosecond.
    DividedBy(u64),
    /// A tick is a second halved so many times.
    HalvedSecond(u32),
    /// Not even all ticks together are a nanosecond.
    Nothing,
}

/// An instant, and whether it had to be clamped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Instant {
    pub(super) timestamp: Timestamp,
    pub(super) clamped: bool,
}

impl TickClock {
    /// `if_tsresol` when the interface does not say it: microseconds.
    pub(super) const DEFAULT_RESOLUTION: u8 = 6;

    /// From `if_tsresol` and `if_tsoffset` (seconds) as the file has them.
    pub(super) fn new(resolution: u8, offset_seconds: i64) -> Self {
        const NANO: u32 = 9;
        let exponent = u32::from(resolution & 0x7f);
        let scale = if resolution & 0x80 != 0 {
            Scale::HalvedSecond(exponent)
        } else if exponent <= NANO {
            Scale::Times(10_u64.pow(NANO - exponent))
        } else {
            // 10²⁰ exceeds what 64 bits of ticks can count.
            10_u64.checked_pow(exponent - NANO).map_or(Scale::Nothing, Scale::DividedBy)
        };
        Self { scale, offset_nanos: i128::from(offset_seconds) * i128::from(NANOS_PER_SECOND) }
    }

    /// The instant of `ticks`.
    pub(super) fn instant(&self, ticks: u64) -> Instant {
        // Nearly all interfaces count whole nanoseconds from the epoch, which needs no more than 64 bits.
        if let (Scale::Times(nanos), 0) = (self.scale, self.offset_nanos)
            && let Some(nanos) = ticks.checked_mul(nanos)
            && let Ok(nanos) = i64::try_from(nanos)
        {
            return Instant { timestamp: Timestamp::from_nanos(nanos), clamped: false };
        }
        self.wide_instant(ticks)
    }

    fn wide_instant(&self, ticks: u64) -> Instant {
        let since_offset = match self.scale {
            // 64 bits of ticks times 30 bits of nanoseconds are 94 bits.
            Scale::Times(nanos) => i128::from(ticks) * i128::from(nanos),
            Scale::DividedBy(ticks_per_nano) => i128::from(ticks / ticks_per_nano),
            Scale::HalvedSecond(halvings) => (i128::from(ticks) * i128::from(NANOS_PER_SECOND)) >> halvings,
            Scale::Nothing => 0,
        };
        let nanos = self.offset_nanos + since_offset;
        match i64::try_from(nanos) {
            Ok(nanos) => Instant { timestamp: Timestamp::from_nanos(nanos), clamped: false },
            Err(_) => {
                let timestamp = if nanos < 0 { Timestamp::MIN } else { Timestamp::MAX };
                Instant { timestamp, clamped: true }
            }
        }
    }
}
