//! Ticks of every resolution and offset to nanoseconds.

use super::super::resolution::TickClock;
use super::*;

#[test]
fn ticks_of_any_resolution_and_offset_become_nanoseconds() {
    const NS: i64 = NANOS_PER_SECOND;
    let (min, max) = (i64::MIN, i64::MAX);
    for (resolution, offset_seconds, ticks, expected, clamped) in [
        (6, 0, 1_700_000_000_123_456, 1_700_000_000_123_456_000, false),
        (9, 0, 1_700_000_000_123_456_789, 1_700_000_000_123_456_789, false),
        (0, 0, 1_700_000_000, 1_700_000_000 * NS, false),
        (3, 1, 1, NS + 1_000_000, false),
        (12, 0, 1_999, 1, false),
        (12, -1, 1_999, 1 - NS, false),
        (19, 0, u64::MAX, 1_844_674_407, false),
        (28, 0, u64::MAX, 1, false),
        (29, 0, u64::MAX, 0, false),
        (127, 5, u64::MAX, 5 * NS, false),
        (0x80, 0, 3, 3 * NS, false),
        (0x81, 0, 3, 1_500_000_000, false),
        (0x94, 0, 1 << 20, NS, false),
        (0x9e, 0, 3, 2, false),
        (0xbf, 0, u64::MAX, 2 * NS - 1, false),
        (0xc0, 0, u64::MAX, NS - 1, false),
        (0xff, -5, u64::MAX, -5 * NS, false),
        // The ends of what 64 bits of nanoseconds hold.
        (9, 0, max as u64, max, false),
        (9, 0, max as u64 + 1, max, true),
        (9, 0, u64::MAX, max, true),
        (9, -9_223_372_036, u64::MAX, max, true),
        (9, -9_223_372_037, u64::MAX, 9_223_372_036_709_551_615, false),
        (6, 0, u64::MAX, max, true),
        (0, 0, u64::MAX, max, true),
        (0x80, 0, u64::MAX, max, true),
        (6, min, 0, min, true),
        (6, min, u64::MAX, min, true),
        (0, min, 1 << 63, 0, false),
        (0, min, (1 << 63) + 7, 7 * NS, false),
        (0, max, u64::MAX, max, true),
        (6, -9_223_372_036, 0, -9_223_372_036 * NS, false),
        (6, -9_223_372_037, 0, min, true),
    ] {
        let instant = TickClock::new(resolution, offset_seconds).instant(ticks);
        let told = (instant.timestamp, instant.clamped);
        assert_eq!(told, (Timestamp::from_nanos(expected), clamped), "{resolution:#x}, {offset_seconds} s, {ticks}");
    }
}

#[test]
fn no_resolution_or_offset_panics_and_time_never_runs_backwards() {
    for resolution in 0..=u8::MAX {
        for offset_seconds in [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX] {
            let clock = TickClock::new(resolution, offset_seconds);
            let instants = [0, 1, 999, 1 << 32, 1 << 63, u64::MAX].map(|ticks| clock.instant(ticks).timestamp);
            assert!(instants.is_sorted(), "{resolution:#x}, {offset_seconds} s: {instants:?}");
        }
    }
}
