//! How well found objects match the true ones.
//!
//! In: for each packet with new payload, the true objects that its bytes belong to and the objects that it was given to.
//! Out: precision, recall, F1 and their companions. A found object matches a true one when the bytes they share are at
//! least 80 % of the bytes that either has. Bytes outside true objects (handshakes) count for nothing.

use super::truth::StreamName;
use analyzer_core::flow::Direction;
use analyzer_core::time::Timestamp;
use std::collections::BTreeMap;

/// Shared bytes over all bytes from which two objects match.
const MATCH: f64 = 0.8;
/// Points at which size distributions are compared.
const QUANTILES: usize = 2000;

/// A found object: stream id and index.
pub(super) type Found = (u64, u64);

/// Bytes that one packet brought to a true and a found object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    pub(super) name: StreamName,
    pub(super) direction: Direction,
    /// Number of the true object in its stream and direction.
    pub(super) true_object: usize,
    pub(super) found: Found,
    pub(super) bytes: f64,
    pub(super) timestamp: Timestamp,
}

/// The measures of one capture, or their mean over several.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scores {
    /// Matched found objects over found objects.
    pub(super) precision: f64,
    /// Matched true objects over true objects.
    pub(super) recall: f64,
    /// Harmonic mean of precision and recall.
    pub(super) f1: f64,
    /// F1 with every object weighed by its bytes.
    pub(super) byte_f1: f64,
    /// Share of the bytes that belong to their found object's main true object; cutting too little lowers it.
    pub(super) purity: f64,
    /// Share of the bytes that belong to their true object's main found object; cutting too much lowers it.
    pub(super) completeness: f64,
    /// Wasserstein distance of log10 sizes, mean of both directions: 0.3 is a factor of two.
    pub(super) wasserstein: f64,
    /// Mean error of begin and end of matched objects, in ms; not a number without matches.
    pub(super) boundary_error_ms: f64,
    /// Objects found.
    pub(super) found: usize,
    /// True objects.
    pub(super) truth: usize,
}

#[derive(Debug, Clone, Copy)]
struct Mass {
    bytes: f64,
    start: Timestamp,
    end: Timestamp,
}

impl Mass {
    fn add<K: Ord>(masses: &mut BTreeMap<K, Self>, key: K, share: &Share) {
        let mass = masses.entry(key).or_insert(Self { bytes: 0.0, start: share.timestamp, end: share.timestamp });
        mass.bytes += share.bytes;
        mass.end = share.timestamp;
    }
}

/// Compares what was found in one capture with the truth.
pub(super) fn score(shares: &[Share]) -> Scores {
    let mut both: BTreeMap<((StreamName, Direction), Found, usize), Mass> = BTreeMap::new();
    let mut found: BTreeMap<((StreamName, Direction), Found), Mass> = BTreeMap::new();
    let mut truth: BTreeMap<((StreamName, Direction), usize), Mass> = BTreeMap::new();
    for share in shares {
        let lane = (share.name, share.direction);
        Mass::add(&mut both, (lane, share.found, share.true_object), share);
        Mass::add(&mut found, (lane, share.found), share);
        Mass::add(&mut truth, (lane, share.true_object), share);
    }
    let total: f64 = truth.values().map(|mass| mass.bytes).sum();
    let (mut matches, mut matched_true, mut matched_found, mut errors_ms) = (0, 0.0, 0.0, Vec::new());
    let mut best_of_found: BTreeMap<_, f64> = BTreeMap::new();
    let mut best_of_true: BTreeMap<_, f64> = BTreeMap::new();
    for ((lane, found_key, true_key), shared) in &both {
        let (found_mass, true_mass) = (&found[&(*lane, *found_key)], &truth[&(*lane, *true_key)]);
        let best = best_of_found.entry((*lane, *found_key)).or_default();
        *best = best.max(shared.bytes);
        let best = best_of_true.entry((*lane, *true_key)).or_default();
        *best = best.max(shared.bytes);
        if shared.bytes / (found_mass.bytes + true_mass.bytes - shared.bytes) >= MATCH {
            matches += 1;
            matched_true += true_mass.bytes;
            matched_found += found_mass.bytes;
            errors_ms.push(apart_ms(found_mass.start, true_mass.start));
            errors_ms.push(apart_ms(found_mass.end, true_mass.end));
        }
    }
    let ratio = |part: f64, whole: f64| part / whole.max(1.0);
    let (precision, recall) =
        (ratio(f64::from(matches), found.len() as f64), ratio(f64::from(matches), truth.len() as f64));
    let distances: Vec<f64> = Direction::BOTH
        .iter()
        .filter_map(|direction| {
            let of = |((_, side), _): &((StreamName, Direction), Found)| side == direction;
            let found: Vec<f64> = found.iter().filter(|(key, _)| of(key)).map(|(_, mass)| mass.bytes.log10()).collect();
            let truth: Vec<f64> = truth
                .iter()
                .filter(|(((_, side), _), _)| side == direction)
                .map(|(_, mass)| mass.bytes.log10())
                .collect();
            wasserstein(found, truth)
        })
        .collect();
    Scores {
        precision,
        recall,
        f1: harmonic(precision, recall),
        byte_f1: harmonic(ratio(matched_found, total), ratio(matched_true, total)),
        purity: ratio(best_of_found.values().sum(), total),
        completeness: ratio(best_of_true.values().sum(), total),
        wasserstein: mean(&distances),
        boundary_error_ms: mean(&errors_ms),
        found: found.len(),
        truth: truth.len(),
    }
}

/// Mean of each measure over captures; captures without matches have no boundary error and don't count for it.
pub(super) fn mean_scores(scores: &[Scores]) -> Scores {
    let of = |measure: fn(&Scores) -> f64| {
        mean(&scores.iter().map(measure).filter(|value| !value.is_nan()).collect::<Vec<_>>())
    };
    Scores {
        precision: of(|scores| scores.precision),
        recall: of(|scores| scores.recall),
        f1: of(|scores| scores.f1),
        byte_f1: of(|scores| scores.byte_f1),
        purity: of(|scores| scores.purity),
        completeness: of(|scores| scores.completeness),
        wasserstein: of(|scores| scores.wasserstein),
        boundary_error_ms: of(|scores| scores.boundary_error_ms),
        found: scores.iter().map(|scores| scores.found).sum(),
        truth: scores.iter().map(|scores| scores.truth).sum(),
    }
}

fn apart_ms(a: Timestamp, b: Timestamp) -> f64 {
    (a.nanos_since(b).max(b.nanos_since(a))) as f64 / 1e6
}

fn harmonic(a: f64, b: f64) -> f64 {
    if a + b == 0.0 { 0.0 } else { 2.0 * a * b / (a + b) }
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { f64::NAN } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// Mean distance of two distributions at equal quantiles.
fn wasserstein(mut a: Vec<f64>, mut b: Vec<f64>) -> Option<f64> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    // The inverse of the empirical distribution: the smallest value that at least a share q does not exceed.
    let at = |values: &[f64], q: f64| values[((q * values.len() as f64).ceil() as usize).clamp(1, values.len()) - 1];
    let distances = (0..QUANTILES).map(|step| {
        let q = (step as f64 + 0.5) / QUANTILES as f64;
        (at(&a, q) - at(&b, q)).abs()
    });
    Some(distances.sum::<f64>() / QUANTILES as f64)
}
