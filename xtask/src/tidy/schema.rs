//! `docs/output-schema.md` against the code: the tables and examples in it are made from the core's own tables of
//! fields, and must stand there as they are made.
//!
//! A generated part stands between `<!-- generated: NAME -->` and `<!-- end -->`.

use super::files::Repository;
use super::manifest;
use analyzer_core::record::{Context, FieldType, Kind, Record};
use analyzer_core::sink::MemorySink;
use analyzer_core::sink::ndjson::NdjsonEncoder;
use analyzer_core::{Analyzer, Config, Reading, Totals};
use anyhow::{Context as _, Result};
use std::fs;

pub(super) const DOCUMENT: &str = "docs/output-schema.md";

/// The capture that the examples are taken from.
const EXAMPLE: &str = "tests/captures/conventions/golden_push.pcap";
const TOOL: &str = concat!("sniffit ", env!("CARGO_PKG_VERSION"));

/// How the document stands to the code.
pub(super) enum Outcome {
    Same,
    /// It differed and was written anew.
    Written,
    Differs(Vec<String>),
}

/// Compares the document with the code, or writes it.
pub(super) fn check(repository: &Repository, write: bool) -> Result<Outcome> {
    let document = repository.text(DOCUMENT);
    let parts = parts(repository)?;
    let (made, mut faults) = fill(document, &parts);
    if faults.is_empty() && made == document {
        return Ok(Outcome::Same);
    }
    if faults.is_empty() && write {
        fs::write(repository.root.join(DOCUMENT), made).with_context(|| format!("{DOCUMENT} can't be written"))?;
        return Ok(Outcome::Written);
    }
    faults.extend(first_difference(document, &made));
    Ok(Outcome::Differs(faults))
}

/// Where two texts differ first.
fn first_difference(document: &str, made: &str) -> Option<String> {
    let at = document.lines().zip(made.lines()).take_while(|(there, made)| there == made).count();
    let line = made.lines().nth(at).filter(|_| document != made)?;
    Some(format!("{DOCUMENT}:{}: differs from the code; `cargo xtask tidy --write` would write `{line}`", at + 1))
}

/// A generated part: its name and its text.
type Part = (&'static str, String);

fn parts(repository: &Repository) -> Result<Vec<Part>> {
    let example = Example::read(repository)?;
    let written = [Kind::Objects, Kind::Streams, Kind::Bins];
    let manifest = example.totals.manifest(TOOL, "golden_push", &Reading::default(), &written);
    let manifest_table = manifest::table(repository.text(manifest::SOURCE))?;
    let manifest_example = serde_json::to_string_pretty(&manifest)?;
    Ok(vec![
        ("objects", example.part(&example.records.objects)),
        ("streams", example.part(&example.records.streams)),
        ("bins", example.part(&example.records.bins)),
        ("packets", example.part(&example.records.packets)),
        ("analysis", format!("{manifest_table}\n```json\n{manifest_example}\n```\n")),
    ])
}

/// A small capture, analysed.
struct Example {
    totals: Totals,
    context: Context,
    records: MemorySink,
}

impl Example {
    fn read(repository: &Repository) -> Result<Self> {
        let path = repository.root.join(EXAMPLE);
        let capture = fs::read(&path).with_context(|| format!("{} can't be read", path.display()))?;
        // The records of both modes, from one analysis each, because a mode is part of the analysis' identity.
        let (totals, mut records) = analyze(&capture, false)?;
        records.packets = analyze(&capture, true)?.1.packets;
        let context = totals.context("golden_push");
        Ok(Self { totals, context, records })
    }

    /// The table of a kind of record, and one record as it is written. Of the first records the one in the middle is
    /// taken, because the very first has the most nulls.
    fn part<R: Record>(&self, records: &[R]) -> String {
        let mut line = Vec::new();
        if let Some(record) = records.get(records.len() / 2) {
            NdjsonEncoder::<R>::new().encode(record, &self.context, &mut line);
        }
        format!("{}\n```json\n{}```\n", table::<R>(), String::from_utf8_lossy(&line))
    }
}

fn analyze(capture: &[u8], packets: bool) -> Result<(Totals, MemorySink)> {
    let mut records = MemorySink::default();
    let mut analyzer = Analyzer::new(Config { packets, ..Config::default() })?;
    analyzer.begin_input("golden_push.pcap");
    analyzer.push(capture, &mut records)?;
    analyzer.end_input()?;
    Ok((analyzer.finish(&mut records), records))
}

/// The fields of a kind of record.
fn table<R: Record>() -> String {
    let mut text = String::from("| field | type | unit | meaning | since |\n| --- | --- | --- | --- | --- |\n");
    for field in R::FIELDS {
        let kind = match field.value {
            FieldType::Constant(value) => format!("constant `\"{value}\"`"),
            FieldType::ConstantList(value) => format!("constant `[\"{value}\"]`"),
            FieldType::Time => "time".to_owned(),
            FieldType::SpanMillis | FieldType::Integer => "integer".to_owned(),
            FieldType::OptionalInteger => "integer or null".to_owned(),
            FieldType::Id => "id".to_owned(),
            FieldType::Ip => "address".to_owned(),
            FieldType::Keyword => "keyword".to_owned(),
            FieldType::Text => "text".to_owned(),
            FieldType::OptionalText => "text or null".to_owned(),
            FieldType::Boolean => "boolean".to_owned(),
        };
        text.push_str(&format!(
            "| `{}` | {kind} | {} | {} | {} |\n",
            field.path, field.unit, field.meaning, field.since
        ));
    }
    text
}

/// The document with its generated parts made anew, and what is wrong with its markers.
fn fill(document: &str, parts: &[Part]) -> (String, Vec<String>) {
    let mut faults = Vec::new();
    let mut text = document.to_owned();
    for (name, content) in parts {
        let (begin, end) = (format!("<!-- generated: {name} -->\n"), "<!-- end -->");
        let Some(from) = text.find(&begin).map(|at| at + begin.len()) else {
            faults.push(format!("{DOCUMENT}: the line `{}` is missing", begin.trim_end()));
            continue;
        };
        let Some(to) = text[from..].find(end).map(|at| from + at) else {
            faults.push(format!("{DOCUMENT}: `{end}` is missing after `{}`", begin.trim_end()));
            continue;
        };
        text.replace_range(from..to, content);
    }
    (text, faults)
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::record::{BinRecord, ObjectRecord, PacketRecord, StreamRecord};

    const DOCUMENT_TEXT: &str =
        "# Schema\n<!-- generated: a -->\nold\n<!-- end -->\nprose\n<!-- generated: b -->\n<!-- end -->\n";

    #[test]
    fn generated_parts_are_filled_and_the_prose_stays() {
        let parts = [("a", "new\n".to_owned()), ("b", "x\n".to_owned())];
        let (made, faults) = fill(DOCUMENT_TEXT, &parts);
        assert_eq!(faults, [""; 0]);
        assert_eq!(
            made,
            "# Schema\n<!-- generated: a -->\nnew\n<!-- end -->\nprose\n<!-- generated: b -->\nx\n<!-- end -->\n"
        );
        assert_eq!(fill(&made, &parts).0, made);
        let difference = first_difference(DOCUMENT_TEXT, &made).unwrap();
        assert!(difference.contains("output-schema.md:3: ") && difference.contains("`new`"), "{difference}");
        assert_eq!(first_difference(&made, &made), None);
    }

    #[test]
    fn missing_markers_are_faults() {
        let (_, faults) = fill("<!-- generated: a -->\n", &[("a", String::new()), ("b", String::new())]);
        assert_eq!(faults.len(), 2);
    }

    #[test]
    fn tables_have_a_line_a_field() {
        let text = table::<ObjectRecord>();
        assert_eq!(text.lines().count(), 2 + ObjectRecord::FIELDS.len());
        assert!(text.contains("| `sniffit.object.gap_before` | integer or null | ns | From the previous"), "{text}");
        for table in [table::<StreamRecord>(), table::<BinRecord>(), table::<PacketRecord>()] {
            assert!(table.contains("| `sniffit.schema` | integer |  | Version of this schema | 1 |"), "{table}");
        }
    }
}
