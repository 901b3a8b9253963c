//! `sniffit es drop`: an analysis with all its records goes.
//!
//! In: the id of an analysis, or its first digits. Out: its indices are deleted, in one request. Guaranteed: indices are
//! deleted by their whole names as the server listed them, never by a pattern; people are asked first, and a program has
//! to say that it means it.

use super::print;
use super::request::Question;
use super::stored::{Store, Stored, is_hex};
use crate::elastic::address::ServerUrl;
use crate::elastic::client::Client;
use crate::error::{Exit, printable};
use crate::units::{bytes, counted, second};
use analyzer_core::sink::index::short_id;
use anyhow::{Context as _, bail, ensure};
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use ureq::http::Method;

/// Runs the command.
///
/// # Errors
/// When there is no such analysis, nobody can be asked, or the server refuses.
pub(crate) fn drop(client: &Client, analysis: &str, yes: bool) -> anyhow::Result<Exit> {
    let id = parse_id(analysis)?;
    if !yes && !io::stdin().is_terminal() {
        bail!("nobody can be asked whether to delete, because standard input is no terminal: give --yes to delete");
    }
    let store = Store::read(client)?;
    let found = find(&store, &id, client.server())?;
    if !yes && !confirm(found)? {
        let _ = io::stderr().write_all(b"nothing was deleted\n");
        return Ok(Exit::Failed);
    }
    delete(client, found)?;
    print(&format!("deleted {}\n", describe(found)))?;
    Ok(Exit::Complete)
}

/// The id in lower case: 16 digits, or the first 8.
fn parse_id(text: &str) -> anyhow::Result<String> {
    let id = text.to_ascii_lowercase();
    ensure!(
        is_hex(&id, 8) || is_hex(&id, 16),
        "{} is no id of an analysis: it has 16 hexadecimal digits, of which the first 8 are enough, as \
         `sniffit es list` shows them",
        printable(text)
    );
    Ok(id)
}

/// The one analysis of this id.
///
/// # Errors
/// When there is none or more than one, with what comes near.
fn find<'a>(store: &'a Store, id: &str, server: &ServerUrl) -> anyhow::Result<&'a Stored> {
    // Without any document, nobody knows more than the short id.
    let is_meant = |stored: &&Stored| {
        stored.short.analysis == short_id(id)
            && (id.len() == 8 || stored.identity.as_ref().is_none_or(|known| known.analysis_id == id))
    };
    let meant: Vec<&Stored> = store.analyses.iter().filter(is_meant).collect();
    if let [found] = meant[..] {
        return Ok(found);
    }
    let lines =
        |analyses: &[&Stored]| analyses.iter().map(|stored| format!("\n  {}", describe(stored))).collect::<String>();
    if !meant.is_empty() {
        bail!("{} analyses in {server} begin with {id}: give all 16 digits of one{}", meant.len(), lines(&meant));
    }
    let near = store.analyses.iter().filter(|stored| is_near(&stored.short.analysis, id));
    let near: Vec<&Stored> = near.take(NEAR_SHOWN).collect();
    if near.is_empty() {
        bail!("there is no analysis {id} in {server}: `sniffit es list --elasticsearch {server}` shows what is there");
    }
    bail!("there is no analysis {id} in {server}; is one of these meant?{}", lines(&near))
}

const NEAR_SHOWN: usize = 3;

/// Whether a short id differs from the beginning of another id in two digits at most.
fn is_near(short: &str, id: &str) -> bool {
    short.bytes().zip(id.bytes()).filter(|(a, b)| a != b).count() <= 2
}

/// `82c7753c2a4a0d69 (phone, exchange, 2020-03-01 10:00:00 UTC, complete): 12 345 documents, 4.20 MB in 4 indices`.
fn describe(stored: &Stored) -> String {
    let mut facts = Vec::new();
    if let Some(identity) = &stored.identity {
        facts.extend([printable(&identity.capture_name), printable(&identity.method)]);
    }
    facts.extend(stored.span().map(|(start, _)| format!("{} UTC", second(start))));
    facts.push(printable(stored.status()));
    let id = stored.identity.as_ref().map_or(&stored.short.analysis, |identity| &identity.analysis_id);
    let indices = stored.indices.len();
    format!(
        "{} ({}): {}, {} in {indices} {}",
        printable(id),
        facts.join(", "),
        counted(stored.documents(), "document"),
        bytes(stored.bytes()),
        if indices == 1 { "index" } else { "indices" }
    )
}

/// Asks on the terminal; anything but a clear yes is a no.
fn confirm(stored: &Stored) -> anyhow::Result<bool> {
    let question = format!("{}\nDelete it? [y/N] ", describe(stored));
    io::stderr().write_all(question.as_bytes()).context("the question can't be shown")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).context("the answer can't be read")?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

fn delete(client: &Client, stored: &Stored) -> anyhow::Result<()> {
    let names: Vec<&str> = stored.indices.values().map(|index| index.name.as_str()).collect();
    let path = format!("/{}", names.join(","));
    let rights = "delete_index on sniffit-*";
    let answer = Question { method: Method::DELETE, path: &path, body: None, rights }.ask(client)?;
    ensure!(
        answer["acknowledged"] == true,
        "{} did not acknowledge DELETE {path}: {answer}; `sniffit es list` shows what is left",
        client.server()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::stored::tests::{manifest, row, store};
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_are_16_digits_or_8() {
        for (text, expected) in [("82c7753c", "82c7753c"), ("82C7753C2A4A0D69", "82c7753c2a4a0d69")] {
            assert_eq!(parse_id(text).unwrap(), expected);
        }
        for text in ["", "82c7753", "82c7753c2", "82c7753g", "*", "_all", "sniffit-*", "82c7753c2a4a0d69a", "é2c7753"]
        {
            let error = parse_id(text).unwrap_err().to_string();
            assert!(error.contains("16 hexadecimal digits"), "{error}");
        }
    }

    #[test]
    fn only_the_one_that_is_meant_is_found() {
        let analyses = "sniffit-analyses-aee47acd-82c7753c";
        let start = Some("2020-03-01T10:00:00Z");
        let rows = vec![
            row("sniffit-objects-aee47acd-82c7753c", Some(2)),
            row(analyses, Some(1)),
            row("sniffit-bins-aee47acd-0000000a", Some(1)),
            row("sniffit-bins-aee47acd-0000000b", Some(1)),
            row("sniffit-bins-bee47acd-0000000b", Some(1)),
        ];
        let store = store(rows, vec![manifest(analyses, "complete", start, json!({ "objects": 2 }))]);
        let server: ServerUrl = "http://x".parse().unwrap();
        for (id, expected) in [
            ("82c7753c", Ok("82c7753c")),
            ("82c7753c2a4a0d69", Ok("82c7753c")),
            ("0000000a", Ok("0000000a")),
            // Without a document nobody knows the other digits.
            ("0000000a00000000", Ok("0000000a")),
            (
                "82c7753c2a4a0d60",
                Err("82c7753c2a4a0d60 in http://x; is one of these meant?\n  82c7753c2a4a0d69 (phone\\u{7}, exchange"),
            ),
            (
                "82c77544",
                Err("there is no analysis 82c77544 in http://x; is one of these meant?\n  82c7753c2a4a0d69 ("),
            ),
            ("12345678", Err("there is no analysis 12345678 in http://x: `sniffit es list --elasticsearch http://x`")),
            (
                "0000000b",
                Err(
                    "2 analyses in http://x begin with 0000000b: give all 16 digits of one\n  0000000b (incomplete): 1 doc",
                ),
            ),
        ] {
            match (find(&store, id, &server), expected) {
                (Ok(found), Ok(short)) => assert_eq!(found.short.analysis, short),
                (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
                (found, expected) => panic!("{id}: {found:?}, {expected:?}"),
            }
        }
        let found = find(&store, "82c7753c", &server).unwrap();
        assert_eq!(
            describe(found),
            "82c7753c2a4a0d69 (phone\\u{7}, exchange, 2020-03-01 10:00:00 UTC, complete): 3 documents, 8.40 kB in 2 indices"
        );
    }
}
