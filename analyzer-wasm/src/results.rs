//! What an analysis found: the manifest, records as text, and the way to Elasticsearch.

use crate::analysis::KINDS;
use crate::error;
use crate::sending::Sender;
use analyzer_core::model::Grouping;
use analyzer_core::model::export::export;
use analyzer_core::record::Pseudonyms;
use analyzer_core::sink::bulk::Shipment;
use analyzer_core::sink::edition::Edition;
use analyzer_core::sink::export::Export;
use analyzer_core::sink::store::Store;
use analyzer_core::sink::text::TextFormat;
use analyzer_core::{Reading, Totals};
use std::sync::Arc;
use wasm_bindgen::prelude::*;

const TOOL: &str = concat!("sniffit ", env!("CARGO_PKG_VERSION"));

/// The results of one analysis.
#[wasm_bindgen]
pub struct Results {
    pub(crate) totals: Totals,
    pub(crate) reading: Reading,
    pub(crate) store: Arc<Store>,
    pub(crate) capture_name: String,
}

impl Results {
    fn objects_by(&self, by: &str, selection: Option<Vec<u8>>, key: Option<String>) -> Result<Grouping, JsError> {
        let by = by.parse().map_err(error)?;
        Ok(self.edition(key)?.objects_by(by, selection.as_deref()))
    }

    /// With a key of hexadecimal digits under pseudonyms.
    fn edition(&self, key: Option<String>) -> Result<Edition, JsError> {
        let pseudonyms = key.map(|key| Pseudonyms::from_text(&key)).transpose().map_err(error)?;
        let store = Arc::clone(&self.store);
        Ok(Edition::new(TOOL, &self.capture_name, &self.totals, &self.reading, &KINDS, store, pseudonyms))
    }
}

#[wasm_bindgen]
impl Results {
    /// Whether there is anything to show.
    #[wasm_bindgen(getter, js_name = hasAny)]
    pub fn has_any(&self) -> bool {
        self.reading.has_results(self.totals.counters.frames)
    }

    /// The manifest, as it stands in `analysis.json`.
    pub fn manifest(&self, key: Option<String>) -> Result<Vec<u8>, JsError> {
        self.edition(key)?.manifest().to_file().map_err(error)
    }

    /// The records of a kind as a text in a format: all of them, or those whose bit in `selection` is set.
    pub fn export(
        &self,
        kind: &str,
        format: &str,
        selection: Option<Vec<u8>>,
        key: Option<String>,
    ) -> Result<Text, JsError> {
        let unknown = || JsError::new("no such kind of records or format");
        let format = TextFormat::ALL.into_iter().find(|known| known.as_str() == format).ok_or_else(unknown)?;
        let kind = KINDS.into_iter().find(|known| known.as_str() == kind).ok_or_else(unknown)?;
        Ok(Text(Export::new(self.edition(key)?, kind, format, selection)))
    }

    /// The model of all objects, or of those whose bit in `selection` is set, as it stands in `model.json`.
    pub fn model(&self, by: &str, selection: Option<Vec<u8>>, key: Option<String>) -> Result<Vec<u8>, JsError> {
        self.objects_by(by, selection, key)?.model(TOOL).to_file().map_err(error)
    }

    /// Input for a simulator, made of the same objects: names of files and their contents in turn.
    #[wasm_bindgen(js_name = exportModel)]
    pub fn export_model(
        &self,
        target: &str,
        by: &str,
        selection: Option<Vec<u8>>,
        key: Option<String>,
    ) -> Result<Vec<String>, JsError> {
        let target = target.parse().map_err(error)?;
        let objects = self.objects_by(by, selection, key)?;
        let files = export(target, &objects.model(TOOL), Some(objects.rows())).map_err(error)?;
        Ok(files.into_iter().flat_map(|file| [file.name, file.content]).collect())
    }

    /// Prepares the sending of everything over so many connections; it gives up after so long an outage.
    pub fn send(&self, connections: usize, retry_for_ms: f64, key: Option<String>) -> Result<Sender, JsError> {
        let retry_for = crate::sending::duration(retry_for_ms);
        Ok(Sender(Shipment::new(self.edition(key)?, connections, retry_for)))
    }
}

/// A text that is made piece by piece.
#[wasm_bindgen]
pub struct Text(Export);

#[wasm_bindgen]
impl Text {
    /// The next bytes; nothing at the end.
    #[wasm_bindgen(js_name = nextPiece)]
    pub fn next_piece(&mut self) -> Option<Vec<u8>> {
        self.0.next_piece()
    }

    /// Records in the text so far.
    #[wasm_bindgen(getter)]
    pub fn records(&self) -> f64 {
        self.0.records() as f64
    }
}
