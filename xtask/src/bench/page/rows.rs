//! What is measured of the page and beside it.
//!
//! In: a capture and the names that `--only` has. Out: [`Row`]s in the order of the table, reading to nothing first. Guaranteed: reading
//! to nothing always stays, for all others are compared with it.

use std::path::Path;

use crate::bench::measure::Job;
use crate::bench::rows::{ALL_NDJSON, SUMMARY, Setting, Tool};

pub(super) const NOTHING: &str = "nothing";
pub(super) const PAGE: &str = "page";
pub(super) const MODULE: &str = "module";
pub(super) const NATIVE: &str = "native";
const NATIVE_ALL: &str = "native-all";
pub(super) const WIREGASM: &str = "wiregasm";

/// The names that `--only` understands.
pub(super) const NAMES: [&str; 6] = [NOTHING, PAGE, MODULE, NATIVE, NATIVE_ALL, WIREGASM];

pub(super) struct Row {
    pub(super) name: &'static str,
    /// As the table shows it.
    pub(super) shown: String,
    pub(super) how: How,
}

pub(super) enum How {
    /// In a Chromium of its own, by the name of the row.
    Browser,
    Native(Job),
    /// Why not.
    NotRun(String),
}

/// The rows for `capture`, all or those named. `wiregasm` is its word on why it can't be run, if it can't.
pub(super) fn rows(setting: &Setting<'_>, capture: &Path, only: &[String], wiregasm: Option<&str>) -> Vec<Row> {
    let browser = |name, shown: &str| Row { name, shown: shown.to_owned(), how: How::Browser };
    let native = |name, tool: &str| {
        let rows = setting.rows(capture, &[tool.to_owned()]);
        rows.into_iter().filter(|row| row.name == tool).find_map(|row| match row.tool {
            Tool::Ready(job) => Some(Row { name, shown: row.shown, how: How::Native(job) }),
            Tool::NotInstalled { .. } => None,
        })
    };
    let mut all = vec![
        browser(NOTHING, "reading to nothing, in a worker"),
        browser(PAGE, "the page"),
        browser(MODULE, "its module alone, in a worker"),
    ];
    all.extend(native(NATIVE, SUMMARY));
    all.extend(native(NATIVE_ALL, ALL_NDJSON));
    all.push(match wiregasm {
        None => browser(WIREGASM, "`@goodtools/wiregasm`, in a worker"),
        Some(reason) => {
            let how = How::NotRun(reason.to_owned());
            Row { name: WIREGASM, shown: "`@goodtools/wiregasm`".to_owned(), how }
        }
    });
    all.retain(|row| row.name == NOTHING || only.is_empty() || only.iter().any(|name| name == row.name));
    all
}
