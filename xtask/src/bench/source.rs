//! Finds and loads the captures that the big ones are mixed from.
//!
//! In: files and folders of classic pcap (plain or gzip) and, through Wireshark's `editcap` where it is installed, pcapng.
//! Out: [`Source`]s in a fixed order. Guaranteed: whatever was left out is counted in [`Skipped`].

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use flate2::bufread::MultiGzDecoder;

use super::pcap::{self, Loaded, Source};

/// The sources are held in memory, so a folder of huge captures must not take the machine down.
const MAX_SOURCE_BYTES: u64 = 2_000_000_000;

/// What was left out, by reason. Silence here would make two machines' mixes differ without anybody noticing.
#[derive(Default)]
pub(super) struct Skipped {
    other_link_type: usize,
    absurd_lengths: usize,
    unreadable: usize,
    no_editcap: usize,
    over_memory_limit: usize,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} neither Ethernet nor raw IP, {} with absurd lengths, {} unreadable or empty, {} pcapng without editcap, \
             {} beyond the memory limit",
            self.other_link_type, self.absurd_lengths, self.unreadable, self.no_editcap, self.over_memory_limit
        )
    }
}

/// Loads every capture below `roots`, in a fixed order: the order decides which random start a capture gets.
pub(super) fn load_all(roots: &[PathBuf]) -> Result<(Vec<Source>, Skipped)> {
    let has_editcap = super::programs::exists("editcap");
    let mut sources = Vec::new();
    let mut skipped = Skipped::default();
    let mut held_bytes = 0;
    for path in list(roots)? {
        match load(&path, has_editcap) {
            Ok(Loaded::Source(source)) if held_bytes + source.frame_bytes() <= MAX_SOURCE_BYTES => {
                held_bytes += source.frame_bytes();
                sources.push(source);
            }
            Ok(Loaded::Source(_)) => skipped.over_memory_limit += 1,
            Ok(Loaded::OtherLinkType) => skipped.other_link_type += 1,
            Ok(Loaded::AbsurdLengths) => skipped.absurd_lengths += 1,
            Ok(Loaded::NeedsEditcap) => skipped.no_editcap += 1,
            Err(_) => skipped.unreadable += 1,
        }
    }
    Ok((sources, skipped))
}

/// All capture files below `roots`, sorted within each root.
pub(super) fn list(roots: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for root in roots {
        let mut found = Vec::new();
        walk(root, &mut found).with_context(|| format!("cannot list {}", root.display()))?;
        found.sort();
        files.append(&mut found);
    }
    Ok(files)
}

fn walk(path: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            walk(&entry?.path(), found)?;
        }
    } else {
        let name = path.to_string_lossy();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        if [".pcap", ".cap", ".pcapng"].iter().any(|extension| name.ends_with(extension)) {
            found.push(path.to_owned());
        }
    }
    Ok(())
}

fn load(path: &Path, has_editcap: bool) -> Result<Loaded> {
    let mut bytes = read_unzipped(path)?;
    if bytes.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]) {
        if !has_editcap {
            return Ok(Loaded::NeedsEditcap);
        }
        // Editcap stops with an error at the first packet of a second link type; what it wrote until then is of one type.
        let converted =
            Command::new("editcap").args(["-F", "pcap"]).arg(path).arg("-").stderr(Stdio::null()).output()?;
        bytes = converted.stdout;
    }
    pcap::parse(&bytes)
}

fn read_unzipped(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        MultiGzDecoder::new(BufReader::new(File::open(path)?)).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
