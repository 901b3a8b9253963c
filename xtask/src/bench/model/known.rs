//! The model whose objects are measured.
//!
//! In: nothing. Out: five groups as different as a telephone's: few great objects and many small ones, streams of two objects and of hundreds.

use analyzer_core::model::{
    DirectionModel, Distribution, Fit, Goodness, Group, GroupBy, Histogram, MODEL_SCHEMA, Model, Unit, Variable,
};

pub(super) const GROUPS: usize = 5;

/// Key, share of the objects, objects a stream, ln of size up and down with their deviations, mean s from start to start.
type Shape = (&'static str, u64, f64, (f64, f64), (f64, f64), f64);

const SHAPES: [Shape; GROUPS] = [
    ("video.example", 10, 40.0, (6.3, 0.3), (12.54, 1.49), 4.0),
    ("www.example", 40, 8.0, (6.0, 0.6), (9.1, 1.7), 0.4),
    ("api.example", 30, 2.0, (6.8, 0.9), (7.5, 1.1), 2.5),
    ("chat.example", 15, 300.0, (5.0, 0.8), (5.2, 0.9), 30.0),
    ("photos.example", 5, 12.0, (13.1, 0.9), (6.1, 0.4), 1.5),
];

pub(super) fn model() -> Model {
    let groups = SHAPES.map(|(key, objects, objects_per_stream, up, down, inter_arrival_s)| Group {
        key: key.to_owned(),
        streams: objects,
        up: direction(objects, objects_per_stream, up, inter_arrival_s),
        down: direction(objects, objects_per_stream, down, inter_arrival_s),
    });
    Model {
        schema: MODEL_SCHEMA,
        tool: "bench".to_owned(),
        by: GroupBy::Server,
        captures: Vec::new(),
        method: vec!["exchange".to_owned()],
        groups: groups.into(),
    }
}

fn direction(objects: u64, objects_per_stream: f64, size: (f64, f64), inter_arrival_s: f64) -> DirectionModel {
    let (mu, sigma) = size;
    DirectionModel {
        objects,
        payload_bytes: objects,
        size_bytes: variable(Unit::Byte, objects, Distribution::Lognormal { mu, sigma }),
        duration_s: variable(Unit::Second, objects, Distribution::Weibull { shape: 0.7, scale: 0.2 }),
        inter_arrival_s: variable(Unit::Second, objects, Distribution::Exponential { mean: inter_arrival_s }),
        think_time_s: variable(Unit::Second, objects, Distribution::Lognormal { mu: -3.5, sigma: 0.8 }),
        objects_per_stream: variable(Unit::Object, objects, Distribution::Exponential { mean: objects_per_stream }),
    }
}

fn variable(unit: Unit, n: u64, distribution: Distribution) -> Variable {
    let goodness = Goodness { ks: 0.0, ad: 0.0, aic: 0.0 };
    Variable { n, fits: vec![Fit { distribution, goodness }], ..Variable::of(unit, Histogram::default()) }
}
