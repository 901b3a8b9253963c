//! `sniffit plan`: folders of captures in, one line a recording out.
//!
//! In: the arguments. Out: a plan on standard output, the largest recording first, so that the longest task begins first. Guaranteed: the
//! same files give the same plan.

use super::entry::{Entry, PlannedFile};
use super::grouping::{self, Group};
use super::scan;
use crate::cli::PlanArguments;
use crate::error::{Exit, printable};
use crate::input;
use crate::interrupt;
use crate::progress::Progress;
use crate::recording::Recording;
use crate::units;
use anyhow::{Context as _, bail};
use std::cmp::Reverse;
use std::io::Write as _;
use std::path::Path;

/// Runs the command.
///
/// # Errors
/// When there is no capture, or the plan can't be written.
pub(crate) fn run(arguments: &PlanArguments) -> anyhow::Result<Exit> {
    interrupt::install()?;
    let folder = match (&arguments.url, &arguments.paths[..]) {
        (None, _) => None,
        (Some(url), [folder]) if folder.is_dir() => Some((url.trim_end_matches('/'), folder.as_path())),
        (Some(_), _) => bail!("--url stands for one folder: name that folder and nothing else"),
    };
    let found = input::find(&arguments.paths)?;
    let note = |text: &str| {
        if !arguments.quiet {
            let _ = writeln!(std::io::stderr(), "note: {text}");
        }
    };
    found.notices.iter().for_each(|notice| note(notice));
    if let Some(input) = found.inputs.iter().find(|input| !input.is_file()) {
        bail!("{} can't be read by a task later: a plan is made of files", input.shown());
    }
    if found.inputs.is_empty() {
        bail!("there is no capture file (pcap or pcapng) in what was named");
    }
    let bytes: u64 = found.inputs.iter().filter_map(|input| input.bytes).sum();
    let progress = Progress::new(Some(bytes), arguments.quiet || !arguments.scan);
    let mut entries = Vec::new();
    for group in grouping::group(found.inputs, &arguments.paths, arguments.group_by) {
        entries.push(entry(group, folder, arguments.scan, &progress)?);
    }
    progress.clear();
    entries.sort_by(|one, other| (Reverse(one.bytes), &one.recording).cmp(&(Reverse(other.bytes), &other.recording)));
    let mut lines = String::new();
    for entry in &entries {
        lines += &serde_json::to_string(entry)?;
        lines.push('\n');
    }
    std::io::stdout().write_all(lines.as_bytes()).context("standard output can't be written")?;
    let files: usize = entries.iter().map(|entry| entry.files.len()).sum();
    let counted = |number: usize, what| units::counted(number as u64, what);
    note(&format!("{} of {}, {}", counted(entries.len(), "recording"), counted(files, "file"), units::bytes(bytes)));
    let empty = entries.iter().filter(|entry| entry.start.is_none()).count();
    if empty > 0 {
        note(&format!("{} without a packet", counted(empty, "recording")));
    }
    Ok(Exit::Complete)
}

fn entry(group: Group, folder: Option<(&str, &Path)>, scan: bool, progress: &Progress) -> anyhow::Result<Entry> {
    let mut recording = Recording::of_all(group.inputs, Some(group.name));
    let mut files = Vec::new();
    for input in &mut recording.inputs {
        let start = input.peek().start;
        let path = input.path().unwrap_or(Path::new(""));
        let Some(text) = path.to_str() else {
            bail!("{} can't stand in a plan, because its name is no Unicode text: rename it", input.shown());
        };
        let path = match folder {
            None => text.to_owned(),
            Some((url, folder)) => {
                let below = path.strip_prefix(folder).ok().and_then(Path::to_str);
                format!("{url}/{}", below.with_context(|| format!("{} is not below the folder", printable(text)))?)
            }
        };
        files.push(PlannedFile { path, bytes: input.bytes.unwrap_or(0), start: start.map(|start| start.to_string()) });
    }
    let start = files.iter().find_map(|file| file.start.clone());
    let seams = if scan { Some(scan::seams(&mut recording.inputs, progress)?) } else { None };
    Ok(Entry {
        recording: recording.name,
        day: start.as_deref().and_then(|start| start.get(..10)).map(str::to_owned),
        bytes: files.iter().map(|file| file.bytes).sum(),
        start,
        files,
        seams,
    })
}
