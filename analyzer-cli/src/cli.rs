//! The command line: what can be asked, and its help.

#![allow(rustdoc::invalid_html_tags, reason = "what stands in angle brackets is for the terminal, not for HTML")]

mod elastic;
mod fleet;
mod model;

pub(crate) use elastic::{ConnectionArguments, CredentialArguments, DeliveryArguments, EsArguments, EsCommand, Label};
pub(crate) use fleet::{MergeArguments, PlanArguments, SeriesBy, TaskArguments};
pub(crate) use model::ModelArguments;

use crate::elastic::ServerUrl;
use analyzer_core::object::parse_duration;
use analyzer_core::record::Kind;
use analyzer_core::{ClientNetwork, Method, ProtocolFilter};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// Turns captured packets into streams and the objects that applications exchanged. Nothing is decrypted, and nothing is
/// sent anywhere but to the Elasticsearch that you name.
#[derive(Debug, Parser)]
#[command(name = "sniffit", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Analyze(Box<AnalyzeArguments>),
    Model(ModelArguments),
    Plan(PlanArguments),
    Task(Box<TaskArguments>),
    Merge(MergeArguments),
    Score(ScoreArguments),
    Es(EsArguments),
}

const ANALYZE_EXAMPLES: &str = "\
Examples:
  sniffit analyze phone.pcap                          a summary per server
  sniffit analyze -o results monday/                  a folder of rotated files is one recording
  sniffit analyze -o results --format parquet *.pcapng.zst
  sniffit analyze --separate -j 8 -o results apps/    each file alone, eight at a time
  sniffit analyze --format ndjson phone.pcap | jq .sniffit.payload_bytes
  tcpdump -w - -c 10000 | sniffit analyze -           from standard input
  sniffit analyze phone.pcap --elasticsearch http://127.0.0.1:9200
                                                      to Elasticsearch (first: sniffit es setup)

Exit codes:
  0    everything was read
  1    nothing could be read, or the usage was wrong
  3    partial: a file ends early or is damaged; what comes before is in the results
  4    not everything reached Elasticsearch; the same command again completes it
  130  interrupted by Ctrl-C: what was read until then is in the results";

/// Analyse captures: pcap or pcapng, plain or compressed with gzip or zstd
///
/// Without -o or --format a summary per server is printed. All files of one call are one recording: they are read in
/// the order of their first packets, and streams go on from one file to the next.
#[derive(Debug, Args)]
#[command(after_help = ANALYZE_EXAMPLES)]
pub(crate) struct AnalyzeArguments {
    /// Capture files, folders (read with their subfolders; files that are no captures are skipped), or - for standard
    /// input
    #[arg(required = true, value_name = "PATHS")]
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) cutting: CuttingArguments,

    #[command(flatten)]
    pub(crate) naming: NamingArguments,

    /// Write the results to this folder: one file per kind, and analysis.json
    #[arg(short, long, value_name = "DIR", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Encoding of the results [default with -o: ndjson]; without -o they go to standard output
    #[arg(long, value_enum, help_heading = "Output")]
    pub(crate) format: Option<Format>,

    /// Kinds of results [default: objects,streams,bins with -o or --elasticsearch, else objects]
    #[arg(long, value_enum, value_delimiter = ',', help_heading = "Output")]
    pub(crate) kinds: Vec<KindArgument>,

    /// Replace results that are already there
    #[arg(long, requires = "output", help_heading = "Output")]
    pub(crate) force: bool,

    /// Send the results to Elasticsearch, such as http://127.0.0.1:9200, besides what else is asked for
    #[arg(long, value_name = "URL", help_heading = "Elasticsearch")]
    pub(crate) elasticsearch: Option<ServerUrl>,

    #[command(flatten)]
    pub(crate) credentials: CredentialArguments,

    #[command(flatten)]
    pub(crate) delivery: DeliveryArguments,

    /// Name of the capture in the results [default: from the file names]
    #[arg(long, value_name = "NAME", conflicts_with = "separate", help_heading = "Output")]
    pub(crate) name: Option<String>,

    /// Servers shown in the summary; the others are one line
    #[arg(long, value_name = "N", default_value_t = 20, help_heading = "Output")]
    pub(crate) top: usize,

    /// Neither progress nor notes, and with -o no summary
    #[arg(short, long, help_heading = "Output")]
    pub(crate) quiet: bool,

    /// Analyse each file alone; with -o into a folder of its own
    #[arg(long)]
    pub(crate) separate: bool,

    /// Files analysed at a time with --separate [default: the number of processors]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: Option<u16>,
}

/// What decides where objects begin and end, and what is counted.
#[derive(Debug, Args)]
pub(crate) struct CuttingArguments {
    /// How streams are cut into objects: exchange, exchange-headers, mean-gap, fixed:<duration> or rtt:<factor>
    #[arg(long, default_value = "exchange", help_heading = "Method")]
    pub(crate) method: Method,

    /// exchange: silence that ends an object when nothing is outstanding [default: 500ms]
    #[arg(long, value_name = "DURATION", value_parser = duration, help_heading = "Method")]
    pub(crate) idle: Option<Duration>,

    /// exchange: that silence is at least so many round-trip times [default: 4]
    #[arg(long, value_name = "N", help_heading = "Method")]
    pub(crate) idle_rtts: Option<u32>,

    /// exchange: that silence for UDP that is not QUIC [default: 1s]
    #[arg(long, value_name = "DURATION", value_parser = duration, help_heading = "Method")]
    pub(crate) udp_idle: Option<Duration>,

    /// exchange: silence after a small message that nobody asked for [default: 60ms]
    #[arg(long, value_name = "DURATION", value_parser = duration, help_heading = "Method")]
    pub(crate) push_gap: Option<Duration>,

    /// exchange: a TCP message up to so many bytes answers nothing [default: 40]
    #[arg(long, value_name = "BYTES", help_heading = "Method")]
    pub(crate) small: Option<u32>,

    /// exchange: the same for a QUIC datagram [default: 100]
    #[arg(long, value_name = "BYTES", help_heading = "Method")]
    pub(crate) quic_small: Option<u32>,

    /// exchange: don't take a small TLS record from the client for a request of its own
    #[arg(long, help_heading = "Method")]
    pub(crate) no_split_requests: bool,

    /// What a record is: an object, or a packet with the object it belongs to
    #[arg(long, value_enum, default_value_t = Mode::Object)]
    pub(crate) mode: Mode,

    /// Transport protocols that are analysed; the others are counted only
    #[arg(long, value_enum, default_value_t = Protocol::Both)]
    pub(crate) protocol: Protocol,

    /// Address or prefix of a client; repeatable. Elsewhere the client is who sent the
    /// SYN, else the end with the only ephemeral port, else who sent first
    #[arg(long, value_name = "ADDR|PREFIX")]
    pub(crate) client: Vec<ClientNetwork>,

    /// Silence that ends a TCP stream [default: 5m]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) tcp_expiry: Option<Duration>,

    /// Silence that ends a UDP stream [default: 5m]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) udp_expiry: Option<Duration>,

    /// Live streams kept; more evict the longest silent, and the results say so [default: 1000000]
    #[arg(long, value_name = "N")]
    pub(crate) max_flows: Option<usize>,
}

/// What decides what servers are called.
#[derive(Debug, Args)]
pub(crate) struct NamingArguments {
    /// Names of servers and the applications they belong to, a line each such as `cdn.example.com,my_app`; they stand above
    /// those that are built in
    #[arg(long, value_name = "FILE", help_heading = "Names")]
    pub(crate) applications: Option<PathBuf>,

    /// Ask the resolver of this machine for the names of servers that the capture does not name. Whoever runs it, and the owners
    /// of the addresses, learn which ones were asked for
    #[arg(long, help_heading = "Names")]
    pub(crate) reverse_dns: bool,
}

fn duration(text: &str) -> Result<Duration, &'static str> {
    parse_duration(text).ok_or("a number with a unit is expected, such as 500ms, 1.5s or 2m")
}

/// Encodings of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One JSON object a line
    Ndjson,
    /// Comma-separated values with a header (RFC 4180)
    Csv,
    /// One JSON array
    Json,
    /// Columns, compressed with zstd
    Parquet,
}

impl Format {
    /// The name, which is the file extension too.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Parquet => "parquet",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindArgument {
    /// Exchanged objects
    Objects,
    /// Streams, both directions in one record
    Streams,
    /// Bytes per stream, direction and 100 ms
    Bins,
}

impl From<KindArgument> for Kind {
    fn from(kind: KindArgument) -> Self {
        match kind {
            KindArgument::Objects => Self::Objects,
            KindArgument::Streams => Self::Streams,
            KindArgument::Bins => Self::Bins,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// Objects, streams and bins
    Object,
    /// One record per TCP or UDP packet
    Packet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Protocol {
    Tcp,
    Udp,
    Both,
}

impl From<Protocol> for ProtocolFilter {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Tcp => Self::Tcp,
            Protocol::Udp => Self::Udp,
            Protocol::Both => Self::Both,
        }
    }
}

const SCORE_EXAMPLES: &str = "\
Examples:
  sniffit score tests/captures/truth/lab tests/captures/truth/real
  sniffit score --method exchange --per-capture tests/captures/truth/real
  sniffit score --method exchange --drop-share 0.05 tests/captures/truth/real
                                                      as if the recorder had lost 5 % of the packets";

/// Score the methods on captures whose objects are known
///
/// Each capture NAME.pcap.gz (or .pcap, .pcapng, .pcap.zst) needs its true objects in NAME.truth.csv beside it.
#[derive(Debug, Args)]
#[command(after_help = SCORE_EXAMPLES)]
pub(crate) struct ScoreArguments {
    /// Folders of captures with truth files, or single captures
    #[arg(required = true, value_name = "PATHS")]
    pub(crate) paths: Vec<PathBuf>,

    /// Method to score; may be given several times
    #[arg(
        long = "method",
        value_name = "METHOD",
        default_values = ["exchange", "exchange-headers", "mean-gap", "fixed:1s", "rtt:1"]
    )]
    pub(crate) methods: Vec<Method>,

    /// A row for each capture besides the mean
    #[arg(long)]
    pub(crate) per_capture: bool,

    /// Form of the result; csv always has a row for each capture
    #[arg(long, value_enum, default_value_t = ScoreFormat::Table)]
    pub(crate) format: ScoreFormat,

    /// Share of the packets to leave out at the beginning, as if the recording had begun late
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub(crate) skip_share: f64,

    /// Share of the packets to leave out at random, as if the recorder had lost them
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub(crate) drop_share: f64,

    /// Seed of the random losses
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScoreFormat {
    /// Aligned for people
    Table,
    /// Comma-separated for programs
    Csv,
}

/// A number from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a share is a number from 0 to 1".to_owned()),
    }
}
