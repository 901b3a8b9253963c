//! Accuracy: how well each method cuts captures whose objects are known exactly.
//!
//! The scores come from `sniffit score`. The table of methods is a snapshot, so that a change of a rule is a change of
//! numbers that somebody has to accept; the promises stand here as bounds.

use crate::support::{Row, assert_snapshot, captures, parse_table, read_table, sniffit};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

const SETS: [&str; 2] = ["lab", "real"];
const METHODS: [&str; 5] = ["exchange", "exchange-headers", "mean-gap", "fixed:1s", "rtt:1"];

/// Scores of both sets; a row per capture and the mean of each method.
fn score(options: &[&str]) -> Vec<Row> {
    let folders = SETS.map(|set| captures("truth").join(set));
    let fixed = ["score", "--format", "csv"].map(AsRef::as_ref);
    let options = options.iter().map(AsRef::as_ref);
    let run =
        sniffit(fixed.into_iter().chain(options).chain(folders.iter().map(|folder| folder.as_os_str()))).expect(0);
    parse_table(run.text())
}

/// Every method on the captures as they are.
static SCORES: LazyLock<Vec<Row>> = LazyLock::new(|| score(&METHODS.map(|method| ["--method", method]).concat()));

#[track_caller]
fn find<'a>(rows: &'a [Row], set: &str, capture: &str, method: &str) -> &'a Row {
    let same = |row: &&Row| [row.text("set"), row.text("capture"), row.text("method")] == [set, capture, method];
    rows.iter().find(same).unwrap_or_else(|| panic!("no score of {method} on {capture} of {set}"))
}

#[track_caller]
fn mean_f1(rows: &[Row], set: &str, method: &str) -> f64 {
    find(rows, set, "mean", method).number("f1")
}

#[test]
fn the_default_method_is_as_good_as_promised() {
    for (set, method, least) in [
        ("lab", "exchange", 0.96),
        ("real", "exchange", 0.865),
        ("lab", "exchange-headers", 0.935),
        ("real", "exchange-headers", 0.73),
    ] {
        let f1 = mean_f1(&SCORES, set, method);
        assert!(f1 >= least, "{method} on {set}: F1 {f1:.4}, promised {least}");
    }
}

/// What the default is compared with must not get worse than it was when it was measured.
#[test]
fn the_mean_gap_is_as_bad_as_published() {
    for (set, published) in [("lab", 0.34), ("real", 0.389)] {
        let f1 = mean_f1(&SCORES, set, "mean-gap");
        assert!((f1 - published).abs() <= 0.005, "mean-gap on {set}: F1 {f1:.4}, published {published}");
    }
}

/// A mean can hide that one server's responses are cut worse, so each capture has a bound: what the reference
/// reaches on it.
#[test]
fn no_server_stack_falls_behind_the_reference() {
    let reference = read_table(&captures("truth/reference/scores.csv"));
    let mut compared = 0;
    for row in reference.iter().filter(|row| METHODS[..2].contains(&row.text("method"))) {
        let (set, capture, method) = (row.text("set"), row.text("capture"), row.text("method"));
        let (ours, theirs): (f64, f64) = (find(&SCORES, set, capture, method).number("f1"), row.number("F1"));
        assert!(ours >= theirs - 0.01, "{method} on {capture} of {set}: F1 {ours:.4}, the reference {theirs:.4}");
        compared += 1;
    }
    assert_eq!(compared, 2 * (18 + 1 + 13 + 1), "each capture and each mean, with and without records");
}

#[test]
fn late_starts_and_losses_cost_little() {
    for options in [["--skip-share", "0.3"], ["--drop-share", "0.01"], ["--drop-share", "0.05"]] {
        let degraded = score(&[&options[..], &["--seed", "7", "--method", "exchange"]].concat());
        for set in SETS {
            let (before, after) = (mean_f1(&SCORES, set, "exchange"), mean_f1(&degraded, set, "exchange"));
            assert!(after >= before - 0.03, "{options:?} on {set}: F1 {after:.4} after {before:.4}");
            assert_ne!(after.to_bits(), before.to_bits(), "{options:?} on {set}: something was left out");
        }
    }
}

#[test]
fn the_table_of_methods() {
    assert_snapshot(
        "methods",
        &table(METHODS.iter().flat_map(|method| SETS.map(|set| find(&SCORES, set, "mean", method)))),
    );
}

#[test]
fn the_table_of_captures() {
    let is_default = |row: &&Row| row.text("method") == METHODS[0] && row.text("capture") != "mean";
    let captures: BTreeSet<&str> = SCORES.iter().filter(is_default).map(|row| row.text("capture")).collect();
    assert_eq!(captures.len(), 18 + 13, "every truth capture is scored");
    assert_snapshot("captures", &table(SCORES.iter().filter(is_default)));
}

const MEASURES: [(&str, &str); 8] = [
    ("precision", "P"),
    ("recall", "R"),
    ("f1", "F1"),
    ("byte_f1", "byte F1"),
    ("purity", "purity"),
    ("completeness", "complete"),
    ("wasserstein", "W1"),
    ("boundary_error_ms", "error ms"),
];

fn table<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    let mut text = format!("{:<4}  {:<16}  {:<16}", "set", "capture", "method");
    for (_, title) in MEASURES {
        let _ = write!(text, "  {title:>8}");
    }
    text.push_str("  found  truth\n");
    for row in rows {
        let _ = write!(text, "{:<4}  {:<16}  {:<16}", row.text("set"), row.text("capture"), row.text("method"));
        for (column, _) in MEASURES {
            // No boundary error where nothing matched.
            let cell = if row.text(column).is_empty() {
                "–".to_owned()
            } else {
                format!("{:.3}", row.number::<f64>(column))
            };
            let _ = write!(text, "  {cell:>8}");
        }
        let _ = writeln!(text, "  {:>5}  {:>5}", row.text("found"), row.text("truth"));
    }
    text
}
