//! Requests whose refusal ends the command.
//!
//! In: a request, and the rights it needs. Out: the reply's JSON, or an error that says what is wrong and what to do.
//! Guaranteed: text of the server reaches the terminal without control characters.

use crate::elastic::client::Client;
use crate::error::printable;
use serde_json::Value;
use std::fmt;
use ureq::http::Method;

/// What is asked of the server.
pub(super) struct Question<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) body: Option<&'a Value>,
    /// The rights that it takes, for people.
    pub(super) rights: &'a str,
}

impl Question<'_> {
    /// Asks; the reply when all is well.
    ///
    /// # Errors
    /// When there is no reply, or a refusal.
    pub(super) fn ask(&self, client: &Client) -> anyhow::Result<Value> {
        self.ask_if_there(client)?.ok_or_else(|| Refusal::of(client, self, 404, &Value::Null).into())
    }

    /// The same, and none when the server says that there is no such thing.
    ///
    /// # Errors
    /// When there is no reply, or any other refusal.
    pub(super) fn ask_if_there(&self, client: &Client) -> anyhow::Result<Option<Value>> {
        let (status, answer) = client.json(&self.method, self.path, self.body)?;
        self.judge(client, status, answer)
    }

    /// Asks with lines of JSON instead of the body.
    ///
    /// # Errors
    /// When there is no reply, or a refusal.
    pub(super) fn ask_with_lines(&self, client: &Client, lines: &[u8]) -> anyhow::Result<Value> {
        let (status, answer) = client.json_of_lines(&self.method, self.path, lines)?;
        self.judge(client, status, answer)?.ok_or_else(|| Refusal::of(client, self, 404, &Value::Null).into())
    }

    fn judge(&self, client: &Client, status: u16, answer: Value) -> anyhow::Result<Option<Value>> {
        match status {
            200..=299 => Ok(Some(answer)),
            404 if error_type(&answer) == Some("resource_not_found_exception") => Ok(None),
            _ => Err(Refusal::of(client, self, status, &answer).into()),
        }
    }
}

/// The server's name of what went wrong; none where something else than Elasticsearch answered.
fn error_type(answer: &Value) -> Option<&str> {
    answer.pointer("/error/type").and_then(Value::as_str)
}

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
struct Refusal {
    server: String,
    request: String,
    rights: String,
    status: u16,
    /// What the server said; none where something else than Elasticsearch answered.
    reason: Option<String>,
}

impl Refusal {
    fn of(client: &Client, question: &Question<'_>, status: u16, answer: &Value) -> Self {
        Self {
            server: client.server().to_string(),
            request: format!("{} {}", question.method, question.path),
            rights: question.rights.to_owned(),
            status,
            reason: error_type(answer).map(|kind| reason(kind, &answer["error"])),
        }
    }
}

/// What the server said, with the innermost cause, which is the one that tells.
fn reason(kind: &str, error: &Value) -> String {
    let said = |error: &Value| error["reason"].as_str().map(printable);
    let mut text = printable(kind);
    let mut last = None;
    let mut level = error;
    while level.is_object() {
        if let Some(reason) = said(level).filter(|reason| last.as_ref() != Some(reason)) {
            text.push_str(": ");
            text.push_str(&reason);
            last = Some(reason);
        }
        level = &level["caused_by"];
    }
    text
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server, request, rights, status, .. } = self;
        let reason = self.reason.as_deref().unwrap_or("no reason given");
        match (status, &self.reason) {
            (401, _) => write!(
                f,
                "{server} does not let us in (HTTP 401): give a valid --api-key-file, or --user and --password-file"
            ),
            (403, _) => write!(
                f,
                "{server} does not allow {request} (HTTP 403): the API key or user needs {rights}; give another \
                 with --api-key-file, or --user and --password-file"
            ),
            (300..=399, _) => write!(f, "{server} redirects (HTTP {status}): give the address that it leads to"),
            (429 | 500 | 502..=504, _) => {
                write!(f, "{server} can't do {request} now (HTTP {status}: {reason}): try again later")
            }
            (_, None) => {
                write!(f, "{server} answers {request} with HTTP {status}, as no Elasticsearch does: is it its address?")
            }
            (_, Some(reason)) => write!(f, "{server} refuses {request} (HTTP {status}): {reason}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn refusals_say_what_to_do() {
        let elastic = json!({ "error": { "type": "x_exception", "reason": "outer\u{7}", "caused_by": {
            "type": "y", "reason": "outer\u{7}", "caused_by": { "type": "z", "reason": "inner" },
        } } });
        for (status, answer, expected) in [
            (401, &elastic, "http://x does not let us in (HTTP 401): give a valid --api-key-file"),
            (403, &elastic, "http://x does not allow GET /y (HTTP 403): the API key or user needs everything; give"),
            (302, &Value::Null, "http://x redirects (HTTP 302)"),
            (503, &Value::Null, "http://x can't do GET /y now (HTTP 503: no reason given): try again later"),
            (404, &Value::Null, "http://x answers GET /y with HTTP 404, as no Elasticsearch does"),
            (400, &elastic, "http://x refuses GET /y (HTTP 400): x_exception: outer\\u{7}: inner"),
        ] {
            let refusal = Refusal {
                server: "http://x".to_owned(),
                request: "GET /y".to_owned(),
                rights: "everything".to_owned(),
                status,
                reason: error_type(answer).map(|kind| reason(kind, &answer["error"])),
            };
            assert!(refusal.to_string().starts_with(expected), "{refusal}");
        }
    }
}
