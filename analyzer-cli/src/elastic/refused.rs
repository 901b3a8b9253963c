//! Documents that the server would not take.
//!
//! In: documents and the reasons. Out: a file with one JSON object a line, as the core encodes it. Guaranteed: made with
//! the first refusal only; an earlier file is never replaced; readable by its owner only, because results are private.

use analyzer_core::sink::bulk::{Body, Refusal, RefusedDocument};
use anyhow::Context as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

const DEFAULT_NAME: &str = "sniffit-refused.ndjson";

/// The file, once it is needed.
#[derive(Debug)]
pub(super) struct RefusedFile {
    /// Where the user wants it.
    wanted: Option<PathBuf>,
    open: Option<(File, PathBuf)>,
    error: Option<anyhow::Error>,
}

impl RefusedFile {
    pub(super) const fn new(wanted: Option<PathBuf>) -> Self {
        Self { wanted, open: None, error: None }
    }

    /// Keeps a document. The first error stays for [`path`](Self::path).
    pub(super) fn keep(&mut self, body: &Body, refusal: &Refusal) {
        if self.error.is_none()
            && let Err(error) = self.write(body, refusal)
        {
            self.error = Some(error);
        }
    }

    fn write(&mut self, body: &Body, refusal: &Refusal) -> anyhow::Result<()> {
        if self.open.is_none() {
            self.open = Some(create(self.wanted.as_deref())?);
        }
        let Some((file, path)) = &mut self.open else { return Ok(()) };
        let mut line = Vec::new();
        RefusedDocument::new(body, refusal).encode(&mut line);
        file.write_all(&line).with_context(|| format!("refused documents can't be kept in {}", path.display()))
    }

    /// Where the refused documents are; none when none was refused.
    ///
    /// # Errors
    /// When one could not be kept.
    pub(super) fn path(&mut self) -> anyhow::Result<Option<PathBuf>> {
        match self.error.take() {
            Some(error) => Err(error),
            None => Ok(self.open.as_ref().map(|(_, path)| path.clone())),
        }
    }
}

/// A new file at the path that is wanted, or under the first free name in the current folder.
fn create(wanted: Option<&Path>) -> anyhow::Result<(File, PathBuf)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let first = wanted.unwrap_or_else(|| Path::new(DEFAULT_NAME));
    for number in 0..1_000 {
        let path = if number == 0 { first.to_owned() } else { numbered(first, number) };
        match options.open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("a file for refused documents, {}, can't be made", path.display()));
            }
        }
    }
    anyhow::bail!("{} and a thousand files like it are there already: move them away", first.display())
}

/// `a.ndjson` to `a-2.ndjson`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().map(|extension| format!(".{}", extension.to_string_lossy())).unwrap_or_default();
    path.with_file_name(format!("{stem}-{}{extension}", number + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::sink::bulk::BulkEncoder;

    #[test]
    fn refused_documents_are_kept_beside_earlier_ones() {
        let folder = tempfile::tempdir().unwrap();
        let wanted = folder.path().join("no.ndjson");
        let mut encoder = BulkEncoder::new("sniffit-bins-a-b", usize::MAX);
        encoder.push_document("1d2", br#"{"a":"x \" y"}"#);
        encoder.push_document("1d3", br#"{"a":1.50}"#);
        let body = encoder.finish().unwrap();
        for expected in ["no.ndjson", "no-2.ndjson", "no-3.ndjson"] {
            let mut file = RefusedFile::new(Some(wanted.clone()));
            assert!(file.path().unwrap().is_none());
            for position in [1, 0] {
                file.keep(&body, &Refusal { position, status: 400, reason: "bad".to_owned() });
            }
            let path = file.path().unwrap().unwrap();
            assert_eq!(path, folder.path().join(expected));
            let text = std::fs::read_to_string(path).unwrap();
            assert_eq!(
                text,
                "{\"index\":\"sniffit-bins-a-b\",\"name\":\"1d3\",\"status\":400,\"reason\":\"bad\",\"document\":{\"a\":1.50}}\n\
                 {\"index\":\"sniffit-bins-a-b\",\"name\":\"1d2\",\"status\":400,\"reason\":\"bad\",\"document\":{\"a\":\"x \\\" y\"}}\n"
            );
        }
    }

    #[test]
    fn a_file_that_cannot_be_made_is_told_once() {
        let mut encoder = BulkEncoder::new("i", usize::MAX);
        encoder.push_document("1", b"{}");
        let body = encoder.finish().unwrap();
        let mut file = RefusedFile::new(Some("/nowhere/at/all".into()));
        file.keep(&body, &Refusal { position: 0, status: 400, reason: String::new() });
        assert!(format!("{:#}", file.path().unwrap_err()).contains("/nowhere/at/all"));
    }
}
