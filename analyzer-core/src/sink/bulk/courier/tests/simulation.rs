//! Whole analyses sent to a server that fails in every way, in simulated time.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

/// Random numbers that are the same in every run.
struct Random(u64);

impl Random {
    /// SplitMix64 (Steele, Lea and Flood 2014).
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn is_one_in(&mut self, many: u64) -> bool {
        many > 0 && self.next().is_multiple_of(many)
    }
}

/// How a server fails: each number is "one request in so many", 0 for never.
#[derive(Debug, Clone, Copy, Default)]
struct Faults {
    busy: u64,
    /// One document in so many of every body is put off.
    busy_items: u64,
    denied: u64,
    cut: u64,
    /// Lost before the server saw it, and after.
    lost_request: u64,
    lost_reply: u64,
    /// More documents than this are too large, 0 for any number.
    most_documents: usize,
    /// Documents whose name is a multiple of this are refused.
    bad: usize,
    /// No request arrives in this time, in ms.
    down_ms: (u64, u64),
}

/// Elasticsearch as far as sending is concerned: it keeps documents by index and name.
struct Server {
    faults: Faults,
    random: Random,
    stored: BTreeSet<(String, String)>,
}

/// A status and a reply, or none.
type Answer = Option<(u16, Vec<u8>)>;

impl Server {
    fn take(&mut self, body: &Body, now: Duration) -> Answer {
        let faults = self.faults;
        let is_down = (ms(faults.down_ms.0)..ms(faults.down_ms.1)).contains(&now);
        if is_down || self.random.is_one_in(faults.lost_request) {
            return None;
        }
        for (many, status) in [(faults.busy, 429), (faults.denied, 401)] {
            if self.random.is_one_in(many) {
                return Some((status, Vec::new()));
            }
        }
        if faults.most_documents > 0 && body.documents() > faults.most_documents {
            return Some((413, Vec::new()));
        }
        let statuses: Vec<u16> = (0..body.documents()).map(|at| self.create(body, at)).collect();
        let mut reply = items(statuses);
        if self.random.is_one_in(faults.cut) {
            reply.truncate(reply.len() / 2);
        }
        (!self.random.is_one_in(faults.lost_reply)).then_some((200, reply))
    }

    fn create(&mut self, body: &Body, position: usize) -> u16 {
        let action: serde_json::Value =
            serde_json::from_slice(body.item(position).split(|byte| *byte == b'\n').next().unwrap_or_default())
                .expect("an action");
        let name = action["create"]["_id"].as_str().expect("a name").to_owned();
        if self.random.is_one_in(self.faults.busy_items) {
            429
        } else if is_bad(self.faults, &name) {
            400
        } else if self.stored.insert((body.index().to_owned(), name)) {
            201
        } else {
            409
        }
    }
}

fn is_bad(faults: Faults, name: &str) -> bool {
    faults.bad > 0 && name.parse::<usize>().is_ok_and(|number| number > 0 && number.is_multiple_of(faults.bad))
}

const DOCUMENTS: usize = 400;

/// Sends two kinds of documents and a manifest, going on after every stop; each call of `cancel_at` cancels, and every
/// second one gives up what is under way. Returns the stops.
fn simulate(connections: usize, faults: Faults, cancel_at: &[usize], seed: u64) -> Vec<Stop> {
    let mut server = Server { faults, random: Random(seed), stored: BTreeSet::new() };
    let mut random = Random(!seed);
    let kinds = [(OBJECTS, "objects"), (Dataset::Records(Kind::Bins), "bins")];
    let mut supply = kinds
        .into_iter()
        .flat_map(|(dataset, index)| (0..DOCUMENTS / 20).map(move |at| (dataset, body(index, at * 20..at * 20 + 20))));
    let mut courier = Courier::new(connections, RETRY_FOR);
    let mut replies: BTreeMap<(Duration, Ticket), Answer> = BTreeMap::new();
    let (mut now, mut stops, mut refused) = (Duration::ZERO, Vec::new(), Vec::new());
    let settled = |courier: &Courier| courier.tallies().iter().map(|(_, tally)| tally.sent).sum::<u64>();
    let all = 2 * DOCUMENTS as u64;
    for step in 0.. {
        assert!(step < 100_000, "it ends");
        if let Some(number) = cancel_at.iter().position(|at| *at == step) {
            courier.cancel();
            if number % 2 == 1 {
                for ((_, ticket), _) in std::mem::take(&mut replies) {
                    courier.unanswered(ticket, "aborted", now, random.next());
                }
            }
        }
        let mut deliver = |now: &mut Duration, replies: &mut BTreeMap<_, Answer>, courier: &mut Courier| {
            let ((time, ticket), answer) = replies.pop_first().expect("a request under way");
            *now = (*now).max(time);
            match answer {
                Some((status, reply)) => courier.replied(ticket, status, &reply, *now, random.next()),
                None => courier.unanswered(ticket, "lost", *now, random.next()),
            }
        };
        match courier.next(now) {
            Step::NeedBody => match supply.next() {
                Some((dataset, body)) => courier.supply(dataset, body),
                None => courier.no_more_bodies(),
            },
            Step::NeedManifest => courier.supply_manifest(body("analyses", [0])),
            Step::Send(ticket) => {
                let body = courier.body(ticket).expect("a body under way");
                if body.index() == "analyses" {
                    assert_eq!(settled(&courier), all, "the manifest comes last");
                }
                let answer = server.take(body, now);
                let latency = ms(1 + server.random.next() % 50);
                replies.insert((now + latency, ticket), answer);
                assert!(replies.len() <= connections);
            }
            Step::WaitUntil(time) => match replies.first_key_value() {
                Some(((reply, _), _)) if *reply <= time => deliver(&mut now, &mut replies, &mut courier),
                _ => now = time,
            },
            Step::WaitForReply => deliver(&mut now, &mut replies, &mut courier),
            Step::Stopped(stop) => {
                assert!(replies.is_empty());
                stops.push(stop);
                courier.resume();
            }
            Step::Done => break,
        }
        refused.extend(courier.take_refused());
    }
    let names = |index: &str| (0..DOCUMENTS).map(move |name| (index.to_owned(), name.to_string())).collect::<Vec<_>>();
    let (bad, good): (Vec<_>, Vec<_>) =
        kinds.iter().flat_map(|(_, index)| names(index)).partition(|(_, name)| is_bad(faults, name));
    let good: BTreeSet<_> = good.into_iter().chain([("analyses".to_owned(), "0".to_owned())]).collect();
    assert_eq!(server.stored, good, "all arrived");
    let mut told: Vec<_> = refused.iter().map(|refused| (refused.index.to_string(), refused.name.clone())).collect();
    told.sort();
    assert_eq!(told, BTreeSet::from_iter(bad).into_iter().collect::<Vec<_>>(), "each refusal is told once");
    for (dataset, tally) in courier.tallies() {
        let expected = if *dataset == Dataset::Analyses { 1 } else { DOCUMENTS as u64 };
        assert_eq!(tally.sent, expected, "{dataset}");
        assert_eq!(tally.created + tally.already_there + tally.refused, expected, "{dataset}");
    }
    assert_eq!((settled(&courier), courier.documents_waiting()), (all + 1, 0));
    stops
}

#[test]
fn every_document_ends_in_one_count_whatever_the_server_does() {
    let none = Faults::default();
    let all = Faults {
        busy: 5,
        busy_items: 7,
        denied: 40,
        cut: 6,
        lost_request: 9,
        lost_reply: 6,
        most_documents: 6,
        bad: 13,
        down_ms: (500, 90_000),
    };
    let is_outage = |stop: &Stop| matches!(stop, Stop::Outage { .. });
    let is_denied = |stop: &Stop| matches!(stop, Stop::Refused { status: 401, .. });
    let is_interrupted = |stop: &Stop| *stop == Stop::Interrupted;
    type Judge<'a> = &'a dyn Fn(&Stop) -> bool;
    // What must be among the stops, and nothing that is not in the list.
    let cases: [(&str, Faults, &[usize], &[Judge<'_>]); 11] = [
        ("all is well", none, &[], &[]),
        ("a storm of 429", Faults { busy: 2, ..none }, &[], &[]),
        ("documents put off", Faults { busy_items: 3, ..none }, &[], &[]),
        ("bodies too large", Faults { most_documents: 1, bad: 2, ..none }, &[], &[]),
        ("cut replies", Faults { cut: 2, ..none }, &[], &[]),
        ("lost requests and replies", Faults { lost_request: 4, lost_reply: 4, ..none }, &[], &[]),
        ("refused documents", Faults { bad: 3, ..none }, &[], &[]),
        ("a key that works at times", Faults { denied: 10, ..none }, &[], &[&is_denied]),
        ("an outage", Faults { down_ms: (100, 400_000), ..none }, &[], &[&is_outage]),
        ("cancelled", Faults { busy_items: 9, ..none }, &[3, 30, 60, 61, 90], &[&is_interrupted]),
        ("everything", all, &[5, 50, 100, 101, 150, 400, 777], &[&is_interrupted, &is_denied, &is_outage]),
    ];
    for (name, faults, cancel_at, expected) in cases {
        let mut stops = Vec::new();
        for (connections, seed) in [(1, 1), (2, 2), (2, 3), (5, 4)] {
            stops.extend(simulate(connections, faults, cancel_at, seed));
        }
        for judge in expected {
            assert!(stops.iter().any(judge), "{name}: {stops:?}");
        }
        assert!(stops.iter().all(|stop| expected.iter().any(|judge| judge(stop))), "{name}: {stops:?}");
    }
}
