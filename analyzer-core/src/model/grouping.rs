//! Objects as records have them to rows of a model: which group each belongs to.
//!
//! In: facts of objects, from records in memory or from files. Out: [`Rows`], and which captures and methods they come from.
//! Guaranteed: the same objects make the same rows, wherever their records were read.

use super::{Counts, GroupBy, Model, ObjectRow, Rows};
use crate::flow::Direction;
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// The group of objects for which nothing else is known.
const UNKNOWN: &str = "unknown";

/// An object as its record has it, field by field.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "they are the fields of the output schema")]
pub struct ObjectFacts<'a> {
    pub analysis: &'a str,
    pub capture: &'a str,
    pub method: &'a str,
    pub stream: &'a str,
    pub client: &'a str,
    pub server: &'a str,
    pub domain: Option<&'a str>,
    pub registered_domain: Option<&'a str>,
    pub application: Option<&'a str>,
    pub direction: Direction,
    pub start: Timestamp,
    pub duration_ns: u64,
    pub payload_bytes: u64,
}

/// Puts objects into their groups.
#[derive(Debug)]
pub struct Grouping {
    by: GroupBy,
    captures: BTreeSet<String>,
    methods: BTreeSet<String>,
    rows: Rows,
    /// Used again for each object, because its texts hardly change.
    row: ObjectRow,
}

impl Grouping {
    /// No objects yet.
    #[must_use]
    pub fn new(by: GroupBy) -> Self {
        let row = ObjectRow {
            group: String::new(),
            stream: String::new(),
            client: String::new(),
            direction: Direction::Up,
            start: Timestamp::MIN,
            end: Timestamp::MIN,
            payload_bytes: 0,
        };
        Self { by, captures: BTreeSet::new(), methods: BTreeSet::new(), rows: Rows::default(), row }
    }

    /// Adds an object.
    pub fn add(&mut self, record: &ObjectFacts<'_>) {
        let Self { by, captures, methods, rows, row } = self;
        if !captures.contains(record.capture) {
            captures.insert(record.capture.to_owned());
        }
        if !methods.contains(record.method) {
            methods.insert(record.method.to_owned());
        }
        let group = group_of(*by, record.application, record.registered_domain, record.domain, record.server);
        set(&mut row.group, group);
        set(&mut row.client, record.client);
        row.stream.clear();
        row.stream.extend([record.analysis, "/", record.stream]);
        row.direction = record.direction;
        row.start = record.start;
        row.end = record.start.saturating_add_nanos(record.duration_ns);
        row.payload_bytes = record.payload_bytes;
        rows.push(row);
    }

    /// The objects so far.
    #[must_use]
    pub const fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The counts of the objects so far; `tool` is the name and version of the program.
    #[must_use]
    pub fn counts(&self, tool: &str) -> Counts {
        let mut counts = Counts::of(&self.rows, self.by, tool);
        counts.captures.extend(self.captures.iter().cloned());
        counts.method.extend(self.methods.iter().cloned());
        counts
    }

    /// The model of the objects so far.
    #[must_use]
    pub fn model(&self, tool: &str) -> Model {
        self.counts(tool).into_model()
    }
}

/// The group of a stream of which this is known.
pub(super) fn group_of<'a>(
    by: GroupBy,
    application: Option<&'a str>,
    registered_domain: Option<&'a str>,
    domain: Option<&'a str>,
    server: &'a str,
) -> &'a str {
    match by {
        GroupBy::Application => application.unwrap_or(UNKNOWN),
        GroupBy::Domain => registered_domain.or(domain).unwrap_or(server),
        GroupBy::Server => domain.unwrap_or(server),
        GroupBy::All => "all",
    }
}

fn set(text: &mut String, value: &str) {
    if text != value {
        text.clear();
        text.push_str(value);
    }
}
