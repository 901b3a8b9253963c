//! `sniffit es annotate`: what happened at instants, as lines on the charts.
//!
//! In: an instant and a text, or a file of many. Out: documents in the one index of annotations. Guaranteed: all are
//! checked before the first is sent; the same annotation sent again is there once; what did not arrive is told.

use super::{annotation_file, print};
use crate::cli::Label;
use crate::elastic::client::{Answer, Client};
use crate::elastic::preflight;
use crate::elastic::report::advice;
use crate::error::{Exit, printable};
use crate::units::{count, counted};
use analyzer_core::record::Annotation;
use analyzer_core::sink::bulk::{BODY_BYTES, Backoff, Body, BulkEncoder, Next, Tally};
use analyzer_core::sink::index::ANNOTATIONS_INDEX;
use analyzer_core::time::Timestamp;
use anyhow::{Context as _, bail};
use std::collections::BTreeMap;
use std::hash::BuildHasher as _;
use std::io::Write as _;
use std::path::Path;
use std::thread;
use std::time::Instant;

/// Someone waits for the end of the command: about five seconds for a server that is away.
const TRIES: u32 = 6;

/// Runs the command.
///
/// # Errors
/// When an annotation can't be used, or the server can't be.
pub(crate) fn annotate(
    client: &Client,
    message: Option<String>,
    at: Option<Timestamp>,
    labels: &[Label],
    file: Option<&Path>,
) -> anyhow::Result<Exit> {
    let labels = collect(labels)?;
    let annotations = match (file, message, at) {
        (Some(file), _, _) => annotation_file::read(file, &labels)?,
        (None, Some(message), Some(timestamp)) => {
            let message = message.trim().to_owned();
            check::message(&message).context("the text can't be used")?;
            vec![Annotation { timestamp, message, labels }]
        }
        _ => bail!("give a text with --at TIME, or a file with --file"),
    };
    preflight(client)?;
    let mut encoder = BulkEncoder::new(ANNOTATIONS_INDEX, BODY_BYTES);
    let mut bodies: Vec<Body> = annotations
        .iter()
        .filter_map(|annotation| encoder.push_document(&annotation.name(), &annotation.to_document()))
        .collect();
    bodies.extend(encoder.finish());
    let (tally, stop) = send(client, bodies);
    tell(client, annotations.len() as u64, &tally, stop)
}

fn collect(labels: &[Label]) -> anyhow::Result<BTreeMap<String, String>> {
    let mut collected = BTreeMap::new();
    for label in labels {
        check::label(label).with_context(|| format!("the label {} can't be used", printable(&label.name)))?;
        if collected.insert(label.name.clone(), label.value.clone()).is_some() {
            bail!("the label {} is given twice", printable(&label.name));
        }
    }
    Ok(collected)
}

/// What the server takes and charts can show.
pub(super) mod check {
    use crate::cli::Label;
    use crate::units::count;
    use analyzer_core::sink::template::LONGEST_TERM;
    use anyhow::{bail, ensure};

    /// Whether a text can be a message.
    pub(in super::super) fn message(text: &str) -> anyhow::Result<()> {
        ensure!(!text.trim().is_empty(), "what happened is not said");
        term(text)
    }

    /// Whether a label can be indexed: name and value are one term.
    pub(in super::super) fn label(label: &Label) -> anyhow::Result<()> {
        term(&format!("{}={}", label.name, label.value))
    }

    fn term(text: &str) -> anyhow::Result<()> {
        if text.contains('\n') {
            bail!("it holds a line break: is a quote missing?");
        }
        ensure!(!text.chars().any(char::is_control), "it holds a control character");
        // The server counts in UTF-16.
        let characters = text.encode_utf16().count() as u64;
        let most = u64::from(LONGEST_TERM);
        ensure!(characters <= most, "it has {} characters, and {} are the most", count(characters), count(most));
        Ok(())
    }
}

/// Why not all were sent, and what to do.
struct Stop {
    reason: String,
    advice: &'static str,
}

/// Sends bodies one after the other; what became of the documents, and why not all were sent.
fn send(client: &Client, mut bodies: Vec<Body>) -> (Tally, Option<Stop>) {
    let mut tally = Tally::default();
    let mut failures = 0;
    bodies.reverse();
    while let Some(body) = bodies.pop() {
        let next = match client.bulk_and_refresh(&body) {
            Ok(Answer { status, bytes }) => tally.settle(body, status, &bytes, |_, _| {}),
            Err(fault) if fault.is_final => return (tally, Some(Stop { reason: fault.reason, advice: advice(0) })),
            Err(fault) => tally.unanswered(body, fault.reason),
        };
        match next {
            Next::Done => failures = 0,
            Next::Halves(halves) => bodies.extend(halves.into_iter().rev()),
            Next::Stop { status, reason, .. } => return (tally, Some(Stop { reason, advice: advice(status) })),
            Next::Again { body, reason } => {
                failures += 1;
                if failures == TRIES {
                    let advice = "; the same command again sends what is missing";
                    return (tally, Some(Stop { reason, advice }));
                }
                bodies.push(body);
                // A keyed hash of the clock is random enough to keep senders apart.
                let random = foldhash::fast::RandomState::default().hash_one((failures, Instant::now()));
                thread::sleep(Backoff::default().wait(failures, random));
            }
        }
    }
    (tally, None)
}

fn tell(client: &Client, all: u64, tally: &Tally, stop: Option<Stop>) -> anyhow::Result<Exit> {
    if tally.sent > tally.refused {
        print(&format!("{} created, {} already there\n", count(tally.created), count(tally.already_there)))?;
    }
    let complaints = complaints(&client.server().to_string(), all, tally, stop.as_ref());
    for complaint in &complaints {
        let _ = writeln!(std::io::stderr(), "error: {complaint}");
    }
    Ok(if complaints.is_empty() { Exit::Complete } else { Exit::Undelivered })
}

/// What did not arrive and why; empty when all did.
fn complaints(server: &str, all: u64, tally: &Tally, stop: Option<&Stop>) -> Vec<String> {
    let refused = tally.reasons.iter().map(|reason| {
        format!("{} refused by {server}: {}", counted(reason.documents, "annotation"), printable(&reason.text))
    });
    let mut lines: Vec<String> = refused.collect();
    if let Some(stop) = stop {
        lines.push(format!(
            "{} not sent to {server}: {}{}",
            counted(all.saturating_sub(tally.sent), "annotation"),
            printable(&stop.reason),
            stop.advice
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::sink::bulk::Reason;

    #[test]
    fn labels_are_given_once_and_can_be_indexed() {
        let label = |name: &str, value: &str| Label { name: name.to_owned(), value: value.to_owned() };
        assert_eq!(collect(&[label("app", "a"), label("b", "a")]).unwrap().len(), 2);
        for (labels, expected) in [
            (vec![label("app", "a"), label("app", "a")], "the label app is given twice"),
            (vec![label("app", "a\nb")], "the label app can't be used: it holds a line break"),
            (vec![label("a\0p", "a")], "the label a\\u{0}p can't be used: it holds a control character"),
            (vec![label("app", &"é".repeat(8_188))], "it has 8 192 characters, and 8 191 are the most"),
        ] {
            let error = format!("{:#}", collect(&labels).unwrap_err());
            assert!(error.contains(expected), "{error}");
        }
        // A character beyond the first 65 536 counts twice.
        assert!(check::message(&"🎬".repeat(4_095)).is_ok());
        assert!(check::message(&"🎬".repeat(4_096)).is_err());
    }

    #[test]
    fn what_did_not_arrive_is_told() {
        let reasons = vec![Reason { text: "no\u{7}".to_owned(), documents: 2 }];
        let tally = Tally { sent: 3, created: 1, refused: 2, reasons, ..Tally::default() };
        let stop = Stop { reason: "gone".to_owned(), advice: "; try again" };
        assert_eq!(
            complaints("http://x", 10, &tally, Some(&stop)),
            ["2 annotations refused by http://x: no\\u{7}", "7 annotations not sent to http://x: gone; try again",]
        );
        assert!(complaints("http://x", 1, &Tally { sent: 1, created: 1, ..Tally::default() }, None).is_empty());
    }
}
