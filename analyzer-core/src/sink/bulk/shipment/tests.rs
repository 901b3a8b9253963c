//! Shipments to a server that is played here.

use super::*;
use crate::record::samples;
use crate::sink::store::Store;
use crate::sink::{NullSink, Sink as _};
use crate::{Analyzer, Config, Reading};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Enough for several bodies.
const OBJECTS: u64 = 10_000;

fn shipment() -> Shipment {
    let kinds = [Kind::Objects, Kind::Streams];
    let mut store = Store::new(&kinds);
    (0..OBJECTS).for_each(|index| store.object(&ObjectRecord { index, ..samples::object() }));
    store.stream(&samples::stream());
    let mut totals = Analyzer::new(Config::default()).expect("the defaults work").finish(&mut NullSink);
    totals.objects = OBJECTS;
    totals.streams = 1;
    let edition = Edition::new("sniffit", "name", &totals, &Reading::default(), &kinds, Arc::new(store), None);
    Shipment::new(edition, 2, Duration::from_secs(60))
}

/// Every document is created.
fn created(documents: usize) -> Vec<u8> {
    let items = vec![r#"{"create":{"status":201}}"#; documents];
    format!(r#"{{"errors":false,"items":[{}]}}"#, items.join(",")).into_bytes()
}

#[test]
fn everything_is_sent_once_and_the_manifest_last() {
    let mut shipment = shipment();
    let mut names = BTreeSet::new();
    let mut indices = Vec::new();
    let mut most_waiting = 0;
    for time in 0.. {
        let now = Duration::from_millis(time);
        match shipment.next(now) {
            Step::Send(ticket) => {
                let body = shipment.courier().body(ticket).expect("what is to be sent").clone();
                for position in 0..body.documents() {
                    let item = String::from_utf8(body.item(position).to_vec()).expect("text");
                    let (action, _) = item.split_once('\n').expect("two lines");
                    assert!(names.insert((body.index().to_owned(), action.to_owned())), "{action} is sent twice");
                }
                indices.push(body.index().to_owned());
                most_waiting = most_waiting.max(shipment.courier().documents_waiting());
                shipment.courier_mut().replied(ticket, 200, &created(body.documents()), now, 0);
            }
            Step::Done => break,
            step => panic!("{step:?} while every reply comes at once"),
        }
    }
    assert_eq!(names.len() as u64, OBJECTS + 1 + 1);
    assert!(indices.last().expect("a body").starts_with("sniffit-analyses-"), "{indices:?}");
    assert!(indices.iter().filter(|index| index.starts_with("sniffit-objects-")).count() > 3, "{indices:?}");
    assert!(most_waiting < OBJECTS / 2, "{most_waiting} documents are held at once");
    let report: Vec<_> =
        shipment.report().iter().map(|report| (report.dataset.as_str(), report.expected, report.created)).collect();
    assert_eq!(report, [("objects", OBJECTS, OBJECTS), ("streams", 1, 1), ("analyses", 1, 1)]);
}

#[test]
fn what_was_under_way_when_it_was_cancelled_is_sent_again() {
    let mut shipment = shipment();
    let now = Duration::ZERO;
    let Step::Send(ticket) = shipment.next(now) else { panic!("a body") };
    shipment.courier_mut().cancel();
    assert_eq!(shipment.next(now), Step::WaitForReply);
    shipment.courier_mut().unanswered(ticket, "cancelled", now, 0);
    assert!(matches!(shipment.next(now), Step::Stopped(_)));
    shipment.courier_mut().resume();
    let mut documents = 0;
    while let Step::Send(ticket) = shipment.next(now) {
        let sent = shipment.courier().body(ticket).expect("what is to be sent").documents();
        documents += sent as u64;
        shipment.courier_mut().replied(ticket, 200, &created(sent), now, 0);
    }
    assert_eq!(documents, OBJECTS + 2);
    assert_eq!(shipment.next(now), Step::Done);
}
