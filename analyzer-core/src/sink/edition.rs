//! The results of one analysis as they are given away: under real addresses, or under pseudonyms.
//!
//! In: stored records, what is known of the whole, and a key or none. Out: records and what they share. Guaranteed: with a
//! key no real address is in what comes out, and the analysis has another id, so that both editions of the same
//! results can stand side by side.

use super::store::Store;
use crate::analyzer::{Reading, Totals};
use crate::record::compact::Compact;
use crate::record::{AnalysisRecord, Context, Kind, Pseudonymous, Pseudonyms, Record};
use std::sync::Arc;

/// Records, and what they share.
#[derive(Debug)]
pub struct Edition {
    store: Arc<Store>,
    pseudonyms: Option<Pseudonyms>,
    context: Context,
    manifest: AnalysisRecord,
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
