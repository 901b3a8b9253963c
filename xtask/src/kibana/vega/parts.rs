//! Parts that Vega panels share: axes, legends and lines of text.
//!
//! In: names of data, scales and signals. Out: parts of a specification. Guaranteed: texts have the style that Kibana
//! colours for its theme.

use super::super::style::{RECEIVED, SENT};
use serde_json::{Value, json};

/// Directions as documents name them, as people do, and their colours.
pub(super) const DIRECTIONS: [(&str, &str, &str); 2] = [("up", "Sent", SENT), ("down", "Received", RECEIVED)];

/// Colours of the directions, by the names that people use.
pub(super) fn direction_scale() -> Value {
    json!({
        "domain": DIRECTIONS.map(|(_, name, _)| name),
        "name": "color",
        "range": DIRECTIONS.map(|(_, _, color)| color),
        "type": "ordinal",
    })
}

/// The name of a direction as an expression.
pub(super) fn direction_name(key: &str) -> String {
    let [(up, sent, _), (_, received, _)] = DIRECTIONS;
    format!("{key} === '{up}' ? '{sent}' : '{received}'")
}

/// A legend for the scale `color`, this far above the plot.
pub(super) fn legend(columns: u32, offset: i32) -> Value {
    json!({ "columns": columns, "direction": "horizontal", "fill": "color", "offset": offset, "orient": "top" })
}

pub(super) fn axis(orient: &str, scale: &str, title: &str) -> Value {
    json!({
        "grid": true,
        "labelOverlap": "greedy",
        "orient": orient,
        "scale": scale,
        "tickCount": if orient == "bottom" { 10 } else { 5 },
        "title": title,
    })
}

/// The axis of time. Its title is the day on which the scale begins, then more text.
pub(super) fn time_axis(more: &str) -> Value {
    let mut axis = axis("bottom", "x", "");
    axis["title"] = json!({ "signal": format!("timeFormat(domain('x')[0], 'Time on %Y-%m-%d') + '{more}'") });
    axis["format"] = json!({
        "date": "%a %d %b",
        "hours": "%H:%M",
        "milliseconds": "%H:%M:%S.%L",
        "minutes": "%H:%M",
        "month": "%B",
        "quarter": "%B",
        "seconds": "%H:%M:%S",
        "week": "%d %b",
        "year": "%Y",
    });
    axis["formatType"] = json!("time");
    axis
}

/// Says in the middle that there is nothing, when `rows` has no row.
pub(super) fn nothing(rows: &str, text: &str) -> Value {
    json!({
        "encode": { "update": {
            "align": { "value": "center" },
            "baseline": { "value": "middle" },
            "text": { "signal": format!("length(data('{rows}')) ? '' : '{text}'") },
            "x": { "signal": "width / 2" },
            "y": { "signal": "height / 2" },
        } },
        "interactive": false,
        "name": "nothing",
        "style": "guide-title",
        "type": "text",
    })
}

/// A line of text above the plot, at its right end.
pub(super) fn status(text: &str, y: i32) -> Value {
    json!({
        "encode": { "update": {
            "align": { "value": "right" },
            "baseline": { "value": "bottom" },
            "limit": { "signal": "width" },
            "text": { "signal": text },
            "x": { "signal": "width" },
            "y": { "value": y },
        } },
        "interactive": false,
        "name": "status",
        "style": "guide-label",
        "type": "text",
    })
}
