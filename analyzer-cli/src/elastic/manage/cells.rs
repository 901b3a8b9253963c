//! Cells of a table in text (RFC 4180), each with its line.
//!
//! In: text, and what separates its cells. Out: rows of cells. Guaranteed: every cell knows the line on which it begins,
//! whatever the line ends and empty lines before it; a quote that is never closed is told instead of swallowing the rest
//! of the file.

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    /// From 1.
    pub(super) line: usize,
}

/// What is no table, and on which line.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub(super) struct CellError {
    pub(super) line: usize,
    reason: &'static str,
}

/// All rows that hold anything. Blanks around cells are left out, unless quotes keep them.
pub(super) fn rows(text: &str, separator: char) -> Result<Vec<Vec<Cell>>, CellError> {
    let mut reader = Reader { rest: text, line: 1 };
    let mut rows = Vec::new();
    while !reader.rest.is_empty() {
        let mut row = vec![reader.cell(separator)?];
        while reader.passes(separator) {
            row.push(reader.cell(separator)?);
        }
        reader.end_line();
        if row.iter().any(|cell| !cell.text.is_empty()) {
            rows.push(row);
        }
    }
    Ok(rows)
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl Reader<'_> {
    fn passes(&mut self, character: char) -> bool {
        let after = self.rest.strip_prefix(character);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn end_line(&mut self) {
        self.passes('\r');
        if self.passes('\n') {
            self.line += 1;
        }
    }

    fn skip_blanks(&mut self, separator: char) {
        self.rest = self.rest.trim_start_matches(|c| matches!(c, ' ' | '\t') && c != separator);
    }

    /// Reads up to the next separator or the end of the line.
    fn cell(&mut self, separator: char) -> Result<Cell, CellError> {
        self.skip_blanks(separator);
        if self.rest.starts_with('"') {
            return self.quoted(separator);
        }
        let ends = |c| c == separator || c == '\n';
        let (text, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        Ok(Cell { text: text.trim().to_owned(), line: self.line })
    }

    fn quoted(&mut self, separator: char) -> Result<Cell, CellError> {
        let line = self.line;
        let mut text = String::new();
        // A quote within quotes is written twice.
        while self.passes('"') {
            let Some((part, rest)) = self.rest.split_once('"') else {
                return Err(CellError { line, reason: "the quote that opens here is never closed" });
            };
            text.push_str(part);
            self.line += part.matches('\n').count();
            self.rest = rest;
            if self.rest.starts_with('"') {
                text.push('"');
            }
        }
        self.skip_blanks(separator);
        let is_end = self.rest.is_empty() || self.rest.starts_with([separator, '\r', '\n']);
        if !is_end {
            let reason = "text follows a closing quote: a quote within quotes is written twice";
            return Err(CellError { line: self.line, reason });
        }
        Ok(Cell { text, line })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<Vec<String>> {
        let rows = rows(text, ',').unwrap();
        rows.into_iter()
            .map(|row| row.into_iter().map(|cell| format!("{}:{}", cell.line, cell.text)).collect())
            .collect()
    }

    #[test]
    fn cells_know_their_lines() {
        for (text, expected) in [
            ("", &[][..]),
            ("a,b", &[&["1:a", "1:b"][..]]),
            ("a,b\r\nc,d\r\n", &[&["1:a", "1:b"], &["2:c", "2:d"]]),
            ("\n\na\n , \n\r\nb,\n", &[&["3:a"], &["6:b", "6:"]]),
            (" a b ,\tc\r\n", &[&["1:a b", "1:c"]]),
            ("\"a,\nb\" , c\nd", &[&["1:a,\nb", "2:c"], &["3:d"]]),
            ("\"say \"\"hi\"\"\",\"\",\"\"\"\"\n", &[&["1:say \"hi\"", "1:", "1:\""]]),
            ("\" a \"", &[&["1: a "]]),
            ("5\" screen,a \"b\"", &[&["1:5\" screen", "1:a \"b\""]]),
        ] {
            assert_eq!(texts(text), expected, "{text:?}");
        }
        assert_eq!(rows("a,b;c", ';').unwrap()[0].len(), 2);
        assert_eq!(rows("a\t\tc", '\t').unwrap()[0].len(), 3);
    }

    #[test]
    fn quotes_that_do_not_fit_are_told() {
        for (text, line, reason) in
            [("a\n\"b\nc\nd", 2, "never closed"), ("\"a\"\"", 1, "never closed"), ("a\n\"b\nc\"d", 3, "written twice")]
        {
            let error = rows(text, ',').unwrap_err();
            assert_eq!(error.line, line, "{text:?}");
            assert!(error.to_string().contains(reason), "{error}");
        }
    }
}
