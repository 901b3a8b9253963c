//! Users' annotations as rules over a time axis.
//!
//! In: the scale `x`, and the signal `shown` with both ends of its domain. Out: data and marks. Guaranteed: labels don't run into each other: they stand on three lines in
//! turn, from the top down, so that the rules of the next ones pass below; each is cut where the next one on its line
//! begins.

use super::super::fields::{MESSAGE, TIME};
use super::super::style::NEUTRAL;
use super::search::{Among, each, formulas, rows, search, total};
use super::text;
use analyzer_core::sink::index::Dataset;
use serde_json::{Value, json};

/// More can't be told apart.
pub(super) const MOST: u32 = 200;
/// Room that the labels take above the plot, in pixels.
pub(super) const HEIGHT: i32 = 3 * LINE;
const LINE: i32 = 13;

pub(super) fn data() -> Vec<Value> {
    // Annotations belong to times, not to servers or analyses: the dashboard's filters don't reach them.
    let among = Among { dataset: Dataset::Annotations, time: Some(TIME.path), is_filtered: false };
    let body = json!({
        "_source": false,
        "docvalue_fields": [{ "field": TIME.path, "format": "epoch_millis" }, MESSAGE],
        "size": MOST,
        "sort": [{ TIME.path: "asc" }],
        "track_total_hits": true,
    });
    let annotations = each("datum.hits.hits", "hit")
        .into_iter()
        .chain(formulas([
            ("at", "toNumber(datum.hit.fields['@timestamp'][0])"),
            ("message", "datum.hit.fields.message ? datum.hit.fields.message[0] : ''"),
        ]))
        .chain([
            json!({ "as": ["at", "message"], "fields": ["at", "message"], "type": "project" }),
            // A mark beyond the plot would take its room, seen or not.
            json!({ "expr": "inrange(datum.at, shown)", "type": "filter" }),
        ])
        .chain([json!({
            "as": ["number", "next1", "next2", "next3"], "fields": [null, "at", "at", "at"],
            "ops": ["row_number", "lead", "lead", "lead"], "params": [null, 1, 2, 3], "sort": { "field": "at" },
            "type": "window",
        })])
        .chain(formulas([
            ("line", "2 - (datum.number - 1) % 3"),
            ("crossing", "datum.line === 0 ? datum.next1 : datum.line === 1 ? datum.next2 : datum.next3"),
        ]));
    vec![search("annotations_reply", among, body), rows("annotations", "annotations_reply", annotations)]
}

pub(super) fn marks() -> Vec<Value> {
    let x = json!({ "field": "at", "scale": "x" });
    let y = json!({ "signal": format!("-4 - {LINE} * datum.line") });
    // A label near the end has no room to the right of its rule.
    let is_near_end = "scale('x', datum.at) > width - 60";
    let until = |next: &str| format!("(isValid({next}) ? scale('x', {next}) : width) - scale('x', datum.at) - 8");
    // A rule may cross a label that would else be shorter than this.
    let room = format!(
        "{is_near_end} ? 110 : max(8, min(70, {same_line}), {clear})",
        same_line = until("datum.next3"),
        clear = until("datum.crossing"),
    );
    vec![
        json!({
            "encode": { "update": {
                "stroke": { "value": NEUTRAL },
                "strokeDash": { "value": [4, 3] },
                "strokeWidth": { "value": 1 },
                "x": x,
                "y": y,
                "y2": { "signal": "height" },
            } },
            "from": { "data": "annotations" },
            "interactive": false,
            "name": "annotation_rules",
            "type": "rule",
        }),
        json!({
            "encode": { "update": {
                "align": { "signal": format!("{is_near_end} ? 'right' : 'left'") },
                "baseline": { "value": "middle" },
                "dx": { "signal": format!("{is_near_end} ? -3 : 3") },
                "limit": { "signal": room },
                "text": { "field": "message" },
                "tooltip": {
                    "signal": "{'Annotation': datum.message, 'Time': timeFormat(datum.at, '%Y-%m-%d %H:%M:%S.%L')}",
                },
                "x": x,
                "y": y,
            } },
            "from": { "data": "annotations" },
            "name": "annotation_labels",
            "style": "guide-label",
            "type": "text",
        }),
        json!({
            "encode": { "update": {
                "baseline": { "value": "bottom" },
                "limit": { "signal": "width / 2" },
                "text": { "signal": format!(
                    "{all} > {MOST} ? '⚠ only the first {MOST} of ' + {number} + ' annotations' : ''",
                    all = total("annotations_reply"),
                    number = text::number(&total("annotations_reply")),
                ) },
                "y": { "value": -4 - HEIGHT },
            } },
            "interactive": false,
            "name": "annotation_status",
            "style": "guide-label",
            "type": "text",
        }),
    ]
}
