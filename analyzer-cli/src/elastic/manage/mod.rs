//! `sniffit es setup`, `list`, `drop`, `rotate` and `annotate`: what is done to a server besides posting results.
//!
//! In: a connection and what is wanted. Out: the change, and lines that say what was done. Guaranteed: nothing is deleted
//! but indices that were named one by one, and the documents of one analysis; a refusal says which right is missing.

mod annotate;
mod annotation_file;
mod cells;
mod consent;
mod deletion;
mod drop;
mod list;
mod request;
mod rotate;
mod setup;
mod store;
mod stored;
mod template_content;

pub(super) use annotate::annotate;
pub(super) use drop::drop;
pub(super) use list::list;
pub(super) use rotate::rotate;
pub(super) use setup::setup;

use anyhow::Context as _;
use std::io::Write as _;

/// Prints to standard output.
fn print(text: &str) -> anyhow::Result<()> {
    std::io::stdout().write_all(text.as_bytes()).context("standard output can't be written")
}
