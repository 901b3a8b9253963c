//! A model and rows for the tests of all exports.
//!
//! In: nothing. Out: groups with hostile keys, and a fit of every family. Guaranteed: the same each time.

use crate::flow::Direction;
use crate::model::{Distribution, Fit, Goodness, GroupBy, Model, ObjectRow, Rows};
use crate::time::Timestamp;

/// Keys of the groups, most bytes first; no host name is as hostile.
pub(super) const KEYS: [&str; 3] = ["video.example", "]\n[Config evil\" -->\u{1}<&${x},", "=cmd|'/c calc'!A1"];

/// A fit of every family.
pub(super) const DISTRIBUTIONS: [Distribution; 5] = [
    Distribution::Exponential { mean: 1234.5 },
    Distribution::Lognormal { mu: 7.25, sigma: 1.5 },
    Distribution::Weibull { shape: 0.75, scale: 900.0 },
    Distribution::Pareto { minimum: 64.0, shape: 1.25 },
    Distribution::LognormalMixture { weight: 0.375, mu: [4.5, 9.5], sigma: [0.5, 1.25] },
];

/// The model of [`rows`], without fits but for one: the lognormal of what the first group sends down.
pub(super) fn model() -> Model {
    let mut model = Model::of(&rows(), GroupBy::Server, "sniffit 0", vec!["a.pcap".to_owned()], Vec::new());
    model.groups[0].down.size_bytes.fits = vec![fit(DISTRIBUTIONS[1])];
    model
}

/// A fit with any goodness.
pub(super) const fn fit(distribution: Distribution) -> Fit {
    Fit { distribution, goodness: Goodness { ks: 0.03125, ad: 2.5, aic: 4096.0 } }
}

/// Three groups: the first has two streams of request and reply, the second overlaps, the third only sends up.
pub(super) fn rows() -> Rows {
    let objects = [
        (0, "v1", Direction::Up, 1_000, 1_010, 300),
        (0, "v1", Direction::Down, 1_050, 2_000, 50_000),
        (0, "v1", Direction::Up, 5_000, 5_010, 500),
        (0, "v1", Direction::Down, 5_150, 6_000, 150_000),
        (0, "v2", Direction::Up, 9_000, 9_000, 400),
        (0, "v2", Direction::Down, 9_100, 9_900, 100_000),
        (1, "x1", Direction::Up, 2_000, 2_500, 1_000),
        (1, "x1", Direction::Down, 2_250, 3_000, 20_000),
        (1, "x1", Direction::Up, 2_750, 2_800, 10),
        (2, "t1", Direction::Up, 4_000, 4_000, 5),
    ];
    let mut rows = Rows::default();
    for (group, stream, direction, start, end, payload_bytes) in objects {
        let (start, end) = (at(start), at(end));
        let [group, stream, client] = [KEYS[group], stream, "10.0.0.1"].map(str::to_owned);
        rows.push(&ObjectRow { group, stream, client, direction, start, end, payload_bytes });
    }
    rows
}

/// Objects up of one group: stream, client, start and end in ms, bytes.
pub(super) fn rows_of<'a>(objects: impl Iterator<Item = (String, &'a str, u64, u64, u64)>) -> Rows {
    let mut rows = Rows::default();
    for (stream, client, start, end, payload_bytes) in objects {
        let (group, client, direction) = ("g".to_owned(), client.to_owned(), Direction::Up);
        rows.push(&ObjectRow { group, stream, client, direction, start: at(start), end: at(end), payload_bytes });
    }
    rows
}

/// An instant of the fixture's captures.
pub(super) fn at(millis: u64) -> Timestamp {
    Timestamp::from_nanos(1_700_000_000_000_000_000).saturating_add_nanos(millis * 1_000_000)
}
