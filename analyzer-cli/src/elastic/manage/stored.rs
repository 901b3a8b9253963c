//! The analyses that a server holds.
//!
//! In: the list of its indices, and manifests. Out: for each analysis what is there of it and whether that is all.
//! Guaranteed: indices are told by their whole name, so that nothing else that begins with `sniffit-` counts as ours; an
//! analysis is never called complete on less than its manifest and its documents.

use super::request::Question;
use crate::elastic::client::Client;
use analyzer_core::record::Kind;
use analyzer_core::sink::index::{ANNOTATIONS_INDEX, Dataset};
use analyzer_core::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::thread;
use std::time::Duration;
use ureq::http::Method;

/// Rights that reading all this takes.
pub(super) const RIGHTS: &str = "the cluster privilege monitor, and read and monitor on sniffit-*";
/// More hits a search does not give; long before, a node has more indices than it takes.
const MOST_HITS: usize = 10_000;
/// The server's own is a second.
const REFRESH_INTERVAL: Duration = Duration::from_millis(1_200);

/// What a server holds.
#[derive(Debug, Default)]
pub(super) struct Store {
    /// By the time of the capture, and those of one capture as they were posted.
    pub(super) analyses: Vec<Stored>,
    pub(super) annotations: u64,
}

/// What is there of an analysis.
#[derive(Debug, Default)]
pub(super) struct Stored {
    /// First digits of the capture's id and of the analysis' own.
    pub(super) short: ShortIds,
    pub(super) indices: BTreeMap<Dataset, Index>,
    /// What any of its documents says of it; none where it has none.
    pub(super) identity: Option<Identity>,
    /// None until all records were sent.
    pub(super) manifest: Option<Manifest>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ShortIds {
    pub(super) capture: String,
    pub(super) analysis: String,
}

#[derive(Debug)]
pub(super) struct Index {
    pub(super) name: String,
    /// None while the index is closed or none of its copies is available.
    pub(super) documents: Option<u64>,
    pub(super) bytes: u64,
    pub(super) created: Option<Timestamp>,
}

#[derive(Debug)]
pub(super) struct Identity {
    pub(super) capture_id: String,
    pub(super) capture_name: String,
    pub(super) analysis_id: String,
    pub(super) method: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Manifest {
    pub(super) status: String,
    pub(super) exact: bool,
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
    records: BTreeMap<String, u64>,
}

impl Stored {
    pub(super) fn documents(&self) -> u64 {
        self.indices.values().filter_map(|index| index.documents).sum()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.indices.values().map(|index| index.bytes).sum()
    }

    /// When the first of its documents was sent.
    pub(super) fn posted(&self) -> Option<Timestamp> {
        self.indices.values().filter_map(|index| index.created).min()
    }

    /// The first packet's time and the last's.
    pub(super) fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let manifest = self.manifest.as_ref()?;
        Some((manifest.start.as_ref()?.parse().ok()?, manifest.end.as_ref()?.parse().ok()?))
    }

    /// Documents that the manifest tells of and that are not there; none where that can't be known.
    pub(super) fn missing(&self) -> Option<u64> {
        let records = &self.manifest.as_ref()?.records;
        let missing = |(kind, expected): (&String, &u64)| {
            let index = self.indices.iter().find(|(dataset, _)| dataset.as_str() == kind);
            // An index is made by its first document.
            index.map_or(Some(*expected), |(_, index)| Some(expected.saturating_sub(index.documents?)))
        };
        records.iter().map(missing).sum()
    }

    /// One word for the whole.
    pub(super) fn status(&self) -> &str {
        match (&self.manifest, self.missing()) {
            _ if self.indices.values().any(|index| index.documents.is_none()) => UNREADABLE,
            (Some(manifest), Some(0)) => &manifest.status,
            _ => INCOMPLETE,
        }
    }
}

/// Status of an analysis of which not all is there.
pub(super) const INCOMPLETE: &str = "incomplete";
/// Status of an analysis whose documents can't be counted.
pub(super) const UNREADABLE: &str = "unreadable";

impl Store {
    /// Asks the server for everything.
    ///
    /// # Errors
    /// When it can't be asked, or refuses.
    pub(super) fn read(client: &Client) -> anyhow::Result<Self> {
        let (store, is_fresh) = Self::read_once(client)?;
        if is_fresh || store.analyses.iter().all(|analysis| analysis.status() != INCOMPLETE) {
            return Ok(store);
        }
        // Who may not refresh sees what was posted a second later; indices that nobody searched have to be woken first.
        search(client, "/sniffit-*/_search", 0)?;
        thread::sleep(REFRESH_INTERVAL);
        Ok(Self::read_once(client)?.0)
    }

    /// What can be seen, and whether that is all that was posted.
    fn read_once(client: &Client) -> anyhow::Result<(Self, bool)> {
        // Manifests before counts: what was there when a manifest was is there when it is counted.
        let has_all_manifests = refresh(client, "/sniffit-analyses-*/_refresh")?;
        let manifests = search(client, "/sniffit-analyses-*/_search", MOST_HITS)?;
        let has_all_records = refresh(client, "/sniffit-*/_refresh")?;
        let path = "/_cat/indices/sniffit-*?format=json&bytes=b&h=index,docs.count,store.size,creation.date";
        let list = Question { method: Method::GET, path, body: None, rights: RIGHTS }.ask(client)?;
        let mut store = Self::of(&list, &manifests);
        for analysis in store.analyses.iter_mut().filter(|analysis| analysis.identity.is_none()) {
            analysis.identify(client)?;
        }
        Ok((store, has_all_manifests && has_all_records))
    }

    fn of(list: &Value, manifests: &Value) -> Self {
        let mut store = Self::default();
        let mut by_ids: BTreeMap<ShortIds, Stored> = BTreeMap::new();
        for row in list.as_array().into_iter().flatten() {
            let index = Index::of(row);
            if index.name == ANNOTATIONS_INDEX {
                store.annotations = index.documents.unwrap_or(0);
            } else if let Some((dataset, short)) = parse_index_name(&index.name) {
                let analysis = by_ids.entry(short.clone()).or_insert_with(|| Stored { short, ..Stored::default() });
                analysis.indices.insert(dataset, index);
            }
        }
        for hit in hits(manifests) {
            let ids = hit["_index"].as_str().and_then(parse_index_name).map(|(_, short)| short);
            if let Some(analysis) = ids.and_then(|ids| by_ids.get_mut(&ids)) {
                (analysis.identity, analysis.manifest) = read_document(hit);
            }
        }
        store.analyses = by_ids.into_values().collect();
        // Those of an unknown time come last.
        let start = |analysis: &Stored| analysis.span().map_or(Timestamp::MAX, |(start, _)| start);
        store.analyses.sort_by_key(|analysis| (start(analysis), analysis.posted()));
        store
    }
}

impl Stored {
    /// Learns from any document which analysis it is whose manifest is missing.
    fn identify(&mut self, client: &Client) -> anyhow::Result<()> {
        let Some(index) = self.indices.values().find(|index| index.documents.is_some_and(|number| number > 0)) else {
            return Ok(());
        };
        // It may have been deleted since it was listed.
        let answer = search(client, &format!("/{}/_search?ignore_unavailable=true", index.name), 1)?;
        self.identity = hits(&answer).next().and_then(|hit| read_document(hit).0);
        Ok(())
    }
}

/// Makes the server show what was just written; false where it does not let us, as it lets who may only read.
fn refresh(client: &Client, path: &str) -> anyhow::Result<bool> {
    client.json(&Method::POST, path, None).map(|(status, _)| status < 300)
}

/// Documents with what tells whose they are.
fn search(client: &Client, path: &str, size: usize) -> anyhow::Result<Value> {
    let manifest = ["status", "exact", "start", "end", "records"].map(|name| format!("sniffit.manifest.{name}"));
    let names = ["capture", "analysis", "method"].map(|name| format!("sniffit.{name}"));
    let source: Vec<String> = names.into_iter().chain(manifest).collect();
    let body = json!({ "size": size, "_source": source });
    let answer = Question { method: Method::POST, path, body: Some(&body), rights: RIGHTS }.ask(client)?;
    let failed = answer.pointer("/_shards/failed").and_then(Value::as_u64).unwrap_or(0);
    if failed > 0 || hits(&answer).count() >= MOST_HITS {
        let warning = b"warning: not every manifest could be read: what is told as incomplete may be complete\n";
        let _ = std::io::stderr().write_all(warning);
    }
    Ok(answer)
}

fn hits(answer: &Value) -> impl Iterator<Item = &Value> {
    answer.pointer("/hits/hits").and_then(Value::as_array).into_iter().flatten()
}

/// What a document says of its analysis, and the manifest if it is one.
fn read_document(hit: &Value) -> (Option<Identity>, Option<Manifest>) {
    let sniffit = &hit["_source"]["sniffit"];
    let text = |pointer: &str| sniffit.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let identity = || {
        Some(Identity {
            capture_id: text("/capture/id")?,
            capture_name: text("/capture/name")?,
            analysis_id: text("/analysis/id")?,
            method: text("/method")?,
        })
    };
    (identity(), Manifest::deserialize(&sniffit["manifest"]).ok())
}

impl Index {
    /// From a row of the list, in which numbers are texts.
    fn of(row: &Value) -> Self {
        let number = |name: &str| row[name].as_str().and_then(|text| text.parse::<u64>().ok());
        let created = number("creation.date").and_then(|millis| i64::try_from(millis).ok()?.checked_mul(1_000_000));
        Self {
            name: row["index"].as_str().unwrap_or_default().to_owned(),
            documents: number("docs.count"),
            bytes: number("store.size").unwrap_or(0),
            created: created.map(Timestamp::from_nanos),
        }
    }
}

/// The parts of `sniffit-<dataset>-<capture>-<analysis>`, the name of an index that holds a part of one analysis.
fn parse_index_name(name: &str) -> Option<(Dataset, ShortIds)> {
    let mut parts = name.strip_prefix("sniffit-")?.split('-');
    let dataset = parts.next()?;
    let dataset = Dataset::ALL.into_iter().find(|known| known.as_str() == dataset)?;
    let mut id = || parts.next().filter(|id| is_hex(id, 8)).map(str::to_owned);
    let short = ShortIds { capture: id()?, analysis: id()? };
    (parts.next().is_none() && dataset != Dataset::Annotations).then_some((dataset, short))
}

/// Whether a text is so many lower-case hexadecimal digits.
pub(super) fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The kinds of records in the order in which they are shown.
pub(super) const KINDS: [Kind; 4] = [Kind::Objects, Kind::Streams, Kind::Bins, Kind::Packets];

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    #[test]
    fn only_whole_names_are_ours() {
        let (dataset, short) = parse_index_name("sniffit-objects-aee47acd-82c7753c").unwrap();
        assert_eq!(dataset, Dataset::Records(Kind::Objects));
        assert_eq!(short, ShortIds { capture: "aee47acd".to_owned(), analysis: "82c7753c".to_owned() });
        for name in [
            "sniffit-annotations",
            "sniffit-annotations-aee47acd-82c7753c",
            "sniffit-object-aee47acd-82c7753c",
            "sniffit-objects-aee47acd",
            "sniffit-objects-aee47acd-82c7753",
            "sniffit-objects-aee47acd-82C7753C",
            "sniffit-objects-aee47acd-82c7753g",
            "sniffit-objects-aee47acd-82c7753c-old",
            "my-sniffit-objects-aee47acd-82c7753c",
            "",
        ] {
            assert_eq!(parse_index_name(name), None, "{name}");
        }
    }

    /// A row of the server's list.
    pub(in super::super) fn row(name: &str, documents: Option<u64>) -> Value {
        let documents = documents.map(|number| number.to_string());
        json!({ "index": name, "docs.count": documents, "store.size": "4200", "creation.date": "1700000000000" })
    }

    /// The document of a manifest.
    pub(in super::super) fn manifest(name: &str, status: &str, start: Option<&str>, records: Value) -> Value {
        json!({ "_index": name, "_source": { "sniffit": {
            "capture": { "id": "aee47acd61b3a407", "name": "phone\u{7}" },
            "analysis": { "id": "82c7753c2a4a0d69" },
            "method": "exchange",
            "manifest": {
                "status": status, "exact": true, "start": start, "end": start.map(|_| "2020-03-01T10:00:41.183Z"),
                "records": records,
            },
        } } })
    }

    pub(in super::super) fn store(rows: Vec<Value>, manifests: Vec<Value>) -> Store {
        Store::of(&Value::Array(rows), &json!({ "hits": { "hits": manifests } }))
    }

    #[test]
    fn complete_is_what_has_all_that_its_manifest_tells_of() {
        let objects = |number| row("sniffit-objects-aee47acd-82c7753c", number);
        let analyses = || row("sniffit-analyses-aee47acd-82c7753c", Some(1));
        let told = |status: &str, records| vec![manifest("sniffit-analyses-aee47acd-82c7753c", status, None, records)];
        let both = json!({ "objects": 3, "streams": 0 });
        for (rows, manifests, status, missing) in [
            (vec![objects(Some(3)), analyses()], told("complete", both.clone()), "complete", Some(0)),
            (vec![objects(Some(3)), analyses()], told("interrupted", both.clone()), "interrupted", Some(0)),
            (vec![objects(Some(2)), analyses()], told("complete", both.clone()), "incomplete", Some(1)),
            (vec![analyses()], told("complete", both.clone()), "incomplete", Some(3)),
            (vec![objects(None), analyses()], told("complete", both), "unreadable", None),
            (vec![objects(Some(3))], vec![], "incomplete", None),
            // A kind that a later run added is no fault.
            (vec![objects(Some(3)), analyses()], told("partial", json!({})), "partial", Some(0)),
        ] {
            let store = store(rows, manifests);
            let [analysis] = &store.analyses[..] else { panic!("{store:?}") };
            assert_eq!((analysis.status(), analysis.missing()), (status, missing), "{analysis:?}");
        }
    }

    #[test]
    fn analyses_stand_in_the_order_of_their_captures() {
        let mut rows = vec![row("sniffit-annotations", Some(13)), row("sniffit-notes", Some(1))];
        let mut manifests = Vec::new();
        for (id, start) in
            [("00000001", None), ("00000002", Some("2020-03-01T10:00:02Z")), ("00000003", Some("2020-03-01T10:00:01Z"))]
        {
            let name = format!("sniffit-analyses-aee47acd-{id}");
            rows.push(row(&name, Some(1)));
            manifests.push(manifest(&name, "complete", start, json!({})));
        }
        let store = store(rows, manifests);
        let ids: Vec<&str> = store.analyses.iter().map(|analysis| analysis.short.analysis.as_str()).collect();
        assert_eq!(ids, ["00000003", "00000002", "00000001"]);
        assert_eq!(store.annotations, 13);
        assert_eq!(store.analyses[0].posted().unwrap().to_string(), "2023-11-14T22:13:20.000000000Z");
    }
}
