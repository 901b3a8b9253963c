//! All automation of the repository, behind `cargo xtask`.
//!
//! In: a command. Out: exit code 0 when everything was in order, else 1 and why. Guaranteed: no script in another
//! language is needed to build, test, measure or show the product.

#![allow(
    clippy::disallowed_methods,
    reason = "files, clocks and processes are this tool's work; the ban is for the core"
)]

mod bench;
mod captures;
mod cargo;
mod cli;
mod demo;
mod elasticsearch;
mod kibana;
mod setup;
mod test;
mod tidy;

use clap::Parser;
use cli::{BenchCommand, Cli, Command};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo { no_serve, elasticsearch } => demo::run(no_serve, elasticsearch),
        Command::Test { fast } => return_code(test::run(fast)),
        Command::Tidy { write } => tidy::run(write),
        Command::GenCaptures { check } => captures::run(check),
        Command::Kibana { check } => kibana::run(check),
        Command::Elasticsearch(options) => elasticsearch::run(&options),
        Command::Bench { command } => match command {
            BenchCommand::Speed(args) => bench::run(&args),
            BenchCommand::Elastic(args) => bench::elastic(&args),
            BenchCommand::RawWalk { file } => bench::raw_walk(&file),
            BenchCommand::Mix(recipe) => bench::mix(&recipe),
        },
    }
}

/// The tests have told what failed, and their last line must stay the last.
fn return_code(passed: anyhow::Result<bool>) -> anyhow::Result<()> {
    if !passed? {
        std::process::exit(1);
    }
    Ok(())
}
