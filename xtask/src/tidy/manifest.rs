//! The fields of `analysis.json`, read from the source that declares them.
//!
//! In: the source of `AnalysisRecord`. Out: a table of paths, types and meanings. The manifest has no table of fields
//! of its own because it is written once and by serde alone; its documentation comments are its meanings.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;

pub(super) const SOURCE: &str = "analyzer-core/src/record/analysis.rs";
const ROOT: &str = "AnalysisRecord";

struct Field {
    name: String,
    kind: String,
    meaning: String,
}

/// The table of all fields, those of nested records below the field that holds them.
pub(super) fn table(source: &str) -> Result<String> {
    let records = records(source);
    let mut rows = Vec::new();
    add_rows(&records, ROOT, "", &mut rows)?;
    let lines: Vec<String> =
        rows.into_iter().map(|(path, kind, meaning)| format!("| `{path}` | {kind} | {meaning} |\n")).collect();
    Ok(format!("| field | type | meaning |\n| --- | --- | --- |\n{}", lines.concat()))
}

type Row = (String, String, String);

fn add_rows(records: &BTreeMap<String, Vec<Field>>, name: &str, prefix: &str, rows: &mut Vec<Row>) -> Result<()> {
    let fields = records.get(name).with_context(|| format!("{SOURCE} declares no {name}"))?;
    for field in fields {
        ensure!(!field.meaning.is_empty(), "{SOURCE}: {name}.{} has no documentation", field.name);
        let (kind, nested, suffix) = shape(&field.kind);
        let path = format!("{prefix}{}{suffix}", field.name);
        rows.push((path.clone(), kind, field.meaning.clone()));
        if let Some(nested) = nested {
            add_rows(records, nested, &format!("{path}."), rows)?;
        }
    }
    Ok(())
}

/// A Rust type as JSON's, the record inside it, and what stands behind its path.
fn shape(kind: &str) -> (String, Option<&str>, &'static str) {
    let inside = |outer: &str| kind.strip_prefix(outer).and_then(|rest| rest.strip_prefix('<')?.strip_suffix('>'));
    if let Some(item) = inside("Vec") {
        let (item_kind, nested, _) = shape(item);
        return (format!("array of {item_kind}s"), nested, "[]");
    }
    if let Some(item) = inside("Option") {
        let (item_kind, nested, _) = shape(item);
        return (format!("{item_kind} or null"), nested, "");
    }
    match kind {
        "u64" | "u32" => ("integer".to_owned(), None, ""),
        "bool" => ("boolean".to_owned(), None, ""),
        "String" => ("text".to_owned(), None, ""),
        "BTreeMap<String, u64>" => ("object of integers".to_owned(), None, ""),
        "BTreeMap<String, String>" => ("object of texts".to_owned(), None, ""),
        record => ("object".to_owned(), Some(record), ""),
    }
}

/// The public fields of each record, with their documentation.
fn records(source: &str) -> BTreeMap<String, Vec<Field>> {
    let mut records: BTreeMap<String, Vec<Field>> = BTreeMap::new();
    let mut current = String::new();
    let mut comment: Vec<&str> = Vec::new();
    for line in source.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            comment.push(text.trim());
        } else if let Some(name) = line.strip_prefix("pub struct ") {
            current = name.trim_end_matches(" {").to_owned();
            comment.clear();
        } else if let Some((name, kind)) = line.strip_prefix("pub ").and_then(|field| field.split_once(": ")) {
            let meaning = std::mem::take(&mut comment).join(" ");
            let kind = kind.trim_end_matches(',').to_owned();
            records.entry(current.clone()).or_default().push(Field { name: name.to_owned(), kind, meaning });
        }
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::record::Kind;
    use analyzer_core::sink::NullSink;
    use analyzer_core::{Analyzer, Config, Reading};
    use serde_json::Value;
    use std::collections::BTreeSet;

    const SMALL: &str = "/// Whole.\npub struct AnalysisRecord {\n    /// A\n    /// number.\n    pub n: u64,\n\
        \x20   /// Files.\n    pub inputs: Vec<InputRecord>,\n}\n/// File.\npub struct InputRecord {\n\
        \x20   /// Why.\n    pub fault: Option<String>,\n}\n";

    #[test]
    fn fields_are_read_with_their_meanings_and_nested_ones() {
        assert_eq!(
            table(SMALL).unwrap(),
            "| field | type | meaning |\n| --- | --- | --- |\n| `n` | integer | A number. |\n\
             | `inputs[]` | array of objects | Files. |\n| `inputs[].fault` | text or null | Why. |\n"
        );
    }

    #[test]
    fn a_field_without_meaning_or_an_unknown_record_is_an_error() {
        assert!(table(&SMALL.replace("    /// Why.\n", "")).is_err());
        assert!(table(&SMALL.replace("Vec<InputRecord>", "Vec<OtherRecord>")).is_err());
    }

    /// Paths of a JSON value; an array stands for its first element, an object of numbers or texts for itself.
    fn paths(value: &Value, path: &str, documented: &BTreeSet<String>, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) if path.is_empty() || !documented.contains(path) || has_nested(path, documented) => {
                for (name, value) in fields {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    paths(value, &path, documented, found);
                }
                if !path.is_empty() {
                    found.insert(path.to_owned());
                }
            }
            Value::Array(values) => {
                let path = format!("{path}[]");
                if let Some(value) = values.first() {
                    paths(value, &path, documented, found);
                }
                found.insert(path);
            }
            _ => {
                found.insert(path.to_owned());
            }
        }
    }

    fn has_nested(path: &str, documented: &BTreeSet<String>) -> bool {
        documented.iter().any(|other| other.starts_with(&format!("{path}.")))
    }

    #[test]
    fn the_table_has_the_keys_that_are_really_written() {
        let root = crate::cargo::root().unwrap();
        let table = table(&std::fs::read_to_string(root.join(SOURCE)).unwrap()).unwrap();
        let documented: BTreeSet<String> =
            table.lines().skip(2).filter_map(|line| line.split('`').nth(1)).map(str::to_owned).collect();
        // A part of a recording, whose manifest says so.
        let mut analyzer = Analyzer::in_parts(Config::default()).unwrap();
        // One capture has a packet that is skipped, the other a fault; together they fill every list.
        for name in ["truncated_last_packet.pcap", "arp_is_other.pcap"] {
            let capture = std::fs::read(root.join("tests/captures/conventions").join(name)).unwrap();
            analyzer.begin_input(name);
            let _ = analyzer.push(&capture, &mut NullSink);
            let _ = analyzer.end_input();
        }
        let manifest = analyzer.finish(&mut NullSink).manifest("sniffit", "x", &Reading::default(), &Kind::ALL);
        let mut found = BTreeSet::new();
        paths(&serde_json::to_value(manifest).unwrap(), "", &documented, &mut found);
        assert_eq!(found, documented);
    }
}
