//! Instants from text.
//!
//! In: RFC 3339, such as `2020-03-01T10:00:00.5+01:00`. Out: [`Timestamp`], exact to the nanosecond. Guaranteed: a text
//! without a zone is refused, because whose clock it means can't be known.

use super::{NANOS_PER_SECOND, Timestamp};
use std::str::FromStr;
use thiserror::Error;

/// Why a text is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TimestampError {
    /// Not the form of RFC 3339, or a number out of its range.
    #[error("a time such as 2020-03-01T10:00:00Z or 2020-03-01T11:00:00.5+01:00 is expected")]
    Form,
    /// There is neither `Z` nor an offset.
    #[error("the time has no zone: end it with Z (UTC) or an offset such as +01:00")]
    NoZone,
    /// Nanoseconds in 64 bits reach no further.
    #[error("the time is not between 1677-09-21 and 2262-04-11")]
    Range,
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let mut rest = Rest(text.as_bytes());
        let year = rest.number(4)?;
        let month = rest.after(b"-")?.number(2)?;
        let day = rest.after(b"-")?.number(2)?;
        let hour = rest.after(b"Tt ")?.number(2)?;
        let minute = rest.after(b":")?.number(2)?;
        let second = rest.after(b":")?.number(2)?;
        let nanos = if rest.after(b".").is_ok() { rest.fraction()? } else { 0 };
        let offset_seconds = rest.zone()?;
        // A leap second counts as the second after it, as in POSIX time.
        if !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
            return Err(TimestampError::Form);
        }
        if hour > 23 || minute > 59 || second > 60 || !rest.0.is_empty() {
            return Err(TimestampError::Form);
        }
        // Years have four digits, so that the sum is far from the limits of 64 bits until it is in nanoseconds.
        let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset_seconds;
        let nanos = i128::from(seconds) * i128::from(NANOS_PER_SECOND) + i128::from(nanos);
        Ok(Self::from_nanos(i64::try_from(nanos).map_err(|_| TimestampError::Range)?))
    }
}

/// What is not read yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn number(&mut self, digits: usize) -> Result<i64, TimestampError> {
        let (text, rest) = self.0.split_at_checked(digits).ok_or(TimestampError::Form)?;
        self.0 = rest;
        text.iter().try_fold(0, |number, byte| match byte {
            b'0'..=b'9' => Ok(number * 10 + i64::from(byte - b'0')),
            _ => Err(TimestampError::Form),
        })
    }

    /// Passes one byte, which must be one of these.
    fn after(&mut self, bytes: &[u8]) -> Result<&mut Self, TimestampError> {
        match self.0.split_first() {
            Some((first, rest)) if bytes.contains(first) => self.0 = rest,
            _ => return Err(TimestampError::Form),
        }
        Ok(self)
    }

    /// Nanoseconds of the digits after the point; further digits are too fine to be kept.
    fn fraction(&mut self) -> Result<i64, TimestampError> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return Err(TimestampError::Form);
        }
        let kept = digits.min(9);
        let nanos = self.number(kept)? * 10_i64.pow(9 - kept as u32);
        self.0 = &self.0[digits - kept..];
        Ok(nanos)
    }

    /// Seconds east of UTC.
    fn zone(&mut self) -> Result<i64, TimestampError> {
        let sign = match self.0.first() {
            None => return Err(TimestampError::NoZone),
            Some(b'Z' | b'z') => {
                self.0 = &self.0[1..];
                return Ok(0);
            }
            Some(b'-') => -1,
            _ => 1,
        };
        let hours = self.after(b"+-")?.number(2)?;
        let minutes = self.after(b":")?.number(2)?;
        if hours > 23 || minutes > 59 { Err(TimestampError::Form) } else { Ok(sign * (hours * 3_600 + minutes * 60)) }
    }
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Day number of a Gregorian date (1970-01-01 is 0), after Howard Hinnant's `days_from_civil`.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}
