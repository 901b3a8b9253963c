//! Where captures are, and their bytes, decompressed.

use flate2::read::MultiGzDecoder;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The workspace's folder.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is a folder of the workspace")
}

/// A folder or file below `tests/captures`.
pub(crate) fn captures(relative: &str) -> PathBuf {
    root().join("tests/captures").join(relative)
}

/// A folder of captures that can't be published, beside the workspace. `None`, with a line that says so, when it isn't
/// there.
pub(crate) fn shared(relative: &str) -> Option<PathBuf> {
    let path = root().join("../shared").join(relative);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: ../shared/{relative} is not here");
    None
}

/// The capture files of a folder, sorted by name.
pub(crate) fn capture_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder's entry").path()).collect();
    paths.retain(|path| {
        let name = path.to_string_lossy();
        name.contains(".pcap") || name.ends_with(".cap") || name.ends_with(".bin")
    });
    paths.sort();
    assert!(!paths.is_empty(), "{} holds no capture", folder.display());
    paths
}

/// All files below a folder: their path in it, and where they are.
pub(crate) fn files_below(folder: &Path) -> Vec<(String, PathBuf)> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(&inside).unwrap_or_else(|error| panic!("{}: {error}", inside.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.strip_prefix(folder).expect("below it").to_str().expect("text").to_owned(), path));
            }
        }
    }
    files
}

/// The file's name without folders and endings.
pub(crate) fn capture_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split(".pcap").next().unwrap_or_default().to_owned()
}

/// A capture's bytes, decompressed if its magic is that of gzip or zstd.
pub(crate) fn read_capture(path: &Path) -> Vec<u8> {
    let raw = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    let read = match raw.as_slice() {
        [0x1f, 0x8b, ..] => MultiGzDecoder::new(raw.as_slice()).read_to_end(&mut bytes),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            zstd::Decoder::new(raw.as_slice()).and_then(|mut decoder| decoder.read_to_end(&mut bytes))
        }
        _ => return raw,
    };
    read.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    bytes
}

/// A text file, decompressed likewise.
pub(crate) fn read_text(path: &Path) -> String {
    String::from_utf8(read_capture(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
