//! `sniffit es drop`: an analysis with all its records goes.
//!
//! In: the id of an analysis, or its first digits. Out: its indices are deleted, in one request; in indices of a month, which
//! others share, its documents are. Guaranteed: indices are deleted by their whole names as the server listed them, never by
//! a pattern, and never one that others share; people are asked first, and a program has to say that it means it.

use super::consent::Consent;
use super::deletion::{delete_documents, delete_indices};
use super::print;
use super::store::Store;
use super::stored::Stored;
use crate::elastic::address::ServerUrl;
use crate::elastic::client::Client;
use crate::error::{Exit, printable};
use crate::units::{bytes, counted, second};
use analyzer_core::sink::index::{is_hex, short_id};
use anyhow::{bail, ensure};

/// Runs the command.
///
/// # Errors
/// When there is no such analysis, nobody can be asked, or the server refuses.
pub(crate) fn drop(client: &Client, analysis: &str, yes: bool) -> anyhow::Result<Exit> {
    let id = parse_id(analysis)?;
    let consent = Consent::of(yes)?;
    let store = Store::read(client)?;
    let found = find(&store, &id, client.server())?;
    let described: String = found.iter().map(|stored| format!("{}\n", describe(stored))).collect();
    if !consent.ask(&format!("{described}Delete it?"))? {
        return Ok(Exit::Failed);
    }
    for stored in found {
        let text = delete(client, stored)?;
        print(&format!("deleted {text}\n"))?;
    }
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

/// The one analysis of this id, in each place where it stands.
///
/// # Errors
/// When there is none or more than one, with what comes near.
fn find<'a>(store: &'a Store, id: &str, server: &ServerUrl) -> anyhow::Result<Vec<&'a Stored>> {
    let mut meant: Vec<&Stored> = store.analyses.iter().filter(|stored| stored.short() == short_id(id)).collect();
    if id.len() == 16 {
        // Without any document, nobody knows more than the short id.
        meant.retain(|stored| stored.analysis_id().is_none_or(|known| known == id));
        if meant.iter().any(|stored| stored.analysis_id().is_some()) {
            meant.retain(|stored| stored.analysis_id().is_some());
        }
    }
    if let [first, others @ ..] = &meant[..]
        && (others.is_empty() || first.analysis_id().is_some())
        && others.iter().all(|other| other.analysis_id() == first.analysis_id())
    {
        return Ok(meant);
    }
    let lines =
        |analyses: &[&Stored]| analyses.iter().map(|stored| format!("\n  {}", describe(stored))).collect::<String>();
    if !meant.is_empty() {
        bail!("{} analyses in {server} begin with {id}: give all 16 digits of one{}", meant.len(), lines(&meant));
    }
    let near = store.analyses.iter().filter(|stored| is_near(stored.short(), id));
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
    let size = bytes(stored.bytes());
    let documents = counted(stored.documents(), "document");
    let place = match stored.month() {
        Some(month) => format!("{documents}, about {size} in {} of {month}, which stay", indices(stored)),
        None => format!("{documents}, {size} in {}", indices(stored)),
    };
    format!("{}: {place}", name(stored))
}

/// `82c7753c2a4a0d69 (phone, exchange, 2020-03-01 10:00:00 UTC, complete)`.
fn name(stored: &Stored) -> String {
    let mut facts = Vec::new();
    if let Some(identity) = &stored.identity {
        facts.extend([printable(&identity.capture_name), printable(&identity.method)]);
    }
    facts.extend(stored.span().map(|(start, _)| format!("{} UTC", second(start))));
    facts.push(printable(stored.status()));
    format!("{} ({})", printable(stored.analysis_id().unwrap_or_else(|| stored.short())), facts.join(", "))
}

fn indices(stored: &Stored) -> String {
    let indices = stored.indices.len();
    format!("{indices} {}", if indices == 1 { "index" } else { "indices" })
}

/// Deletes, and says what.
fn delete(client: &Client, stored: &Stored) -> anyhow::Result<String> {
    // The manifest comes last in the order of datasets, and goes first.
    let names: Vec<&str> = stored.indices.values().rev().map(|index| index.name.as_str()).collect();
    let Some(month) = stored.month() else {
        delete_indices(client, &names)?;
        return Ok(describe(stored));
    };
    let deleted = delete_documents(client, &names, &stored.place.analysis)?;
    Ok(format!("{}: {} from {} of {month}", name(stored), counted(deleted, "document"), indices(stored)))
}

#[cfg(test)]
mod tests {
    use super::super::store::tests::{in_month, manifest, row, store, store_with};
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
                (Ok(found), Ok(short)) => {
                    assert_eq!(found.iter().map(|stored| stored.short()).collect::<Vec<_>>(), [short]);
                }
                (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
                (found, expected) => panic!("{id}: {found:?}, {expected:?}"),
            }
        }
        let found = find(&store, "82c7753c", &server).unwrap();
        assert_eq!(
            describe(found[0]),
            "82c7753c2a4a0d69 (phone\\u{7}, exchange, 2020-03-01 10:00:00 UTC, complete): 3 documents, 8.40 kB in 2 indices"
        );
    }

    #[test]
    fn an_analysis_in_two_places_is_one() {
        let (own, shared) = ("sniffit-analyses-aee47acd-82c7753c", "sniffit-analyses-2020-03");
        let start = Some("2020-03-01T10:00:00Z");
        let rows = vec![
            row(own, Some(1)),
            row(shared, Some(2)),
            row("sniffit-objects-2020-03", Some(4)),
            row("sniffit-objects-aee47acd-0000000a", Some(0)),
        ];
        let manifests = [own, shared].map(|name| manifest(name, "complete", start, json!({}))).to_vec();
        let counts = [
            in_month(shared, &[("82c7753c2a4a0d69", 1), ("82c7753c00000000", 1)]),
            in_month("sniffit-objects-2020-03", &[("82c7753c2a4a0d69", 1), ("0000000a00000000", 3)]),
        ];
        let store = store_with(rows, manifests, counts);
        let server: ServerUrl = "http://x".parse().unwrap();
        let found = find(&store, "82c7753c2a4a0d69", &server).unwrap();
        let described: Vec<String> = found.into_iter().map(describe).collect();
        assert_eq!(
            described,
            [
                "82c7753c2a4a0d69 (phone\\u{7}, exchange, 2020-03-01 10:00:00 UTC, complete): 1 document, 4.20 kB in 1 index",
                "82c7753c2a4a0d69 (phone\\u{7}, exchange, 2020-03-01 10:00:00 UTC, complete): 2 documents, about 3.15 kB in \
                 2 indices of 2020-03, which stay",
            ]
        );
        let error = find(&store, "82c7753c", &server).unwrap_err().to_string();
        assert!(error.contains("3 analyses in http://x begin with 82c7753c"), "{error}");
        // Nobody knows the whole id of what has no document.
        assert_eq!(find(&store, "0000000a00000000", &server).unwrap()[0].documents(), 3);
    }
}
