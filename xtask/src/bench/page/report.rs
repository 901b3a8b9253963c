//! What was measured of the page, as Markdown.
//!
//! In: rows with their visits, and the facts of the captures. Out: tables of speed, the timeline's frames, aims. Guaranteed: ratios are
//! taken round by round before the median, since both ran in the same minutes then.

use super::{Section, Taken, Visit, rows};
use crate::bench::data::Facts;
use crate::bench::machine::Machine;
use crate::bench::report::{heading as capture_heading, machine_line, significant, spread};

/// The row of the page whose timeline is moved.
pub(super) const TIMELINE: &str = "timeline";
/// The inspector of the browser tells of tasks that take at least this.
const LONG_TASK_MS: f64 = 50.0;

pub(super) fn heading(machine: &Machine, rounds: usize) -> String {
    let busy = if machine.is_busy() {
        " **The machine was busy: what runs on several cores, as a browser does, suffers most; repeat on an idle one.**"
    } else {
        ""
    };
    format!(
        "# The page\n\n{}\n\nMedians of {rounds} interleaved rounds with the capture in the page cache, ranges in brackets; a new browser \
         each time. Wall time is from the choice of the file to the last result; speeds are per second of it. CPU is that of \
         the one process, or of the worker's thread. MB are 10⁶ bytes.{busy}\n",
        machine_line(machine)
    )
}

/// The section of one capture.
pub(super) fn speed(section: &Section) -> String {
    let Section { capture, facts, taken } = section;
    let mut text = capture_heading(capture, facts);
    text += "| row | wall s | MB/s | Mpackets/s | × reading to nothing | CPU s | peak RSS MB |\n\
             | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n";
    for Taken { row, visits } in taken {
        text += &match visits {
            Ok(visits) => measured(section, &row.shown, visits, facts),
            Err(failure) => format!("| {} | {} | | | | | |\n", row.shown, failure.replace('|', "/")),
        };
    }
    text + &details(section)
}

fn measured(section: &Section, shown: &str, visits: &[Visit], facts: &Facts) -> String {
    let wall_s = median(visits, "wallMs").unwrap_or(f64::NAN) / 1e3;
    let ratio = ratios(section.visits(rows::NOTHING), visits, |nothing, own| {
        Some(nothing.number("wallMs")? / own.number("wallMs")?)
    });
    format!(
        "| {shown} | {} | {:.0} | {} | {} | {} | {} |\n",
        range(visits, "wallMs", 1e3),
        facts.file_bytes as f64 / 1e6 / wall_s,
        significant(facts.packets as f64 / 1e6 / wall_s),
        or_dash(ratio, significant),
        range(visits, "cpuMs", 1e3),
        or_dash(median(visits, "peakRssBytes"), megabytes),
    )
}

/// What only the page, its module and wiregasm tell.
fn details(section: &Section) -> String {
    let mut text = String::new();
    if let Some(visits) = section.visits(rows::PAGE) {
        text += &format!(
            "\nThe page: first overview after {} ms; analysis in the worker {} s of the wall time; longest task of the main thread {} \
             while reading and {} after it; CPU of the main thread {} s.\n",
            range(visits, "firstOverviewMs", 1.0),
            range(visits, "analysisMs", 1e3),
            longest_task(visits, "taskWhileReadingMs"),
            longest_task(visits, "taskAfterMs"),
            range(visits, "mainCpuMs", 1e3),
        );
    }
    for (name, shown) in
        [(rows::MODULE, "The module alone: in its calls"), (rows::WIREGASM, "wiregasm: its `load()` alone")]
    {
        if let Some(visits) = section.visits(name) {
            text += &format!(
                "\n{shown} {} s; memory of WebAssembly {} MB.\n",
                range(visits, "analysisMs", 1e3),
                or_dash(median(visits, "wasmBytes"), megabytes),
            );
        }
    }
    text
}

/// How fast the timeline is drawn in the worker, and when its pixels are back on the page.
pub(super) fn timeline(alone: &[Section]) -> String {
    let Some(section) = alone.iter().find(|section| section.visits(TIMELINE).is_some()) else { return String::new() };
    let Some([visit]) = section.visits(TIMELINE) else { return String::new() };
    let mut text = format!(
        "\n## Timeline\n\nOne run over {} objects in {} streams. The slowest frame of all, which had to order the lanes: {} ms.\n\n\
         | frames | objects in it | drawn in, ms | back on the page in, ms |\n| --- | ---: | ---: | ---: |\n",
        or_dash(visit.number("objects"), |value| format!("{value:.0}")),
        or_dash(visit.number("streams"), |value| format!("{value:.0}")),
        or_dash(visit.number("slowestFrameMs"), significant),
    );
    for (name, shown) in [("whole", "everything"), ("close", "about 1 % of the time")] {
        text += &format!(
            "| {shown} | {} | {} | {} |\n",
            or_dash(visit.objects_in(name), |value| format!("{value:.0}")),
            range_of(&visit.series(name, "drawMs"), 1.0),
            range_of(&visit.series(name, "answerMs"), 1.0),
        );
    }
    text
}

/// What was aimed at, and what was reached.
pub(super) fn aims(sections: &[Section], alone: &[Section]) -> String {
    let each = |text: &dyn Fn(&Section) -> Option<String>| {
        let reached: Vec<String> = sections
            .iter()
            .filter_map(|section| {
                Some(format!("{} at {:.0} MB", text(section)?, section.facts.file_bytes as f64 / 1e6))
            })
            .collect();
        if reached.is_empty() { "not measured".to_owned() } else { reached.join("; ") }
    };
    let times = |slow: &'static str, slow_ms: &'static str, fast: &'static str, fast_ms: &'static str| {
        each(&|section| {
            let ratio = ratios(section.visits(slow), section.visits(fast)?, |slow, fast| {
                Some(slow.number(slow_ms)? / fast.number(fast_ms)?)
            });
            Some(format!("{} ×", significant(ratio?)))
        })
    };
    let frames = alone.iter().find_map(|section| match section.visits(TIMELINE) {
        Some([visit]) => Some(range_of(&visit.series("whole", "drawMs"), 1.0)),
        _ => None,
    });
    let rows = [
        ("the page at least 0.8 × reading to nothing", times(rows::NOTHING, "wallMs", rows::PAGE, "wallMs")),
        ("the page at least 10 × wiregasm", times(rows::WIREGASM, "wallMs", rows::PAGE, "wallMs")),
        (
            "the analysis at least ½ of native: CPU of `--quiet` over time in the module's calls",
            times(rows::NATIVE, "cpuMs", rows::MODULE, "analysisMs"),
        ),
        (
            "the same over CPU of the worker's thread, which takes the file's bytes as well",
            times(rows::NATIVE, "cpuMs", rows::MODULE, "cpuMs"),
        ),
        (
            "first overview within 1 s",
            each(&|section| {
                Some(format!("{} ms", significant(median(section.visits(rows::PAGE)?, "firstOverviewMs")?)))
            }),
        ),
        (
            "no task of the main thread over 50 ms while reading",
            each(&|section| Some(longest_task(section.visits(rows::PAGE)?, "taskWhileReadingMs"))),
        ),
        (
            "a frame of the timeline within 16 ms",
            frames.map_or("not measured".to_owned(), |range| format!("{range} ms")),
        ),
        ("memory follows the objects and not the size", "the comparisons below the table of memory".to_owned()),
    ];
    let lines: Vec<String> = rows.iter().map(|(aim, reached)| format!("| {aim} | {reached} |\n")).collect();
    format!("\n## Aims\n\n| aim | reached |\n| --- | --- |\n{}", lines.concat())
}

impl Section {
    /// What was measured of a row.
    fn visits(&self, name: &str) -> Option<&[Visit]> {
        let taken = self.taken.iter().find(|taken| taken.row.name == name)?;
        taken.visits.as_deref().ok().filter(|visits| !visits.is_empty())
    }
}

/// The median of what `ratio` gives for the rounds that both rows have.
fn ratios(one: Option<&[Visit]>, other: &[Visit], ratio: impl Fn(&Visit, &Visit) -> Option<f64>) -> Option<f64> {
    let ratios: Vec<f64> = one?.iter().zip(other).filter_map(|(one, other)| ratio(one, other)).collect();
    (!ratios.is_empty()).then(|| spread(&ratios, |ratio| *ratio).median)
}

/// Of the visits that tell the number.
pub(super) fn median(visits: &[Visit], name: &str) -> Option<f64> {
    let numbers: Vec<f64> = visits.iter().filter_map(|visit| visit.number(name)).collect();
    (!numbers.is_empty()).then(|| spread(&numbers, |number| *number).median)
}

fn range(visits: &[Visit], name: &str, divisor: f64) -> String {
    range_of(&visits.iter().filter_map(|visit| visit.number(name)).collect::<Vec<_>>(), divisor)
}

/// Median and range, in the unit that dividing gives.
fn range_of(numbers: &[f64], divisor: f64) -> String {
    if numbers.is_empty() {
        return "–".to_owned();
    }
    let spread = spread(numbers, |number| number / divisor);
    format!("{} ({}–{})", significant(spread.median), significant(spread.min), significant(spread.max))
}

/// The longest of all rounds: one is enough for a page that does not answer.
fn longest_task(visits: &[Visit], name: &str) -> String {
    match visits.iter().filter_map(|visit| visit.number(name)).reduce(f64::max) {
        None => "–".to_owned(),
        Some(longest) if longest < LONG_TASK_MS => format!("under {LONG_TASK_MS:.0} ms"),
        Some(longest) => format!("{} ms", significant(longest)),
    }
}

pub(super) fn megabytes(bytes: f64) -> String {
    significant(bytes / 1e6)
}

pub(super) fn or_dash(value: Option<f64>, text: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| "–".to_owned(), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::page::memory;
    use crate::bench::page::rows::{How, Row};
    use serde_json::{Value, json};

    fn taken(name: &'static str, visits: Result<&[Value], &str>) -> Taken {
        let visits = visits.map(|visits| visits.iter().cloned().map(Visit::of).collect()).map_err(str::to_owned);
        Taken { row: Row { name, shown: name.to_owned(), how: How::Browser }, visits }
    }

    fn section(taken: Vec<Taken>) -> Section {
        let facts = Facts { packets: 1_000_000, file_bytes: 500_000_000, ..Facts::default() };
        Section { capture: "mix.pcap".into(), facts, taken }
    }

    #[test]
    fn a_row_is_compared_round_by_round() {
        let nothing = [json!({"wallMs": 100}), json!({"wallMs": 800}), json!({"wallMs": 300})];
        let page = [
            json!({"wallMs": 200, "cpuMs": 10, "peakRssBytes": 5e8, "taskWhileReadingMs": 0, "firstOverviewMs": 90}),
            json!({"wallMs": 1000, "cpuMs": 20, "peakRssBytes": 6e8, "taskWhileReadingMs": 61, "firstOverviewMs": 80}),
            json!({"wallMs": 500, "cpuMs": 30, "peakRssBytes": 7e8, "taskWhileReadingMs": 0, "firstOverviewMs": 99}),
        ];
        let section = section(vec![
            taken(rows::NOTHING, Ok(&nothing)),
            taken(rows::PAGE, Ok(&page)),
            taken(rows::WIREGASM, Err("no result within 9 s")),
        ]);
        let text = speed(&section);
        let expected = "| page | 0.500 (0.200–1.00) | 1000 | 2.00 | 0.600 | 0.020 (0.010–0.030) | 600 |\n";
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("| wiregasm | no result within 9 s | | | | | |\n"), "{text}");
        assert!(text.contains("main thread 61.0 ms while reading and – after it"), "{text}");

        let aims = aims(&[section], &[]);
        assert!(aims.contains("| the page at least 0.8 × reading to nothing | 0.600 × at 500 MB |"), "{aims}");
        assert!(aims.contains("| the page at least 10 × wiregasm | not measured |"), "{aims}");
        assert!(aims.contains("| first overview within 1 s | 90.0 ms at 500 MB |"), "{aims}");
        assert!(aims.contains("| a frame of the timeline within 16 ms | not measured |"), "{aims}");
    }

    #[test]
    fn frames_are_told_by_what_they_show() {
        let visit = json!({"objects": 9, "streams": 2, "slowestFrameMs": 20, "whole": {"objects": 9, "drawMs": [1, 3, 2],
            "answerMs": [4]}, "close": {"objects": 1, "drawMs": [], "answerMs": []}});
        let text = timeline(&[section(vec![taken(TIMELINE, Ok(&[visit]))])]);
        assert!(text.contains("| everything | 9 | 2.00 (1.00–3.00) | 4.00 (4.00–4.00) |"), "{text}");
        assert!(text.contains("| about 1 % of the time | 1 | – | – |"), "{text}");
        assert_eq!(timeline(&[section(vec![taken(TIMELINE, Err("no"))])]), "");
    }

    #[test]
    fn memory_is_compared_by_size_and_by_objects() {
        let visit = |objects: u64, peak: u64| json!({"objects": objects, "streams": 10, "peakRssBytes": peak, "emptyRssBytes": 150_000_000_u64, "wasmBytes": 20_000_000_u64});
        let mut small = section(vec![taken(rows::PAGE, Ok(&[visit(1000, 400_000_000)]))]);
        small.facts.file_bytes = 100_000_000;
        let large = section(vec![taken(rows::PAGE, Ok(&[visit(2000, 410_000_000)]))]);
        let mut crowd = section(vec![taken(TIMELINE, Ok(&[visit(101_000, 420_000_000)]))]);
        crowd.facts.file_bytes = 1_000_000;
        let text = memory::table(&[small, large], &[crowd, section(vec![taken(TIMELINE, Err("died"))])]);
        assert!(text.contains("| mix.pcap | 100 | 1000000 | 10 | 1000 | 400 | 150 | 20.0 | – |\n"), "{text}");
        assert!(text.contains("| mix.pcap | died | | | | | | | |\n"), "{text}");
        assert!(text.contains("5.00 × the bytes, 10 MB more at the peak."), "{text}");
        assert!(text.contains("101 × the objects, 20 MB more at the peak: 200 B an object"), "{text}");
        assert_eq!(memory::table(&[section(vec![])], &[]), "");
    }
}
