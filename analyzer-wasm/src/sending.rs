//! Results to Elasticsearch: the core says what to do next, the page does it, and this carries the words between them.

use crate::error;
use analyzer_core::sink::bulk::{Body, Shipment, Step, Stop, Ticket};
use gloo_net::http::Request;
use js_sys::Uint8Array;
use serde::Serialize;
use std::time::Duration;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// What the page is to do next.
#[derive(Serialize, Tsify)]
#[serde(tag = "step", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SendingStep {
    /// Send the body of this ticket to this path, then ask again.
    Send {
        /// Names the request.
        ticket: u32,
        /// Path and query.
        path: String,
    },
    /// Ask again at this time since sending began, or after a reply.
    Wait {
        /// In ms since sending began.
        until_ms: f64,
    },
    /// Ask again after a reply.
    WaitForReply,
    /// Everything arrived, or was refused.
    Done,
    /// The server was away or busy for too long.
    Outage {
        /// What was last seen of it.
        reason: String,
    },
    /// The server would refuse everything.
    Refused {
        /// HTTP status.
        status: u16,
        /// What it said.
        reason: String,
    },
    /// The user wanted no more.
    Cancelled,
}

/// What became of the documents so far.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct SendingReport {
    datasets: Vec<SentDataset>,
    retried: u64,
    /// Why a body is sent again; empty while all is well.
    waiting_reason: String,
    refusals: Vec<SentRefusal>,
}

/// Documents of one kind.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct SentDataset {
    dataset: &'static str,
    expected: u64,
    created: u64,
    already_there: u64,
    refused: u64,
}

/// Why documents were refused.
#[derive(Serialize, Tsify)]
pub struct SentRefusal {
    reason: String,
    documents: u64,
}

/// One sending of one analysis. Times are in ms since it began; `random` is from 0 to 1.
#[wasm_bindgen]
pub struct Sender(pub(crate) Shipment);

#[wasm_bindgen]
impl Sender {
    /// What to do next.
    pub fn next(&mut self, now_ms: f64) -> Result<Ts<SendingStep>, JsError> {
        let step = match self.0.next(duration(now_ms)) {
            Step::Send(ticket) => {
                let path = self.0.courier().body(ticket).map(Body::path).unwrap_or_default();
                SendingStep::Send { ticket: ticket.0 as u32, path }
            }
            Step::WaitUntil(until) => SendingStep::Wait { until_ms: until.as_secs_f64() * 1e3 },
            Step::WaitForReply | Step::NeedBody | Step::NeedManifest => SendingStep::WaitForReply,
            Step::Done => SendingStep::Done,
            Step::Stopped(Stop::Outage { reason }) => SendingStep::Outage { reason },
            Step::Stopped(Stop::Refused { status, reason }) => SendingStep::Refused { status, reason },
            Step::Stopped(Stop::Interrupted) => SendingStep::Cancelled,
        };
        step.into_ts().map_err(error)
    }

    /// The body of a ticket.
    pub fn body(&self, ticket: u32) -> Vec<u8> {
        self.0.courier().body(Ticket(ticket.into())).map(|body| body.bytes().to_vec()).unwrap_or_default()
    }

    /// The server replied.
    pub fn replied(&mut self, ticket: u32, status: u16, reply: &[u8], now_ms: f64, random: f64) {
        self.0.courier_mut().replied(Ticket(ticket.into()), status, reply, duration(now_ms), bits(random));
    }

    /// There was no reply.
    pub fn unanswered(&mut self, ticket: u32, reason: &str, now_ms: f64, random: f64) {
        self.0.courier_mut().unanswered(Ticket(ticket.into()), reason, duration(now_ms), bits(random));
    }

    /// Sends nothing more.
    pub fn cancel(&mut self) {
        self.0.courier_mut().cancel();
    }

    /// Goes on with what waits.
    pub fn resume(&mut self) {
        self.0.courier_mut().resume();
    }

    /// What became of the documents so far.
    pub fn report(&self) -> Result<Ts<SendingReport>, JsError> {
        let courier = self.0.courier();
        let tallies = || courier.tallies().iter().map(|(_, tally)| tally);
        let datasets = self.0.report().into_iter().map(|report| SentDataset {
            dataset: report.dataset.as_str(),
            expected: report.expected,
            created: report.created,
            already_there: report.already_there,
            refused: report.refused,
        });
        let refusals = tallies().flat_map(|tally| &tally.reasons);
        let report = SendingReport {
            datasets: datasets.collect(),
            retried: tallies().map(|tally| tally.retried).sum(),
            waiting_reason: courier.waiting_reason().to_owned(),
            refusals: refusals
                .map(|reason| SentRefusal { reason: reason.text.clone(), documents: reason.documents })
                .collect(),
        };
        report.into_ts().map_err(error)
    }

    /// Refused documents since the last call, as NDJSON.
    #[wasm_bindgen(js_name = takeRefused)]
    pub fn take_refused(&mut self) -> Vec<u8> {
        let mut lines = Vec::new();
        self.0.courier_mut().take_refused().iter().for_each(|document| document.encode(&mut lines));
        lines
    }
}

/// An answer to a request.
#[wasm_bindgen(getter_with_clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub bytes: Uint8Array,
}

/// Sends one request: POST with a body, GET without. Names and values of headers take turns.
#[wasm_bindgen]
pub async fn request(
    url: String,
    headers: Vec<String>,
    body: Option<Uint8Array>,
    signal: AbortSignal,
) -> Result<Answer, JsError> {
    let mut builder = if body.is_some() { Request::post(&url) } else { Request::get(&url) };
    for header in headers.chunks_exact(2) {
        builder = builder.header(&header[0], &header[1]);
    }
    builder = builder.abort_signal(Some(&signal));
    let sent = match body {
        Some(body) => builder.body(body).map_err(error)?.send().await,
        None => builder.send().await,
    };
    let response = sent.map_err(error)?;
    let bytes = response.binary().await.map_err(error)?;
    Ok(Answer { status: response.status(), bytes: Uint8Array::from(&bytes[..]) })
}

pub(crate) fn duration(millis: f64) -> Duration {
    Duration::try_from_secs_f64(millis / 1e3).unwrap_or_default()
}

/// A number from 0 to 1 to one of 64 bits.
fn bits(random: f64) -> u64 {
    (random * u64::MAX as f64) as u64
}
