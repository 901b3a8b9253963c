//! The Spark that `cargo xtask test` installed, and the package in `spark/` run by it.

use super::processes::{PATIENCE, signal};
use crate::support::Run;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use tempfile::TempDir;

pub(super) struct Spark {
    pub(super) python: String,
    java_home: String,
    /// Links to what PySpark brings, because Spark writes beside it.
    home: TempDir,
}

/// A job that runs.
pub(super) struct Job(Child);

impl Spark {
    /// `None`, with a line that says so, when the tests run without it.
    pub(super) fn find() -> Option<Self> {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let (Some(python), Some(java_home)) = (variable("SNIFFIT_TEST_SPARK"), variable("SNIFFIT_TEST_JAVA_HOME"))
        else {
            eprintln!("skipped: no Spark (`cargo xtask test` installs it)");
            return None;
        };
        let ask = ["-c", "import os, pyspark; print(os.path.dirname(pyspark.__file__))"];
        let told = Command::new(&python).args(ask).output().expect("Python starts").stdout;
        let package = PathBuf::from(String::from_utf8(told).expect("text").trim());
        let home = tempfile::tempdir().expect("a folder");
        for entry in fs::read_dir(&package).expect("PySpark's folder") {
            let entry = entry.expect("an entry");
            symlink(entry.path(), home.path().join(entry.file_name())).expect("a link");
        }
        let _ = fs::remove_file(home.path().join("work"));
        Some(Self { python, java_home, home })
    }

    /// A command in the environment of Spark.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env("JAVA_HOME", &self.java_home)
            .env("SPARK_HOME", self.home.path())
            .env("SPARK_LOCAL_IP", "127.0.0.1");
        command.env("PYSPARK_PYTHON", &self.python).env("SPARK_LOCAL_DIRS", self.home.path().join("scratch"));
        command.env_remove("PYTHONPATH").env_remove("PYSPARK_SUBMIT_ARGS").env("NO_COLOR", "1").stdin(Stdio::null());
        command
    }

    /// A program in Spark's folder.
    pub(super) fn program(&self, name: &str) -> Command {
        self.command(&self.home.path().join("bin").join(name))
    }

    /// A call of the package by `spark-submit`, which is not installed.
    pub(super) fn submit(&self, master: &str, settings: &[&str], arguments: &[&str]) -> Command {
        let mut command = self.program("spark-submit");
        command.args(["--master", master, "--conf", "spark.driver.host=127.0.0.1", "--conf", "spark.ui.enabled=false"]);
        command.args(settings.iter().flat_map(|setting| ["--conf", setting]));
        command.arg(sources().join("sniffit_spark/__main__.py")).args(arguments);
        command
    }

    /// A call of the package by Python.
    pub(super) fn module(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(Path::new(&self.python));
        command.args(["-m", "sniffit_spark"]).args(arguments).env("PYTHONPATH", sources());
        command
    }
}

/// The Python package.
pub(super) fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../spark")
}

/// Runs a command to its end.
pub(super) fn run(mut command: Command) -> Run {
    Run::of(command.output().expect("it starts"))
}

impl Job {
    pub(super) fn start(mut command: Command) -> Self {
        Self(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts"))
    }

    pub(super) fn pid(&self) -> u32 {
        self.0.id()
    }

    /// Waits for its end, but not for ever. Its logs fit into a pipe: Spark warns only.
    pub(super) fn end(self) -> Run {
        let (ended, waits) = channel::<()>();
        let pid = self.pid();
        let watch = std::thread::spawn(move || {
            if waits.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                signal(pid, "KILL");
            }
        });
        let output = self.0.wait_with_output().expect("it ends");
        drop(ended);
        watch.join().expect("it only waits");
        Run::of(output)
    }
}
