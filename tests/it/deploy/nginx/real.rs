//! The same against a real Elasticsearch, where `SNIFFIT_TEST_ELASTICSEARCH` names one: what the proxy rebuilds is what
//! Elasticsearch understands.

use super::super::http::{Answer, exchange};
use super::{Proxy, nginx_is_here};
use crate::elastic::server;
use crate::support::{captures, sniffit};
use serde_json::Value;

/// The proxy, and the address of the Elasticsearch behind it; `None`, with a line that says so, when either is missing.
fn in_front_of_elasticsearch() -> Option<(Proxy, String)> {
    let url = server::shared()?;
    let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    nginx_is_here().then(|| (Proxy::start(&address), address))
}

/// An index of this process, deleted at the end.
struct Index<'a> {
    address: &'a str,
    name: String,
}

impl Drop for Index<'_> {
    fn drop(&mut self) {
        let line = format!("DELETE /{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", self.name);
        exchange(self.address, line.as_bytes());
    }
}

#[test]
fn documents_arrive_in_a_real_elasticsearch() {
    let Some((proxy, address)) = in_front_of_elasticsearch() else { return };
    let address = address.as_str();
    let health: Value = serde_json::from_slice(&proxy.get("/es/health").body).expect("JSON");
    assert!(matches!(health["status"].as_str(), Some("green" | "yellow")), "{health}");
    let index = Index { address, name: format!("sniffit-objects-{:08x}-deadbeef", std::process::id()) };
    let post = |query: &str| post(&proxy, &format!("/es/{}/_bulk{query}", index.name));
    // The first call with both parameters, so that the count below sees the document.
    for (query, status) in
        [("?filter_path=errors,items.*.status,items.*.error&refresh=true", 201), ("?refresh=wait_for", 409), ("", 409)]
    {
        let answer = post(query);
        let reply: Value =
            serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{query}: {}", answer.text()));
        assert_eq!(
            (answer.status, &reply["items"][0]["create"]["status"]),
            (200, &Value::from(status)),
            "{query}: {reply}"
        );
        assert_eq!(reply.get("took").is_none(), query.contains("filter_path"), "{query}: {reply}");
    }
    let count = format!("GET /{}/_count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", index.name);
    let count: Value = serde_json::from_slice(&exchange(address, count.as_bytes()).body).expect("JSON");
    assert_eq!(count["count"], 1, "{count}");
}

/// The program sends through the proxy as it sends to Elasticsearch itself.
#[test]
fn the_program_sends_through_the_proxy() {
    let Some((proxy, address)) = in_front_of_elasticsearch() else { return };
    sniffit(["es", "setup", "--elasticsearch", &format!("http://{address}")]).expect(0);
    let capture = captures("conventions/golden_push.pcap");
    let through = format!("http://{}/es", proxy.address);
    let words = ["analyze", "--idle", "641ms", "--elasticsearch", &through].map(AsRef::as_ref);
    let run = sniffit(words.into_iter().chain([capture.as_os_str()])).expect(0);
    let row: Vec<&str> = run.text().lines().last().unwrap_or_default().split_whitespace().collect();
    let number = |at: usize| row[at].parse::<u64>().expect("a number");
    // Created, or already there where this server was asked before; none refused and none sent twice.
    assert_eq!(number(1), number(2) + number(3), "{}", run.text());
    assert!(number(1) > 100 && row[4..] == ["0", "0"], "{}", run.text());
}

fn post(proxy: &Proxy, target: &str) -> Answer {
    let body = "{\"create\":{\"_id\":\"1u0\"}}\n{\"@timestamp\":\"2020-03-01T10:00:00Z\"}\n";
    let head = format!(
        "Host: {}\r\nX-Sniffit: 1\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n",
        proxy.address
    );
    proxy.send(format!("POST {target} HTTP/1.1\r\n{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes())
}
