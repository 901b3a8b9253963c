//! `sniffit model`: objects of analyses in, distributions and input for simulators out.
//!
//! In: the arguments. Out: a table, `model.json` or exports. What is read is decided by [`find`]; the model itself and its
//! exports are the core's.

mod find;
mod ndjson;
mod parquet;
mod table;

use crate::cli::ModelArguments;
use crate::error::Exit;
use crate::interrupt;
use crate::output::PartFile;
use crate::table as terminal;
use analyzer_core::model::export::{ExportFile, export};
use analyzer_core::model::{GroupBy, Grouping, Model};
use anyhow::{Context as _, bail};
use find::Source;
use std::fs;
use std::io::Write as _;
use std::path::Path;

const TOOL: &str = concat!("sniffit ", env!("CARGO_PKG_VERSION"));

/// Runs the command.
///
/// # Errors
/// When nothing could be read or written, and why.
pub(crate) fn run(arguments: &ModelArguments) -> anyhow::Result<Exit> {
    interrupt::install()?;
    let sources = find::find(&arguments.paths)?;
    let (model, grouping) = read(sources, arguments)?;
    if model.groups.is_empty() {
        bail!("there is no object in what was named");
    }
    let Some(output) = &arguments.output else {
        tell(&model, arguments.top)?;
        return Ok(Exit::Complete);
    };
    if arguments.export.is_empty() {
        check_new(output, arguments.force)?;
        write(output, &model.to_file()?)?;
        return Ok(Exit::Complete);
    }
    let mut files: Vec<ExportFile> = Vec::new();
    for target in &arguments.export {
        files.extend(export(*target, &model, grouping.as_ref().map(Grouping::rows))?);
    }
    // All are judged before the first is written, so that old and new ones never lie together.
    files.iter().try_for_each(|file| check_new(&output.join(&file.name), arguments.force))?;
    fs::create_dir_all(output).with_context(|| format!("{} can't be created", output.display()))?;
    files.iter().try_for_each(|file| write(&output.join(&file.name), file.content.as_bytes()))?;
    Ok(Exit::Complete)
}

/// Prints a model's table.
pub(crate) fn tell(model: &Model, top: usize) -> anyhow::Result<()> {
    let text = table::render(model, top, terminal::terminal_width());
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

/// The model of all sources, and their objects, if all of them are there one by one.
fn read(sources: Vec<Source>, arguments: &ModelArguments) -> anyhow::Result<(Model, Option<Grouping>)> {
    let mut grouping = Grouping::new(arguments.by.or_else(|| by_of(&sources)).unwrap_or(GroupBy::Application));
    let mut models = Vec::new();
    for source in sources {
        match source {
            Source::Lines(path) => ndjson::read(&path, &mut grouping).with_context(|| unreadable(&path))?,
            Source::Parquet(path) => parquet::read(&path, &mut grouping).with_context(|| unreadable(&path))?,
            Source::Counts(counts) => models.push(*counts),
        }
    }
    let are_rows_whole = models.is_empty();
    let mut counts = grouping.counts(TOOL);
    for other in models {
        counts.merge(other)?;
    }
    Ok((counts.into_model(), are_rows_whole.then_some(grouping)))
}

fn unreadable(path: &Path) -> String {
    format!("{} can't be read", path.display())
}

/// What the first model is by: its objects can't be grouped again.
fn by_of(sources: &[Source]) -> Option<GroupBy> {
    sources.iter().find_map(|source| match source {
        Source::Counts(counts) => Some(counts.by),
        Source::Lines(_) | Source::Parquet(_) => None,
    })
}

/// # Errors
/// When there is something that must not be replaced.
pub(crate) fn check_new(target: &Path, force: bool) -> anyhow::Result<()> {
    if target.exists() && !force {
        bail!("{} exists: replace it with --force, or choose another name", target.display());
    }
    Ok(())
}

/// Writes a file whole or not at all.
pub(crate) fn write(target: &Path, content: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(|| format!("{} can't be created", folder.display()))?;
    }
    let mut part = PartFile::create(target)?;
    part.write(content).with_context(|| format!("{} can't be written", target.display()))?;
    part.publish()
}
