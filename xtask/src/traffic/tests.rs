//! Round trips: what is played from a model has that model.

use super::{play, shares};
use analyzer_core::flow::Direction;
use analyzer_core::model::{
    DirectionModel, Distribution, Fit, Goodness, Group, GroupBy, Grouping, MODEL_SCHEMA, Model, ObjectFacts, Unit,
    Variable,
};
use analyzer_core::record::ObjectRecord;
use analyzer_core::sink::ndjson::NdjsonEncoder;
use serde_json::Value;

const OBJECTS: u64 = 20_000;
/// In each direction of a stream. So of each direction there are 10 000 sizes and durations, and 9 500 inter-arrivals.
const OBJECTS_PER_STREAM: f64 = 20.0;

/// A variable with nothing but a fit.
fn fitted(unit: Unit, distribution: Distribution) -> Variable {
    let goodness = Goodness { ks: 0.0, ad: 0.0, aic: 0.0 };
    Variable { fits: vec![Fit { distribution, goodness }], ..constant(unit, 1.0) }
}

/// A variable that is always the same: all it has is quantiles.
fn constant(unit: Unit, value: f64) -> Variable {
    let mut variable = Variable::of(unit, analyzer_core::model::Histogram::default());
    (variable.n, variable.quantiles) = (1_000, vec![value; 101]);
    variable
}

fn direction(objects: u64) -> DirectionModel {
    DirectionModel {
        objects,
        payload_bytes: objects,
        size_bytes: constant(Unit::Byte, 1_000.0),
        duration_s: constant(Unit::Second, 0.0),
        inter_arrival_s: constant(Unit::Second, 1.0),
        think_time_s: constant(Unit::Second, 0.01),
        objects_per_stream: constant(Unit::Object, OBJECTS_PER_STREAM),
    }
}

fn group(key: &str) -> Group {
    Group { key: key.to_owned(), streams: 1_000, up: direction(20_000), down: direction(20_000) }
}

fn model(by: GroupBy, groups: Vec<Group>) -> Model {
    let texts = |text: &str| vec![text.to_owned()];
    let (captures, method) = (texts("monday"), texts("exchange"));
    Model { schema: MODEL_SCHEMA, tool: "test".to_owned(), by, captures, method, groups }
}

/// What is played of a model, as the lines of its file.
fn lines(model: &Model, group: Option<&str>, objects: u64, seed: u64) -> anyhow::Result<Vec<u8>> {
    let (encoder, mut lines) = (NdjsonEncoder::<ObjectRecord>::new(), Vec::new());
    play(model, group, objects, seed, |record, context| {
        encoder.encode(record, context, &mut lines);
        Ok(())
    })?;
    Ok(lines)
}

/// The model of lines of records.
fn fit(lines: &[u8], by: GroupBy) -> Model {
    let mut grouping = Grouping::new(by);
    for line in serde_json::Deserializer::from_slice(lines).into_iter::<Value>() {
        let line = line.expect("a line of JSON");
        let text = |path: &str| line.pointer(path).and_then(Value::as_str);
        let needed = |path: &str| text(path).unwrap_or_else(|| panic!("{path} is no text in {line}"));
        let number = |path: &str| line.pointer(path).and_then(Value::as_u64).expect(path);
        grouping.add(&ObjectFacts {
            analysis: needed("/sniffit/analysis/id"),
            capture: needed("/sniffit/capture/name"),
            method: needed("/sniffit/method"),
            stream: needed("/sniffit/stream/id"),
            client: needed("/client/ip"),
            server: needed("/server/ip"),
            domain: text("/server/domain"),
            registered_domain: text("/server/registered_domain"),
            application: text("/network/application"),
            direction: if needed("/sniffit/direction") == "up" { Direction::Up } else { Direction::Down },
            start: needed("/event/start").parse().expect("a time"),
            duration_ns: number("/event/duration"),
            payload_bytes: number("/sniffit/payload_bytes"),
        });
    }
    grouping.model("test")
}

/// The least AIC has the family that was drawn from, and its parameters are as near as `n` values allow: each within
/// three standard errors, which are told for one value.
#[track_caller]
fn check_fit(name: &str, found: &Variable, drawn: Distribution, errors: &[f64]) {
    let best = found.fits.first().unwrap_or_else(|| panic!("{name}: no fit")).distribution;
    assert_eq!(best.family(), drawn.family(), "{name}: {:?}", found.fits);
    let (found_parameters, expected) = (parameters(best), parameters(drawn));
    assert_eq!(errors.len(), expected.len(), "{name}: an error for each parameter");
    for ((found_one, expected), error) in found_parameters.iter().zip(&expected).zip(errors) {
        let allowed = 3.0 * error / (found.n as f64).sqrt();
        assert!(
            (found_one - expected).abs() <= allowed,
            "{name}: {best:?} was drawn from {drawn:?}; {found_one} is farther than {allowed} from {expected}"
        );
        // What the errors come to: no parameter that is not near 0 is off by more than 5 %.
        assert!(allowed <= 0.05 * expected.abs().max(1.0), "{name}: the bound of {expected} is too wide: {allowed}");
    }
}

fn parameters(distribution: Distribution) -> Vec<f64> {
    match distribution {
        Distribution::Exponential { mean } => vec![mean],
        Distribution::Lognormal { mu, sigma } => vec![mu, sigma],
        Distribution::Weibull { shape, scale } => vec![shape, scale],
        Distribution::Pareto { minimum, shape } => vec![minimum, shape],
        Distribution::LognormalMixture { weight, mu, sigma } => vec![weight, mu[0], mu[1], sigma[0], sigma[1]],
    }
}

/// Standard errors are those of maximum likelihood (N. L. Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate
/// Distributions, 1994): of an exponential the mean itself; of a lognormal σ and σ/√2; of a Weibull 0.78 of the shape and
/// 1.053 scale / shape; of a Pareto the shape. Its minimum is nearer than any of them, but sizes are whole bytes. Those of a
/// mixture are those of its parts,
/// which have a share of the values, and a half more, since where they overlap nobody knows whose value it is.
///
/// The seed is one of those where the family with a parameter more, of which the drawn one is a special case, is not the better
/// by chance: of a Weibull for an exponential that is one in six.
#[test]
fn what_is_played_has_the_parameters_that_were_drawn_from() {
    let root = f64::sqrt;
    let size = Distribution::Lognormal { mu: 12.54, sigma: 1.49 };
    let request = Distribution::Pareto { minimum: 300.0, shape: 1.5 };
    let duration = Distribution::Weibull { shape: 0.8, scale: 0.9 };
    let arrival = Distribution::Exponential { mean: 4.0 };
    let (weight, mu, sigma) = (0.35, [-2.0, 2.5], [0.4, 0.8]);
    let pause = Distribution::LognormalMixture { weight, mu, sigma };
    let mut played = group("video.example");
    played.down.size_bytes = fitted(Unit::Byte, size);
    played.down.duration_s = fitted(Unit::Second, duration);
    played.down.inter_arrival_s = fitted(Unit::Second, arrival);
    played.up.size_bytes = fitted(Unit::Byte, request);
    played.up.inter_arrival_s = fitted(Unit::Second, pause);
    let by = GroupBy::Server;
    let found = fit(&lines(&model(by, vec![played]), None, OBJECTS, 7).expect("a model that can be played"), by);
    let Group { up, down, streams, .. } = &found.groups[0];
    assert_eq!((*streams, up.objects, down.objects), (500, 10_000, 10_000));
    check_fit("size", &down.size_bytes, size, &[1.49, 1.49 / root(2.0)]);
    check_fit("duration", &down.duration_s, duration, &[0.78 * 0.8, 1.053 * 0.9 / 0.8]);
    check_fit("inter-arrival", &down.inter_arrival_s, arrival, &[4.0]);
    check_fit("request", &up.size_bytes, request, &[100.0, 1.5]);
    let part = |share: f64, sigma: f64| 1.5 * sigma / root(share);
    let errors = [
        1.5 * root(weight * (1.0 - weight)),
        part(weight, sigma[0]),
        part(1.0 - weight, sigma[1]),
        part(weight, sigma[0]) / root(2.0),
        part(1.0 - weight, sigma[1]) / root(2.0),
    ];
    check_fit("pause", &up.inter_arrival_s, pause, &errors);
    // The others are what they always were.
    assert_eq!((up.duration_s.zeros, up.duration_s.n), (10_000, 10_000));
    for direction in [up, down] {
        let objects = &direction.objects_per_stream;
        assert_eq!((objects.n, objects.min, objects.max), (500, Some(OBJECTS_PER_STREAM), Some(OBJECTS_PER_STREAM)));
    }
    assert_eq!(found.method, ["exchange"]);
}

#[test]
fn groups_have_their_keys_again() {
    let cases: [(GroupBy, &[&str]); 4] = [
        (GroupBy::Application, &["maps", "unknown", "google_maps", "a.b-c"]),
        (GroupBy::Domain, &["example.org", "bbc.co.uk", "co.uk", "192.0.2.1", "2001:db8::1"]),
        (GroupBy::Server, &["www.example.org", "192.0.2.1", "2001:db8::1", "a\\x20b.example"]),
        (GroupBy::All, &["all"]),
    ];
    for (by, keys) in cases {
        let model = model(by, keys.iter().map(|key| group(key)).collect());
        let mut expected = keys.to_vec();
        expected.sort_unstable();
        check_keys(&model, None, &expected);
        check_keys(&model, Some(keys[0]), &keys[..1]);
    }
}

#[track_caller]
fn check_keys(model: &Model, wanted: Option<&str>, expected: &[&str]) {
    let objects = 1_001;
    let found = fit(&lines(model, wanted, objects, 3).expect("a model that can be played"), model.by);
    let mut keys: Vec<&str> = found.groups.iter().map(|group| group.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, expected);
    let sum: u64 = found.groups.iter().map(|group| group.up.objects + group.down.objects).sum();
    assert_eq!(sum, objects, "{keys:?}");
}

#[test]
fn refusals_say_why() {
    let empty = || Group { up: direction(0), down: direction(0), ..group("x") };
    let cases = [
        (model(GroupBy::Application, vec![group("My App")]), None, "no name of an application"),
        (model(GroupBy::Domain, vec![group("www.example.org")]), None, "www.example.org is no domain"),
        (model(GroupBy::All, vec![group("all")]), Some("maps"), "the model has no group maps; it has all"),
        (model(GroupBy::All, vec![]), None, "the model has no objects"),
        (model(GroupBy::All, vec![empty()]), None, "the model has no objects"),
    ];
    for (model, group, reason) in cases {
        let error = format!("{:#}", lines(&model, group, 10, 1).expect_err(reason));
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn a_seed_decides_all() {
    let mut played = group("all");
    played.down.size_bytes = fitted(Unit::Byte, Distribution::Exponential { mean: 1e4 });
    let model = model(GroupBy::All, vec![played]);
    let of = |seed| lines(&model, None, 500, seed).expect("a model that can be played");
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[test]
fn shares_add_up() {
    let sized = |objects| Group { up: direction(0), down: direction(objects), ..group("x") };
    for (sizes, objects, expected) in [
        (&[1, 1, 1][..], 10, &[3, 3, 4][..]),
        (&[5], 7, &[7]),
        (&[1_000_000, 1], 10, &[9, 1]),
        (&[0, 1 << 62, 1 << 62], 1 << 62, &[0, 1 << 61, 1 << 61]),
    ] {
        let groups: Vec<Group> = sizes.iter().map(|size| sized(*size)).collect();
        assert_eq!(shares(&groups.iter().collect::<Vec<_>>(), objects).expect("objects"), expected, "{sizes:?}");
    }
}
