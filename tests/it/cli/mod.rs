//! The program's manners: exit codes, refusals with a reason, files that appear whole or not at all.

mod files;
mod interruption;
mod usage;

use crate::support::captures;
use std::path::PathBuf;

fn convention(name: &str) -> PathBuf {
    captures("conventions").join(name)
}
