//! Result folders of the program.

use super::sniffit;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// The files below a folder: relative paths and bytes.
pub(crate) type Results = BTreeMap<String, Vec<u8>>;

/// Runs `sniffit analyze` with these options on these files and reads what it wrote.
#[track_caller]
pub(crate) fn analyze_to_folder(options: &[&str], files: &[PathBuf]) -> Results {
    let out = tempfile::tempdir().expect("a folder for results");
    let mut arguments: Vec<OsString> = ["analyze", "--quiet", "-o"].map(OsString::from).into();
    arguments.push(out.path().into());
    arguments.extend(options.iter().map(OsString::from));
    arguments.extend(files.iter().map(OsString::from));
    sniffit(&arguments).expect(0);
    read_results(out.path())
}

/// All files below a folder.
pub(crate) fn read_results(folder: &Path) -> Results {
    let mut results = Results::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder of results") {
            let path = entry.expect("a folder's entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("a file below the folder").to_string_lossy().into_owned();
                results.insert(name, fs::read(&path).expect("a result"));
            }
        }
    }
    results
}

/// Takes the manifest out and leaves away what it says about the files and how they fit together.
pub(crate) fn take_manifest(results: &mut Results) -> Value {
    let text = results.remove("analysis.json").expect("there is always a manifest");
    let mut manifest: Value = serde_json::from_slice(&text).expect("a manifest is JSON");
    for field in ["inputs", "recording"] {
        manifest.as_object_mut().and_then(|fields| fields.remove(field)).expect(field);
    }
    manifest
}

/// Checks that two results are the same, byte for byte, without printing megabytes when they aren't.
#[track_caller]
pub(crate) fn assert_same(found: &Results, expected: &Results, what: &str) {
    let names = |results: &Results| results.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(expected), "{what}: files");
    for (name, bytes) in expected {
        assert!(found[name] == *bytes, "{what}: {name} differs");
    }
}
