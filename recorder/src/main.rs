//! `sniffit-recorder`: what passes an interface, written into capture files.

use clap::Parser;
use recorder::{Cli, Exit};
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            // Nothing can be done about a terminal that is gone.
            let _ = usage.print();
            return if usage.use_stderr() { Exit::Usage.into() } else { Exit::Complete.into() };
        }
    };
    match recorder::run(&cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            recorder::exit_of(&error).into()
        }
    }
}
