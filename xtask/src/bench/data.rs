//! Mixes big captures out of small ones.
//!
//! In: a [`Recipe`]. Out: a classic microsecond pcap of Ethernet frames, strictly ordered in time, just over the size
//! asked for, and its [`Facts`]. Guaranteed: the same recipe over the same sources gives the same bytes.
//!
//! Copy k of every source starts at a random moment of the k-th ten minutes, and its addresses are shifted by k, so
//! captures interleave as on a busy line and the number of streams grows with the size. Only one window of packet
//! references is held at a time; the frames themselves are held once.

use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::pcap::Source;
use super::rewrite::{shift_addresses, stream_mark};
use super::source;

/// To be raised when the method changes, so that no cached capture of an older method is measured.
const METHOD_VERSION: u32 = 1;

const WINDOW_US: u64 = 600_000_000;
const FIRST_WINDOW_US: u64 = 1_600_000_000_000_000;
const SMALL_FRAME_BYTES: usize = 128;
const SNAPLEN: u32 = 262_144;
const LINKTYPE_ETHERNET: u32 = 1;

#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Recipe {
    /// Captures, or folders of captures, to mix.
    #[arg(long = "source", value_name = "DIR", required = true)]
    pub(super) sources: Vec<PathBuf>,
    /// Size of the capture, in megabytes (10⁶ bytes).
    #[arg(long, value_name = "MB")]
    pub(super) size_mb: u64,
    /// Keep only frames of at most 128 bytes.
    #[arg(long)]
    pub(super) small_packets: bool,
    /// Folder that the capture is written to.
    #[arg(long, value_name = "DIR")]
    pub(super) dir: PathBuf,
}

/// What a mix holds. Kept beside it, for counting streams again would cost more than most tools measured.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Facts {
    pub(super) packets: u64,
    pub(super) file_bytes: u64,
    /// Directed TCP and UDP streams of the outermost header.
    pub(super) streams: u64,
    pub(super) captures: u64,
    pub(super) copies: u64,
    pub(super) span_s: u64,
}

impl Recipe {
    /// Where the mix lies: parameters and sources are in the name, so a change of either never meets an old file.
    pub(super) fn path(&self) -> Result<PathBuf> {
        let mut hasher = DefaultHasher::new();
        (METHOD_VERSION, super::programs::exists("editcap")).hash(&mut hasher);
        for file in source::list(&self.sources)? {
            let size_bytes = file.metadata().with_context(|| format!("cannot read {}", file.display()))?.len();
            (file.file_name(), size_bytes).hash(&mut hasher);
        }
        let kind = if self.small_packets { "small_packets" } else { "mix" };
        let label = self.sources[0].file_name().unwrap_or_default().to_string_lossy();
        Ok(self.dir.join(format!("{kind}-{label}-{}mb-{:08x}.pcap", self.size_mb, hasher.finish() as u32)))
    }
}

/// Makes the capture of `recipe` unless it is there already. The path is printed last, on stdout.
pub(super) fn make(recipe: &Recipe) -> Result<()> {
    let path = recipe.path()?;
    if !(path.exists() && facts_path(&path).exists()) {
        let (sources, skipped) = source::load_all(&recipe.sources)?;
        let packets: usize = sources.iter().map(|source| source.packets.len()).sum();
        eprintln!("{} captures, {packets} packets; left out: {skipped}", sources.len());
        std::fs::create_dir_all(&recipe.dir)?;
        let part = path.with_extension("pcap.part");
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&part)?);
        let facts = mix(&sources, recipe, &mut out)
            .and_then(|facts| Ok(out.flush().map(|()| facts)?))
            .with_context(|| format!("cannot write {}", part.display()))?;
        // The facts come first: the capture's own name is what says that both are complete.
        std::fs::write(facts_path(&path), facts.to_text())?;
        std::fs::rename(&part, &path)?;
    }
    println!("{}", path.display());
    Ok(())
}

/// One packet of a window: when, and where its bytes are.
struct Scheduled {
    time_us: u64,
    source_idx: u32,
    packet_idx: u32,
    copy: u64,
}

fn mix(sources: &[Source], recipe: &Recipe, out: &mut impl Write) -> Result<Facts> {
    let keep = |len: usize| !recipe.small_packets || len <= SMALL_FRAME_BYTES;
    let any_kept = sources.iter().flat_map(|source| &source.packets).any(|packet| keep(packet.captured_len()));
    ensure!(any_kept, "the sources hold no packet to mix");

    let target_bytes = recipe.size_mb * 1_000_000;
    out.write_all(&file_header())?;
    let mut facts = Facts { file_bytes: 24, captures: sources.len() as u64, ..Facts::default() };
    let mut streams = HashSet::new();
    let mut random = Random(1);
    let mut frame = Vec::new();
    let mut window: Vec<Scheduled> = Vec::new();

    'mixing: for copy in 0.. {
        let window_start_us = FIRST_WINDOW_US + copy * WINDOW_US;
        for (source_idx, source) in sources.iter().enumerate() {
            let start_us = window_start_us + random.below(WINDOW_US);
            for (packet_idx, packet) in source.packets.iter().enumerate() {
                if keep(packet.captured_len()) {
                    window.push(Scheduled {
                        time_us: start_us + packet.offset_us,
                        source_idx: source_idx as u32,
                        packet_idx: packet_idx as u32,
                        copy,
                    });
                }
            }
        }
        facts.copies = copy + 1;
        window.sort_by_key(|scheduled| scheduled.time_us);
        // What reaches into the next window waits for it, for that window's packets may come before.
        let due = window.partition_point(|scheduled| scheduled.time_us < window_start_us + WINDOW_US);
        for scheduled in window.drain(..due) {
            let source = &sources[scheduled.source_idx as usize];
            let packet = &source.packets[scheduled.packet_idx as usize];
            frame.clear();
            frame.extend_from_slice(source.frame(packet));
            shift_addresses(&mut frame, (scheduled.copy % 0xffff) as u16);
            streams.extend(stream_mark(&frame));

            out.write_all(&record_header(scheduled.time_us, frame.len() as u32, packet.wire_len))?;
            out.write_all(&frame)?;
            facts.packets += 1;
            facts.file_bytes += 16 + frame.len() as u64;
            facts.span_s = (scheduled.time_us - FIRST_WINDOW_US) / 1_000_000;
            if facts.file_bytes >= target_bytes {
                break 'mixing;
            }
        }
    }
    facts.streams = streams.len() as u64;
    Ok(facts)
}

pub(super) fn file_header() -> [u8; 24] {
    let mut header = [0; 24];
    header[..4].copy_from_slice(&0xa1b2_c3d4_u32.to_le_bytes());
    header[4] = 2;
    header[6] = 4;
    header[16..20].copy_from_slice(&SNAPLEN.to_le_bytes());
    header[20..].copy_from_slice(&LINKTYPE_ETHERNET.to_le_bytes());
    header
}

pub(super) fn record_header(time_us: u64, captured_len: u32, wire_len: u32) -> [u8; 16] {
    let mut header = [0; 16];
    header[..4].copy_from_slice(&((time_us / 1_000_000) as u32).to_le_bytes());
    header[4..8].copy_from_slice(&((time_us % 1_000_000) as u32).to_le_bytes());
    header[8..12].copy_from_slice(&captured_len.to_le_bytes());
    header[12..].copy_from_slice(&wire_len.to_le_bytes());
    header
}

/// SplitMix64 (Steele, Lea and Flood 2014): ours, so that a mix does not change with the release of a crate.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^= word >> 31;
        ((u128::from(word) * u128::from(bound)) >> 64) as u64
    }
}

fn facts_path(capture: &Path) -> PathBuf {
    capture.with_extension("facts")
}

impl Facts {
    pub(super) fn of(capture: &Path) -> Result<Self> {
        let path = facts_path(capture);
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let numbers: Vec<u64> = text.lines().filter_map(|line| line.rsplit(' ').next()?.parse().ok()).collect();
        let [packets, file_bytes, streams, captures, copies, span_s] = numbers[..] else {
            bail!("{} is not a list of facts", path.display());
        };
        Ok(Self { packets, file_bytes, streams, captures, copies, span_s })
    }

    fn to_text(self) -> String {
        let Self { packets, file_bytes, streams, captures, copies, span_s } = self;
        format!(
            "packets {packets}\nfile_bytes {file_bytes}\nstreams {streams}\ncaptures {captures}\ncopies {copies}\n\
             span_s {span_s}\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mix_is_in_order_of_time_and_the_same_each_time() {
        let sources: Vec<Source> =
            [40, 700].map(|seconds| Source::of_raw_ip(&[(0, 60), (seconds, 100), (seconds, 1400)])).into();
        let recipe = Recipe { sources: Vec::new(), size_mb: 1, small_packets: false, dir: PathBuf::new() };
        let (mut first, mut second) = (Vec::new(), Vec::new());
        let facts = mix(&sources, &recipe, &mut first).unwrap();
        mix(&sources, &recipe, &mut second).unwrap();

        assert!(first == second);
        assert_eq!(facts.file_bytes, first.len() as u64);
        let (mut at, mut times) = (24, Vec::new());
        while let Some(header) = first.get(at..at + 16) {
            let [seconds, micros, captured_len] =
                [0, 4, 8].map(|at| u32::from_le_bytes(header[at..at + 4].try_into().unwrap()));
            times.push((seconds, micros));
            at += 16 + captured_len as usize;
        }
        assert_eq!(times.len() as u64, facts.packets);
        assert!(times.is_sorted());
    }
}
