//! What the page's memory follows.
//!
//! In: all visits of the page. Out: a table with a line for each capture, and two comparisons: of the smallest mix with the
//! largest, and of the fewest objects with the most. Guaranteed: a capture that could not be read says so.

use super::report::{TIMELINE, median, megabytes, or_dash};
use super::{Section, Visit, rows};
use crate::bench::report::significant;

const HEADING: &str = "\n## Memory\n\nThe page keeps its tables of objects, streams and bins, and three slices of a file; it never holds a file. Peaks are \
    of the process that shows the page and runs its worker.\n\n\
    | capture | MB | packets | streams | objects | peak RSS MB | of it before a file | module's memory MB | worker's heap and buffers MB |\n\
    | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";

/// A capture as the comparisons see it.
struct Point {
    is_mix: bool,
    file_bytes: f64,
    objects: f64,
    peak_rss_bytes: f64,
}

pub(super) fn table(sections: &[Section], alone: &[Section]) -> String {
    let mut text = String::new();
    let mut points = Vec::new();
    for section in sections.iter().chain(alone) {
        let name = section.capture.file_name().unwrap_or_default().to_string_lossy();
        let page = section.taken.iter().find(|taken| [rows::PAGE, TIMELINE].contains(&taken.row.name));
        match page.map(|page| &page.visits) {
            Some(Ok(visits)) => {
                text += &line(&name, section, visits);
                points.extend(point(section, visits));
            }
            Some(Err(failure)) => text += &format!("| {name} | {} | | | | | | | |\n", failure.replace('|', "/")),
            None => {}
        }
    }
    if text.is_empty() { text } else { format!("{HEADING}{text}{}", comparisons(&points)) }
}

fn line(name: &str, section: &Section, visits: &[Visit]) -> String {
    let number = |name| median(visits, name);
    format!(
        "| {name} | {:.0} | {} | {} | {} | {} | {} | {} | {} |\n",
        section.facts.file_bytes as f64 / 1e6,
        section.facts.packets,
        or_dash(number("streams"), |value| format!("{value:.0}")),
        or_dash(number("objects"), |value| format!("{value:.0}")),
        or_dash(number("peakRssBytes"), megabytes),
        or_dash(number("emptyRssBytes"), megabytes),
        or_dash(number("wasmBytes"), megabytes),
        or_dash(number("heapBytes"), megabytes),
    )
}

fn point(section: &Section, visits: &[Visit]) -> Option<Point> {
    Some(Point {
        is_mix: section.taken.iter().all(|taken| taken.row.name != TIMELINE),
        file_bytes: section.facts.file_bytes as f64,
        objects: median(visits, "objects")?,
        peak_rss_bytes: median(visits, "peakRssBytes")?,
    })
}

fn comparisons(points: &[Point]) -> String {
    let mut text = String::new();
    let by = |value: fn(&Point) -> f64, is_meant: fn(&&Point) -> bool| {
        let least = points.iter().filter(is_meant).min_by(|a, b| value(a).total_cmp(&value(b)))?;
        let most = points.iter().filter(is_meant).max_by(|a, b| value(a).total_cmp(&value(b)))?;
        (value(least) < value(most)).then(|| (least, most, value(most) / value(least)))
    };
    let grown = |least: &Point, most: &Point| most.peak_rss_bytes - least.peak_rss_bytes;
    if let Some((least, most, times)) = by(|point| point.file_bytes, |point| point.is_mix) {
        text += &format!(
            "\nFrom the smallest mix to the largest: {} × the bytes, {} MB more at the peak.\n",
            significant(times),
            whole_megabytes(grown(least, most)),
        );
    }
    if let Some((least, most, times)) = by(|point| point.objects, |_| true) {
        text += &format!(
            "\nFrom the fewest objects to the most: {} × the objects, {} MB more at the peak: {:.0} B an object, its stream and bins \
             included.\n",
            significant(times),
            whole_megabytes(grown(least, most)),
            grown(least, most) / (most.objects - least.objects),
        );
    }
    text
}

fn whole_megabytes(bytes: f64) -> String {
    format!("{:.0}", bytes / 1e6)
}
