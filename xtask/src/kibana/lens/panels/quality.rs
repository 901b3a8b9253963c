//! Whether to trust an analysis: manifests, and what streams and bins tell of themselves.

use super::super::super::fields::{
    BINS, CLIENT_SOURCE, COUNTED, END, EXACT, FRAMES, FieldName, LOSSES, METHOD, METHOD_DOWN, METHOD_UP, RETRANSMITTED,
    START, STATUS, STREAMS, TOOL,
};
use super::super::Lens;
use super::super::chart::{Chart, Series, Xy};
use super::super::column::{Columns, count, earliest, latest, over_time, sum, top};
use super::{analysis_columns, bars, directions};
use analyzer_core::sink::index::Dataset;

pub(super) fn panels() -> Vec<Lens> {
    let numbers = |fields: [(FieldName, &str); 8]| {
        const IDS: [&str; 8] = ["n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8"];
        IDS.into_iter().zip(fields).map(|(id, (field, label))| (id, sum(field, label))).collect::<Columns>()
    };
    let mut counted: Columns = vec![
        ("status", top(1, STATUS, "Status", "n1", false)),
        ("exact", top(1, EXACT, "Exact", "n1", false)),
        ("method", top(1, METHOD, "Method", "n1", false)),
        ("tool", top(1, TOOL, "Made by", "n1", false)),
        ("begin", earliest(START, "Begin")),
        ("end", latest(END, "End")),
    ];
    counted.extend(numbers(COUNTED));
    let mut lost: Columns = vec![("n0", sum(FRAMES, "Packets"))];
    lost.extend(numbers(LOSSES));
    vec![
        Lens {
            id: "sniffit-lens-analyses",
            title: "Analyses",
            description: "What was read, and how it ended. Exact: no stream was left out for want of memory.",
            dataset: Dataset::Analyses,
            query: "",
            columns: analysis_columns("n1", counted),
            chart: Chart::Table,
        },
        Lens {
            id: "sniffit-lens-losses",
            title: "What was left out or odd",
            description: "All but the packets are zero in a clean capture.",
            dataset: Dataset::Analyses,
            query: "",
            columns: analysis_columns("n0", lost),
            chart: Chart::Table,
        },
        Lens {
            id: "sniffit-lens-methods",
            title: "Methods of the streams",
            description: "Which method cut the objects on the way up and down, in streams.",
            dataset: STREAMS,
            query: "",
            columns: vec![
                ("up", top(5, METHOD_UP, "Sent", "streams", false)),
                ("down", top(5, METHOD_DOWN, "Received", "streams", false)),
                ("streams", count("Streams")),
            ],
            chart: Chart::Table,
        },
        Lens {
            id: "sniffit-lens-client-sources",
            title: "How clients were told from servers",
            description: "syn is certain, port and first are guesses; in streams.",
            dataset: STREAMS,
            query: "",
            columns: vec![
                ("source", top(4, CLIENT_SOURCE, "Found by", "streams", false)),
                ("streams", count("Streams")),
            ],
            chart: Chart::Xy(Xy { series: Series::HorizontalBars, x: "source", ..bars("streams", "Streams") }),
        },
        Lens {
            id: "sniffit-lens-retransmitted",
            title: "Sent again",
            description: "Payload bytes that were sent before.",
            dataset: BINS,
            query: "",
            columns: vec![
                ("direction", directions()),
                ("time", over_time()),
                ("bytes", sum(RETRANSMITTED, "Payload sent again")),
            ],
            chart: Chart::Xy(Xy { split: Some("direction"), ..bars("bytes", "Payload bytes in the interval") }),
        },
    ]
}
