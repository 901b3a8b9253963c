//! One analysis: bytes in, columns out while it runs, results at its end.

use crate::columns::{self, BinColumns, ObjectColumns, StreamColumns, StreamEndColumns};
use crate::error;
use crate::results::Results;
use analyzer_core::capture::Fault;
use analyzer_core::decode::Transport;
use analyzer_core::flow::Direction;
use analyzer_core::name::{NameId, NameSource, NameTable};
use analyzer_core::object::EndReason;
use analyzer_core::record::Kind;
use analyzer_core::sink::Both;
use analyzer_core::sink::columns::Columns;
use analyzer_core::sink::store::Store;
use analyzer_core::summary::{BIN_COUNT, bin_midpoint};
use analyzer_core::{Analyzer, Config, GapMeter, Method, Reading};
use js_sys::{Array, Object};
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// The kinds of records that the page keeps.
pub(crate) const KINDS: [Kind; 3] = [Kind::Objects, Kind::Streams, Kind::Bins];

/// The names of end reasons, by their numbers in columns.
#[wasm_bindgen(js_name = endReasons)]
pub fn end_reasons() -> Vec<String> {
    EndReason::ALL.map(|reason| reason.as_str().to_owned()).to_vec()
}

/// Where names come from, by their numbers in columns.
#[wasm_bindgen(js_name = nameSources)]
pub fn name_sources() -> Vec<String> {
    NameSource::ALL.map(|source| source.as_str().to_owned()).to_vec()
}

/// The values that bins of gaps stand for, in ns.
#[wasm_bindgen(js_name = gapValuesNs)]
pub fn gap_values_ns() -> Vec<f64> {
    (0..BIN_COUNT).map(|bin| bin_midpoint(bin as u16) as f64).collect()
}

/// Both passes have one type of sink, so that the module holds the walk over packets once.
type Records = Option<&'static mut Both<Store, Columns>>;

enum Pass {
    /// The first of two.
    Measuring(GapMeter<Records>),
    Cutting(Analyzer),
}

/// An analysis of one recording.
#[wasm_bindgen]
pub struct Analysis {
    config: Config,
    /// None when it is over.
    pass: Option<Pass>,
    records: Both<Store, Columns>,
    /// Files that were begun.
    inputs: usize,
    reading: Reading,
    /// What stopped the current file.
    fault: Option<(u64, String)>,
    /// Names that were taken.
    named: u32,
    /// The names when it is over.
    names: Arc<NameTable>,
}

#[wasm_bindgen]
impl Analysis {
    /// Options by the names and in the syntax of the command line; lists are separated by commas.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Readonly<Record<string, string>>")] options: JsValue,
    ) -> Result<Self, JsError> {
        let mut config = Config::default();
        for option in Object::entries(&options.into()) {
            let text = |at| Array::from(&option).get(at).as_string().unwrap_or_default();
            let (name, values) = (text(0), text(1));
            values.split(',').try_for_each(|value| config.set(&name, value.trim())).map_err(error)?;
        }
        config.validate().map_err(error)?;
        let pass = if config.method == Method::MeanGap {
            Pass::Measuring(GapMeter::with_sink(config.clone(), None).map_err(error)?)
        } else {
            Pass::Cutting(Analyzer::new(config.clone()).map_err(error)?)
        };
        let records = Both(Store::new(&KINDS), Columns::default());
        let reading = Reading::default();
        let (named, names) = (0, Arc::default());
        Ok(Self { config, pass: Some(pass), records, inputs: 0, reading, fault: None, named, names })
    }

    /// Whether the files must be read once more after this pass.
    #[wasm_bindgen(getter, js_name = isFirstOfTwo)]
    pub fn is_first_of_two(&self) -> bool {
        matches!(self.pass, Some(Pass::Measuring(_)))
    }

    /// Begins the second pass.
    #[wasm_bindgen(js_name = nextPass)]
    pub fn next_pass(&mut self) -> Result<(), JsError> {
        if let Some(Pass::Measuring(meter)) = self.pass.take() {
            let analyzer = Analyzer::with_mean_gaps(self.config.clone(), meter.finish()).map_err(error)?;
            self.pass = Some(Pass::Cutting(analyzer));
        }
        self.inputs = 0;
        self.reading = Reading::default();
        Ok(())
    }

    /// Begins the next file.
    #[wasm_bindgen(js_name = beginInput)]
    pub fn begin_input(&mut self, name: &str) {
        self.inputs += 1;
        match &mut self.pass {
            Some(Pass::Measuring(meter)) => meter.begin_input(name),
            Some(Pass::Cutting(analyzer)) => analyzer.begin_input(name),
            None => {}
        }
    }

    /// Takes the next bytes of the file, decompressed; false when the file can't be read on.
    pub fn push(&mut self, chunk: &[u8]) -> bool {
        let pushed = match &mut self.pass {
            Some(Pass::Measuring(meter)) => meter.push(chunk),
            Some(Pass::Cutting(analyzer)) => analyzer.push(chunk, &mut Some(&mut self.records)),
            None => return false,
        };
        if let Err(Fault { offset, kind, .. }) = &pushed {
            self.fault = Some((*offset, kind.to_string()));
        }
        pushed.is_ok()
    }

    /// The file ends here; at byte `offset` and for a reason, where it should have gone on.
    #[wasm_bindgen(js_name = endInput)]
    pub fn end_input(&mut self, offset: f64, reason: Option<String>) {
        let ended = match &mut self.pass {
            Some(Pass::Measuring(meter)) => meter.end_input(),
            Some(Pass::Cutting(analyzer)) => analyzer.end_input(),
            None => return,
        };
        let fault = self.fault.take().or(reason.map(|reason| (offset as u64, reason)));
        self.reading.end_input(self.inputs.saturating_sub(1), fault, ended);
    }

    /// The user ends the reading at this byte of the last file.
    pub fn interrupt(&mut self, offset: f64) {
        self.reading.interrupted = Some((self.inputs.saturating_sub(1), offset as u64));
        self.end_input(offset, None);
    }

    /// Packets so far.
    #[wasm_bindgen(getter)]
    pub fn packets(&self) -> f64 {
        match &self.pass {
            Some(Pass::Measuring(meter)) => meter.frames() as f64,
            Some(Pass::Cutting(analyzer)) => analyzer.frames() as f64,
            None => 0.0,
        }
    }

    /// Time of the first packet, in ns since the epoch.
    #[wasm_bindgen(getter, js_name = startNs)]
    pub fn start_ns(&self) -> Option<i64> {
        match &self.pass {
            Some(Pass::Cutting(analyzer)) => analyzer.start().map(|start| start.as_nanos()),
            _ => None,
        }
    }

    /// Objects since the last call; times from `origin_ns` since the epoch.
    #[wasm_bindgen(js_name = takeObjects)]
    pub fn take_objects(&mut self, origin_ns: i64) -> ObjectColumns {
        columns::objects(self.records.1.take_objects(columns::time(origin_ns)))
    }

    /// Streams first heard of since the last call.
    #[wasm_bindgen(js_name = takeStreams)]
    pub fn take_streams(&mut self) -> StreamColumns {
        columns::streams(self.records.1.take_streams())
    }

    /// Streams that ended since the last call.
    #[wasm_bindgen(js_name = takeStreamEnds)]
    pub fn take_stream_ends(&mut self, origin_ns: i64) -> StreamEndColumns {
        columns::stream_ends(self.records.1.take_stream_ends(columns::time(origin_ns)))
    }

    /// Bins since the last call.
    #[wasm_bindgen(js_name = takeBins)]
    pub fn take_bins(&mut self, origin_ns: i64) -> BinColumns {
        columns::bins(self.records.1.take_bins(columns::time(origin_ns)))
    }

    /// Addresses first heard of since the last call, as text.
    #[wasm_bindgen(js_name = takeAddresses)]
    pub fn take_addresses(&mut self) -> Vec<String> {
        self.records.1.take_addresses().iter().map(ToString::to_string).collect()
    }

    /// Names of servers first heard of since the last call: for each its text and its application, which may be empty. The
    /// first one has number 1 in columns.
    #[wasm_bindgen(js_name = takeNames)]
    pub fn take_names(&mut self) -> Vec<String> {
        let names = if let Some(Pass::Cutting(analyzer)) = &self.pass { analyzer.names() } else { &*self.names };
        let first = std::mem::replace(&mut self.named, names.len() as u32) + 1;
        let texts = |number| {
            let name = names.name(NameId(number));
            [name.domain, name.application].map(|text| text.unwrap_or_default().to_owned())
        };
        (first..=self.named).flat_map(texts).collect()
    }

    /// Counts of gaps between packets with payload, by bin; direction 0 is up, transport 0 is TCP.
    #[wasm_bindgen(js_name = gapCounts)]
    pub fn gap_counts(&self, direction: u8, transport: u8) -> Vec<u32> {
        let direction = if direction == 0 { Direction::Up } else { Direction::Down };
        let transport = if transport == 0 { Transport::Tcp } else { Transport::Udp };
        self.records.1.gaps().of(direction, transport).to_vec()
    }

    /// Ends the recording. The last columns can still be taken.
    pub fn finish(&mut self, capture_name: String) -> Result<Results, JsError> {
        let Some(Pass::Cutting(analyzer)) = self.pass.take() else {
            return Err(JsError::new("the analysis is over, or its first pass is not"));
        };
        let totals = analyzer.finish(&mut Some(&mut self.records));
        let store = Arc::new(std::mem::take(&mut self.records.0));
        self.names = Arc::clone(&totals.names);
        Ok(Results { totals, reading: std::mem::take(&mut self.reading), store, capture_name })
    }
}
