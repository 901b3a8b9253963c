//! Names of servers: what tshark finds, and what whoever made a capture knows.

mod applications;
mod rules;
mod truth;
mod tshark;

pub(crate) use rules::{CLIENT, Step, hello, packets};

use crate::support::{Analysis, File, analyze_one};
use analyzer_core::name::NameSource;
use analyzer_core::record::StreamRecord;
use std::path::Path;

/// The streams of a capture that is read without names of applications of its own.
fn analyzed(path: &Path) -> Analysis {
    analyze_one(&File::read(path))
}

/// What a stream's server is called; empty where it has no name.
fn domain<'a>(analysis: &'a Analysis, stream: &StreamRecord) -> &'a str {
    let names = &analysis.totals.names;
    names.server(stream.stream.naming, stream.stream.server.ip).domain.unwrap_or_default()
}

fn source(stream: &StreamRecord) -> NameSource {
    stream.stream.naming.source
}
