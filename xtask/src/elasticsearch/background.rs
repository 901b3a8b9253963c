//! A server beside other work: another run of this program.
//!
//! In: nothing. Out: an address, once the server answers. Guaranteed: the server ends when this value goes, or when the
//! process that holds it ends in whatever way.

use anyhow::{Context, Result};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A server that was started for other work.
#[derive(Debug)]
pub(crate) struct Background {
    child: Child,
    output: BufReader<ChildStdout>,
    program: PathBuf,
}

impl Background {
    /// Starts a server with data of its own, which go with it.
    ///
    /// # Errors
    /// When this program can't be started once more.
    pub(crate) fn start() -> Result<Self> {
        Self::start_with(&["--port", "0", "--quick", "--temporary"])
    }

    /// Starts a server by options of `cargo xtask elasticsearch`, and does not wait until it answers. Packages that it
    /// needs are installed first, so that what comes next may install others.
    ///
    /// # Errors
    /// When this program can't be started once more.
    pub(crate) fn start_with(options: &[&str]) -> Result<Self> {
        super::ensure_programs()?;
        let program = std::env::current_exe().context("the path of this program is unknown")?;
        let mut command = Command::new(&program);
        command.args(["elasticsearch", "--until-stdin-closes"]).args(options);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            // After Ctrl-C it is we who end, and the server after us.
            command.process_group(0);
        }
        let mut child = command.spawn().context("a server can't be started in the background")?;
        let output = BufReader::new(child.stdout.take().context("the server has no output")?);
        Ok(Self { child, output, program })
    }

    /// Its address, after waiting for it.
    ///
    /// # Errors
    /// When it did not start; it has told why on standard error.
    pub(crate) fn url(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line).context("the server's output can't be read")?;
        let description: Value =
            serde_json::from_str(&line).context("Elasticsearch did not start; why stands above")?;
        let url = description["url"].as_str().context("the server told no address")?;
        Ok(url.to_owned())
    }

    /// Waits until the server ends by itself; when this process is ended first, the server ends too.
    ///
    /// # Errors
    /// When nothing can be learned of it any more.
    pub(crate) fn wait_for_end(&mut self) -> Result<()> {
        let mut rest = Vec::new();
        self.output.read_to_end(&mut rest).context("the server's output can't be read")?;
        Ok(())
    }

    /// The program that starts servers.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // `wait` closes its standard input first, which asks it to stop.
        let _ = self.child.wait();
    }
}
