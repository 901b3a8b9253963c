//! The analyses that a server holds.
//!
//! In: the list of its indices, manifests, and how many documents of each analysis stand in the indices of months. Out: for
//! each analysis what is there of it. Guaranteed: indices are told by their whole name, so that nothing else that begins
//! with `sniffit-` counts as ours; an analysis that stands in two places is told twice, and its documents once each.

use super::request::Question;
use super::stored::{INCOMPLETE, Identity, Index, Manifest, Place, Stored};
use crate::elastic::client::Client;
use analyzer_core::sink::index::{ANNOTATIONS_INDEX, Dataset, IndexName, Scope};
use analyzer_core::time::{Month, Timestamp};
use serde::Deserialize as _;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::thread;
use std::time::Duration;
use ureq::http::Method;

/// Rights that reading all this takes.
pub(super) const RIGHTS: &str = "the cluster privilege monitor, and read and monitor on sniffit-*";
/// More hits a search does not give.
const MOST_HITS: usize = 10_000;
/// More buckets a server does not give.
const MOST_ANALYSES: usize = 60_000;
/// The server's own is a second.
const REFRESH_INTERVAL: Duration = Duration::from_millis(1_200);
const ANALYSIS: &str = "sniffit.analysis.id";

/// What a server holds.
#[derive(Debug, Default)]
pub(super) struct Store {
    /// By the time of the capture, and those of one capture as they were posted.
    pub(super) analyses: Vec<Stored>,
    pub(super) annotations: u64,
}

/// An index of ours, as the server lists it.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) name: IndexName,
    /// Of all analyses that stand in it.
    pub(super) index: Index,
}

/// What the server says.
#[derive(Debug, Default)]
struct Findings {
    indices: Vec<Listed>,
    annotations: u64,
    /// Documents with manifests.
    manifests: Vec<Value>,
    /// By index of a month: analyses and their documents.
    counts: BTreeMap<String, Vec<(String, u64)>>,
}

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
        search(client, "/sniffit-*/_search", &json!({ "size": 0 }))?;
        thread::sleep(REFRESH_INTERVAL);
        Ok(Self::read_once(client)?.0)
    }

    /// What can be seen, and whether that is all that was posted.
    fn read_once(client: &Client) -> anyhow::Result<(Self, bool)> {
        // Manifests before counts: what was there when a manifest was is there when it is counted.
        let has_all_manifests = refresh(client, "/sniffit-analyses-*/_refresh")?;
        let manifests = all_manifests(client)?;
        let has_all_records = refresh(client, "/sniffit-*/_refresh")?;
        let (indices, annotations) = list(client)?;
        let mut counts = BTreeMap::new();
        for Listed { name, index } in &indices {
            if matches!(name.scope(), Scope::Month(_)) && index.documents.is_some_and(|number| number > 0) {
                counts.insert(index.name.clone(), count_by_analysis(client, &index.name)?);
            }
        }
        let mut store = Self::of(Findings { indices, annotations, manifests, counts });
        for analysis in store.analyses.iter_mut().filter(|analysis| analysis.identity.is_none()) {
            identify(analysis, client)?;
        }
        Ok((store, has_all_manifests && has_all_records))
    }

    fn of(findings: Findings) -> Self {
        let mut analyses: BTreeMap<Place, Stored> = BTreeMap::new();
        let mut add = |place: Place, dataset, index| {
            let stored = analyses.entry(place.clone()).or_insert_with(|| Stored::new(place));
            stored.indices.insert(dataset, index);
        };
        // The indices of a month, and which of them can't be read.
        let mut months: BTreeMap<Month, BTreeMap<Dataset, Option<String>>> = BTreeMap::new();
        for Listed { name, index } in findings.indices {
            match name.scope() {
                Scope::Analysis(short) => {
                    let place = Place { analysis: short.analysis.clone(), scope: name.scope().clone() };
                    add(place, name.dataset(), index);
                }
                Scope::Month(month) => {
                    for (analysis, documents) in findings.counts.get(&index.name).into_iter().flatten() {
                        let place = Place { scope: name.scope().clone(), analysis: analysis.clone() };
                        add(place, name.dataset(), index.share(*documents));
                    }
                    let unreadable = index.documents.is_none().then_some(index.name);
                    months.entry(*month).or_default().insert(name.dataset(), unreadable);
                }
            }
        }
        for hit in &findings.manifests {
            let (identity, manifest) = read_document(hit);
            let name = hit["_index"].as_str().and_then(|name| name.parse::<IndexName>().ok());
            let place = name.and_then(|name| Place::of(name.scope(), identity.as_ref()));
            if let Some(stored) = place.and_then(|place| analyses.get_mut(&place)) {
                (stored.identity, stored.manifest) = (identity, manifest);
            }
        }
        for stored in analyses.values_mut() {
            if let Some(month) = stored.month()
                && let Some(indices) = months.get(&month)
            {
                stored.note_month(indices);
            }
        }
        let mut analyses: Vec<Stored> = analyses.into_values().collect();
        // Those of an unknown time come last.
        let start = |analysis: &Stored| analysis.span().map_or(Timestamp::MAX, |(start, _)| start);
        analyses.sort_by_key(|analysis| (start(analysis), analysis.posted().unwrap_or(Timestamp::MAX)));
        Self { analyses, annotations: findings.annotations }
    }
}

impl Stored {
    /// Notes which of the indices of its month are not there or can't be read: nobody knows what of it they hold.
    fn note_month(&mut self, indices: &BTreeMap<Dataset, Option<String>>) {
        let of_months = |dataset: &Dataset| *dataset != Dataset::Annotations;
        self.without_index =
            Dataset::ALL.into_iter().filter(of_months).filter(|dataset| !indices.contains_key(dataset)).collect();
        for (dataset, name) in indices {
            if let Some(name) = name {
                let index = Index { name: name.clone(), documents: None, bytes: 0, created: None };
                self.indices.insert(*dataset, index);
            }
        }
    }
}

impl Place {
    /// Where the analysis of a document stands.
    fn of(scope: &Scope, identity: Option<&Identity>) -> Option<Self> {
        let analysis = match scope {
            Scope::Analysis(short) => short.analysis.clone(),
            Scope::Month(_) => identity?.analysis_id.clone(),
        };
        Some(Self { scope: scope.clone(), analysis })
    }
}

/// Our indices, and the number of annotations.
///
/// # Errors
/// When the server can't be asked, or refuses.
pub(super) fn list(client: &Client) -> anyhow::Result<(Vec<Listed>, u64)> {
    let path = "/_cat/indices/sniffit-*?format=json&bytes=b&h=index,docs.count,store.size,creation.date";
    let rows = Question { method: Method::GET, path, body: None, rights: RIGHTS }.ask(client)?;
    Ok(read_list(&rows))
}

fn read_list(rows: &Value) -> (Vec<Listed>, u64) {
    let (mut indices, mut annotations) = (Vec::new(), 0);
    for row in rows.as_array().into_iter().flatten() {
        let index = Index::of(row);
        if index.name == ANNOTATIONS_INDEX {
            annotations = index.documents.unwrap_or(0);
        } else if let Ok(name) = index.name.parse() {
            indices.push(Listed { name, index });
        }
    }
    (indices, annotations)
}

/// All manifests, page by page: the number of analyses in shared indices has no bound.
fn all_manifests(client: &Client) -> anyhow::Result<Vec<Value>> {
    let by_id = json!({ ANALYSIS: { "order": "asc", "unmapped_type": "keyword" } });
    let mut body = json!({ "size": MOST_HITS, "_source": source(), "sort": [by_id, { "_index": "asc" }] });
    let mut manifests: Vec<Value> = Vec::new();
    loop {
        let answer = search(client, "/sniffit-analyses-*/_search", &body)?;
        let before = manifests.len();
        manifests.extend(hits(&answer).cloned());
        match manifests.last().map(|hit| &hit["sort"]) {
            Some(last) if manifests.len() - before >= MOST_HITS => body["search_after"] = last.clone(),
            _ => return Ok(manifests),
        }
    }
}

/// The analyses in an index and how many documents each has there.
fn count_by_analysis(client: &Client, index: &str) -> anyhow::Result<Vec<(String, u64)>> {
    let terms = json!({ "terms": { "field": ANALYSIS, "size": MOST_ANALYSES } });
    let body = json!({ "size": 0, "track_total_hits": false, "aggs": { "analyses": terms } });
    // It may have been deleted since it was listed.
    let answer = search(client, &format!("/{index}/_search?ignore_unavailable=true"), &body)?;
    let analyses = &answer["aggregations"]["analyses"];
    if analyses["sum_other_doc_count"].as_u64().unwrap_or(0) > 0 {
        let warning = format!("warning: {index} holds more than {MOST_ANALYSES} analyses: not all of them are told\n");
        let _ = std::io::stderr().write_all(warning.as_bytes());
    }
    let buckets = analyses["buckets"].as_array().into_iter().flatten();
    Ok(buckets.filter_map(|one| Some((one["key"].as_str()?.to_owned(), one["doc_count"].as_u64()?))).collect())
}

/// Learns from any document which analysis it is whose manifest is missing.
fn identify(stored: &mut Stored, client: &Client) -> anyhow::Result<()> {
    let Some(index) = stored.indices.values().find(|index| index.documents.is_some_and(|number| number > 0)) else {
        return Ok(());
    };
    let mut body = json!({ "size": 1, "_source": source() });
    if stored.month().is_some() {
        body["query"] = only(&stored.place.analysis);
    }
    // It may have been deleted since it was listed.
    let answer = search(client, &format!("/{}/_search?ignore_unavailable=true", index.name), &body)?;
    stored.identity = hits(&answer).next().and_then(|hit| read_document(hit).0);
    Ok(())
}

/// The query for the documents of one analysis.
pub(super) fn only(analysis_id: &str) -> Value {
    json!({ "term": { ANALYSIS: analysis_id } })
}

/// Makes the server show what was just written; false where it does not let us, as it lets who may only read.
fn refresh(client: &Client, path: &str) -> anyhow::Result<bool> {
    client.json(&Method::POST, path, None).map(|(status, _)| status < 300)
}

/// The fields that tell whose a document is.
fn source() -> Vec<String> {
    let manifest = ["status", "exact", "start", "end", "records"].map(|name| format!("sniffit.manifest.{name}"));
    let names = ["capture", "analysis", "method"].map(|name| format!("sniffit.{name}"));
    names.into_iter().chain(manifest).collect()
}

fn search(client: &Client, path: &str, body: &Value) -> anyhow::Result<Value> {
    let answer = Question { method: Method::POST, path, body: Some(body), rights: RIGHTS }.ask(client)?;
    if answer.pointer("/_shards/failed").and_then(Value::as_u64).unwrap_or(0) > 0 {
        let warning = b"warning: not every document could be read: what is told as incomplete may be complete\n";
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

    /// The part of one analysis in an index that others share.
    fn share(&self, documents: u64) -> Self {
        let all = u128::from(self.documents.unwrap_or(0).max(documents).max(1));
        let bytes = u128::from(self.bytes) * u128::from(documents) / all;
        Self {
            name: self.name.clone(),
            documents: Some(documents),
            bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
            created: None,
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
