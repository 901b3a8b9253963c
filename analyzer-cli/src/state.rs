//! Recordings in parts: the state of the part before from a file, and that of this part to a file.
//!
//! In: the files' names. Out: an analysis that goes on, and a state that has its name when it is whole and on disk.
//! Guaranteed: what can't work is refused before anything is read or written; a state is replaced by the one that follows
//! from it and by no other, unless the user said so; it is readable by its owner only, because it holds what was captured.

use crate::cli::StateArguments;
use crate::output::PartFile;
use crate::recording::Recording;
use analyzer_core::state::MAGIC;
use analyzer_core::{Analyzer, Config, Reading, Sink, Totals};
use anyhow::{Context as _, bail};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The states before and behind a part of a recording.
pub(crate) struct States {
    /// The path and the content.
    before: Option<(PathBuf, Vec<u8>)>,
    after: Option<After>,
}

/// A state that is to be written.
struct After {
    path: PathBuf,
    file: PartFile,
    /// Of the part, as soon as it was read.
    content: Option<Vec<u8>>,
}

impl States {
    /// Opens what the arguments name; `None` where the recording is read at once.
    ///
    /// # Errors
    /// When a state can't be read, or none can be written there, or one is there that `force` does not allow to replace.
    pub(crate) fn open(arguments: &StateArguments, force: bool) -> anyhow::Result<Option<Self>> {
        if !arguments.is_given() {
            return Ok(None);
        }
        let before = match &arguments.state_in {
            Some(path) => {
                let told = || format!("the state {} can't be read", path.display());
                Some((path.clone(), fs::read(path).with_context(told)?))
            }
            None => None,
        };
        let after = match &arguments.state_out {
            Some(path) => {
                let is_successor = arguments.state_in.as_ref().is_some_and(|before| is_same(before, path));
                check_target(path, is_successor || force)?;
                Some(After { path: path.clone(), file: PartFile::create(path)?, content: None })
            }
            None => None,
        };
        Ok(Some(Self { before, after }))
    }

    /// The analysis of the part.
    ///
    /// # Errors
    /// When the state before does not fit, or a file must not come next.
    pub(crate) fn begin(&self, config: Config, recording: &mut Recording) -> anyhow::Result<Analyzer> {
        let mut analyzer = match &self.before {
            None => Analyzer::in_parts(config)?,
            Some((path, state)) => Analyzer::resume(config, state).with_context(|| path.display().to_string())?,
        };
        for input in &mut recording.inputs {
            let start = input.peek().start;
            analyzer.admit(&input.name, start)?;
        }
        Ok(analyzer)
    }

    /// Ends the part or the recording. After an interruption, or where nothing could be read, nothing can go on from here.
    ///
    /// # Errors
    /// When a file was read already under another name, or there is nothing to go on from.
    pub(crate) fn end(
        &mut self,
        analyzer: Analyzer,
        reading: &Reading,
        capture_name: &str,
        sink: &mut impl Sink,
    ) -> anyhow::Result<Totals> {
        analyzer.check_files()?;
        match &mut self.after {
            Some(after) if reading.interrupted.is_none() => {
                let (totals, state) = analyzer.suspend(reading, capture_name)?;
                after.content = Some(state);
                Ok(totals)
            }
            _ => Ok(analyzer.finish(sink)),
        }
    }

    /// What becomes of the state that was wanted, where none is written.
    pub(crate) fn left_out(&self) -> Option<String> {
        let after = self.after.as_ref()?;
        let stays = if after.path.exists() { " stays as it was" } else { " is not written" };
        Some(format!("the state {}{stays}: give the same command again", after.path.display()))
    }

    /// Writes the state that was wanted.
    ///
    /// # Errors
    /// When it can't be written; the one before is untouched then.
    pub(crate) fn write(&mut self) -> anyhow::Result<()> {
        let Some(After { path, file, content: Some(content) }) = &mut self.after else { return Ok(()) };
        file.write(content)
            .and_then(|()| file.publish())
            .with_context(|| format!("the state {} can't be written, but the results are", path.display()))?;
        // The name is on disk when its folder is; where folders can't be synced there is nothing to do about it.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if let Ok(folder) = File::open(folder) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// Whether two paths lead to one file, which is there.
fn is_same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Looks for what would be replaced.
fn check_target(path: &Path, may_replace: bool) -> anyhow::Result<()> {
    let Ok(metadata) = path.symlink_metadata() else { return Ok(()) };
    let shown = path.display();
    if !metadata.is_file() && !path.is_file() {
        bail!("--state-out {shown} is no file: name one that may be written");
    }
    if !is_state(path) {
        bail!("--state-out {shown} is there and is no state of sniffit: choose another name");
    }
    if !may_replace {
        bail!(
            "--state-out {shown} exists, and does not go on from --state-in: replace it with --force, or choose another name"
        );
    }
    Ok(())
}

fn is_state(path: &Path) -> bool {
    let mut begin = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut begin));
    read.is_ok() && begin == MAGIC
}
