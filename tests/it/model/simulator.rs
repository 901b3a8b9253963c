//! What a simulator would be fed: the model of the truth, and those of what each method finds.
//!
//! The objects that `video.example` sent in the lab, in all captures in which it did. Their table is a snapshot, of which that in
//! `docs/method.md` is a copy.

use crate::support::{File, analyze, assert_snapshot, captures, config, read_table};
use analyzer_core::flow::Direction;
use analyzer_core::model::{
    DirectionModel, Distribution, GroupBy, Grouping, Model, ObjectFacts, ObjectRow, Rows, Variable,
};
use analyzer_core::time::Timestamp;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::SocketAddr;

const HOST: &str = "video.example";
const CAPTURES: [&str; 8] =
    ["dash-far", "dash-fast", "dash-lossy", "dash-near", "dash-tight", "maps-music", "phone-mix", "quic-video"];

/// The objects that were really exchanged.
fn truth() -> Model {
    let mut rows = Rows::default();
    for capture in CAPTURES {
        for row in read_table(&captures("truth/lab").join(format!("{capture}.truth.csv"))) {
            let time = |column: &str| Timestamp::from_nanos(row.number(column));
            rows.push(&ObjectRow {
                group: row.text("host").to_owned(),
                stream: format!("{capture}/{}", row.text("stream")),
                client: "phone".to_owned(),
                direction: if row.text("dir") == "up" { Direction::Up } else { Direction::Down },
                start: time("start_ns"),
                end: time("end_ns"),
                payload_bytes: row.number("bytes"),
            });
        }
    }
    Model::of(&rows, GroupBy::Server, "truth", Vec::new(), Vec::new())
}

/// When each stream was first asked something or told it.
fn firsts(capture: &str) -> HashMap<String, Timestamp> {
    let mut firsts = HashMap::new();
    for row in read_table(&captures("truth/lab").join(format!("{capture}.truth.csv"))) {
        let start = Timestamp::from_nanos(row.number("start_ns"));
        let first = firsts.entry(row.text("stream").to_owned()).or_insert(start);
        *first = start.min(*first);
    }
    firsts
}

/// The objects that a method finds, with or without those that start before there is one of the truth: handshakes.
fn found(method: &str, with_handshakes: bool) -> Model {
    let mut grouping = Grouping::new(GroupBy::Server);
    for capture in CAPTURES {
        let firsts = firsts(capture);
        let path = captures("truth/lab").join(format!("{capture}.pcap.gz"));
        let analysis = analyze(&config(method), usize::MAX, &[File::read(&path)]);
        for object in &analysis.records.objects {
            let server = analysis.totals.names.server(object.stream.naming, object.stream.server.ip);
            let ends = [object.stream.client, object.stream.server].map(|end| SocketAddr::from((end.ip, end.port)));
            let stream = format!("{} {} {}", object.stream.transport.as_str(), ends[0], ends[1]);
            if !with_handshakes && firsts.get(&stream).is_none_or(|first| object.start < *first) {
                continue;
            }
            let ends = ends.map(|end| end.ip().to_string());
            grouping.add(&ObjectFacts {
                analysis: capture,
                capture,
                method,
                stream: &object.stream.id.to_string(),
                client: &ends[0],
                server: &ends[1],
                domain: server.domain,
                registered_domain: server.registered_domain,
                application: server.application,
                direction: object.direction,
                start: object.start,
                duration_ns: object.end.nanos_since(object.start),
                payload_bytes: object.payload_bytes,
            });
        }
    }
    grouping.model("found")
}

/// What the host sent.
fn down(model: &Model) -> &DirectionModel {
    &model.groups.iter().find(|group| group.key == HOST).expect("the host is a group").down
}

/// Name, digits after the point that are shown, and value.
type Figure = (&'static str, usize, f64);

/// What simulators take.
fn figures(of: &DirectionModel) -> [Figure; 6] {
    let (mu, sigma) = lognormal(&of.size_bytes);
    [
        ("objects", 0, of.objects as f64),
        ("mean size, kB", 1, of.size_bytes.mean.expect("objects") / 1e3),
        ("lognormal μ of size", 2, mu),
        ("lognormal σ of size", 2, sigma),
        ("median duration, ms", 2, of.duration_s.quantiles[50] * 1e3),
        ("mean inter-arrival, s", 3, of.inter_arrival_s.mean.expect("two objects")),
    ]
}

fn lognormal(size: &Variable) -> (f64, f64) {
    let parameters = |distribution: Distribution| match distribution {
        Distribution::Lognormal { mu, sigma } => Some((mu, sigma)),
        _ => None,
    };
    size.fits.iter().find_map(|fit| parameters(fit.distribution)).expect("enough objects")
}

#[test]
fn the_error_of_each_method() {
    let truth = figures(down(&truth()));
    assert_eq!(truth[0].2.to_bits(), 218.0_f64.to_bits(), "the objects of all captures");
    let mut table = String::from("| objects down |");
    for (name, ..) in truth {
        let _ = write!(table, " {name} |");
    }
    let _ = write!(table, "\n| --- |{}\n| truth |", " ---: |".repeat(truth.len()));
    for (_, digits, value) in truth {
        let _ = write!(table, " {value:.digits$} |");
    }
    for method in ["exchange", "mean-gap"] {
        for (with_handshakes, what) in [(true, ""), (false, ", handshakes left out")] {
            let found = figures(down(&found(method, with_handshakes)));
            put(&format!("`{method}`{what}"), &truth, &found, &mut table);
        }
    }
    table.push('\n');
    assert_snapshot("simulator", &table);
}

/// A row with the figures, and one with how far each is from the truth.
fn put(name: &str, truth: &[Figure], found: &[Figure], table: &mut String) {
    let _ = write!(table, "\n| {name} |");
    for (_, digits, value) in found {
        let _ = write!(table, " {value:.digits$} |");
    }
    table.push_str("\n| … error |");
    for ((.., truth), (.., found)) in truth.iter().zip(found) {
        let _ = write!(table, " {:+.1} % |", (found / truth - 1.0) * 100.0);
    }
}
