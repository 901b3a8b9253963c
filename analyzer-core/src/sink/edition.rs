//! The results of one analysis as they are given away: under real addresses, or under pseudonyms.
//!
//! In: stored records, what is known of the whole, and a key or none. Out: records and what they share. Guaranteed: with a
//! key no real address is in what comes out, and the analysis has another id, so that both editions of the same
//! results can stand side by side.

use super::store::Store;
use crate::analyzer::{Reading, Totals};
use crate::model::{GroupBy, Grouping, ObjectFacts};
use crate::record::compact::Compact;
use crate::record::{AnalysisRecord, Context, Kind, ObjectRecord, Pseudonymous, Pseudonyms, Record};
use std::sync::Arc;

/// Records, and what they share.
#[derive(Debug)]
pub struct Edition {
    store: Arc<Store>,
    pseudonyms: Option<Pseudonyms>,
    context: Context,
    manifest: AnalysisRecord,
}

/// Whether the bit of a record is set, the lowest of a byte first.
pub(super) fn is_selected(bits: &[u8], row: usize) -> bool {
    bits.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1)
}

impl Edition {
    /// An edition of these results; `tool` and `capture_name` as in [`Totals::manifest`].
    #[must_use]
    pub fn new(
        tool: &str,
        capture_name: &str,
        totals: &Totals,
        reading: &Reading,
        kinds: &[Kind],
        store: Arc<Store>,
        pseudonyms: Option<Pseudonyms>,
    ) -> Self {
        let pseudonymised = pseudonyms.as_ref().map(|pseudonyms| totals.pseudonymised(pseudonyms));
        let totals = pseudonymised.as_ref().unwrap_or(totals);
        let manifest = totals.manifest(tool, capture_name, reading, kinds);
        Self { store, pseudonyms, context: totals.context(capture_name), manifest }
    }

    /// The manifest.
    #[must_use]
    pub const fn manifest(&self) -> &AnalysisRecord {
        &self.manifest
    }

    /// How many blocks hold the records of a kind.
    #[must_use]
    pub fn blocks(&self, kind: Kind) -> usize {
        self.store.blocks(kind)
    }

    /// What a model of the objects is made of: of all, or of those whose bit is set, the lowest of a byte first.
    #[must_use]
    pub fn objects_by(&self, by: GroupBy, selection: Option<&[u8]>) -> Grouping {
        let mut grouping = Grouping::new(by);
        let mut row = 0;
        for block in 0..self.blocks(Kind::Objects) {
            self.for_each_in_block(block, |object: &ObjectRecord, context| {
                if selection.is_none_or(|bits| is_selected(bits, row)) {
                    let server = context.server(&object.stream);
                    grouping.add(&ObjectFacts {
                        analysis: &context.analysis_id,
                        capture: &context.capture_name,
                        method: context.method,
                        stream: &object.stream.id.to_string(),
                        client: &object.stream.client.ip.to_string(),
                        server: &object.stream.server.ip.to_string(),
                        domain: server.domain,
                        registered_domain: server.registered_domain,
                        application: server.application,
                        direction: object.direction,
                        start: object.start,
                        duration_ns: object.end.nanos_since(object.start),
                        payload_bytes: object.payload_bytes,
                    });
                }
                row += 1;
            });
        }
        grouping
    }

    /// Calls `each` with the records of a block, in their order of emission.
    pub fn for_each_in_block<R>(&self, block: usize, mut each: impl FnMut(&R, &Context))
    where
        R: Record + Compact + Pseudonymous,
    {
        self.store.for_each_in_block(block, |record: &R| match &self.pseudonyms {
            Some(pseudonyms) => each(&record.pseudonymised(pseudonyms), &self.context),
            None => each(record, &self.context),
        });
    }
}
