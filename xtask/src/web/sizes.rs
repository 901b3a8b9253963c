//! What the page weighs.
//!
//! In: the built page and `web/budget.json`. Out: a table, and the same as `target/web/sizes.json`. Guaranteed: what a visitor's
//! browser fetches is all counted, lazily loaded parts too, as a server sends it: compressed with gzip.

use super::SINGLE_FILE;
use crate::cargo;
use anyhow::{Context, Result, ensure};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Map, Value, json};
use std::fs;
use std::io::Write as _;
use std::path::Path;

const BUDGET: &str = "web/budget.json";

/// Kinds of files, and which of them the whole page is made of.
const KINDS: [(&str, bool); 5] =
    [("libraries", true), ("module", true), ("own code", true), ("demo capture", false), (SINGLE_FILE, false)];

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Size {
    bytes: u64,
    gzip_bytes: u64,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.bytes += other.bytes;
        self.gzip_bytes += other.gzip_bytes;
    }
}

/// Prints and writes the sizes.
///
/// # Errors
/// When a file can't be read, and when the budget is exceeded.
pub(super) fn report(dist: &Path) -> Result<()> {
    let mut files = Vec::new();
    list(dist, "", &mut files)?;
    let mut rows: Vec<(&str, Size)> = KINDS.iter().map(|(kind, _)| (*kind, Size::default())).collect();
    for name in &files {
        let path = dist.join(name);
        let bytes = fs::read(&path).with_context(|| format!("{} can't be read", path.display()))?;
        let size = Size { bytes: bytes.len() as u64, gzip_bytes: gzip_bytes(&bytes)? };
        rows.iter_mut().find(|(known, _)| *known == kind(name)).context("a file has a kind")?.1.add(size);
    }
    let mut page = Size::default();
    for ((_, size), (_, is_page)) in rows.iter().zip(KINDS) {
        if is_page {
            page.add(*size);
        }
    }
    rows.push(("page", page));
    let root = cargo::root()?;
    let text = fs::read_to_string(root.join(BUDGET)).with_context(|| format!("{BUDGET} can't be read"))?;
    let budget: Value = serde_json::from_str(&text).with_context(|| BUDGET.to_owned())?;
    print!("{}", table(&rows, &budget));
    let target = cargo::target_dir()?.join("web");
    fs::create_dir_all(&target).with_context(|| format!("{} can't be made", target.display()))?;
    let json: Map<String, Value> = rows
        .iter()
        .map(|(kind, size)| ((*kind).to_owned(), json!({"bytes": size.bytes, "gzip_bytes": size.gzip_bytes})))
        .collect();
    let path = target.join("sizes.json");
    fs::write(&path, format!("{:#}\n", Value::Object(json)))
        .with_context(|| format!("{} can't be written", path.display()))?;
    let over = over(&rows, &budget);
    ensure!(over.is_empty(), "the page is above its budget, {BUDGET}: {}", over.join("; "));
    Ok(())
}

fn list(folder: &Path, prefix: &str, files: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} can't be listed", folder.display()))? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push(name);
        }
    }
    Ok(())
}

/// By the names that vite.config.ts gives.
fn kind(name: &str) -> &'static str {
    let file = name.rsplit('/').next().unwrap_or_default();
    if name == SINGLE_FILE {
        SINGLE_FILE
    } else if file.ends_with(".wasm") {
        "module"
    } else if file.ends_with(".gz") {
        "demo capture"
    } else if file.starts_with("libraries-") || file.starts_with("fzstd-") {
        "libraries"
    } else {
        "own code"
    }
}

fn gzip_bytes(bytes: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as u64)
}

/// The most that a kind may weigh compressed; none where the budget names none.
fn limit(budget: &Value, kind: &str) -> Option<u64> {
    budget["gzip_bytes"][kind].as_u64()
}

fn over(rows: &[(&str, Size)], budget: &Value) -> Vec<String> {
    let over = rows.iter().filter_map(|(kind, size)| {
        let limit = limit(budget, kind).filter(|limit| size.gzip_bytes > *limit)?;
        Some(format!("{kind} has {} bytes of {limit}", size.gzip_bytes))
    });
    over.collect()
}

fn table(rows: &[(&str, Size)], budget: &Value) -> String {
    let mut text = format!("{:<14}{:>12}{:>12}{:>12}\n", "", "bytes", "gzip", "budget");
    for (kind, size) in rows {
        let limit = limit(budget, kind).map_or_else(|| "–".to_owned(), |limit| limit.to_string());
        text.push_str(&format!("{kind:<14}{:>12}{:>12}{limit:>12}\n", size.bytes, size.gzip_bytes));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_kind() {
        for (name, expected) in [
            ("index.html", "own code"),
            ("sw.js", "own code"),
            ("assets/index-Ab_3.js", "own code"),
            ("assets/worker-Ab.js", "own code"),
            ("assets/libraries-Ab.js", "libraries"),
            ("assets/fzstd-Ab.js", "libraries"),
            ("assets/analyzer_wasm_bg-Ab.wasm", "module"),
            ("assets/mix-nginx-gso.pcap-Ab.gz", "demo capture"),
            ("sniffit.html", SINGLE_FILE),
        ] {
            assert_eq!(kind(name), expected, "{name}");
            assert!(KINDS.iter().any(|(known, _)| *known == expected));
        }
    }

    #[test]
    fn what_is_above_its_budget_is_told() {
        let size = |gzip_bytes| Size { bytes: 9, gzip_bytes };
        let rows = [("libraries", size(10)), ("module", size(11)), ("page", size(21))];
        let budget = json!({"gzip_bytes": {"libraries": 10, "module": 10, "page": null}});
        assert_eq!(over(&rows, &budget), ["module has 11 bytes of 10"]);
        assert_eq!(over(&rows, &json!({})), [""; 0]);
        assert!(table(&rows, &budget).contains("module                   9          11          10\n"));
    }
}
