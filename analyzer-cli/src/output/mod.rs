//! Results to files and standard output.
//!
//! In: the spooled records of an analysis, its context and its manifest. Out: one file per kind and `analysis.json`, or
//! a stream of one kind. Guaranteed: a file has its final name only when all files of the analysis are complete and on
//! disk, `analysis.json` last; nothing is replaced unless the user said so.

mod parquet;
mod text;

#[cfg(test)]
pub(crate) mod samples;

use crate::cli::Format;
use crate::error::printable;
use crate::spool::{Spool, SpoolFile, SpooledRecord};
use analyzer_core::record::{AnalysisRecord, Context, Kind};
use analyzer_core::sink::text::TextFormat;
use anyhow::{Context as _, bail};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

const MANIFEST: &str = "analysis.json";

/// Where the files of an analysis go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folder {
    pub(crate) dir: PathBuf,
    pub(crate) format: Format,
    pub(crate) kinds: Vec<Kind>,
    /// Replace files that are already there.
    pub(crate) force: bool,
}

impl Folder {
    /// The same for one of several recordings.
    pub(crate) fn below(&self, name: &str) -> Self {
        Self { dir: self.dir.join(name), ..self.clone() }
    }

    /// The records' files and then the manifest.
    fn targets(&self) -> Vec<PathBuf> {
        let records = self.kinds.iter().map(|kind| format!("{}.{}", kind.as_str(), self.format.as_str()));
        records.chain([MANIFEST.to_owned()]).map(|name| self.dir.join(name)).collect()
    }

    /// Makes the folder and looks for results that would be replaced.
    ///
    /// # Errors
    /// When there are some and the user did not allow it, or the folder can't be made.
    pub(crate) fn prepare(&self) -> anyhow::Result<()> {
        fs::create_dir_all(&self.dir)
            .with_context(|| format!("the output folder {} can't be made", self.dir.display()))?;
        if self.force {
            return Ok(());
        }
        match self.targets().iter().find(|target| target.symlink_metadata().is_ok()) {
            Some(there) => bail!("{} exists: replace it with --force, or choose another folder", there.display()),
            None => Ok(()),
        }
    }

    /// Writes all files and returns their paths.
    pub(crate) fn write(
        &self,
        spool: &mut Spool,
        context: &Context,
        manifest: &AnalysisRecord,
    ) -> anyhow::Result<Vec<PathBuf>> {
        let targets = self.targets();
        let mut parts = Vec::new();
        for (kind, target) in self.kinds.iter().zip(&targets) {
            let mut part = PartFile::create(target)?;
            write_records(spool, *kind, context, self.format, true, &mut part.file)
                .and_then(|()| part.complete())
                .with_context(|| format!("{} can't be written", target.display()))?;
            parts.push(part);
        }
        let target = self.dir.join(MANIFEST);
        let mut part = PartFile::create(&target)?;
        part.file
            .write_all(&manifest.to_file()?)
            .map_err(anyhow::Error::from)
            .and_then(|()| part.complete())
            .with_context(|| format!("{} can't be written", target.display()))?;
        parts.push(part);
        if self.force && target.exists() {
            // An old manifest beside new records would be taken for theirs if this process ended in between.
            fs::remove_file(&target).with_context(|| format!("{} can't be replaced", target.display()))?;
        }
        for part in &mut parts {
            part.publish()?;
        }
        // The names are on disk when their folder is; where folders can't be synced there is nothing to do about it.
        if let Ok(dir) = File::open(&self.dir) {
            let _ = dir.sync_all();
        }
        Ok(targets)
    }
}

/// Writes records of one kind to standard output or another stream.
pub(crate) fn write_records(
    spool: &mut Spool,
    kind: Kind,
    context: &Context,
    format: Format,
    header: bool,
    out: &mut (impl Write + Send),
) -> anyhow::Result<()> {
    fn of<R: SpooledRecord>(
        file: &mut Option<SpoolFile<R>>,
        context: &Context,
        format: Format,
        header: bool,
        out: &mut (impl Write + Send),
    ) -> anyhow::Result<()> {
        let Some(file) = file else { return Ok(()) };
        let format = match format {
            Format::Parquet => return parquet::write(file, context, out),
            Format::Ndjson => TextFormat::Ndjson,
            Format::Json => TextFormat::Json,
            Format::Csv => TextFormat::Csv,
        };
        text::write(file, context, format, header, out)
    }
    match kind {
        Kind::Objects => of(&mut spool.objects, context, format, header, out),
        Kind::Streams => of(&mut spool.streams, context, format, header, out),
        Kind::Bins => of(&mut spool.bins, context, format, header, out),
        Kind::Packets => of(&mut spool.packets, context, format, header, out),
    }
}

/// A file that does not have its final name yet; it is removed unless it gets it.
pub(crate) struct PartFile {
    file: File,
    part: PathBuf,
    target: PathBuf,
    published: bool,
}

impl PartFile {
    pub(crate) fn create(target: &Path) -> anyhow::Result<Self> {
        let mut part = target.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        // One that a killed run left behind must not lend its permissions or lead elsewhere.
        let _ = fs::remove_file(&part);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            // Captures are private, and so is what is read from them.
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let file = options.open(&part).with_context(|| format!("{} can't be created", part.display()))?;
        Ok(Self { file, part, target: target.to_owned(), published: false })
    }

    /// Writes everything at once.
    pub(crate) fn write(&mut self, content: &[u8]) -> anyhow::Result<()> {
        self.file.write_all(content)?;
        self.complete()
    }

    fn complete(&self) -> anyhow::Result<()> {
        Ok(self.file.sync_all()?)
    }

    pub(crate) fn publish(&mut self) -> anyhow::Result<()> {
        fs::rename(&self.part, &self.target)
            .with_context(|| format!("{} can't be renamed", printable(&self.part.to_string_lossy())))?;
        self.published = true;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.published {
            let _ = fs::remove_file(&self.part);
        }
    }
}

#[cfg(test)]
mod tests;
