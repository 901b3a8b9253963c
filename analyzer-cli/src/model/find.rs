//! What a model is made of: files of objects, and models.
//!
//! In: paths. Out: sources in the order of their names. Guaranteed: of an analysis whose objects are there in several formats, one file is
//! read; a file is told by what it holds where its name does not tell.

use crate::folders;
use analyzer_core::model::{COUNTS_SCHEMA, Counts, MODEL_SCHEMA, Model};
use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

/// One file.
#[derive(Debug)]
pub(super) enum Source {
    /// NDJSON, or a JSON array with an element a line.
    Lines(PathBuf),
    Parquet(PathBuf),
    /// Of a model that was made before.
    Counts(Box<Counts>),
}

/// Files of objects in the folder of an analysis; the first that is there is read.
const OBJECTS: [&str; 3] = ["objects.parquet", "objects.ndjson", "objects.json"];

/// The sources that paths lead to.
///
/// # Errors
/// When a path leads to none.
pub(super) fn find(paths: &[PathBuf]) -> anyhow::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = sources.len();
            below(path, &mut sources)?;
            if sources.len() == before {
                bail!(
                    "there is no {} in {}: name a folder that `sniffit analyze -o` wrote (CSV can't be read back)",
                    OBJECTS.join(" or "),
                    path.display()
                );
            }
        } else {
            sources.push(of_file(path)?);
        }
    }
    Ok(sources)
}

fn of_file(path: &Path) -> anyhow::Result<Source> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension {
        "ndjson" | "jsonl" => Ok(Source::Lines(path.to_owned())),
        "parquet" => Ok(Source::Parquet(path.to_owned())),
        "json" => of_json(path),
        _ => bail!(
            "{}: objects are read from .ndjson, .json and .parquet, and models from .json; a capture is first to be \
             analysed (sniffit analyze -o DIR)",
            path.display()
        ),
    }
}

/// A model is an object, and records are a list.
fn of_json(path: &Path) -> anyhow::Result<Source> {
    let text = fs::read(path).with_context(|| format!("{} can't be read", path.display()))?;
    if text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Ok(Source::Lines(path.to_owned()));
    }
    #[derive(Deserialize)]
    struct Head {
        schema: Option<u64>,
        counts_schema: Option<u64>,
        by: Option<serde::de::IgnoredAny>,
    }
    let told = || format!("{} is neither a model nor a list of objects", path.display());
    let head: Head = serde_json::from_slice(&text).with_context(told)?;
    if head.by.is_none() {
        bail!("{} is no model: name the folder, or the file of objects in it", path.display());
    }
    let known = |there, known| match there {
        Some(schema) if schema != known => bail!(
            "{} has version {schema} of the model's schema, and this program reads {known}: make it again",
            path.display(),
        ),
        _ => Ok(()),
    };
    let counts = if head.counts_schema.is_some() {
        known(head.counts_schema, COUNTS_SCHEMA)?;
        serde_json::from_slice::<Counts>(&text).with_context(told)?
    } else {
        known(head.schema, MODEL_SCHEMA)?;
        serde_json::from_slice::<Model>(&text).with_context(told)?.into_counts().with_context(told)?
    };
    Ok(Source::Counts(Box::new(counts)))
}

fn below(folder: &Path, sources: &mut Vec<Source>) -> anyhow::Result<()> {
    let of_task = of_task(folder).into_iter();
    let there = OBJECTS.into_iter().map(|name| folder.join(name)).chain(of_task).find(|path| path.is_file());
    if let Some(path) = there {
        sources.push(of_file(&path)?);
    }
    folders::inside(folder)?.iter().try_for_each(|folder| below(folder, sources))
}

/// Where `sniffit task` writes the objects of a recording: in `objects/day=…/recording=…`.
fn of_task(folder: &Path) -> Option<PathBuf> {
    let kind = folder.parent()?.parent()?.file_name()?;
    (kind == "objects").then(|| folder.join("part-0.parquet"))
}
