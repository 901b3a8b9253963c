//! The tables of fields, and what the encoders make of them.

use super::{
    BinRecord, CommunityId, Context, DirectionRecord, FieldType, ObjectRecord, PacketRecord, Record, StreamIdentity,
    StreamRecord, community_id, document,
};
use crate::decode::{Endpoint, TcpFlags, Transport};
use crate::flow::{ClientSource, Direction};
use crate::name::{NameSource, NameTable, Naming};
use crate::object::EndReason;
use crate::sink::csv::CsvEncoder;
use crate::sink::ndjson::NdjsonEncoder;
use crate::time::Timestamp;
use std::net::IpAddr;
use std::sync::Arc;

fn identity(transport: Transport, client: (&str, u16), server: (&str, u16)) -> StreamIdentity {
    let end = |(ip, port): (&str, u16)| Endpoint { ip: ip.parse::<IpAddr>().expect("an address"), port };
    StreamIdentity { id: 17, transport, client: end(client), server: end(server), naming: Naming::NONE }
}

fn context(name: &str) -> Context {
    Context::new("00aa".to_owned(), name.to_owned(), "00bb".to_owned(), "exchange")
}

fn object() -> ObjectRecord {
    ObjectRecord {
        stream: identity(Transport::Tcp, ("10.8.0.2", 50_000), ("203.0.113.9", 443)),
        direction: Direction::Down,
        index: 3,
        start: Timestamp::from_nanos(1_583_056_800_123_456_789),
        end: Timestamp::from_nanos(1_583_056_800_124_691_356),
        payload_bytes: 1380,
        retransmitted_bytes: 0,
        ip_bytes: 1420,
        packets: 1,
        gap_before_ns: None,
        end_reason: EndReason::Reply,
        multiplexed: false,
    }
}

#[test]
fn an_object_is_the_line_that_was_promised() {
    let mut names = NameTable::default();
    let name = names.insert("rr4.cdn.googlevideo.com");
    let naming = Naming::new(name, NameSource::QuicSni);
    for (naming, application, server, source, label) in [
        (Naming::NONE, "null", r#""domain":null,"registered_domain":null"#, "none", "203.0.113.9"),
        (
            naming,
            r#""youtube""#,
            r#""domain":"rr4.cdn.googlevideo.com","registered_domain":"googlevideo.com""#,
            "quic_sni",
            "rr4.cdn.googlevideo.com",
        ),
    ] {
        let mut object = object();
        object.stream.naming = naming;
        let mut line = Vec::new();
        let context = context("phone").with_names(Arc::new(names.clone()));
        NdjsonEncoder::new().encode(&object, &context, &mut line);
        let expected = [
            r#"{"@timestamp":"2020-03-01T10:00:00.123456789Z","event":{"kind":"event","category":["network"],"#,
            r#""dataset":"sniffit.object","start":"2020-03-01T10:00:00.123456789Z","end":"2020-03-01T10:00:00.124691356Z","#,
            r#""duration":1234567},"network":{"transport":"tcp","type":"ipv4","community_id":"1:8AlI2Cm8kwMGf1Kh/V+WbEjApSM=","#,
            r#""direction":"inbound","bytes":1420,"packets":1,"application":"#,
            application,
            r#"},"source":{"ip":"203.0.113.9","port":443},"#,
            r#""destination":{"ip":"10.8.0.2","port":50000},"client":{"ip":"10.8.0.2","port":50000},"#,
            r#""server":{"ip":"203.0.113.9","port":443,"#,
            server,
            r#"},"sniffit":{"schema":1,"name_source":""#,
            source,
            r#"","server":""#,
            label,
            r#"","direction":"down","payload_bytes":1380,"#,
            r#""retransmitted_bytes":0,"span":{"gte":1583056800123,"lte":1583056800124},"stream":{"id":"17"},"#,
            r#""object":{"index":3,"gap_before":null,"rate":8942406,"end_reason":"reply","multiplexed":false},"#,
            r#""method":"exchange","capture":{"id":"00aa","name":"phone"},"analysis":{"id":"00bb"}}}"#,
            "\n",
        ];
        assert_eq!(String::from_utf8(line).expect("JSON is UTF-8"), expected.concat());
    }
}

/// No object of the JSON may be opened twice, and every value must be of its field's type.
fn check_table<R: Record>(record: &R) {
    let mut closed: Vec<String> = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for field in R::FIELDS {
        let mut parents: Vec<&str> = field.path.split('.').collect();
        parents.pop();
        let shared = open.iter().zip(&parents).take_while(|(a, b)| a == b).count();
        closed.extend((shared..open.len()).map(|depth| open[..=depth].join(".")));
        assert!((shared..parents.len()).all(|depth| !closed.contains(&parents[..=depth].join("."))), "{}", field.path);
        open = parents;
        assert!(!field.meaning.is_empty() && field.since >= 1, "{}", field.path);
    }
    let mut seen = 0;
    record.values(&context("x"), |at, value| {
        use super::Value;
        assert_eq!(at, seen);
        seen += 1;
        let fits = match R::FIELDS[at].value {
            FieldType::Constant(_) | FieldType::ConstantList(_) => value == Value::Constant,
            FieldType::Time => matches!(value, Value::Time(_)),
            FieldType::SpanMillis => matches!(value, Value::SpanMillis(_)),
            FieldType::Integer => matches!(value, Value::Integer(_)),
            FieldType::OptionalInteger => matches!(value, Value::OptionalInteger(_)),
            FieldType::Id => matches!(value, Value::Id(_)),
            FieldType::Ip => matches!(value, Value::Ip(_)),
            FieldType::Keyword => matches!(value, Value::Keyword(_)),
            FieldType::Text => matches!(value, Value::Text(_)),
            FieldType::OptionalText => matches!(value, Value::OptionalText(_)),
            FieldType::Boolean => matches!(value, Value::Boolean(_)),
        };
        assert!(fits, "{}", R::FIELDS[at].path);
    });
    assert_eq!(seen, R::FIELDS.len());
    check_identity(record);
}

/// What is read from a line is what the record says of itself.
fn check_identity<R: Record>(record: &R) {
    let mut line = Vec::new();
    NdjsonEncoder::new().encode(record, &context("x"), &mut line);
    let identity = document::identify(&line).expect("a record");
    assert_eq!((identity.kind, &*identity.capture_id, &*identity.analysis_id), (R::KIND, "00aa", "00bb"));
    let (mut read, mut own) = (Vec::new(), Vec::new());
    identity.ordinal.put(&mut read);
    record.put_ordinal(&mut own);
    assert_eq!(read, own);
}

#[test]
fn lines_that_are_no_records_are_told_why() {
    let mut line = Vec::new();
    NdjsonEncoder::new().encode(&object(), &context("x"), &mut line);
    let line = String::from_utf8(line).expect("JSON is UTF-8");
    for (from, to, reason) in [
        ("{\"@time", "[", "no record"),
        ("sniffit.object", "sniffit.other", "event.dataset"),
        ("\"schema\":1", "\"schema\":99", "version 99 of the output schema"),
        ("\"index\":3", "\"index\":null", "sniffit.object.index"),
        ("\"direction\":\"down\"", "\"direction\":\"aside\"", "sniffit.direction"),
        ("\"id\":\"17\"", "\"id\":\"x\"", "sniffit.stream.id"),
    ] {
        let error = document::identify(line.replace(from, to).as_bytes()).expect_err(reason).to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn the_rate_is_payload_over_time() {
    for (payload_bytes, duration_ns, rate) in
        [(1_000, 8_000_000_000, Some(1_000)), (1_000, 0, None), (u64::MAX, 1, Some(i64::MAX as u64))]
    {
        let start = Timestamp::from_nanos(5);
        let object = ObjectRecord { payload_bytes, start, end: start.saturating_add_nanos(duration_ns), ..object() };
        assert_eq!(object.rate_bps(), rate, "{payload_bytes} bytes in {duration_ns} ns");
    }
}

#[test]
fn every_table_is_well_formed() {
    let stream = identity(Transport::Udp, ("2001:db8::2", 50_000), ("2001:db8::9", 443));
    let (direction, start) = (Direction::Up, Timestamp::default());
    check_table(&object());
    check_table(&BinRecord {
        stream,
        direction,
        start,
        payload_bytes: 1,
        retransmitted_bytes: 2,
        ip_bytes: 3,
        packets: 4,
    });
    check_table(&PacketRecord {
        stream,
        direction,
        number: 1,
        timestamp: start,
        ip_bytes: 60,
        payload_bytes: 20,
        retransmitted_bytes: 20,
        gap_ns: Some(1),
        tcp_flags: Some(TcpFlags(0x18)),
        payload_offset: Some(0),
        object_index: None,
        previous_object_bytes: 0,
    });
    check_table(&StreamRecord {
        stream,
        client_source: ClientSource::First,
        start,
        end: start,
        end_reason: EndReason::Idle,
        client_rtt_ns: None,
        server_rtt_ns: Some(1),
        up: DirectionRecord::default(),
        down: DirectionRecord::default(),
    });
}

#[test]
fn hostile_names_stay_names() {
    for (name, json, cell) in [
        ("plain", r#""plain""#, "plain"),
        ("a \"b\" \\ c", r#""a \"b\" \\ c""#, r#""a ""b"" \ c""#),
        ("line\nfeed", r#""line\u000afeed""#, "\"line\nfeed\""),
        ("=HYPERLINK(\"x\")", r#""=HYPERLINK(\"x\")""#, r#""'=HYPERLINK(""x"")""#),
        ("-1+2", r#""-1+2""#, "'-1+2"),
        ("@x,y", r#""@x,y""#, "\"'@x,y\""),
        ("naïve", r#""naïve""#, "naïve"),
    ] {
        let mut line = Vec::new();
        NdjsonEncoder::new().encode(&object(), &context(name), &mut line);
        let text = String::from_utf8(line).expect("JSON is UTF-8");
        assert!(text.contains(&format!(r#""name":{json}}}"#)), "{name}: {text}");
        let mut line = Vec::new();
        CsvEncoder::new().encode(&object(), &context(name), &mut line);
        let text = String::from_utf8(line).expect("names are UTF-8");
        assert!(text.ends_with(&format!(",{cell},00bb\n")), "{name}: {text}");
    }
}

#[test]
fn csv_has_a_column_for_every_field() {
    let mut header = Vec::new();
    CsvEncoder::<ObjectRecord>::encode_header(&mut header);
    let mut line = Vec::new();
    CsvEncoder::new().encode(&object(), &context("x"), &mut line);
    let columns = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b',').count() + 1;
    assert_eq!((columns(&header), columns(&line)), (ObjectRecord::FIELDS.len(), ObjectRecord::FIELDS.len()));
}

/// Values from the test vectors of the specification's reference implementation (seed 0).
#[test]
fn community_ids_are_those_of_other_tools() {
    for (transport, client, server, expected) in [
        (Transport::Tcp, ("128.232.110.120", 34_855), ("66.35.250.204", 80), "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        (Transport::Tcp, ("66.35.250.204", 80), ("128.232.110.120", 34_855), "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        (Transport::Udp, ("192.168.1.52", 54_585), ("8.8.8.8", 53), "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
    ] {
        let id: CommunityId = community_id(&identity(transport, client, server));
        assert_eq!(id.as_str(), expected);
    }
}

#[test]
fn kept_community_ids_are_the_stream_s_own() {
    let context = context("x");
    let mut first = identity(Transport::Tcp, ("10.0.0.1", 1), ("10.0.0.2", 2));
    let mut second = identity(Transport::Tcp, ("10.0.0.3", 1), ("10.0.0.4", 2));
    // Two ids that share a place.
    (first.id, second.id) = (5, 5 + 4096);
    for stream in [first, second, first, first, second] {
        assert_eq!(context.community_id(&stream), community_id(&stream));
    }
}
