//! A server that ends with the test, whatever becomes of the test.
//!
//! In: a command. Out: its process. Guaranteed: dropping it kills it and waits; and when the test itself is killed, the
//! kernel kills the server, because `setpriv` asked it to.

use std::ffi::OsStr;
use std::process::{Child, Command, Stdio};

pub(super) struct Server(Child);

impl Server {
    /// Starts the command, which must not put itself into the background.
    pub(super) fn start<'a>(
        program: &str,
        arguments: &[&str],
        environment: impl IntoIterator<Item = (&'a str, &'a OsStr)>,
        stderr: Stdio,
    ) -> Self {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", program]).args(arguments).envs(environment);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr);
        Self(command.spawn().expect("setpriv, of util-linux, starts"))
    }

    /// Whether it has ended by itself.
    pub(super) fn has_ended(&mut self) -> bool {
        self.0.try_wait().expect("a child can be asked").is_some()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
