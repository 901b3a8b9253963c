//! How a run ends: exit codes, and which errors are none.

use std::io;
use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was read.
    Complete,
    /// Nothing could be read, or the usage was wrong.
    Failed,
    /// Something could not be read; what could be is in the results.
    Partial,
    /// Something did not reach Elasticsearch.
    Undelivered,
    /// Ctrl-C: what was read until then is in the results.
    Interrupted,
}

impl Exit {
    /// The process' exit code.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Complete => 0,
            Self::Failed => 1,
            Self::Partial => 3,
            Self::Undelivered => 4,
            Self::Interrupted => 130,
        }
    }

    /// How a run of several recordings ended.
    pub(crate) fn of_all(exits: &[Self]) -> Self {
        if exits.contains(&Self::Interrupted) {
            Self::Interrupted
        } else if exits.contains(&Self::Undelivered) {
            // Everything else is told in what was read; this is what only another run mends.
            Self::Undelivered
        } else if exits.iter().all(|exit| *exit == Self::Complete) {
            Self::Complete
        } else if exits.iter().all(|exit| *exit == Self::Failed) {
            Self::Failed
        } else {
            Self::Partial
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// How a run ends that could not go on.
pub(crate) fn exit_of(error: &anyhow::Error) -> Exit {
    if is_broken_pipe(error) {
        Exit::Complete
    } else if error.downcast_ref::<crate::elastic::Unavailable>().is_some() {
        Exit::Undelivered
    } else {
        Exit::Failed
    }
}

/// Whether the reader of our output has left, as `head` does; it has all it wanted.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}

/// Text for a terminal: a file name may hold control characters, which must not reach it.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context as _;

    #[test]
    fn several_recordings_end_as_the_worst_that_needs_care() {
        use Exit::{Complete, Failed, Interrupted, Partial, Undelivered};
        for (exits, expected) in [
            (&[][..], 0),
            (&[Complete, Complete], 0),
            (&[Failed], 1),
            (&[Failed, Failed], 1),
            (&[Complete, Failed], 3),
            (&[Partial, Complete], 3),
            (&[Partial, Failed], 3),
            (&[Partial, Undelivered, Failed], 4),
            (&[Undelivered, Interrupted, Failed], 130),
        ] {
            assert_eq!(Exit::of_all(exits).code(), expected, "{exits:?}");
        }
    }

    #[test]
    fn a_broken_pipe_is_found_below_its_context() {
        let broken: Result<(), _> = Err(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(is_broken_pipe(&broken.context("writing to standard output").unwrap_err()));
        assert!(!is_broken_pipe(&anyhow::anyhow!("broken pipe")));
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mé\n"), "a\\u{1b}[31mé\\n");
    }
}
