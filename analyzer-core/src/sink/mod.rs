//! Where records go, and their encodings.
//!
//! The analysis drives and pushes each record as soon as it is final; a sink only takes them. Methods can't fail,
//! because the analysis could do nothing about it: a sink that writes keeps its first error and its owner asks for it
//! between two chunks. [`store`] keeps records in memory. Encoders ([`ndjson`], [`csv`], [`text`], [`bulk`]) turn records
//! into bytes and know no file and no connection; [`index`], [`placement`] and [`template`] say where and how Elasticsearch
//! keeps them.

pub mod bulk;
pub mod columns;
pub mod csv;
pub mod edition;
pub mod export;
pub mod index;
pub mod ndjson;
pub mod placement;
mod row;
pub mod store;
pub mod template;
pub mod text;

use crate::decode::Transport;
use crate::flow::Direction;
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
    /// Time from the previous packet with payload of the same stream and direction. In a sink without this method the
    /// compiler leaves the measuring out.
    fn payload_gap(&mut self, _direction: Direction, _transport: Transport, _gap_ns: u64) {}
}

/// Passes every record to both, in this order.
#[derive(Debug, Default)]
pub struct Both<A, B>(pub A, pub B);

impl<A: Sink, B: Sink> Sink for Both<A, B> {
    fn wants_streams(&self) -> bool {
        self.0.wants_streams() || self.1.wants_streams()
    }
    fn object(&mut self, object: &ObjectRecord) {
        self.0.object(object);
        self.1.object(object);
    }
    fn stream(&mut self, stream: &StreamRecord) {
        self.0.stream(stream);
        self.1.stream(stream);
    }
    fn bin(&mut self, bin: &BinRecord) {
        self.0.bin(bin);
        self.1.bin(bin);
    }
    fn packet(&mut self, packet: &PacketRecord) {
        self.0.packet(packet);
        self.1.packet(packet);
    }
    fn payload_gap(&mut self, direction: Direction, transport: Transport, gap_ns: u64) {
        self.0.payload_gap(direction, transport, gap_ns);
        self.1.payload_gap(direction, transport, gap_ns);
    }
}

/// A sink, or none: then nothing is taken, as by [`NullSink`].
impl<S: Sink> Sink for Option<&mut S> {
    fn wants_streams(&self) -> bool {
        self.as_ref().is_some_and(|sink| sink.wants_streams())
    }
    fn object(&mut self, object: &ObjectRecord) {
        if let Some(sink) = self {
            sink.object(object);
        }
    }
    fn stream(&mut self, stream: &StreamRecord) {
        if let Some(sink) = self {
            sink.stream(stream);
        }
    }
    fn bin(&mut self, bin: &BinRecord) {
        if let Some(sink) = self {
            sink.bin(bin);
        }
    }
    fn packet(&mut self, packet: &PacketRecord) {
        if let Some(sink) = self {
            sink.packet(packet);
        }
    }
    fn payload_gap(&mut self, direction: Direction, transport: Transport, gap_ns: u64) {
        if let Some(sink) = self {
            sink.payload_gap(direction, transport, gap_ns);
        }
    }
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
