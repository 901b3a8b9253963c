//! What `sniffit es setup`, `list`, `drop`, `rotate` and `annotate` do to a server, and what they refuse.

mod analyses;
mod annotations;
mod months;
mod template_store;
mod templates;

use crate::support::{Run, sniffit};

/// Runs `sniffit es …` against a server.
fn es(server: &str, words: &[&str]) -> Run {
    sniffit(["es"].iter().chain(words).chain(&["--elasticsearch", server]))
}
