//! What the objects are like: distributions over objects.

use super::super::super::fields::{DURATION, GAP, OBJECT_END, OBJECTS, PAYLOAD, SERVER};
use super::super::Lens;
use super::super::chart::{Chart, Series, Xy};
use super::super::column::{classes, count, percentile, sum, top};
use super::{bars, directions};

/// Classes of sizes: their lower edges in bytes.
const SIZES: [(u64, &str); 7] = [
    (0, "< 128 B"),
    (128, "128 B – 1 KiB"),
    (1 << 10, "1 – 8 KiB"),
    (8 << 10, "8 – 64 KiB"),
    (64 << 10, "64 – 512 KiB"),
    (512 << 10, "512 KiB – 4 MiB"),
    (4 << 20, "≥ 4 MiB"),
];

pub(super) fn panels() -> Vec<Lens> {
    vec![
        Lens {
            id: "sniffit-lens-server-quantiles",
            title: "Objects by server",
            description: "Medians and 95th percentiles over the objects of both directions; sizes are new payload.",
            dataset: OBJECTS,
            query: "",
            columns: vec![
                ("server", top(20, SERVER, "Server", "payload", false)),
                ("objects", count("Objects")),
                ("payload", sum(PAYLOAD, "Payload")),
                ("size-p50", percentile(50, PAYLOAD, "Size, median")),
                ("size-p95", percentile(95, PAYLOAD, "Size, p95")),
                ("duration-p50", percentile(50, DURATION, "Duration, median")),
                ("duration-p95", percentile(95, DURATION, "Duration, p95")),
                ("gap-p50", percentile(50, GAP, "Gap before, median")),
                ("gap-p95", percentile(95, GAP, "Gap before, p95")),
            ],
            chart: Chart::Table,
        },
        Lens {
            id: "sniffit-lens-server-sizes",
            title: "Sizes by server",
            description: "Objects of the 15 servers with the most of them, by new payload.",
            dataset: OBJECTS,
            query: "",
            columns: vec![
                ("server", top(15, SERVER, "Server", "objects", false)),
                ("size", classes(PAYLOAD, "Size", &SIZES)),
                ("objects", count("Objects")),
            ],
            chart: Chart::HeatMap { x: "size", y: "server", value: "objects" },
        },
        Lens {
            id: "sniffit-lens-object-ends",
            title: "What ended the objects",
            description: "The reasons are explained in the output schema.",
            dataset: OBJECTS,
            query: "",
            columns: vec![
                ("reason", top(10, OBJECT_END, "Reason", "objects", false)),
                ("direction", directions()),
                ("objects", count("Objects")),
            ],
            chart: Chart::Xy(Xy {
                series: Series::HorizontalBars,
                x: "reason",
                split: Some("direction"),
                ..bars("objects", "Objects")
            }),
        },
    ]
}
