//! The output schema: what one result is called, field by field.
//!
//! In: what the analysis found. Out: records, each described by one table of fields ([`Record::FIELDS`]) from which
//! every encoder, the documentation check and the index templates are derived, so that they can't drift apart.
//! Guaranteed: these are the only types that are serialised, and their fields change only with [`SCHEMA_VERSION`].
//!
//! Field names follow the Elastic Common Schema (ECS) where it has a name; the rest stands under `sniffit`.

mod analysis;
mod analysis_document;
mod annotation;
mod bin;
pub mod block;
mod community_id;
pub mod compact;
pub mod document;
mod object;
pub mod ordinal;
mod packet;
mod pseudonym;
mod server;
mod stream;

pub use analysis::{
    AnalysisRecord, ContinuationRecord, Counters, FaultRecord, InputRecord, RecordingRecord, SkipRecord,
};
pub use annotation::Annotation;
pub use bin::{BIN_NS, BinRecord};
pub use community_id::{CommunityId, community_id};
pub use object::ObjectRecord;
pub use packet::PacketRecord;
pub use pseudonym::{KEY_BYTES, KeyError, Pseudonymous, Pseudonyms};
pub use stream::{DirectionRecord, Quantiles, StreamRecord};

use crate::decode::{Endpoint, Transport};
use crate::flow::Direction;
use crate::name::{NameTable, NamedServer, Naming};
use crate::time::Timestamp;
use community_id::CommunityIds;
use serde::{Deserialize, Serialize};
use server::ServerLabel;
use std::cell::RefCell;
use std::net::IpAddr;
use std::sync::Arc;

/// Version of the output schema; a change of any field's name, unit or meaning raises it.
pub const SCHEMA_VERSION: u64 = 1;

/// The kinds of records, each written to a file or index of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Exchanged objects.
    Objects,
    /// Streams, both directions in one record.
    Streams,
    /// Bytes per stream, direction and 100 ms.
    Bins,
    /// Packets, in packet mode.
    Packets,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Objects, Self::Streams, Self::Bins, Self::Packets];

    /// The name used in file and index names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Objects => "objects",
            Self::Streams => "streams",
            Self::Bins => "bins",
            Self::Packets => "packets",
        }
    }
}

/// What every record of one analysis shares. Known in full only when the whole capture was read.
#[derive(Debug, Clone)]
pub struct Context {
    /// Digest of the packets: the same however the recording was cut, chunked or compressed.
    pub capture_id: String,
    /// The capture's name for people.
    pub capture_name: String,
    /// Digest of the capture's id, the method, its parameters and the schema's version.
    pub analysis_id: String,
    /// The method's name, without parameters.
    pub method: &'static str,
    /// What the numbers of names mean.
    names: Arc<NameTable>,
    /// Objects of one stream come close together, and a Community ID costs as much as the rest of an object.
    community_ids: RefCell<CommunityIds>,
}

impl Context {
    /// What the records of an analysis share.
    #[must_use]
    pub fn new(capture_id: String, capture_name: String, analysis_id: String, method: &'static str) -> Self {
        let names = Arc::default();
        Self { capture_id, capture_name, analysis_id, method, names, community_ids: RefCell::default() }
    }

    /// The same with the names of the analysis.
    #[must_use]
    pub fn with_names(self, names: Arc<NameTable>) -> Self {
        Self { names, ..self }
    }

    /// What is known of a stream's server besides its address.
    #[inline]
    pub(crate) fn server(&self, stream: &StreamIdentity) -> NamedServer<'_> {
        self.names.server(stream.naming, stream.server.ip)
    }

    /// What a stream's server is called, for people.
    #[inline]
    fn server_label(&self, stream: &StreamIdentity) -> ServerLabel<'_> {
        ServerLabel::of(self.server(stream).domain, stream.server.ip)
    }

    /// The Community ID of a stream.
    #[inline]
    fn community_id(&self, stream: &StreamIdentity) -> CommunityId {
        self.community_ids.borrow_mut().of(stream)
    }
}

/// Which stream a record belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamIdentity {
    /// Ordinal, in the recording, of the stream's first packet: Wireshark's frame number on the merged file.
    pub id: u64,
    /// TCP or UDP.
    pub transport: Transport,
    /// The end that asks.
    pub client: Endpoint,
    /// The end that answers.
    pub server: Endpoint,
    /// What it is called, as far as it was known when the record was final.
    pub naming: Naming,
}

impl StreamIdentity {
    /// Sender and receiver of one direction.
    #[must_use]
    pub const fn ends(&self, direction: Direction) -> (Endpoint, Endpoint) {
        match direction {
            Direction::Up => (self.client, self.server),
            Direction::Down => (self.server, self.client),
        }
    }

    /// ECS `network.type`.
    #[must_use]
    pub const fn network_type(&self) -> &'static str {
        match self.client.ip {
            IpAddr::V4(_) => "ipv4",
            IpAddr::V6(_) => "ipv6",
        }
    }
}

/// One field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Full name; dots nest objects in JSON.
    pub path: &'static str,
    /// What kind of value it holds.
    pub value: FieldType,
    /// Unit of the value; empty when it has none.
    pub unit: &'static str,
    /// What it means, for `docs/output-schema.md`.
    pub meaning: &'static str,
    /// The schema version that brought it.
    pub since: u64,
}

/// The types of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// The same text in every record of the kind.
    Constant(&'static str),
    /// The same list of one text in every record of the kind.
    ConstantList(&'static str),
    /// [`Timestamp`], RFC 3339 with nine digits in text.
    Time,
    /// One end, `gte` or `lte`, of a range of times in whole milliseconds since the epoch. Both ends stand together, and
    /// the object above them is one range field of Elasticsearch, which can tell what was open at a time.
    SpanMillis,
    /// Whole number from 0 to 2⁶³ − 1.
    Integer,
    /// Whole number, or null where there is none.
    OptionalInteger,
    /// A number that serves as a name: text in JSON, because nobody adds it up.
    Id,
    /// IPv4 or IPv6 address.
    Ip,
    /// One of few words of ours.
    Keyword,
    /// Any text; it may come from a capture or a file name, so it is hostile.
    Text,
    /// Such a text, or null where there is none.
    OptionalText,
    /// true or false
    Boolean,
}

/// The value of one field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Value of [`FieldType::Constant`] and [`FieldType::ConstantList`].
    Constant,
    /// See [`FieldType::Time`].
    Time(Timestamp),
    /// See [`FieldType::SpanMillis`].
    SpanMillis(i64),
    /// See [`FieldType::Integer`].
    Integer(u64),
    /// See [`FieldType::OptionalInteger`].
    OptionalInteger(Option<u64>),
    /// See [`FieldType::Id`].
    Id(u64),
    /// See [`FieldType::Ip`].
    Ip(IpAddr),
    /// See [`FieldType::Keyword`].
    Keyword(&'a str),
    /// See [`FieldType::Text`].
    Text(&'a str),
    /// See [`FieldType::OptionalText`].
    OptionalText(Option<&'a str>),
    /// See [`FieldType::Boolean`].
    Boolean(bool),
}

/// A record: a table of fields and their values.
pub trait Record: Serialize + for<'de> Deserialize<'de> {
    /// Which kind of record this is.
    const KIND: Kind;
    /// The fields, in the order in which every encoder writes them. Fields of one nested object stand together.
    const FIELDS: &'static [Field];

    /// Appends the record's name among those of its kind and analysis: made of ordinals alone, so that the same capture
    /// gives the same names and what is posted twice is recognised.
    fn put_ordinal(&self, out: &mut Vec<u8>);

    /// Calls `each` with the value of every field, in the order of [`Record::FIELDS`].
    fn values(&self, context: &Context, each: impl FnMut(usize, Value<'_>));
}

/// Declares [`Record`] for a type: after its ordinal, each line is `"path": Type = value, "unit", "meaning";`.
macro_rules! record_fields {
    (
        $record:ty, $kind:expr, |$this:ident, $context:ident|
        ordinal: $ordinal:expr;
        $( $path:literal : $type:ident $( ( $constant:literal ) )? $( = $value:expr )? , $unit:literal, $meaning:literal ; )*
    ) => {
        impl $crate::record::Record for $record {
            const KIND: $crate::record::Kind = $kind;
            const FIELDS: &'static [$crate::record::Field] = &[
                $( $crate::record::Field {
                    path: $path,
                    value: $crate::record::FieldType::$type $( ( $constant ) )?,
                    unit: $unit,
                    meaning: $meaning,
                    since: 1,
                }, )*
            ];

            #[inline]
            fn put_ordinal(&self, out: &mut Vec<u8>) {
                let $this = self;
                $crate::record::ordinal::Ordinal::put($ordinal, out);
            }

            #[inline]
            fn values(&self, $context: &$crate::record::Context, mut each: impl FnMut(usize, $crate::record::Value<'_>)) {
                let $this = self;
                let mut at = 0;
                $(
                    each(at, $crate::record::record_fields!(@value $type $( $value )?));
                    at += 1;
                )*
                let _ = at;
            }
        }
    };
    (@value Constant) => { $crate::record::Value::Constant };
    (@value ConstantList) => { $crate::record::Value::Constant };
    (@value $type:ident $value:expr) => { $crate::record::Value::$type($value) };
}
use record_fields;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
