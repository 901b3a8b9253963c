//! Vega panels: their searches as they are, with Kibana's keywords replaced as Kibana does, and their drawing.
//!
//! In: a specification and what the dashboard gives. Out: what is drawn. Guaranteed: a keyword that is not known here
//! fails the test; a warning of Vega does too.

use super::context::Context;
use serde_json::{Map, Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// A panel with the replies to its searches.
pub(super) struct Job {
    pub(super) id: String,
    pub(super) specification: String,
    pub(super) replies: Map<String, Value>,
    pub(super) theme: &'static str,
    /// Which of its data to return, and their fields.
    pub(super) show: Value,
    /// The mark whose first item is clicked.
    pub(super) click: Option<&'static str>,
}

/// Of a panel, in pixels.
pub(super) const WIDTH: u32 = 1200;
pub(super) const HEIGHT: u32 = 400;

/// Asks what a specification asks.
pub(super) fn ask(server: &str, specification: &str, context: &Context) -> Map<String, Value> {
    let specification: Value = serde_json::from_str(specification).expect("JSON");
    let data = specification["data"].as_array().expect("data").iter();
    let replies = data.filter_map(|data| Some((data["name"].as_str()?, data.get("url")?))).map(|(name, url)| {
        for key in url.as_object().expect("an object").keys() {
            assert!(["index", "body", "%context%", "%timefield%"].contains(&key.as_str()), "{key} of a url is unknown");
        }
        let mut body = url["body"].clone();
        let mut queries = Vec::new();
        queries.extend(url.get("%timefield%").map(|field| context.range(field.as_str().expect("a field"))));
        if url.get("%context%") == Some(&json!(true)) {
            queries.push(context.filters());
        }
        // Kibana refuses a query of the panel's own beside its keywords.
        assert!(queries.is_empty() || body.get("query").is_none());
        if !queries.is_empty() {
            body["query"] = json!({ "bool": { "must": queries } });
        }
        if let Some(aggregations) = body.get_mut("aggs") {
            replace(aggregations, context);
        }
        assert!(!body.to_string().contains("\"%"), "a keyword is left: {body}");
        (name.to_owned(), context.search(server, url["index"].as_str().expect("an index"), &body))
    });
    replies.collect()
}

/// Replaces the bounds of the time range and the interval that fits it.
fn replace(part: &mut Value, context: &Context) {
    match part {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, context)),
        Value::Object(fields) => {
            if let Some(interval) = fields.remove("interval") {
                let (from, to) = context.window_ms;
                let aimed_at = interval["%autointerval%"].as_i64().expect("a number of intervals");
                fields.insert("fixed_interval".to_owned(), json!(rounded((to - from) / aimed_at)));
            }
            for value in fields.values_mut() {
                match value["%timefilter%"].as_str() {
                    Some("min") => *value = json!(context.window_ms.0),
                    Some("max") => *value = json!(context.window_ms.1),
                    Some(other) => panic!("the bound {other} of the time range is unknown"),
                    None => replace(value, context),
                }
            }
        }
        _ => {}
    }
}

/// The next of Kibana's round intervals, of those that a capture of minutes needs.
fn rounded(ms: i64) -> &'static str {
    match ms {
        ..=500 => "100ms",
        501..=5_000 => "1s",
        5_001..=7_500 => "5s",
        7_501..=15_000 => "10s",
        _ => panic!("a range this long is not part of the tests"),
    }
}

/// Draws all panels at once. The drawings are left in a folder where people can look at them.
pub(super) fn draw(renderer: &Path, jobs: &[Job]) -> Vec<Value> {
    let input: Vec<Value> = jobs
        .iter()
        .map(|job| {
            json!({
                "click": job.click, "height": HEIGHT, "id": job.id, "replies": job.replies, "show": job.show, "spec": job.specification,
                "theme": job.theme, "width": WIDTH,
            })
        })
        .collect();
    let mut node = Command::new("node");
    node.arg(script(renderer)).env("TZ", "UTC").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = node.spawn().expect("node starts");
    let mut stdin = child.stdin.take().expect("standard input");
    let input = serde_json::to_vec(&input).expect("JSON");
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("node ends");
    writer.join().expect("a writer").expect("node reads");
    assert!(output.status.success(), "a panel can't be drawn; the reason is above");
    let drawn: Vec<Value> = serde_json::from_slice(&output.stdout).expect("JSON");
    let folder = drawings(renderer);
    for (job, drawn) in jobs.iter().zip(&drawn) {
        assert_eq!(drawn["warnings"], json!([]), "{}", job.id);
        let path = folder.join(format!("{}-{}.svg", job.id, job.theme));
        fs::write(path, drawn["svg"].as_str().expect("a drawing")).expect("the drawing can be kept");
    }
    drawn
}

/// The script beside the packages, because they are looked up from where it is.
fn script(renderer: &Path) -> &'static Path {
    static COPY: OnceLock<PathBuf> = OnceLock::new();
    COPY.get_or_init(|| {
        let copy = renderer.join("render.mjs");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("vega/render.mjs");
        fs::copy(&script, &copy).expect("the script can be copied");
        copy
    })
}

/// `target/kibana`, beside the renderer.
fn drawings(renderer: &Path) -> PathBuf {
    let folder = renderer.parent().expect("the target folder").join("kibana");
    fs::create_dir_all(&folder).expect("a folder for the drawings");
    folder
}
