//! One analysis to a server: its records from the spool or from files, and last its manifest.
//!
//! In: records. Out: bodies for the senders. Guaranteed: the manifest is sent when all records arrived, so that its being
//! there says that they are.

use super::delivery::Delivery;
use super::poster::{Poster, Stopped};
use crate::spool::{Spool, SpoolFile, SpooledRecord};
use analyzer_core::record::{AnalysisRecord, Context, Kind};
use analyzer_core::sink::bulk::{Body, BulkEncoder};
use analyzer_core::sink::index::Dataset;
use analyzer_core::sink::ndjson::NdjsonEncoder;
use analyzer_core::sink::placement::{Placement, PlacementError};
use std::sync::Arc;

/// An analysis that is being sent.
pub(super) struct Shipment<'a> {
    poster: &'a Poster,
    manifest: &'a AnalysisRecord,
    placement: Placement,
    delivery: Arc<Delivery>,
}

impl<'a> Shipment<'a> {
    /// Begins; the records of these kinds and the manifest are expected.
    ///
    /// # Errors
    /// When the manifest is none that an analysis made.
    pub(super) fn begin(poster: &'a Poster, manifest: &'a AnalysisRecord) -> Result<Self, PlacementError> {
        let placement = Placement::of(manifest, poster.index_by())?;
        poster.expect(manifest.records.values().sum::<u64>() + 1);
        Ok(Self { poster, manifest, placement, delivery: Arc::default() })
    }

    /// An encoder for the documents of a kind.
    pub(super) fn encoder(&self, dataset: Dataset) -> BulkEncoder {
        BulkEncoder::for_dataset(dataset, &self.placement, self.poster.request_bytes())
    }

    /// Sends a body, if there is one.
    pub(super) fn send(&self, dataset: Dataset, body: Option<Body>) -> Result<(), Stopped> {
        body.map_or(Ok(()), |body| self.poster.send(dataset, body, &self.delivery))
    }

    /// Sends the manifest when all records arrived, and waits; true when it arrived too.
    pub(super) fn finish(self) -> bool {
        if !self.delivery.wait() {
            return false;
        }
        let mut encoder = self.encoder(Dataset::Analyses);
        let full = encoder.push_document(&self.manifest.analysis_id, &self.manifest.to_document());
        let sent = self.send(Dataset::Analyses, full.or_else(|| encoder.finish()));
        self.delivery.wait() && sent.is_ok()
    }
}

/// Sends the spooled records of an analysis, to indices of its own or of its month as the poster was told; true when
/// everything arrived.
///
/// # Errors
/// When the spool can't be read back.
pub(crate) fn post_spool(
    poster: &Poster,
    spool: &mut Spool,
    context: &Context,
    manifest: &AnalysisRecord,
    kinds: &[Kind],
) -> anyhow::Result<bool> {
    let shipment = Shipment::begin(poster, manifest)?;
    let sent = kinds.iter().try_for_each(|kind| match kind {
        Kind::Objects => post_records(&shipment, &mut spool.objects, context),
        Kind::Streams => post_records(&shipment, &mut spool.streams, context),
        Kind::Bins => post_records(&shipment, &mut spool.bins, context),
        Kind::Packets => post_records(&shipment, &mut spool.packets, context),
    });
    match sent {
        Err(error) if error.downcast_ref::<Stopped>().is_none() => {
            // What is on its way arrives all the same, and the manifest must not follow it.
            shipment.delivery.wait();
            Err(error)
        }
        _ => Ok(shipment.finish()),
    }
}

fn post_records<R: SpooledRecord>(
    shipment: &Shipment<'_>,
    file: &mut Option<SpoolFile<R>>,
    context: &Context,
) -> anyhow::Result<()> {
    let Some(file) = file else { return Ok(()) };
    let dataset = Dataset::Records(R::KIND);
    let ndjson = NdjsonEncoder::<R>::new();
    let mut encoder = shipment.encoder(dataset);
    file.for_each(|record| Ok(shipment.send(dataset, encoder.push(record, &ndjson, context))?))?;
    Ok(shipment.send(dataset, encoder.finish())?)
}
