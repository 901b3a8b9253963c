//! What the page's memory follows.
//!
//! In: all visits of the page. Out: a table with a line for each capture. The last column divides by the objects what the page's
//! process took beyond an empty page: where that stays the same while sizes differ, memory follows the objects.

use super::report::{median, megabytes, or_dash};
use super::{Section, rows};
use crate::bench::report::significant;

const HEADING: &str = "\n## Memory\n\nThe page keeps its tables of objects, streams and bins, and two slices of a file; it never holds a file. Peaks are \
    of the process that shows the page and runs its worker.\n\n\
    | capture | MB | packets | streams | objects | peak RSS MB | of it before a file | module's memory MB | tables and slices MB | B an object |\n\
    | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";

pub(super) fn table(sections: &[Section], alone: &[Section]) -> String {
    let mut text = String::new();
    for section in sections.iter().chain(alone) {
        let name = section.capture.file_name().unwrap_or_default().to_string_lossy();
        let page = section.taken.iter().find(|taken| [rows::PAGE, super::report::TIMELINE].contains(&taken.row.name));
        let Some(page) = page else { continue };
        match &page.visits {
            Ok(visits) => {
                let number = |name| median(visits, name);
                let beyond = number("peakRssBytes").zip(number("emptyRssBytes")).map(|(peak, empty)| peak - empty);
                let per_object = beyond.zip(number("objects")).map(|(bytes, objects)| bytes / objects);
                text += &format!(
                    "| {name} | {:.0} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                    section.facts.file_bytes as f64 / 1e6,
                    section.facts.packets,
                    or_dash(number("streams"), |value| format!("{value:.0}")),
                    or_dash(number("objects"), |value| format!("{value:.0}")),
                    or_dash(number("peakRssBytes"), megabytes),
                    or_dash(number("emptyRssBytes"), megabytes),
                    or_dash(number("wasmBytes"), megabytes),
                    or_dash(number("heapBytes"), megabytes),
                    or_dash(per_object, significant),
                );
            }
            Err(failure) => text += &format!("| {name} | {} | | | | | | | | |\n", failure.replace('|', "/")),
        }
    }
    if text.is_empty() { text } else { format!("{HEADING}{text}") }
}
