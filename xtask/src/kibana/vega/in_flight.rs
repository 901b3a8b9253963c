//! How many objects were open at a time.
//!
//! In: objects of the dashboard's range. Out: a panel. Guaranteed: the number of intervals depends on the range alone,
//! however long an object lasts, because the histogram is bounded by it.

use super::super::fields::{DIRECTION, OBJECTS, SPAN};
use super::search::{Among, buckets, each, formulas, rows, search, window_aggregation, window_signal};
use super::{Body, Vega, annotations, parts};
use serde_json::{Value, json};

/// Intervals aimed at; Kibana rounds their length to the next round one.
const INTERVALS: u32 = 150;

pub(super) fn panel() -> Vega {
    Vega {
        id: "sniffit-vega-in-flight",
        title: "Objects in flight",
        description: "How many objects were open at some time of each interval. Dashed: annotations.",
        body: Body {
            signals: vec![window_signal(), json!({ "name": "shown", "update": "window" })],
            data: data(),
            scales: vec![
                json!({ "domain": { "signal": "shown" }, "name": "x", "range": "width", "type": "time" }),
                json!({
                    "domain": [0, { "signal": "length(data('top')) ? max(1, data('top')[0].top) : 1" }],
                    "name": "y",
                    "nice": true,
                    "range": "height",
                    "type": "linear",
                }),
                parts::direction_scale(),
            ],
            axes: vec![parts::time_axis(""), count_axis()],
            legends: vec![parts::legend(2, annotations::HEIGHT + 4)],
            marks: marks(),
        },
    }
}

/// Objects are whole.
fn count_axis() -> Value {
    let mut axis = parts::axis("left", "y", "Objects open in the interval");
    axis["format"] = json!(",d");
    axis["tickMinStep"] = json!(1);
    axis
}

fn data() -> Vec<Value> {
    let among = Among { dataset: OBJECTS, time: Some(SPAN), is_filtered: true };
    let bounds = json!({ "max": { "%timefilter%": "max" }, "min": { "%timefilter%": "min" } });
    let body = json!({
        "aggs": {
            "directions": {
                "aggs": { "times": { "date_histogram": {
                    "extended_bounds": bounds,
                    "field": SPAN,
                    "hard_bounds": bounds,
                    "interval": { "%autointerval%": INTERVALS },
                    "min_doc_count": 0,
                } } },
                "terms": { "field": DIRECTION.path, "size": 2 },
            },
            "window": window_aggregation(),
        },
        "size": 0,
    });
    let open = each(&buckets("directions"), "bucket")
        .into_iter()
        .chain(formulas([("direction", parts::direction_name("datum.bucket.key").as_str())]))
        .chain(each("datum.bucket.times.buckets", "interval"))
        .chain(formulas([("at", "datum.interval.key"), ("objects", "datum.interval.doc_count")]))
        .chain([
            json!({ "fields": ["direction", "at", "objects"], "type": "project" }),
            json!({
                "field": "objects", "groupby": ["at"], "sort": { "field": "direction", "order": "descending" },
                "type": "stack",
            }),
        ]);
    let top = json!({ "as": ["top"], "fields": ["y1"], "ops": ["max"], "type": "aggregate" });
    let mut data = vec![search("reply", among, body), rows("open", "reply", open), rows("top", "open", [top])];
    data.extend(annotations::data());
    data
}

fn marks() -> Vec<Value> {
    let area = json!({
        "encode": { "update": {
            "fill": { "field": "direction", "scale": "color" },
            "fillOpacity": { "value": 0.75 },
            "interpolate": { "value": "step-after" },
            "x": { "field": "at", "scale": "x" },
            "y": { "field": "y0", "scale": "y" },
            "y2": { "field": "y1", "scale": "y" },
        } },
        "from": { "data": "series" },
        "interactive": false,
        "name": "areas",
        "type": "area",
    });
    // An area has one tooltip for all of it, so invisible columns carry those of the intervals.
    let columns = json!({
        "encode": { "update": {
            "fill": { "value": "transparent" },
            "tooltip": { "signal":
                "{'From': timeFormat(datum.at, '%Y-%m-%d %H:%M:%S.%L'), 'Direction': datum.direction, \
                 'Objects open': format(datum.objects, ',')}" },
            "width": { "signal": "max(1, width / max(1, length(data('open')) / 2))" },
            "x": { "field": "at", "scale": "x" },
            "y": { "field": "y0", "scale": "y" },
            "y2": { "field": "y1", "scale": "y" },
        } },
        "from": { "data": "open" },
        "clip": true,
        "name": "columns",
        "type": "rect",
    });
    let series = json!({
        "clip": true,
        "encode": { "update": { "height": { "signal": "height" }, "width": { "signal": "width" } } },
        "from": { "facet": { "data": "open", "groupby": "direction", "name": "series" } },
        "marks": [area],
        "type": "group",
    });
    let mut marks = vec![series, columns];
    marks.extend(annotations::marks());
    marks.push(parts::nothing("open", "No objects in this time range"));
    marks
}
