//! Records that were written as NDJSON, read again only so far as to know what each one is.
//!
//! In: a line. Out: its kind, its name, and the ids of its capture and analysis. Guaranteed: the same name that
//! [`Record::put_ordinal`](super::Record::put_ordinal) gave the record, so that results posted from files and results
//! posted by the analysis itself are the same documents.

use super::ordinal::Ordinal;
use super::{BIN_NS, Kind, SCHEMA_VERSION};
use crate::flow::Direction;
use crate::time::Timestamp;
use serde::Deserialize;
use std::borrow::Cow;
use thiserror::Error;

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity<'a> {
    /// Kind of the record.
    pub kind: Kind,
    /// What tells it from the others of its kind and analysis.
    pub ordinal: Ordinal,
    /// Id of its capture.
    pub capture_id: Cow<'a, str>,
    /// Id of its analysis.
    pub analysis_id: Cow<'a, str>,
}

/// Why a line is no record.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// No JSON, or a field is missing or of another type.
    #[error("this is no record of an analysis: {0}")]
    Form(#[from] serde_json::Error),
    /// Made by a version with another output schema.
    #[error("the record has version {0} of the output schema, and this program writes {SCHEMA_VERSION}: analyse again")]
    Schema(u64),
    /// A field has a value that no analysis writes.
    #[error("this is no record of an analysis: {0} is missing or has an unknown value")]
    Value(&'static str),
}

/// Reads what a line is.
///
/// # Errors
/// When it is no record of this version of the schema.
pub fn identify(line: &[u8]) -> Result<Identity<'_>, DocumentError> {
    let Line { timestamp, event, sniffit } = serde_json::from_slice(line)?;
    if sniffit.schema != SCHEMA_VERSION {
        return Err(DocumentError::Schema(sniffit.schema));
    }
    let stream = || {
        let id = sniffit.stream.as_ref().and_then(|stream| stream.id.parse().ok());
        id.ok_or(DocumentError::Value("sniffit.stream.id"))
    };
    let direction = || match sniffit.direction.as_deref() {
        Some("up") => Ok(Direction::Up),
        Some("down") => Ok(Direction::Down),
        _ => Err(DocumentError::Value("sniffit.direction")),
    };
    let (kind, ordinal) = match &*event.dataset {
        "sniffit.object" => {
            let index = sniffit.object.and_then(|object| object.index);
            let index = index.ok_or(DocumentError::Value("sniffit.object.index"))?;
            (Kind::Objects, Ordinal::InDirection(stream()?, direction()?, index))
        }
        "sniffit.stream" => (Kind::Streams, Ordinal::Whole(stream()?)),
        "sniffit.bin" => {
            let start: Timestamp = timestamp.parse().map_err(|_| DocumentError::Value("@timestamp"))?;
            (Kind::Bins, Ordinal::InDirection(stream()?, direction()?, start.as_nanos().div_euclid(BIN_NS)))
        }
        "sniffit.packet" => {
            let number = sniffit.packet.map(|packet| packet.number);
            (Kind::Packets, Ordinal::Whole(number.ok_or(DocumentError::Value("sniffit.packet.number"))?))
        }
        _ => return Err(DocumentError::Value("event.dataset")),
    };
    Ok(Identity { kind, ordinal, capture_id: sniffit.capture.id, analysis_id: sniffit.analysis.id })
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, rename = "@timestamp")]
    timestamp: Cow<'a, str>,
    #[serde(borrow)]
    event: Event<'a>,
    #[serde(borrow)]
    sniffit: Sniffit<'a>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    dataset: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Sniffit<'a> {
    schema: u64,
    #[serde(borrow)]
    direction: Option<Cow<'a, str>>,
    #[serde(borrow)]
    stream: Option<Id<'a>>,
    object: Option<Object>,
    packet: Option<Packet>,
    #[serde(borrow)]
    capture: Id<'a>,
    #[serde(borrow)]
    analysis: Id<'a>,
}

#[derive(Deserialize)]
struct Id<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Object {
    index: Option<i64>,
}

#[derive(Deserialize)]
struct Packet {
    number: u64,
}
