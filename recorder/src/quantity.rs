//! Sizes, durations and shares as people write them.
//!
//! In: text of the command line. Out: bytes, durations, or a share of a disk. Guaranteed: every error says what is
//! understood.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use thiserror::Error;

/// Text that is no quantity.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum QuantityError {
    #[error("`{0}` is no size: write bytes, or a number and kB, MB, GB, KiB, MiB or GiB, such as 500MB")]
    Size(String),
    #[error("`{0}` is no duration: write seconds, or a number and ms, s, m, h or d, such as 90, 90s, 5m or 2h")]
    Duration(String),
    #[error("`{0}` is neither a size, such as 2GB, nor a share of the disk, such as 5%")]
    Reserve(String),
}

const SIZES: [(&str, u64); 8] = [
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("B", 1),
];

const DURATIONS_MS: [(&str, u64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// A number and its unit, in units of the smallest; the fraction of a number counts.
fn scaled(text: &str, units: &[(&str, u64)], bare: u64) -> Option<u64> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let found = units.iter().find(|(unit, _)| lower.ends_with(&unit.to_ascii_lowercase()));
    let (number, unit) = match found {
        Some((name, size)) => (&text[..text.len() - name.len()], *size),
        None => (text, bare),
    };
    let number = number.trim_end();
    let is_number = number.starts_with(|first: char| first.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let value = number.parse::<f64>().ok().filter(|_| is_number)? * unit as f64;
    // Beyond 2⁵³ the units would not be exact, and no disk is so large.
    (value < 9e15).then_some(value as u64)
}

/// Bytes: `500MB`, `16MiB`, `1000`.
pub(crate) fn size(text: &str) -> Result<u64, QuantityError> {
    scaled(text, &SIZES, 1).filter(|bytes| *bytes > 0).ok_or_else(|| QuantityError::Size(text.to_owned()))
}

/// A duration: `60`, `90s`, `5m`, `2h`.
pub(crate) fn duration(text: &str) -> Result<Duration, QuantityError> {
    let millis = scaled(text, &DURATIONS_MS, 1_000).filter(|millis| *millis > 0);
    millis.map(Duration::from_millis).ok_or_else(|| QuantityError::Duration(text.to_owned()))
}

/// Room that is left free on a disk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Reserve {
    Bytes(u64),
    Percent(f64),
}

impl Reserve {
    /// Of a disk of so many bytes.
    pub(crate) fn bytes(self, disk_bytes: u64) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Percent(percent) => (disk_bytes as f64 * percent / 100.0) as u64,
        }
    }
}

impl FromStr for Reserve {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let error = || QuantityError::Reserve(text.to_owned());
        if let Some(percent) = text.trim().strip_suffix('%') {
            let percent = percent.trim().parse::<f64>().ok().filter(|percent| (0.0..100.0).contains(percent));
            return percent.map(Self::Percent).ok_or_else(error);
        }
        scaled(text, &SIZES, 1).map(Self::Bytes).ok_or_else(error)
    }
}

impl fmt::Display for Reserve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => f.write_str(&shown_bytes(*bytes)),
            Self::Percent(percent) => write!(f, "{percent} %"),
        }
    }
}

/// `1.4 MB`, in powers of 1000.
pub(crate) fn shown_bytes(bytes: u64) -> String {
    let (unit, size) = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)]
        .into_iter()
        .find(|(_, size)| bytes as f64 >= *size)
        .unwrap_or(("B", 1.0));
    if size > 1.0 { format!("{:.1} {unit}", bytes as f64 / size) } else { format!("{bytes} B") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, expected) in [
            ("1000", Some(1000)),
            ("500MB", Some(500_000_000)),
            ("16MiB", Some(16 << 20)),
            ("16 mib", Some(16 << 20)),
            ("1.5kB", Some(1500)),
            ("7B", Some(7)),
            ("0", None),
            ("", None),
            ("MB", None),
            ("-1MB", None),
            ("1e3", None),
            ("12 parsec", None),
            ("99999999TB", None),
        ] {
            assert_eq!(size(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn durations() {
        for (text, expected_ms) in [
            ("60", Some(60_000)),
            ("90s", Some(90_000)),
            ("1.5m", Some(90_000)),
            ("2h", Some(7_200_000)),
            ("250ms", Some(250)),
            ("1d", Some(86_400_000)),
            ("0", None),
            ("five", None),
            ("-5", None),
        ] {
            assert_eq!(duration(text).ok(), expected_ms.map(Duration::from_millis), "{text}");
        }
    }

    #[test]
    fn reserves() {
        for (text, expected) in [
            ("5%", Some(50)),
            ("0", Some(0)),
            ("12.5 %", Some(125)),
            ("2kB", Some(2000)),
            ("100%", None),
            ("-1%", None),
            ("some", None),
        ] {
            assert_eq!(text.parse::<Reserve>().ok().map(|reserve| reserve.bytes(1000)), expected, "{text}");
        }
    }

    #[test]
    fn bytes_are_shown_with_a_unit() {
        for (bytes, expected) in
            [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_450_000, "1.4 MB"), (2_000_000_000_000, "2.0 TB")]
        {
            assert_eq!(shown_bytes(bytes), expected);
        }
    }
}
