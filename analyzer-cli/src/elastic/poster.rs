//! Sending bodies on several connections, again and again where that helps.
//!
//! In: bodies, through a bounded queue that makes their maker wait. Out: what became of every document. Guaranteed: the
//! core says what a reply means, when a request may be sent and how long to wait; here is only the sending. Only what may
//! succeed is sent again, for a bounded time; after that, or after Ctrl-C, nothing more is sent, and the report tells how
//! much is missing.

use super::client::{Answer, Client, NoAnswer};
use super::delivery::Delivery;
use super::refused::RefusedFile;
use super::report::Report;
use crate::interrupt;
use crate::progress::Sending;
use analyzer_core::sink::bulk::{Body, Next, Pace, Patience, Stop, Tally};
use analyzer_core::sink::index::Dataset;
use analyzer_core::sink::placement::IndexBy;
use std::collections::BTreeMap;
use std::hash::BuildHasher as _;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// More connections don't make a server of few cores faster.
pub(crate) const DEFAULT_CONNECTIONS: usize = 2;
/// Bodies that are ready before they can be sent: enough that no connection waits for the encoder.
const QUEUED_BODIES: usize = 4;
/// How often a waiting sender looks whether Ctrl-C was pressed.
const TICK: Duration = Duration::from_millis(100);
pub(crate) const DEFAULT_RETRY_FOR: Duration = Duration::from_secs(300);

/// How to send, how long to insist, and where to keep what is refused.
#[derive(Debug, Clone)]
pub(crate) struct Insistence {
    pub(crate) connections: usize,
    pub(crate) request_bytes: usize,
    pub(crate) retry_for: Duration,
    pub(crate) refused: Option<PathBuf>,
    /// What has an index of its own there.
    pub(crate) index_by: IndexBy,
}

/// Senders and their queue.
pub(crate) struct Poster {
    queue: SyncSender<Job>,
    request_bytes: usize,
    index_by: IndexBy,
    shared: Arc<Shared>,
    senders: Vec<JoinHandle<()>>,
}

struct Job {
    dataset: Dataset,
    body: Body,
    delivery: Arc<Delivery>,
}

struct Shared {
    client: Client,
    retry_for: Duration,
    /// What the pace's times are counted from.
    start: Instant,
    state: Mutex<State>,
    changed: Condvar,
    refused: Mutex<RefusedFile>,
    sending: Sending,
}

struct State {
    pace: Pace,
    tallies: BTreeMap<Dataset, Tally>,
    /// Documents that were announced.
    expected: u64,
}

/// Nothing more is sent.
#[derive(Debug, thiserror::Error)]
#[error("nothing more is sent")]
pub(crate) struct Stopped;

impl Poster {
    /// Starts the senders.
    pub(crate) fn start(client: Client, insistence: Insistence, sending: Sending) -> Self {
        let (queue, jobs) = sync_channel(QUEUED_BODIES);
        let jobs = Arc::new(Mutex::new(jobs));
        let shared = Arc::new(Shared {
            client,
            retry_for: insistence.retry_for,
            start: Instant::now(),
            state: Mutex::new(State {
                pace: Pace::new(insistence.connections, insistence.retry_for),
                tallies: BTreeMap::new(),
                expected: 0,
            }),
            changed: Condvar::new(),
            refused: Mutex::new(RefusedFile::new(insistence.refused)),
            sending,
        });
        let senders = (0..insistence.connections)
            .map(|_| {
                let (shared, jobs) = (Arc::clone(&shared), Arc::clone(&jobs));
                std::thread::spawn(move || shared.run(&jobs))
            })
            .collect();
        Self { queue, request_bytes: insistence.request_bytes, index_by: insistence.index_by, shared, senders }
    }

    /// Size from which a body is sent.
    pub(super) const fn request_bytes(&self) -> usize {
        self.request_bytes
    }

    /// What has an index of its own.
    pub(super) const fn index_by(&self) -> IndexBy {
        self.index_by
    }

    /// So many documents more will come.
    pub(crate) fn expect(&self, documents: u64) {
        self.shared.lock().expected += documents;
        self.shared.sending.expect(documents);
    }

    /// Takes a body; waits while the queue is full.
    ///
    /// # Errors
    /// When nothing more is sent.
    pub(crate) fn send(&self, dataset: Dataset, body: Body, delivery: &Arc<Delivery>) -> Result<(), Stopped> {
        delivery.begin();
        let job = Job { dataset, body, delivery: Arc::clone(delivery) };
        // Senders live as long as the queue, so that this fails only if they panicked.
        if let Err(refused) = self.queue.send(job) {
            refused.0.delivery.end(false);
        }
        if self.shared.lock().pace.stopped().is_some() { Err(Stopped) } else { Ok(()) }
    }

    /// Waits until all is sent and says what became of it.
    pub(crate) fn finish(self) -> anyhow::Result<Report> {
        drop(self.queue);
        for sender in self.senders {
            sender.join().map_err(|_| anyhow::anyhow!("a sender ended unexpectedly"))?;
        }
        self.shared.sending.clear();
        let refused = self.shared.refused.lock().unwrap_or_else(PoisonError::into_inner).path()?;
        let mut state = self.shared.lock();
        Ok(Report {
            server: self.shared.client.server().clone(),
            tallies: std::mem::take(&mut state.tallies),
            expected: state.expected,
            stop: state.pace.stopped().cloned(),
            retry_for: self.shared.retry_for,
            refused,
        })
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, jobs: &Mutex<Receiver<Job>>) {
        loop {
            // Others wait for the lock while this one waits for a body; each gets the next in turn.
            let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Job { dataset, body, delivery }) = job else { break };
            delivery.end(self.deliver(dataset, body));
        }
    }

    /// Sends a body until the fate of all its documents is known, or nothing more is sent; true in the first case.
    fn deliver(&self, dataset: Dataset, body: Body) -> bool {
        let mut waiting = vec![body];
        let mut failures = 0;
        while let Some(body) = waiting.pop() {
            if !self.enter() {
                return false;
            }
            let answer = self.client.bulk(&body);
            match self.settle(dataset, body, answer) {
                Next::Done => failures = 0,
                Next::Halves(halves) => waiting.extend(*halves),
                Next::Again { body, reason } => {
                    failures += 1;
                    self.wait(failures, &reason);
                    waiting.push(body);
                }
                Next::Stop { status, reason, .. } => {
                    self.stop(Stop::Refused { status, reason });
                    return false;
                }
            }
        }
        true
    }

    /// Waits for leave to send; false when nothing more is sent.
    fn enter(&self) -> bool {
        let mut state = self.lock();
        loop {
            if interrupt::requested() {
                state.pace.stop(Stop::Interrupted);
            }
            if state.pace.stopped().is_some() {
                return false;
            }
            if state.pace.may_send() {
                state.pace.begin();
                return true;
            }
            state = self.changed.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Books a reply.
    fn settle(&self, dataset: Dataset, body: Body, answer: Result<Answer, NoAnswer>) -> Next {
        let mut state = self.lock();
        self.changed.notify_all();
        let tally = state.tallies.entry(dataset).or_default();
        let before = tally.sent;
        let is_answered = answer.is_ok();
        let next = match answer {
            Ok(Answer { status, bytes }) => tally.settle(body, status, &bytes, |body, refusal| {
                self.refused.lock().unwrap_or_else(PoisonError::into_inner).keep(body, refusal);
            }),
            Err(NoAnswer { reason, is_final: false }) => tally.unanswered(body, reason),
            Err(NoAnswer { reason, is_final: true }) => Next::Stop { body, status: 0, reason },
        };
        let settled = tally.sent - before;
        self.sending.advance(settled);
        if matches!(next, Next::Done) {
            self.sending.note("");
        }
        state.pace.settled(settled, is_answered, &next);
        next
    }

    /// Waits before the same is sent again, unless that has lasted too long.
    fn wait(&self, failures: u32, reason: &str) {
        let mut state = self.lock();
        // A keyed hash of the clock is random enough to keep senders apart.
        let random = foldhash::fast::RandomState::default().hash_one((failures, Instant::now()));
        let patience = state.pace.wait_after_failure(failures, reason, self.start.elapsed(), random);
        let Patience::Wait { wait, left } = patience else { return };
        self.sending.note(&format!("waiting for the server ({reason}); giving up in {} s", left.as_secs() + 1));
        let until = Instant::now() + wait;
        while state.pace.stopped().is_none() && !interrupt::requested() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.changed.wait_timeout(state, left.min(TICK)).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn stop(&self, stop: Stop) {
        self.lock().pace.stop(stop);
        self.changed.notify_all();
    }
}
