//! `sniffit es list`: the analyses on a server, with what is there of each.
//!
//! In: what the server holds. Out: a table, or one JSON object a line whose names have units and stay. Guaranteed: what is
//! not whole is told as such; names of captures reach the terminal without control characters.

use super::print;
use super::store::Store;
use super::stored::{INCOMPLETE, Index, KINDS, ROTATED, Stored, UNREADABLE};
use crate::elastic::address::ServerUrl;
use crate::elastic::client::Client;
use crate::error::{Exit, printable};
use crate::table::{Column, Room, lay_out, terminal_width};
use crate::units::{bytes, count, counted, duration, second};
use analyzer_core::sink::index::Dataset;
use serde_json::json;

/// Runs the command.
///
/// # Errors
/// When the server can't be asked.
pub(crate) fn list(client: &Client, as_json: bool) -> anyhow::Result<Exit> {
    let store = Store::read(client)?;
    print(&if as_json { lines(&store) } else { table(&store, client.server(), terminal_width()) })?;
    Ok(Exit::Complete)
}

/// One JSON object a line.
fn lines(store: &Store) -> String {
    let line = |analysis: &Stored| {
        let identity = analysis.identity.as_ref();
        let manifest = analysis.manifest.as_ref();
        let mut line = json!({
            "analysis": analysis.short(),
            "analysis_id": analysis.analysis_id(),
            "capture_id": identity.map(|identity| &identity.capture_id),
            "capture_name": identity.map(|identity| &identity.capture_name),
            "method": identity.map(|identity| &identity.method),
            "start": manifest.map(|manifest| &manifest.start),
            "end": manifest.map(|manifest| &manifest.end),
            "duration_ns": analysis.span().map(|(start, end)| end.nanos_since(start)),
            "documents": analysis.documents(),
            "missing_documents": analysis.missing(),
            "size_bytes": analysis.bytes(),
            "posted": analysis.posted().map(|posted| posted.to_string()),
            "status": analysis.status(),
            "month": analysis.month().map(|month| month.to_string()),
            "exact": manifest.map(|manifest| manifest.exact),
            "indices": analysis.indices.values().map(|index| &index.name).collect::<Vec<_>>(),
        });
        for kind in KINDS {
            let index = analysis.indices.get(&Dataset::Records(kind));
            line[kind.as_str()] = json!(index.map(|index| index.documents));
        }
        format!("{line}\n")
    };
    store.analyses.iter().map(line).collect()
}

const BEFORE_KINDS: [Column; 5] = [
    Column::text("analysis", Room::Needed),
    // A name is cut before it is narrower than this.
    Column::text("capture", Room::Cut(12)),
    Column::text("method", Room::Dispensable(4)),
    Column::text("start (UTC)", Room::Needed),
    Column::number("duration", Room::Dispensable(3)),
];

/// Where its width is needed, the kinds that are least told of go first.
const OF_KINDS: [Column; 4] = [
    Column::number("objects", Room::Needed),
    Column::number("streams", Room::Dispensable(5)),
    Column::number("bins", Room::Dispensable(7)),
    Column::number("packets", Room::Dispensable(6)),
];

/// Where any analysis stands in the indices of a month.
const MONTH: Column = Column::text("indices", Room::Dispensable(2));

const AFTER_KINDS: [Column; 3] = [
    Column::number("size", Room::Dispensable(1)),
    Column::text("posted (UTC)", Room::Dispensable(8)),
    Column::text("status", Room::Needed),
];

/// For people.
fn table(store: &Store, server: &ServerUrl, width: usize) -> String {
    let analyses = &store.analyses;
    let annotations = match store.annotations {
        0 => String::new(),
        number => format!("; {}", counted(number, "annotation")),
    };
    if analyses.is_empty() {
        return format!(
            "No analyses in {server}{annotations}. Post one with:\n  sniffit analyze CAPTURE --elasticsearch {server}\n"
        );
    }
    // Most people post no packets.
    let is_there =
        KINDS.map(|kind| analyses.iter().any(|analysis| analysis.indices.contains_key(&Dataset::Records(kind))));
    let of_kinds = OF_KINDS.into_iter().zip(is_there).filter(|(_, is_there)| *is_there).map(|(column, _)| column);
    let has_months = analyses.iter().any(|analysis| analysis.month().is_some());
    let month = has_months.then_some(MONTH);
    let columns: Vec<Column> = BEFORE_KINDS.into_iter().chain(of_kinds).chain(month).chain(AFTER_KINDS).collect();
    let kinds = || KINDS.into_iter().zip(is_there).filter(|(_, is_there)| *is_there).map(|(kind, _)| kind);
    let rows: Vec<Vec<String>> = analyses
        .iter()
        .map(|analysis| {
            let identity = analysis.identity.as_ref();
            let span = analysis.span();
            let mut row = vec![
                analysis.short().to_owned(),
                or_dash(identity.map(|identity| printable(&identity.capture_name))),
                or_dash(identity.map(|identity| printable(&identity.method))),
                or_dash(span.map(|(start, _)| second(start))),
                or_dash(span.map(|(start, end)| duration(end.nanos_since(start)))),
            ];
            row.extend(kinds().map(|kind| documents(analysis.indices.get(&Dataset::Records(kind)))));
            if has_months {
                row.push(analysis.month().map_or_else(|| "own".to_owned(), |month| month.to_string()));
            }
            row.push(bytes(analysis.bytes()));
            row.push(or_dash(analysis.posted().map(second)));
            row.push(printable(analysis.status()));
            row
        })
        .collect();
    let mut text = String::new();
    lay_out(&columns, &rows, width, &mut text);
    text.push_str(&format!(
        "\n{} {}, {}, {}{annotations}\n",
        count(analyses.len() as u64),
        if analyses.len() == 1 { "analysis" } else { "analyses" },
        counted(analyses.iter().map(Stored::documents).sum(), "document"),
        bytes(analyses.iter().map(Stored::bytes).sum())
    ));
    if has_months {
        text.push_str("in the indices of a month, the size of an analysis is its share by the number of documents\n");
    }
    for (status, meaning) in MEANINGS {
        if analyses.iter().any(|analysis| analysis.status() == status) {
            text.push_str(&format!("{status}: {meaning}\n"));
        }
    }
    text
}

const MEANINGS: [(&str, &str); 3] = [
    (INCOMPLETE, "not all records are there; posting it again completes it, and `sniffit es drop` deletes it"),
    (UNREADABLE, "an index is closed or has no copy available, so that its documents can't be counted"),
    (ROTATED, "its month's records were deleted, as `sniffit es rotate` does; its own document is still there"),
];

fn documents(index: Option<&Index>) -> String {
    match index {
        None => or_dash(None),
        Some(Index { documents: None, .. }) => "?".to_owned(),
        Some(Index { documents: Some(number), .. }) => count(*number),
    }
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::store::tests::{in_month, manifest, row, store, store_with};
    use super::*;
    use serde_json::Value;

    fn server() -> ServerUrl {
        "http://127.0.0.1:9200".parse().unwrap()
    }

    fn two_analyses() -> Store {
        let analyses = "sniffit-analyses-aee47acd-82c7753c";
        let rows = vec![
            row("sniffit-objects-aee47acd-82c7753c", Some(12_345)),
            row("sniffit-bins-aee47acd-82c7753c", Some(88)),
            row(analyses, Some(1)),
            row("sniffit-objects-aee47acd-00c7753c", None),
            row("sniffit-annotations", Some(2)),
        ];
        let records = json!({ "objects": 12_345, "bins": 88 });
        store(rows, vec![manifest(analyses, "complete", Some("2020-03-01T10:00:00Z"), records)])
    }

    #[test]
    fn a_table_for_people() {
        let expected = "\
analysis  capture     method    start (UTC)          duration  objects  bins     size  posted (UTC)         status
82c7753c  phone\\u{7}  exchange  2020-03-01 10:00:00    41.2 s   12 345    88  12.6 kB  2023-11-14 22:13:20  complete
00c7753c  –           –         –                           –        ?     –  4.20 kB  2023-11-14 22:13:20  unreadable

2 analyses, 12 434 documents, 16.8 kB; 2 annotations
unreadable: an index is closed or has no copy available, so that its documents can't be counted
";
        assert_eq!(table(&two_analyses(), &server(), 120), expected);
        for width in [60, 80, 100] {
            let text = table(&two_analyses(), &server(), width);
            let widest = text.lines().take(3).map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(widest <= width.max(64), "{widest} columns of {width}:\n{text}");
            assert!(text.contains("12 345") && text.contains("complete"), "{text}");
        }
    }

    #[test]
    fn nothing_is_said_with_what_to_do() {
        assert_eq!(
            table(&store(vec![], vec![]), &server(), 120),
            "No analyses in http://127.0.0.1:9200. Post one with:\n  \
             sniffit analyze CAPTURE --elasticsearch http://127.0.0.1:9200\n"
        );
        let text = table(&store(vec![row("sniffit-annotations", Some(1))], vec![]), &server(), 120);
        assert!(text.contains("9200; 1 annotation. Post"), "{text}");
        assert_eq!(lines(&store(vec![], vec![])), "");
    }

    #[test]
    fn a_line_of_json_for_programs() {
        let lines = lines(&two_analyses());
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let expected = json!({
            "analysis": "82c7753c", "analysis_id": "82c7753c2a4a0d69", "capture_id": "aee47acd61b3a407",
            "capture_name": "phone\u{7}", "method": "exchange",
            "start": "2020-03-01T10:00:00Z", "end": "2020-03-01T10:00:41.183Z", "duration_ns": 41_183_000_000_u64,
            "objects": 12_345, "streams": null, "bins": 88, "packets": null,
            "documents": 12_434, "missing_documents": 0, "size_bytes": 12_600,
            "posted": "2023-11-14T22:13:20.000000000Z", "status": "complete", "exact": true, "month": null,
            "indices": [
                "sniffit-objects-aee47acd-82c7753c", "sniffit-bins-aee47acd-82c7753c",
                "sniffit-analyses-aee47acd-82c7753c",
            ],
        });
        assert_eq!(lines[0], expected);
        assert_eq!((&lines[1]["capture_name"], &lines[1]["status"]), (&Value::Null, &json!("unreadable")));
    }

    #[test]
    fn analyses_of_months_are_told_as_such() {
        let months = "sniffit-analyses-2020-03";
        let own = "sniffit-analyses-aee47acd-82c7753c";
        let objects = "sniffit-objects-2020-03";
        let start = Some("2020-03-01T10:00:00Z");
        let store = store_with(
            vec![row(own, Some(1)), row(months, Some(1)), row(objects, Some(4))],
            vec![
                manifest(own, "complete", start, json!({})),
                manifest(months, "complete", start, json!({ "objects": 1, "bins": 2 })),
            ],
            [in_month(months, &[("82c7753c2a4a0d69", 1)]), in_month(objects, &[("82c7753c2a4a0d69", 1)])],
        );
        let expected = "\
analysis  capture     method    start (UTC)          duration  objects  indices     size  posted (UTC)         status
82c7753c  phone\\u{7}  exchange  2020-03-01 10:00:00    41.2 s        –  own      4.20 kB  2023-11-14 22:13:20  complete
82c7753c  phone\\u{7}  exchange  2020-03-01 10:00:00    41.2 s        1  2020-03  5.25 kB  –                    rotated

2 analyses, 3 documents, 9.45 kB
in the indices of a month, the size of an analysis is its share by the number of documents
rotated: its month's records were deleted, as `sniffit es rotate` does; its own document is still there
";
        assert_eq!(table(&store, &server(), 140), expected);
        let lines = lines(&store);
        let line: Value = lines.lines().last().map(|line| serde_json::from_str(line).unwrap()).unwrap();
        assert_eq!((&line["month"], &line["posted"]), (&json!("2020-03"), &Value::Null));
        assert_eq!((&line["indices"], &line["size_bytes"]), (&json!([objects, months]), &json!(5_250)));
    }
}
