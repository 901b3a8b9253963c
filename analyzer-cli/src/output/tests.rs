//! Results written in every format and read back.

use super::*;
use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
use ::parquet::record::Field;
use analyzer_core::Sink as _;
use analyzer_core::record::{AnalysisRecord, Counters, ObjectRecord, RecordingRecord};

fn spool(objects: u64) -> Spool {
    let mut spool = Spool::new(&[Kind::Objects], &std::env::temp_dir());
    for index in 0..objects {
        let gap_before_ns = (index % 3 > 0).then_some(index);
        spool.object(&ObjectRecord { index, gap_before_ns, ..samples::object() });
    }
    spool
}

fn encoded(format: Format, objects: u64) -> Vec<u8> {
    let mut out = Vec::new();
    write_records(&mut spool(objects), Kind::Objects, &samples::context(), format, true, &mut out).unwrap();
    out
}

fn manifest() -> AnalysisRecord {
    AnalysisRecord {
        schema: 1,
        tool: "sniffit".to_owned(),
        analysis_id: String::new(),
        capture_id: String::new(),
        capture_name: String::new(),
        status: "complete".to_owned(),
        exact: true,
        start: None,
        end: None,
        method: "exchange".to_owned(),
        methods_by_direction: Default::default(),
        options: Default::default(),
        inputs: Vec::new(),
        counters: Counters::default(),
        records: Default::default(),
        client_sources: Default::default(),
        name_sources: Default::default(),
        names_left_out: 0,
        evicted_streams: 0,
        reused_tuples: 0,
        directed_streams_exact: true,
        non_monotonic_timestamps: 0,
        overflowed_holes: 0,
        unmatched_fragments: 0,
        filtered_packets: 0,
        oddities: Default::default(),
        skips: Vec::new(),
        skipped_blocks: Default::default(),
        recording: RecordingRecord::default(),
        continuation: None,
    }
}

#[test]
fn texts_hold_every_record_once() {
    for objects in [0, 1, 2, 5_000] {
        let lines = String::from_utf8(encoded(Format::Ndjson, objects)).unwrap();
        assert_eq!(lines.lines().count() as u64, objects);
        let array: Vec<serde_json::Value> = serde_json::from_slice(&encoded(Format::Json, objects)).unwrap();
        let elements: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(array, elements);
        let csv = String::from_utf8(encoded(Format::Csv, objects)).unwrap();
        assert_eq!(csv.lines().count() as u64, objects + 1);
        assert!(csv.starts_with("@timestamp,event.kind,"));
    }
}

#[test]
fn parquet_reads_back_and_is_the_same_each_time() {
    for objects in [0, 1, 70_000] {
        let bytes = encoded(Format::Parquet, objects);
        assert!(bytes == encoded(Format::Parquet, objects), "the bytes differ");
        let reader = SerializedFileReader::new(::bytes::Bytes::from(bytes)).unwrap();
        assert_eq!(reader.metadata().num_row_groups() as u64, objects.div_ceil(64 << 10));
        let file = reader.metadata().file_metadata();
        let metadata = file.key_value_metadata().unwrap();
        assert!(metadata.iter().any(|entry| entry.key == "sniffit.analysis.id"));
        let mut index = 0;
        for row in reader.get_row_iter(None).unwrap() {
            let row = row.unwrap();
            let column = |path| row.get_column_iter().find(|(name, _)| *name == path).map(|(_, field)| field.clone());
            let start = samples::object().start.as_nanos();
            assert_eq!(column("@timestamp"), Some(Field::Long(start)));
            assert_eq!(column("source.ip"), Some(Field::Str("93.184.216.34".to_owned())));
            assert_eq!(column("sniffit.object.index"), Some(Field::Long(index)));
            let gap = if index % 3 > 0 { Field::Long(index) } else { Field::Null };
            assert_eq!(column("sniffit.object.gap_before"), Some(gap));
            assert_eq!(column("sniffit.object.multiplexed"), Some(Field::Bool(false)));
            assert_eq!(column("event.kind"), None);
            index += 1;
        }
        assert_eq!(index as u64, objects);
    }
}

#[test]
fn results_are_complete_private_and_not_replaced() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("a/b");
    let folder = Folder { dir: dir.clone(), format: Format::Ndjson, kinds: vec![Kind::Objects], force: false };
    folder.prepare().unwrap();
    folder.write(&mut spool(3), &samples::context(), &manifest()).unwrap();
    let mut names: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["analysis.json", "objects.ndjson"]);
    #[cfg(unix)]
    for name in names {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(dir.join(name)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let refusal = folder.prepare().unwrap_err().to_string();
    assert!(refusal.contains("objects.ndjson exists: replace it with --force"), "{refusal}");
    // Another format leaves the same manifest, so that is a conflict too.
    let csv = Folder { format: Format::Csv, ..folder.clone() };
    assert!(csv.prepare().unwrap_err().to_string().contains("analysis.json exists"));
    let forced = Folder { force: true, ..folder };
    forced.prepare().unwrap();
    forced.write(&mut spool(4), &samples::context(), &manifest()).unwrap();
    assert_eq!(fs::read_to_string(dir.join("objects.ndjson")).unwrap().lines().count(), 4);
}
