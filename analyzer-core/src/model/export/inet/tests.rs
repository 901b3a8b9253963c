//! Sections of an `omnetpp.ini`, read back.

use super::*;
use crate::model::export::fixture;

/// Sections of an ini file by name, each with its keys and values; panics where a line is none of the grammar.
fn parse(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut sections = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("[Config ") {
            let name = name.strip_suffix(']').unwrap();
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}");
            sections.push((name.to_owned(), Vec::new()));
        } else {
            let (key, value) = line.split_once(" = ").unwrap();
            sections.last_mut().unwrap().1.push((key.to_owned(), value.to_owned()));
        }
    }
    sections
}

fn value<'a>(section: &'a [(String, String)], key: &str) -> &'a str {
    let mut found = section.iter().filter(|(name, _)| name == key);
    let (_, value) = found.next().unwrap_or_else(|| panic!("no {key}"));
    assert!(found.next().is_none(), "{key} twice");
    value
}

/// Calls `name(number, …)` in an expression.
fn calls(expression: &str) -> Vec<(String, Vec<f64>)> {
    let numbers = |text: &str| text.split(", ").map(|number| number.parse().ok()).collect::<Option<Vec<f64>>>();
    let pieces = expression.split('(').collect::<Vec<_>>();
    let call = |pair: &[&str]| {
        let name = pair[0].rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap();
        Some((name.to_owned(), numbers(pair[1].split(')').next().unwrap())?))
    };
    pieces.windows(2).filter_map(call).collect()
}

#[test]
fn every_family_is_drawn_with_its_parameters_in_the_order_of_ned() {
    let expected: [&[(&str, &[f64])]; 5] = [
        &[("exponential", &[1234.5])],
        &[("lognormal", &[7.25, 1.5])],
        &[("weibull", &[900.0, 0.75])],
        &[("pareto_shifted", &[1.25, 64.0, 0.0])],
        &[("uniform", &[0.0, 1.0]), ("lognormal", &[4.5, 0.5]), ("lognormal", &[9.5, 1.25])],
    ];
    for (distribution, expected) in fixture::DISTRIBUTIONS.into_iter().zip(expected) {
        let mut model = fixture::model();
        model.groups[0].down.size_bytes.fits = vec![fixture::fit(distribution)];
        let sections = parse(&files(&model, None)[0].content);
        let length = value(&sections[0].1, "*.client.app[0].replyLength");
        assert!(length.starts_with("1B * max(1, int(0.5 + ") && length.ends_with("))"), "{length}");
        let expected: Vec<_> = expected.iter().map(|(name, of)| ((*name).to_owned(), of.to_vec())).collect();
        assert_eq!(calls(length), expected);
        assert_eq!(length.matches('(').count(), length.matches(')').count());
        assert_eq!(length.contains("< 0.375 ?"), distribution.family() == "lognormal_mixture");
    }
}

#[test]
fn what_is_not_fitted_is_its_mean_and_says_so() {
    let model = fixture::model();
    let text = &files(&model, None)[0].content;
    let sections = parse(text);
    let first = &sections[0].1;
    assert_eq!(value(first, "*.client.app[0].requestLength"), "1B * max(1, int(0.5 + 400))");
    assert_eq!(value(first, "*.client.app[0].numRequestsPerSession"), "max(1, int(0.5 + 1.5))");
    assert_eq!(value(first, "*.client.app[0].thinkTime"), "1s * 3");
    assert_eq!(
        value(first, "*.server.app[0].replyDelay"),
        format!("{}s", model.groups[0].down.think_time_s.mean.unwrap())
    );
    assert_eq!(value(first, "*.client.app[0].idleInterval"), "1s");
    assert!(
        text.contains("# mean of 3 values: they were too few or too equal for a fit\n*.client.app[0].requestLength")
    );
    assert!(text.contains("# no value was seen\n*.client.app[0].replyLength = 1B * max(1, int(0.5 + 0))"));
}

#[test]
fn zeros_are_drawn_beside_the_fit() {
    let mut model = fixture::model();
    let think = &mut model.groups[0].up.think_time_s;
    (think.n, think.zeros, think.fits) = (8, 2, vec![fixture::fit(fixture::DISTRIBUTIONS[0])]);
    let sections = parse(&files(&model, None)[0].content);
    let time = value(&sections[0].1, "*.client.app[0].thinkTime");
    assert_eq!(time, "1s * (uniform(0, 1) < 0.25 ? 0.0 : exponential(1234.5))");
}

#[test]
fn a_fit_that_is_no_number_is_passed_over() {
    let mut model = fixture::model();
    let broken = Distribution::Lognormal { mu: f64::NAN, sigma: 1.0 };
    model.groups[0].down.size_bytes.fits = [broken, fixture::DISTRIBUTIONS[0]].map(fixture::fit).to_vec();
    let sections = parse(&files(&model, None)[0].content);
    assert!(value(&sections[0].1, "*.client.app[0].replyLength").contains("exponential(1234.5)"));
}

#[test]
fn hostile_keys_make_no_section_and_no_line() {
    let sections = parse(&files(&fixture::model(), None)[0].content);
    let names: Vec<&str> = sections.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names.len(), fixture::KEYS.len());
    assert_eq!(names[0], "video_example");
    for (_, section) in &sections {
        assert_eq!(section.len(), 12);
        let description = value(section, "description");
        assert!(description.matches('"').count() == 2 && !description.contains('$'), "{description}");
    }
}

#[test]
fn the_replay_sends_every_object_at_its_time() {
    let rows = fixture::rows();
    let sections = parse(&files(&fixture::model(), Some(&rows))[0].content);
    let (name, replay) = sections.last().unwrap();
    assert_eq!(name, "replay");
    let script = |module: &str, app: usize| -> Vec<(f64, u64)> {
        let script = value(replay, &format!("*.{module}.app[{app}].sendScript")).trim_matches('"');
        assert_eq!(value(replay, &format!("*.{module}.app[{app}].sendBytes")), "0B");
        let pair =
            |pair: &str| pair.split_once(' ').map(|(time, bytes)| (time.parse().unwrap(), bytes.parse().unwrap()));
        script.split(';').map(|text| pair(text).unwrap()).collect()
    };
    // The capture's first object is sent after 1 s.
    assert_eq!(script("client", 0), [(1.0, 300), (5.0, 500)]);
    assert_eq!(script("client", 1), [(2.0, 1_000), (2.75, 10)]);
    assert_eq!(script("client", 2), [(4.0, 5)]);
    assert_eq!(script("client", 3), [(9.0, 400)]);
    assert_eq!(script("server", 0), [(1.05, 50_000), (5.15, 150_000)]);
    // The stream that only sends up has no application on the server: its script would be empty, which is an error.
    assert_eq!(script("server", 2), [(9.1, 100_000)]);
    assert_eq!(value(replay, "*.client.numApps"), "5");
    assert_eq!(value(replay, "*.server.numApps"), "4");
    assert_eq!(value(replay, "*.client.app[4].typename"), "\"TcpSinkApp\"");
    assert_eq!(value(replay, "*.client.app[0].tOpen"), "0s");
    assert_eq!(value(replay, "*.client.app[0].tClose"), "5s");
}

#[test]
fn with_rows_the_pauses_of_clients_are_known() {
    let rows = fixture::rows();
    let sections = parse(&files(&fixture::model(), Some(&rows))[0].content);
    assert_eq!(value(&sections[0].1, "*.client.app[0].idleInterval"), "1s * 3");
}

#[test]
fn no_group_takes_the_name_of_a_section_that_means_something() {
    let mut model = fixture::model();
    model.groups[0].key = "General".to_owned();
    model.groups[1].key = "replay".to_owned();
    let sections = parse(&files(&model, Some(&fixture::rows()))[0].content);
    let names: Vec<&str> = sections.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["General_2", "replay", "_cmd___c_calc__A1", "replay_2"]);
}
