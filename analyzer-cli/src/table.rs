//! A table for a terminal.
//!
//! In: columns, rows of text and a width. Out: aligned lines. Guaranteed: where there is no room, the least telling columns
//! are left out first, and then the one that may be cut is; no line ends in blanks.

use std::fmt::Write as _;

/// One column.
pub(crate) struct Column {
    /// Stands above the titles of this column and those after it.
    pub(crate) group: &'static str,
    pub(crate) title: &'static str,
    pub(crate) is_text: bool,
    pub(crate) room: Room,
}

/// What becomes of a column where there is no room.
pub(crate) enum Room {
    /// It stays.
    Needed,
    /// It stays, and its texts are cut down to so many characters.
    Cut(usize),
    /// It is left out, the highest first.
    Dispensable(u8),
}

impl Column {
    /// Numbers, which end below each other.
    pub(crate) const fn number(title: &'static str, room: Room) -> Self {
        Self { group: "", title, is_text: false, room }
    }

    /// Words, which begin below each other.
    pub(crate) const fn text(title: &'static str, room: Room) -> Self {
        Self { group: "", title, is_text: true, room }
    }

    /// The same column below a group's title.
    pub(crate) const fn below(self, group: &'static str) -> Self {
        Self { group, title: self.title, is_text: self.is_text, room: self.room }
    }
}

const SEPARATOR: &str = "  ";

/// Columns of the terminal; a table that goes elsewhere has room.
pub(crate) fn terminal_width() -> usize {
    terminal_size::terminal_size_of(std::io::stdout()).map_or(120, |(width, _)| usize::from(width.0))
}

/// Appends the titles and the rows, each with a cell for every column.
pub(crate) fn lay_out<R: AsRef<[String]>>(columns: &[Column], rows: &[R], width: usize, text: &mut String) {
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let cells = rows.iter().map(|row| chars(&row.as_ref()[at])).max().unwrap_or(0);
            cells.max(chars(column.title)).max(chars(column.group))
        })
        .collect();
    let mut shown: Vec<usize> = (0..columns.len()).collect();
    let total = |shown: &[usize], widths: &[usize]| {
        shown.iter().map(|at| widths[*at]).sum::<usize>() + SEPARATOR.len() * shown.len().saturating_sub(1)
    };
    let dispensable = |at: usize| if let Room::Dispensable(order) = columns[at].room { order } else { 0 };
    while total(&shown, &widths) > width
        && let Some(least) = shown.iter().copied().max_by_key(|at| dispensable(*at))
        && dispensable(least) > 0
    {
        shown.retain(|at| *at != least);
    }
    for (at, column) in columns.iter().enumerate() {
        if let Room::Cut(least) = column.room {
            widths[at] -= total(&shown, &widths).saturating_sub(width).min(widths[at].saturating_sub(least));
        }
    }

    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        let start = text.len();
        for (place, (cell, at)) in cells.zip(&shown).enumerate() {
            if place > 0 {
                text.push_str(SEPARATOR);
            }
            let (cell, width) = (fitted(cell, widths[*at]), widths[*at]);
            let _ = if columns[*at].is_text { write!(text, "{cell:<width$}") } else { write!(text, "{cell:>width$}") };
        }
        text.truncate(start + text[start..].trim_end().len());
        text.push('\n');
    };
    if columns.iter().any(|column| !column.group.is_empty()) {
        line(&mut shown.iter().map(|at| columns[*at].group));
    }
    line(&mut shown.iter().map(|at| columns[*at].title));
    for row in rows {
        line(&mut shown.iter().map(|at| row.as_ref()[*at].as_str()));
    }
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

/// The text, its middle left out where it is too long.
fn fitted(text: &str, width: usize) -> String {
    let length = chars(text);
    if length <= width {
        return text.to_owned();
    }
    let (head, tail) = (width / 2, width.saturating_sub(width / 2 + 1));
    text.chars().take(head).chain(['…']).chain(text.chars().skip(length - tail)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 4] = [
        Column::text("id", Room::Needed),
        Column::text("name", Room::Cut(5)),
        Column::number("less", Room::Dispensable(1)),
        Column::number("least", Room::Dispensable(2)),
    ];

    fn table(width: usize) -> String {
        let rows = [["a", "a long name", "1", "22"], ["b", "c", "–", ""]].map(|row| row.map(str::to_owned));
        let mut text = String::new();
        lay_out(&COLUMNS, &rows, width, &mut text);
        text
    }

    #[test]
    fn columns_go_one_by_one_and_then_a_text_is_cut() {
        for (width, expected) in [
            (28, "id  name         less  least\na   a long name     1     22\nb   c               –\n"),
            (27, "id  name         less\na   a long name     1\nb   c               –\n"),
            (20, "id  name\na   a long name\nb   c\n"),
            (12, "id  name\na   a lo…ame\nb   c\n"),
            (3, "id  name\na   a …me\nb   c\n"),
        ] {
            assert_eq!(table(width), expected, "{width}");
        }
    }
}
