//! Instants as text, and differences of instants.

use super::Timestamp;

const DAY: i64 = 86_400 * super::NANOS_PER_SECOND;

/// The text of an instant, in both of its forms.
fn check_text(nanos: i64, expected: &str) {
    let timestamp = Timestamp::from_nanos(nanos);
    assert_eq!(timestamp.to_string(), expected, "{nanos} ns");
    assert_eq!(std::str::from_utf8(&timestamp.to_rfc3339()), Ok(expected), "{nanos} ns");
    assert_eq!(timestamp.as_nanos(), nanos);
}

#[test]
fn text_is_rfc3339_in_utc_with_nine_digits() {
    for (nanos, expected) in [
        (0, "1970-01-01T00:00:00.000000000Z"),
        (1, "1970-01-01T00:00:00.000000001Z"),
        (DAY - 1, "1970-01-01T23:59:59.999999999Z"),
        (DAY, "1970-01-02T00:00:00.000000000Z"),
        (1_583_056_800_123_456_789, "2020-03-01T10:00:00.123456789Z"),
        (1_700_000_000_000_000_000, "2023-11-14T22:13:20.000000000Z"),
    ] {
        check_text(nanos, expected);
    }
}

#[test]
fn text_before_the_epoch() {
    for (nanos, expected) in [
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (-DAY, "1969-12-31T00:00:00.000000000Z"),
        (-2_208_988_800_000_000_000, "1900-01-01T00:00:00.000000000Z"),
    ] {
        check_text(nanos, expected);
    }
}

#[test]
fn text_at_the_ends_of_the_range() {
    check_text(Timestamp::MIN.as_nanos(), "1677-09-21T00:12:43.145224192Z");
    check_text(Timestamp::MAX.as_nanos(), "2262-04-11T23:47:16.854775807Z");
    // The seconds of a pcap file are 32 bits: they turn negative or over for readers with fewer.
    check_text(i64::from(i32::MAX) * super::NANOS_PER_SECOND, "2038-01-19T03:14:07.000000000Z");
    check_text((i64::from(i32::MAX) + 1) * super::NANOS_PER_SECOND, "2038-01-19T03:14:08.000000000Z");
    check_text(i64::from(u32::MAX) * super::NANOS_PER_SECOND, "2106-02-07T06:28:15.000000000Z");
}

#[test]
fn leap_days_come_every_four_years_but_not_in_1900_or_2100() {
    for (last_of_february, next_day) in [
        ("2024-02-29T00:00:00.000000000Z", "2024-03-01T00:00:00.000000000Z"),
        ("2023-02-28T00:00:00.000000000Z", "2023-03-01T00:00:00.000000000Z"),
        ("2000-02-29T00:00:00.000000000Z", "2000-03-01T00:00:00.000000000Z"),
        ("2100-02-28T00:00:00.000000000Z", "2100-03-01T00:00:00.000000000Z"),
        ("1900-02-28T00:00:00.000000000Z", "1900-03-01T00:00:00.000000000Z"),
        ("1972-02-29T00:00:00.000000000Z", "1972-03-01T00:00:00.000000000Z"),
        ("2023-12-31T00:00:00.000000000Z", "2024-01-01T00:00:00.000000000Z"),
        ("2024-12-31T00:00:00.000000000Z", "2025-01-01T00:00:00.000000000Z"),
    ] {
        let days = (-36_525..=73_049).find(|days| Timestamp::from_nanos(days * DAY).to_string() == last_of_february);
        let days = days.unwrap_or_else(|| panic!("no day reads {last_of_february}"));
        check_text((days + 1) * DAY, next_day);
    }
}

#[test]
fn every_day_of_two_centuries_follows_the_one_before() {
    let texts: Vec<String> = (-36_524..36_525).map(|days| Timestamp::from_nanos(days * DAY).to_string()).collect();
    assert!(texts.is_sorted());
    assert_eq!(texts[0], "1870-01-01T00:00:00.000000000Z");
}

#[test]
fn a_gap_is_never_negative_and_never_wraps() {
    for (earlier, later, expected) in [
        (0, 0, 0),
        (5, 8, 3),
        (8, 5, 0),
        (-3, 4, 7),
        (i64::MIN, i64::MAX, u64::MAX),
        (i64::MAX, i64::MIN, 0),
        (i64::MIN, 0, 1 << 63),
    ] {
        let (earlier, later) = (Timestamp::from_nanos(earlier), Timestamp::from_nanos(later));
        assert_eq!(later.nanos_since(earlier), expected, "from {earlier} to {later}");
    }
}

#[test]
fn moving_later_stops_at_the_end() {
    for (start, nanos, expected) in
        [(0, 7, 7), (-7, 7, 0), (i64::MIN, u64::MAX, i64::MAX), (1, u64::MAX, i64::MAX), (i64::MAX, 1, i64::MAX)]
    {
        let moved = Timestamp::from_nanos(start).saturating_add_nanos(nanos);
        assert_eq!(moved, Timestamp::from_nanos(expected), "{start} + {nanos}");
    }
}

#[test]
fn text_comes_back_as_the_same_instant() {
    for nanos in [0, -1, 1, DAY - 1, 951_782_400 * super::NANOS_PER_SECOND, 1_583_056_800_123_456_789, -9 * DAY] {
        assert_eq!(Timestamp::from_nanos(nanos).to_string().parse(), Ok(Timestamp::from_nanos(nanos)), "{nanos}");
    }
}

#[test]
fn other_forms_of_rfc3339_are_read_and_the_rest_is_refused() {
    use super::TimestampError::{Form, NoZone, Range};
    let ten = Timestamp::from_nanos(1_583_056_800 * super::NANOS_PER_SECOND);
    for (text, expected) in [
        ("2020-03-01T10:00:00Z", Ok(ten)),
        ("2020-03-01 10:00:00z", Ok(ten)),
        ("2020-03-01T11:00:00+01:00", Ok(ten)),
        ("2020-03-01T05:30:00-04:30", Ok(ten)),
        ("2020-03-01T10:00:00.5Z", Ok(ten.saturating_add_nanos(500_000_000))),
        ("2020-03-01T10:00:00.0000000019Z", Ok(ten.saturating_add_nanos(1))),
        ("2020-02-29T23:59:60Z", Ok(Timestamp::from_nanos(ten.as_nanos() - 36_000 * super::NANOS_PER_SECOND))),
        ("2020-03-01T10:00:00", Err(NoZone)),
        ("2020-03-01T10:00:00.5", Err(NoZone)),
        ("2020-03-01T10:00Z", Err(Form)),
        ("2020-03-01T10:00:00.Z", Err(Form)),
        ("2020-03-01T10:00:00Zz", Err(Form)),
        ("2019-02-29T10:00:00Z", Err(Form)),
        ("2020-13-01T10:00:00Z", Err(Form)),
        ("2020-03-01T24:00:00Z", Err(Form)),
        ("2020-03-01T23:59:61Z", Err(Form)),
        ("2020-03-01T23:60:00Z", Err(Form)),
        ("2020-03-01T10:00:00+1:00", Err(Form)),
        ("1583056800", Err(Form)),
        ("", Err(Form)),
        ("é020-03-01T10:00:00Z", Err(Form)),
        ("2600-03-01T10:00:00Z", Err(Range)),
        ("1677-09-21T00:12:43.145224191Z", Err(Range)),
        ("1677-09-21T00:12:43.145224192Z", Ok(Timestamp::MIN)),
        ("2262-04-11T23:47:16.854775807Z", Ok(Timestamp::MAX)),
        ("2262-04-11T23:47:16.854775808Z", Err(Range)),
    ] {
        assert_eq!(text.parse::<Timestamp>(), expected, "{text}");
    }
}
