//! What can be asked of the program.

use crate::file::Format;
use crate::filter::Tunnel;
use crate::quantity::{self, Reserve};
use analyzer_core::keep::Keep;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

const EXAMPLES: &str = "\
Examples:
  sniffit-recorder                                  record the VPN's tunnel until Ctrl-C, into capture/
  sniffit-recorder -i wg0 -t 1h -o /var/captures/phone
                                                    one hour, /var/captures/phone-wg0-20200301T100000Z-00001.pcap
  sniffit-recorder -i wg0 --rotate-size 500MB --max-total 20GB
                                                    for ever, in files of 500 MB, of which the newest 20 GB are kept
  sniffit-recorder -i eth0 --env-file vps.env       outside of the tunnel: IP_VPN, IP_CLIENT and IP_SSH say what is left out
  sniffit-recorder -i wg0 --keep headers --anonymize pseudonyms.key
                                                    no payload at all, and other addresses
  sniffit-recorder -i eth0 --exclude-tunnel udp/51820 --print-filter
                                                    what would be recorded
  sniffit-recorder check -i wg0                     is this machine ready?

Signals: SIGINT and SIGTERM end the recording without losing what the kernel holds, SIGHUP begins new files,
SIGUSR1 prints the account.

Exit codes: 0 all was recorded; 1 it could not start; 2 wrong usage; 3 it ended early (disk, interface), and the files
are whole; 4 the kernel lost packets; 5 the right CAP_NET_RAW is missing.";

/// Records what passes network interfaces into capture files, and keeps of each packet only what is asked for.
///
/// By default it records TCP and UDP on the only VPN tunnel of this machine and keeps headers, names of servers and the
/// headers of TLS records: enough for `sniffit analyze`, and nothing of what people say to each other.
#[derive(Debug, Parser)]
#[command(name = "sniffit-recorder", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
}

/// The command line, for manuals.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Test this machine: right, interfaces, ring, clock, disk, and a recording of packets to itself
    Check(CheckArgs),
    /// List the interfaces that can be recorded
    Interfaces,
}

/// What complete files are compressed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compression {
    /// A file that is complete gets `.zst` behind its name
    Zstd,
    None,
}

/// Which transport protocols are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Protocol {
    Tcp,
    Udp,
    #[default]
    Both,
}

#[derive(Debug, Args)]
pub(crate) struct RecordArgs {
    /// Interface to record; may be given several times [default: the only tunnel]
    #[arg(short, long = "interface", value_name = "NAME")]
    pub(crate) interfaces: Vec<String>,
    /// Record only what this expression of tcpdump lets through, too
    #[arg(short, long, value_name = "EXPRESSION")]
    pub(crate) filter: Option<String>,
    /// Transport protocols to record
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) protocol: Protocol,
    /// Leave out all packets of an address or network, such as 203.0.113.7 or 2001:db8::/32
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub(crate) exclude_host: Vec<String>,
    /// Leave out the packets of a tunnel, such as udp/51820 (WireGuard) or udp/1194 (OpenVPN)
    #[arg(long, value_name = "PROTOCOL/PORT", value_delimiter = ',')]
    pub(crate) exclude_tunnel: Vec<Tunnel>,
    /// File with IP_VPN, IPV6_VPN, IP_CLIENT, IPV6_CLIENT, IP_SSH, IPV6_SSH, which say for an interface outside of the
    /// tunnel whose packets are recorded and whose are left out [default: .env, where it is]
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Option<PathBuf>,
    /// Print the filter of each interface, and record nothing
    #[arg(long)]
    pub(crate) print_filter: bool,
    /// End after so long: 60, 90s, 5m, 2h
    #[arg(short, long, value_name = "DURATION", value_parser = quantity::duration)]
    pub(crate) time: Option<Duration>,
    /// End after so many packets
    #[arg(short, long, value_name = "PACKETS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,
    /// Begin of the files' paths; interface, time and number follow
    #[arg(short, long, value_name = "PREFIX", default_value = "capture/capture")]
    pub(crate) output: PathBuf,
    /// What is kept of each packet: headers, names, records or full
    #[arg(long, value_name = "WHAT", default_value = "records")]
    pub(crate) keep: Keep,
    /// Replace addresses by pseudonyms of the key in this file, which is made if it is missing
    #[arg(long, value_name = "KEYFILE")]
    pub(crate) anonymize: Option<PathBuf>,
    /// Format of the files
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Compress complete files, beside the recording [default: zstd where new files begin by size, time or count, else none]
    #[arg(long, value_enum)]
    pub(crate) compress: Option<Compression>,
    /// Begin a new file after so many bytes, such as 500MB
    #[arg(long, value_name = "SIZE", value_parser = quantity::size)]
    pub(crate) rotate_size: Option<u64>,
    /// Begin a new file after so long
    #[arg(long, value_name = "DURATION", value_parser = quantity::duration)]
    pub(crate) rotate_time: Option<Duration>,
    /// Begin a new file after so many packets
    #[arg(long, value_name = "PACKETS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) rotate_count: Option<u64>,
    /// Keep only so many of the newest files of each interface
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) files: Option<u64>,
    /// Keep only so many bytes of the newest files of each interface
    #[arg(long, value_name = "SIZE", value_parser = quantity::size)]
    pub(crate) max_total: Option<u64>,
    /// End the recording when less than this is free on the disk
    #[arg(long, value_name = "SIZE|PERCENT", default_value = "5%")]
    pub(crate) min_free: Reserve,
    /// Room for packets between the kernel and the recorder, up to 256MiB
    #[arg(long, value_name = "SIZE", value_parser = ring_bytes, default_value = "16MiB")]
    pub(crate) ring: u64,
    /// Show no live line
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Interface to test; may be given several times [default: all]
    #[arg(short, long = "interface", value_name = "NAME")]
    pub(crate) interfaces: Vec<String>,
    /// Where files would be written
    #[arg(short, long, value_name = "PREFIX", default_value = "capture/capture")]
    pub(crate) output: PathBuf,
    /// Room for packets between the kernel and the recorder
    #[arg(long, value_name = "SIZE", value_parser = ring_bytes, default_value = "16MiB")]
    pub(crate) ring: u64,
    /// How many packets the machine sends to itself
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(crate) self_test_packets: u64,
}

const MIN_RING_BYTES: u64 = 1 << 20;
const MAX_RING_BYTES: u64 = 256 << 20;

fn ring_bytes(text: &str) -> Result<u64, String> {
    let bytes = quantity::size(text).map_err(|error| error.to_string())?;
    if (MIN_RING_BYTES..=MAX_RING_BYTES).contains(&bytes) {
        Ok(bytes)
    } else {
        Err("a ring has 1MiB to 256MiB".to_owned())
    }
}

impl RecordArgs {
    /// What does not go together.
    pub(crate) fn contradiction(&self) -> Option<&'static str> {
        if self.files.is_some() && !self.rotates() {
            return Some(
                "--files keeps the newest files, so say when a new one begins: --rotate-size, --rotate-time or --rotate-count",
            );
        }
        if self.anonymize.is_some() && self.keep == Keep::Full {
            return Some(
                "--keep full keeps payload, which may hold addresses: --anonymize goes with headers, names or records",
            );
        }
        if let (Some(total), Some(size)) = (self.max_total, self.rotate_size)
            && size > total
        {
            return Some("--rotate-size is larger than --max-total, so that no file could be kept");
        }
        None
    }

    /// Whether one file follows the other without being told.
    const fn rotates(&self) -> bool {
        self.rotate_size.is_some()
            || self.rotate_time.is_some()
            || self.rotate_count.is_some()
            || self.max_total.is_some()
    }

    /// Whether complete files are compressed: files without end are many and large, and one alone is to be opened.
    pub(crate) fn compresses(&self) -> bool {
        self.compress.map_or(self.rotates(), |compression| compression == Compression::Zstd)
    }

    /// Bytes after which a new file begins. Without this no old file could be deleted to make room.
    pub(crate) fn rotate_bytes(&self) -> Option<u64> {
        self.rotate_size.or(self.max_total.map(|total| (total / 8).max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn lines() {
        for (line, is_understood) in [
            ("", true),
            ("-i wg0 -i eth0 -p tcp -t 90s -c 5", true),
            ("--exclude-host 1.2.3.4,::1 --exclude-tunnel udp/51820", true),
            ("--exclude-tunnel 51820", false),
            ("--exclude-tunnel icmp/1", false),
            ("--keep everything", false),
            ("--ring 300MiB", false),
            ("--ring 64MiB --min-free 1GB --format pcapng", true),
            ("--compress none --rotate-time 1h", true),
            ("--compress gzip", false),
            ("--count 0", false),
            ("check -i lo", true),
            ("interfaces", true),
            ("-i lo check", false),
        ] {
            let words = std::iter::once("sniffit-recorder").chain(line.split_whitespace());
            assert_eq!(Cli::try_parse_from(words).is_ok(), is_understood, "{line}");
        }
    }

    #[test]
    fn files_without_end_are_compressed() {
        for (line, expected) in [
            ("", false),
            ("--time 1h", false),
            ("--rotate-size 500MB", true),
            ("--rotate-time 1h", true),
            ("--rotate-count 5", true),
            ("--max-total 1GB", true),
            ("--compress zstd", true),
            ("--compress none --max-total 1GB", false),
        ] {
            let words = std::iter::once("sniffit-recorder").chain(line.split_whitespace());
            assert_eq!(Cli::try_parse_from(words).expect(line).record.compresses(), expected, "{line}");
        }
    }

    #[test]
    fn contradictions() {
        for (line, is_contradiction) in [
            ("--files 3", true),
            ("--files 3 --rotate-count 5", false),
            ("--files 3 --max-total 1GB", false),
            ("--keep full --anonymize k", true),
            ("--anonymize k", false),
            ("--rotate-size 2GB --max-total 1GB", true),
        ] {
            let words = std::iter::once("sniffit-recorder").chain(line.split_whitespace());
            let cli = Cli::try_parse_from(words).expect(line);
            assert_eq!(cli.record.contradiction().is_some(), is_contradiction, "{line}");
        }
    }
}
