//! The part of the command line that is about many recordings on many machines.

use super::{CredentialArguments, CuttingArguments, DeliveryArguments, KindArgument, NamingArguments};
use crate::elastic::ServerUrl;
use analyzer_core::model::GroupBy;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const PLAN_EXAMPLES: &str = "\
Examples:
  sniffit plan /data/captures > plan.jsonl            one line a recording, the largest first
  seq 0 $(($(wc -l < plan.jsonl) - 1)) |
      xargs -P4 -I{} sniffit task --plan plan.jsonl --index {} --out /data/objects
                                                      four recordings at a time on this machine
  sniffit plan --scan /data/captures > plan.jsonl     also count overlaps and holes (reads all files)
  sniffit plan --group-by folder /data/captures       all files of a folder are one recording

The same lines run under Slurm, Kubernetes and Spark: docs/scale.md.";

/// Group rotated capture files into recordings, for `sniffit task`
///
/// Files whose names differ in nothing but the numbers and times that recorders give (x_00001_20200301100000.pcap) and
/// that lie in one folder are one recording: streams go on from one file to the next, so that they must be read
/// together and in order.
#[derive(Debug, Args)]
#[command(after_help = PLAN_EXAMPLES)]
pub(crate) struct PlanArguments {
    /// Capture files and folders (read with their subfolders; files that are no captures are skipped)
    #[arg(required = true, value_name = "PATHS")]
    pub(crate) paths: Vec<PathBuf>,

    /// Which files are one recording
    #[arg(long, value_enum, default_value_t = SeriesBy::Name)]
    pub(crate) group_by: SeriesBy,

    /// Read all files, and tell where those of a recording overlap and how long it was silent between them
    #[arg(long)]
    pub(crate) scan: bool,

    /// Where tasks find the files instead of in the one folder that is named, such as s3://bucket/captures
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// No notes
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// What the files of a recording share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeriesBy {
    /// Their folder, and their name but for numbers and times
    Name,
    /// Their folder
    Folder,
    /// Nothing: each is a recording of its own
    File,
}

const TASK_EXAMPLES: &str = "\
Examples:
  sniffit task --plan plan.jsonl --index 0 --out /data/objects
  cat $(jq -r 'select(.recording==\"lab-wg0\").files[].path' plan.jsonl) |
      sniffit task --plan plan.jsonl --index 0 --out /data/objects --stdin
  sniffit task --plan plan.jsonl --index 0 --out /data/objects \\
      --elasticsearch http://127.0.0.1:9200 --index-by month

Exit codes:
  0    the recording is done, by this task or by one before
  1    nothing was done, and standard error says why; the same line can be run again
  3    partial: a file ends early or is damaged; what comes before is in the results
  4    not everything reached Elasticsearch; the same command again completes it
  130  interrupted by Ctrl-C: nothing was written";

/// Do one recording of a plan: its results as Parquet, below a folder that all tasks share
///
/// Writes OUT/<kind>/day=…/recording=…/part-0.parquet, the counts for `sniffit merge`, and last
/// OUT/manifests/day=…/recording=…/manifest.json: where it is, the recording is done, and the same task does nothing.
/// Tasks may run at once, be killed, and be run twice. Prints one line of JSON.
#[derive(Debug, Args)]
#[command(after_help = TASK_EXAMPLES)]
pub(crate) struct TaskArguments {
    /// What `sniffit plan` wrote
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: PathBuf,

    /// Which line of it, from 0
    #[arg(long, value_name = "N")]
    pub(crate) index: usize,

    /// Folder that the results of all recordings go to
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,

    /// Read the recording's files from standard input, one after the other, in the plan's order
    #[arg(long)]
    pub(crate) stdin: bool,

    /// Do it again even where it is done
    #[arg(long)]
    pub(crate) force: bool,

    #[command(flatten)]
    pub(crate) cutting: CuttingArguments,

    #[command(flatten)]
    pub(crate) naming: NamingArguments,

    /// Kinds of results
    #[arg(long, value_enum, value_delimiter = ',', default_value = "objects,streams,bins", help_heading = "Output")]
    pub(crate) kinds: Vec<KindArgument>,

    /// What the counts for `sniffit merge` are grouped by: application, domain, server or all
    #[arg(long, value_name = "GROUP", default_value = "application", help_heading = "Output")]
    pub(crate) by: GroupBy,

    /// Send the results to Elasticsearch too, such as http://127.0.0.1:9200; also those that are done
    #[arg(long, value_name = "URL", help_heading = "Elasticsearch")]
    pub(crate) elasticsearch: Option<ServerUrl>,

    #[command(flatten)]
    pub(crate) credentials: CredentialArguments,

    #[command(flatten)]
    pub(crate) delivery: DeliveryArguments,

    /// Neither progress nor notes
    #[arg(short, long, help_heading = "Output")]
    pub(crate) quiet: bool,
}

const MERGE_EXAMPLES: &str = "\
Examples:
  sniffit merge /data/objects                         a table of applications over all recordings
  sniffit merge /data/objects -o fleet.json           the model (docs/model.md)
  sniffit merge east/ west/ -o both.json
  sniffit model fleet.json --export inet -o inet/";

/// Merge what the tasks counted into one model of all recordings
///
/// The counts are integers, so that the model is the same to the byte in whatever order and grouping recordings are
/// merged. Recordings of which a task was begun and not done are not in it.
#[derive(Debug, Args)]
#[command(after_help = MERGE_EXAMPLES)]
pub(crate) struct MergeArguments {
    /// Folders that tasks wrote to
    #[arg(required = true, value_name = "OUT")]
    pub(crate) outs: Vec<PathBuf>,

    /// Write the model to this file; without it a table is printed
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Replace what is already there
    #[arg(long, requires = "output")]
    pub(crate) force: bool,

    /// Groups shown in the table
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) top: usize,
}
