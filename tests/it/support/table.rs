//! Tables of expectations: CSV files with a header line (RFC 4180).

use super::files::read_text;
use std::collections::HashMap;
use std::fmt::Debug;
use std::path::Path;
use std::str::FromStr;

/// One line of a table, by column names.
#[derive(Debug, Clone)]
pub(crate) struct Row(HashMap<String, String>);

impl Row {
    /// How many columns there are.
    pub(crate) fn columns(&self) -> usize {
        self.0.len()
    }

    /// A column's text.
    #[track_caller]
    pub(crate) fn text(&self, column: &str) -> &str {
        self.0.get(column).unwrap_or_else(|| panic!("no column {column} in {self:?}"))
    }

    /// A column's number.
    #[track_caller]
    pub(crate) fn number<N: FromStr<Err: Debug>>(&self, column: &str) -> N {
        self.text(column).parse().unwrap_or_else(|error| panic!("column {column} of {self:?}: {error:?}"))
    }
}

/// Reads a table, compressed or not.
pub(crate) fn read_table(path: &Path) -> Vec<Row> {
    parse_table(&read_text(path))
}

/// The rows of a table's text.
pub(crate) fn parse_table(text: &str) -> Vec<Row> {
    let mut lines = records(text).into_iter();
    let header = lines.next().unwrap_or_default();
    let row = |cells: Vec<String>| {
        assert_eq!(cells.len(), header.len(), "a row has a cell for each column: {cells:?}");
        Row(header.iter().cloned().zip(cells).collect())
    };
    lines.map(row).collect()
}

/// The cells of each record; a quoted cell may hold commas, line ends and doubled quotes.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut cells, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                cells.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut cells));
            }
            other => cell.push(other),
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        records.push(cells);
    }
    records
}
