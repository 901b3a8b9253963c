//! Sending one analysis without threads: a state machine that says what to do next, for a page.
//!
//! In: bodies when it asks for them, replies, the time since sending began, and random numbers. Out: the next [`Step`],
//! and what became of every document. Guaranteed: no more bodies are held than connections and one, but for the parts of
//! bodies that were too large; the manifest is sent when the fate of all records is known; a document is counted once;
//! after a stop everything whose fate is unknown waits here, and [`Courier::resume`] goes on with it.

use super::{Body, Next, Pace, Patience, RefusedDocument, Stop, Tally};
use crate::sink::index::Dataset;
use std::collections::VecDeque;
use std::time::Duration;

/// What is being sent, and how far it is.
#[derive(Debug)]
pub struct Courier {
    pace: Pace,
    stage: Stage,
    /// Bodies that are not under way: those to be sent again first.
    waiting: VecDeque<Parcel>,
    under_way: Vec<(Ticket, Parcel)>,
    last_ticket: u64,
    /// Waits until all records arrived.
    manifest: Option<Body>,
    tallies: Vec<(Dataset, Tally)>,
    refused: Vec<RefusedDocument>,
    waiting_reason: String,
}

/// What comes next, from the caller's point of view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Call [`Courier::supply`] or [`Courier::no_more_bodies`].
    NeedBody,
    /// Call [`Courier::supply_manifest`].
    NeedManifest,
    /// Send [`Courier::body`] of this ticket, then ask for the next step without waiting for the reply. Whatever comes
    /// of it is told by one call of [`Courier::replied`] or [`Courier::unanswered`].
    Send(Ticket),
    /// Nothing to do until this time since sending began, or until a reply arrives.
    WaitUntil(Duration),
    /// Nothing to do until a reply arrives.
    WaitForReply,
    /// The fate of every document is known, the manifest's included.
    Done,
    /// Nothing more is sent, and nothing is under way.
    Stopped(Stop),
}

/// A request under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(
    /// Its number, from 1; each try has its own.
    pub u64,
);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// More bodies of records may come.
    Records,
    /// All bodies of records came, and the manifest is not sent yet.
    Manifest,
    /// Nothing more will come.
    Last,
}

#[derive(Debug)]
struct Parcel {
    dataset: Dataset,
    body: Body,
    /// How often it was sent in vain, in a row.
    failures: u32,
    not_before: Duration,
}

impl Courier {
    /// Sends so many requests at once at most, and gives up when no document was taken for `retry_for`.
    #[must_use]
    pub fn new(connections: usize, retry_for: Duration) -> Self {
        Self {
            pace: Pace::new(connections, retry_for),
            stage: Stage::Records,
            waiting: VecDeque::new(),
            under_way: Vec::new(),
            last_ticket: 0,
            manifest: None,
            tallies: Vec::new(),
            refused: Vec::new(),
            waiting_reason: String::new(),
        }
    }

    /// What to do next, at this time since sending began. To be asked again after every call of another method, and when
    /// the time of [`Step::WaitUntil`] has come.
    pub fn next(&mut self, now: Duration) -> Step {
        if let Some(stop) = self.pace.stopped() {
            // What is under way still counts.
            return if self.under_way.is_empty() { Step::Stopped(stop.clone()) } else { Step::WaitForReply };
        }
        self.release_manifest();
        // A body that was sent in vain keeps its connection while it waits.
        let backing_off = self.waiting.iter().filter(|parcel| parcel.not_before > now).count();
        let is_free = self.under_way.len() + backing_off < self.pace.connections();
        if is_free
            && self.pace.may_send()
            && let Some(at) = self.waiting.iter().position(|parcel| parcel.not_before <= now)
            && let Some(parcel) = self.waiting.remove(at)
        {
            self.pace.begin();
            self.last_ticket += 1;
            let ticket = Ticket(self.last_ticket);
            self.under_way.push((ticket, parcel));
            return Step::Send(ticket);
        }
        let held = self.waiting.len() + self.under_way.len();
        if self.stage == Stage::Records && held <= self.pace.connections() {
            return Step::NeedBody;
        }
        let soonest = self.waiting.iter().map(|parcel| parcel.not_before).filter(|time| *time > now).min();
        match (soonest, self.stage) {
            (Some(time), _) if self.pace.may_send() => Step::WaitUntil(time),
            _ if held > 0 => Step::WaitForReply,
            (_, Stage::Last) => Step::Done,
            _ => Step::NeedManifest,
        }
    }

    /// Makes the manifest a body like others, once the fate of all records is known.
    fn release_manifest(&mut self) {
        if self.stage == Stage::Manifest
            && self.waiting.is_empty()
            && self.under_way.is_empty()
            && let Some(body) = self.manifest.take()
        {
            self.stage = Stage::Last;
            self.waiting.push_back(Parcel::new(Dataset::Analyses, body));
        }
    }

    /// Takes a body of records.
    pub fn supply(&mut self, dataset: Dataset, body: Body) {
        if body.documents() > 0 {
            self.waiting.push_back(Parcel::new(dataset, body));
        }
    }

    /// All records were supplied.
    pub fn no_more_bodies(&mut self) {
        if self.stage == Stage::Records {
            self.stage = Stage::Manifest;
        }
    }

    /// Takes the body with the manifest. It may come early and is sent last all the same; a second one is passed over.
    pub fn supply_manifest(&mut self, body: Body) {
        if self.stage != Stage::Last {
            self.manifest.get_or_insert(body);
        }
    }

    /// What to send for a ticket; `None` when it is not under way.
    #[must_use]
    pub fn body(&self, ticket: Ticket) -> Option<&Body> {
        self.under_way.iter().find(|(known, _)| *known == ticket).map(|(_, parcel)| &parcel.body)
    }

    /// The server replied. `random` is uniform over all 64-bit numbers. A ticket that is not under way is passed over.
    pub fn replied(&mut self, ticket: Ticket, status: u16, reply: &[u8], now: Duration, random: u64) {
        let Some(Parcel { dataset, body, failures, .. }) = self.take(ticket) else { return };
        let Self { tallies, refused, .. } = self;
        let tally = tally_of(tallies, dataset);
        let before = tally.sent;
        let next = tally.settle(body, status, reply, |body, refusal| refused.push(RefusedDocument::new(body, refusal)));
        let settled = tally.sent - before;
        self.pace.settled(settled, true, &next);
        self.follow(dataset, next, failures, now, random);
    }

    /// There was no reply: no connection, a broken one, or a request that the caller gave up. Otherwise as
    /// [`replied`](Self::replied).
    pub fn unanswered(&mut self, ticket: Ticket, reason: &str, now: Duration, random: u64) {
        let Some(Parcel { dataset, body, failures, .. }) = self.take(ticket) else { return };
        let next = tally_of(&mut self.tallies, dataset).unanswered(body, reason.to_owned());
        self.pace.settled(0, false, &next);
        self.follow(dataset, next, failures, now, random);
    }

    fn take(&mut self, ticket: Ticket) -> Option<Parcel> {
        let at = self.under_way.iter().position(|(known, _)| *known == ticket)?;
        Some(self.under_way.swap_remove(at).1)
    }

    fn follow(&mut self, dataset: Dataset, next: Next, failures: u32, now: Duration, random: u64) {
        let mut wait_again = |body, failures, not_before| {
            self.waiting.push_front(Parcel { dataset, body, failures, not_before });
        };
        match next {
            Next::Done => self.waiting_reason.clear(),
            Next::Halves(halves) => {
                let [first, second] = *halves;
                wait_again(second, failures, Duration::ZERO);
                wait_again(first, failures, Duration::ZERO);
            }
            // After a stop there is no outage to measure: the server may be well, and the caller gave up.
            Next::Again { body, .. } if self.pace.stopped().is_some() => wait_again(body, 0, Duration::ZERO),
            Next::Again { body, reason } => {
                let failures = failures.saturating_add(1);
                let not_before = match self.pace.wait_after_failure(failures, &reason, now, random) {
                    Patience::Wait { wait, .. } => now.saturating_add(wait),
                    Patience::GiveUp => Duration::ZERO,
                };
                wait_again(body, failures, not_before);
                self.waiting_reason = reason;
            }
            Next::Stop { body, status, reason } => {
                wait_again(body, 0, Duration::ZERO);
                self.pace.stop(Stop::Refused { status, reason });
            }
        }
    }

    /// Nothing more is sent. What is under way is waited for; a caller who ends it tells so by
    /// [`unanswered`](Self::unanswered).
    pub fn cancel(&mut self) {
        self.pace.stop(Stop::Interrupted);
    }

    /// Goes on after a stop with everything whose fate is unknown, at once.
    pub fn resume(&mut self) {
        self.pace.resume();
        self.waiting_reason.clear();
        for parcel in &mut self.waiting {
            parcel.failures = 0;
            parcel.not_before = Duration::ZERO;
        }
    }

    /// What became of the documents so far.
    #[must_use]
    pub fn tallies(&self) -> &[(Dataset, Tally)] {
        &self.tallies
    }

    /// Documents that were supplied and whose fate is unknown.
    #[must_use]
    pub fn documents_waiting(&self) -> u64 {
        let bodies =
            self.waiting.iter().chain(self.under_way.iter().map(|(_, parcel)| parcel)).map(|parcel| &parcel.body);
        bodies.chain(&self.manifest).map(|body| body.documents() as u64).sum()
    }

    /// Why the last body that failed is sent again; empty when a body has arrived since.
    #[must_use]
    pub fn waiting_reason(&self) -> &str {
        &self.waiting_reason
    }

    /// Time until sending is given up, unless a document is taken before; `None` while all is well.
    #[must_use]
    pub fn giving_up_in(&self, now: Duration) -> Option<Duration> {
        self.pace.giving_up_in(now)
    }

    /// The refused documents since the last call, for the caller to keep.
    pub fn take_refused(&mut self) -> Vec<RefusedDocument> {
        std::mem::take(&mut self.refused)
    }
}

/// The tally of a dataset, in a list sorted by dataset.
fn tally_of(tallies: &mut Vec<(Dataset, Tally)>, dataset: Dataset) -> &mut Tally {
    let at = tallies.binary_search_by(|(known, _)| known.cmp(&dataset)).unwrap_or_else(|at| {
        tallies.insert(at, (dataset, Tally::default()));
        at
    });
    &mut tallies[at].1
}

impl Parcel {
    const fn new(dataset: Dataset, body: Body) -> Self {
        Self { dataset, body, failures: 0, not_before: Duration::ZERO }
    }
}

#[cfg(test)]
mod tests;
