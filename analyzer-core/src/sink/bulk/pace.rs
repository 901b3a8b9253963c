//! When a request may be sent, and how long to insist: the rules that a program with threads and a page share.
//!
//! In: that a request begins, what its reply led to, and the time since sending began. Out: whether another may be sent,
//! how long to wait after a failure, and when to give up. Guaranteed: no clock, no thread and no randomness in here; once
//! stopped, no request is allowed until [`Pace::resume`], and the first reason to stop is the one that is told.

use super::{Backoff, Next};
use std::time::Duration;

/// A server that was busy gets one request at a time until it took so many in a row.
const CALM_REPLIES: u32 = 16;

/// How many requests are under way, how the server bears them, and whether sending goes on.
#[derive(Debug, Clone)]
pub struct Pace {
    connections: usize,
    retry_for: Duration,
    backoff: Backoff,
    requests: usize,
    /// Replies in a row that took everything; none while all connections may be used.
    calm: Option<u32>,
    /// Since when no reply has taken a document.
    outage_since: Option<Duration>,
    stop: Option<Stop>,
}

/// Why nothing more is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The server was away or busy for too long.
    Outage {
        /// The last failure.
        reason: String,
    },
    /// The server would refuse everything.
    Refused {
        /// HTTP status; 0 when there was no reply and never will be one.
        status: u16,
        /// What the server said.
        reason: String,
    },
    /// The user asked for it.
    Interrupted,
}

/// What to do after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Send the same again after a wait.
    Wait {
        /// How long.
        wait: Duration,
        /// Time until sending is given up, unless a document is taken before.
        left: Duration,
    },
    /// Nothing more is sent.
    GiveUp,
}

impl Pace {
    /// So many requests at once at most, and so long without a document taken until giving up.
    #[must_use]
    pub fn new(connections: usize, retry_for: Duration) -> Self {
        Self {
            connections: connections.max(1),
            retry_for,
            backoff: Backoff::default(),
            requests: 0,
            calm: None,
            outage_since: None,
            stop: None,
        }
    }

    /// Requests that may be under way at once, while all is well.
    #[must_use]
    pub const fn connections(&self) -> usize {
        self.connections
    }

    /// Whether a request may be sent now.
    #[must_use]
    pub fn may_send(&self) -> bool {
        let allowed = if self.calm.is_some() { 1 } else { self.connections };
        self.stop.is_none() && self.requests < allowed
    }

    /// A request is sent. Each ends with one call of [`settled`](Self::settled).
    pub const fn begin(&mut self) {
        self.requests += 1;
    }

    /// A request is over: its reply told the fate of so many documents and led to `next`, or there was no reply.
    pub fn settled(&mut self, documents: u64, is_answered: bool, next: &Next) {
        self.requests = self.requests.saturating_sub(1);
        if documents > 0 {
            self.outage_since = None;
        }
        match next {
            Next::Done => self.calm = self.calm.map(|replies| replies + 1).filter(|replies| *replies < CALM_REPLIES),
            // A server that answers and takes not everything has too much to do.
            Next::Again { .. } if is_answered => self.calm = Some(0),
            _ => {}
        }
    }

    /// What to do with a body that was sent in vain so many times in a row. `now` is the time since sending began;
    /// `random` is uniform over all 64-bit numbers.
    pub fn wait_after_failure(&mut self, failures: u32, reason: &str, now: Duration, random: u64) -> Patience {
        self.outage_since.get_or_insert(now);
        let left = self.giving_up_in(now).unwrap_or(self.retry_for);
        if left.is_zero() {
            self.stop(Stop::Outage { reason: reason.to_owned() });
            return Patience::GiveUp;
        }
        Patience::Wait { wait: self.backoff.wait(failures, random).min(left), left }
    }

    /// Time until sending is given up, unless a document is taken before; `None` while all is well.
    #[must_use]
    pub fn giving_up_in(&self, now: Duration) -> Option<Duration> {
        self.outage_since.map(|since| self.retry_for.saturating_sub(now.saturating_sub(since)))
    }

    /// Nothing more is sent. The first reason stays.
    pub fn stop(&mut self, stop: Stop) {
        self.stop.get_or_insert(stop);
    }

    /// Why nothing more is sent, if so.
    #[must_use]
    pub const fn stopped(&self) -> Option<&Stop> {
        self.stop.as_ref()
    }

    /// Sending goes on after a stop, and insists as long as at the beginning. A server that was busy is still spared.
    pub fn resume(&mut self) {
        self.stop = None;
        self.outage_since = None;
    }
}

#[cfg(test)]
mod tests {
    use super::super::BulkEncoder;
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn again() -> Next {
        let mut encoder = BulkEncoder::new("i", usize::MAX);
        encoder.push_document("1", b"{}");
        Next::Again { body: encoder.finish().expect("a document"), reason: "busy".to_owned() }
    }

    fn admitted(pace: &Pace) -> usize {
        let mut pace = pace.clone();
        let mut requests = 0;
        while pace.may_send() {
            pace.begin();
            requests += 1;
        }
        requests
    }

    #[test]
    fn a_busy_answer_leaves_one_request_at_a_time_until_the_server_is_calm() {
        for (next, is_answered, after) in
            [(again(), true, 1), (again(), false, 3), (Next::Done, true, 3), (Next::Done, false, 3)]
        {
            let mut pace = Pace::new(3, SECOND);
            assert_eq!(admitted(&pace), 3);
            pace.begin();
            assert_eq!(admitted(&pace), 2);
            pace.settled(0, is_answered, &next);
            assert_eq!(admitted(&pace), after, "{next:?}");
        }
        let mut pace = Pace::new(3, SECOND);
        pace.settled(0, true, &again());
        for replies in 1..=CALM_REPLIES {
            assert_eq!(admitted(&pace), 1, "{replies}");
            pace.begin();
            pace.settled(1, true, &Next::Done);
        }
        assert_eq!(admitted(&pace), 3);
    }

    #[test]
    fn it_insists_for_its_time_and_a_document_taken_begins_it_anew() {
        enum Event {
            Failure,
            Taken(u64),
            Resumed,
        }
        use Event::{Failure, Resumed, Taken};
        use Patience::GiveUp;
        let wait = |wait_ms, left_s| Patience::Wait {
            wait: Duration::from_millis(wait_ms),
            left: Duration::from_secs(left_s),
        };
        let mut pace = Pace::new(1, 10 * SECOND);
        for (at_s, event, failures, expected) in [
            (5, Failure, 1, Some(wait(200, 10))),
            (9, Failure, 2, Some(wait(400, 6))),
            (10, Taken(0), 0, None),
            (14, Failure, 9, Some(wait(1_000, 1))),
            (14, Taken(1), 0, None),
            (20, Failure, 3, Some(wait(800, 10))),
            (30, Failure, 4, Some(GiveUp)),
            (31, Failure, 4, Some(GiveUp)),
            (40, Resumed, 0, None),
            (41, Failure, 1, Some(wait(200, 10))),
        ] {
            match event {
                Failure => {
                    let found = pace.wait_after_failure(failures, &format!("{at_s}"), at_s * SECOND, u64::MAX);
                    assert_eq!(Some(found), expected, "{at_s}");
                }
                Taken(documents) => pace.settled(documents, true, &Next::Done),
                Resumed => {
                    assert_eq!(pace.stopped(), Some(&Stop::Outage { reason: "30".to_owned() }));
                    pace.resume();
                }
            }
            assert_eq!(pace.may_send(), pace.stopped().is_none());
            assert_eq!(pace.stopped().is_some(), expected == Some(GiveUp), "{at_s}");
        }
    }

    #[test]
    fn the_first_reason_to_stop_is_told() {
        let mut pace = Pace::new(2, SECOND);
        let refused = Stop::Refused { status: 401, reason: "HTTP 401".to_owned() };
        pace.stop(refused.clone());
        pace.stop(Stop::Interrupted);
        assert_eq!((pace.stopped(), pace.may_send()), (Some(&refused), false));
    }

    #[test]
    fn no_connections_are_one() {
        assert_eq!(admitted(&Pace::new(0, SECOND)), 1);
    }
}
