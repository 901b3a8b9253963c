//! Why a recording can't be read in parts as it was asked for.

use super::options::DifferentOption;
use crate::config::ConfigError;
use crate::time::Timestamp;
use thiserror::Error;

/// A state, a file or a reading that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StateError {
    /// The bytes are something else.
    #[error("this is no state of sniffit: give the file that --state-out wrote")]
    NotState,
    /// Another version of the program wrote it.
    #[error(
        "the state has version {found}, and this program reads version {known}: go on with the program that wrote it, or \
         read the recording again from its first file"
    )]
    Version {
        /// The state's, with that of the output schema behind the dot.
        found: String,
        /// The program's.
        known: String,
    },
    /// Not all of it is there, or not as it was written.
    #[error(
        "the state is damaged: use an older copy of it and read the files since then again, or begin with the recording's \
         first file"
    )]
    Damaged,
    /// The parts of a recording have to be analysed alike.
    #[error("the state was made with other options: {}", list(.0))]
    OtherOptions(Vec<DifferentOption>),
    /// A method that needs the whole recording.
    #[error("mean-gap reads the whole recording twice, so that it can't be read in parts: choose another method")]
    MeanGap,
    /// A file whose packets are in the state.
    #[error("{name} was read already{}: leave it out", alias(.name, .read_as))]
    Consumed {
        /// Its name.
        name: String,
        /// The name under which it was read.
        read_as: String,
    },
    /// A file that begins before one that was read.
    #[error(
        "{name} begins at {start}, and {last_name}, which was read, at {last_start}: the files of a recording are read in \
         the order of their first packets"
    )]
    OutOfOrder {
        /// Its name.
        name: String,
        /// Its first packet's time.
        start: Timestamp,
        /// The latest file that was read, or is to be read before.
        last_name: String,
        /// Its first packet's time.
        last_start: Timestamp,
    },
    /// The recording has no packet so far, and its id comes from the first one.
    #[error("the recording has no packet yet, so that there is nothing to go on from: begin with a file that has some")]
    NoPacket,
    /// An analysis of a recording at once.
    #[error("the analysis was not begun as one of a recording in parts")]
    NotInParts,
    /// A file was begun and not ended.
    #[error("a state is taken between two files, and one is still open")]
    InsideFile,
    /// A part of which not all was read.
    #[error("the reading was interrupted, so that nothing can go on from its end")]
    Interrupted,
    /// Options that can't work.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

fn list(options: &[DifferentOption]) -> String {
    options.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn alias(name: &str, read_as: &str) -> String {
    if name == read_as { String::new() } else { format!(", as {read_as}") }
}
