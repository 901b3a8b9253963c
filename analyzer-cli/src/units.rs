//! Numbers for people: three significant digits and a unit. Times to the second.

use analyzer_core::time::Timestamp;

/// `1.42 kB`, in powers of 1000.
pub(crate) fn bytes(bytes: u64) -> String {
    scaled(bytes, &[(1, "B"), (1_000, "kB"), (1_000_000, "MB"), (1_000_000_000, "GB"), (1_000_000_000_000, "TB")])
}

/// `12.3 ms`, from nanoseconds.
pub(crate) fn duration(nanos: u64) -> String {
    const SECOND: u64 = 1_000_000_000;
    scaled(
        nanos,
        &[
            (1, "ns"),
            (1_000, "µs"),
            (1_000_000, "ms"),
            (SECOND, "s"),
            (60 * SECOND, "min"),
            (3_600 * SECOND, "h"),
            (86_400 * SECOND, "d"),
        ],
    )
}

/// `1 234 567`.
pub(crate) fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// `1 packet`, `2 packets`.
pub(crate) fn counted(number: u64, what: &str) -> String {
    format!("{} {what}{}", count(number), if number == 1 { "" } else { "s" })
}

/// `2020-03-01 10:00:00`, in UTC.
pub(crate) fn second(time: Timestamp) -> String {
    let text = time.to_string();
    let (date, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{date} {}", time.get(..8).unwrap_or(time))
}

/// In the largest unit that leaves one whole, with three digits at least.
fn scaled(value: u64, units: &[(u64, &str)]) -> String {
    let mut at = units.iter().rposition(|(size, _)| value >= *size).unwrap_or(0);
    loop {
        let (size, unit) = units[at];
        let amount = value as f64 / size as f64;
        let decimals = if size == 1 || amount >= 99.95 {
            0
        } else if amount >= 9.995 {
            1
        } else {
            2
        };
        let text = format!("{amount:.decimals$}");
        let rounded: f64 = text.parse().unwrap_or(amount);
        // Rounding may reach the next unit: 999 999 B are 1.00 MB and not 1000 kB.
        match units.get(at + 1) {
            Some((next, _)) if rounded * size as f64 >= *next as f64 => at += 1,
            _ => return format!("{text} {unit}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_a_unit() {
        for (value, expected) in [
            (0, "0 B"),
            (1, "1 B"),
            (999, "999 B"),
            (1_000, "1.00 kB"),
            (1_420, "1.42 kB"),
            (9_999, "10.0 kB"),
            (99_960, "100 kB"),
            (999_499, "999 kB"),
            (999_500, "1.00 MB"),
            (66_000_000_000, "66.0 GB"),
            (u64::MAX, "18446744 TB"),
        ] {
            assert_eq!(bytes(value), expected);
        }
        for (value, expected) in [
            (12, "12 ns"),
            (1_234, "1.23 µs"),
            (45_600_000, "45.6 ms"),
            (999_999_999, "1.00 s"),
            (59_400_000_000, "59.4 s"),
            (59_960_000_000, "1.00 min"),
            (3_599_000_000_000, "1.00 h"),
            (7_200_000_000_000, "2.00 h"),
            (u64::MAX, "213504 d"),
        ] {
            assert_eq!(duration(value), expected);
        }
    }

    #[test]
    fn counts_are_grouped() {
        for (value, expected) in [(0, "0"), (999, "999"), (1_000, "1 000"), (1_234_567, "1 234 567")] {
            assert_eq!(count(value), expected);
        }
        assert_eq!([counted(1, "packet"), counted(0, "packet")], ["1 packet", "0 packets"]);
    }
}
