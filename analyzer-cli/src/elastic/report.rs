//! What became of everything that was to be sent, for people.
//!
//! In: what the senders counted. Out: a table, what is missing and what to do about it. Guaranteed: nothing that did not
//! arrive goes unsaid.

use super::address::ServerUrl;
use crate::error::{Exit, printable};
use crate::progress::Progress;
use crate::units;
use analyzer_core::sink::bulk::{Stop, Tally};
use analyzer_core::sink::index::Dataset;
use anyhow::Context as _;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

/// What became of the documents of a run.
#[derive(Debug)]
pub(crate) struct Report {
    pub(super) server: ServerUrl,
    pub(super) tallies: BTreeMap<Dataset, Tally>,
    /// Documents that were to be sent.
    pub(super) expected: u64,
    pub(super) stop: Option<Stop>,
    pub(super) retry_for: Duration,
    /// Where the refused documents are kept.
    pub(super) refused: Option<PathBuf>,
}

const TITLES: [&str; 6] = ["", "sent", "created", "already there", "refused", "retried"];

impl Report {
    /// How the run ends.
    pub(crate) fn exit(&self) -> Exit {
        match &self.stop {
            Some(Stop::Interrupted) => Exit::Interrupted,
            Some(_) => Exit::Undelivered,
            None if self.total().refused > 0 => Exit::Undelivered,
            None => Exit::Complete,
        }
    }

    /// Of all kinds.
    pub(crate) fn total(&self) -> Tally {
        let mut total = Tally::default();
        self.tallies.values().for_each(|tally| total.add(tally.clone()));
        total
    }

    /// Prints the table, and what is missing on standard error. Where records are on standard output, it holds nothing
    /// else.
    pub(crate) fn tell(&self, quiet: bool, keep_stdout: bool, progress: &Progress) -> anyhow::Result<()> {
        let table = format!("\n{}", self.table());
        if quiet {
            // Only what is missing is told.
        } else if keep_stdout {
            let _ = std::io::stderr().write_all(table.as_bytes());
        } else {
            std::io::stdout().write_all(table.as_bytes()).context("standard output can't be written")?;
        }
        self.complaints().iter().for_each(|line| progress.error(line));
        Ok(())
    }

    fn table(&self) -> String {
        let cells = |name: &str, tally: &Tally| {
            let counts = [tally.sent, tally.created, tally.already_there, tally.refused, tally.retried];
            let mut cells = vec![name.to_owned()];
            cells.extend(counts.map(units::count));
            cells
        };
        let mut rows = vec![TITLES.map(str::to_owned).to_vec()];
        rows.extend(self.tallies.iter().map(|(dataset, tally)| cells(dataset.as_str(), tally)));
        if self.tallies.len() > 1 {
            rows.push(cells("all", &self.total()));
        }
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..TITLES.len()).map(width).collect();
        let mut text = format!("Elasticsearch {}\n", self.server);
        for row in &rows {
            text.push_str(&format!("  {:<width$}", row[0], width = widths[0]));
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                text.push_str(&format!("  {cell:>width$}"));
            }
            text.push('\n');
        }
        text
    }

    /// What did not arrive, why, and what to do; empty when all did.
    fn complaints(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let total = self.total();
        if total.refused > 0 {
            lines.push(format!("{} refused by the server:", units::counted(total.refused, "document")));
            for reason in &total.reasons {
                lines.push(format!("  {} × {}", units::count(reason.documents), printable(&reason.text)));
            }
            if let Some(path) = &self.refused {
                lines.push(format!("  they are kept in {}", path.display()));
            }
        }
        let Some(stop) = &self.stop else { return lines };
        let missing = units::counted(self.expected.saturating_sub(total.sent), "document");
        let server = &self.server;
        lines.push(match stop {
            Stop::Interrupted => format!("interrupted: {missing} not sent; {AGAIN}"),
            Stop::Outage { reason } => {
                let seconds = self.retry_for.as_secs();
                format!("{server} took nothing for {seconds} s ({}): {missing} not sent; {AGAIN}", printable(reason))
            }
            Stop::Refused { status, reason } => {
                format!("{server} refuses everything: {}{}; {missing} not sent", printable(reason), advice(*status))
            }
        });
        lines
    }
}

const AGAIN: &str = "the same command again completes it";

/// What a refusal calls for.
pub(super) fn advice(status: u16) -> &'static str {
    match status {
        401 => ": check the key or the user's password",
        403 => ": the key or user may not create documents in sniffit-* (create_doc and auto_configure are needed)",
        404 | 405 => ": is this the address of Elasticsearch?",
        300..=399 => ": redirections are not followed: give the address that they lead to",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::record::Kind;
    use analyzer_core::sink::bulk::Reason;

    fn report(stop: Option<Stop>, refused: u64) -> Report {
        let objects =
            Tally { sent: 12_345, created: 12_000, already_there: 345 - refused, refused, ..Tally::default() };
        let reasons = vec![Reason { text: "mapping: \u{7}no".to_owned(), documents: refused }];
        let objects = Tally { reasons: if refused > 0 { reasons } else { Vec::new() }, ..objects };
        let analyses = Tally { sent: 1, created: 1, ..Tally::default() };
        Report {
            server: "http://127.0.0.1:9200".parse().unwrap(),
            tallies: BTreeMap::from([(Dataset::Records(Kind::Objects), objects), (Dataset::Analyses, analyses)]),
            expected: 20_000,
            stop,
            retry_for: Duration::from_secs(300),
            refused: (refused > 0).then(|| "kept.ndjson".into()),
        }
    }

    #[test]
    fn the_table_has_a_line_a_kind_and_the_sum() {
        assert_eq!(
            report(None, 5).table(),
            "Elasticsearch http://127.0.0.1:9200\n\
             \x20             sent  created  already there  refused  retried\n\
             \x20 objects   12 345   12 000            340        5        0\n\
             \x20 analyses       1        1              0        0        0\n\
             \x20 all       12 346   12 001            340        5        0\n"
        );
    }

    #[test]
    fn what_is_missing_is_said_and_decides_the_exit_code() {
        let outage = Stop::Outage { reason: "connection refused".to_owned() };
        let denied = Stop::Refused { status: 401, reason: "HTTP 401".to_owned() };
        for (stop, refused, exit, text) in [
            (None, 0, 0, ""),
            (None, 5, 4, "5 documents refused by the server:|  5 × mapping: \\u{7}no|  they are kept in kept.ndjson"),
            (
                Some(outage),
                0,
                4,
                "took nothing for 300 s (connection refused): 7 654 documents not sent; the same command again",
            ),
            (Some(denied), 0, 4, "refuses everything: HTTP 401: check the key or the user's password"),
            (
                Some(Stop::Interrupted),
                0,
                130,
                "interrupted: 7 654 documents not sent; the same command again completes it",
            ),
        ] {
            let report = report(stop, refused);
            assert_eq!(report.exit().code(), exit);
            let complaints = report.complaints().join("|");
            assert!(if text.is_empty() { complaints.is_empty() } else { complaints.contains(text) }, "{complaints}");
        }
    }
}
