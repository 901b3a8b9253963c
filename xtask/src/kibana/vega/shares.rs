//! Which share of the objects is no greater than each size.
//!
//! In: objects of the dashboard's range, by direction or by analysis. Out: a panel. Guaranteed: shares are exact to
//! 1/1000 of the size (HDR histogram), whatever the number of objects.

use super::super::fields::{ANALYSIS, CAPTURE, DIRECTION, METHOD, OBJECTS, PAYLOAD, TIME};
use super::super::style::PALETTE;
use super::density::Magnitude;
use super::search::{Among, buckets, each, formulas, rows, search};
use super::{Body, Vega, parts, text};
use serde_json::{Value, json};

/// Analyses that can be told apart.
const ANALYSES: u32 = 6;
/// The greatest size asked for is 2 to this.
const HIGHEST: u32 = 40;

struct Shares {
    id: &'static str,
    title: &'static str,
    description: &'static str,
    /// Buckets whose key is `datum.bucket.key`.
    terms: Value,
    /// More to know of a bucket.
    inner: Value,
    /// A bucket's name as an expression.
    name: String,
    colors: Value,
    columns: u32,
}

pub(super) fn panels() -> Vec<Vega> {
    let one = |field: &str| json!({ "terms": { "field": field, "size": 1 } });
    let name = |aggregation: &str| {
        format!("(length(datum.bucket.{aggregation}.buckets) ? datum.bucket.{aggregation}.buckets[0].key : '')")
    };
    [
        Shares {
            id: "sniffit-vega-size-shares",
            title: "Sizes of the objects, cumulative",
            description: "Which share of the direction's objects is no greater than each size.",
            terms: json!({ "field": DIRECTION.path, "size": 2 }),
            inner: json!({}),
            name: parts::direction_name("datum.bucket.key"),
            colors: parts::direction_scale(),
            columns: 2,
        },
        Shares {
            id: "sniffit-vega-compare-sizes",
            title: "Sizes of the objects by analysis, cumulative",
            description: "Which share of an analysis' objects is no greater than each size; the six analyses with the most.",
            terms: json!({ "field": ANALYSIS.path, "size": ANALYSES }),
            inner: json!({ "capture": one(CAPTURE.path), "method": one(METHOD.path) }),
            name: format!("{} + ' · ' + {} + ' · ' + slice(datum.bucket.key, 0, 8)", name("capture"), name("method")),
            colors: json!({
                "domain": { "data": "shares", "field": "series" }, "name": "color", "range": PALETTE, "type": "ordinal",
            }),
            columns: 3,
        },
    ]
    .iter()
    .map(Shares::panel)
    .collect()
}

/// Sizes at which shares are asked for: powers of 2 and one between any two of them.
fn sizes() -> Vec<u128> {
    let mut sizes: Vec<u128> = (0..=2 * HIGHEST).map(|halves| (1_u128 << halves).isqrt()).collect();
    sizes.dedup();
    sizes
}

impl Shares {
    fn panel(&self) -> Vega {
        let extreme = |name: &str, default: &str| {
            let extent = "length(data('extent')) && isValid(data('extent')[0].low)";
            json!({ "signal": format!("{extent} ? data('extent')[0].{name} : {default}") })
        };
        let mut y = parts::axis("left", "y", "Share of objects of this size or less");
        y["format"] = json!("~%");
        Vega {
            id: self.id,
            title: self.title,
            description: self.description,
            body: Body {
                signals: Vec::new(),
                data: self.data(),
                scales: vec![
                    json!({
                        "domain": [extreme("low", "0"), extreme("high", "10")],
                        "name": "x", "range": "width", "type": "linear", "zero": false,
                    }),
                    json!({ "domain": [0, 1], "name": "y", "range": "height", "type": "linear" }),
                    self.colors.clone(),
                ],
                axes: vec![Magnitude::Bytes.axis("New payload of an object, logarithmic"), y],
                legends: vec![parts::legend(self.columns, 6)],
                marks: marks(),
            },
        }
    }

    fn data(&self) -> Vec<Value> {
        let mut inner = self.inner.clone();
        inner["shares"] = json!({ "percentile_ranks": {
            "field": PAYLOAD.path,
            "hdr": { "number_of_significant_value_digits": 3 },
            "keyed": false,
            "values": sizes(),
        } });
        let body = json!({ "aggs": { "series": { "aggs": inner, "terms": self.terms } }, "size": 0 });
        let among = Among { dataset: OBJECTS, time: Some(TIME.path), is_filtered: true };
        let shares = each(&buckets("series"), "bucket")
            .into_iter()
            .chain(formulas([("series", self.name.as_str()), ("objects", "datum.bucket.doc_count")]))
            .chain(each("datum.bucket.shares.values", "point"))
            .chain(formulas([
                ("size", "datum.point.key"),
                ("at", &Magnitude::position("datum.point.key")),
                ("share", "datum.point.value / 100"),
            ]))
            .chain([
                json!({ "fields": ["series", "objects", "size", "at", "share"], "type": "project" }),
                json!({
                    "as": ["before", "after"], "fields": ["share", "share"], "groupby": ["series"], "ops": ["lag", "lead"],
                    "params": [1, 1], "sort": { "field": "at" }, "type": "window",
                }),
                // From the last size that nothing is below to the first that everything is below.
                json!({
                    "expr": "(datum.share > 0 || datum.after > 0) && !(isValid(datum.before) && datum.before >= 1)",
                    "type": "filter",
                }),
            ]);
        let extent =
            json!({ "as": ["low", "high"], "fields": ["at", "at"], "ops": ["min", "max"], "type": "aggregate" });
        vec![search("reply", among, body), rows("shares", "reply", shares), rows("extent", "shares", [extent])]
    }
}

fn marks() -> Vec<Value> {
    let line = json!({
        "encode": { "update": {
            "stroke": { "field": "series", "scale": "color" },
            "strokeWidth": { "value": 2 },
            "x": { "field": "at", "scale": "x" },
            "y": { "field": "share", "scale": "y" },
        } },
        "from": { "data": "line" },
        "interactive": false,
        "name": "lines",
        "type": "line",
    });
    let tooltip = format!(
        "{{'Series': datum.series, 'Up to': {size}, 'Share': format(datum.share, '.1%'), 'Objects in all': {objects}}}",
        size = text::bytes("datum.size"),
        objects = text::number("datum.objects"),
    );
    let points = json!({
        "encode": {
            "hover": { "fillOpacity": { "value": 1 } },
            "update": {
                "fill": { "field": "series", "scale": "color" },
                "fillOpacity": { "value": 0 },
                "size": { "value": 80 },
                "tooltip": { "signal": tooltip },
                "x": { "field": "at", "scale": "x" },
                "y": { "field": "share", "scale": "y" },
            },
        },
        "from": { "data": "shares" },
        "name": "points",
        "type": "symbol",
    });
    let lines = json!({
        "from": { "facet": { "data": "shares", "groupby": "series", "name": "line" } },
        "marks": [line],
        "type": "group",
    });
    vec![lines, points, parts::nothing("shares", "No objects in this time range")]
}
