//! What each panel shows of the fixture: worked out by hand from its tables.
//!
//! A cell `a..b` holds for every number from a to b: a quantile of few values lies between two of them. Times over which
//! series run are intervals of 5 s from the begin of the fixture.

use super::fixture::{A, B, MANY};

/// A panel of Lens: what the dashboard gives it, and its lines.
pub(super) struct LensCase {
    pub(super) id: &'static str,
    pub(super) analyses: &'static [&'static str],
    pub(super) lines: &'static [&'static str],
}

const ONE: &[&str] = &[A];
const TWO: &[&str] = &[A, B];

pub(super) const LENS: [LensCase; 16] = [
    LensCase { id: "sniffit-lens-sent", analyses: ONE, lines: &["Sent: 850 1400 0 0"] },
    LensCase { id: "sniffit-lens-received", analyses: ONE, lines: &["Received: 102090 2503200 0 2600000"] },
    LensCase {
        id: "sniffit-lens-transport",
        analyses: ONE,
        lines: &["TCP | Bytes: 102600 2504600 0 2600000", "UDP | Bytes: 340 0 0 0"],
    },
    LensCase {
        id: "sniffit-lens-top-servers",
        analyses: &[MANY],
        lines: &[
            "203.0.113.10 | Bytes: 0 100 0 0",
            "203.0.113.9 | Bytes: 0 90 0 0",
            "203.0.113.8 | Bytes: 0 80 0 0",
            "203.0.113.7 | Bytes: 0 70 0 0",
            "203.0.113.6 | Bytes: 0 60 0 0",
            "203.0.113.5 | Bytes: 0 50 0 0",
            "203.0.113.4 | Bytes: 0 40 0 0",
            "203.0.113.3 | Bytes: 0 30 0 0",
            "Other | Bytes: 0 30 0 0",
        ],
    },
    LensCase {
        id: "sniffit-lens-cumulative",
        analyses: ONE,
        lines: &[
            "Sent | Bytes: 850 1400 0 0",
            "Sent | Bytes so far: 850 2250 2250 2250",
            "Received | Bytes: 102090 2503200 0 2600000",
            "Received | Bytes so far: 102090 2605290 2605290 5205290",
        ],
    },
    LensCase {
        id: "sniffit-lens-server-quantiles",
        analyses: ONE,
        // Objects, payload, size p50 and p95, duration p50 and p95, gap p50 and p95.
        lines: &[
            "2001:db8::3 | 2 5000700 700..5000000 700..5000000 0..10000000000 0..10000000000 – –",
            "198.51.100.1 | 4 104000 500..3000 3000..100000 0..1000000000 1000000000..2000000000 2100000000..4000000000 2100000000..4000000000",
            "198.51.100.2 | 2 260 60..200 60..200 0..500000000 0..500000000 – –",
        ],
    },
    LensCase {
        id: "sniffit-lens-server-sizes",
        analyses: ONE,
        lines: &[
            "198.51.100.1 | < 128 B | 0",
            "198.51.100.1 | 128 B – 1 KiB | 2",
            "198.51.100.1 | 1 – 8 KiB | 1",
            "198.51.100.1 | 8 – 64 KiB | 0",
            "198.51.100.1 | 64 – 512 KiB | 1",
            "198.51.100.1 | 512 KiB – 4 MiB | 0",
            "198.51.100.1 | ≥ 4 MiB | 0",
            "198.51.100.2 | < 128 B | 1",
            "198.51.100.2 | 128 B – 1 KiB | 1",
            "198.51.100.2 | 1 – 8 KiB | 0",
            "198.51.100.2 | 8 – 64 KiB | 0",
            "198.51.100.2 | 64 – 512 KiB | 0",
            "198.51.100.2 | 512 KiB – 4 MiB | 0",
            "198.51.100.2 | ≥ 4 MiB | 0",
            "2001:db8::3 | < 128 B | 0",
            "2001:db8::3 | 128 B – 1 KiB | 1",
            "2001:db8::3 | 1 – 8 KiB | 0",
            "2001:db8::3 | 8 – 64 KiB | 0",
            "2001:db8::3 | 64 – 512 KiB | 0",
            "2001:db8::3 | 512 KiB – 4 MiB | 0",
            "2001:db8::3 | ≥ 4 MiB | 1",
        ],
    },
    LensCase {
        id: "sniffit-lens-object-ends",
        analyses: ONE,
        lines: &[
            "idle | Sent | 1",
            "idle | Received | 2",
            "reply | Sent | 3",
            "reply | Received | 0",
            "capture_end | Sent | 0",
            "capture_end | Received | 1",
            "closed | Sent | 0",
            "closed | Received | 1",
        ],
    },
    LensCase {
        id: "sniffit-lens-compare",
        analyses: TWO,
        // Objects, payload, size p50 and p95, duration p50, gap p50.
        lines: &[
            "panels | aaaa208700000001 | exchange | 8 5104960 500..700 100000..5000000 0..500000000 2100000000..4000000000",
            "panels | bbbb208700000002 | mean-gap | 3 5104000 103000 103000..5000000 5100000000 –",
        ],
    },
    LensCase {
        id: "sniffit-lens-compare-throughput",
        analyses: TWO,
        lines: &[
            "aaaa208700000001 | Bytes a second: 20588 500920 0 520000",
            "bbbb208700000002 | Bytes a second: 120 0 0 200",
        ],
    },
    LensCase {
        id: "sniffit-lens-compare-objects",
        analyses: TWO,
        lines: &["aaaa208700000001 | Objects begun: 4 4 0 0", "bbbb208700000002 | Objects begun: 2 1 0 0"],
    },
    LensCase {
        id: "sniffit-lens-analyses",
        analyses: TWO,
        // Begin and end in ms; packets, TCP, UDP, other; TCP and UDP payload; streams, objects.
        lines: &[
            "panels | aaaa208700000001 | complete | true | exchange | sniffit 0.0.0 | 3703140001000 3703140019900 110 100 10 0 5104700 260 3 8",
            "panels | bbbb208700000002 | partial | false | mean-gap | sniffit 0.0.0 | 3703140001000 3703140019900 110 100 10 0 5104700 260 3 8",
        ],
    },
    LensCase {
        id: "sniffit-lens-losses",
        analyses: TWO,
        // Packets; truncated, later fragments, unmatched, filtered, evicted, reused, holes, back in time.
        lines: &["panels | aaaa208700000001 | 110 2 0 0 0 0 0 0 1", "panels | bbbb208700000002 | 110 2 0 0 0 3 0 0 1"],
    },
    LensCase {
        id: "sniffit-lens-methods",
        analyses: ONE,
        lines: &["exchange | exchange | 2", "exchange | exchange-headers | 1"],
    },
    LensCase { id: "sniffit-lens-client-sources", analyses: ONE, lines: &["syn | 2", "first | 1"] },
    LensCase {
        id: "sniffit-lens-retransmitted",
        analyses: ONE,
        lines: &["Sent | Payload sent again: 0 100 0 0", "Received | Payload sent again: 1400 0 0 0"],
    },
];

/// Which rows are compared.
pub(super) enum Kept {
    All,
    /// Those with this field at this place.
    With(usize, &'static str),
    /// Those without this field at this place.
    Without(usize, &'static str),
    /// Those whose first fields, up to this number, differ from those of the row before.
    Changed(usize),
}

/// A Vega panel: what the dashboard gives it, and what it draws.
pub(super) struct VegaCase {
    pub(super) id: &'static str,
    pub(super) analyses: &'static [&'static str],
    /// The time range in milliseconds of the fixture.
    pub(super) window: (i64, i64),
    /// Rows of one of the panel's data, by these fields.
    pub(super) data: &'static str,
    pub(super) fields: &'static [&'static str],
    pub(super) kept: Kept,
    pub(super) rows: &'static [&'static str],
    /// Items of named marks.
    pub(super) marks: &'static [(&'static str, u64)],
    pub(super) status: &'static str,
}

const ALL: (i64, i64) = (0, 19_999);

pub(super) const VEGA: [VegaCase; 9] = [
    VegaCase {
        id: "sniffit-vega-analyses",
        analyses: &[],
        window: (0, 1),
        data: "analyses",
        fields: &["capture", "id", "begin", "end", "duration", "packets", "objects", "method", "status"],
        kept: Kept::With(0, "panels"),
        rows: &[
            "panels aaaa208700000001 +1000 +19900 18900000000 110 8 exchange complete",
            "panels bbbb208700000002 +1000 +19900 18900000000 110 8 mean-gap partial",
        ],
        marks: &[],
        status: "",
    },
    VegaCase {
        id: "sniffit-vega-spans",
        analyses: ONE,
        // Stream 1's first object is over; its second began before.
        window: (2_000, 17_000),
        data: "objects",
        fields: &["begin", "end", "row", "direction", "bytes", "rate", "level"],
        kept: Kept::All,
        // The level is (log10(rate) − 3) / 6.
        rows: &[
            "+1100 +3100 198.51.100.1 down 100000 400000 0.4337",
            "+2000 +2500 198.51.100.2 up 200 3200 0.0842",
            "+2600 +2600 198.51.100.2 down 60 – 0",
            "+5000 +5000 198.51.100.1 up 500 – 0",
            "+5200 +6200 198.51.100.1 down 3000 24000 0.23",
            "+8900 +8900 2001:db8::3 up 700 – 0",
            "+9000 +19000 2001:db8::3 down 5000000 4000000 0.6003",
        ],
        marks: &[("spans", 7), ("lines", 3), ("annotation_rules", 2), ("annotation_labels", 2)],
        status: "7 objects · above the line: sent, below: received",
    },
    VegaCase {
        id: "sniffit-vega-spans",
        analyses: TWO,
        // Much longer than the objects take, to which the plot is then cut, and the last annotation with it.
        window: (0, 899_999),
        data: "rows",
        fields: &["row"],
        kept: Kept::All,
        // By bytes over both analyses.
        rows: &["198.51.100.1", "198.51.100.2", "2001:db8::3"],
        marks: &[("spans", 11), ("lines", 3), ("annotation_rules", 2), ("annotation_labels", 2)],
        status: "11 objects · above the line: sent, below: received",
    },
    VegaCase {
        id: "sniffit-vega-in-flight",
        analyses: ONE,
        // 15 minutes, for which Kibana takes intervals of 5 s.
        window: (0, 899_999),
        data: "open",
        fields: &["direction", "at", "objects"],
        kept: Kept::Without(2, "0"),
        rows: &[
            "Received +0 2",
            "Received +5000 2",
            "Received +10000 1",
            "Received +15000 1",
            "Sent +0 2",
            "Sent +5000 2",
        ],
        marks: &[("columns", 360), ("annotation_rules", 3), ("annotation_labels", 3)],
        status: "",
    },
    VegaCase {
        id: "sniffit-vega-sizes",
        analyses: ONE,
        window: ALL,
        data: "bars",
        fields: &["direction", "low", "high", "count", "share"],
        kept: Kept::All,
        rows: &[
            "Received 5 6 1 0.25",
            "Received 11 12 1 0.25",
            "Received 16 17 1 0.25",
            "Received 22 23 1 0.25",
            "Sent 7 8 1 0.25",
            "Sent 8 9 2 0.5",
            "Sent 9 10 1 0.25",
        ],
        marks: &[("columns", 7)],
        status: "4 sent, 4 received",
    },
    VegaCase {
        id: "sniffit-vega-gaps",
        analyses: ONE,
        window: ALL,
        data: "bars",
        fields: &["direction", "low", "high", "count", "share"],
        kept: Kept::All,
        // 4 s lie between 2^31 and 2^32 ns, 2.1 s between 2^30 and 2^31.
        rows: &["Received 30 31 1 1", "Sent 31 32 1 1"],
        marks: &[("columns", 2)],
        status: "1 sent, 1 received",
    },
    VegaCase {
        id: "sniffit-vega-packet-gaps",
        analyses: ONE,
        window: ALL,
        data: "bars",
        fields: &["direction", "low", "high", "count", "share"],
        kept: Kept::All,
        // Below the lowest edge counts as one class below it.
        rows: &["Sent 9 10 1 0.5", "Sent 11 12 1 0.5", "Received 19 20 1 1"],
        marks: &[("columns", 3)],
        status: "2 sent, 1 received",
    },
    VegaCase {
        id: "sniffit-vega-size-shares",
        analyses: ONE,
        window: ALL,
        data: "shares",
        fields: &["series", "share", "size"],
        kept: Kept::Changed(2),
        // Where the share changes: the sizes are powers of two and of the root of two, rounded down.
        rows: &[
            "Received 0 45",
            "Received 0.25 64",
            "Received 0.5 4096",
            "Received 0.75 131072",
            "Received 1 5931641",
            "Sent 0 181",
            "Sent 0.25 256",
            "Sent 0.75 512",
            "Sent 1 724",
        ],
        marks: &[],
        status: "",
    },
    VegaCase {
        id: "sniffit-vega-compare-sizes",
        analyses: TWO,
        window: ALL,
        data: "shares",
        fields: &["series", "share", "size"],
        kept: Kept::Changed(2),
        rows: &[
            "panels · exchange · aaaa2087 0 45",
            "panels · exchange · aaaa2087 0.125 64",
            "panels · exchange · aaaa2087 0.25 256",
            "panels · exchange · aaaa2087 0.5 512",
            "panels · exchange · aaaa2087 0.625 724",
            "panels · exchange · aaaa2087 0.75 4096",
            "panels · exchange · aaaa2087 0.875 131072",
            "panels · exchange · aaaa2087 1 5931641",
            "panels · mean-gap · bbbb2087 0 724",
            "panels · mean-gap · bbbb2087 0.3333 1024",
            "panels · mean-gap · bbbb2087 0.6667 131072",
            "panels · mean-gap · bbbb2087 1 5931641",
        ],
        marks: &[],
        status: "",
    },
];
