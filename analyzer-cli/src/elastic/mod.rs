//! Results to Elasticsearch.
//!
//! In: results, and the address of a server. Out: documents there, and a report of what became of each. Guaranteed:
//! nothing is sent unless a server was named, and nothing is sent elsewhere; what the server does not take is said, and
//! nothing of it is lost.

mod address;
mod analysis;
mod client;
mod credentials;
mod delivery;
mod manage;
mod post;
mod poster;
mod preflight;
mod refused;
mod report;

pub(crate) use address::ServerUrl;
pub(crate) use analysis::post_spool;
pub(crate) use client::Client;
pub(crate) use poster::{Insistence, Poster};
pub(crate) use preflight::{Unavailable, preflight};
pub(crate) use report::Report;

use crate::cli::EsCommand;
use crate::error::Exit;

/// Runs `sniffit es …`.
///
/// # Errors
/// When the server can't be reached or refuses, and what to do about it.
pub(crate) fn run(command: EsCommand) -> anyhow::Result<Exit> {
    match command {
        EsCommand::Setup { connection, replicas } => manage::setup(&Client::new(&connection)?, replicas),
        EsCommand::List { connection, json } => manage::list(&Client::new(&connection)?, json),
        EsCommand::Drop { analysis, connection, yes } => manage::drop(&Client::new(&connection)?, &analysis, yes),
        EsCommand::Rotate(arguments) => manage::rotate(&Client::new(&arguments.connection)?, &arguments),
        EsCommand::Annotate { message, at, label, file, connection } => {
            manage::annotate(&Client::new(&connection)?, message, at, &label, file.as_deref())
        }
        EsCommand::Post { folders, connection, delivery, quiet } => post::run(&folders, &connection, delivery, quiet),
    }
}
