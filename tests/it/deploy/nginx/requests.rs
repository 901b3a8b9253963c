//! Requests as a program, a page, and somebody with bad intentions would send them: which reach Elasticsearch, and as what.

use super::super::http::{Answer, Recorder, Request};
use super::{KEY, Proxy, nginx_is_here};
use flate2::{Compression, write::GzEncoder};
use std::io::Write;

const BULK: &str = "/es/sniffit-objects-01234567-89abcdef/_bulk";
const BODY: &[u8] = b"{\"create\":{\"_id\":\"1u0\"}}\n{\"@timestamp\":\"2020-03-01T10:00:00Z\"}\n";

/// A request that is written byte by byte as it says.
struct Ask {
    method: &'static str,
    target: String,
    host: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    is_chunked: bool,
}

impl Ask {
    /// One that passes.
    fn bulk(address: &str) -> Self {
        let headers = vec![("X-Sniffit", "1".to_owned()), ("Content-Type", "application/x-ndjson".to_owned())];
        let (target, host, body) = (BULK.to_owned(), address.to_owned(), BODY.to_vec());
        Self { method: "POST", target, host, headers, body, is_chunked: false }
    }

    fn to(mut self, target: &str) -> Self {
        self.target = target.to_owned();
        self
    }

    fn set(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\nConnection: close\r\n", self.method, self.target);
        if !self.host.is_empty() {
            head += &format!("Host: {}\r\n", self.host);
        }
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !self.is_chunked {
            head += &format!("Content-Length: {}\r\n\r\n", self.body.len());
            return [head.as_bytes(), &self.body].concat();
        }
        let mut bytes = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
        for part in self.body.chunks(7_000) {
            bytes.extend([format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat());
        }
        bytes.extend(b"0\r\n\r\n");
        bytes
    }
}

type Case = (&'static str, u16, fn(Ask) -> Ask);

const ORIGIN: &str = "Origin";

/// Refused, by the status beside it, before Elasticsearch hears of it.
const REFUSED: &[Case] = &[
    ("a search", 404, |ask| ask.to("/es/sniffit-objects-01234567-89abcdef/_search")),
    ("another index", 404, |ask| ask.to("/es/kibana/_bulk")),
    ("an index of no kind", 404, |ask| ask.to("/es/sniffit-secrets-01234567-89abcdef/_bulk")),
    ("an index without its digest", 404, |ask| ask.to("/es/sniffit-objects/_bulk")),
    ("a digest in capitals", 404, |ask| ask.to("/es/sniffit-objects-01234567-89ABCDEF/_bulk")),
    ("a digest that is too long", 404, |ask| ask.to("/es/sniffit-objects-01234567-89abcdef0/_bulk")),
    ("a month without its year", 404, |ask| ask.to("/es/sniffit-objects-03/_bulk")),
    ("a month that is none", 404, |ask| ask.to("/es/sniffit-objects-2020-13/_bulk")),
    ("a month with a day", 404, |ask| ask.to("/es/sniffit-objects-2020-03-01/_bulk")),
    ("annotations of a month", 404, |ask| ask.to("/es/sniffit-annotations-2020-03/_bulk")),
    ("annotations with more behind", 404, |ask| ask.to("/es/sniffit-annotations-x/_bulk")),
    ("a wildcard", 404, |ask| ask.to("/es/sniffit-*/_bulk")),
    ("a list", 404, |ask| ask.to("/es/sniffit-annotations,.security/_bulk")),
    ("an exclusion", 404, |ask| ask.to("/es/sniffit-annotations,-x/_bulk")),
    ("date mathematics", 404, |ask| ask.to("/es/%3Csniffit-objects-%7Bnow%2Fd%7D%3E/_bulk")),
    ("no index", 404, |ask| ask.to("/es/_bulk")),
    ("the root of Elasticsearch", 404, |ask| ask.to("/es/")),
    ("up and down again", 404, |ask| ask.to("/es/sniffit-objects-x/../_search/_bulk")),
    ("up and back to a good path", 404, |ask| ask.to("/es/x/../sniffit-objects-01234567-89abcdef/_bulk")),
    ("up behind an encoded slash", 404, |ask| ask.to("/es/sniffit-annotations%2f..%2f_search/_bulk")),
    ("an encoded slash", 404, |ask| ask.to("/es/sniffit-annotations%2f_bulk")),
    ("an encoded underscore", 404, |ask| ask.to("/es/sniffit-annotations/%5fbulk")),
    ("a double slash", 404, |ask| ask.to("/es//sniffit-annotations/_bulk")),
    ("a double slash in front", 404, |ask| ask.to("//es/sniffit-annotations/_bulk")),
    ("a slash behind", 404, |ask| ask.to("/es/sniffit-annotations/_bulk/")),
    ("an encoded line feed", 404, |ask| ask.to("/es/sniffit-annotations/_bulk%0a")),
    ("an encoded NUL", 400, |ask| ask.to("/es/sniffit-annotations/_bulk%00")),
    ("out of the root", 400, |ask| ask.to("/es/../../sniffit-annotations/_bulk")),
    ("GET", 405, |ask| Ask { method: "GET", body: Vec::new(), ..ask }),
    ("PUT", 405, |ask| Ask { method: "PUT", ..ask }),
    ("DELETE", 405, |ask| Ask { method: "DELETE", ..ask }),
    ("OPTIONS, which asks for leave", 405, |ask| Ask { method: "OPTIONS", ..ask }.set(ORIGIN, "https://evil.example")),
    ("the page, posted to", 405, |ask| ask.to("/")),
    ("the health check, posted to", 405, |ask| ask.to("/es/health")),
    ("no header of ours", 403, |ask| ask.without("X-Sniffit")),
    ("the header with another value", 403, |ask| ask.set("X-Sniffit", "yes")),
    ("a foreign origin", 403, |ask| ask.set(ORIGIN, "https://evil.example")),
    ("an origin without a name", 403, |ask| ask.set(ORIGIN, "null")),
    ("an origin with our name in it", 403, |ask| {
        let origin = format!("http://{}.evil.example", ask.host);
        ask.set(ORIGIN, &origin)
    }),
    ("an origin on another port", 403, |ask| ask.set(ORIGIN, "http://127.0.0.1:1")),
    ("an origin that begins with a blank host", 403, |ask| ask.set(ORIGIN, "http://")),
    ("a foreign name of this machine", 421, |ask| Ask { host: "evil.example".to_owned(), ..ask }),
    ("a foreign name and its own origin", 421, |ask| {
        Ask { host: "evil.example".to_owned(), ..ask }.set(ORIGIN, "http://evil.example")
    }),
    ("a foreign name in the request line", 421, |ask| ask.to(&format!("http://evil.example{BULK}"))),
    ("a foreign name and a good request line", 403, |ask| {
        let target = format!("http://{}{BULK}", ask.host);
        Ask { host: "evil.example".to_owned(), ..ask.to(&target) }.set(ORIGIN, "http://localhost")
    }),
    ("no name", 400, |ask| Ask { host: String::new(), ..ask }),
    ("a form", 415, |ask| ask.set("Content-Type", "application/x-www-form-urlencoded")),
    ("plain text, which needs no leave", 415, |ask| ask.set("Content-Type", "text/plain")),
    ("two content types", 415, |ask| ask.set("Content-Type", "text/plain, application/x-ndjson")),
    ("no content type", 415, |ask| ask.without("Content-Type")),
    ("an encoding that can expand", 415, |ask| ask.set("Content-Encoding", "br")),
    ("two encodings", 415, |ask| ask.set("Content-Encoding", "gzip, gzip")),
    ("a pipeline", 400, |ask| ask.to(&format!("{BULK}?pipeline=x"))),
    ("a pipeline behind what may be there", 400, |ask| ask.to(&format!("{BULK}?refresh=true&pipeline=x"))),
    ("a source in the query", 400, |ask| ask.to(&format!("{BULK}?source=%7B%7D&source_content_type=application/json"))),
    ("a refresh of another kind", 400, |ask| ask.to(&format!("{BULK}?refresh=yes"))),
    ("a filter with an encoded ampersand", 400, |ask| ask.to(&format!("{BULK}?filter_path=a%26pipeline=x"))),
    ("a query that ends with an ampersand", 400, |ask| ask.to(&format!("{BULK}?refresh=true&"))),
    ("a large body", 413, |ask| Ask { body: vec![b'\n'; (16 << 20) + 1], ..ask }),
    ("a large body of unknown length", 413, |ask| Ask { body: vec![b'\n'; (16 << 20) + 1], is_chunked: true, ..ask }),
];

#[test]
fn what_is_no_bulk_request_of_ours_never_reaches_elasticsearch() {
    if !nginx_is_here() {
        return;
    }
    let elasticsearch = Recorder::start(|_, _| Answer::new(200, "{}"));
    let proxy = Proxy::start(&elasticsearch.address());
    for &(what, status, change) in REFUSED {
        let answer = proxy.send(&change(Ask::bulk(&proxy.address)).bytes());
        assert_eq!(elasticsearch.take().len(), 0, "{what} reached Elasticsearch");
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        let told: serde_json::Value = serde_json::from_slice(&answer.body)
            .unwrap_or_else(|error| panic!("{what}: the refusal is JSON, not {:?}: {error}", answer.text()));
        assert_eq!(told["status"], status, "{what}");
        assert!(told["error"].as_str().is_some_and(|text| !text.is_empty()), "{what}: {told}");
    }
    // The table speaks of changes to a request that passes; here is that request.
    let answer = proxy.send(&Ask::bulk(&proxy.address).bytes());
    assert_eq!((answer.status, elasticsearch.take().len()), (200, 1), "{}", proxy.log());
}

/// What Elasticsearch is asked in the end.
type Passed = (&'static str, &'static str, fn(Ask) -> Ask);

const OBJECTS: &str = "/sniffit-objects-01234567-89abcdef/_bulk";

const PASSED: &[Passed] = &[
    ("as it is", OBJECTS, |ask| ask),
    ("streams", "/sniffit-streams-00000000-ffffffff/_bulk", |ask| {
        ask.to("/es/sniffit-streams-00000000-ffffffff/_bulk")
    }),
    ("bins", "/sniffit-bins-00000000-ffffffff/_bulk", |ask| ask.to("/es/sniffit-bins-00000000-ffffffff/_bulk")),
    ("packets", "/sniffit-packets-00000000-ffffffff/_bulk", |ask| {
        ask.to("/es/sniffit-packets-00000000-ffffffff/_bulk")
    }),
    ("analyses", "/sniffit-analyses-00000000-ffffffff/_bulk", |ask| {
        ask.to("/es/sniffit-analyses-00000000-ffffffff/_bulk")
    }),
    ("a month", "/sniffit-bins-2020-03/_bulk", |ask| ask.to("/es/sniffit-bins-2020-03/_bulk")),
    ("a month in winter", "/sniffit-analyses-1999-12/_bulk", |ask| ask.to("/es/sniffit-analyses-1999-12/_bulk")),
    ("annotations", "/sniffit-annotations/_bulk", |ask| ask.to("/es/sniffit-annotations/_bulk")),
    ("an empty query", OBJECTS, |ask| ask.to(&format!("{BULK}?"))),
    ("a refresh", "/sniffit-objects-01234567-89abcdef/_bulk?refresh=wait_for", |ask| {
        ask.to(&format!("{BULK}?refresh=wait_for"))
    }),
    ("a filter", "/sniffit-objects-01234567-89abcdef/_bulk?filter_path=errors,items.*.status,items.*.error", |ask| {
        ask.to(&format!("{BULK}?filter_path=errors,items.*.status,items.*.error"))
    }),
    (
        "a filter as a page encodes it, and a refresh before it",
        "/sniffit-objects-01234567-89abcdef/_bulk?filter_path=errors%2Citems.*.status&refresh=true",
        |ask| ask.to(&format!("{BULK}?refresh=true&filter_path=errors%2Citems.*.status")),
    ),
    ("the page's own origin", OBJECTS, |ask| {
        let origin = format!("http://{}", ask.host);
        ask.set(ORIGIN, &origin)
    }),
    ("a name of this machine", OBJECTS, |ask| Ask { host: "localhost:8080".to_owned(), ..ask }),
    ("an IPv6 name of this machine", OBJECTS, |ask| Ask { host: "[::1]:8080".to_owned(), ..ask }),
    ("a name from WEB_HOSTS behind a proxy that encrypts", OBJECTS, |ask| {
        Ask { host: "sniffit.example.org".to_owned(), ..ask }.set(ORIGIN, "https://sniffit.example.org")
    }),
    ("a content type with its charset", OBJECTS, |ask| ask.set("Content-Type", "application/x-ndjson; charset=utf-8")),
    ("credentials, cookies and headers of other tools", OBJECTS, |ask| {
        ask.set("Authorization", "Basic ZWxhc3RpYzpzZWNyZXQ=")
            .set("Cookie", "sid=1")
            .set("es-security-runas-user", "elastic")
            .set("X-HTTP-Method-Override", "DELETE")
    }),
    ("a body of unknown length", OBJECTS, |ask| Ask { body: BODY.repeat(1_000), is_chunked: true, ..ask }),
    ("2 MB", OBJECTS, |ask| Ask { body: BODY.repeat(2_000_000 / BODY.len()), ..ask }),
    ("the largest body", OBJECTS, |ask| Ask { body: vec![b'\n'; 16 << 20], ..ask }),
    ("gzip", OBJECTS, |ask| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(BODY).expect("memory can be written");
        Ask { body: encoder.finish().expect("a gzip body"), ..ask }.set("Content-Encoding", "gzip")
    }),
];

#[test]
fn a_bulk_request_of_ours_passes_with_the_key_and_with_nothing_else_of_the_client() {
    if !nginx_is_here() {
        return;
    }
    let elasticsearch = Recorder::start(|_, _| Answer::new(200, "{\"errors\":false}").with("set-cookie", "sid=1"));
    let proxy = Proxy::start(&elasticsearch.address());
    for &(what, target, change) in PASSED {
        let ask = change(Ask::bulk(&proxy.address));
        let answer = proxy.send(&ask.bytes());
        assert_eq!((answer.status, &*answer.text()), (200, "{\"errors\":false}"), "{what}: {}", proxy.log());
        assert_eq!(answer.header("set-cookie"), None, "{what}");
        let requests = elasticsearch.take();
        let [request] = &requests[..] else { panic!("{what}: one request, not {}", requests.len()) };
        check_passed(what, target, &ask, request);
    }
}

fn check_passed(what: &str, target: &str, ask: &Ask, request: &Request) {
    assert_eq!((&*request.method, &*request.target), ("POST", target), "{what}");
    assert!(request.body == ask.body, "{what}: {} bytes arrive as {}", ask.body.len(), request.body.len());
    let length = ask.body.len().to_string();
    let mut expected = vec![
        ("authorization", format!("ApiKey {KEY}")),
        ("content-length", length),
        ("content-type", "application/x-ndjson".to_owned()),
        ("host", "elasticsearch".to_owned()),
    ];
    if let Some((_, encoding)) = ask.headers.iter().find(|(name, _)| *name == "Content-Encoding") {
        expected.push(("content-encoding", encoding.clone()));
    }
    expected.sort();
    let mut headers: Vec<_> = request.headers.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    headers.sort();
    assert_eq!(headers, expected, "{what}");
}
