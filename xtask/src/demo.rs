//! `cargo xtask demo`: the product at work on the bundled captures.
//!
//! In: `tests/captures/truth/real`, recorded with real browsers and servers. Out: a folder of results for each capture
//! below `target/demo`, one table over all, a recording of this machine to itself, what to try next, and the page, served until Ctrl-C. Guaranteed: what is written is in
//! `target`, `web/dist` and `web/node_modules`; the results are there even where the page can't be built.

mod recording;

use crate::elasticsearch::Background;
use crate::serve::{self, Server};
use crate::{cargo, setup, web};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

const CAPTURES: &str = "tests/captures/truth/real";
/// The capture of the examples: a browser that reads news pages over HTTP/2.
const EXAMPLE: &str = "news-nginx-h2";

/// Sets up, builds, analyses and reports; then builds the page and serves it, unless `no_serve`. With `elasticsearch`, a server
/// is started first, gets the results, and takes documents from the page as long as that is served.
pub(crate) fn run(no_serve: bool, elasticsearch: bool) -> Result<()> {
    setup::ensure_build()?;
    let root = cargo::root()?;
    // Bound before the page is there, because Elasticsearch has to know from where the page will speak to it.
    fs::create_dir_all(web::dist()?).context("web/dist can't be made")?;
    let page = (!no_serve).then(|| Server::bind(&web::dist()?, serve::PORT)).transpose()?;
    let settings = page.as_ref().map(|page| page.port().map(cross_origin)).transpose()?.unwrap_or_default();
    let options: Vec<&str> = settings.iter().flat_map(|setting| ["--setting", setting]).collect();
    // It starts while the program is built.
    let mut server = elasticsearch.then(|| Background::start_with(&options)).transpose()?;
    let captures = captures(&root.join(CAPTURES))?;

    eprintln!("building sniffit (the first time takes a minute or two)");
    let built = cargo::command(["build", "--release", "--package", "analyzer-cli"])?.status();
    ensure!(built.context("cargo can't be started")?.success(), "the build failed");

    let results = cargo::target_dir()?.join("demo");
    let sniffit = cargo::release_binary("sniffit")?;
    let mut analysis = std::process::Command::new(&sniffit);
    analysis.args(["analyze", "--separate", "-j", "2", "--force", "--quiet", "-o"]).arg(&results).args(&captures);
    let url = server.as_mut().map(Background::url).transpose()?;
    if let Some(url) = &url {
        manage(&sniffit, url, "setup")?;
        analysis.args(["--elasticsearch", url]);
    }
    let analysed = analysis.status().with_context(|| format!("{} can't be started", sniffit.display()))?;
    ensure!(analysed.success(), "the analysis of the bundled captures failed");

    let mut rows = Vec::new();
    for capture in &captures {
        let name = capture_name(capture);
        rows.push(Row::read(&name, &results.join(&name))?);
    }
    println!("{}", table(&rows));
    println!("{}", recording::run(&sniffit, &results)?);
    println!("{}", next_steps(&shown(&root, &results), &shown(&root, &sniffit)));
    if let Some(url) = &url {
        println!();
        manage(&sniffit, url, "list")?;
    }
    let Some(page) = page else { return Ok(()) };
    if let Some(url) = &url {
        println!("{}\n", searches(url));
    }
    println!("building the page");
    web::run(&[]).context("the results are there, but the page could not be built")?;
    println!("{}", page_text(page.port()?, url.as_deref()));
    let Some(mut server) = server else {
        page.run();
        return Ok(());
    };
    std::thread::spawn(move || page.run());
    server.wait_for_end()
}

/// Settings by which Elasticsearch takes requests from the page at this port, and from no other page.
fn cross_origin(port: u16) -> Vec<String> {
    let origin = format!("/http:\\/\\/(127\\.0\\.0\\.1|localhost):{port}/");
    vec![
        "http.cors.enabled=true".to_owned(),
        format!("http.cors.allow-origin={origin}"),
        "http.cors.allow-methods=GET, HEAD, POST, OPTIONS".to_owned(),
        "http.cors.allow-headers=Authorization, Content-Type, Content-Encoding, X-Sniffit".to_owned(),
    ]
}

fn page_text(port: u16, url: Option<&str>) -> String {
    let sending = url.map_or_else(String::new, |url| format!(" It can send results to {url}."));
    format!(
        "The page is at http://127.0.0.1:{port} until Ctrl-C: drop captures into it, or try its demo capture.{sending}"
    )
}

/// Runs `sniffit es …`, whose output is for the user.
fn manage(sniffit: &Path, url: &str, what: &str) -> Result<()> {
    let status = std::process::Command::new(sniffit).args(["es", what, "--elasticsearch", url]).status();
    let status = status.with_context(|| format!("{} can't be started", sniffit.display()))?;
    ensure!(status.success(), "`sniffit es {what}` failed");
    Ok(())
}

fn searches(url: &str) -> String {
    format!(
        "Elasticsearch runs at {url} until Ctrl-C, and keeps its data. Ask it:\n\
         \x20 curl '{url}/sniffit-objects-*/_search?size=1&pretty&sort=sniffit.payload_bytes:desc'\n\
         \x20 curl '{url}/sniffit-bins-*/_search?size=0&pretty' -H 'content-type: application/json' -d '{QUERY}'\n\
         Kibana is in docker-compose.yml; docs/deployment.md leads there."
    )
}

/// Bytes by second and direction.
const QUERY: &str = r#"{"aggs":{"by second":{"date_histogram":{"field":"@timestamp","fixed_interval":"1s","min_doc_count":1},"aggs":{"way":{"terms":{"field":"sniffit.direction"},"aggs":{"bytes":{"sum":{"field":"network.bytes"}}}}}}}}"#;

fn captures(folder: &Path) -> Result<Vec<PathBuf>> {
    let listing = || format!("the bundled captures in {} can't be listed", folder.display());
    let mut captures = Vec::new();
    for entry in fs::read_dir(folder).with_context(listing)? {
        let path = entry.with_context(listing)?.path();
        if path.to_string_lossy().ends_with(".pcap.gz") {
            captures.push(path);
        }
    }
    if captures.is_empty() {
        bail!("{} holds no capture", folder.display());
    }
    captures.sort();
    Ok(captures)
}

/// What `sniffit` calls the capture, and its folder of results.
fn capture_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.trim_end_matches(".pcap.gz").to_owned()
}

/// A path as the user would type it from the workspace.
fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

/// One capture of the table.
#[derive(Debug, Default, PartialEq, Eq)]
struct Row {
    name: String,
    packets: u64,
    payload_bytes: u64,
    streams: u64,
    up: Objects,
    down: Objects,
}

/// The objects of one direction.
#[derive(Debug, Default, PartialEq, Eq)]
struct Objects {
    sizes_bytes: Vec<u64>,
}

impl Objects {
    fn median(&self) -> u64 {
        let mut sizes = self.sizes_bytes.clone();
        sizes.sort_unstable();
        sizes.get(sizes.len().saturating_sub(1) / 2).copied().unwrap_or(0)
    }
}

impl Row {
    fn read(name: &str, folder: &Path) -> Result<Self> {
        let read = |file: &str| {
            let path = folder.join(file);
            fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))
        };
        Self::parse(name, &read("analysis.json")?, &read("objects.ndjson")?)
    }

    /// From a manifest and objects.
    fn parse(name: &str, manifest: &str, objects: &str) -> Result<Self> {
        let manifest: Value = serde_json::from_str(manifest).context("analysis.json")?;
        let number = |value: &Value, pointer: &str| {
            let number = value.pointer(pointer).and_then(Value::as_u64);
            number.with_context(|| format!("{name}: there is no number at {pointer}"))
        };
        let mut row = Self {
            name: name.to_owned(),
            packets: number(&manifest, "/counters/frames")?,
            payload_bytes: number(&manifest, "/counters/tcp_payload_bytes")?
                + number(&manifest, "/counters/udp_payload_bytes")?,
            streams: number(&manifest, "/records/streams")?,
            ..Self::default()
        };
        for line in objects.lines() {
            let object: Value = serde_json::from_str(line).context("objects.ndjson")?;
            let is_up = object.pointer("/sniffit/direction").and_then(Value::as_str) == Some("up");
            let objects = if is_up { &mut row.up } else { &mut row.down };
            objects.sizes_bytes.push(number(&object, "/sniffit/payload_bytes")?);
        }
        Ok(row)
    }

    fn cells(&self) -> [String; 8] {
        [
            self.name.clone(),
            self.packets.to_string(),
            format!("{:.1}", self.payload_bytes as f64 / 1e6),
            self.streams.to_string(),
            self.up.sizes_bytes.len().to_string(),
            self.up.median().to_string(),
            self.down.sizes_bytes.len().to_string(),
            self.down.median().to_string(),
        ]
    }
}

const TITLES: [&str; 8] =
    ["capture", "packets", "payload MB", "streams", "objects up", "median B", "objects down", "median B"];

fn table(rows: &[Row]) -> String {
    let mut all = Row { name: "all".to_owned(), ..Row::default() };
    for row in rows {
        all.packets += row.packets;
        all.payload_bytes += row.payload_bytes;
        all.streams += row.streams;
        all.up.sizes_bytes.extend(&row.up.sizes_bytes);
        all.down.sizes_bytes.extend(&row.down.sizes_bytes);
    }
    let mut lines = vec![TITLES.map(str::to_owned)];
    lines.extend(rows.iter().chain([&all]).map(Row::cells));
    let widths: Vec<usize> =
        (0..TITLES.len()).map(|at| lines.iter().map(|line| line[at].len()).max().unwrap_or(0)).collect();
    let mut text = String::from("\n");
    for line in &lines {
        let (name, numbers) = line.split_first().expect("a line has cells");
        text.push_str(&format!("{name:<width$}", width = widths[0]));
        for (number, width) in numbers.iter().zip(&widths[1..]) {
            text.push_str(&format!("  {number:>width$}"));
        }
        text.push('\n');
    }
    text
}

fn next_steps(results: &str, sniffit: &str) -> String {
    format!(
        "Results: {results}/<capture>/{{objects,streams,bins}}.ndjson and analysis.json\n\n\
         Try next:\n\
         \x20 jq -r '[.sniffit.direction, .sniffit.payload_bytes, .sniffit.object.end_reason] | @tsv' {results}/{EXAMPLE}/objects.ndjson | head\n\
         \x20 {sniffit} analyze {CAPTURES}/{EXAMPLE}.pcap.gz\n\
         \x20 {sniffit} analyze --format parquet -o {results}-parquet {CAPTURES}/{EXAMPLE}.pcap.gz\n\
         \x20 {sniffit} analyze --help"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"{"counters":{"frames":9,"tcp_payload_bytes":1500000,"udp_payload_bytes":5},
        "records":{"streams":2}}"#;

    #[test]
    fn only_the_page_may_ask_elasticsearch() {
        let settings = cross_origin(8081);
        assert!(
            settings.contains(&r"http.cors.allow-origin=/http:\/\/(127\.0\.0\.1|localhost):8081/".to_owned()),
            "{settings:?}"
        );
        assert!(page_text(8081, Some("http://x")).contains("http://127.0.0.1:8081 until"));
    }

    #[test]
    fn a_row_sums_up_a_capture() {
        let objects = [("up", 7), ("down", 100), ("down", 300), ("down", 200)]
            .map(|(way, bytes)| format!(r#"{{"sniffit":{{"direction":"{way}","payload_bytes":{bytes}}}}}"#));
        let row = Row::parse("x", MANIFEST, &objects.join("\n")).unwrap();
        assert_eq!(row.cells(), ["x", "9", "1.5", "2", "1", "7", "3", "200"]);
        let text = table(&[row]);
        assert_eq!(text.trim().lines().count(), 3);
        assert!(
            text.ends_with("all            9         1.5        2           1         7             3       200\n")
        );
    }

    #[test]
    fn a_manifest_without_counters_is_an_error() {
        let error = Row::parse("x", "{}", "").unwrap_err();
        assert_eq!(error.to_string(), "x: there is no number at /counters/frames");
    }

    #[test]
    fn captures_have_their_folders_names() {
        assert_eq!(capture_name(Path::new("a/chat-nginx.pcap.gz")), "chat-nginx");
    }
}
