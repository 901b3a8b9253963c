//! What the tests share: where files are, how captures are read, and how the core and the program are run.

mod analysis;
pub(crate) mod cable;
mod files;
pub(crate) mod frames;
mod pcap;
mod program;
mod results;
mod snapshot;
mod table;

pub(crate) use analysis::{Analysis, CHUNK_BYTES, File, analyze, analyze_one, config};
pub(crate) use files::{capture_files, capture_name, captures, files_below, read_capture, shared};
pub(crate) use pcap::{Packet, packets_of, write_pcap, write_pcapng};
pub(crate) use program::{Run, command, recorder, sniffit};
pub(crate) use results::{Results, analyze_to_folder, assert_same, read_results, take_manifest};
pub(crate) use snapshot::assert_snapshot;
pub(crate) use table::{Row, parse_table, read_table};
