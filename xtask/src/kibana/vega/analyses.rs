//! The analyses that are there, whatever the dashboard's time range: a click on one shows it.
//!
//! In: manifests. Out: a panel. Guaranteed: a capture recorded years ago is found, which Kibana's default range of the
//! last 15 minutes would hide; analyses beyond those listed are counted.

use super::super::data_views::EVERYTHING_PATTERN;
use super::super::fields::{ANALYSIS, CAPTURE, DURATION, END, FRAMES, METHOD, OBJECTS_WRITTEN, START, STATUS, TIME};
use super::super::style::{NEUTRAL, RECEIVED};
use super::search::{Among, each, formulas, rows, search, total};
use super::{Body, Vega, parts, text};
use analyzer_core::sink::index::Dataset;
use serde_json::{Value, json};

const MOST: u32 = 12;
/// Pixels.
const ROW_HEIGHT: u32 = 22;

pub(super) fn panel() -> Vega {
    Vega {
        id: "sniffit-vega-analyses",
        title: "Analyses: click one to show it",
        description: "The latest captures, whatever the time range. A click sets the time range and a filter to the analysis, \
                      instead of all other filters.",
        body: Body {
            signals: vec![json!({
                "name": "chosen",
                "on": [{ "events": "@choices:click", "update": choose() }],
                "value": null,
            })],
            data: data(),
            scales: vec![json!({
                "domain": { "data": "analyses", "field": "number" },
                "name": "y",
                "range": [
                    { "signal": format!("{ROW_HEIGHT}") },
                    { "signal": format!("min(height, {ROW_HEIGHT} * (1 + length(data('analyses'))))") },
                ],
                "type": "band",
            })],
            axes: Vec::new(),
            legends: Vec::new(),
            marks: marks(),
        },
    }
}

/// What a click does. An analysis is shown from a second before its begin to a second after its end.
fn choose() -> String {
    format!(
        "[kibanaRemoveAllFilters(), \
         kibanaAddFilter({{'match_phrase': {{'{field}': datum.id}}}}, '{EVERYTHING_PATTERN}', 'Analysis ' + datum.capture), \
         kibanaSetTimeFilter(datum.begin - 1000, datum.end + 1000)]",
        field = ANALYSIS.path,
    )
}

fn data() -> Vec<Value> {
    let among = Among { dataset: Dataset::Analyses, time: None, is_filtered: false };
    let body = json!({
        "_source": false,
        "docvalue_fields": [
            { "field": START.path, "format": "epoch_millis" },
            { "field": END.path, "format": "epoch_millis" },
            DURATION.path, CAPTURE.path, ANALYSIS.path, METHOD.path, STATUS.path, FRAMES.path, OBJECTS_WRITTEN.path,
        ],
        // A capture without packets has no time to show.
        "query": { "exists": { "field": START.path } },
        "size": MOST,
        "sort": [{ TIME.path: "desc" }, { ANALYSIS.path: "asc" }],
        "track_total_hits": true,
    });
    let value = |field: &str| format!("datum.hit.fields['{field}'] ? datum.hit.fields['{field}'][0] : null");
    let analyses = each("datum.hits.hits", "hit")
        .into_iter()
        .chain(formulas([
            ("id", value(ANALYSIS.path).as_str()),
            ("capture", &value(CAPTURE.path)),
            ("begin", &format!("toNumber({})", value(START.path))),
            ("end", &format!("toNumber({})", value(END.path))),
            ("duration", &value(DURATION.path)),
            ("packets", &value(FRAMES.path)),
            ("objects", &value(OBJECTS_WRITTEN.path)),
            ("method", &value(METHOD.path)),
            ("status", &value(STATUS.path)),
        ]))
        .chain([
            json!({
                "fields": ["id", "capture", "begin", "end", "duration", "packets", "objects", "method", "status"],
                "type": "project",
            }),
            json!({ "as": ["number"], "ops": ["row_number"], "type": "window" }),
        ]);
    vec![search("reply", among, body), rows("analyses", "reply", analyses)]
}

struct Column {
    title: &'static str,
    /// Where it begins, or ends if aligned to the right, in hundredths of the width; and how wide it may be.
    at: u32,
    room: u32,
    align: &'static str,
    text: String,
}

fn columns() -> [Column; 8] {
    let left = |title, at, room, text: &str| Column { title, at, room, align: "left", text: text.to_owned() };
    let right = |title, at, room, text: String| Column { title, at, room, align: "right", text };
    let number = |field: &str| format!("isValid({field}) ? {} : '–'", text::number(field));
    [
        left("Capture", 0, 24, "datum.capture"),
        left("Begin", 25, 17, "timeFormat(datum.begin, '%Y-%m-%d %H:%M:%S')"),
        right("Length", 50, 8, text::duration("datum.duration")),
        right("Packets", 59, 9, number("datum.packets")),
        right("Objects", 68, 9, number("datum.objects")),
        left("Method", 70, 12, "datum.method"),
        left("Status", 82, 7, "datum.status"),
        left("Analysis", 90, 10, "slice(datum.id, 0, 8)"),
    ]
}

fn marks() -> Vec<Value> {
    let choices = json!({
        "encode": {
            "hover": { "fillOpacity": { "value": 0.25 } },
            "update": {
                "cursor": { "value": "pointer" },
                "fill": { "value": RECEIVED },
                "fillOpacity": { "signal": "datum.number % 2 ? 0.08 : 0" },
                "height": { "band": 1, "scale": "y" },
                "tooltip": { "signal": "{'Show': datum.capture, 'Analysis': datum.id}" },
                "width": { "signal": "width" },
                "x": { "value": 0 },
                "y": { "field": "number", "scale": "y" },
            },
        },
        "from": { "data": "analyses" },
        "name": "choices",
        "type": "rect",
    });
    let under_titles = json!({
        "encode": { "update": {
            "stroke": { "value": NEUTRAL },
            "x2": { "signal": "width" },
            "y": { "value": ROW_HEIGHT },
        } },
        "interactive": false,
        "type": "rule",
    });
    let mut marks = vec![choices, under_titles];
    for Column { title, at, room, align, text } in columns() {
        let x = format!("width * {at} / 100 + {}", if align == "left" { 4 } else { 0 });
        let place = json!({
            "align": { "value": align },
            "baseline": { "value": "middle" },
            "limit": { "signal": format!("width * {room} / 100") },
            "x": { "signal": x },
        });
        let encoded = |more: Value| {
            let mut encoded = place.clone();
            if let (Some(encoded), Value::Object(more)) = (encoded.as_object_mut(), more) {
                encoded.extend(more);
            }
            json!({ "update": encoded })
        };
        marks.push(json!({
            "encode": encoded(json!({ "text": { "value": title }, "y": { "value": ROW_HEIGHT / 2 } })),
            "interactive": false,
            "style": "guide-title",
            "type": "text",
        }));
        marks.push(json!({
            "encode": encoded(json!({
                "text": { "signal": text },
                "y": { "band": 0.5, "field": "number", "scale": "y" },
            })),
            "from": { "data": "analyses" },
            "interactive": false,
            "name": format!("column_{}", title.to_lowercase()),
            "style": "guide-label",
            "type": "text",
        }));
    }
    let all = total("reply");
    let status = format!("{all} > {MOST} ? 'The latest {MOST} of ' + {} + ' analyses' : ''", text::number(&all));
    marks.push(parts::status(&status, 0));
    marks.push(parts::nothing("analyses", "No analysis has been posted yet"));
    marks
}
