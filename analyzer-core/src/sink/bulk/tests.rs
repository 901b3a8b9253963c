//! Bodies, replies and what follows from them.

use super::*;
use crate::flow::Direction;
use crate::record::{Kind, samples};
use crate::sink::NullSink;
use crate::sink::placement::IndexBy;
use crate::{Analyzer, Config, Reading};

/// A body of documents `{"n":0}`, `{"n":1}` …, named by their numbers.
fn body(documents: usize) -> Body {
    let mut encoder = BulkEncoder::new("sniffit-objects-a-b", usize::MAX);
    for number in 0..documents {
        assert_eq!(encoder.push_document(&number.to_string(), format!("{{\"n\":{number}}}\n").as_bytes()), None);
    }
    encoder.finish().expect("a body with documents")
}

fn numbers(body: &Body) -> Vec<String> {
    (0..body.documents()).map(|at| String::from_utf8_lossy(body.document(at)).into_owned()).collect()
}

#[test]
fn a_body_is_actions_and_documents_line_by_line() {
    let body = body(2);
    let text = "{\"create\":{\"_id\":\"0\"}}\n{\"n\":0}\n{\"create\":{\"_id\":\"1\"}}\n{\"n\":1}\n";
    assert_eq!(String::from_utf8_lossy(body.bytes()), text);
    assert_eq!(body.item(1), b"{\"create\":{\"_id\":\"1\"}}\n{\"n\":1}\n");
    assert_eq!((body.document(1), body.document(2)), (&b"{\"n\":1}"[..], &b""[..]));
    assert!(body.path().starts_with("/sniffit-objects-a-b/_bulk?filter_path=errors,items."));
}

#[test]
fn bodies_are_full_at_their_size_and_lose_nothing() {
    let mut encoder = BulkEncoder::new("i", 100);
    let mut bodies = Vec::new();
    for number in 0..50 {
        bodies.extend(encoder.push_document(&number.to_string(), format!("{{\"n\":{number}}}").as_bytes()));
    }
    bodies.extend(encoder.finish());
    assert_eq!(encoder.finish(), None);
    assert!(bodies.iter().rev().skip(1).all(|body| (100..150).contains(&body.bytes().len())));
    let all: Vec<String> = bodies.iter().flat_map(numbers).collect();
    let expected: Vec<String> = (0..50).map(|number| format!("{{\"n\":{number}}}")).collect();
    assert_eq!(all, expected);
}

#[test]
fn names_begin_with_the_analysis_where_others_share_the_index() {
    let totals = Analyzer::new(Config::default()).expect("the defaults work").finish(&mut NullSink);
    let mut manifest = totals.manifest("test", "phone", &Reading::default(), &[]);
    manifest.analysis_id = "82c7753c2a4a0d69".to_owned();
    let objects = Dataset::Records(Kind::Objects);
    for (by, object, line) in
        [(IndexBy::Analysis, "13d2", "13d3"), (IndexBy::Month, "82c7753c2a4a0d69.13d2", "82c7753c2a4a0d69.13d3")]
    {
        let placement = Placement::of(&manifest, by).expect("a place");
        let mut encoder = BulkEncoder::for_dataset(objects, &placement, usize::MAX);
        let mut record = samples::object();
        (record.stream.id, record.direction, record.index) = (13, Direction::Down, 2);
        let context = totals.context("phone");
        assert_eq!(encoder.push(&record, &NdjsonEncoder::new(), &context), None);
        assert_eq!(encoder.push_document("13d3", b"{}"), None);
        let body = encoder.finish().expect("two documents");
        assert_eq!(body.index(), placement.index(objects));
        for (position, name) in [(0, object), (1, line)] {
            let action = format!("{{\"create\":{{\"_id\":\"{name}\"}}}}\n");
            assert!(body.item(position).starts_with(action.as_bytes()), "{by:?} {name}");
        }
        let refusal = Refusal { position: 1, status: 400, reason: String::new() };
        assert_eq!(RefusedDocument::new(&body, &refusal).name, line);
    }
}

/// What is expected of a reply.
enum Expected {
    /// created, already there, refused at, again at
    Items(u64, u64, &'static [usize], &'static [usize]),
    Later(&'static str),
    TooLarge,
    Refused(&'static str),
}

#[test]
fn replies_are_told_by_position() {
    const BUSY: &str = r#"{"error":{"type":"es_rejected_execution_exception","reason":"rejected execution of coordinating operation"},"status":429}"#;
    const DENIED: &str = r#"{"error":{"root_cause":[],"type":"security_exception","reason":"unable to authenticate user [x]"},"status":401}"#;
    use Expected::{Items, Later, Refused, TooLarge};
    for (status, reply, documents, expected) in [
        (
            200,
            r#"{"errors":false,"items":[{"create":{"status":201}},{"create":{"status":201}}]}"#,
            2,
            Items(2, 0, &[], &[]),
        ),
        (
            200,
            r#"{"errors":true,"items":[{"create":{"status":400,"error":{"type":"document_parsing_exception","reason":"[1:9] failed"}}},
               {"create":{"status":409,"error":{"type":"version_conflict_engine_exception","reason":"there"}}},
               {"create":{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"full"}}},
               {"create":{"status":201}},
               {"create":{"status":503,"error":{"type":"unavailable_shards_exception","reason":"\"wait\""}}}]}"#,
            5,
            Items(1, 1, &[0], &[2, 4]),
        ),
        // Cut, of another length, or without the statuses that tell the order.
        (200, r#"{"errors":false,"items":[{"create":{"status":201}},{"cre"#, 2, Later("cut short")),
        (200, "", 1, Later("cut short")),
        (200, r#"{"errors":false,"items":[{"create":{"status":201}}]}"#, 2, Later("tells of 1 documents for 2")),
        (200, r#"{"errors":false}"#, 1, Later("cut short")),
        (200, "<html>\n<h1>It \u{1b}[31mworks</h1>", 1, Refused("not Elasticsearch's: <html> <h1>It [31mworks</h1>")),
        (
            429,
            BUSY,
            1,
            Later("HTTP 429: es_rejected_execution_exception: rejected execution of coordinating operation"),
        ),
        (503, "<html><title>503 Service Unavailable", 1, Later("HTTP 503: <html><title>503")),
        (502, "", 1, Later("HTTP 502")),
        (408, "", 1, Later("HTTP 408")),
        (413, "", 1, TooLarge),
        (401, DENIED, 1, Refused("HTTP 401: security_exception: unable to authenticate user [x]")),
        (400, r#"{"error":"no handler found"}"#, 1, Refused("no handler found")),
        (301, "", 1, Refused("HTTP 301")),
        // Every document refused for want of rights is the request's fault; one among others is its own.
        (
            200,
            r#"{"errors":true,"items":[{"create":{"status":403,"error":{"type":"security_exception","reason":"no"}}}]}"#,
            1,
            Refused("security_exception: no"),
        ),
        (
            200,
            r#"{"errors":true,"items":[{"create":{"status":403,"error":{"type":"cluster_block_exception","reason":"no"}}},{"create":{"status":201}}]}"#,
            2,
            Items(1, 0, &[0], &[]),
        ),
    ] {
        let found = classify(status, reply.as_bytes(), documents);
        match (&found, expected) {
            (Reply::Items(items), Items(created, there, refused, again)) => {
                let positions: Vec<usize> = items.refused.iter().map(|refusal| refusal.position).collect();
                let counts = (items.created, items.already_there, positions.as_slice(), items.again.as_slice());
                assert_eq!(counts, (created, there, refused, again), "{status} {reply}");
            }
            (Reply::Later { reason }, Later(text)) | (Reply::Refused { reason, .. }, Refused(text)) => {
                assert!(reason.contains(text), "{status} {reply}: {reason}");
            }
            (Reply::TooLarge, TooLarge) => {}
            _ => panic!("{status} {reply}: {found:?}"),
        }
    }
}

#[test]
fn a_long_reason_is_shortened() {
    let reply = format!(r#"{{"error":{{"type":"t","reason":"{}"}}}}"#, "ä".repeat(5_000));
    let Reply::Refused { reason, .. } = classify(400, reply.as_bytes(), 1) else { panic!("a refusal") };
    assert!(reason.ends_with("ä…") && reason.chars().count() < 330, "{reason}");
}

#[test]
fn only_what_was_put_off_is_sent_again_and_everything_is_counted_once() {
    let mut tally = Tally::default();
    let mut refused = Vec::new();
    let reply = br#"{"errors":true,"items":[{"create":{"status":201}},{"create":{"status":429}},
        {"create":{"status":400,"error":{"type":"t","reason":"r"}}},{"create":{"status":429}}]}"#;
    let next =
        tally.settle(body(4), 200, reply, |body, refusal| refused.push(body.document(refusal.position).to_vec()));
    let Next::Again { body: again, .. } = next else { panic!("{next:?}") };
    assert_eq!(numbers(&again), [r#"{"n":1}"#, r#"{"n":3}"#]);
    assert_eq!(refused, [br#"{"n":2}"#.to_vec()]);

    let next = tally.unanswered(again, "connection refused".to_owned());
    let Next::Again { body: again, reason } = next else { panic!("{next:?}") };
    assert_eq!(reason, "connection refused");
    let reply = br#"{"errors":true,"items":[{"create":{"status":409}},{"create":{"status":201}}]}"#;
    assert_eq!(tally.settle(again, 200, reply, |_, _| {}), Next::Done);
    assert_eq!((tally.sent, tally.created, tally.already_there, tally.refused, tally.retried), (4, 2, 1, 1, 4));
    assert_eq!(tally.reasons, [Reason { text: "t: r".to_owned(), documents: 1 }]);
}

#[test]
fn a_body_that_is_too_large_is_halved_down_to_one_document() {
    let mut tally = Tally::default();
    let mut waiting = vec![body(5)];
    let mut alone = Vec::new();
    while let Some(body) = waiting.pop() {
        match tally.settle(body, 413, b"", |body, refusal| {
            assert_eq!(refusal.status, 413);
            alone.extend(numbers(body));
        }) {
            Next::Halves(halves) => waiting.extend(*halves),
            next => assert_eq!(next, Next::Done),
        }
    }
    alone.sort();
    assert_eq!(alone, [0, 1, 2, 3, 4].map(|number| format!("{{\"n\":{number}}}")));
    assert_eq!((tally.sent, tally.refused), (5, 5));
}

#[test]
fn a_refused_request_stops() {
    let mut tally = Tally::default();
    let next = tally.settle(body(3), 403, b"", |_, _| panic!("no document was refused"));
    assert_eq!(next, Next::Stop { body: body(3), status: 403, reason: "HTTP 403".to_owned() });
    assert_eq!(tally, Tally::default());
}

#[test]
fn tallies_add_up_and_keep_the_first_reasons() {
    let mut all = Tally::default();
    for number in 0..8 {
        let reasons = vec![Reason { text: format!("r{}", number % 7), documents: 2 }];
        all.add(Tally { sent: 2, refused: 2, reasons, ..Tally::default() });
    }
    assert_eq!((all.sent, all.refused, all.reasons.len()), (16, 16, 5));
    assert_eq!((all.reasons[0].documents, all.reasons[4].documents), (4, 2));
}
