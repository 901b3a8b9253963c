//! Counts of a recording that is still being read.
//!
//! In: the records of an analysis. Out: [`Counts`], the same as those of all its objects at once. Guaranteed: memory holds the objects of
//! live streams, 40 bytes each, and not those of the whole recording.

use super::rows::Object;
use super::{Counts, GroupBy, Stream, group_of};
use crate::name::{NameTable, Naming};
use crate::record::{ObjectRecord, StreamRecord};
use crate::sink::Sink;
use hashbrown::HashMap;
use std::net::IpAddr;

/// A sink that counts objects.
#[derive(Debug)]
pub struct Tallying {
    counts: Counts,
    live: HashMap<u64, LiveStream, foldhash::fast::RandomState>,
    /// Streams that are over and not counted yet: what their names belong to is known outside of the sink.
    ended: Vec<LiveStream>,
}

/// A stream's objects so far.
#[derive(Debug)]
struct LiveStream {
    /// As its last object had it.
    naming: Naming,
    server: IpAddr,
    objects: Vec<Object>,
}

impl Tallying {
    /// No objects yet.
    #[must_use]
    pub fn new(by: GroupBy, tool: &str) -> Self {
        Self { counts: Counts::new(by, tool), live: HashMap::default(), ended: Vec::new() }
    }

    /// Counts the streams that ended since the last call, by these names. To be called now and then: until then their objects stay in
    /// memory.
    pub fn settle(&mut self, names: &NameTable) {
        for LiveStream { naming, server, mut objects } in self.ended.drain(..) {
            objects.sort_unstable();
            let (named, server) = (names.server(naming, server), server.to_string());
            let group = group_of(self.counts.by, named.application, named.registered_domain, named.domain, &server);
            self.counts.add(&Stream { group, id: "", client: "", objects });
        }
    }

    /// The counts of an analysis that is over, by its names.
    #[must_use]
    pub fn finish(mut self, names: &NameTable, capture: &str, method: &str) -> Counts {
        self.settle(names);
        if !self.counts.is_empty() {
            self.counts.captures.insert(capture.to_owned());
            self.counts.method.insert(method.to_owned());
        }
        self.counts
    }
}

impl Sink for Tallying {
    fn object(&mut self, object: &ObjectRecord) {
        let &ObjectRecord { ref stream, direction, start, end, payload_bytes, .. } = object;
        let (naming, server) = (stream.naming, stream.server.ip);
        let live = self.live.entry(stream.id).or_insert_with(|| LiveStream { naming, server, objects: Vec::new() });
        live.naming = naming;
        live.objects.push(Object { start, direction, end, payload_bytes });
    }

    fn stream(&mut self, stream: &StreamRecord) {
        // A stream without payload has no object.
        self.ended.extend(self.live.remove(&stream.stream.id));
    }
}
