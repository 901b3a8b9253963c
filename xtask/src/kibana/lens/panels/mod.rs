//! The Lens panels, by the dashboard that they were made for.
//!
//! In: nothing. Out: one entry of a table a panel. Guaranteed: sums over time are taken over bins, where each byte stands
//! at its own tenth of a second, and never over objects, which last.

mod comparisons;
mod objects;
mod quality;
mod traffic;

use super::super::fields::{ANALYSIS, CAPTURE, DIRECTION};
use super::Lens;
use super::chart::{Series, Xy};
use super::column::{Columns, filters, top};
use serde_json::Value;

pub(in super::super) fn all() -> Vec<Lens> {
    [traffic::panels(), objects::panels(), comparisons::panels(), quality::panels()].into_iter().flatten().collect()
}

const fn bars(y: &'static str, y_title: &'static str) -> Xy {
    Xy { series: Series::StackedBars, x: "time", split: None, y, y_title, color: None }
}

/// Sent and received, as names of a direction.
fn directions() -> Value {
    filters("Direction", &[("Sent", is(DIRECTION.path, "up")), ("Received", is(DIRECTION.path, "down"))])
}

fn is(field: &str, value: &str) -> String {
    format!("{field}: \"{value}\"")
}

/// A row an analysis: its capture and id, then more.
fn analysis_columns(by: &str, more: Columns) -> Columns {
    let mut columns = vec![
        ("capture", top(20, CAPTURE, "Capture", by, false)),
        ("analysis", top(20, ANALYSIS, "Analysis", by, false)),
    ];
    columns.extend(more);
    columns
}
