//! A few documents of two analyses of one capture, small enough to add up by hand, and of a third with many servers.
//!
//! In: the tables below. Out: documents in the schema's shape on the server. Guaranteed: they lie in a time that no other
//! test's documents have, and under ids of their own, so that panels, which search all indices, find nothing else.

use super::super::server;
use serde_json::{Value, json};
use std::sync::OnceLock;

/// 2087-05-07T10:00:00Z, in milliseconds since the epoch. All times of the tables count from here.
pub(super) const BEGIN_MS: i64 = 3_703_140_000_000;

pub(super) const CAPTURE: &str = "cafe208700000001";
/// The three analyses: the first two of one capture with different methods.
pub(super) const A: &str = "aaaa208700000001";
pub(super) const B: &str = "bbbb208700000002";
pub(super) const MANY: &str = "cccc208700000003";

const S1: &str = "198.51.100.1";
const S2: &str = "198.51.100.2";
const S3: &str = "2001:db8::3";

/// Stream, direction, index; server; begin and end in ms; new payload in bytes; gap before in ms; what ended it.
type Object = (u32, &'static str, u32, &'static str, i64, i64, u64, Option<u64>, &'static str);

const OBJECTS_A: [Object; 8] = [
    (1, "up", 0, S1, 1_000, 1_000, 500, None, "reply"),
    (1, "down", 0, S1, 1_100, 3_100, 100_000, None, "idle"),
    (1, "up", 1, S1, 5_000, 5_000, 500, Some(4_000), "reply"),
    (1, "down", 1, S1, 5_200, 6_200, 3_000, Some(2_100), "idle"),
    (2, "up", 0, S2, 2_000, 2_500, 200, None, "idle"),
    (2, "down", 0, S2, 2_600, 2_600, 60, None, "capture_end"),
    (3, "up", 0, S3, 8_900, 8_900, 700, None, "reply"),
    (3, "down", 0, S3, 9_000, 19_000, 5_000_000, None, "closed"),
];
const OBJECTS_B: [Object; 3] = [
    (1, "up", 0, S1, 1_000, 5_000, 1_000, None, "closed"),
    (1, "down", 0, S1, 1_100, 6_200, 103_000, None, "closed"),
    (3, "down", 0, S3, 9_000, 19_000, 5_000_000, None, "closed"),
];

/// Begin in ms; stream, direction; server, transport; IP bytes; payload bytes sent again.
type Bin = (i64, u32, &'static str, &'static str, &'static str, u64, u64);

const BINS_A: [Bin; 10] = [
    (1_000, 1, "up", S1, "tcp", 600, 0),
    (1_100, 1, "down", S1, "tcp", 50_000, 0),
    (3_100, 1, "down", S1, "tcp", 52_000, 1_400),
    (5_000, 1, "up", S1, "tcp", 600, 100),
    (5_200, 1, "down", S1, "tcp", 3_200, 0),
    (2_000, 2, "up", S2, "udp", 250, 0),
    (2_600, 2, "down", S2, "udp", 90, 0),
    (8_900, 3, "up", S3, "tcp", 800, 0),
    (9_000, 3, "down", S3, "tcp", 2_500_000, 0),
    // In the last tenth of a second of the range.
    (19_900, 3, "down", S3, "tcp", 2_600_000, 0),
];
const BINS_B: [Bin; 2] = [(1_000, 1, "up", S1, "tcp", 600, 0), (19_900, 3, "down", S3, "tcp", 1_000, 0)];

/// Id; method up and down; how the client was found.
const STREAMS_A: [(u32, &str, &str, &str); 3] = [
    (1, "exchange", "exchange", "syn"),
    (2, "exchange", "exchange", "first"),
    (3, "exchange", "exchange-headers", "syn"),
];

/// Number, direction, gap in ns.
const PACKETS_A: [(u32, &str, Option<u64>); 5] =
    [(1, "up", None), (2, "up", Some(500)), (3, "up", Some(3_000)), (4, "down", None), (5, "down", Some(1_000_000))];

/// Milliseconds and text. The third is long after the last object, and the last is beyond every range that is asked for.
const ANNOTATIONS: [(i64, &str); 4] =
    [(3_000, "Opened"), (9_500, "Scrolled"), (600_000, "Put away"), (3_600_000, "Much later")];

/// Puts all documents, once; those that an earlier run left are replaced.
pub(super) fn put(url: &str) {
    static PUT: OnceLock<()> = OnceLock::new();
    PUT.get_or_init(|| put_documents(url));
}

fn put_documents(url: &str) {
    for (analysis, method, objects) in [(A, "exchange", &OBJECTS_A[..]), (B, "mean-gap", &OBJECTS_B[..])] {
        for object in objects {
            let name = format!("{}{}{}", object.0, &object.1[..1], object.2);
            put_one(url, "objects", analysis, &name, method, object_document(object));
        }
    }
    for (analysis, bins) in [(A, &BINS_A[..]), (B, &BINS_B[..])] {
        for (number, bin) in bins.iter().enumerate() {
            put_one(url, "bins", analysis, &number.to_string(), "", bin_document(bin));
        }
    }
    // Ten servers with 10, 20, … 100 bytes.
    for number in 1..=10 {
        let server = format!("203.0.113.{number}");
        let mut bin = bin_document(&(6_000, number, "down", S1, "tcp", u64::from(number) * 10, 0));
        bin["sniffit"]["server"] = json!(server);
        put_one(url, "bins", MANY, &number.to_string(), "", bin);
    }
    for (id, up, down, source) in STREAMS_A {
        let stream = json!({
            "@timestamp": time(1_000),
            "sniffit": { "stream": {
                "client_source": source, "down": { "method": down }, "id": id.to_string(), "up": { "method": up },
            } },
        });
        put_one(url, "streams", A, &id.to_string(), "exchange", stream);
    }
    for (number, direction, gap) in PACKETS_A {
        let packet = json!({
            "@timestamp": time(i64::from(number)),
            "sniffit": { "direction": direction, "packet": { "gap": gap, "number": number } },
        });
        put_one(url, "packets", A, &number.to_string(), "exchange", packet);
    }
    put_one(url, "analyses", A, A, "exchange", manifest(110, 100, 10, 0, 2, 0, "complete"));
    put_one(url, "analyses", B, B, "mean-gap", manifest(110, 100, 10, 0, 2, 3, "partial"));
    for (number, (at, message)) in ANNOTATIONS.iter().enumerate() {
        let document = json!({ "@timestamp": time(*at), "message": message });
        post(url, &format!("/sniffit-annotations/_doc/panels-{number}"), &document);
    }
    post(url, "/sniffit-*/_refresh", &Value::Null);
}

/// An instant of the tables as documents have it.
pub(super) fn time(ms: i64) -> String {
    let (seconds, ms) = (ms.div_euclid(1_000), ms.rem_euclid(1_000));
    let (hours, minutes) = (10 + seconds / 3_600, seconds / 60 % 60);
    format!("2087-05-07T{hours:02}:{minutes:02}:{:02}.{ms:03}000000Z", seconds % 60)
}

fn object_document((stream, direction, index, server, begin, end, payload, gap_ms, reason): &Object) -> Value {
    let duration_ms = end - begin;
    let rate = (duration_ms > 0).then(|| payload * 8 * 1_000 / duration_ms.unsigned_abs());
    json!({
        "@timestamp": time(*begin),
        "event": { "duration": duration_ms * 1_000_000, "end": time(*end), "start": time(*begin) },
        "network": { "bytes": payload + 40, "transport": if *server == S2 { "udp" } else { "tcp" } },
        "server": { "ip": server },
        "sniffit": {
            "direction": direction,
            "object": {
                "end_reason": reason, "gap_before": gap_ms.map(|ms| ms * 1_000_000), "index": index, "rate": rate,
            },
            "payload_bytes": payload,
            "server": server,
            "span": { "gte": BEGIN_MS + begin, "lte": BEGIN_MS + end },
            "stream": { "id": stream.to_string() },
        },
    })
}

fn bin_document((begin, stream, direction, server, transport, bytes, again): &Bin) -> Value {
    json!({
        "@timestamp": time(*begin),
        "network": { "bytes": bytes, "transport": transport },
        "server": { "ip": server },
        "sniffit": {
            "direction": direction, "retransmitted_bytes": again, "server": server, "stream": { "id": stream.to_string() },
        },
    })
}

fn manifest(frames: u64, tcp: u64, udp: u64, other: u64, truncated: u64, evicted: u64, status: &str) -> Value {
    json!({
        "@timestamp": time(1_000),
        "event": { "duration": 18_900_000_000_u64, "end": time(19_900), "start": time(1_000) },
        "sniffit": { "manifest": {
            "counters": {
                "frames": frames, "later_fragments": 0, "other_packets": other, "tcp_packets": tcp,
                "tcp_payload_bytes": 5_104_700, "truncated_frames": truncated, "udp_packets": udp,
                "udp_payload_bytes": 260,
            },
            "evicted_streams": evicted,
            "exact": evicted == 0,
            "filtered_packets": 0,
            "non_monotonic_timestamps": 1,
            "overflowed_holes": 0,
            "records": { "bins": 10, "objects": 8, "streams": 3 },
            "reused_tuples": 0,
            "status": status,
            "tool": "sniffit 0.0.0",
            "unmatched_fragments": 0,
        } },
    })
}

/// Puts a document with what all documents of an analysis share.
fn put_one(url: &str, kind: &str, analysis: &str, name: &str, method: &str, mut document: Value) {
    let sniffit = &mut document["sniffit"];
    sniffit["capture"] = json!({ "id": CAPTURE, "name": "panels" });
    sniffit["analysis"] = json!({ "id": analysis });
    if !method.is_empty() {
        sniffit["method"] = json!(method);
    }
    // Panels must not care: one analysis has indices of its own, and the others share those of their month.
    let (index, name) = match (analysis, kind) {
        (A, _) => (format!("sniffit-{kind}-{}-{}", &CAPTURE[..8], &analysis[..8]), name.to_owned()),
        (_, "analyses") => ("sniffit-analyses-2087-05".to_owned(), analysis.to_owned()),
        _ => (format!("sniffit-{kind}-2087-05"), format!("{analysis}.{name}")),
    };
    post(url, &format!("/{index}/_doc/{name}"), &document);
}

fn post(url: &str, path: &str, body: &Value) {
    let (status, answer) = server::post(url, path, body);
    assert!((200..300).contains(&status), "{path}: {body}: {answer}");
}
