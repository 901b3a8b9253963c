//! `cargo xtask bench elastic`: how fast results reach a running Elasticsearch, beside `curl` with the same bodies, and
//! how much they take there.
//!
//! In: captures and the address of a server. Out: a Markdown table of documents a second by size of request and number of
//! connections, and one of sizes. Guaranteed: `sniffit` and `curl` take turns in every round, each into an index that is
//! not there yet; only indices of these captures' analyses are deleted.

use super::measure::{Job, Sample, run_once};
use super::{Recipe, mixed, programs, sources_or_own};
use crate::bench::machine::Machine;
use analyzer_core::record::document::identify;
use analyzer_core::sink::bulk::BulkEncoder;
use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::Value;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;

const KINDS: [&str; 3] = ["objects", "streams", "bins"];
const MB: usize = 1_000_000;
/// By size on two connections, and by connections at the default size.
const SETTINGS: [Setting; 8] = [
    Setting { request_bytes: 64_000, connections: 2 },
    Setting { request_bytes: 256_000, connections: 2 },
    Setting { request_bytes: MB, connections: 2 },
    Setting { request_bytes: 2 * MB, connections: 2 },
    Setting { request_bytes: 5 * MB, connections: 2 },
    Setting { request_bytes: 10 * MB, connections: 2 },
    Setting { request_bytes: 2 * MB, connections: 1 },
    Setting { request_bytes: 2 * MB, connections: 4 },
];

#[derive(Clone, Copy)]
struct Setting {
    request_bytes: usize,
    connections: usize,
}

#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ElasticArgs {
    /// A server without security, such as `cargo xtask elasticsearch --heap 1g` runs
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:9200")]
    elasticsearch: String,
    /// Captures, or folders of captures, to mix [default: the repository's own]
    #[arg(long = "source", value_name = "DIR")]
    sources: Vec<PathBuf>,
    /// Size of the mix, in megabytes
    #[arg(long, value_name = "MB", default_value_t = 300)]
    mix_mb: u64,
    /// How often each is run
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Write the tables to this file too
    #[arg(long, value_name = "FILE.md")]
    out: Option<PathBuf>,
}

/// Analyses a mix, sends its objects in every setting, and prints the tables.
pub(crate) fn run(args: &ElasticArgs) -> Result<()> {
    let root = programs::workspace_root()?;
    let dir = root.join("target/bench");
    let programs = programs::build(None, &root)?;
    let recipe = Recipe {
        sources: sources_or_own(&args.sources, &root)?,
        size_mb: args.mix_mb,
        small_packets: false,
        dir: dir.clone(),
    };
    let capture = mixed(&programs.walker, &recipe)?;
    let work = dir.join("elastic");
    let bench = Bench { url: args.elasticsearch.trim_end_matches('/').to_owned(), sniffit: programs.sniffit, work };
    bench.prepare(&capture)?;

    let machine = Machine::read();
    let mut text = format!(
        "{}, {} cores, {}, load {}; {} runs each, medians; server and clients on this machine\n\n",
        machine.cpu_model, machine.cores, machine.kernel, machine.load_average, args.runs
    );
    text += &bench.speed(usize::from(args.runs))?;
    text += &bench.sizes()?;
    fs::remove_dir_all(&bench.work).with_context(|| format!("{} can't be removed", bench.work.display()))?;
    print!("{text}");
    if let Some(out) = &args.out {
        fs::write(out, &text).with_context(|| format!("cannot write {}", out.display()))?;
    }
    Ok(())
}

struct Bench {
    url: String,
    sniffit: PathBuf,
    work: PathBuf,
}

impl Bench {
    /// Results of each kind in a folder of its own, so that one kind can be sent alone.
    fn prepare(&self, capture: &Path) -> Result<()> {
        if self.work.exists() {
            fs::remove_dir_all(&self.work)?;
        }
        let mut setup = Command::new(&self.sniffit);
        setup.args(["es", "setup", "--elasticsearch", &self.url]);
        ensure!(setup.status()?.success(), "{} can't be set up: is it running?", self.url);
        for kind in KINDS {
            let mut command = Command::new(&self.sniffit);
            command.args(["analyze", "-q", "--kinds", kind, "-o"]).arg(self.results(kind)).arg(capture);
            ensure!(command.status()?.success(), "the analysis failed");
        }
        Ok(())
    }

    fn results(&self, kind: &str) -> PathBuf {
        self.work.join(kind)
    }

    fn speed(&self, runs: usize) -> Result<String> {
        let mut text = String::from(
            "| requests of | connections | curl, docs/s | sniffit, docs/s | sniffit / curl | sniffit CPU, µs/doc |\n\
             | ---: | ---: | ---: | ---: | ---: | ---: |\n",
        );
        let index = self.index("objects")?;
        for setting in SETTINGS {
            let Setting { request_bytes, connections } = setting;
            let documents = self.bodies(&index, request_bytes)?;
            let jobs = [self.curl(connections)?, self.sender(setting)];
            let mut samples: [Vec<Sample>; 2] = Default::default();
            for round in 1..=runs {
                eprintln!("{request_bytes} bytes, {connections} connections: round {round} of {runs}");
                for (job, samples) in jobs.iter().zip(&mut samples) {
                    self.delete("objects")?;
                    samples.push(run_once(job)?.map_err(|failure| anyhow!("{}: {failure}", job.program.display()))?);
                    ensure!(self.documents(&index)? == documents, "not everything arrived in {index}");
                }
            }
            let [curl, sniffit] = &samples;
            let rate = |sample: &Sample| documents as f64 / sample.wall.as_secs_f64();
            let ratios = curl.iter().zip(sniffit).map(|(curl, sniffit)| rate(sniffit) / rate(curl)).collect();
            text += &format!(
                "| {:.2} MB | {connections} | {:.0} | {:.0} | {:.2} | {:.2} |\n",
                request_bytes as f64 / 1e6,
                median(curl.iter().map(rate).collect()),
                median(sniffit.iter().map(rate).collect()),
                median(ratios),
                median(sniffit.iter().map(|sample| sample.cpu.as_secs_f64() * 1e6 / documents as f64).collect()),
            );
        }
        Ok(text)
    }

    fn sizes(&self) -> Result<String> {
        let mut text = String::from(
            "\n| kind | documents | NDJSON, B/doc | with gzip -1, B/doc | in Elasticsearch, B/doc |\n\
             | --- | ---: | ---: | ---: | ---: |\n",
        );
        for kind in KINDS {
            let index = self.index(kind)?;
            self.delete(kind)?;
            let mut command = Command::new(&self.sniffit);
            command.args(["es", "post", "-q", "--elasticsearch", &self.url]).arg(self.results(kind));
            ensure!(command.status()?.success(), "{kind} could not be sent");
            self.call("POST", &format!("/{index}/_forcemerge?max_num_segments=1"))?;
            self.call("POST", &format!("/{index}/_flush"))?;
            let documents = self.documents(&index)?;
            // The statistics of the store are cached; the segments are not.
            let segments = self.call("GET", &format!("/_cat/segments/{index}?format=json&bytes=b&h=size"))?;
            let sizes =
                segments.as_array().into_iter().flatten().filter_map(|row| row["size"].as_str()?.parse::<u64>().ok());
            let stored: u64 = sizes.sum();
            let file = self.results(kind).join(format!("{kind}.ndjson"));
            let plain = fs::metadata(&file)?.len();
            let per = |bytes: u64| bytes as f64 / documents.max(1) as f64;
            text += &format!(
                "| {kind} | {documents} | {:.0} | {:.0} | {:.0} |\n",
                per(plain),
                per(gzipped(&file)?),
                per(stored)
            );
            self.delete(kind)?;
        }
        Ok(text)
    }

    fn sender(&self, Setting { request_bytes, connections }: Setting) -> Job {
        let mut args: Vec<OsString> = ["es", "post", "-q", "--elasticsearch", &self.url].map(OsString::from).into();
        args.extend(["--connections", &connections.to_string()].map(OsString::from));
        args.extend(["--request-bytes", &request_bytes.to_string()].map(OsString::from));
        args.push(self.results("objects").into());
        Job { program: self.sniffit.clone(), args, work_dir: self.work.join("log") }
    }

    /// One curl that sends all bodies, so many at a time.
    fn curl(&self, connections: usize) -> Result<Job> {
        let args = ["--silent", "--fail", "--parallel", "--parallel-max", &connections.to_string(), "--config"];
        let mut args: Vec<OsString> = args.map(OsString::from).into();
        args.push(self.work.join("curl.conf").into());
        Ok(Job { program: "curl".into(), args, work_dir: self.work.join("log") })
    }

    /// Writes the bodies that sniffit will send, and what curl is to do with them.
    fn bodies(&self, index: &str, request_bytes: usize) -> Result<u64> {
        let folder = self.work.join("bodies");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let (mut encoder, mut bodies, mut documents) = (BulkEncoder::new(index, request_bytes), 0, 0);
        let mut config = String::new();
        let mut write = |body: &analyzer_core::sink::bulk::Body| -> Result<()> {
            let path = folder.join(format!("{bodies}.ndjson"));
            bodies += 1;
            fs::write(&path, body.bytes())?;
            config += &format!(
                "{}url = \"{}{}\"\nheader = \"content-type: application/x-ndjson\"\ndata-binary = \"@{}\"\n\
                 output = \"/dev/null\"\n",
                if bodies > 1 { "next\n" } else { "" },
                self.url,
                body.path(),
                path.display()
            );
            Ok(())
        };
        let file = fs::File::open(self.results("objects").join("objects.ndjson"))?;
        for line in BufReader::new(file).split(b'\n') {
            let line = line?;
            let mut name = Vec::new();
            identify(&line)?.ordinal.put(&mut name);
            documents += 1;
            if let Some(body) = encoder.push_document(std::str::from_utf8(&name)?, &line) {
                write(&body)?;
            }
        }
        if let Some(body) = encoder.finish() {
            write(&body)?;
        }
        fs::write(self.work.join("curl.conf"), config)?;
        Ok(documents)
    }

    fn index(&self, kind: &str) -> Result<String> {
        let manifest: Value = serde_json::from_slice(&fs::read(self.results(kind).join("analysis.json"))?)?;
        let id = |name: &str| manifest[name].as_str().and_then(|id| id.get(..8)).context("an id");
        Ok(format!("sniffit-{kind}-{}-{}", id("capture_id")?, id("analysis_id")?))
    }

    /// Deletes what an earlier run left of the analysis.
    fn delete(&self, kind: &str) -> Result<()> {
        for index in [self.index(kind)?, self.index(kind)?.replace(kind, "analyses")] {
            self.call("DELETE", &format!("/{index}?ignore_unavailable=true"))?;
        }
        Ok(())
    }

    fn documents(&self, index: &str) -> Result<u64> {
        self.call("POST", &format!("/{index}/_refresh"))?;
        let answer = self.call("GET", &format!("/{index}/_count"))?;
        answer["count"].as_u64().with_context(|| format!("{index} can't be counted: {answer}"))
    }

    fn call(&self, method: &str, path: &str) -> Result<Value> {
        let mut curl = Command::new("curl");
        let output =
            curl.args(["--silent", "--show-error", "-X", method]).arg(format!("{}{path}", self.url)).output()?;
        if !output.status.success() {
            bail!("{method} {path}: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        serde_json::from_slice(&output.stdout).with_context(|| format!("{method} {path}: no JSON"))
    }
}

/// Size of a file of which every 2 MB are compressed alone, as the program sends them.
fn gzipped(file: &Path) -> Result<u64> {
    let mut reader = BufReader::with_capacity(2 * MB, fs::File::open(file)?);
    let mut bytes = 0;
    loop {
        let block = reader.fill_buf()?;
        if block.is_empty() {
            return Ok(bytes);
        }
        let mut encoder = flate2::write::GzEncoder::new(Counter(0), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, block)?;
        let length = block.len();
        reader.consume(length);
        bytes += encoder.finish()?.0;
    }
}

struct Counter(u64);

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The middle of the values; the mean of the two middle ones when they are even in number.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => values[length / 2],
        length => (values[length / 2 - 1] + values[length / 2]) / 2.0,
    }
}
