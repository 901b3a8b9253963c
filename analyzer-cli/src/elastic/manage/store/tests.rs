//! Stores as servers may tell of them.

use super::super::stored::{ROTATED, UNREADABLE};
use super::*;

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

pub(in super::super) fn listed(rows: Vec<Value>) -> Vec<Listed> {
    read_list(&Value::Array(rows)).0
}

/// Analyses and their documents in an index of a month.
pub(in super::super) fn in_month(name: &str, counts: &[(&str, u64)]) -> (String, Vec<(String, u64)>) {
    (name.to_owned(), counts.iter().map(|(analysis, documents)| ((*analysis).to_owned(), *documents)).collect())
}

pub(in super::super) fn store(rows: Vec<Value>, manifests: Vec<Value>) -> Store {
    store_with(rows, manifests, [])
}

pub(in super::super) fn store_with(
    rows: Vec<Value>,
    manifests: Vec<Value>,
    counts: impl IntoIterator<Item = (String, Vec<(String, u64)>)>,
) -> Store {
    let (indices, annotations) = read_list(&Value::Array(rows));
    Store::of(Findings { indices, annotations, manifests, counts: counts.into_iter().collect() })
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
    let ids: Vec<&str> = store.analyses.iter().map(|analysis| analysis.short()).collect();
    assert_eq!(ids, ["00000003", "00000002", "00000001"]);
    assert_eq!(store.annotations, 13);
    assert_eq!(store.analyses[0].posted().unwrap().to_string(), "2023-11-14T22:13:20.000000000Z");
}

#[test]
fn analyses_of_a_month_are_told_by_their_documents() {
    let [objects, streams, analyses] = ["objects", "streams", "analyses"].map(|kind| format!("sniffit-{kind}-2020-03"));
    let (ours, other) = ("82c7753c2a4a0d69", "00c7753c2a4a0d69");
    let records = json!({ "objects": 3, "streams": 1 });
    let told = || vec![manifest(&analyses, "complete", Some("2020-03-01T10:00:00Z"), records.clone())];
    let rows = |objects_there: Option<u64>| {
        let rows = [row(&objects, objects_there), row(&streams, Some(2)), row(&analyses, Some(1))];
        rows.to_vec()
    };
    let counts = |number| {
        [
            in_month(&objects, &[(ours, number), (other, 7)]),
            in_month(&streams, &[(ours, 1), (other, 1)]),
            in_month(&analyses, &[(ours, 1)]),
        ]
    };
    let without = |mut rows: Vec<Value>, name: &str| {
        rows.retain(|row| row["index"] != name);
        rows
    };
    for (what, rows, counts, status, missing) in [
        ("all", rows(Some(10)), counts(3), "complete", Some(0)),
        ("one is missing", rows(Some(9)), counts(2), INCOMPLETE, Some(1)),
        ("an index is closed", rows(None), counts(3), UNREADABLE, None),
        ("an index is gone", without(rows(None), &objects), counts(3), ROTATED, Some(3)),
    ] {
        let store = store_with(rows, told(), counts);
        let [first, second] = &store.analyses[..] else { panic!("{what}: {store:?}") };
        assert_eq!((first.analysis_id(), first.short(), first.status()), (Some(ours), "82c7753c", status), "{what}");
        assert_eq!((first.missing(), first.posted()), (missing, None), "{what}");
        // Nobody sent its manifest, so that what is missing of it can't be known.
        assert_eq!((second.analysis_id(), second.missing()), (Some(other), None), "{what}");
        assert_eq!(second.month().map(|month| month.to_string()).as_deref(), Some("2020-03"), "{what}");
        let shares: Vec<u64> = store.analyses.iter().map(|stored| stored.indices.len() as u64).collect();
        assert!(shares.iter().all(|indices| *indices > 0), "{what}");
    }
    let store = store_with(rows(Some(10)), told(), counts(3));
    let sizes: Vec<u64> = store.analyses.iter().map(Stored::bytes).collect();
    assert_eq!(sizes, [4_200 * 3 / 10 + 4_200 / 2 + 4_200, 4_200 * 7 / 10 + 4_200 / 2]);
}
