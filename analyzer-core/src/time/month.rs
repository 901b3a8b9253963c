//! Calendar months, in which indices of Elasticsearch are kept.
//!
//! In: an instant, or text such as `2020-03`. Out: [`Month`], of UTC. Guaranteed: months stand in the order of time, as
//! values and as text, and counting back from one never fails.

use super::{NANOS_PER_SECOND, Timestamp, civil_from_days, put_digits};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A month of a year from 0 to 9999, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(
    /// Months since January of the year 0.
    u32,
);

/// A text is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a month such as 2020-03 is expected")]
pub struct MonthError;

impl Month {
    /// The month of an instant.
    #[must_use]
    pub fn of(time: Timestamp) -> Self {
        let (year, month, _) = civil_from_days(time.as_nanos().div_euclid(86_400 * NANOS_PER_SECOND));
        Self(12 * year + month - 1)
    }

    /// So many months earlier; January of the year 0 where there is none.
    #[must_use]
    pub const fn earlier(self, months: u32) -> Self {
        Self(self.0.saturating_sub(months))
    }
}

/// `2020-03`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = *b"0000-00";
        put_digits(&mut text[..4], self.0 / 12);
        put_digits(&mut text[5..], self.0 % 12 + 1);
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let (year, month) = text.split_once('-').ok_or(MonthError)?;
        let number = |text: &str, digits| {
            let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse::<u32>().ok()).flatten().ok_or(MonthError)
        };
        match (number(year, 4)?, number(month, 2)?) {
            (year, month @ 1..=12) => Ok(Self(12 * year + month - 1)),
            _ => Err(MonthError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_in_the_month_of_its_date_in_utc() {
        for (time, month) in [
            ("2020-03-01T00:00:00Z", "2020-03"),
            ("2020-02-29T23:59:59.999999999Z", "2020-02"),
            ("2020-03-01T00:30:00+01:00", "2020-02"),
            ("2019-12-31T23:30:00-01:00", "2020-01"),
            ("1969-12-31T23:59:59Z", "1969-12"),
            ("1970-01-01T00:00:00Z", "1970-01"),
        ] {
            assert_eq!(Month::of(time.parse().expect("a time")).to_string(), month, "{time}");
        }
        assert_eq!(Month::of(Timestamp::MIN).to_string(), "1677-09");
        assert_eq!(Month::of(Timestamp::MAX).to_string(), "2262-04");
    }

    #[test]
    fn months_are_counted_across_years() {
        for (month, back, expected) in [
            ("2020-03", 0, "2020-03"),
            ("2020-03", 3, "2019-12"),
            ("2020-12", 12, "2019-12"),
            ("0000-02", 9, "0000-01"),
        ] {
            let earlier = month.parse::<Month>().map(|month| month.earlier(back));
            assert_eq!(earlier, expected.parse(), "{month} - {back}");
        }
        assert!("2019-12".parse::<Month>().ok() < "2020-01".parse().ok());
    }

    #[test]
    fn other_texts_are_no_months() {
        for text in ["", "2020", "2020-00", "2020-13", "2020-3", "20-03", "2020-03-01", "2020-0x", "+020-03", "2020_03"]
        {
            assert_eq!(text.parse::<Month>(), Err(MonthError), "{text}");
        }
    }
}
