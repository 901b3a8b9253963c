//! Objects from NDJSON, and from a JSON array with an element a line, as the analysis writes both.

use analyzer_core::flow::Direction;
use analyzer_core::model::{Grouping, ObjectFacts};
use analyzer_core::record::SCHEMA_VERSION;
use analyzer_core::time::Timestamp;
use anyhow::{Context as _, anyhow, bail};
use serde::Deserialize;
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

/// What records of objects are called.
const OBJECTS: &str = "sniffit.object";
const BUFFER_BYTES: usize = 1 << 20;

/// Adds the objects of a file.
///
/// # Errors
/// When the file can't be read, or a line is no object; says which.
pub(super) fn read(path: &Path, grouping: &mut Grouping) -> anyhow::Result<()> {
    let mut lines = BufReader::with_capacity(BUFFER_BYTES, File::open(path)?);
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let text = element(&line);
        if !text.is_empty() {
            add(text, grouping).with_context(|| format!("line {number}"))?;
        }
    }
    Ok(())
}

/// A line without what a JSON array has around its elements.
fn element(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii();
    let line = line.strip_suffix(b",").unwrap_or(line);
    if line == b"[" || line == b"]" { &[] } else { line }
}

fn add(line: &[u8], grouping: &mut Grouping) -> anyhow::Result<()> {
    let Line { event, network, server, client, sniffit } =
        serde_json::from_slice(line).map_err(|error| no_object(line, error))?;
    if sniffit.schema != SCHEMA_VERSION {
        bail!(
            "the record has version {} of the output schema, and this program reads {SCHEMA_VERSION}: analyse again",
            sniffit.schema
        );
    }
    if event.dataset != OBJECTS {
        return Err(other_kind(&event.dataset));
    }
    let direction = match &*sniffit.direction {
        "up" => Direction::Up,
        "down" => Direction::Down,
        other => bail!("`{other}` is no direction"),
    };
    let start: Timestamp = event.start.parse().ok().context("event.start is no time")?;
    let record = ObjectFacts {
        analysis: &sniffit.analysis.id,
        capture: &sniffit.capture.name,
        method: &sniffit.method,
        stream: &sniffit.stream.id,
        client: &client.ip,
        server: &server.ip,
        domain: server.domain.as_deref(),
        registered_domain: server.registered_domain.as_deref(),
        application: network.application.as_deref(),
        direction,
        start,
        duration_ns: event.duration,
        payload_bytes: sniffit.payload_bytes,
    };
    grouping.add(&record);
    Ok(())
}

/// Why a line has not the fields of an object: most often it is of another kind, which is then told.
#[cold]
fn no_object(line: &[u8], error: serde_json::Error) -> anyhow::Error {
    #[derive(Deserialize)]
    struct Kind<'a> {
        #[serde(borrow)]
        event: Dataset<'a>,
    }
    #[derive(Deserialize)]
    struct Dataset<'a> {
        #[serde(borrow)]
        dataset: Cow<'a, str>,
    }
    match serde_json::from_slice(line) {
        Ok(Kind { event: Dataset { dataset } }) if dataset != OBJECTS => other_kind(&dataset),
        _ => anyhow::Error::new(error).context("this is no record of an object"),
    }
}

fn other_kind(dataset: &str) -> anyhow::Error {
    anyhow!("this is a record of {dataset}: a model is made of objects")
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    event: Event<'a>,
    #[serde(borrow)]
    network: Network<'a>,
    #[serde(borrow)]
    client: Client<'a>,
    #[serde(borrow)]
    server: Server<'a>,
    #[serde(borrow)]
    sniffit: Sniffit<'a>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    dataset: Cow<'a, str>,
    #[serde(borrow)]
    start: Cow<'a, str>,
    duration: u64,
}

#[derive(Deserialize)]
struct Network<'a> {
    #[serde(borrow)]
    application: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Client<'a> {
    #[serde(borrow)]
    ip: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Server<'a> {
    #[serde(borrow)]
    ip: Cow<'a, str>,
    #[serde(borrow)]
    domain: Option<Cow<'a, str>>,
    #[serde(borrow)]
    registered_domain: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Sniffit<'a> {
    schema: u64,
    #[serde(borrow)]
    direction: Cow<'a, str>,
    payload_bytes: u64,
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    stream: Id<'a>,
    #[serde(borrow)]
    analysis: Id<'a>,
    #[serde(borrow)]
    capture: Capture<'a>,
}

#[derive(Deserialize)]
struct Id<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Capture<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
}
