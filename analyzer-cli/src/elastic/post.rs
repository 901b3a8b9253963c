//! `sniffit es post`: results that were written as NDJSON, to a server.
//!
//! In: folders with `analysis.json`. Out: the same documents that the analysis would have sent itself. Guaranteed: a line
//! that is no record of the analysis beside it is told with file and line before anything after it is sent; bytes are
//! sent as they stand in the file.

use super::analysis::Shipment;
use super::client::Client;
use super::poster::{DEFAULT_CONNECTIONS, DEFAULT_RETRY_FOR, Insistence, Poster, Stopped};
use super::preflight;
use crate::cli::{ConnectionArguments, DeliveryArguments};
use crate::error::Exit;
use crate::progress::Progress;
use crate::{folders, interrupt};
use analyzer_core::record::{AnalysisRecord, Kind, SCHEMA_VERSION, document};
use analyzer_core::sink::bulk::BODY_BYTES;
use analyzer_core::sink::index::Dataset;
use analyzer_core::sink::placement::{IndexBy, Placement};
use anyhow::{Context as _, bail};
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

const MANIFEST: &str = "analysis.json";
const KINDS: [Kind; 4] = [Kind::Objects, Kind::Streams, Kind::Bins, Kind::Packets];
/// The longest record is a stream's, of about 3 kB and the capture's name.
const LONGEST_LINE_BYTES: u64 = 1 << 20;

/// Runs the command.
///
/// # Errors
/// When results can't be read, or the server can't be used.
pub(super) fn run(
    folders: &[PathBuf],
    connection: &ConnectionArguments,
    delivery: DeliveryArguments,
    quiet: bool,
) -> anyhow::Result<Exit> {
    interrupt::install()?;
    let mut analyses = Vec::new();
    for folder in folders {
        let before = analyses.len();
        find(folder, &mut analyses)?;
        if analyses.len() == before {
            bail!("there is no {MANIFEST} in {}: name a folder that `sniffit analyze -o` wrote", folder.display());
        }
    }
    // Everything is looked at before the first document is sent.
    let analyses: Vec<Results> = analyses.into_iter().map(Results::open).collect::<anyhow::Result<_>>()?;
    let client = Client::new(connection)?;
    preflight(&client)?;
    let progress = Progress::new(None, quiet);
    let insistence = delivery.insistence();
    let poster = Poster::start(client, insistence, progress.sending());
    let sent = analyses.iter().try_for_each(|results| results.post(&poster));
    let report = poster.finish()?;
    progress.clear();
    report.tell(quiet, false, &progress)?;
    match sent {
        Err(error) if error.downcast_ref::<Stopped>().is_none() => Err(error),
        _ => Ok(report.exit()),
    }
}

impl DeliveryArguments {
    /// The same with what was not given.
    pub(crate) fn insistence(&self) -> Insistence {
        Insistence {
            connections: self.connections.map_or(DEFAULT_CONNECTIONS, usize::from),
            request_bytes: self.request_bytes.map_or(BODY_BYTES, |bytes| bytes as usize),
            retry_for: self.retry_for.unwrap_or(DEFAULT_RETRY_FOR),
            refused: self.refused.clone(),
            index_by: self.index_by.map_or(IndexBy::default(), IndexBy::from),
        }
    }
}

/// Folders with a manifest, in the order of their names.
fn find(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if folder.join(MANIFEST).is_file() {
        found.push(folder.to_owned());
    }
    folders::inside(folder)?.iter().try_for_each(|folder| find(folder, found))
}

/// The results of one analysis.
struct Results {
    manifest: AnalysisRecord,
    files: Vec<(Kind, PathBuf)>,
}

impl Results {
    fn open(folder: PathBuf) -> anyhow::Result<Self> {
        let path = folder.join(MANIFEST);
        let shown = path.display();
        let text = fs::read(&path).with_context(|| format!("{shown} can't be read"))?;
        let manifest: AnalysisRecord =
            serde_json::from_slice(&text).with_context(|| format!("{shown} is no manifest of an analysis"))?;
        if manifest.schema != SCHEMA_VERSION {
            bail!(
                "{shown} has version {} of the output schema, and this program writes {SCHEMA_VERSION}: analyse again",
                manifest.schema
            );
        }
        // By month asks most of a manifest.
        Placement::of(&manifest, IndexBy::Month).with_context(|| format!("{shown} is no manifest of an analysis"))?;
        if manifest.continuation.is_some() {
            bail!("{shown} is of a part of a recording (--state-out, --state-in): only whole analyses can be sent");
        }
        let mut files = Vec::new();
        for kind in KINDS.into_iter().filter(|kind| manifest.records.contains_key(kind.as_str())) {
            let path = folder.join(format!("{}.ndjson", kind.as_str()));
            if !path.is_file() {
                bail!(
                    "{} is not there: only NDJSON can be sent as it is; analyse again with --elasticsearch, or with \
                     --format ndjson",
                    path.display()
                );
            }
            files.push((kind, path));
        }
        Ok(Self { manifest, files })
    }

    fn post(&self, poster: &Poster) -> anyhow::Result<()> {
        let shipment = Shipment::begin(poster, &self.manifest)?;
        for (kind, path) in &self.files {
            self.post_file(&shipment, *kind, path)?;
        }
        if shipment.finish() { Ok(()) } else { Err(Stopped.into()) }
    }

    fn post_file(&self, shipment: &Shipment<'_>, kind: Kind, path: &Path) -> anyhow::Result<()> {
        let dataset = Dataset::Records(kind);
        let mut encoder = shipment.encoder(dataset);
        let unreadable = || format!("{} can't be read", path.display());
        let mut reader = BufReader::with_capacity(1 << 20, File::open(path).with_context(unreadable)?);
        let (mut line, mut name) = (Vec::new(), Vec::new());
        for number in 1_u64.. {
            line.clear();
            let bytes =
                reader.by_ref().take(LONGEST_LINE_BYTES).read_until(b'\n', &mut line).with_context(unreadable)?;
            if bytes == 0 {
                break;
            }
            let place = || format!("{}, line {number}", path.display());
            if !line.ends_with(b"\n") {
                bail!("{}: the line is not complete", place());
            }
            let identity = document::identify(&line).with_context(place)?;
            if identity.kind != kind || identity.analysis_id != self.manifest.analysis_id {
                bail!("{}: the record belongs to another analysis or kind than {MANIFEST} beside it", place());
            }
            name.clear();
            identity.ordinal.put(&mut name);
            let name = std::str::from_utf8(&name).with_context(place)?;
            shipment.send(dataset, encoder.push_document(name, &line))?;
        }
        Ok(shipment.send(dataset, encoder.finish())?)
    }
}
