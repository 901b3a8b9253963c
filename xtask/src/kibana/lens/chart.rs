//! Charts of Lens: how the columns of a panel are drawn.
//!
//! In: which column goes where. Out: the state of one of Lens' visualisations. Guaranteed: axes of numbers have a title
//! with its unit; several series have a legend.

use super::LAYER;
use serde_json::{Value, json};

pub(super) enum Chart {
    /// Bars or lines over time, or horizontal bars.
    Xy(Xy),
    /// A table of all columns.
    Table,
    HeatMap {
        x: &'static str,
        y: &'static str,
        value: &'static str,
    },
}

pub(super) struct Xy {
    pub(super) series: Series,
    pub(super) x: &'static str,
    /// Column whose groups become series.
    pub(super) split: Option<&'static str>,
    pub(super) y: &'static str,
    pub(super) y_title: &'static str,
    /// Of a chart that has one series.
    pub(super) color: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Series {
    StackedBars,
    HorizontalBars,
    Lines,
}

impl Series {
    const fn name(self) -> &'static str {
        match self {
            Self::StackedBars => "bar_stacked",
            Self::HorizontalBars => "bar_horizontal_stacked",
            Self::Lines => "line",
        }
    }
}

impl Chart {
    /// What Lens calls it.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Xy(_) => "lnsXY",
            Self::Table => "lnsDatatable",
            Self::HeatMap { .. } => "lnsHeatmap",
        }
    }

    pub(super) fn state(&self, columns: &[&str]) -> Value {
        match self {
            Self::Xy(xy) => xy.state(),
            Self::Table => {
                let columns: Vec<Value> =
                    columns.iter().map(|id| json!({ "columnId": id, "isTransposed": false })).collect();
                json!({
                    "columns": columns,
                    "headerRowHeight": "auto",
                    "layerId": LAYER,
                    "layerType": "data",
                    "paging": { "enabled": true, "size": 20 },
                    "rowHeight": "single",
                })
            }
            Self::HeatMap { x, y, value } => json!({
                "gridConfig": {
                    "isCellLabelVisible": true,
                    "isXAxisLabelVisible": true,
                    "isXAxisTitleVisible": true,
                    "isYAxisLabelVisible": true,
                    "isYAxisTitleVisible": true,
                    "type": "heatmap_grid",
                },
                "layerId": LAYER,
                "layerType": "data",
                "legend": { "isVisible": true, "position": "right", "type": "heatmap_legend" },
                "shape": "heatmap",
                "valueAccessor": value,
                "xAccessor": x,
                "yAccessor": y,
            }),
        }
    }
}

impl Xy {
    fn state(&self) -> Value {
        let series = self.series.name();
        let mut layer = json!({
            "accessors": [self.y],
            "layerId": LAYER,
            "layerType": "data",
            // Kibana's own palette, made for colour-blind eyes.
            "palette": { "name": "default", "type": "palette" },
            "position": "top",
            "seriesType": series,
            "showGridlines": false,
            "xAccessor": self.x,
        });
        if let Some(split) = self.split {
            layer["splitAccessor"] = json!(split);
        }
        if let Some(color) = self.color {
            layer["yConfig"] = json!([{ "axisMode": "left", "color": color, "forAccessor": self.y }]);
        }
        let everywhere = json!({ "x": true, "yLeft": true, "yRight": true });
        // The axis of time says itself what it shows.
        let titles = json!({ "x": self.series == Series::HorizontalBars, "yLeft": true, "yRight": true });
        json!({
            "axisTitlesVisibilitySettings": titles,
            // Kibana shades what it takes for incomplete intervals; the capture's first and last are no such thing.
            "hideEndzones": true,
            "fittingFunction": "None",
            "gridlinesVisibilitySettings": everywhere,
            "labelsOrientation": { "x": 0, "yLeft": 0, "yRight": 0 },
            "layers": [layer],
            "legend": { "isVisible": self.split.is_some(), "position": "right", "showSingleSeries": self.split.is_some() },
            "preferredSeriesType": series,
            "tickLabelsVisibilitySettings": everywhere,
            "valueLabels": "hide",
            "yTitle": self.y_title,
        })
    }
}
