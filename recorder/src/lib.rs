//! Records what passes network interfaces into capture files, and analyses nothing.
//!
//! In: interfaces, a filter, and how much of each packet is kept. Out: capture files that any reader takes, each with a
//! sidecar of what it holds and what was lost. Guaranteed: every packet that the kernel handed to the recorder is accounted
//! for; files end at a whole record, whatever ends the recorder; nothing is overwritten; nothing is sent anywhere.
//!
//! Data flows one way: `interface` opens what `filter` lets in; `track` takes packets from the ring to a `tape`, which keeps
//! of each what [`analyzer_core::keep`] says and writes `file`s; `compress` makes them small when they are complete; `session` waits for all of them at once.

#![deny(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    reason = "files, the clock and interfaces are this program's part; the ban is for the core"
)]

mod accounting;
mod check;
mod cli;
mod compress;
mod environment;
mod exit;
mod file;
mod filter;
mod interface;
mod key;
mod notice;
mod quantity;
mod session;
mod signals;
mod socket;
mod status;
mod tape;
mod track;

pub use cli::{Cli, command};
pub use exit::{Exit, exit_of};

use cli::Command;

/// Does what the command line asks for.
///
/// # Errors
/// When nothing could be recorded; [`exit_of`] tells which exit code that is.
pub fn run(cli: &Cli) -> anyhow::Result<Exit> {
    match &cli.command {
        None if cli.record.print_filter => session::print_filters(&cli.record),
        None => session::record(&cli.record),
        Some(Command::Check(arguments)) => check::run(arguments),
        Some(Command::Interfaces) => interface::print_all(),
    }
}
