//! The programs of a distribution, run for one server.
//!
//! In: the distribution, its Java, the account and the folders. Out: commands that find all of them. Guaranteed: settings
//! for other Java programs in the user's environment don't reach them.

use super::account::Account;
use super::java::Java;
use super::place::Folders;
use anyhow::{Context, Result, ensure};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Would change the JVM behind our back, or make the launcher print warnings.
const UNWANTED: [&str; 6] =
    ["JAVA_HOME", "JAVA_OPTS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "ES_JAVA_OPTS", "CLI_JAVA_OPTS"];

/// What is run, on what, as whom and where.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) distribution: &'a Path,
    pub(super) java: &'a Java,
    pub(super) account: Account,
    pub(super) folders: &'a Folders,
}

impl Place<'_> {
    /// Makes a program of the distribution find everything, as the server's account.
    pub(super) fn set(&self, command: &mut Command) {
        for name in UNWANTED {
            command.env_remove(name);
        }
        command.env("ES_JAVA_HOME", &self.java.home).env("ES_PATH_CONF", self.folders.config());
        command.env("ES_TMPDIR", self.folders.scratch()).current_dir(self.folders.root());
        self.account.run(command);
    }
}

/// Lets the built-in user `elastic` sign in. Its password is in the store of secrets, for which only the distribution's
/// own program has the format.
///
/// # Errors
/// When that program fails.
pub(super) fn set_bootstrap_password(place: &Place<'_>, password: &str) -> Result<()> {
    let mut keystore = Command::new(place.distribution.join("bin/elasticsearch-keystore"));
    keystore.args(["add", "--stdin", "--force", "bootstrap.password"]);
    place.set(&mut keystore);
    keystore.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut keystore = keystore.spawn().context("elasticsearch-keystore can't be started")?;
    let written = keystore.stdin.take().context("elasticsearch-keystore has no input")?.write_all(password.as_bytes());
    let output = keystore.wait_with_output().context("elasticsearch-keystore can't be waited for")?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success() && written.is_ok(), "elasticsearch-keystore failed: {told}");
    Ok(())
}
