//! Where the results of a recording lie, and how they get there.
//!
//! In: the files of one recording. Out: `<kind>/day=…/recording=…/part-0.parquet` below a folder that all tasks share, `models/…/counts.json`,
//! and last `manifests/…/manifest.json`. Guaranteed: a file is written under a name that begins with `.part-`, which no reader of such folders
//! looks at, and renamed when all of them are on disk; where the manifest is, all the others are. Several tasks may do the same recording at
//! once: the first that is done wins, and the others see it.

use super::manifest::{TaskManifest, Work};
use crate::folders;
use anyhow::{Context as _, bail};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

const ATTEMPT: &str = ".part-";
const MANIFESTS: &str = "manifests";
const MANIFEST: &str = "manifest.json";
/// A day that there is none of, as Hive and Spark write it.
const NO_DAY: &str = "__HIVE_DEFAULT_PARTITION__";

/// The place of one recording.
#[derive(Debug)]
pub(super) struct Place {
    out: PathBuf,
    recording: String,
}

/// A file that is complete and does not have its name yet.
pub(super) struct Written {
    file: NamedTempFile,
    target: PathBuf,
}

/// What became of an attempt.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Commit {
    Done,
    /// Another attempt was first; the results are the same.
    WasFirst,
}

impl Place {
    /// In the folder of all recordings.
    pub(super) fn new(out: &Path, recording: &str) -> Self {
        Self { out: out.to_owned(), recording: recording.to_owned() }
    }

    /// The manifest of the recording, if the same work was done.
    ///
    /// # Errors
    /// When a folder can't be read. A manifest that can't be understood is none.
    pub(super) fn done(&self, work: &Work) -> anyhow::Result<Option<TaskManifest>> {
        for path in self.manifests()? {
            let Ok(text) = fs::read(&path) else { continue };
            if let Ok(manifest) = serde_json::from_slice::<TaskManifest>(&text)
                && manifest.task == *work
            {
                return Ok(Some(manifest));
            }
        }
        Ok(None)
    }

    /// The recording's manifests: one, but for a recording whose first packet is of another day now.
    fn manifests(&self) -> anyhow::Result<Vec<PathBuf>> {
        let all = self.out.join(MANIFESTS);
        let days = if all.is_dir() { folders::inside(&all)? } else { Vec::new() };
        let paths = days.into_iter().map(|day| day.join(self.folder()).join(MANIFEST));
        Ok(paths.filter(|path| path.is_file()).collect())
    }

    fn folder(&self) -> String {
        format!("recording={}", self.recording)
    }

    /// Writes a file, not under its name yet.
    pub(super) fn write(
        &self,
        kind: &str,
        day: Option<&str>,
        name: &str,
        content: impl FnOnce(&mut File) -> anyhow::Result<()>,
    ) -> anyhow::Result<Written> {
        let folder = self.out.join(kind).join(format!("day={}", day.unwrap_or(NO_DAY))).join(self.folder());
        let target = folder.join(name);
        let told = || format!("{} can't be written", target.display());
        fs::create_dir_all(&folder).with_context(told)?;
        let mut file = tempfile::Builder::new().prefix(ATTEMPT).tempfile_in(&folder).with_context(told)?;
        content(file.as_file_mut()).with_context(told)?;
        file.as_file().sync_all().with_context(told)?;
        Ok(Written { file, target })
    }

    /// Writes the manifest, not under its name yet.
    pub(super) fn write_manifest(&self, day: Option<&str>, manifest: &TaskManifest) -> anyhow::Result<Written> {
        let json = manifest.to_file()?;
        self.write(MANIFESTS, day, MANIFEST, |file| Ok(file.write_all(&json)?))
    }

    /// Gives all files their names, the last of them being the manifest, in place of what was there.
    pub(super) fn commit(&self, files: Vec<Written>, work: &Work, force: bool) -> anyhow::Result<Commit> {
        if !force && self.done(work)?.is_some() {
            return Ok(Commit::WasFirst);
        }
        let targets: Vec<PathBuf> = files.iter().map(|file| file.target.clone()).collect();
        self.withdraw()?;
        for Written { file, target } in files {
            let renamed = file.persist(&target);
            if let Err(error) = renamed {
                // Whoever was first cleared what others had begun.
                return match self.done(work)? {
                    Some(_) => Ok(Commit::WasFirst),
                    None => bail!("{} can't be given its name: {}", target.display(), error.error),
                };
            }
            // The names are on disk when their folder is; where folders can't be synced there is nothing to do about it.
            if let Some(folder) = target.parent().and_then(|folder| File::open(folder).ok()) {
                let _ = folder.sync_all();
            }
        }
        self.tidy(&targets)?;
        Ok(Commit::Done)
    }

    /// Takes away that the recording is done, before its files are replaced.
    fn withdraw(&self) -> anyhow::Result<()> {
        for path in self.manifests()? {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("{} can't be replaced", path.display()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Removes the recording's files that are none of these: what killed attempts left, and results that were replaced by others of
    /// another day or of fewer kinds.
    fn tidy(&self, targets: &[PathBuf]) -> anyhow::Result<()> {
        for kind in folders::inside(&self.out)? {
            for day in folders::inside(&kind)? {
                let folder = day.join(self.folder());
                if !folder.is_dir() {
                    continue;
                }
                for entry in fs::read_dir(&folder).with_context(|| format!("{} can't be read", folder.display()))? {
                    let path = entry?.path();
                    if !targets.contains(&path) && is_ours(&path) {
                        let _ = fs::remove_file(&path);
                    }
                }
                // Only empty folders can be removed like this.
                let _ = fs::remove_dir(&folder).and_then(|()| fs::remove_dir(&day));
            }
        }
        Ok(())
    }
}

/// Whether a task gives files such names: nothing else is ever removed.
fn is_ours(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(ATTEMPT) || [RECORDS, COUNTS, MANIFEST].contains(&&*name)
}

/// The file of the records of a kind.
pub(super) const RECORDS: &str = "part-0.parquet";
/// The folder of the counts that models are merged from, and the file.
pub(super) const MODELS: &str = "models";
/// See [`MODELS`].
pub(super) const COUNTS: &str = "counts.json";

/// All manifests below a folder that tasks wrote to, with the counts that belong to each.
pub(super) fn all_counts(out: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let manifests = out.join(MANIFESTS);
    if !manifests.is_dir() {
        bail!("{} has no folder `{MANIFESTS}`: name a folder that `sniffit task --out` wrote to", out.display());
    }
    let mut counts = Vec::new();
    for day in folders::inside(&manifests)? {
        for recording in folders::inside(&day)? {
            if let (true, Ok(below)) = (recording.join(MANIFEST).is_file(), recording.strip_prefix(&manifests)) {
                counts.push(out.join(MODELS).join(below).join(COUNTS));
            }
        }
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::entry::{Entry, PlannedFile};
    use analyzer_core::record::{AnalysisRecord, Kind};
    use analyzer_core::{Analyzer, Config, Reading};

    fn manifest(bytes: u64) -> TaskManifest {
        let file = PlannedFile { path: "/d/a.pcap".to_owned(), bytes, start: None };
        let entry = Entry { recording: "r".to_owned(), day: None, bytes, start: None, files: vec![file], seams: None };
        let config = Config::default();
        let by = analyzer_core::model::GroupBy::All;
        let task = Work::new("sniffit", &entry, &config, &[Kind::Objects], by);
        let totals = Analyzer::new(config).unwrap().finish(&mut analyzer_core::sink::NullSink);
        let analysis: AnalysisRecord = totals.manifest("sniffit", "r", &Reading::default(), &[]);
        TaskManifest { task, analysis }
    }

    fn files(place: &Place, manifest: &TaskManifest) -> Vec<Written> {
        let records = place.write("objects", None, RECORDS, |file| Ok(file.write_all(b"PAR1")?)).unwrap();
        vec![records, place.write_manifest(None, manifest).unwrap()]
    }

    #[test]
    fn a_recording_whose_files_are_being_replaced_is_not_done() {
        let out = tempfile::tempdir().unwrap();
        let place = Place::new(out.path(), "r");
        let (old, new) = (manifest(1), manifest(2));
        assert_eq!(place.commit(files(&place, &old), &old.task, false).unwrap(), Commit::Done);
        assert!(place.done(&old.task).unwrap().is_some() && place.done(&new.task).unwrap().is_none());
        assert_eq!(place.commit(files(&place, &old), &old.task, false).unwrap(), Commit::WasFirst);
        // Something that can't be replaced stands in the way of the second file.
        let mut blocked = files(&place, &new);
        let target = out.path().join("objects/day=__HIVE_DEFAULT_PARTITION__/recording=r/full");
        fs::create_dir_all(target.join("of files")).unwrap();
        blocked[0].target = target;
        let error = place.commit(blocked, &new.task, false).unwrap_err();
        assert!(error.to_string().contains("can't be given its name"), "{error}");
        assert!(place.done(&old.task).unwrap().is_none(), "its files may be a mixture now");
        assert_eq!(place.commit(files(&place, &new), &new.task, false).unwrap(), Commit::Done);
        assert!(place.done(&new.task).unwrap().is_some());
    }

    #[test]
    fn what_is_no_manifest_is_none() {
        let out = tempfile::tempdir().unwrap();
        let place = Place::new(out.path(), "r");
        let manifest = manifest(1);
        place.commit(files(&place, &manifest), &manifest.task, false).unwrap();
        let path = place.manifests().unwrap().pop().unwrap();
        for text in [&b""[..], b"{}", b"{\"task\":1}"] {
            fs::write(&path, text).unwrap();
            assert!(place.done(&manifest.task).unwrap().is_none());
        }
        fs::remove_file(path).unwrap();
        assert!(place.done(&manifest.task).unwrap().is_none());
    }
}
