//! Capture time: what the packets say, never what the machine's clock says.
//!
//! In: seconds and fractions as captures write them, `if_tsresol` and `if_tsoffset` of pcapng.
//! Out: [`Timestamp`], nanoseconds since the Unix epoch in one integer. Guaranteed: no panic and no wrap-around
//! for any input; what does not fit is clamped and said so.

mod month;
mod parse;

pub use month::{Month, MonthError};
pub use parse::TimestampError;

use serde::{Deserialize, Serialize};
use std::fmt;

/// Nanoseconds in one second.
pub const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// An instant of the capture: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Covers the years 1677 to 2262; anything outside is clamped where it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The earliest instant that can be told.
    pub const MIN: Self = Self(i64::MIN);
    /// The latest instant that can be told.
    pub const MAX: Self = Self(i64::MAX);

    /// From nanoseconds since the epoch.
    #[must_use]
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the epoch.
    #[must_use]
    pub const fn as_nanos(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since the epoch, rounded towards the past.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Nanoseconds from `earlier` to `self`; 0 when `earlier` is in fact later, because clocks may step back.
    #[must_use]
    pub const fn nanos_since(self, earlier: Self) -> u64 {
        // The difference of two i64 always fits in u64 when it is positive.
        if self.0 <= earlier.0 { 0 } else { self.0.wrapping_sub(earlier.0) as u64 }
    }

    /// This instant moved later by `nanos`, clamped at [`Timestamp::MAX`].
    #[must_use]
    pub const fn saturating_add_nanos(self, nanos: u64) -> Self {
        Self(self.0.saturating_add_unsigned(nanos))
    }
}

/// RFC 3339 in UTC with nine fraction digits, e.g. `2020-03-01T10:00:00.123456789Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.to_rfc3339()).unwrap_or_default())
    }
}

impl Timestamp {
    /// The 30 ASCII bytes of [`Display`](fmt::Display), without allocation.
    #[must_use]
    pub fn to_rfc3339(self) -> [u8; 30] {
        let mut text = *b"0000-00-00T00:00:00.000000000Z";
        let (days, nanos_of_day) =
            (self.0.div_euclid(86_400 * NANOS_PER_SECOND), self.0.rem_euclid(86_400 * NANOS_PER_SECOND));
        let (year, month, day) = civil_from_days(days);
        let (second, nanos) = ((nanos_of_day / NANOS_PER_SECOND) as u32, (nanos_of_day % NANOS_PER_SECOND) as u32);
        put_digits(&mut text[0..4], year);
        put_digits(&mut text[5..7], month);
        put_digits(&mut text[8..10], day);
        put_digits(&mut text[11..13], second / 3600);
        put_digits(&mut text[14..16], second / 60 % 60);
        put_digits(&mut text[17..19], second % 60);
        put_digits(&mut text[20..29], nanos);
        text
    }
}

fn put_digits(text: &mut [u8], mut value: u32) {
    for digit in text.iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

/// Proleptic Gregorian date of a day number (1970-01-01 is 0), after Howard Hinnant's `civil_from_days`.
/// The years that a [`Timestamp`] can tell (1677 to 2262) are all positive.
fn civil_from_days(days: i64) -> (u32, u32, u32) {
    let shifted = days + 719_468; // days since 0000-03-01, so that the leap day ends the year
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as u32, month as u32, day as u32)
}

#[cfg(test)]
mod tests;
