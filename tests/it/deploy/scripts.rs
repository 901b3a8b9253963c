//! The one-shot scripts, against servers that answer well, late, badly or not at all.

mod dashboards;
mod real;
mod setup;

use super::repository;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A password as `openssl rand -hex` makes them.
const PASSWORD: &str = "5f0c7a3d9e1b4c68a2d7";

/// How a script ended, what it printed, and the command lines of every curl that it started.
struct Run {
    code: Option<i32>,
    printed: String,
    command_lines: String,
}

impl Run {
    /// Runs a script of `deploy`, with a folder of its own for whatever it needs.
    fn of(script: &str, folder: &TempDir, environment: &[(&str, &str)]) -> Self {
        let log = folder.path().join("command-lines");
        let tools = stand_in_for_curl(folder);
        let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("sh");
        command.arg(repository(script)).env("PATH", path).env("CURL_LOG", &log).stdin(Stdio::null());
        // A proxy of this machine has no part in what goes to 127.0.0.1.
        command.env("no_proxy", "*").env("ELASTIC_PASSWORD", PASSWORD).envs(environment.iter().copied());
        let output = command.output().expect("sh starts");
        let printed = [output.stdout, output.stderr].concat();
        Self {
            code: output.status.code(),
            printed: String::from_utf8_lossy(&printed).into_owned(),
            command_lines: fs::read_to_string(log).unwrap_or_default(),
        }
    }

    #[track_caller]
    fn expect(&self, code: i32, told: &str) {
        assert_eq!(self.code, Some(code), "{}", self.printed);
        assert!(self.printed.contains(told), "{told:?} should be told: {}", self.printed);
    }
}

/// A curl that writes down how it is called, and then is curl.
fn stand_in_for_curl(folder: &TempDir) -> PathBuf {
    let tools = folder.path().join("tools");
    fs::create_dir_all(&tools).expect("a folder");
    let found = Command::new("sh").args(["-c", "command -v curl"]).output().expect("sh starts").stdout;
    let curl = String::from_utf8_lossy(&found).trim().to_owned();
    assert!(!curl.is_empty(), "curl is needed");
    let text = format!("#!/bin/sh\nprintf '%s\\n' \"$*\" >>\"$CURL_LOG\"\nexec {curl} \"$@\"\n");
    fs::write(tools.join("curl"), text).expect("a script");
    fs::set_permissions(tools.join("curl"), fs::Permissions::from_mode(0o755)).expect("it can be run");
    tools
}
