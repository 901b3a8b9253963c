//! The courier, call by call.

use super::super::BulkEncoder;
use super::*;
use crate::record::Kind;

mod simulation;

const OBJECTS: Dataset = Dataset::Records(Kind::Objects);
const RETRY_FOR: Duration = Duration::from_secs(60);

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A body of documents with these names.
fn body(index: &str, names: impl IntoIterator<Item = usize>) -> Body {
    let mut encoder = BulkEncoder::new(index, usize::MAX);
    for name in names {
        encoder.push_document(&name.to_string(), format!("{{\"n\":{name}}}").as_bytes());
    }
    encoder.finish().expect("documents")
}

#[derive(Clone, Copy)]
enum Call {
    /// A body of so many documents.
    Supply(usize),
    NoMore,
    Manifest,
    /// A reply to a ticket with the statuses of its items, or with a status of its own.
    Items(u64, &'static [u16]),
    Status(u64, u16),
    Lost(u64),
    Cancel,
    Resume,
    /// It is so late now, in ms.
    At(u64),
}

/// Each case is a list of calls and the step that comes after each.
#[test]
fn it_says_what_comes_next() {
    use Call::{At, Cancel, Items, Lost, Manifest, NoMore, Resume, Status, Supply};
    use Step::{Done, NeedBody, NeedManifest, Stopped, WaitForReply, WaitUntil};
    let send = |ticket| Step::Send(Ticket(ticket));
    let denied = Stop::Refused { status: 401, reason: "HTTP 401".to_owned() };
    let outage = Stop::Outage { reason: "lost".to_owned() };
    let cases: [(&str, Vec<(Call, Step)>); 8] = [
        (
            "bodies are asked for one ahead of the connections, and the manifest when all arrived",
            vec![
                (At(0), NeedBody),
                (Supply(1), send(1)),
                (At(0), NeedBody),
                (Supply(1), send(2)),
                (At(0), NeedBody),
                (Supply(1), WaitForReply),
                (Items(2, &[201]), send(3)),
                (At(0), NeedBody),
                (NoMore, WaitForReply),
                (Items(1, &[201]), WaitForReply),
                (Items(3, &[409]), NeedManifest),
                (Manifest, send(4)),
                (At(0), WaitForReply),
                (Items(4, &[201]), Done),
            ],
        ),
        ("nothing but a manifest", vec![(NoMore, NeedManifest), (Manifest, send(1)), (Items(1, &[201]), Done)]),
        (
            "a manifest that comes early, and twice, waits; refused documents arrived too",
            vec![
                (Manifest, NeedBody),
                (Supply(2), send(1)),
                (NoMore, WaitForReply),
                (Manifest, WaitForReply),
                (Items(1, &[400, 201]), send(2)),
                (Items(2, &[201]), Done),
                (Manifest, Done),
            ],
        ),
        (
            "what failed keeps its connection while it waits; a busy server gets one request at a time",
            vec![
                (Supply(1), send(1)),
                (Supply(1), send(2)),
                (Supply(1), WaitForReply),
                (Status(1, 429), WaitForReply),
                (Items(2, &[201]), send(3)),
                (Supply(1), WaitForReply),
                (At(200), WaitForReply),
                (Items(3, &[201]), send(4)),
                (At(200), NeedBody),
            ],
        ),
        (
            "waiting ends by itself",
            vec![
                (Supply(1), send(1)),
                (Supply(1), send(2)),
                (NoMore, WaitForReply),
                (Lost(1), WaitUntil(ms(200))),
                (At(100), WaitUntil(ms(200))),
                (Lost(2), WaitUntil(ms(200))),
                (At(200), send(3)),
                (At(200), WaitUntil(ms(300))),
                (Items(3, &[201]), WaitUntil(ms(300))),
                (At(300), send(4)),
                (Items(4, &[201]), NeedManifest),
            ],
        ),
        (
            "halves go out one after the other where one connection is free",
            vec![
                (Supply(3), send(1)),
                (Supply(1), send(2)),
                (Status(1, 413), send(3)),
                (At(0), WaitForReply),
                (Items(3, &[201]), send(4)),
                (Items(4, &[201, 201]), NeedBody),
                (Items(2, &[201]), NeedBody),
            ],
        ),
        (
            "a refusal stops, what is under way still counts, and everything else goes on after it",
            vec![
                (Supply(1), send(1)),
                (Supply(2), send(2)),
                (Supply(1), WaitForReply),
                (Status(1, 401), WaitForReply),
                (Items(2, &[201, 429]), Stopped(denied.clone())),
                (Supply(1), Stopped(denied)),
                (Resume, send(3)),
                (NoMore, WaitForReply),
                (Items(3, &[201]), send(4)),
                (Items(4, &[201]), send(5)),
                (Cancel, WaitForReply),
                (Lost(5), Stopped(Stop::Interrupted)),
                (Lost(5), Stopped(Stop::Interrupted)),
                (Resume, send(6)),
                (Items(6, &[409]), send(7)),
                (Items(7, &[201]), NeedManifest),
            ],
        ),
        (
            "an outage ends after its time, and begins anew after going on",
            vec![
                (Supply(1), send(1)),
                (Lost(1), NeedBody),
                (NoMore, WaitUntil(ms(200))),
                (At(60_000), send(2)),
                (Lost(2), Stopped(outage)),
                (Resume, send(3)),
                (Lost(3), WaitUntil(ms(60_200))),
            ],
        ),
    ];
    for (name, script) in cases {
        let mut courier = Courier::new(2, RETRY_FOR);
        let mut now = Duration::ZERO;
        let mut supplied = 0;
        for (at, (call, expected)) in script.into_iter().enumerate() {
            // The longest wait, so that it can be told.
            let random = u64::MAX;
            match call {
                Supply(documents) => {
                    courier.supply(OBJECTS, body("i", supplied..supplied + documents));
                    supplied += documents;
                }
                NoMore => courier.no_more_bodies(),
                Manifest => courier.supply_manifest(body("m", [0])),
                Items(ticket, statuses) => {
                    courier.replied(Ticket(ticket), 200, &items(statuses.iter().copied()), now, random);
                }
                Status(ticket, status) => courier.replied(Ticket(ticket), status, b"", now, random),
                Lost(ticket) => courier.unanswered(Ticket(ticket), "lost", now, random),
                Cancel => courier.cancel(),
                Resume => courier.resume(),
                At(time_ms) => now = ms(time_ms),
            }
            assert_eq!(courier.next(now), expected, "{name}: step {at}");
        }
    }
}

#[test]
fn what_waits_is_told_with_its_reason_until_something_arrives() {
    let mut courier = Courier::new(1, RETRY_FOR);
    courier.supply(OBJECTS, body("i", 0..3));
    courier.supply(OBJECTS, body("i", 3..4));
    courier.supply_manifest(body("m", [0]));
    assert_eq!((courier.documents_waiting(), courier.waiting_reason(), courier.giving_up_in(ms(0))), (5, "", None));
    assert_eq!(courier.next(ms(0)), Step::Send(Ticket(1)));
    assert_eq!(courier.body(Ticket(1)).map(Body::documents), Some(3));
    assert_eq!(courier.documents_waiting(), 5);
    courier.replied(Ticket(1), 200, &items([201, 429, 400]), ms(0), u64::MAX);
    assert_eq!(courier.body(Ticket(1)), None);
    assert_eq!((courier.documents_waiting(), courier.waiting_reason()), (3, "status 429"));
    assert_eq!(courier.giving_up_in(ms(1_000)), Some(ms(59_000)));
    assert_eq!(courier.next(ms(200)), Step::Send(Ticket(2)));
    courier.replied(Ticket(2), 200, &items([201]), ms(0), 0);
    assert_eq!((courier.documents_waiting(), courier.waiting_reason(), courier.giving_up_in(ms(0))), (2, "", None));
    let refused: Vec<String> = courier.take_refused().into_iter().map(|document| document.name).collect();
    assert_eq!((refused, courier.take_refused().len()), (vec!["2".to_owned()], 0));
}

/// A reply with the statuses of its items.
fn items(statuses: impl IntoIterator<Item = u16>) -> Vec<u8> {
    let items: Vec<String> =
        statuses.into_iter().map(|status| format!(r#"{{"create":{{"status":{status}}}}}"#)).collect();
    format!(r#"{{"errors":true,"items":[{}]}}"#, items.join(",")).into_bytes()
}
