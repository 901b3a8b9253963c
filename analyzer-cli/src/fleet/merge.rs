//! `sniffit merge`: what the tasks counted, as one model.
//!
//! In: folders that tasks wrote to. Out: a table, or a model. Guaranteed: only recordings that are done are counted, each once; the model is
//! the same to the byte in any order.

use super::place::all_counts;
use crate::cli::MergeArguments;
use crate::error::Exit;
use crate::model::{check_new, tell, write};
use analyzer_core::model::{COUNTS_SCHEMA, Counts};
use anyhow::{Context as _, bail};
use std::fs;
use std::path::Path;

/// Runs the command.
///
/// # Errors
/// When there is nothing to merge, or something can't be read or merged; says which.
pub(crate) fn run(arguments: &MergeArguments) -> anyhow::Result<Exit> {
    if let Some(output) = &arguments.output {
        check_new(output, arguments.force)?;
    }
    let mut merged: Option<Counts> = None;
    for out in &arguments.outs {
        for path in all_counts(out)? {
            let counts = read(&path)?;
            match &mut merged {
                None => merged = Some(counts),
                Some(merged) => {
                    merged.merge(counts).with_context(|| format!("{} can't be merged", path.display()))?;
                }
            }
        }
    }
    let Some(counts) = merged.filter(|counts| !counts.is_empty()) else {
        bail!("no recording is done in what was named, or none has an object");
    };
    let model = counts.into_model();
    match &arguments.output {
        None => tell(&model, arguments.top)?,
        Some(output) => write(output, &model.to_file()?)?,
    }
    Ok(Exit::Complete)
}

fn read(path: &Path) -> anyhow::Result<Counts> {
    let told = || format!("{} can't be read", path.display());
    let text = fs::read(path).with_context(told)?;
    let counts: Counts = serde_json::from_slice(&text).with_context(told)?;
    if counts.schema != COUNTS_SCHEMA {
        bail!(
            "{} has version {} of the counts' schema, and this program reads {COUNTS_SCHEMA}: run the task again",
            path.display(),
            counts.schema
        );
    }
    Ok(counts)
}
