//! Annotations from a table, as people keep them in a spreadsheet while they record.
//!
//! In: CSV whose header has `time`, `message` and the names of labels. Out: annotations that can be sent as they are.
//! Guaranteed: all or none; what is wrong is told with file, line and column.

use super::annotate::check;
use super::cells::{Cell, rows};
use crate::cli::Label;
use crate::error::printable;
use analyzer_core::record::Annotation;
use analyzer_core::time::Timestamp;
use anyhow::{Context as _, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const TIME: &str = "time";
const MESSAGE: &str = "message";
/// Spreadsheets separate by the one that their language does not use in numbers, or by tabs.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// Reads a file; every annotation gets the further labels.
///
/// # Errors
/// When the file can't be read, or a line can't be used.
pub(super) fn read(file: &Path, labels: &BTreeMap<String, String>) -> anyhow::Result<Vec<Annotation>> {
    let shown = file.display();
    let bytes = fs::read(file).with_context(|| format!("{shown} can't be read"))?;
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
            bail!("{shown}, line {line}: this is not UTF-8: save the file as CSV in UTF-8")
        }
    };
    parse(text, labels).with_context(|| format!("{shown} can't be used, and nothing was sent"))
}

fn parse(text: &str, labels: &BTreeMap<String, String>) -> anyhow::Result<Vec<Annotation>> {
    // Spreadsheets write a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let separator = SEPARATORS.into_iter().find(|separator| first.contains(*separator)).unwrap_or(',');
    let mut rows = rows(text, separator)?.into_iter();
    let columns = Columns::of(rows.next().unwrap_or_default(), labels)?;
    let annotations: Vec<Annotation> =
        rows.map(|row| columns.annotation(row, labels)).collect::<anyhow::Result<_>>()?;
    if annotations.is_empty() {
        bail!("there is nothing below the header");
    }
    Ok(annotations)
}

/// What the header says of each column.
#[derive(Debug)]
struct Columns {
    names: Vec<String>,
    time: usize,
    message: usize,
}

impl Columns {
    fn of(header: Vec<Cell>, labels: &BTreeMap<String, String>) -> anyhow::Result<Self> {
        let Some(line) = header.first().map(|cell| cell.line) else {
            bail!("the file is empty: its first line is to be `time,message` and the names of labels, if any");
        };
        let names: Vec<String> = header.into_iter().map(|cell| cell.text).collect();
        for (at, name) in names.iter().enumerate() {
            if name.is_empty() {
                bail!("line {line}, column {}: a column needs a name", at + 1);
            }
            if names[..at].contains(name) {
                bail!("line {line}, column {}: a second column is named {}", at + 1, printable(name));
            }
            if labels.contains_key(name) {
                bail!(
                    "line {line}, column {}: the label {} is given with --label too: leave out one",
                    at + 1,
                    printable(name)
                );
            }
        }
        let find = |wanted: &str| {
            names.iter().position(|name| name == wanted).with_context(|| {
                let found = names.iter().map(|name| printable(name)).collect::<Vec<_>>().join(", ");
                format!("line {line}: the header has no column `{wanted}`, only: {found}")
            })
        };
        Ok(Self { time: find(TIME)?, message: find(MESSAGE)?, names })
    }

    fn annotation(&self, row: Vec<Cell>, labels: &BTreeMap<String, String>) -> anyhow::Result<Annotation> {
        let line = row.first().map_or(0, |cell| cell.line);
        if row.len() != self.names.len() {
            bail!(
                "line {line}: {} where the header has {}: is a quote or a separator missing?",
                crate::units::counted(row.len() as u64, "cell"),
                self.names.len()
            );
        }
        let place = |at: usize| format!("line {}, column {}", row[at].line, printable(&self.names[at]));
        let time = &row[self.time];
        let timestamp: Timestamp =
            time.text.parse().with_context(|| format!("{}: {:?}", place(self.time), time.text))?;
        let mut annotation =
            Annotation { timestamp, message: row[self.message].text.trim().to_owned(), labels: labels.clone() };
        check::message(&annotation.message).with_context(|| place(self.message))?;
        for (at, name) in self.names.iter().enumerate() {
            let value = &row[at].text;
            // An empty cell is no label.
            if at != self.time && at != self.message && !value.is_empty() {
                check::label(&Label { name: name.clone(), value: value.clone() }).with_context(|| place(at))?;
                annotation.labels.insert(name.clone(), value.clone());
            }
        }
        Ok(annotation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(name: &str, value: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn rows_become_annotations() {
        let expected = ["1583053212000000000 video opened {\"app\": \"video\"}", "1583053213500000000 a, \"b\" {}"];
        for text in [
            "time,message,app\n2020-03-01T10:00:12+01:00,video opened,video\n2020-03-01T09:00:13.5Z,\"a, \"\"b\"\"\",\n",
            "\u{feff}message;app;time\r\nvideo opened;video;2020-03-01T09:00:12Z\r\n\r\n\"a, \"\"b\"\"\";;2020-03-01 09:00:13.5Z",
            "\nmessage\ttime\tapp\nvideo opened\t2020-03-01T09:00:12Z\tvideo\na, \"b\"\t2020-03-01T09:00:13.5Z\t\n",
        ] {
            let annotations = parse(text, &BTreeMap::new()).unwrap();
            let found: Vec<String> = annotations
                .iter()
                .map(|found| format!("{} {} {:?}", found.timestamp.as_nanos(), found.message, found.labels))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
        let annotations = parse("time,message\n2020-03-01T10:00:12Z,a\n", &label("phone", "p")).unwrap();
        assert_eq!(annotations[0].labels, label("phone", "p"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let long = format!("time,message\n2020-03-01T10:00:12Z,{}\n", "x".repeat(8_192));
        for (text, expected) in [
            ("", "the file is empty"),
            ("time,message\n", "there is nothing below the header"),
            ("time,text\n", "line 1: the header has no column `message`, only: time, text"),
            ("Time,message\n", "line 1: the header has no column `time`, only: Time, message"),
            ("2020-03-01T10:00:12Z,a\n", "line 1: the header has no column `time`"),
            ("time,message,\n", "line 1, column 3: a column needs a name"),
            ("time,message,app,app\n", "line 1, column 4: a second column is named app"),
            ("time,message,phone\n", "line 1, column 3: the label phone is given with --label too"),
            ("time,message\n\n10:00,a\n", "line 3, column time: \"10:00\": a time such as"),
            ("time,message\n2020-03-01T10:00:12,a\n", "the time has no zone"),
            ("time,message\r\n2020-03-01T10:00:12Z,\r\n", "line 2, column message: what happened is not said"),
            ("time,message\n2020-03-01T10:00:12Z,\"a\nb\"\n", "line 2, column message: it holds a line break"),
            ("time,message\n2020-03-01T10:00:12Z,a,b\n", "line 2: 3 cells where the header has 2"),
            ("time,message\n2020-03-01T10:00:12Z\n", "line 2: 1 cell where the header has 2"),
            ("time,message\n2020-03-01T10:00:12Z,\"a\n", "line 2: the quote that opens here is never closed"),
            (&long, "line 2, column message: it has 8 192 characters, and 8 191 are the most"),
        ] {
            let error = format!("{:#}", parse(text, &label("phone", "p")).unwrap_err());
            assert!(error.contains(expected), "{text:?}: {error}");
        }
    }

    #[test]
    fn files_that_are_no_text_are_told_with_the_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("marks.csv");
        assert!(format!("{:#}", read(&file, &BTreeMap::new()).unwrap_err()).contains("marks.csv can't be read"));
        fs::write(&file, b"time,message\n2020-03-01T10:00:12Z,ouvert\xe9\n").unwrap();
        let error = format!("{:#}", read(&file, &BTreeMap::new()).unwrap_err());
        assert!(error.contains("marks.csv, line 2: this is not UTF-8"), "{error}");
        fs::write(&file, b"time,message\n").unwrap();
        let error = format!("{:#}", read(&file, &BTreeMap::new()).unwrap_err());
        assert!(error.contains("marks.csv can't be used, and nothing was sent: there is nothing"), "{error}");
    }
}
