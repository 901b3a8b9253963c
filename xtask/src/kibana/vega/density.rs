//! How often values of each magnitude are: bars over classes whose edges are powers of two.
//!
//! In: a field of a dataset. Out: a panel. Guaranteed: every value that the field has is in exactly one bar, those
//! beyond the edges in the outermost ones; the shares of a direction add up to one.

use super::super::fields::{DIRECTION, FieldName, GAP, OBJECTS, PACKET_GAP, PACKETS, PAYLOAD, TIME};
use super::search::{Among, buckets, each, formulas, rows, search};
use super::{Body, Vega, parts, text};
use analyzer_core::sink::index::Dataset;
use serde_json::{Value, json};

/// Values on a logarithmic axis: positions are logarithms to the base 2, whole numbers of which have a label.
#[derive(Clone, Copy)]
pub(super) enum Magnitude {
    Bytes,
    Nanoseconds,
}

impl Magnitude {
    /// The position of a value.
    pub(super) fn position(value: &str) -> String {
        format!("log({value}) / LN2")
    }

    /// The text of a value.
    pub(super) fn text(self, value: &str) -> String {
        match self {
            Self::Bytes => text::bytes(value),
            Self::Nanoseconds => text::duration(value),
        }
    }

    /// The axis of positions, on the scale `x`.
    pub(super) fn axis(self, title: &str) -> Value {
        let mut axis = parts::axis("bottom", "x", title);
        axis["tickMinStep"] = json!(1);
        let value = "pow(2, datum.value)";
        let text = match self {
            Self::Bytes => text::bytes(value),
            // Powers of two are no round times.
            Self::Nanoseconds => text::rounded_duration(value, 2),
        };
        axis["encode"] = json!({ "labels": { "update": { "text": { "signal": text } } } });
        axis
    }
}

struct Density {
    id: &'static str,
    title: &'static str,
    description: &'static str,
    dataset: Dataset,
    field: FieldName,
    magnitude: Magnitude,
    /// Exponents of the lowest and the highest edge.
    edges: (u32, u32),
    x_title: &'static str,
    /// What is counted, in the plural.
    counted: &'static str,
}

pub(super) fn panels() -> Vec<Vega> {
    [
        Density {
            id: "sniffit-vega-sizes",
            title: "Sizes of the objects",
            description: "New payload, in classes that double. Share among the objects of the same direction.",
            dataset: OBJECTS,
            field: PAYLOAD,
            magnitude: Magnitude::Bytes,
            edges: (0, 40),
            x_title: "New payload of an object, logarithmic",
            counted: "objects",
        },
        Density {
            id: "sniffit-vega-gaps",
            title: "Gaps before the objects",
            description: "From the end of the previous object of the same stream and direction, in classes that double. Its \
                          valley lies between the gaps inside of a burst and those between bursts.",
            dataset: OBJECTS,
            field: GAP,
            magnitude: Magnitude::Nanoseconds,
            edges: (10, 42),
            x_title: "Gap before an object, logarithmic",
            counted: "gaps",
        },
        Density {
            id: "sniffit-vega-packet-gaps",
            title: "Gaps between packets",
            description: "From the previous packet of the same stream and direction, in classes that double. Of analyses in \
                          packet mode.",
            dataset: PACKETS,
            field: PACKET_GAP,
            magnitude: Magnitude::Nanoseconds,
            edges: (10, 42),
            x_title: "Gap between two packets, logarithmic",
            counted: "gaps",
        },
    ]
    .iter()
    .map(Density::panel)
    .collect()
}

impl Density {
    fn panel(&self) -> Vega {
        let domain = |extreme: &str, default: &str| {
            format!(
                "length(data('extent')) && isValid(data('extent')[0].{extreme}) ? data('extent')[0].{extreme} : {default}"
            )
        };
        let shares = "length(data('extent')) && isValid(data('extent')[0].top) ? data('extent')[0].top : 1";
        let mut y = parts::axis("left", "y", &format!("Share of the direction's {}", self.counted));
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
                        "domain": [{ "signal": domain("low", "0") }, { "signal": domain("high", "10") }],
                        "name": "x", "range": "width", "type": "linear", "zero": false,
                    }),
                    json!({
                        "domain": [0, { "signal": shares }], "name": "y", "nice": true, "range": "height", "type": "linear",
                    }),
                    parts::direction_scale(),
                ],
                axes: vec![self.magnitude.axis(self.x_title), y],
                legends: vec![parts::legend(2, 6)],
                marks: self.marks(),
            },
        }
    }

    fn data(&self) -> Vec<Value> {
        let (lowest, highest) = self.edges;
        let edge = |exponent: u32| 1_u64 << exponent;
        let inner = (lowest..highest).map(|exponent| json!({ "from": edge(exponent), "to": edge(exponent + 1) }));
        let ranges: Vec<Value> = [json!({ "to": edge(lowest) })]
            .into_iter()
            .chain(inner)
            .chain([json!({ "from": edge(highest) })])
            .collect();
        let body = json!({
            "aggs": { "directions": {
                "aggs": { "classes": { "range": { "field": self.field.path, "ranges": ranges } } },
                "terms": { "field": DIRECTION.path, "size": 2 },
            } },
            "size": 0,
        });
        let among = Among { dataset: self.dataset, time: Some(TIME.path), is_filtered: true };
        // The outermost classes are drawn as wide as the others.
        let from = format!("(isValid(datum.class.from) ? datum.class.from : {})", edge(lowest) / 2);
        let to = format!("(isValid(datum.class.to) ? datum.class.to : {})", edge(highest + 1));
        let from = if lowest == 0 { from.replace(" : 0)", " : 0.5)") } else { from };
        let bars = each(&buckets("directions"), "bucket")
            .into_iter()
            .chain(formulas([("direction", parts::direction_name("datum.bucket.key").as_str())]))
            .chain(each("datum.bucket.classes.buckets", "class"))
            .chain(formulas([
                ("count", "datum.class.doc_count"),
                ("from", from.as_str()),
                ("to", to.as_str()),
            ]))
            .chain(formulas([
                ("low", Magnitude::position("datum.from").as_str()),
                ("high", Magnitude::position("datum.to").as_str()),
            ]))
            .chain([
                json!({ "fields": ["direction", "count", "from", "to", "low", "high"], "type": "project" }),
                json!({ "expr": "datum.count > 0", "type": "filter" }),
                json!({
                    "as": ["all"], "fields": ["count"], "groupby": ["direction"], "ops": ["sum"], "type": "joinaggregate",
                }),
            ])
            .chain(formulas([("share", "datum.count / datum.all")]));
        let extent = json!({
            "as": ["low", "high", "top"], "fields": ["low", "high", "share"], "ops": ["min", "max", "max"],
            "type": "aggregate",
        });
        let totals = json!({
            "as": ["count"], "fields": ["count"], "groupby": ["direction"], "ops": ["sum"], "type": "aggregate",
        });
        let by_direction = json!({ "field": "direction", "order": "descending" });
        vec![
            search("reply", among, body),
            rows("bars", "reply", bars),
            rows("extent", "bars", [extent]),
            rows("totals", "bars", [totals, json!({ "sort": by_direction, "type": "collect" })]),
        ]
    }

    fn marks(&self) -> Vec<Value> {
        // Each class is shared by the two directions, side by side.
        let at = |fraction: &str| format!("scale('x', datum.low + (datum.high - datum.low) * ({fraction}))");
        let left = "datum.direction === 'Sent' ? 0.06 : 0.5";
        let right = "datum.direction === 'Sent' ? 0.5 : 0.94";
        let tooltip = format!(
            "{{'Direction': datum.direction, 'From': {from}, 'To below': {to}, 'Number': {count}, \
             'Share': format(datum.share, '.1%')}}",
            from = self.magnitude.text("datum.from"),
            to = self.magnitude.text("datum.to"),
            count = text::number("datum.count"),
        );
        let bars = json!({
            "encode": { "update": {
                "fill": { "field": "direction", "scale": "color" },
                "tooltip": { "signal": tooltip },
                "x": { "signal": at(left) },
                "x2": { "signal": at(right) },
                "y": { "field": "share", "scale": "y" },
                "y2": { "scale": "y", "value": 0 },
            } },
            "from": { "data": "bars" },
            "name": "columns",
            "type": "rect",
        });
        let part = |row: usize| {
            format!(
                "(length(data('totals')) > {row} ? {count} + ' ' + lower(data('totals')[{row}].direction) : '')",
                count = text::number(&format!("data('totals')[{row}].count")),
            )
        };
        let status = format!("{} + (length(data('totals')) > 1 ? ', ' : '') + {}", part(0), part(1));
        let nothing = format!("No {} in this time range", self.counted);
        vec![bars, parts::status(&status, -6), parts::nothing("bars", &nothing)]
    }
}
