//! Where records go, and their encodings.
//!
//! The analysis drives and pushes each record as soon as it is final; a sink only takes them. Methods can't fail,
//! because the analysis could do nothing about it: a sink that writes keeps its first error and its owner asks for it
//! between two chunks. [`store`] keeps records in memory. Encoders ([`ndjson`], [`csv`], [`text`], [`bulk`]) turn records
//! into bytes and know no file and no connection; [`index`] and [`template`] say where and how Elasticsearch keeps them.

pub mod bulk;
pub mod csv;
pub mod index;
pub mod ndjson;
mod row;
pub mod store;
pub mod template;
pub mod text;

use crate::record::{BinRecord, ObjectRecord, PacketRecord, StreamRecord};

/// Takes the records of an analysis in their order of emission, which depends on the capture alone.
pub trait Sink {
    /// Whether [`stream`](Self::stream) does anything: a stream's quantiles cost time that a summary can save.
    fn wants_streams(&self) -> bool {
        true
    }

    /// An object is over.
    fn object(&mut self, _object: &ObjectRecord) {}
    /// A stream is over. All its objects and bins came before.
    fn stream(&mut self, _stream: &StreamRecord) {}
    /// A stream left a tenth of a second.
    fn bin(&mut self, _bin: &BinRecord) {}
    /// A packet was given to its stream and object; called only with [`Config::packets`](crate::Config::packets).
    fn packet(&mut self, _packet: &PacketRecord) {}
}

/// Takes everything and keeps nothing: for a summary.
#[derive(Debug, Clone, Copy, Default)]
pub struct NullSink;

impl Sink for NullSink {
    fn wants_streams(&self) -> bool {
        false
    }
}

/// Keeps every record, for tests and small captures.
#[derive(Debug, Clone, Default)]
pub struct MemorySink {
    /// Objects in order of emission.
    pub objects: Vec<ObjectRecord>,
    /// Streams in order of emission.
    pub streams: Vec<StreamRecord>,
    /// Bins in order of emission.
    pub bins: Vec<BinRecord>,
    /// Packets in capture order.
    pub packets: Vec<PacketRecord>,
}

impl Sink for MemorySink {
    fn object(&mut self, object: &ObjectRecord) {
        self.objects.push(object.clone());
    }
    fn stream(&mut self, stream: &StreamRecord) {
        self.streams.push(stream.clone());
    }
    fn bin(&mut self, bin: &BinRecord) {
        self.bins.push(bin.clone());
    }
    fn packet(&mut self, packet: &PacketRecord) {
        self.packets.push(packet.clone());
    }
}
