//! Analyses side by side.

use super::super::super::fields::{ANALYSIS, BINS, DURATION, GAP, IP_BYTES, METHOD, OBJECTS, PAYLOAD};
use super::super::Lens;
use super::super::chart::{Chart, Series, Xy};
use super::super::column::{count, over_time, percentile, sum, sum_a_second, top};
use super::{analysis_columns, bars};

pub(super) fn panels() -> Vec<Lens> {
    vec![
        Lens {
            id: "sniffit-lens-compare",
            title: "Analyses side by side",
            description: "Objects of both directions. Two analyses of one capture differ in their options.",
            dataset: OBJECTS,
            query: "",
            columns: analysis_columns(
                "objects",
                vec![
                    ("method", top(1, METHOD, "Method", "objects", false)),
                    ("objects", count("Objects")),
                    ("payload", sum(PAYLOAD, "Payload")),
                    ("size-p50", percentile(50, PAYLOAD, "Size, median")),
                    ("size-p95", percentile(95, PAYLOAD, "Size, p95")),
                    ("duration-p50", percentile(50, DURATION, "Duration, median")),
                    ("gap-p50", percentile(50, GAP, "Gap before, median")),
                ],
            ),
            chart: Chart::Table,
        },
        Lens {
            id: "sniffit-lens-compare-throughput",
            title: "Throughput by analysis",
            description: "IP bytes a second, of both directions. Analyses of one capture with the same options for streams coincide.",
            dataset: BINS,
            query: "",
            columns: vec![
                ("analysis", top(5, ANALYSIS, "Analysis", "bytes", false)),
                ("time", over_time()),
                ("bytes", sum_a_second(IP_BYTES, "Bytes a second")),
            ],
            chart: Chart::Xy(Xy { series: Series::Lines, split: Some("analysis"), ..bars("bytes", "Bytes a second") }),
        },
        Lens {
            id: "sniffit-lens-compare-objects",
            title: "Objects begun, by analysis",
            description: "Where two analyses cut the same traffic differently.",
            dataset: OBJECTS,
            query: "",
            columns: vec![
                ("analysis", top(5, ANALYSIS, "Analysis", "objects", false)),
                ("time", over_time()),
                ("objects", count("Objects begun")),
            ],
            chart: Chart::Xy(Xy {
                series: Series::Lines,
                split: Some("analysis"),
                ..bars("objects", "Objects begun in the interval")
            }),
        },
    ]
}
