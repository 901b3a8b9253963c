//! A recording that is read in parts gives what one run over all of its files gives, and nothing else is taken for a part.

mod cuts;
mod form;
mod generated;
mod program;
mod refusals;

use crate::support::{File, Packet, write_pcap};
use analyzer_core::capture::Probe;
use analyzer_core::record::{Context, Kind, Record};
use analyzer_core::sink::MemorySink;
use analyzer_core::sink::ndjson::NdjsonEncoder;
use analyzer_core::summary::{ServerKey, ServerSummary};
use analyzer_core::time::Timestamp;
use analyzer_core::{Analyzer, Config, Reading, StateError, Totals};
use serde_json::Value;

/// What has to be equal, and the states on the way.
#[derive(Debug)]
struct Told {
    /// Records of each kind as lines, with fixed ids.
    records: [Vec<u8>; 4],
    /// The last part's manifest, without what a part has of its own.
    manifest: Value,
    servers: Vec<(String, ServerSummary)>,
    states: Vec<Vec<u8>>,
}

impl Told {
    #[track_caller]
    fn assert_same(&self, expected: &Self, what: &str) {
        assert_eq!(self.manifest, expected.manifest, "{what}: the manifest");
        for (kind, (found, expected)) in Kind::ALL.iter().zip(self.records.iter().zip(&expected.records)) {
            let first = || found.split(|byte| *byte == b'\n').zip(expected.split(|byte| *byte == b'\n'));
            let differing = || first().find(|(found, expected)| found != expected);
            let differing = || differing().map(|(a, b)| (String::from_utf8_lossy(a), String::from_utf8_lossy(b)));
            assert!(found == expected, "{what}: the {} differ: {:?}", kind.as_str(), differing());
        }
        assert_eq!(self.servers, expected.servers, "{what}: the summary");
    }
}

/// A part's records, appended to those of the parts before, as they are encoded when the part ends.
fn put(sink: &MemorySink, totals: &Totals, records: &mut [Vec<u8>; 4]) {
    fn lines<R: Record>(of: &[R], context: &Context, text: &mut Vec<u8>) {
        let encoder = NdjsonEncoder::<R>::new();
        of.iter().for_each(|record| encoder.encode(record, context, text));
    }
    let context = Context::new("c".to_owned(), "n".to_owned(), "a".to_owned(), "m").with_names(totals.names.clone());
    for (kind, text) in Kind::ALL.iter().zip(records) {
        match kind {
            Kind::Objects => lines(&sink.objects, &context, text),
            Kind::Streams => lines(&sink.streams, &context, text),
            Kind::Bins => lines(&sink.bins, &context, text),
            Kind::Packets => lines(&sink.packets, &context, text),
        }
    }
}

/// The manifest without the ids; with all records that were written so far.
fn manifest(totals: &Totals, reading: &Reading) -> Value {
    let manifest = totals.manifest("sniffit", "n", reading, &Kind::ALL);
    let mut records = manifest.records.clone();
    if let Some(continuation) = &manifest.continuation {
        for (kind, count) in &continuation.records_before {
            *records.entry(kind.clone()).or_default() += count;
        }
    }
    let mut manifest = serde_json::to_value(&manifest).expect("a manifest is plain data");
    let fields = manifest.as_object_mut().expect("a manifest is an object");
    fields.remove("continuation");
    for id in ["analysis_id", "capture_id"] {
        fields.remove(id).expect(id);
    }
    fields.insert("records".to_owned(), serde_json::to_value(records).expect("plain data"));
    manifest
}

fn servers(totals: &Totals) -> Vec<(String, ServerSummary)> {
    let name = |server: &ServerSummary| match server.server {
        Some(ServerKey::Name(number)) => totals.names.name(number).domain.unwrap_or_default().to_owned(),
        Some(ServerKey::Address(ip)) => ip.to_string(),
        None => "others".to_owned(),
    };
    totals.summary.servers(usize::MAX).into_iter().map(|server| (name(&server), server)).collect()
}

/// When a file begins, as the shells find out.
fn start(file: &File) -> Option<Timestamp> {
    let mut probe = Probe::new();
    probe.push(&file.bytes);
    probe.start()
}

fn read(analyzer: &mut Analyzer, files: &[File], sink: &mut MemorySink) -> Reading {
    let mut reading = Reading::default();
    for (at, file) in files.iter().enumerate() {
        analyzer.begin_input(&file.name);
        let fault = file.bytes.chunks(1 << 16).find_map(|chunk| analyzer.push(chunk, sink).err());
        let ended = analyzer.end_input();
        reading.end_input(at, fault.map(|fault| (fault.offset, fault.kind.to_string())), ended);
    }
    reading
}

/// One run.
fn at_once(config: &Config, files: &[File]) -> Told {
    let (mut sink, mut records) = (MemorySink::default(), Default::default());
    let mut analyzer = Analyzer::new(config.clone()).expect("a configuration that can work");
    let reading = read(&mut analyzer, files, &mut sink);
    let totals = analyzer.finish(&mut sink);
    put(&sink, &totals, &mut records);
    Told { records, manifest: manifest(&totals, &reading), servers: servers(&totals), states: Vec::new() }
}

/// Each group of files as a part; the recording ends with the last one.
fn in_parts(config: &Config, parts: &[&[File]]) -> Result<Told, StateError> {
    let mut records = Default::default();
    let mut states: Vec<Vec<u8>> = Vec::new();
    let mut ids = Vec::new();
    for (at, files) in parts.iter().enumerate() {
        let mut analyzer = match states.last() {
            Some(state) => Analyzer::resume(config.clone(), state)?,
            None => Analyzer::in_parts(config.clone())?,
        };
        files.iter().try_for_each(|file| analyzer.admit(&file.name, start(file)))?;
        let mut sink = MemorySink::default();
        let reading = read(&mut analyzer, files, &mut sink);
        analyzer.check_files()?;
        let is_last = at + 1 == parts.len();
        let totals = if is_last {
            analyzer.finish(&mut sink)
        } else {
            let (totals, state) = analyzer.suspend(&reading, "n")?;
            states.push(state);
            totals
        };
        let continuation = totals.continuation.expect("it is a part");
        assert_eq!((continuation.part, continuation.is_last), (at as u64 + 1, is_last));
        put(&sink, &totals, &mut records);
        ids.push((totals.capture_id.clone(), totals.analysis_id.clone()));
        if is_last {
            assert!(ids.iter().all(|id| *id == ids[0]), "all parts share the ids: {ids:?}");
            let (manifest, servers) = (manifest(&totals, &reading), servers(&totals));
            return Ok(Told { records, manifest, servers, states });
        }
    }
    panic!("there is no part");
}

/// Packets as rotated files, cut before the packets with these numbers.
fn rotated(packets: &[Packet], borders: &[usize]) -> Vec<File> {
    let ends = borders.iter().copied().chain([packets.len()]);
    let begins = [0].into_iter().chain(borders.iter().copied());
    begins
        .zip(ends)
        .enumerate()
        .map(|(at, (begin, end))| File::new(&format!("x_{at:05}.pcap"), write_pcap(&packets[begin..end])))
        .collect()
}

/// Distinct numbers below `end`, ascending, the same each time.
fn chosen(count: usize, end: usize) -> Vec<usize> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut numbers = std::collections::BTreeSet::new();
    while numbers.len() < count.min(end - 1) {
        // xorshift64
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        numbers.insert(1 + (state % (end as u64 - 1)) as usize);
    }
    numbers.into_iter().collect()
}
