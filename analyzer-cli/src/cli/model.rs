//! `sniffit model` on the command line.

use analyzer_core::model::GroupBy;
use analyzer_core::model::export::Target;
use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  sniffit model results/                              a table of applications
  sniffit model results/ -o model.json                everything that is known of their objects
  sniffit model monday.json tuesday.json -o week.json models of many captures are one
  sniffit model results/ --by domain --export inet -o inet/
                                                      for a simulator (docs/model.md)

Exit codes:
  0    the model was made
  1    nothing could be read, or the usage was wrong";

/// Model the objects of analyses: distributions of sizes, durations, arrivals and thinking, with fits
///
/// Reads what `sniffit analyze -o` wrote (NDJSON, JSON or Parquet), or models that were made before. Without -o a table is
/// printed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ModelArguments {
    /// Folders with results (also below them), files of objects (.ndjson, .json, .parquet), or models (.json)
    #[arg(required = true, value_name = "PATHS")]
    pub(crate) paths: Vec<PathBuf>,

    /// What the objects are grouped by: application, domain (the registered one), server or all [default: what models that are
    /// read are by, else application]
    #[arg(long, value_name = "GROUP")]
    pub(crate) by: Option<GroupBy>,

    /// Write the model to this file; with --export the exports to this folder
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,

    /// Write input for a simulator; repeatable: inet, tmix, yafs, ns3, edgecloudsim, ifogsim or csv
    #[arg(long, value_name = "TARGET", requires = "output")]
    pub(crate) export: Vec<Target>,

    /// Replace what is already there
    #[arg(long, requires = "output")]
    pub(crate) force: bool,

    /// Groups shown in the table
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) top: usize,
}
