//! `sniffit es rotate`: the indices of old months go.
//!
//! In: how many months to keep, or the first one to keep, and kinds. Out: indices of earlier months are deleted. Guaranteed:
//! only indices of months are, by their whole names as the server listed them; people are asked first, and a program has
//! to say that it means it; a month that is still to come, which only a wrong clock can have stamped, does not make others
//! old.

use super::consent::Consent;
use super::deletion::delete_indices;
use super::print;
use super::store::{Listed, list};
use crate::cli::{RotateArguments, RotateKind};
use crate::elastic::client::Client;
use crate::error::Exit;
use crate::table::{Column, Room, lay_out};
use crate::units::{bytes, count, counted};
use analyzer_core::record::Kind;
use analyzer_core::sink::index::{Dataset, Scope};
use analyzer_core::time::{Month, Timestamp};
use anyhow::bail;
use std::time::{SystemTime, UNIX_EPOCH};

/// Runs the command.
///
/// # Errors
/// When nobody can be asked, the months make no sense, or the server refuses.
pub(crate) fn rotate(client: &Client, arguments: &RotateArguments) -> anyhow::Result<Exit> {
    let consent = if arguments.dry_run { Consent::Given } else { Consent::of(arguments.yes)? };
    let (indices, _) = list(client)?;
    let Some(first_kept) = first_kept(arguments, &indices, this_month())? else {
        print(&format!("nothing to delete: there are no indices of months in {}\n", client.server()))?;
        return Ok(Exit::Complete);
    };
    let kinds: Vec<Dataset> = arguments.kinds.iter().map(|kind| Dataset::from(*kind)).collect();
    let old = old(&indices, first_kept, &kinds);
    if old.is_empty() {
        print(&format!("nothing to delete: no such index of a month before {first_kept} in {}\n", client.server()))?;
        return Ok(Exit::Complete);
    }
    let (table, sum) = (table(&old), sum(&old, first_kept));
    if arguments.dry_run {
        print(&format!("{table}\nwould delete {sum}\n"))?;
        return Ok(Exit::Complete);
    }
    if !consent.ask(&format!("{table}\n{sum}\nDelete them?"))? {
        return Ok(Exit::Failed);
    }
    let names: Vec<&str> = old.iter().map(|listed| listed.index.name.as_str()).collect();
    delete_indices(client, &names)?;
    print(&format!("{table}\ndeleted {sum}\n"))?;
    Ok(Exit::Complete)
}

fn this_month() -> Month {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    Month::of(Timestamp::from_nanos(i64::try_from(nanos).unwrap_or(i64::MAX)))
}

/// The first month that stays; none where there is no month to count from.
fn first_kept(arguments: &RotateArguments, indices: &[Listed], now: Month) -> anyhow::Result<Option<Month>> {
    let Some(months) = arguments.keep_months else { return Ok(arguments.before) };
    // An index from which everything was dropped says nothing of how far the recordings go.
    let is_filled = |listed: &&Listed| listed.index.documents != Some(0);
    let Some(newest) = indices.iter().filter(is_filled).filter_map(month).max() else { return Ok(None) };
    if newest.earlier(1) > now {
        bail!(
            "the newest month, {newest}, is still to come: a recording's clock was wrong. Nothing was deleted; drop that \
             analysis (`sniffit es list` shows it), or give --before instead of --keep-months"
        );
    }
    Ok(Some(newest.earlier(months.saturating_sub(1))))
}

/// The indices of these datasets of earlier months, by month.
fn old<'a>(indices: &'a [Listed], first_kept: Month, kinds: &[Dataset]) -> Vec<&'a Listed> {
    let is_old = |listed: &&Listed| {
        kinds.contains(&listed.name.dataset()) && month(listed).is_some_and(|month| month < first_kept)
    };
    let mut old: Vec<&Listed> = indices.iter().filter(is_old).collect();
    old.sort_by_key(|listed| (month(listed), listed.name.dataset()));
    old
}

const fn month(listed: &Listed) -> Option<Month> {
    match listed.name.scope() {
        Scope::Month(month) => Some(*month),
        Scope::Analysis(_) => None,
    }
}

/// A row an index.
fn table(old: &[&Listed]) -> String {
    let columns = [("index", true), ("documents", false), ("size", false)].map(|(title, is_text)| {
        if is_text { Column::text(title, Room::Needed) } else { Column::number(title, Room::Needed) }
    });
    let rows: Vec<Vec<String>> = old
        .iter()
        .map(|Listed { index, .. }| {
            let documents = index.documents.map_or_else(|| "?".to_owned(), count);
            vec![index.name.clone(), documents, bytes(index.bytes)]
        })
        .collect();
    let mut text = String::new();
    lay_out(&columns, &rows, usize::MAX, &mut text);
    text
}

/// `2 indices of months before 2020-03: 12 345 documents, 4.20 MB`.
fn sum(old: &[&Listed], first_kept: Month) -> String {
    let documents = old.iter().filter_map(|listed| listed.index.documents).sum();
    let size = old.iter().map(|listed| listed.index.bytes).sum();
    let indices = if old.len() == 1 { "index" } else { "indices" };
    format!(
        "{} {indices} of months before {first_kept}: {}, {}",
        count(old.len() as u64),
        counted(documents, "document"),
        bytes(size)
    )
}

impl From<RotateKind> for Dataset {
    fn from(kind: RotateKind) -> Self {
        match kind {
            RotateKind::Objects => Self::Records(Kind::Objects),
            RotateKind::Streams => Self::Records(Kind::Streams),
            RotateKind::Bins => Self::Records(Kind::Bins),
            RotateKind::Packets => Self::Records(Kind::Packets),
            RotateKind::Analyses => Self::Analyses,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::store::tests::{listed, row};
    use super::*;
    use crate::cli::{Cli, Command, EsArguments, EsCommand};
    use clap::Parser as _;

    fn arguments(words: &str) -> Result<RotateArguments, clap::Error> {
        let words =
            ["sniffit", "es", "rotate", "--elasticsearch", "http://x"].into_iter().chain(words.split_whitespace());
        match Cli::try_parse_from(words)?.command {
            Command::Es(EsArguments { command: EsCommand::Rotate(arguments) }) => Ok(arguments),
            other => panic!("{other:?}"),
        }
    }

    fn indices() -> Vec<Listed> {
        listed(vec![
            row("sniffit-objects-2020-01", Some(1)),
            row("sniffit-analyses-2020-01", Some(1)),
            row("sniffit-streams-2019-11", None),
            row("sniffit-bins-2020-03", Some(3)),
            row("sniffit-objects-2020-03", Some(3)),
            row("sniffit-objects-2031-01", Some(0)),
            row("sniffit-objects-20200101-20200101", Some(9)),
            row("sniffit-objects-2020-01-old", Some(9)),
            row("sniffit-annotations", Some(9)),
            row("sniffit-annotations-2020-01", Some(9)),
        ])
    }

    #[test]
    fn only_old_months_of_the_kinds_go() {
        let months = indices();
        for (words, expected) in [
            ("--keep-months 1", "sniffit-streams-2019-11 sniffit-objects-2020-01"),
            ("--keep-months 2", "sniffit-streams-2019-11 sniffit-objects-2020-01"),
            ("--keep-months 3", "sniffit-streams-2019-11"),
            ("--keep-months 5", ""),
            ("--keep-months 4000000000", ""),
            ("--before 2019-11", ""),
            ("--before 2020-01", "sniffit-streams-2019-11"),
            ("--before 2020-04 --kinds bins", "sniffit-bins-2020-03"),
            ("--keep-months 1 --kinds analyses,bins", "sniffit-analyses-2020-01"),
        ] {
            let arguments = arguments(words).expect(words);
            let first_kept = first_kept(&arguments, &months, "2020-03".parse().expect("a month"));
            let first_kept = first_kept.expect(words).expect("a month");
            let kinds: Vec<Dataset> = arguments.kinds.iter().map(|kind| Dataset::from(*kind)).collect();
            let names: Vec<&str> =
                old(&months, first_kept, &kinds).iter().map(|listed| listed.index.name.as_str()).collect();
            assert_eq!(names.join(" "), expected, "{words}");
        }
    }

    #[test]
    fn a_clock_that_is_ahead_makes_nothing_old() {
        let arguments = arguments("--keep-months 1").expect("arguments");
        let first = |now: &str| first_kept(&arguments, &indices(), now.parse().expect("a month"));
        // The machines' clocks need not agree about the last hours of a month.
        for now in ["2020-02", "2020-03", "2026-01"] {
            assert_eq!(first(now).expect(now).map(|month| month.to_string()).as_deref(), Some("2020-03"));
        }
        let error = first("2020-01").expect_err("a month to come").to_string();
        assert!(error.contains("2020-03, is still to come") && error.contains("--before"), "{error}");
        assert_eq!(first_kept(&arguments, &[], "2020-03".parse().expect("a month")).expect("no error"), None);
    }

    #[test]
    fn what_goes_is_told() {
        let months = indices();
        let old = old(
            &months,
            "2020-02".parse().expect("a month"),
            &[Dataset::Records(Kind::Streams), Dataset::Records(Kind::Objects)],
        );
        assert_eq!(
            table(&old),
            "index                    documents     size\n\
             sniffit-streams-2019-11          ?  4.20 kB\n\
             sniffit-objects-2020-01          1  4.20 kB\n"
        );
        let text = sum(&old, "2020-02".parse().expect("a month"));
        assert_eq!(text, "2 indices of months before 2020-02: 1 document, 8.40 kB");
    }

    #[test]
    fn what_to_keep_is_said_in_one_way() {
        for (words, expected) in [
            ("", "--keep-months"),
            ("--keep-months 0", "0"),
            ("--keep-months 3 --before 2020-01", "cannot be used with"),
            ("--before 2020", "a month such as 2020-03"),
            ("--keep-months 3 --kinds annotations", "annotations"),
        ] {
            let error = arguments(words).expect_err(words).to_string();
            assert!(error.contains(expected), "{words}: {error}");
        }
    }
}
