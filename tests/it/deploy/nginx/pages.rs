//! What every answer carries: the page under its policy, caching by kind of file, and Elasticsearch's own refusals unchanged.

use super::super::http::{Answer, Recorder};
use super::{KEY, Proxy, nginx_is_here};
use std::fs;
use std::path::Path;

/// The policy of the page: its own files, WebAssembly, and no other place.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; \
    style-src 'self'; img-src 'self' data: blob:; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

fn check_safety(what: &str, answer: &Answer) {
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{what}: {name}");
    }
    assert!(answer.header("permissions-policy").is_some_and(|value| value.contains("camera=()")), "{what}");
    assert_eq!(answer.header("server"), Some("nginx"), "{what}: the version is nobody's business");
    assert_eq!(answer.header("access-control-allow-origin"), None, "{what}");
    let policies = answer.headers.iter().filter(|(name, _)| name == "content-security-policy").count();
    assert_eq!(policies, 1, "{what}: one policy");
}

const NEVER_CHANGES: Option<&str> = Some("public, max-age=31536000, immutable");
const ASK_AGAIN: Option<&str> = Some("no-cache");

/// File, its kind, and how long a browser may keep it.
const FILES: &[(&str, &str, Option<&str>)] = &[
    ("/", "text/html; charset=utf-8", ASK_AGAIN),
    ("/index.html", "text/html; charset=utf-8", ASK_AGAIN),
    ("/sw.js", "text/javascript; charset=utf-8", ASK_AGAIN),
    ("/sniffit.html", "text/html; charset=utf-8", ASK_AGAIN),
    ("/icon.svg", "image/svg+xml", ASK_AGAIN),
    ("/manifest.webmanifest", "application/manifest+json; charset=utf-8", ASK_AGAIN),
    ("/assets/main-0a1b2c3d.js", "text/javascript; charset=utf-8", NEVER_CHANGES),
    ("/assets/style-0a1b2c3d.css", "text/css; charset=utf-8", NEVER_CHANGES),
    ("/assets/core-0a1b2c3d.wasm", "application/wasm", NEVER_CHANGES),
    ("/assets/demo.pcap-0a1b2c3d.gz", "application/octet-stream", NEVER_CHANGES),
    ("/assets/unknown.xyz", "application/octet-stream", NEVER_CHANGES),
];

const WASM: &str = "/assets/core-0a1b2c3d.wasm";

fn write_page(folder: &Path) {
    fs::create_dir(folder.join("assets")).expect("a folder");
    for (path, ..) in FILES.iter().filter(|(path, ..)| *path != "/") {
        fs::write(folder.join(&path[1..]), path).expect("a file");
    }
    fs::write(folder.join("assets/core-0a1b2c3d.wasm.gz"), "compressed before").expect("a file");
    fs::write(folder.join(".secret"), "x").expect("a file");
}

#[test]
fn files_have_their_kind_their_policy_and_their_time_in_a_cache() {
    if !nginx_is_here() {
        return;
    }
    let page = tempfile::Builder::new().prefix("page").tempdir().expect("a temporary folder");
    write_page(page.path());
    let elasticsearch = Recorder::start(|_, _| Answer::new(200, "{}"));
    let proxy = Proxy::with_page(&elasticsearch.address(), Some(page.path()));
    for (path, kind, cache) in FILES {
        let answer = proxy.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(*kind)), "{path}");
        assert_eq!(answer.header("cache-control"), *cache, "{path}");
        check_safety(path, &answer);
        // This server's policy would let nothing in it run: it is for opening from a disk.
        let kept = (*path == "/sniffit.html").then_some("attachment");
        assert_eq!(answer.header("content-disposition"), kept, "{path}");
    }
    let wasm =
        format!("GET {} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n", WASM);
    let answer = proxy.send(wasm.as_bytes());
    assert_eq!((answer.header("content-encoding"), &*answer.text()), (Some("gzip"), "compressed before"));
    for (path, status) in
        [("/assets/missing.js", 404), ("/.secret", 404), ("/assets/", 404), ("/%2e%2e/%2e%2e/etc/passwd", 400)]
    {
        let answer = proxy.get(path);
        assert_eq!((answer.status, answer.header("cache-control")), (status, None), "{path}: {}", answer.text());
        check_safety(path, &answer);
    }
}

#[test]
fn the_health_check_tells_the_status_and_nothing_more() {
    if !nginx_is_here() {
        return;
    }
    let elasticsearch = Recorder::start(|_, _| Answer::new(200, "{\"status\":\"green\"}"));
    let proxy = Proxy::start(&elasticsearch.address());
    let answer = proxy.get("/es/health?level=shards");
    assert_eq!((answer.status, &*answer.text()), (200, "{\"status\":\"green\"}"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    check_safety("health", &answer);
    let requests = elasticsearch.take();
    assert_eq!((&*requests[0].method, &*requests[0].target), ("GET", "/_cluster/health?filter_path=status"));
    assert_eq!(requests[0].header("authorization"), Some(&*format!("ApiKey {KEY}")));
}

/// What Elasticsearch answers is what the client reads, so that it can send again what was not taken.
#[test]
fn refusals_of_elasticsearch_arrive_as_they_are() {
    if !nginx_is_here() {
        return;
    }
    const REFUSAL: &str = "{\"error\":{\"type\":\"es_rejected_execution_exception\"},\"status\":429}";
    let statuses = [429, 500, 502, 503, 504, 400, 401, 403, 413];
    let elasticsearch = Recorder::start(move |at, _| {
        Answer::new(statuses[at % statuses.len()], REFUSAL)
            .with("www-authenticate", "Basic realm=\"security\"")
            .with("retry-after", "7")
    });
    let proxy = Proxy::start(&elasticsearch.address());
    let head = format!(
        "Host: {}\r\nX-Sniffit: 1\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n",
        proxy.address
    );
    let request = format!("POST /es/sniffit-annotations/_bulk HTTP/1.1\r\n{head}Content-Length: 3\r\n\r\n{{}}\n");
    for status in statuses {
        let answer = proxy.send(request.as_bytes());
        assert_eq!((answer.status, &*answer.text()), (status, REFUSAL));
        assert_eq!(answer.header("retry-after"), Some("7"), "{status}");
        assert_eq!(answer.header("www-authenticate"), None, "{status}: a browser would ask for a password");
        check_safety("a refusal", &answer);
    }
    assert_eq!(elasticsearch.take().len(), statuses.len(), "nothing is sent twice");
    drop(elasticsearch);
    let answer = proxy.send(request.as_bytes());
    assert_eq!(
        (answer.status, &*answer.text()),
        (502, "{\"status\":502,\"error\":\"Elasticsearch does not answer\"}\n")
    );
}
