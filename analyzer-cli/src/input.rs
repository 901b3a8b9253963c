//! Paths to inputs.
//!
//! In: what the user named: files, folders, named pipes, standard input. Out: [`Input`]s that can be opened. In a
//! folder, captures are told from other files by their first bytes after decompression; a file that the user named is
//! always taken.

use crate::decompress::Reader;
use crate::error::printable;
use crate::fleet::Sequence;
use crate::piped::Piped;
use crate::units::counted;
use analyzer_core::capture::Probe;
use analyzer_core::time::Timestamp;
use anyhow::Context as _;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// How much is read at once while the first packet is looked for.
const PEEK_STEP: usize = 64 << 10;

/// Something that holds one capture file.
pub(crate) struct Input {
    source: Source,
    /// File name without folders, `-` for standard input.
    pub(crate) name: String,
    /// Bytes on disk, if they are known before reading.
    pub(crate) bytes: Option<u64>,
    /// What was seen of its beginning; `None` until [`Input::peek`].
    peeked: Option<Peek>,
    /// Already open, because what was peeked can't be read again.
    opened: Option<Reader>,
}

enum Source {
    Stdin,
    File(PathBuf),
    /// Comes only once, like standard input.
    Pipe(PathBuf),
    /// One of several files in one stream.
    Part(Sequence),
}

/// The beginning of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peek {
    /// It begins like a capture file.
    pub(crate) is_capture: bool,
    /// Time of its first packet.
    pub(crate) start: Option<Timestamp>,
}

impl Input {
    fn new(source: Source, name: String, bytes: Option<u64>) -> Self {
        Self { source, name, bytes, peeked: None, opened: None }
    }

    fn at(path: &Path, metadata: &fs::Metadata) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        if metadata.is_file() {
            Self::new(Source::File(path.to_owned()), name, Some(metadata.len()))
        } else {
            Self::new(Source::Pipe(path.to_owned()), name, None)
        }
    }

    /// The next file of a stream that holds several.
    pub(crate) fn part(sequence: &Sequence, name: &str, bytes: u64) -> Self {
        Self::new(Source::Part(sequence.clone()), name.to_owned(), Some(bytes))
    }

    /// The file at a path.
    ///
    /// # Errors
    /// When it is not there.
    pub(crate) fn file(path: &Path) -> io::Result<Self> {
        Ok(Self::at(path, &fs::metadata(path)?))
    }

    /// Where it is, if it has a place.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::File(path) | Source::Pipe(path) => Some(path),
            Source::Stdin | Source::Part(_) => None,
        }
    }

    /// The path as the user can recognise it.
    pub(crate) fn shown(&self) -> String {
        match &self.source {
            Source::Stdin => "standard input".to_owned(),
            Source::File(path) | Source::Pipe(path) => printable(&path.to_string_lossy()),
            Source::Part(_) => format!("{} in standard input", printable(&self.name)),
        }
    }

    /// Whether it can be read a second time.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self.source, Source::File(_))
    }

    /// Opens it at its beginning.
    pub(crate) fn open(&mut self) -> io::Result<Reader> {
        if let Some(reader) = self.opened.take() {
            return Ok(reader);
        }
        match &self.source {
            Source::Stdin => Reader::new(Piped::spawn(|| Ok(io::stdin().lock()))),
            Source::File(path) => Reader::new(File::open(path)?),
            Source::Pipe(path) => {
                let path = path.clone();
                Reader::new(Piped::spawn(move || File::open(path)))
            }
            Source::Part(sequence) => Reader::new(sequence.next(&self.name, self.bytes.unwrap_or(0))?),
        }
    }

    /// Reads as far as the first packet, once. An input that can't be opened or understood has none; its reading will
    /// say why.
    pub(crate) fn peek(&mut self) -> Peek {
        if let Some(peek) = self.peeked {
            return peek;
        }
        let mut peek = Peek { is_capture: false, start: None };
        if let Ok(mut reader) = self.open() {
            let mut taken = Vec::new();
            peek = peek_into(&mut reader, &mut taken, !self.is_file());
            if !self.is_file() {
                self.opened = Some(reader.rewound(taken));
            }
        }
        self.peeked = Some(peek);
        peek
    }
}

fn peek_into(reader: &mut Reader, taken: &mut Vec<u8>, keep: bool) -> Peek {
    let mut probe = Probe::new();
    let mut step = vec![0; PEEK_STEP];
    loop {
        let (bytes, error) = reader.fill(&mut step);
        if keep {
            taken.extend_from_slice(&step[..bytes]);
        }
        let wants_more = probe.push(&step[..bytes]);
        if !wants_more || error.is_some() || bytes < step.len() {
            return Peek { is_capture: probe.is_capture(), start: probe.start() };
        }
    }
}

/// What the user's paths lead to.
#[derive(Default)]
pub(crate) struct Found {
    /// In the order of the paths; a folder's by name.
    pub(crate) inputs: Vec<Input>,
    /// What was left out, for the user.
    pub(crate) notices: Vec<String>,
}

/// Follows the paths.
///
/// # Errors
/// When a path that the user named is not there.
pub(crate) fn find(paths: &[PathBuf]) -> anyhow::Result<Found> {
    let mut found = Found::default();
    let mut seen = HashSet::new();
    let mut repeated = 0_u64;
    for path in paths {
        let candidates = candidates(path, &mut found.notices)?;
        for input in candidates {
            // A file may be named twice, or named beside its folder; its packets count once.
            let identity = match &input.source {
                Source::Stdin | Source::Part(_) => PathBuf::from("-"),
                Source::File(path) | Source::Pipe(path) => path.canonicalize().unwrap_or_else(|_| path.clone()),
            };
            if seen.insert(identity) {
                found.inputs.push(input);
            } else {
                repeated += 1;
            }
        }
    }
    if repeated > 0 {
        found.notices.push(format!("{repeated} paths lead to a file that is already in; each file is read once"));
    }
    Ok(found)
}

fn candidates(path: &Path, notices: &mut Vec<String>) -> anyhow::Result<Vec<Input>> {
    if path == Path::new("-") {
        return Ok(vec![Input::new(Source::Stdin, "-".to_owned(), None)]);
    }
    let shown = printable(&path.to_string_lossy());
    let metadata = fs::metadata(path).with_context(|| format!("{shown} can't be read"))?;
    if !metadata.is_dir() {
        return Ok(vec![Input::at(path, &metadata)]);
    }
    let mut inputs = Vec::new();
    walk(path, &mut inputs, notices)?;
    let files = inputs.len();
    let names: HashSet<PathBuf> = inputs.iter().filter_map(|input| input.path().map(Path::to_owned)).collect();
    inputs.retain(|input| !is_copy(input, &names));
    if inputs.len() < files {
        let copies = counted((files - inputs.len()) as u64, "compressed file");
        notices.push(format!("{shown}: {copies} left out, because the same lies beside uncompressed"));
    }
    let files = inputs.len();
    inputs.retain_mut(|input| input.peek().is_capture);
    if inputs.len() < files {
        let skipped = files - inputs.len();
        notices.push(format!("{shown}: {skipped} of {files} files are no captures and were left out"));
    }
    Ok(inputs)
}

/// Whether a file is `x.pcap.zst` beside `x.pcap`, as it is while a recorder compresses and where a compressor keeps what it
/// read: its packets count once.
fn is_copy(input: &Input, paths: &HashSet<PathBuf>) -> bool {
    let Some(path) = input.path() else { return false };
    let is_compressed = path.extension().is_some_and(|ending| ending == "zst" || ending == "gz");
    is_compressed && paths.contains(&path.with_extension(""))
}

/// The regular files below a folder, sorted by name. Links to folders are not followed: they may lead in circles.
fn walk(folder: &Path, inputs: &mut Vec<Input>, notices: &mut Vec<String>) -> anyhow::Result<()> {
    let shown = || format!("the folder {} can't be read", printable(&folder.to_string_lossy()));
    let entries: io::Result<Vec<_>> = fs::read_dir(folder).with_context(shown)?.collect();
    let mut entries = entries.with_context(shown)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            // A subfolder that is closed to the user does not spoil the rest.
            if let Err(error) = walk(&path, inputs, notices) {
                notices.push(format!("{error:#}"));
            }
        } else if let Ok(metadata) = fs::metadata(&path)
            && metadata.is_file()
        {
            inputs.push(Input::at(&path, &metadata));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An empty capture whose header alone makes it one, or one with a packet at `second`.
    fn pcap(second: Option<u32>) -> Vec<u8> {
        let mut file = Vec::new();
        file.extend([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]);
        if let Some(second) = second {
            file.extend(second.to_le_bytes());
            file.extend([0, 0, 0, 0, 1, 0, 0, 0, 60, 0, 0, 0, 0xff]);
        }
        file
    }

    #[test]
    fn folders_give_their_captures_sorted_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("b")).unwrap();
        for (name, bytes) in [
            ("c.pcap", pcap(Some(5))),
            ("b/x.bin.zst", zstd::encode_all(&pcap(None)[..], 1).unwrap()),
            ("a.txt", b"no capture, but more than the 24 bytes of a header".to_vec()),
            ("empty.pcap", Vec::new()),
        ] {
            fs::write(at(name), bytes).unwrap();
        }
        let mut found = find(&[folder.path().to_owned(), at("c.pcap")]).unwrap();
        let names: Vec<_> = found.inputs.iter().map(|input| input.name.clone()).collect();
        assert_eq!(names, ["x.bin.zst", "c.pcap"]);
        let starts: Vec<_> = found.inputs.iter_mut().map(|input| input.peek().start).collect();
        assert_eq!(starts, [None, Some(Timestamp::from_nanos(5_000_000_000))]);
        assert_eq!(found.notices.len(), 2);
        assert!(found.notices[0].contains("2 of 4 files are no captures"), "{:?}", found.notices);
    }

    #[test]
    fn a_compressed_copy_beside_its_file_counts_once() {
        let folder = tempfile::tempdir().unwrap();
        let compressed = zstd::encode_all(&pcap(Some(1))[..], 1).unwrap();
        for name in ["a.pcap", "b.pcap"] {
            fs::write(folder.path().join(name), pcap(Some(1))).unwrap();
        }
        for name in ["a.pcap.zst", "c.pcap.zst"] {
            fs::write(folder.path().join(name), &compressed).unwrap();
        }
        let found = find(&[folder.path().to_owned()]).unwrap();
        let names: Vec<_> = found.inputs.iter().map(|input| input.name.as_str()).collect();
        assert_eq!(names, ["a.pcap", "b.pcap", "c.pcap.zst"]);
        assert!(found.notices[0].contains("1 compressed file left out"), "{:?}", found.notices);
        // Who names it wants it.
        let named = find(&[folder.path().join("a.pcap.zst")]).unwrap();
        assert_eq!(named.inputs.len(), 1);
    }

    #[test]
    fn a_named_file_is_taken_whatever_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, b"no capture").unwrap();
        assert_eq!(find(std::slice::from_ref(&path)).unwrap().inputs.len(), 1);
        let error = find(&[path.join("missing")]).err().expect("a missing path");
        assert!(error.to_string().contains("can't be read"), "{error}");
    }
}
