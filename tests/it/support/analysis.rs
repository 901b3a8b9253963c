//! The core, run on bytes in memory.

use super::{capture_name, read_capture};
use analyzer_core::capture::Fault;
use analyzer_core::record::{Context, Counters, Kind, Record};
use analyzer_core::sink::MemorySink;
use analyzer_core::sink::ndjson::NdjsonEncoder;
use analyzer_core::{Analyzer, Config, GapMeter, Method, Reading, Totals};
use std::path::Path;

/// 1, 3 and 7 cut inside every field, 1460 is a TCP payload, and the last takes every capture whole.
pub(crate) const CHUNK_BYTES: [usize; 7] = [1, 3, 7, 64, 1460, 65_536, usize::MAX];

/// One file of a recording.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) name: String,
    /// Decompressed.
    pub(crate) bytes: Vec<u8>,
}

impl File {
    pub(crate) fn new(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), bytes }
    }

    pub(crate) fn read(path: &Path) -> Self {
        Self { name: capture_name(path), bytes: read_capture(path) }
    }
}

/// All that an analysis gives.
#[derive(Debug)]
pub(crate) struct Analysis {
    pub(crate) records: MemorySink,
    pub(crate) totals: Totals,
    /// The faults as they were returned, file by file.
    pub(crate) faults: Vec<Fault>,
}

/// The configuration of a method, otherwise the defaults.
pub(crate) fn config(method: &str) -> Config {
    let method = method.parse().unwrap_or_else(|error| panic!("{method}: {error}"));
    Config { method, ..Config::default() }
}

/// Analyses the files of one recording, which stand in the order of their packets.
pub(crate) fn analyze(config: &Config, chunk_bytes: usize, files: &[File]) -> Analysis {
    let mut records = MemorySink::default();
    let mut faults = Vec::new();
    let mut analyzer = if config.method == Method::MeanGap {
        let mut meter = GapMeter::new(config.clone()).expect("a configuration that can work");
        for file in files {
            meter.begin_input(&file.name);
            // The second pass returns the same faults.
            file.bytes.chunks(chunk_bytes).for_each(|chunk| drop(meter.push(chunk)));
            drop(meter.end_input());
        }
        Analyzer::with_mean_gaps(config.clone(), meter.finish())
    } else {
        Analyzer::new(config.clone())
    }
    .expect("a configuration that can work");
    for file in files {
        analyzer.begin_input(&file.name);
        for chunk in file.bytes.chunks(chunk_bytes) {
            faults.extend(analyzer.push(chunk, &mut records).err());
        }
        faults.extend(analyzer.end_input().err());
    }
    let totals = analyzer.finish(&mut records);
    Analysis { records, totals, faults }
}

/// Analyses one file, whole, with the default configuration.
pub(crate) fn analyze_one(file: &File) -> Analysis {
    analyze(&Config::default(), usize::MAX, std::slice::from_ref(file))
}

impl Analysis {
    /// The manifest and every record of every kind as lines of text: what must not differ.
    pub(crate) fn to_text(&self) -> String {
        let context = self.totals.context("capture");
        let manifest = self.totals.manifest("sniffit", "capture", &Reading::default(), &Kind::ALL);
        let mut text = serde_json::to_vec_pretty(&manifest).expect("a manifest is plain data");
        text.push(b'\n');
        put_records(&self.records.objects, &context, &mut text);
        put_records(&self.records.streams, &context, &mut text);
        put_records(&self.records.bins, &context, &mut text);
        put_records(&self.records.packets, &context, &mut text);
        String::from_utf8(text).expect("NDJSON is UTF-8")
    }

    /// The counters, after checking that every packet is in exactly one of them.
    #[track_caller]
    pub(crate) fn counters(&self, name: &str) -> Counters {
        let counters = self.totals.counters;
        let sum = counters.tcp_packets + counters.udp_packets + counters.other_packets;
        assert_eq!(sum, counters.frames, "{name}: every packet is in exactly one counter");
        let files: u64 = self.totals.inputs.iter().map(|input| input.frames).sum();
        assert_eq!(files, counters.frames, "{name}: the files' packets add up");
        counters
    }
}

fn put_records<R: Record>(records: &[R], context: &Context, text: &mut Vec<u8>) {
    let encoder = NdjsonEncoder::<R>::new();
    records.iter().for_each(|record| encoder.encode(record, context, text));
}
