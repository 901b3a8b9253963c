//! The part of the command line that is about Elasticsearch.

use super::duration;
use crate::elastic::ServerUrl;
use analyzer_core::sink::placement::IndexBy;
use analyzer_core::time::Month;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// Who asks, and whom to trust. Secrets are read from files, because other users can read command lines.
#[derive(Debug, Args)]
pub(crate) struct CredentialArguments {
    /// File with an API key: its encoded form, or ID:KEY
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "user",
        requires = "elasticsearch",
        help_heading = "Elasticsearch"
    )]
    pub(crate) api_key_file: Option<PathBuf>,

    /// User name, with --password-file
    #[arg(long, value_name = "NAME", requires_all = ["password_file", "elasticsearch"], help_heading = "Elasticsearch")]
    pub(crate) user: Option<String>,

    /// File with the user's password
    #[arg(long, value_name = "FILE", requires = "user", help_heading = "Elasticsearch")]
    pub(crate) password_file: Option<PathBuf>,

    /// File with the certificates (PEM) of the authority that signed the server's [default: the public authorities]
    #[arg(long, value_name = "FILE", requires = "elasticsearch", help_heading = "Elasticsearch")]
    pub(crate) ca_cert: Option<PathBuf>,
}

/// The server and how to speak with it.
#[derive(Debug, Args)]
pub(crate) struct ConnectionArguments {
    /// Elasticsearch, such as http://127.0.0.1:9200
    #[arg(long, value_name = "URL", help_heading = "Elasticsearch")]
    pub(crate) elasticsearch: ServerUrl,

    #[command(flatten)]
    pub(crate) credentials: CredentialArguments,
}

/// How long and how to insist.
#[derive(Debug, Args)]
pub(crate) struct DeliveryArguments {
    /// Send again for so long while the server is away or busy; then end with code 4 [default: 5m]
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = duration,
        requires = "elasticsearch",
        help_heading = "Elasticsearch"
    )]
    pub(crate) retry_for: Option<Duration>,

    /// Requests at a time; more than the server has idle processors gain nothing [default: 2]
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u8).range(1..=32),
        requires = "elasticsearch",
        help_heading = "Elasticsearch"
    )]
    pub(crate) connections: Option<u8>,

    /// Size of a request, before compression [default: 2000000]
    #[arg(
        long,
        value_name = "BYTES",
        value_parser = clap::value_parser!(u32).range(1_000..=50_000_000),
        requires = "elasticsearch",
        help_heading = "Elasticsearch"
    )]
    pub(crate) request_bytes: Option<u32>,

    /// Keep what the server refuses in this file [default: sniffit-refused.ndjson, when there is anything]
    #[arg(long, value_name = "FILE", requires = "elasticsearch", help_heading = "Elasticsearch")]
    pub(crate) refused: Option<PathBuf>,

    /// What has indices of its own [default: analysis]. Choose month for more than some 150 analyses: each with indices of its
    /// own takes four shards or more of the 1 000 that a node takes. Deleting one analysis then takes a while, because its
    /// documents are deleted and not whole indices
    #[arg(long, value_enum, value_name = "WHAT", requires = "elasticsearch", help_heading = "Elasticsearch")]
    pub(crate) index_by: Option<IndexByArgument>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum IndexByArgument {
    /// sniffit-objects-<capture>-<analysis>
    Analysis,
    /// sniffit-objects-YYYY-MM, by the recording's first packet (UTC)
    Month,
}

impl From<IndexByArgument> for IndexBy {
    fn from(argument: IndexByArgument) -> Self {
        match argument {
            IndexByArgument::Analysis => Self::Analysis,
            IndexByArgument::Month => Self::Month,
        }
    }
}

const ES_EXAMPLES: &str = "\
Examples:
  sniffit es setup --elasticsearch http://127.0.0.1:9200      once, before the first analysis
  sniffit analyze phone.pcap --elasticsearch http://127.0.0.1:9200
  sniffit es list --elasticsearch http://127.0.0.1:9200
  sniffit es post results/ --elasticsearch http://127.0.0.1:9200
                                                              results that were written with -o
  sniffit es annotate --elasticsearch http://127.0.0.1:9200 \\
      --at 2020-03-01T10:00:12+01:00 --label app=video 'video opened'
  sniffit es annotate --elasticsearch http://127.0.0.1:9200 --file marks.csv
                                                              lines of time,message,app
  sniffit es drop 82c7753c --elasticsearch http://127.0.0.1:9200
  sniffit es rotate --keep-months 12 --elasticsearch http://127.0.0.1:9200
                                                              records sent with --index-by month";

/// Set up and look after the results in Elasticsearch
#[derive(Debug, Args)]
#[command(after_help = ES_EXAMPLES)]
pub(crate) struct EsArguments {
    #[command(subcommand)]
    pub(crate) command: EsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EsCommand {
    /// Put the templates that give every field its type: once, and again after an update
    Setup {
        #[command(flatten)]
        connection: ConnectionArguments,

        /// Copies of every index besides the first; a single node has no place for any
        #[arg(long, value_name = "N", default_value_t = 0)]
        replicas: u32,
    },
    /// List the analyses, with what is there of each
    List {
        #[command(flatten)]
        connection: ConnectionArguments,

        /// One JSON object a line instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Delete an analysis with all its records; what others share stays
    Drop {
        /// Id of the analysis, or its first 8 digits, as `es list` shows them
        #[arg(value_name = "ANALYSIS")]
        analysis: String,

        #[command(flatten)]
        connection: ConnectionArguments,

        /// Don't ask
        #[arg(short, long)]
        yes: bool,
    },
    Rotate(RotateArguments),
    /// Send results that were written as NDJSON with -o, in a folder or in folders below it
    Post {
        /// Folders with analysis.json
        #[arg(required = true, value_name = "DIR")]
        folders: Vec<PathBuf>,

        #[command(flatten)]
        connection: ConnectionArguments,

        #[command(flatten)]
        delivery: DeliveryArguments,

        /// No progress
        #[arg(short, long)]
        quiet: bool,
    },
    /// Note what happened at an instant, for the charts
    Annotate {
        /// What happened
        #[arg(value_name = "TEXT", required_unless_present = "file", requires = "at")]
        message: Option<String>,

        /// When, by the clock that stamped the packets: RFC 3339 with zone; "$(date -Iseconds)" is now
        #[arg(long, value_name = "TIME", conflicts_with = "file")]
        at: Option<analyzer_core::time::Timestamp>,

        /// A label to filter by, such as app=video; repeatable. With --file, each of the file gets it
        #[arg(long, value_name = "NAME=VALUE")]
        label: Vec<Label>,

        /// CSV file of many: a header with time, message and the labels' names, then a line each; commas, semicolons or
        /// tabs between
        #[arg(long, value_name = "FILE", conflicts_with = "message")]
        file: Option<PathBuf>,

        #[command(flatten)]
        connection: ConnectionArguments,
    },
}

/// Delete the records of old months, where results were sent with --index-by month
///
/// Whole indices go, which takes no time. Indices of single analyses and annotations are never touched. Unless --kinds
/// says otherwise, the analyses' own documents stay, so that `es list` still tells what there was.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("until").required(true).args(["keep_months", "before"]))]
pub(crate) struct RotateArguments {
    #[command(flatten)]
    pub(crate) connection: ConnectionArguments,

    /// Keep so many months, counted from the newest that has documents
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) keep_months: Option<u32>,

    /// Delete the months before this one, such as 2020-03
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) before: Option<Month>,

    /// Kinds that go
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["objects", "streams", "bins", "packets"])]
    pub(crate) kinds: Vec<RotateKind>,

    /// Only tell what would be deleted
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Don't ask
    #[arg(short, long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RotateKind {
    Objects,
    Streams,
    Bins,
    Packets,
    /// The analyses' own documents
    Analyses,
}

/// `NAME=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl std::str::FromStr for Label {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() && !value.is_empty() => {
                Ok(Self { name: name.to_owned(), value: value.to_owned() })
            }
            _ => Err("a label is NAME=VALUE, such as app=video"),
        }
    }
}
