//! Files to recordings: which belong together, and what each recording is called.
//!
//! In: inputs, and the folders that were named. Out: groups with names. Guaranteed: names are unique, can be folders, and
//! depend on a recording's own files, as long as no other has the same.

use crate::cli::SeriesBy;
use crate::input::Input;
use analyzer_core::capture::series_name;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use twox_hash::XxHash3_64;

/// The files of one recording, in no order.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) inputs: Vec<Input>,
}

/// Puts files together.
pub(super) fn group(inputs: Vec<Input>, roots: &[PathBuf], by: SeriesBy) -> Vec<Group> {
    let mut series: BTreeMap<PathBuf, (String, Vec<Input>)> = BTreeMap::new();
    for input in inputs {
        let path = input.path().unwrap_or(Path::new("")).to_owned();
        let folder = path.parent().unwrap_or(Path::new(""));
        let key = match by {
            SeriesBy::Name => folder.join(series_name(&input.name)),
            SeriesBy::Folder => folder.to_owned(),
            SeriesBy::File => path.clone(),
        };
        let below = key.strip_prefix(root(roots, &path)).ok().filter(|below| !below.as_os_str().is_empty());
        let last = key.file_name().map(Path::new);
        let shown = below.or(last).unwrap_or(Path::new("captures")).to_string_lossy().into_owned();
        let name = if by == SeriesBy::File { without_ending(&shown) } else { &shown };
        series.entry(key).or_insert_with(|| (folder_name(name), Vec::new())).1.push(input);
    }
    let mut uses: BTreeMap<String, u32> = BTreeMap::new();
    for (name, _) in series.values() {
        *uses.entry(name.clone()).or_default() += 1;
    }
    let named = series.into_iter().map(|(key, (name, inputs))| {
        let name = if uses[&name] > 1 { format!("{name}-{}", digest(&key)) } else { name };
        Group { name, inputs }
    });
    named.collect()
}

/// `monday/x.pcap.zst` to `monday/x`.
fn without_ending(shown: &str) -> &str {
    let name = shown.rsplit('/').next().unwrap_or(shown);
    let stem = analyzer_core::capture::capture_name(&[name]);
    &shown[..shown.len() - name.len() + stem.len().min(name.len())]
}

/// A name that can be a folder everywhere, and part of a URL.
fn folder_name(shown: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    let plain = shown.chars().map(|character| match character {
        '/' => '-',
        character if is_plain(character) => character,
        _ => '_',
    });
    plain.collect()
}

fn digest(key: &Path) -> String {
    format!("{:08x}", XxHash3_64::oneshot(key.as_os_str().as_encoded_bytes()) as u32)
}

/// The folder that was named and that a file was found below.
fn root<'a>(roots: &'a [PathBuf], path: &Path) -> &'a Path {
    let above = roots.iter().filter(|root| path.starts_with(root));
    above.max_by_key(|root| root.as_os_str().len()).map_or(Path::new(""), PathBuf::as_path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn files_of_a_folder_that_share_their_name_are_a_recording() {
        let folder = tempfile::tempdir().unwrap();
        let capture = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
        for name in [
            "x_00001.pcap",
            "x_00002.pcap",
            "x.pcap",
            "lab 1/x_00001.pcap",
            "lab 1/phone-1.pcap",
            "lab 1/phone-2.pcap.zst",
            "lab_1/x_00003.pcap",
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, capture).unwrap();
        }
        for (by, expected) in [
            (SeriesBy::Name, &["lab_1-phone-1 1", "lab_1-phone-2 1", "lab_1-x-# 1", "lab_1-x-# 1", "x 3"][..]),
            (SeriesBy::Folder, &["lab_1-# 3", "lab_1-# 1", "top 3"]),
            (
                SeriesBy::File,
                &[
                    "lab_1-phone-1 1",
                    "lab_1-phone-2 1",
                    "lab_1-x_00001 1",
                    "lab_1-x_00003 1",
                    "x 1",
                    "x_00001 1",
                    "x_00002 1",
                ],
            ),
        ] {
            let roots = [folder.path().to_owned()];
            let top = folder.path().file_name().unwrap().to_string_lossy().into_owned();
            let inputs = crate::input::find(&roots).unwrap().inputs;
            let groups = group(inputs, &roots, by);
            let mut names: Vec<String> = Vec::new();
            for group in groups {
                // Eight digits, which depend on where the test's folder is.
                let digits = group.name.len().checked_sub(8).filter(|_| by != SeriesBy::File && group.name.len() > 13);
                let name = match digits {
                    Some(at) if group.name.as_bytes()[at - 1] == b'-' => format!("{}#", &group.name[..at]),
                    _ => group.name,
                };
                let name = if name == folder_name(&top) { "top".to_owned() } else { name };
                names.push(format!("{name} {}", group.inputs.len()));
            }
            names.sort();
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(names, expected, "{by:?}");
        }
    }
}
