//! A model for people: a row for each group and direction.

use crate::table::{Column, Room, lay_out};
use crate::units::{bytes, count, counted};
use analyzer_core::model::{DirectionModel, Distribution, Group, Model, Variable};
use std::fmt::Write as _;

const COLUMNS: [Column; 9] = [
    Column::text("group", Room::Cut(15)),
    Column::text("way", Room::Needed),
    Column::number("objects", Room::Needed),
    Column::number("payload", Room::Dispensable(2)),
    Column::number("mean", Room::Needed).below("size"),
    Column::number("median", Room::Dispensable(1)),
    Column::text("best fit", Room::Needed),
    Column::number("KS", Room::Dispensable(3)),
    Column::text("best fit", Room::Dispensable(4)).below("inter-arrival, s"),
];

/// The whole text.
pub(super) fn render(model: &Model, top: usize, width: usize) -> String {
    let mut text = format!(
        "{} by {}, from {}\n\n",
        counted(model.groups.len() as u64, "group"),
        model.by.as_str(),
        counted(model.captures.len() as u64, "capture"),
    );
    let mut rows = Vec::new();
    for Group { key, up, down, .. } in model.groups.iter().take(top) {
        rows.push(row(key, "up", up));
        rows.push(row("", "down", down));
    }
    lay_out(&COLUMNS, &rows, width, &mut text);
    let rest = model.groups.len().saturating_sub(top);
    if rest > 0 {
        let _ = writeln!(text, "and {} more: --top shows more, -o all", count(rest as u64));
    }
    text
}

fn row(key: &str, way: &str, direction: &DirectionModel) -> [String; COLUMNS.len()] {
    let size = &direction.size_bytes;
    let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| bytes(value.round() as u64));
    let ks = size.fits.first().map_or_else(|| "–".to_owned(), |fit| format!("{:.3}", fit.goodness.ks));
    [
        key.to_owned(),
        way.to_owned(),
        count(direction.objects),
        bytes(direction.payload_bytes),
        shown(size.mean),
        shown(size.quantiles.get(50).copied()),
        best(size),
        ks,
        best(&direction.inter_arrival_s),
    ]
}

fn best(variable: &Variable) -> String {
    let Some(fit) = variable.fits.first() else { return "–".to_owned() };
    match fit.distribution {
        Distribution::Exponential { mean } => format!("exponential, mean {mean:.4}"),
        Distribution::Lognormal { mu, sigma } => format!("lognormal, μ {mu:.2} σ {sigma:.2}"),
        Distribution::Weibull { shape, scale } => format!("Weibull, shape {shape:.2} scale {scale:.4}"),
        Distribution::Pareto { minimum, shape } => format!("Pareto, from {minimum} shape {shape:.2}"),
        Distribution::LognormalMixture { weight, mu, sigma } => format!(
            "lognormals, {:.0} % μ {:.2} σ {:.2}, μ {:.2} σ {:.2}",
            weight * 100.0,
            mu[0],
            sigma[0],
            mu[1],
            sigma[1]
        ),
    }
}
