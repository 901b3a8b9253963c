//! Who sent how much, when: sums over bins.

use super::super::super::fields::{BINS, IP_BYTES, SERVER, TRANSPORT};
use super::super::super::style::{RECEIVED, SENT};
use super::super::Lens;
use super::super::chart::{Chart, Series, Xy};
use super::super::column::{cumulative, filters, over_time, sum, top};
use super::{bars, directions, is};

pub(super) fn panels() -> Vec<Lens> {
    vec![
        Lens {
            id: "sniffit-lens-sent",
            title: "Sent",
            description: "IP bytes from the clients, retransmissions and acknowledgments included.",
            dataset: BINS,
            query: "sniffit.direction: \"up\"",
            columns: vec![("time", over_time()), ("bytes", sum(IP_BYTES, "Sent"))],
            chart: Chart::Xy(Xy { color: Some(SENT), ..bars("bytes", "Bytes in the interval") }),
        },
        Lens {
            id: "sniffit-lens-received",
            title: "Received",
            description: "IP bytes from the servers, retransmissions and acknowledgments included.",
            dataset: BINS,
            query: "sniffit.direction: \"down\"",
            columns: vec![("time", over_time()), ("bytes", sum(IP_BYTES, "Received"))],
            chart: Chart::Xy(Xy { color: Some(RECEIVED), ..bars("bytes", "Bytes in the interval") }),
        },
        Lens {
            id: "sniffit-lens-transport",
            title: "TCP and UDP",
            description: "IP bytes of both directions.",
            dataset: BINS,
            query: "",
            columns: vec![
                (
                    "transport",
                    filters("Transport", &[("TCP", is(TRANSPORT.path, "tcp")), ("UDP", is(TRANSPORT.path, "udp"))]),
                ),
                ("time", over_time()),
                ("bytes", sum(IP_BYTES, "Bytes")),
            ],
            chart: Chart::Xy(Xy { split: Some("transport"), ..bars("bytes", "Bytes in the interval") }),
        },
        Lens {
            id: "sniffit-lens-top-servers",
            title: "Servers with the most bytes",
            description: "IP bytes of both directions; the eight greatest servers of the time range, and all others together.",
            dataset: BINS,
            query: "",
            columns: vec![
                ("server", top(8, SERVER, "Server", "bytes", true)),
                ("time", over_time()),
                ("bytes", sum(IP_BYTES, "Bytes")),
            ],
            chart: Chart::Xy(Xy { split: Some("server"), ..bars("bytes", "Bytes in the interval") }),
        },
        Lens {
            id: "sniffit-lens-cumulative",
            title: "Bytes so far",
            description: "IP bytes since the begin of the time range.",
            dataset: BINS,
            query: "",
            columns: vec![
                ("direction", directions()),
                ("time", over_time()),
                ("bytes", sum(IP_BYTES, "Bytes")),
                ("so-far", cumulative("bytes", "Bytes so far")),
            ],
            chart: Chart::Xy(Xy {
                series: Series::Lines,
                split: Some("direction"),
                ..bars("so-far", "Bytes since the begin of the range")
            }),
        },
    ]
}
