//! One edition of results on its way to Elasticsearch, for a page.
//!
//! In: an edition, replies, time and chance, as [`Courier`] wants them. Out: what to send, and what became of it by kind.
//! Guaranteed: bodies are made when they are asked for, so that few are in memory; the manifest is sent last.

use super::{BODY_BYTES, Body, BulkEncoder, Courier, Step};
use crate::record::compact::Compact;
use crate::record::{BinRecord, Kind, ObjectRecord, PacketRecord, Pseudonymous, Record, StreamRecord};
use crate::sink::edition::Edition;
use crate::sink::index::Dataset;
use crate::sink::ndjson::NdjsonEncoder;
use crate::sink::placement::Placement;
use std::collections::VecDeque;
use std::time::Duration;

/// What is being sent.
#[derive(Debug)]
pub struct Shipment {
    edition: Edition,
    courier: Courier,
    /// Kinds that are not encoded yet.
    kinds: VecDeque<Kind>,
    /// The next block of the first of them.
    block: usize,
    encoder: Option<BulkEncoder>,
    /// Bodies that were made together and not asked for yet.
    ready: VecDeque<(Dataset, Body)>,
}

/// What became of the documents of one dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatasetReport {
    /// Which it is.
    pub dataset: Dataset,
    /// Documents that it has.
    pub expected: u64,
    /// Documents that were not there before.
    pub created: u64,
    /// Documents that were there already.
    pub already_there: u64,
    /// Documents that the server won't take.
    pub refused: u64,
}

impl Shipment {
    /// Prepares the sending of all records and the manifest; the other arguments are those of [`Courier::new`].
    #[must_use]
    pub fn new(edition: Edition, connections: usize, retry_for: Duration) -> Self {
        let all = [Kind::Objects, Kind::Streams, Kind::Bins, Kind::Packets];
        let kinds = all.into_iter().filter(|kind| edition.manifest().records.contains_key(kind.as_str())).collect();
        let courier = Courier::new(connections, retry_for);
        Self { edition, courier, kinds, block: 0, encoder: None, ready: VecDeque::new() }
    }

    /// What to do next: never [`Step::NeedBody`] or [`Step::NeedManifest`], which are done here.
    pub fn next(&mut self, now: Duration) -> Step {
        loop {
            match self.courier.next(now) {
                Step::NeedBody => match self.next_body() {
                    Some((dataset, body)) => self.courier.supply(dataset, body),
                    None => self.courier.no_more_bodies(),
                },
                Step::NeedManifest => {
                    let manifest = self.edition.manifest();
                    let mut encoder = self.bulk_encoder(Dataset::Analyses);
                    let full = encoder.push_document(&manifest.analysis_id, &manifest.to_document());
                    match full.or_else(|| encoder.finish()) {
                        Some(body) => self.courier.supply_manifest(body),
                        // An encoder that took a document has a body.
                        None => return Step::Done,
                    }
                }
                step => return step,
            }
        }
    }

    /// What was sent and what came of it.
    #[must_use]
    pub const fn courier(&self) -> &Courier {
        &self.courier
    }

    /// To tell it of replies, and to stop and go on. Bodies are not to be supplied.
    pub const fn courier_mut(&mut self) -> &mut Courier {
        &mut self.courier
    }

    /// What became of the documents so far.
    #[must_use]
    pub fn report(&self) -> Vec<DatasetReport> {
        let manifest = self.edition.manifest();
        let records = [Kind::Objects, Kind::Streams, Kind::Bins, Kind::Packets].into_iter();
        let expected = records.filter_map(|kind| Some((Dataset::Records(kind), *manifest.records.get(kind.as_str())?)));
        let reports = expected.chain([(Dataset::Analyses, 1)]).map(|(dataset, expected)| {
            let tally = self.courier.tallies().iter().find(|(known, _)| *known == dataset);
            let [created, already_there, refused] =
                tally.map_or([0; 3], |(_, tally)| [tally.created, tally.already_there, tally.refused]);
            DatasetReport { dataset, expected, created, already_there, refused }
        });
        reports.collect()
    }

    fn bulk_encoder(&self, dataset: Dataset) -> BulkEncoder {
        BulkEncoder::for_dataset(dataset, &Placement::alone(self.edition.manifest()), BODY_BYTES)
    }

    fn next_body(&mut self) -> Option<(Dataset, Body)> {
        while self.ready.is_empty() {
            match self.kinds.front()? {
                Kind::Objects => self.encode::<ObjectRecord>(),
                Kind::Streams => self.encode::<StreamRecord>(),
                Kind::Bins => self.encode::<BinRecord>(),
                Kind::Packets => self.encode::<PacketRecord>(),
            }
        }
        self.ready.pop_front()
    }

    /// Encodes the next block of a kind, or ends the kind.
    fn encode<R: Record + Compact + Pseudonymous>(&mut self) {
        let dataset = Dataset::Records(R::KIND);
        let mut encoder = self.encoder.take().unwrap_or_else(|| self.bulk_encoder(dataset));
        if self.block < self.edition.blocks(R::KIND) {
            let ndjson = NdjsonEncoder::<R>::new();
            let ready = &mut self.ready;
            self.edition.for_each_in_block(self.block, |record: &R, context| {
                ready.extend(encoder.push(record, &ndjson, context).map(|body| (dataset, body)));
            });
            self.block += 1;
            self.encoder = Some(encoder);
        } else {
            self.ready.extend(encoder.finish().map(|body| (dataset, body)));
            self.kinds.pop_front();
            self.block = 0;
        }
    }
}

#[cfg(test)]
mod tests;
