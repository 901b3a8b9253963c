//! The captures that are rewritten.

use super::rewrite::readable_packets;
use crate::support::{Packet, capture_files, captures, read_capture, shared};
use std::path::PathBuf;

/// Captures of whole connections of real and of simulated programs.
pub(super) fn truth() -> Vec<PathBuf> {
    ["truth/lab", "truth/real"].iter().flat_map(|folder| capture_files(&captures(folder))).collect()
}

/// And those of conventions, of others, and hostile ones.
pub(super) fn all() -> Vec<PathBuf> {
    let others = ["data/captures", "data/hostile", "data/truth/lab", "data/truth/real"].into_iter().filter_map(shared);
    let mut paths = truth();
    paths.extend(capture_files(&captures("conventions")));
    paths.extend(others.flat_map(|folder| capture_files(&folder)));
    paths
}

/// The packets of each, with its name.
pub(super) fn each(paths: Vec<PathBuf>, mut check: impl FnMut(&str, Vec<Packet>)) {
    for path in paths {
        check(&path.display().to_string(), readable_packets(&read_capture(&path)));
    }
}
