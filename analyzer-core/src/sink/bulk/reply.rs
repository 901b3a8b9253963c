//! What a server's reply to a bulk request says of each document.
//!
//! In: the HTTP status, the reply's bytes, and how many documents were sent. Out: [`Reply`]. Guaranteed: items are told
//! by position, as the server orders them, never by name; a reply that was cut or is of another length says nothing
//! about any document, so that all are sent again.

use serde::Deserialize;
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
    let answer: Answer<'_> = match serde_json::from_slice(reply) {
        Ok(answer) => answer,
        // Proxies cut replies; but what doesn't even begin as JSON comes from something else.
        Err(_) if reply.is_empty() || reply.starts_with(b"{") => {
            return Reply::Later { reason: "the reply was cut short".to_owned() };
        }
        Err(_) => {
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

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    items: Vec<Action<'a>>,
}

#[derive(Deserialize)]
struct Action<'a> {
    #[serde(borrow)]
    create: ItemResult<'a>,
}

#[derive(Deserialize)]
struct ItemResult<'a> {
    status: u16,
    #[serde(borrow)]
    error: Option<ItemError<'a>>,
}

#[derive(Deserialize)]
struct ItemError<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    reason: Cow<'a, str>,
}

impl ItemResult<'_> {
    fn reason(&self) -> String {
        match &self.error {
            Some(error) => format!("{}: {}", error.kind, shortened(&error.reason)),
            None => format!("status {}", self.status),
        }
    }
}

/// What the server said when it took nothing.
fn describe(status: u16, reply: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Failure<'a> {
        #[serde(borrow)]
        error: ItemError<'a>,
    }
    match serde_json::from_slice::<Failure<'_>>(reply) {
        Ok(Failure { error }) => format!("HTTP {status}: {}: {}", error.kind, shortened(&error.reason)),
        Err(_) if reply.trim_ascii().is_empty() => format!("HTTP {status}"),
        Err(_) => format!("HTTP {status}: {}", excerpt(reply)),
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
