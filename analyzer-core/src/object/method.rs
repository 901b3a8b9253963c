//! The methods that cut streams into objects, and their parameters.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use thiserror::Error;

/// How streams are cut into objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// An object ends with the peer's reply (rules R, I, P) or at TLS record borders (rules S, U).
    Exchange,
    /// The same on headers alone: rules R, I and P.
    ExchangeHeaders,
    /// A gap longer than the mean gap of the stream and direction; needs two passes.
    MeanGap,
    /// A gap longer than this.
    Fixed(Duration),
    /// A gap longer than so many round-trip times (in thousandths), at least 50 ms.
    Rtt {
        /// The factor times 1000.
        per_mille: u32,
    },
}

impl Method {
    /// The name without parameters.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exchange => "exchange",
            Self::ExchangeHeaders => "exchange-headers",
            Self::MeanGap => "mean-gap",
            Self::Fixed(_) => "fixed",
            Self::Rtt { .. } => "rtt",
        }
    }
}

/// A text that names no method.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is no method: exchange, exchange-headers, mean-gap, fixed:<duration> (e.g. fixed:500ms, fixed:1s) or rtt:<factor> (e.g. rtt:1.5)"
)]
pub struct MethodError(String);

impl FromStr for Method {
    type Err = MethodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || MethodError(text.to_owned());
        match text.split_once(':') {
            None => match text {
                "exchange" => Ok(Self::Exchange),
                "exchange-headers" => Ok(Self::ExchangeHeaders),
                "mean-gap" => Ok(Self::MeanGap),
                _ => Err(wrong()),
            },
            Some(("fixed", duration)) => parse_duration(duration).map(Self::Fixed).ok_or_else(wrong),
            Some(("rtt", factor)) => match parse_thousandths(factor) {
                Some(per_mille) => {
                    u32::try_from(per_mille).map(|per_mille| Self::Rtt { per_mille }).map_err(|_| wrong())
                }
                None => Err(wrong()),
            },
            Some(_) => Err(wrong()),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(gap) => write!(f, "fixed:{gap:?}"),
            Self::Rtt { per_mille } => {
                let (whole, thousandths) = (per_mille / 1000, per_mille % 1000);
                let decimal = format!("{whole}.{thousandths:03}");
                write!(f, "rtt:{}", decimal.trim_end_matches('0').trim_end_matches('.'))
            }
            plain => f.write_str(plain.name()),
        }
    }
}

/// A length of time such as `500ms`, `1.5s`, `250us` or `2m`: a number with a unit.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit() && c != '.').len();
    let (number, unit) = text.split_at(digits);
    let unit_ns: u64 = match unit.trim() {
        "ns" => 1,
        "us" | "µs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" | "min" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    };
    let thousandths = parse_thousandths(number)?;
    let nanos = u128::from(thousandths) * u128::from(unit_ns) / 1000;
    u64::try_from(nanos).ok().map(Duration::from_nanos)
}

/// A decimal number with up to three fraction digits, in thousandths: exact, where a float would not be.
fn parse_thousandths(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || fraction.len() > 3 || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let thousandths: u64 = if fraction.is_empty() { 0 } else { format!("{fraction:0<3}").parse().ok()? };
    whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(thousandths)
}

/// The constants of `exchange` that may be changed; `docs/method.md` says what each was measured to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExchangeOptions {
    /// Rule I: silence that ends an object when nothing is unacknowledged.
    pub idle: Duration,
    /// Rule I: the silence is at least so many round-trip times.
    pub idle_rtts: u32,
    /// Rule I for UDP that is not QUIC.
    pub udp_idle: Duration,
    /// Rule P: silence after a small message that nobody asked for.
    pub push_gap: Duration,
    /// Rule R: a message of the peer up to this many bytes answers nothing (TCP).
    pub small_bytes: u32,
    /// Rule R: the same for QUIC datagrams.
    pub quic_small_bytes: u32,
    /// Rule U: a small request record is an object of its own.
    pub split_requests: bool,
}

impl Default for ExchangeOptions {
    fn default() -> Self {
        Self {
            idle: Duration::from_millis(500),
            idle_rtts: 4,
            udp_idle: Duration::from_secs(1),
            push_gap: Duration::from_millis(60),
            small_bytes: 40,
            quic_small_bytes: 100,
            split_requests: true,
        }
    }
}

/// Mean gap between payload packets of each stream (by id) and direction, in ns; what the second pass of
/// [`Method::MeanGap`] needs. Streams whose directions have fewer than two payload packets are not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeanGaps {
    pub(crate) by_stream: HashMap<u64, [u64; 2]>,
}
