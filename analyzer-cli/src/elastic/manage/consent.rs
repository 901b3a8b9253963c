//! Asking before anything is deleted.
//!
//! In: what would be deleted, and whether the user said yes beforehand. Out: yes or no. Guaranteed: where nobody can be
//! asked, and `--yes` was not given, that is an error before the server is asked for anything.

use anyhow::{Context as _, bail};
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

/// Who says yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consent {
    Given,
    ToBeAsked,
}

impl Consent {
    /// # Errors
    /// When nobody can be asked.
    pub(super) fn of(yes: bool) -> anyhow::Result<Self> {
        if yes {
            return Ok(Self::Given);
        }
        if !io::stdin().is_terminal() {
            bail!("nobody can be asked whether to delete, because standard input is no terminal: give --yes to delete");
        }
        Ok(Self::ToBeAsked)
    }

    /// Asks on the terminal, if need be; anything but a clear yes is a no, which is said.
    ///
    /// # Errors
    /// When the terminal can't be used.
    pub(super) fn ask(self, question: &str) -> anyhow::Result<bool> {
        if self == Self::Given {
            return Ok(true);
        }
        io::stderr().write_all(format!("{question} [y/N] ").as_bytes()).context("the question can't be shown")?;
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).context("the answer can't be read")?;
        let is_yes = matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes");
        if !is_yes {
            let _ = io::stderr().write_all(b"nothing was deleted\n");
        }
        Ok(is_yes)
    }
}
