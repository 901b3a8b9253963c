//! A command with all the processes that it starts, as one.
//!
//! In: a command. Out: its exit code, when it and everything below it has ended. Guaranteed: processes whose own parent ends before them are
//! waited for, too, so that who waits for this process is told the processor time of all.

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result, bail};
use rustix::process::{WaitOptions, getpid, set_child_subreaper, wait};

/// Runs the command.
pub(crate) fn run(command: &[String]) -> Result<u8> {
    let [program, arguments @ ..] = command else { bail!("there is no command") };
    set_child_subreaper(Some(getpid())).context("cannot wait for grandchildren")?;
    let child = Command::new(program).args(arguments).spawn().with_context(|| format!("cannot start {program}"))?;
    let mut code = 1;
    // The last child is gone when there is nothing to wait for.
    while let Ok(ended) = wait(WaitOptions::empty()) {
        if let Some((pid, status)) = ended
            && pid.as_raw_nonzero().get() == child.id().cast_signed()
        {
            let status = ExitStatus::from_raw(status.as_raw());
            code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
        }
    }
    Ok(code)
}
