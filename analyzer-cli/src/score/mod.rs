//! `sniffit score`: how well the methods cut captures whose objects are known.
//!
//! In: folders of captures with a truth file beside each. Out: a table of measures, one row a method and folder, or one
//! row a capture. The measures are defined in `docs/method.md`.

mod capture;
mod case;
mod matching;
mod truth;

use crate::cli::{ScoreArguments, ScoreFormat};
use crate::decompress::Reader;
use crate::error::Exit;
use analyzer_core::Config;
use anyhow::{Context, Result, bail};
use capture::Degradation;
use case::Case;
use matching::Scores;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Endings of a capture that may have a truth file: `NAME.pcap.gz` has `NAME.truth.csv`.
const ENDINGS: [&str; 4] = [".pcap.gz", ".pcap", ".pcapng", ".pcap.zst"];

/// The captures of one folder, or one capture.
struct Set {
    name: String,
    cases: Vec<(String, Case)>,
}

/// One row of the table.
struct Row<'a> {
    set: &'a str,
    capture: &'a str,
    method: String,
    scores: Scores,
}

pub(crate) fn run(arguments: &ScoreArguments) -> Result<Exit> {
    let degradation =
        Degradation { skip_share: arguments.skip_share, drop_share: arguments.drop_share, seed: arguments.seed };
    let sets = arguments.paths.iter().map(|path| load(path)).collect::<Result<Vec<_>>>()?;
    let mut rows = Vec::new();
    for set in &sets {
        for method in &arguments.methods {
            let config = Config { method: *method, ..Config::default() };
            let score = |(name, case): &(String, Case)| {
                case.score(&config, degradation).with_context(|| format!("{}/{name}", set.name))
            };
            let scores = set.cases.iter().map(score).collect::<Result<Vec<_>>>()?;
            let row = |capture, scores| Row { set: &set.name, capture, method: method.to_string(), scores };
            if arguments.per_capture || arguments.format == ScoreFormat::Csv {
                let cases = set.cases.iter().zip(&scores);
                rows.extend(cases.map(|((name, _), scores)| row(name.as_str(), *scores)));
            }
            rows.push(row("mean", matching::mean_scores(&scores)));
        }
    }
    let text = match arguments.format {
        ScoreFormat::Table => table(&rows),
        ScoreFormat::Csv => csv(&rows),
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Exit::Complete)
}

fn load(path: &Path) -> Result<Set> {
    let mut captures: Vec<PathBuf> = if path.is_dir() {
        let entries = fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
        entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?
    } else {
        vec![path.to_owned()]
    };
    captures.sort();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut cases = Vec::new();
    for capture in captures {
        let Some((stem, truth)) = truth_of(&capture) else { continue };
        let read = || -> Result<Case> {
            let text = fs::read_to_string(&truth).with_context(|| format!("cannot read {}", truth.display()))?;
            Case::new(&decompressed(&capture)?, &text)
        };
        cases.push((stem, read().with_context(|| capture.display().to_string())?));
    }
    if cases.is_empty() {
        bail!(
            "{}: no capture with a truth file beside it (NAME.pcap.gz with NAME.truth.csv); docs/method.md describes both",
            path.display()
        );
    }
    Ok(Set { name: name(path), cases })
}

/// The capture's name and its truth file, when there is one.
fn truth_of(capture: &Path) -> Option<(String, PathBuf)> {
    let file = capture.file_name()?.to_str()?;
    let stem = ENDINGS.iter().find_map(|ending| file.strip_suffix(ending))?;
    let truth = capture.with_file_name(format!("{stem}.truth.csv"));
    truth.is_file().then(|| (stem.to_owned(), truth))
}

fn decompressed(path: &Path) -> Result<Vec<u8>> {
    let mut reader = Reader::new(File::open(path)?)?;
    let (mut bytes, mut chunk) = (Vec::new(), vec![0; 1 << 20]);
    loop {
        let (count, error) = reader.fill(&mut chunk);
        bytes.extend_from_slice(&chunk[..count]);
        if let Some(error) = error {
            bail!("{}", reader.explain(&error));
        }
        if count == 0 {
            return Ok(bytes);
        }
    }
}

/// Rows for people: names as wide as they need, measures to three digits.
fn table(rows: &[Row<'_>]) -> String {
    let width = |of: fn(&Row<'_>) -> usize, title: &str| rows.iter().map(of).max().unwrap_or(0).max(title.len());
    let (set, capture, method) = (
        width(|row| row.set.len(), "set"),
        width(|row| row.capture.len(), "capture"),
        width(|row| row.method.len(), "method"),
    );
    let mut text = format!(
        "{:set$}  {:capture$}  {:method$}  {:>5}  {:>5}  {:>5}  {:>6}  {:>6}  {:>7}  {:>5}  {:>8}  {:>6}  {:>6}\n",
        "set", "capture", "method", "P", "R", "F1", "byteF1", "purity", "complet", "W1", "error ms", "found", "true"
    );
    for Row { set: set_name, capture: capture_name, method: method_name, scores } in rows {
        text.push_str(&format!(
            "{set_name:set$}  {capture_name:capture$}  {method_name:method$}  {:5.3}  {:5.3}  {:5.3}  {:6.3}  {:6.3}  {:7.3}  {:5.3}  {:8.1}  {:6}  {:6}\n",
            scores.precision,
            scores.recall,
            scores.f1,
            scores.byte_f1,
            scores.purity,
            scores.completeness,
            scores.wasserstein,
            scores.boundary_error_ms,
            scores.found,
            scores.truth
        ));
    }
    text
}

/// Rows for programs: six digits, a row for each capture and one for the mean.
fn csv(rows: &[Row<'_>]) -> String {
    let mut text = String::from(
        "set,capture,method,precision,recall,f1,byte_f1,purity,completeness,wasserstein,boundary_error_ms,found,truth\n",
    );
    for Row { set, capture, method, scores } in rows {
        let measures = [
            scores.precision,
            scores.recall,
            scores.f1,
            scores.byte_f1,
            scores.purity,
            scores.completeness,
            scores.wasserstein,
            scores.boundary_error_ms,
        ]
        .map(|measure| if measure.is_nan() { String::new() } else { format!("{measure:.6}") })
        .join(",");
        text.push_str(&format!("{set},{capture},{method},{measures},{},{}\n", scores.found, scores.truth));
    }
    text
}
