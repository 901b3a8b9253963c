//! What became of all documents that were sent, and what to do with a body after its reply.
//!
//! In: a body and the reply to it. Out: [`Next`]. Guaranteed: a document is counted once, when its fate is known:
//! `sent` = `created` + `already_there` + `refused`.

use super::reply::{Items, Refusal, Reply};
use super::{Body, classify};

/// Reasons kept; the rest is counted.
const REASONS: usize = 5;

/// Documents by what became of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Documents whose fate is known.
    pub sent: u64,
    /// Documents that were not there before.
    pub created: u64,
    /// Documents that were there already: an earlier run or an earlier try sent them.
    pub already_there: u64,
    /// Documents that the server won't take.
    pub refused: u64,
    /// Documents sent once more, counted each time.
    pub retried: u64,
    /// The first reasons of refusal.
    pub reasons: Vec<Reason>,
}

/// Why documents were refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What the server said of the first.
    pub text: String,
    /// How many times exactly this was said.
    pub documents: u64,
}

/// What to do with a body after its reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Every document's fate is known.
    Done,
    /// Send this after a wait.
    Again {
        /// All documents, or those that were put off.
        body: Body,
        /// Why.
        reason: String,
    },
    /// The body was too large: send both halves.
    Halves(Box<[Body; 2]>),
    /// Send nothing more: the same would happen to everything.
    Stop {
        /// All documents, none of them taken.
        body: Body,
        /// HTTP status.
        status: u16,
        /// What the server said.
        reason: String,
    },
}

impl Tally {
    /// Takes the reply to a body. What is refused goes to `refused` with the body it stood in.
    pub fn settle(&mut self, body: Body, status: u16, reply: &[u8], mut refused: impl FnMut(&Body, &Refusal)) -> Next {
        match classify(status, reply, body.documents()) {
            Reply::Items(items) => {
                items.refused.iter().for_each(|refusal| refused(&body, refusal));
                self.take(items, &body)
            }
            Reply::Later { reason } => self.again(body, reason),
            Reply::TooLarge if body.documents() > 1 => {
                let middle = body.documents() / 2;
                self.retried += body.documents() as u64;
                Next::Halves(Box::new([body.of(0..middle), body.of(middle..body.documents())]))
            }
            Reply::TooLarge => {
                let reason = format!("HTTP 413: a document of {} bytes is too large", body.document(0).len());
                let refusal = Refusal { position: 0, status: 413, reason };
                refused(&body, &refusal);
                self.take(Items { refused: vec![refusal], ..Items::default() }, &body)
            }
            Reply::Refused { status, reason } => Next::Stop { body, status, reason },
        }
    }

    /// A request without any reply: the connection could not be made or broke.
    pub fn unanswered(&mut self, body: Body, reason: String) -> Next {
        self.again(body, reason)
    }

    fn take(&mut self, items: Items, body: &Body) -> Next {
        self.created += items.created;
        self.already_there += items.already_there;
        self.refused += items.refused.len() as u64;
        self.sent += items.created + items.already_there + items.refused.len() as u64;
        for refusal in items.refused {
            self.note(refusal.reason, 1);
        }
        if items.again.is_empty() {
            return Next::Done;
        }
        self.again(body.of(items.again), items.again_reason)
    }

    fn again(&mut self, body: Body, reason: String) -> Next {
        self.retried += body.documents() as u64;
        Next::Again { body, reason }
    }

    fn note(&mut self, text: String, documents: u64) {
        if let Some(reason) = self.reasons.iter_mut().find(|reason| reason.text == text) {
            reason.documents += documents;
        } else if self.reasons.len() < REASONS {
            self.reasons.push(Reason { text, documents });
        }
    }

    /// Adds what became of other documents.
    pub fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.created += other.created;
        self.already_there += other.already_there;
        self.refused += other.refused;
        self.retried += other.retried;
        for reason in other.reasons {
            self.note(reason.text, reason.documents);
        }
    }
}
