//! Applications in results: those that are known, those that users add, and names under pseudonyms.

use crate::support::{captures, parse_table, sniffit};
use std::collections::BTreeSet;
use std::fs;

/// Values of a column of the streams of a capture.
fn column(name: &str, options: &[&str]) -> BTreeSet<String> {
    let capture = captures("truth/real/mix-nginx-gso.pcap.gz");
    let capture = capture.to_str().expect("a plain path");
    let run =
        sniffit(["analyze", "--format", "csv", "--kinds", "streams"].iter().chain(options).chain([&capture])).expect(0);
    parse_table(run.text()).iter().map(|row| row.text(name).to_owned()).collect()
}

fn set(texts: &[&str]) -> BTreeSet<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_table_of_users_gives_names_an_application() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = folder.path().join("mine.csv");
    fs::write(&table, "# of the laboratory\nvideo.example,lab_video\nexample,lab\n").expect("a table");
    let options = ["--applications", table.to_str().expect("a plain path")];
    assert_eq!(column("network.application", &[]), set(&[""]));
    assert_eq!(column("network.application", &options), set(&["lab", "lab_video"]));
    let domains = ["api.example", "chat.example", "img.example", "video.example", "www.example"];
    assert_eq!(column("server.domain", &options), set(&domains));
    assert_eq!(column("server.registered_domain", &options), set(&domains));
    assert_eq!(column("sniffit.name_source", &options), set(&["tls_sni"]));
    // Another table is another analysis.
    assert_ne!(column("sniffit.analysis.id", &options), column("sniffit.analysis.id", &[]));
}

#[test]
fn a_wrong_table_is_told_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let capture = captures("truth/real/mix-nginx-gso.pcap.gz");
    for (text, reason) in [
        (Some("a.test,b\nc.test"), "line 2: `c.test` is no rule"),
        (Some("a.test,My App"), "line 1: `My App` is no name of an application"),
        (None, "No such file"),
    ] {
        let table = folder.path().join("mine.csv");
        let _ = fs::remove_file(&table);
        text.into_iter().for_each(|text| fs::write(&table, text).expect("a table"));
        let path = table.to_str().expect("a plain path");
        let run = sniffit(["analyze", "--applications", path, capture.to_str().expect("a plain path")]);
        let error = run.expect(1).stderr;
        assert!(error.contains(reason) && error.contains("mine.csv"), "{error}");
    }
}
