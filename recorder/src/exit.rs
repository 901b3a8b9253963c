//! How a run ends: exit codes.

use crate::interface::OpenError;
use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything that was asked for was recorded.
    Complete,
    /// Nothing could be recorded.
    Failed,
    /// The usage was wrong.
    Usage,
    /// The kernel had no room for some packets.
    Dropped,
    /// The recording ended before it was told to; what was recorded is whole.
    EndedEarly,
    /// The right to open a packet socket is missing.
    NoPermission,
}

impl Exit {
    /// The process' exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Complete => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::EndedEarly => 3,
            Self::Dropped => 4,
            Self::NoPermission => 5,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// How a run ends that could not go on.
#[must_use]
pub fn exit_of(error: &anyhow::Error) -> Exit {
    match error.chain().find_map(|cause| cause.downcast_ref::<OpenError>()) {
        Some(OpenError::NoPermission { .. }) => Exit::NoPermission,
        _ => Exit::Failed,
    }
}
