//! Documents in a real Elasticsearch are the records, whole and once.

use super::store::{analyze, count, index, kinds_of, search, search_all, shared_and_set_up};
use crate::support::{captures, read_results, sniffit};
use analyzer_core::record::document::identify;
use analyzer_core::record::{BinRecord, Field, FieldType, ObjectRecord, PacketRecord, Record, StreamRecord};
use analyzer_core::time::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const WEB: &str = "conventions/golden_web.pcap.gz";
const PUSH: &str = "conventions/golden_push.pcap";

/// The records of a result file by the names that they must have.
fn records(text: &[u8]) -> BTreeMap<String, Value> {
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let named = lines.map(|line| {
        let mut name = Vec::new();
        identify(line).expect("a record").ordinal.put(&mut name);
        (String::from_utf8(name).expect("a name"), serde_json::from_slice(line).expect("JSON"))
    });
    named.collect()
}

/// Every field as the server indexed it, against the value in the record.
fn check_fields(fields: &[Field], record: &Value, found: &Value, name: &str) {
    for field in fields {
        let expected = record.pointer(&format!("/{}", field.path.replace('.', "/"))).unwrap_or(&Value::Null);
        let indexed = match field.value {
            // A range is one field; its ends are compared below.
            FieldType::SpanMillis => continue,
            _ => &found[field.path],
        };
        let expected = match (field.value, expected) {
            (_, Value::Null) => Value::Null,
            (FieldType::ConstantList(_), list) => list.clone(),
            // The time field of Kibana has milliseconds.
            (FieldType::Time, Value::String(time)) if field.path == "@timestamp" => {
                json!([format!("{}Z", &time[..23])])
            }
            // The server leaves out zeros at the end of a fraction.
            (FieldType::Time, Value::String(time)) => {
                let shown = indexed[0].as_str().unwrap_or_default();
                assert_eq!(shown.parse::<Timestamp>(), time.parse::<Timestamp>(), "{name}: {}", field.path);
                continue;
            }
            (_, value) => json!([value]),
        };
        assert_eq!(*indexed, expected, "{name}: {}", field.path);
    }
    let span = record
        .pointer("/sniffit/span")
        .map(|span| json!([{ "gte": span["gte"].to_string(), "lte": span["lte"].to_string() }]));
    assert_eq!(found.get("sniffit.span").cloned(), span, "{name}: sniffit.span");
}

#[test]
fn every_kind_is_read_back_field_by_field() {
    let Some(server) = shared_and_set_up() else { return };
    for (capture, mode) in [(WEB, "object"), (PUSH, "object"), (PUSH, "packet")] {
        let out = tempfile::tempdir().expect("a folder for results");
        let folder = out.path().to_str().expect("a plain path");
        analyze(&server, capture, &["--mode", mode, "--idle", "601ms", "-q", "-o", folder]).expect(0);
        let mut results = read_results(out.path());
        let manifest: Value = serde_json::from_slice(&results.remove("analysis.json").expect("a manifest")).unwrap();
        for (file, text) in results {
            let (kind, _) = file.split_once('.').expect("kind.ndjson");
            let fields = match kind {
                "objects" => ObjectRecord::FIELDS,
                "streams" => StreamRecord::FIELDS,
                "bins" => BinRecord::FIELDS,
                _ => PacketRecord::FIELDS,
            };
            let records = records(&text);
            let documents = search_all(&server, kind, &manifest);
            assert_eq!(json!(records.len()), manifest["records"][kind], "{capture} {kind}: names are unique");
            let names = |map: &BTreeMap<String, _>| map.keys().cloned().collect::<Vec<_>>();
            let found: BTreeMap<String, &Value> =
                documents.iter().map(|hit| (hit["_id"].as_str().expect("a name").to_owned(), hit)).collect();
            let expected: BTreeMap<String, &Value> =
                records.iter().map(|(name, record)| (name.clone(), record)).collect();
            assert_eq!(names(&found), names(&expected), "{capture} {kind}");
            for (name, record) in &records {
                assert_eq!(found[name]["_source"], *record, "{capture} {kind} {name}");
                check_fields(fields, record, &found[name]["fields"], &format!("{capture} {kind} {name}"));
            }
        }
        let hits = search_all(&server, "analyses", &manifest);
        let [hit] = &hits[..] else { panic!("one manifest: {hits:?}") };
        assert_eq!(hit["_id"], manifest["analysis_id"]);
        assert_eq!(hit["_source"]["sniffit"]["manifest"], manifest);
        assert_eq!(hit["fields"]["sniffit.analysis.id"], json!([manifest["analysis_id"]]));
        assert_eq!(hit["fields"]["sniffit.manifest.counters.frames"], json!([manifest["counters"]["frames"]]));
    }
}

#[test]
fn posting_twice_creates_and_deletes_nothing() {
    let Some(server) = shared_and_set_up() else { return };
    let out = tempfile::tempdir().expect("a folder for results");
    let folder = out.path().to_str().expect("a plain path");
    analyze(&server, WEB, &["--idle", "602ms", "-q", "-o", folder]).expect(0);
    let manifest: Value = serde_json::from_slice(&read_results(out.path())["analysis.json"]).unwrap();
    let before = count(&server, &manifest);
    let run = analyze(&server, WEB, &["--idle", "602ms"]).expect(0);
    let row = run.text().lines().find(|line| line.trim_start().starts_with("all ")).expect("a sum").to_owned();
    let cells: Vec<&str> = row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let all: u64 = kinds_of(&manifest).map(|(_, records)| records).sum::<u64>() + 1;
    assert_eq!(cells[1..], [all.to_string().as_str(), "0", all.to_string().as_str(), "0", "0"], "{row}");
    assert_eq!(count(&server, &manifest), before);
    assert!(before.values().all(|(_, deleted)| *deleted == 0), "{before:?}");

    // Results in files are the same documents.
    let run = sniffit(["es", "post", folder, "--elasticsearch", &server]).expect(0);
    assert!(run.text().lines().any(|line| line == row), "{}", run.text());
    assert_eq!(count(&server, &manifest), before);
}

#[test]
fn files_become_the_documents_that_the_analysis_would_have_sent() {
    let Some(server) = shared_and_set_up() else { return };
    let out = tempfile::tempdir().expect("a folder for results");
    let folder = out.path().to_str().expect("a plain path");
    let captures = [captures(WEB), captures(PUSH)].map(|path| path.to_str().expect("a plain path").to_owned());
    let options = ["--idle", "603ms", "-q", "--separate"];
    let common = |more: &[&str]| {
        let words = ["analyze"].iter().chain(&options).chain(more).map(|word| (*word).to_owned());
        words.chain(captures.iter().cloned()).collect::<Vec<String>>()
    };
    sniffit(common(&["-o", folder])).expect(0);
    let posted = sniffit(["es", "post", folder, "--elasticsearch", &server]).expect(0);
    let sum =
        |text: &str| text.lines().last().expect("a line").split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let [_, sent, created, there, ..] = &sum(posted.text())[..] else { panic!("{}", posted.text()) };
    assert_eq!((sent, there.as_str()), (created, "0"));
    // All are recognised by the analysis.
    sniffit(common(&["--elasticsearch", &server])).expect(0);
    for name in ["golden_web", "golden_push"] {
        let text = read_results(&out.path().join(name));
        let manifest: Value = serde_json::from_slice(&text["analysis.json"]).unwrap();
        for (kind, (documents, deleted)) in count(&server, &manifest) {
            let expected = manifest["records"][&kind].as_u64().unwrap_or(1);
            assert_eq!((documents, deleted), (expected, 0), "{name} {kind}");
        }
    }
}

#[test]
fn analyses_of_one_capture_stand_side_by_side_and_sums_agree() {
    let Some(server) = shared_and_set_up() else { return };
    let mut analyses = Vec::new();
    for method in ["exchange", "mean-gap"] {
        let out = tempfile::tempdir().expect("a folder for results");
        let folder = out.path().to_str().expect("a plain path");
        analyze(&server, WEB, &["--method", method, "--udp-idle", "1004ms", "-q", "-o", folder]).expect(0);
        let manifest: Value = serde_json::from_slice(&read_results(out.path())["analysis.json"]).unwrap();
        let sum = |kind: &str, field: &str| {
            let index = index(kind, &manifest);
            let body = json!({ "size": 0, "aggs": { "sum": { "sum": { "field": field } } } });
            let answer = search(&server, &index, &body);
            answer["aggregations"]["sum"]["value"].as_f64().expect("a sum") as u64
        };
        let payload = sum("objects", "sniffit.payload_bytes");
        assert_eq!(payload, sum("bins", "sniffit.payload_bytes"), "{method}");
        assert_eq!(payload, sum("streams", "sniffit.payload_bytes"), "{method}");
        assert_eq!(sum("bins", "network.bytes"), sum("streams", "network.bytes"), "{method}");
        let counters = &manifest["counters"];
        let counted = ["tcp_payload_bytes", "udp_payload_bytes"].map(|name| counters[name].as_u64().expect(name));
        let retransmitted = sum("bins", "sniffit.retransmitted_bytes");
        assert_eq!(payload + retransmitted, counted.iter().sum::<u64>(), "{method}");
        analyses.push((manifest["capture_id"].clone(), manifest["analysis_id"].clone(), count(&server, &manifest)));
    }
    let [(capture, exchange, _), (same_capture, mean_gap, mean_gap_counts)] = &analyses[..] else { panic!() };
    assert_eq!(capture, same_capture);
    assert_ne!(exchange, mean_gap);
    assert_ne!(analyses[0].2["objects"], mean_gap_counts["objects"], "the methods cut differently");
}
