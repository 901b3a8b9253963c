//! Ctrl-C: the first one stops the reading, so that what was read is finished and written; the second ends at once.

use crate::error::Exit;
use anyhow::Context as _;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// Takes over Ctrl-C for the rest of the process.
pub(crate) fn install() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        if REQUESTED.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
        let _ = writeln!(std::io::stderr(), "\ninterrupted: finishing what was read; Ctrl-C again ends at once");
    })
    .context("Ctrl-C can't be taken over")
}

/// Whether the reading should stop.
pub(crate) fn requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

/// Stops the reading as Ctrl-C does.
pub(crate) fn request() {
    REQUESTED.store(true, Ordering::Relaxed);
}
