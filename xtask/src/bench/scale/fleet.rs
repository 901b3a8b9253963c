//! Recordings that were rotated, cut from a mix.
//!
//! In: a mix, which is a classic pcap. Out: folders of files of equal numbers of packets, eight recordings of them in each folder, of which
//! the largest has as many files as the mix has in twenty-four fifty-eighths. Guaranteed: further folders are hard links and take no room.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Files of each recording.
const FILES: [usize; 8] = [24, 12, 8, 5, 4, 3, 1, 1];

const FILE_HEADER_BYTES: usize = 24;
const RECORD_HEADER_BYTES: usize = 16;

/// Writes the first folder, unless it is there, and returns the paths of its files below it.
pub(super) fn cut(mix: &Path, packets: u64, folder: &Path) -> Result<Vec<PathBuf>> {
    let names = names();
    let done = folder.join(".done");
    if done.exists() {
        return Ok(names);
    }
    let told = || format!("cannot cut {}", mix.display());
    let mut input = BufReader::with_capacity(1 << 20, File::open(mix).with_context(told)?);
    let mut header = [0; FILE_HEADER_BYTES];
    input.read_exact(&mut header).with_context(told)?;
    let packets_a_file = packets.div_ceil(names.len() as u64);
    let mut frame = Vec::new();
    for name in &names {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&path)?);
        out.write_all(&header)?;
        for _ in 0..packets_a_file {
            let mut record = [0; RECORD_HEADER_BYTES];
            if let Err(error) = input.read_exact(&mut record) {
                if error.kind() == std::io::ErrorKind::UnexpectedEof {
                    break;
                }
                return Err(error).with_context(told);
            }
            let captured = u32::from_le_bytes([record[8], record[9], record[10], record[11]]);
            frame.resize(captured as usize, 0);
            input.read_exact(&mut frame).with_context(told)?;
            out.write_all(&record)?;
            out.write_all(&frame)?;
        }
        out.flush()?;
    }
    if !input.fill_buf()?.is_empty() {
        bail!("{} holds more packets than its facts say", mix.display());
    }
    File::create(done)?;
    Ok(names)
}

/// Links the files of the first folder into further ones beside it.
pub(super) fn copy(names: &[PathBuf], first: &Path, folder: &Path) -> Result<()> {
    for name in names {
        let path = folder.join(name);
        if !path.exists() {
            std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
            std::fs::hard_link(first.join(name), &path).with_context(|| format!("cannot link {}", path.display()))?;
        }
    }
    Ok(())
}

fn names() -> Vec<PathBuf> {
    let files = FILES.iter().enumerate().flat_map(|(recording, files)| {
        (1..=*files).map(move |number| PathBuf::from(format!("vps{recording}/wg0_{number:05}.pcap")))
    });
    files.collect()
}
