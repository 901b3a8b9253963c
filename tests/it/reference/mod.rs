//! Object by object against the Python reference: the same objects, or a difference that has a name.
//!
//! Both follow the same rules, written twice and independently. What may differ is how a boundary inside a packet is
//! told, and what the core forgets on purpose to stay small: see [`Difference`].

mod cutting;
mod difference;

use crate::support::{assert_snapshot, capture_files, capture_name, captures, config, read_table};
use cutting::{of_core, of_table};
use difference::{Difference, compare};
use std::collections::BTreeMap;
use std::fmt::Write as _;

#[test]
fn every_object_is_the_references_or_explained() {
    check("reference-exchange", "exchange", "objects");
}

#[test]
fn without_records_too() {
    check("reference-exchange-headers", "exchange-headers", "objects-headers");
}

fn check(snapshot: &str, method: &str, file: &str) {
    let mut text = format!("{:<4}  {:<15}  {:>7}", "set", "capture", "objects");
    for difference in Difference::ALL {
        let _ = write!(text, "  {:>13}", difference.title());
    }
    text.push('\n');
    let mut unexplained = Vec::new();
    for set in ["lab", "real"] {
        let mut reference = of_table(&read_table(&captures("truth/reference").join(format!("{file}-{set}.csv.gz"))));
        for path in capture_files(&captures("truth").join(set)) {
            let name = capture_name(&path);
            let theirs = reference.remove(&name).unwrap_or_else(|| panic!("the reference has no {name}"));
            let ours = of_core(&path, &config(method));
            let mut counts: BTreeMap<Difference, usize> = BTreeMap::new();
            for (lane, objects) in &theirs {
                for (difference, object) in compare(&name, lane, objects, &ours) {
                    *counts.entry(difference).or_default() += 1;
                    if difference == Difference::Unexplained {
                        unexplained.push(format!("{name}: {lane:?}: {object:?}"));
                    }
                }
            }
            let objects: usize = theirs.values().map(Vec::len).sum();
            let _ = write!(text, "{set:<4}  {name:<15}  {objects:>7}");
            for difference in Difference::ALL {
                let _ = write!(text, "  {:>13}", counts.get(&difference).copied().unwrap_or_default());
            }
            text.push('\n');
        }
        assert!(reference.is_empty(), "captures that are gone: {:?}", reference.keys());
    }
    assert!(unexplained.is_empty(), "{} unexplained:\n{}", unexplained.len(), unexplained.join("\n"));
    assert_snapshot(snapshot, &text);
}
