//! Arguments of recordings that are read in parts.

use clap::Args;
use std::path::PathBuf;

/// Where the state between two parts of a recording is.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct StateArguments {
    /// Go on where the part before ended, which left its state in this file. Without --state-out the recording ends with
    /// this call, and PATHS may be left away
    #[arg(long, value_name = "FILE", help_heading = "Recordings in parts")]
    pub(crate) state_in: Option<PathBuf>,

    /// The recording goes on in a later call: open streams stay open, and what that call has to know goes to this file, once
    /// the results are written. It may be the file of --state-in
    #[arg(long, value_name = "FILE", help_heading = "Recordings in parts")]
    pub(crate) state_out: Option<PathBuf>,
}

impl StateArguments {
    /// Whether the recording is read in parts.
    pub(crate) const fn is_given(&self) -> bool {
        self.state_in.is_some() || self.state_out.is_some()
    }
}
