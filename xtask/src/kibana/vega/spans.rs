//! Objects from begin to end, a row a server.
//!
//! In: objects of the dashboard's range, also those that began before it. Out: a panel. Guaranteed: no object is left out
//! silently: Elasticsearch gives 10 000 at most, and the panel says so.

use super::super::fields::{
    DIRECTION, DURATION, END, IP_BYTES, OBJECT_INDEX, OBJECTS, PAYLOAD, RATE, SERVER, SPAN, START, STREAM,
};
use super::super::style::{NEUTRAL, PALETTE};
use super::search::{Among, buckets, each, formulas, rows, search, total, window_aggregation, window_signal};
use super::{Body, Vega, annotations, parts, text};
use serde_json::{Value, json};

/// What Elasticsearch gives at once by default.
const MOST: u32 = 10_000;
/// Rows; the servers after them share one.
const SERVERS: u32 = 20;
const OTHERS: &str = "other servers";

pub(super) fn panel() -> Vega {
    Vega {
        id: "sniffit-vega-spans",
        title: "Objects from begin to end",
        description: "A row a server, the greatest first. Above a row's line: sent; below: received. The height tells the rate, \
                      1 kbit/s to 1 Gbit/s, logarithmic; an object in one packet has no rate and is flat. Dashed: annotations.",
        body: Body {
            signals: signals(),
            data: data(),
            scales: vec![
                json!({ "domain": { "signal": "shown" }, "name": "x", "range": "width", "type": "time" }),
                json!({
                    "domain": { "data": "rows", "field": "row", "sort": { "field": "rank", "op": "min", "order": "ascending" } },
                    "name": "y",
                    "padding": 0.1,
                    "range": "height",
                    "type": "band",
                }),
                json!({
                    "domain": { "data": "servers", "field": "server" },
                    "name": "color",
                    "range": PALETTE,
                    "type": "ordinal",
                }),
            ],
            axes: vec![
                parts::time_axis(" · height: rate, 1 kbit/s to 1 Gbit/s, logarithmic"),
                json!({ "labelLimit": 170, "orient": "left", "scale": "y", "title": "Server" }),
            ],
            legends: Vec::new(),
            marks: marks(),
        },
    }
}

fn signals() -> Vec<Value> {
    let extent = "data('extent')[0]";
    // The dashboard's range, unless the objects fill less than half of it.
    let is_zoomed = format!("length(data('objects')) && 2 * ({extent}.end - {extent}.begin) < window[1] - window[0]");
    let bound = |name: &str, function: &str, window: u8, extreme: &str| {
        let zoomed = format!("{function}(window[{window}], {extent}.{extreme})");
        json!({ "name": name, "update": format!("{is_zoomed} ? {zoomed} : window[{window}]") })
    };
    vec![
        window_signal(),
        bound("first", "max", 0, "begin"),
        bound("last", "min", 1, "end"),
        json!({ "name": "margin", "update": "max(1, (last - first) / 100)" }),
        json!({ "name": "shown", "update": "[first - margin, last + margin]" }),
        json!({ "name": "total", "update": total("reply") }),
    ]
}

fn data() -> Vec<Value> {
    let among = Among { dataset: OBJECTS, time: Some(SPAN), is_filtered: true };
    let body = json!({
        "_source": false,
        "aggs": {
            "servers": {
                "aggs": { "bytes": { "sum": { "field": IP_BYTES.path } } },
                "terms": { "field": SERVER.path, "order": { "bytes": "desc" }, "size": SERVERS },
            },
            "window": window_aggregation(),
        },
        "docvalue_fields": [
            { "field": START.path, "format": "epoch_millis" },
            { "field": END.path, "format": "epoch_millis" },
            DURATION.path, SERVER.path, DIRECTION.path, PAYLOAD.path, RATE.path, STREAM.path, OBJECT_INDEX.path,
        ],
        "size": MOST,
        "sort": [{ START.path: "asc" }, { STREAM.path: "asc" }, { OBJECT_INDEX.path: "asc" }],
        "track_total_hits": true,
    });
    let value = |field: &str| format!("datum.hit.fields['{field}'][0]");
    let server = value(SERVER.path);
    let objects = each("datum.hits.hits", "hit")
        .into_iter()
        .chain(formulas([
            ("server", server.as_str()),
            ("begin", &format!("toNumber({})", value(START.path))),
            ("end", &format!("toNumber({})", value(END.path))),
            ("duration", &value(DURATION.path)),
            ("direction", &value(DIRECTION.path)),
            ("bytes", &value(PAYLOAD.path)),
            ("rate", &format!("datum.hit.fields['{field}'] ? {} : null", value(RATE.path), field = RATE.path)),
            ("stream", &value(STREAM.path)),
            ("index", &value(OBJECT_INDEX.path)),
        ]))
        .chain([
            json!({
                "fields": ["server", "begin", "end", "duration", "direction", "bytes", "rate", "stream", "index"],
                "type": "project",
            }),
            json!({
                "as": ["rank"], "default": SERVERS, "fields": ["server"], "from": "servers", "key": "server",
                "type": "lookup", "values": ["rank"],
            }),
        ])
        .chain(formulas([
            ("row", format!("datum.rank < {SERVERS} ? datum.server : '{OTHERS}'").as_str()),
            // From nothing at 1 kbit/s to the whole half row at 1 Gbit/s.
            ("level", "isValid(datum.rate) ? clamp((log(max(1, datum.rate)) / LN10 - 3) / 6, 0, 1) : 0"),
        ]));
    let mut servers: Vec<Value> = each(&buckets("servers"), "bucket").into();
    servers[1]["index"] = json!("rank");
    servers.extend(formulas([("server", "datum.bucket.key")]));
    let extent = json!({
        "as": ["begin", "end"], "fields": ["begin", "end"], "ops": ["min", "max"], "type": "aggregate",
    });
    let by_row = json!({ "as": ["rank"], "fields": ["rank"], "groupby": ["row"], "ops": ["min"], "type": "aggregate" });
    let mut data = vec![
        search("reply", among, body),
        rows("servers", "reply", servers),
        rows("objects", "reply", objects),
        rows("extent", "objects", [extent]),
        rows("rows", "objects", [by_row]),
    ];
    data.extend(annotations::data());
    data
}

fn marks() -> Vec<Value> {
    let middle = "scale('y', datum.row) + bandwidth('y') / 2";
    let height = "max(3, datum.level * bandwidth('y') / 2)";
    let tooltip = format!(
        "{{'Server': datum.server, 'Direction': {direction}, 'Begin': timeFormat(datum.begin, '%Y-%m-%d %H:%M:%S.%L'), \
         'Duration': {duration}, 'New payload': {bytes}, 'Rate': {rate}, \
         'Object': 'stream ' + datum.stream + ', ' + datum.direction + ' ' + datum.index}}",
        direction = parts::direction_name("datum.direction"),
        duration = text::duration("datum.duration"),
        bytes = text::bytes("datum.bytes"),
        rate = text::rate("datum.rate"),
    );
    let lines = json!({
        "encode": { "update": {
            "opacity": { "value": 0.4 },
            "stroke": { "value": NEUTRAL },
            "x": { "value": 0 },
            "x2": { "signal": "width" },
            "y": { "signal": middle },
        } },
        "from": { "data": "rows" },
        "interactive": false,
        "name": "lines",
        "type": "rule",
    });
    let spans = json!({
        "clip": true,
        "encode": {
            "hover": { "fillOpacity": { "value": 1 } },
            "update": {
                "fill": { "signal": format!("datum.row === '{OTHERS}' ? '{NEUTRAL}' : scale('color', datum.row)") },
                "fillOpacity": { "value": 0.75 },
                "tooltip": { "signal": tooltip },
                "x": { "field": "begin", "scale": "x" },
                // The shortest can be seen too.
                "x2": { "signal": "max(scale('x', datum.end), scale('x', datum.begin) + 2)" },
                "y": { "signal": format!("datum.direction === 'up' ? {middle} - {height} : {middle}") },
                "y2": { "signal": format!("datum.direction === 'up' ? {middle} : {middle} + {height}") },
            },
        },
        "from": { "data": "objects" },
        "name": "spans",
        "type": "rect",
    });
    let status = format!(
        "total > {MOST} ? '⚠ only the first ' + {most} + ' of ' + {total} + ' objects: narrow the time range or filter' \
         : total > 0 ? {total} + (total > 1 ? ' objects' : ' object') + ' · above the line: sent, below: received' : ''",
        most = text::number(&MOST.to_string()),
        total = text::number("total"),
    );
    let mut marks = vec![lines, spans];
    marks.extend(annotations::marks());
    marks.push(parts::status(&status, -4 - annotations::HEIGHT));
    marks.push(parts::nothing("objects", "No objects in this time range"));
    marks
}
