//! Bins, quantiles and what stands in JSON.

use super::{histogram, random};
use crate::model::Histogram;
use crate::model::histogram::bounds;
use crate::model::significant::significant;
use crate::summary::{BIN_COUNT, bin_of};

#[test]
fn extremes_and_sums_are_exact() {
    for values in [vec![5], vec![0, 0], vec![1_000_003, 999_999_999_999, 7], vec![u64::MAX, u64::MAX, 0]] {
        let of = histogram(values.clone());
        assert_eq!(of.count(), values.len() as u64);
        assert_eq!(of.sum(), values.iter().map(|value| u128::from(*value)).sum());
        assert_eq!((of.min(), of.max()), (values.iter().min().copied(), values.iter().max().copied()));
        assert_eq!(of.zeros(), values.iter().filter(|value| **value == 0).count() as u64);
        assert_eq!((of.quantile(0.0), of.quantile(1.0)), (of.min(), of.max()));
    }
    let equal = histogram([1_000_003; 5]);
    assert_eq!(
        (equal.quantile(0.5), equal.points().next()),
        (Some(1_000_003), Some((1_000_003, 5))),
        "not the midpoint"
    );
    let empty = Histogram::default();
    assert_eq!((empty.min(), empty.max(), empty.mean(), empty.quantile(0.5)), (None, None, None, None));
    assert!(empty.quantiles().is_empty());
}

#[test]
fn a_quantile_is_the_smallest_value_that_the_share_does_not_exceed() {
    let hundred = histogram(1..=100);
    for percent in 1..=100_u64 {
        assert_eq!(hundred.quantile(percent as f64 / 100.0), Some(percent));
    }
    assert_eq!(hundred.quantiles(), std::iter::once(1).chain(1..=100).collect::<Vec<_>>());
    let three = histogram([10, 20, 30]);
    for (q, value) in [(-1.0, 10), (0.33, 10), (0.34, 20), (0.66, 20), (0.67, 30), (2.0, 30)] {
        assert_eq!(three.quantile(q), Some(value), "{q}");
    }
}

#[test]
fn quantiles_are_near_those_of_the_values() {
    let mut values: Vec<u64> = random(5000).map(|value| value % 1_000_000_007).collect();
    let quantiles = histogram(values.iter().copied()).quantiles();
    values.sort_unstable();
    assert_eq!(quantiles.len(), 101);
    for (percent, value) in quantiles.into_iter().enumerate() {
        let exact = values[(values.len() * percent).div_ceil(100).max(1) - 1];
        assert!(value.abs_diff(exact) <= exact / 128, "{percent} %: {value} for {exact}");
    }
}

#[test]
fn bounds_are_those_of_the_bin() {
    for bin in 0..BIN_COUNT as u16 {
        let (low, high) = bounds(bin);
        assert_eq!(bin_of(low), bin);
        assert!(low == 0 || bin_of(low - 1) == bin - 1);
        let next = if bin < 128 || bin + 1 == BIN_COUNT as u16 { bin } else { bin + 1 };
        assert_eq!(bin_of(high), next);
        assert!(next == bin || bounds(next).0 == high);
    }
}

#[test]
fn merged_in_any_order_and_grouping_it_is_the_same_text() {
    let values: Vec<u64> = random(900).map(|value| value >> (value % 31)).collect();
    let whole = serde_json::to_string(&histogram(values.iter().copied())).expect("JSON");
    for size in [1, 7, 100, 899] {
        let parts: Vec<Histogram> = values.chunks(size).map(|part| histogram(part.iter().copied())).collect();
        let merged = |parts: &mut dyn Iterator<Item = &Histogram>| {
            parts.fold(Histogram::default(), |mut all, part| {
                all.merge(part);
                all
            })
        };
        let pairs: Vec<Histogram> = parts.chunks(2).map(|pair| merged(&mut pair.iter().rev())).collect();
        for all in [merged(&mut parts.iter()), merged(&mut parts.iter().rev()), merged(&mut pairs.iter())] {
            assert_eq!(serde_json::to_string(&all).expect("JSON"), whole);
        }
    }
}

#[test]
fn its_json_is_read_back() {
    for values in [vec![], vec![0], vec![1, 1, 64, 1_000_000], vec![u64::MAX; 3]] {
        let of = histogram(values);
        let text = serde_json::to_string(&of).expect("JSON");
        assert_eq!(serde_json::from_str::<Histogram>(&text).expect("read back"), of);
    }
    let text = serde_json::to_string(&histogram([3, 3, 64])).expect("JSON");
    assert_eq!(text, r#"{"bins":[[3,2],[64,1]],"sum":"70","min":3,"max":64}"#);
}

#[test]
fn a_text_that_contradicts_itself_is_refused() {
    for (text, why) in [
        (r#"{"bins":[[4,1],[3,1]],"sum":"7","min":3,"max":4}"#, "not in order"),
        (r#"{"bins":[[3,1],[3,1]],"sum":"6","min":3,"max":3}"#, "not in order"),
        (r#"{"bins":[[3,0]],"sum":"0","min":3,"max":3}"#, "empty"),
        (r#"{"bins":[[3776,1]],"sum":"1","min":1,"max":1}"#, "unknown"),
        (r#"{"bins":[[3,1]],"sum":"-3","min":3,"max":3}"#, "no whole number"),
        (r#"{"bins":[[3,1]],"sum":"3","min":2,"max":3}"#, "minimum and maximum"),
        (r#"{"bins":[],"sum":"0","min":2,"max":3}"#, "minimum and maximum"),
        (r#"{"bins":[[3,1]],"sum":"3","min":null,"max":null}"#, "minimum and maximum"),
    ] {
        let error = serde_json::from_str::<Histogram>(text).expect_err(text).to_string();
        assert!(error.contains(why), "{text}: {error}");
    }
}

#[test]
fn hostile_counts_do_not_wrap() {
    let text = format!(r#"{{"bins":[[3,{0}],[4,{0}]],"sum":"{1}","min":3,"max":4}}"#, u64::MAX, u128::MAX);
    let mut of: Histogram = serde_json::from_str(&text).expect("well formed");
    let same = of.clone();
    of.merge(&same);
    of.add(3);
    assert_eq!((of.count(), of.sum(), of.quantile(0.5)), (u64::MAX, u128::MAX, Some(3)));
}

#[test]
fn six_digits_are_significant() {
    for (value, text) in [
        (0.0, "0.0"),
        (-0.0, "0.0"),
        (1.0, "1.0"),
        (1_234_567.0, "1234570.0"),
        (123_456.5, "123456.0"),
        (123_457.5, "123458.0"),
        (0.000_012_345_678, "0.0000123457"),
        (-2.345_678_9, "-2.34568"),
        (999_999.9, "1000000.0"),
        (1.0 / 3.0, "0.333333"),
        (9.876_543_21e-12, "9.87654e-12"),
    ] {
        let rounded = significant(value);
        assert_eq!(serde_json::to_string(&rounded).expect("JSON"), text);
        assert_eq!(significant(rounded).to_bits(), rounded.to_bits(), "rounding again changes nothing");
    }
}
