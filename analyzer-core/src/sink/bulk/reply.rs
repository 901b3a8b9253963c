//! What a server's reply to a bulk request says of each document.
//!
//! In: the HTTP status, the reply's bytes, and how many documents were sent. Out: [`Reply`]. Guaranteed: items are told
//! by position, as the server orders them, never by name; a reply that was cut or is of another length says nothing
//! about any document, so that all are sent again.

use miniserde::{Deserialize, json};
use std::borrow::Cow;

/// What a reply means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The server said of each document what became of it.
    Items(Items),
    /// Nothing is known about any document, or the server is busy: the same body again, later.
    Later {
        /// What the server or the proxy before it said.
        reason: String,
    },
    /// The body is larger than the server or the proxy before it takes.
    TooLarge,
    /// The request is wrong and would be again: a bad key, no right to write, no Elasticsearch there.
    Refused {
        /// HTTP status.
        status: u16,
        /// What the server said.
        reason: String,
    },
}

/// What became of the documents of one body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Items {
    /// Documents that were not there before.
    pub created: u64,
    /// Documents that were there under the same name.
    pub already_there: u64,
    /// Documents that the server won't take.
    pub refused: Vec<Refusal>,
    /// Positions of documents that the server had no room for now.
    pub again: Vec<usize>,
    /// Why the first of those was put off.
    pub again_reason: String,
}

/// A document that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which document of the body, from 0.
    pub position: usize,
    /// Status of the item, as HTTP's.
    pub status: u16,
    /// The server's name of the error and its reason.
    pub reason: String,
}

/// Reads a reply to a request that sent so many documents.
#[must_use]
pub fn classify(status: u16, reply: &[u8], documents: usize) -> Reply {
    match status {
        200..=299 => classify_items(reply, documents),
        413 => Reply::TooLarge,
        408 | 429 | 500..=599 => Reply::Later { reason: describe(status, reply) },
        _ => Reply::Refused { status, reason: describe(status, reply) },
    }
}

fn classify_items(reply: &[u8], documents: usize) -> Reply {
    let answer: Answer = match parse(reply) {
        Some(answer) => answer,
        // Proxies cut replies; but what doesn't even begin as JSON comes from something else.
        None if reply.is_empty() || reply.starts_with(b"{") => {
            return Reply::Later { reason: "the reply was cut short".to_owned() };
        }
        None => {
            let reason = format!("the reply is not Elasticsearch's: {}", excerpt(reply));
            return Reply::Refused { status: 200, reason };
        }
    };
    if answer.items.len() != documents {
        let reason = format!("the reply tells of {} documents for {documents}", answer.items.len());
        return Reply::Later { reason };
    }
    let mut items = Items::default();
    for (position, Action { create: result }) in answer.items.iter().enumerate() {
        match result.status {
            200 | 201 => items.created += 1,
            409 => items.already_there += 1,
            429 | 500..=599 => {
                if items.again.is_empty() {
                    items.again_reason = result.reason();
                }
                items.again.push(position);
            }
            status => items.refused.push(Refusal { position, status, reason: result.reason() }),
        }
    }
    match items.refused.first() {
        // The right to write is the request's, even where the server tells so document by document.
        Some(first)
            if items.refused.len() == documents
                && items.refused.iter().all(|item| matches!(item.status, 401 | 403)) =>
        {
            Reply::Refused { status: first.status, reason: first.reason.clone() }
        }
        _ => Reply::Items(items),
    }
}

/// By a parser that says not what is wrong, which nobody would be told: it is a tenth of the page's module smaller than one
/// that can write any value into a message.
fn parse<T: Deserialize>(reply: &[u8]) -> Option<T> {
    json::from_str(std::str::from_utf8(reply).ok()?).ok()
}

#[derive(Deserialize)]
struct Answer {
    items: Vec<Action>,
}

#[derive(Deserialize)]
struct Action {
    create: ItemResult,
}

#[derive(Deserialize)]
struct ItemResult {
    status: u16,
    error: Option<ItemError>,
}

#[derive(Deserialize)]
struct ItemError {
    #[serde(rename = "type")]
    kind: Option<String>,
    reason: Option<String>,
}

impl ItemResult {
    fn reason(&self) -> String {
        match &self.error {
            Some(error) => error.text(),
            None => format!("status {}", self.status),
        }
    }
}

impl ItemError {
    fn text(&self) -> String {
        let [kind, reason] = [&self.kind, &self.reason].map(|text| text.as_deref().unwrap_or_default());
        format!("{kind}: {}", shortened(reason))
    }
}

/// What the server said when it took nothing.
fn describe(status: u16, reply: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Failure {
        error: ItemError,
    }
    match parse(reply) {
        Some(Failure { error }) => format!("HTTP {status}: {}", error.text()),
        None if reply.trim_ascii().is_empty() => format!("HTTP {status}"),
        None => format!("HTTP {status}: {}", excerpt(reply)),
    }
}

/// The beginning of a reply that is no JSON of Elasticsearch, without what a terminal would act on.
fn excerpt(reply: &[u8]) -> String {
    let text = String::from_utf8_lossy(&reply[..reply.len().min(512)]);
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    shortened(&words.join(" ")).into_owned()
}

/// A reason may hold the whole document.
fn shortened(text: &str) -> Cow<'_, str> {
    const CHARACTERS: usize = 300;
    match text.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}
