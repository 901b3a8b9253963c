//! Names of files, and which files are ours.
//!
//! In: a prefix, an interface, the second in which a file was begun, and its number. Out: names, and the names that were given
//! before. Guaranteed: a name is read back only when it has exactly the form in which names are given, so that nothing else is ever
//! taken for a file of ours.

use analyzer_core::time::Timestamp;
use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// When the prefix names a folder.
const DEFAULT_STEM: &str = "capture";
const PART: &str = "part";
/// Of compressed files, behind that of their format.
pub(crate) const PACKED: &str = "zst";

/// Where the files of one interface lie, and how their names begin.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    folder: PathBuf,
    /// `capture-wg0-`
    begin: String,
}

/// A file's name without its ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stem(PathBuf);

impl Stem {
    /// While it is written.
    pub(crate) fn part(&self, ending: &str) -> PathBuf {
        self.with(&format!("{ending}.{PART}"))
    }

    /// When it is complete.
    pub(crate) fn path(&self, ending: &str) -> PathBuf {
        self.with(ending)
    }

    fn with(&self, ending: &str) -> PathBuf {
        let mut path = self.0.clone().into_os_string();
        path.push(".");
        path.push(ending);
        path.into()
    }
}

/// A file of this place that is complete, in one form or, while it is compressed, in two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Completed {
    /// The plain file, if it is there, or else the compressed one.
    pub(crate) path: PathBuf,
    /// The compressed file beside the plain one.
    pub(crate) packed: Option<PathBuf>,
    /// The same while it is written.
    pub(crate) packing: Option<PathBuf>,
    pub(crate) sidecar: PathBuf,
    /// Of all of them but the sidecar.
    pub(crate) bytes: u64,
}

impl Completed {
    /// Whether something stands beside the plain file.
    pub(crate) const fn is_double(&self) -> bool {
        self.packed.is_some() || self.packing.is_some()
    }
}

/// When a file was begun, and its number.
type Key = (String, u64);

/// Path and bytes of a file in each [`Form`].
type Forms = [Option<(PathBuf, u64)>; 3];

/// A name of our own form.
struct Name<'a> {
    /// With the ending of its format and no other.
    plain: &'a str,
    stem: &'a str,
    /// What it is ordered by.
    key: Key,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Packed,
    /// Compressed, and not complete.
    Packing,
}

impl Place {
    /// Of a prefix, which may be a folder.
    pub(crate) fn new(prefix: &Path, interface: &str) -> Self {
        let is_folder = prefix.is_dir() || prefix.as_os_str().as_encoded_bytes().ends_with(b"/");
        let (folder, stem) = if is_folder {
            (prefix.to_owned(), DEFAULT_STEM.to_owned())
        } else {
            let folder = prefix.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            (folder.to_owned(), prefix.file_name().unwrap_or_default().to_string_lossy().into_owned())
        };
        // An interface's name may hold all but a slash and white space.
        Self { folder, begin: format!("{stem}-{interface}-") }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes the folder, for its owner alone, unless it is there.
    pub(crate) fn make_folder(&self) -> io::Result<()> {
        std::fs::DirBuilder::new().recursive(true).mode(super::FOLDER_MODE).create(&self.folder)
    }

    /// The name of the next file: of the two that were not used yet, the smaller number from `number` on, which it sets.
    pub(crate) fn next(&self, begun: Timestamp, number: &mut u64) -> Stem {
        loop {
            *number += 1;
            let name = format!("{}{}-{number:05}", self.begin, compact(begun));
            let stem = Stem(self.folder.join(name));
            let endings = ["pcap", "pcapng", "pcap.zst", "pcapng.zst", "json"];
            let is_used = endings.iter().any(|ending| stem.path(ending).exists() || stem.part(ending).exists());
            if !is_used {
                return stem;
            }
        }
    }

    /// The complete files of this and earlier runs, the oldest first.
    pub(crate) fn completed(&self) -> io::Result<Vec<Completed>> {
        let mut found: BTreeMap<(Key, String), Forms> = BTreeMap::new();
        let mut stems = BTreeMap::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            let text = entry.file_name();
            let Some(name) = text.to_str().and_then(|text| self.parse(text)) else { continue };
            // It may have been compressed or deleted since it was listed.
            let Some(metadata) = entry.metadata().map(Some).or_else(none_if_gone)? else { continue };
            if metadata.is_file() {
                stems.insert(name.plain.to_owned(), name.stem.to_owned());
                let forms = found.entry((name.key, name.plain.to_owned())).or_default();
                forms[name.form as usize] = Some((entry.path(), metadata.len()));
            }
        }
        let completed = found.into_iter().filter_map(|((_, name), [plain, packed, packing])| {
            let sidecar = self.folder.join(format!("{}.json", stems.get(&name)?));
            let bytes = [&plain, &packed, &packing].into_iter().flatten().map(|(_, bytes)| bytes).sum();
            let path_of = |form: Option<(PathBuf, u64)>| form.map(|(path, _)| path);
            let (path, packed) = match (path_of(plain), path_of(packed)) {
                (Some(plain), packed) => (plain, packed),
                (None, packed) => (packed?, None),
            };
            Some(Completed { path, packed, packing: path_of(packing), sidecar, bytes })
        });
        Ok(completed.collect())
    }

    /// Files whose recorder did not end them, or that are being written by another.
    pub(crate) fn unfinished(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut found: Vec<PathBuf> = entries
            .filter(|entry| {
                let name = entry.file_name();
                let complete = name.to_str().and_then(|name| name.strip_suffix(".part"));
                complete.and_then(|name| self.parse(name)).is_some_and(|name| name.form == Form::Plain)
            })
            .map(|entry| entry.path())
            .collect();
        found.sort();
        found
    }

    /// A name of our own form; that of a plain file which is not complete is none here.
    fn parse<'a>(&self, name: &'a str) -> Option<Name<'a>> {
        let (plain, form) = if let Some(plain) = name.strip_suffix(".zst.part") {
            (plain, Form::Packing)
        } else if let Some(plain) = name.strip_suffix(".zst") {
            (plain, Form::Packed)
        } else {
            (name, Form::Plain)
        };
        let stem = plain.strip_suffix(".pcap").or_else(|| plain.strip_suffix(".pcapng"))?;
        let (time, number) = stem.strip_prefix(&self.begin)?.split_once('-')?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_time = time.len() == 16
            && time.is_ascii()
            && digits(&time[..8])
            && &time[8..9] == "T"
            && digits(&time[9..15])
            && &time[15..] == "Z";
        let is_number = number.len() >= 5 && digits(number);
        let key = (time.to_owned(), number.parse().ok()?);
        (is_time && is_number).then_some(Name { plain, stem, key, form })
    }
}

fn none_if_gone<T>(error: io::Error) -> io::Result<Option<T>> {
    if error.kind() == io::ErrorKind::NotFound { Ok(None) } else { Err(error) }
}

/// `20200301T100000Z`
fn compact(time: Timestamp) -> String {
    let text = time.to_string();
    text.chars().take(19).filter(|character| !matches!(character, '-' | ':')).chain(['Z']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Timestamp = Timestamp::from_nanos(1_583_056_800_999_999_999);

    #[test]
    fn prefixes() {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = |name: &str| folder.path().join(name);
        for (prefix, expected) in [
            (inside("phone"), inside("phone-wg0-20200301T100000Z-00001.pcap")),
            (folder.path().to_owned(), inside("capture-wg0-20200301T100000Z-00001.pcap")),
            (inside("new/"), inside("new/capture-wg0-20200301T100000Z-00001.pcap")),
            (PathBuf::from("x"), PathBuf::from("./x-wg0-20200301T100000Z-00001.pcap")),
        ] {
            let stem = Place::new(&prefix, "wg0").next(SECOND, &mut 0);
            assert_eq!(stem.path("pcap"), expected, "{}", prefix.display());
        }
    }

    #[test]
    fn a_name_that_is_used_is_not_given_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::new(&folder.path().join("x"), "tun0");
        for name in [
            "x-tun0-20200301T100000Z-00001.pcapng",
            "x-tun0-20200301T100000Z-00002.pcap.part",
            "x-tun0-20200301T100000Z-00003.json",
            "x-tun0-20200301T100000Z-00004.pcap.zst",
            "x-tun0-20200301T100000Z-00005.pcapng.zst.part",
        ] {
            std::fs::write(folder.path().join(name), "").expect("written");
        }
        let mut number = 0;
        let stem = place.next(SECOND, &mut number);
        assert_eq!((stem.path("pcap"), number), (folder.path().join("x-tun0-20200301T100000Z-00006.pcap"), 6));
    }

    #[test]
    fn only_names_of_our_own_are_ours() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::new(&folder.path().join("x"), "tun0");
        let ours = [
            "x-tun0-20200301T095959Z-00007.pcap",
            "x-tun0-20200301T100000Z-00001.pcapng",
            "x-tun0-20200301T100000Z-00002.pcap",
            "x-tun0-20200301T100000Z-00003.pcap.zst",
            "x-tun0-20200301T100000Z-00004.pcapng.zst",
            "x-tun0-20200301T100000Z-100000.pcap",
        ];
        let others = [
            "x-tun0-20200301T100000Z-00001.json",
            "x-tun0-20200301T100000Z-00001.pcap.part",
            "x-tun0-20200301T100000Z-1.pcap",
            "x-tun0-20200301T10000Z-00001.pcap",
            "x-tun0-20200301T100000Z-00001.pcap.gz",
            "x-tun0-20200301T100000Z-00001.zst",
            "x-tun0-20200301T100000Z-00001.json.zst",
            "x-tun0-20200301T100000Z-00005.pcap.zst.part",
            "x-tun0-20200301T100000Z-1.pcap.zst",
            "x-tun0-20200301T100000Z-00001.pcap.zst.zst",
            "x-tun01-20200301T100000Z-00001.pcap",
            "x-tun0-mine.pcap",
            "thesis.pcap",
        ];
        for name in ours.iter().rev().chain(&others) {
            std::fs::write(folder.path().join(name), "12").expect("written");
        }
        std::fs::create_dir(folder.path().join("x-tun0-20200301T100000Z-00009.pcap")).expect("made");
        let found = place.completed().expect("listed");
        let names: Vec<_> =
            found.iter().map(|file| file.path.file_name().expect("a name").to_str().expect("text")).collect();
        assert_eq!(names, ours);
        assert_eq!(found[0].bytes, 2);
        assert_eq!(found[1].sidecar, folder.path().join("x-tun0-20200301T100000Z-00001.json"));
        assert_eq!(place.unfinished(), [folder.path().join("x-tun0-20200301T100000Z-00001.pcap.part")]);
    }
    #[test]
    fn what_is_being_compressed_is_one_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::new(&folder.path().join("x"), "wg0");
        let path = |ending: &str| folder.path().join(format!("x-wg0-20200301T100000Z-00001.pcap{ending}"));
        for (endings, expected) in [
            (&["", ".zst.part"][..], Some(("", None, Some(".zst.part"), 2))),
            (&["", ".zst"], Some(("", Some(".zst"), None, 2))),
            (&[".zst"], Some((".zst", None, None, 1))),
            (&[".zst.part"], None),
        ] {
            for ending in endings {
                std::fs::write(path(ending), "1").expect("written");
            }
            let expected: Vec<Completed> = expected
                .map(|(plain, packed, packing, bytes)| Completed {
                    path: path(plain),
                    packed: packed.map(path),
                    packing: packing.map(path),
                    sidecar: folder.path().join("x-wg0-20200301T100000Z-00001.json"),
                    bytes,
                })
                .into_iter()
                .collect();
            assert_eq!(place.completed().expect("listed"), expected, "{endings:?}");
            assert!(place.unfinished().is_empty());
            for ending in endings {
                std::fs::remove_file(path(ending)).expect("removed");
            }
        }
    }
}
