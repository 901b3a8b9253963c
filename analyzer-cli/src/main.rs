//! `sniffit`: captures in, streams and exchanged objects out.
//!
//! A shell around `analyzer-core`: it finds and reads files, shows progress, and writes what the core encodes. It
//! takes no decision about packets, streams or objects, and it opens a network connection only to a server that the
//! user names, and asks the resolver only with `--reverse-dns`.

#![allow(
    clippy::disallowed_methods,
    reason = "files, the clock and threads are this shell's part; the ban is for the core"
)]

mod analyze;
mod cli;
mod decompress;
mod elastic;
mod error;
mod feed;
mod fleet;
mod folders;
mod input;
mod interrupt;
mod model;
mod options;
mod output;
mod piped;
mod progress;
mod recording;
mod reverse_dns;
mod score;
mod separate;
mod spool;
mod summary_table;
mod table;
mod units;

use clap::Parser;
use cli::{Cli, Command};
use error::Exit;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            // Nothing can be done about a terminal that is gone.
            let _ = usage.print();
            // clap's own code for bad usage, 2, would need a line of its own in everyone's scripts.
            return if usage.use_stderr() { Exit::Failed.into() } else { Exit::Complete.into() };
        }
    };
    match run(cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            let exit = error::exit_of(&error);
            if exit != Exit::Complete {
                let _ = writeln!(std::io::stderr(), "error: {error:#}");
            }
            exit.into()
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Exit> {
    match cli.command {
        Command::Analyze(arguments) => analyze::run(&arguments),
        Command::Model(arguments) => model::run(&arguments),
        Command::Plan(arguments) => fleet::plan(&arguments),
        Command::Task(arguments) => fleet::task(&arguments),
        Command::Merge(arguments) => fleet::merge(&arguments),
        Command::Score(arguments) => score::run(&arguments),
        Command::Es(arguments) => elastic::run(arguments.command),
    }
}
