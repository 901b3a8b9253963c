//! Colours and fonts of all panels.
//!
//! In: nothing. Out: constants, and Vega's `config`. Guaranteed: readable on Kibana's light and dark background, because
//! marks have colours that stand out from both (contrast of 2.4 and more) and texts take the colours that Kibana gives
//! to labels; told apart with red-green blindness too (CIE76 distance of 30 and more between any two, protanopia and
//! deuteranopia simulated).

use serde_json::{Value, json};

/// For servers and analyses. More than these repeat.
pub(super) const PALETTE: [&str; 7] = ["#2f7fc9", "#e67e10", "#08afb9", "#8b00ff", "#62b973", "#ba011b", "#804c5b"];

/// From the client.
pub(super) const SENT: &str = PALETTE[1];
/// From the server.
pub(super) const RECEIVED: &str = PALETTE[0];
/// What belongs to no series: rules, and what stands for all the rest.
pub(super) const NEUTRAL: &str = "#8a919e";

/// Kibana's own font first.
const FONT: &str = "Inter, 'Segoe UI', Helvetica, Arial, sans-serif";

/// The `config` of every Vega panel. Colours of texts, axes and grids are left to Kibana, which knows the theme.
pub(super) fn config() -> Value {
    json!({
        "axis": { "domain": false, "labelPadding": 4, "ticks": false, "titlePadding": 8 },
        "legend": { "columnPadding": 16, "labelLimit": 360, "symbolSize": 90, "symbolType": "square" },
        "style": {
            "guide-label": { "font": FONT, "fontSize": 11 },
            "guide-title": { "font": FONT, "fontSize": 11, "fontWeight": 500 },
        },
        "text": { "font": FONT, "fontSize": 11 },
    })
}
