//! What is deployed: the compose file keeps its promises, nginx lets through what it should and nothing else, and the
//! one-shot scripts do what they say or fail loudly.
//!
//! Nothing here needs a Docker engine. The compose file is judged as data; nginx and the scripts run for real, against a
//! server of the test's own or, where one is named, a real Elasticsearch.

mod child;
mod compose;
mod files;
mod http;
mod nginx;
mod recorder;
mod scripts;
mod unit;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A file or folder of the repository.
fn repository(relative: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is a folder of the workspace");
    root.join(relative)
}

fn read(relative: &str) -> String {
    std::fs::read_to_string(repository(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
}

/// Whether a program answers. If not, a line says what is left out.
fn has(program: &str, arguments: &str, left_out: &str) -> bool {
    let mut probe = Command::new(program);
    probe.args(arguments.split(' ')).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let answers = probe.status().is_ok_and(|status| status.success());
    if !answers {
        eprintln!("skipped: {left_out}: `{program} {arguments}` does not run here");
    }
    answers
}
