//! Models of objects: what is counted, how it merges, and fits against those of other programs.

mod conversation;
mod distribution;
mod fits;
mod histogram;
mod merge;
mod reference;
mod rows;

use super::{Histogram, Model, ObjectRow, Rows};
use crate::flow::Direction;
use crate::time::Timestamp;

/// Numbers that look random and are the same everywhere (D. E. Knuth, MMIX).
fn random(n: usize) -> impl Iterator<Item = u64> {
    let next =
        |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    std::iter::successors(next(&1), next).map(|state| state >> 33).take(n)
}

fn histogram(values: impl IntoIterator<Item = u64>) -> Histogram {
    let mut histogram = Histogram::default();
    values.into_iter().for_each(|value| histogram.add(value));
    histogram
}

fn row(stream: &str, direction: Direction, start: i64, end: i64, payload_bytes: u64) -> ObjectRow {
    ObjectRow {
        group: "example.org".to_owned(),
        stream: stream.to_owned(),
        client: "10.0.0.1".to_owned(),
        direction,
        start: Timestamp::from_nanos(start),
        end: Timestamp::from_nanos(end),
        payload_bytes,
    }
}

fn rows<'a>(all: impl IntoIterator<Item = &'a ObjectRow>) -> Rows {
    let mut rows = Rows::default();
    all.into_iter().for_each(|row| rows.push(row));
    rows
}

fn json(model: &Model) -> String {
    serde_json::to_string(model).expect("a model is JSON")
}
