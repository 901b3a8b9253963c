//! Tasks that send to a real Elasticsearch: each document once, whether they send twice, are killed, or were done before.

use super::fleet::{Fleet, assert_same_tree, line, tree};
use crate::elastic::server::{Server, get, post};
use crate::support::{command, sniffit};
use serde_json::Value;
use std::process::Stdio;
use std::time::Duration;

/// A task that sends.
fn sending(fleet: &Fleet, index: usize, url: &str) -> Vec<String> {
    let options = ["--elasticsearch", url, "--index-by", "month", "--request-bytes", "20000", "-q"].map(str::to_owned);
    [fleet.task(index, "out"), options.to_vec()].concat()
}

/// Documents of a kind in all months.
fn count(url: &str, kind: &str) -> u64 {
    assert_eq!(post(url, "/sniffit-*/_refresh", &Value::Null).0, 200);
    let (status, answer) = get(url, &format!("/sniffit-{kind}-*/_count"));
    assert_eq!(status, 200, "{answer}");
    answer["count"].as_u64().expect("a count")
}

fn posted(line: &Value) -> [u64; 3] {
    ["created", "present", "refused"].map(|name| line["posted"][name].as_u64().expect("a count"))
}

#[test]
fn each_document_is_there_once() {
    let Some(server) = Server::start(&["--heap", "256m"]) else { return };
    let url = server.url();
    let fleet = Fleet::new();
    let recordings = fleet.plan().len();
    sniffit(["es", "setup", "--elasticsearch", url]).expect(0);

    // The largest is killed while it sends: its results are there, and some of its documents.
    let largest =
        command(sending(&fleet, 0, url)).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut largest = largest.expect("the program starts");
    while get(url, "/sniffit-*/_count").1["count"].as_u64().unwrap_or(0) == 0 {
        assert!(largest.try_wait().expect("a process").is_none(), "it ended before it was killed");
        std::thread::sleep(Duration::from_millis(2));
        let _ = post(url, "/sniffit-*/_refresh", &Value::Null);
    }
    largest.kill().and_then(|()| largest.wait()).expect("it is killed");

    let lines: Vec<Value> =
        (0..recordings).map(|index| line(sniffit(sending(&fleet, index, url)).expect(0).text())).collect();
    let sum = |name: &str| lines.iter().map(|line| line[name].as_u64().expect("a count")).sum::<u64>();
    assert_eq!((count(url, "objects"), count(url, "streams")), (sum("objects"), sum("streams")));
    assert_eq!(count(url, "analyses"), recordings as u64);
    assert!(posted(&lines[0])[1] > 0, "some were there already: {}", lines[0]);
    assert!(lines[1..].iter().all(|line| posted(line)[1..] == [0, 0]), "{lines:?}");

    // Everything once more: what was done is not done again, and what was sent is not created again.
    let before = tree(&fleet.out("out"));
    for first in &lines {
        let index = usize::try_from(first["index"].as_u64().expect("an index")).expect("a small one");
        let again = line(sniffit(sending(&fleet, index, url)).expect(0).text());
        assert_eq!(again["state"], "present", "{again}");
        let [created, present, refused] = posted(first);
        assert_eq!(posted(&again), [0, created + present, refused], "{again}");
    }
    assert_eq!((count(url, "objects"), count(url, "streams")), (sum("objects"), sum("streams")));
    assert_same_tree(&tree(&fleet.out("out")), &before, "sent again");

    // An index for each kind and month, whatever the number of recordings.
    let (_, indices) = get(url, "/_cat/indices/sniffit-*?format=json");
    let names = indices.as_array().expect("a list").iter().filter_map(|index| index["index"].as_str());
    let names: Vec<&str> = names.collect();
    let months: std::collections::BTreeSet<&str> = names.iter().map(|name| &name[name.len() - 7..]).collect();
    assert_eq!(names.len(), 4 * months.len(), "{names:?}");
}
