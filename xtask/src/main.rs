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
mod npm;
mod package;
mod scale;
mod serve;
mod setup;
mod test;
mod tidy;
mod traffic;
mod wasm;
mod web;

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
        Command::GenTraffic(options) => traffic::run(&options),
        Command::Kibana { check } => kibana::run(check),
        Command::Wasm => wasm::run(),
        Command::Web { connect } => web::run(&connect),
        Command::Serve { port } => serve_page(port),
        Command::GenTypes { check } => wasm::types(check),
        Command::Package { check } => package::run(check),
        Command::Elasticsearch(options) => elasticsearch::run(&options),
        Command::Bench { command } => match command {
            BenchCommand::Speed(args) => bench::run(&args),
            BenchCommand::Elastic(args) => bench::elastic(&args),
            BenchCommand::Model(args) => bench::model(&args),
            BenchCommand::Page(args) => bench::page(&args),
            BenchCommand::Recorder(args) => bench::recorder(&args),
            BenchCommand::Scale(args) => bench::scale(&args),
            BenchCommand::RawWalk { file } => bench::raw_walk(&file),
            BenchCommand::Mix(recipe) => bench::mix(&recipe),
        },
    }
}

/// Serves what was built before, until Ctrl-C.
fn serve_page(port: u16) -> anyhow::Result<()> {
    let dist = web::dist()?;
    anyhow::ensure!(dist.join("index.html").is_file(), "there is no page in {}: run `cargo xtask web`", dist.display());
    let server = serve::Server::bind(&dist, port)?;
    println!("The page is at http://127.0.0.1:{} until Ctrl-C", server.port()?);
    server.run();
    Ok(())
}

/// The tests have told what failed, and their last line must stay the last.
fn return_code(passed: anyhow::Result<bool>) -> anyhow::Result<()> {
    if !passed? {
        std::process::exit(1);
    }
    Ok(())
}
