//! `sniffit analyze`: captures in, results out.
//!
//! In: the arguments. Out: files, records or a summary, and how it ended. The steps are [`analyze`] and
//! [`Analysis::save`], which threads may do for several recordings at a time, and [`Analysis::print`], which is done in
//! order.

use crate::cli::{AnalyzeArguments, CredentialArguments, Format};
use crate::elastic::{Client, Poster, Report, ServerUrl, post_spool, preflight};
use crate::error::{Exit, printable};
use crate::feed::{Cutting, feed};
use crate::input::{self, Input};
use crate::options::{Options, Output};
use crate::output::{Folder, write_records};
use crate::progress::Progress;
use crate::recording::Recording;
use crate::spool::Spool;
use crate::state::States;
use crate::{interrupt, reverse_dns, separate, summary_table, table};
use analyzer_core::model::{Counts, Tallying};
use analyzer_core::record::{AnalysisRecord, Context, Kind};
use analyzer_core::{Analyzer, GapMeter, Method, Outcome, ReadFault, Reading, Totals};
use anyhow::{Context as _, bail};
use std::io::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// Name and version of the program.
pub(crate) const TOOL: &str = concat!("sniffit ", env!("CARGO_PKG_VERSION"));

/// Runs the command.
///
/// # Errors
/// When nothing could be analysed or written, and why.
pub(crate) fn run(arguments: &AnalyzeArguments) -> anyhow::Result<Exit> {
    let options = Options::from_arguments(arguments)?;
    // Before the first read, which may have to wait for its bytes.
    interrupt::install()?;
    let mut states = States::open(&arguments.state, arguments.force)?;
    let found = input::find(&arguments.paths)?;
    for notice in found.notices.iter().filter(|_| !options.quiet) {
        let _ = writeln!(std::io::stderr(), "note: {notice}");
    }
    // A recording in parts may end without another file.
    if found.inputs.is_empty() && !arguments.paths.is_empty() {
        bail!("there is no capture file (pcap or pcapng) in what was named");
    }
    if let Some(input) = found.inputs.iter().find(|input| options.config.method == Method::MeanGap && !input.is_file())
    {
        bail!("--method mean-gap reads the capture twice, and {} comes only once", input.shown());
    }
    let client = client(arguments.elasticsearch.as_ref(), &arguments.credentials)?;
    if options.separate {
        let delivery = client.map(|client| (client, arguments.delivery.insistence()));
        return separate::run(Recording::separate(found.inputs), &options, delivery);
    }
    if let Output::Folder(folder) = &options.output {
        folder.prepare()?;
    }
    let mut recording = Recording::of_all(found.inputs, options.name.clone());
    let passes = if options.config.method == Method::MeanGap { 2 } else { 1 };
    let progress = Progress::new(recording.bytes().map(|bytes| passes * bytes), options.quiet);
    let poster = client.map(|client| Poster::start(client, arguments.delivery.insistence(), progress.sending()));
    let done =
        analyze(&mut recording, &options, &options.output, states.as_mut(), &progress).and_then(|mut analysis| {
            if poster.is_some() {
                progress.reading_done();
            }
            analysis.save(&options, &options.output, poster.as_ref(), &progress)?;
            Ok(analysis)
        });
    let report = poster.map(Poster::finish).transpose();
    progress.clear();
    let mut analysis = done?;
    if !analysis.goes_on()
        && let Some(left_out) = states.as_ref().and_then(States::left_out)
    {
        progress.warn(&left_out);
    }
    if let (Exit::Failed, [fault]) = (analysis.exit(), &analysis.reading.faults[..]) {
        bail!("nothing could be read: {}", analysis.describe(fault));
    }
    analysis.warn(&progress);
    if analysis.exit() == Exit::Failed {
        bail!("nothing could be read");
    }
    let printed = analysis.print(&options, true);
    if let Some(states) = states.as_mut().filter(|_| analysis.goes_on()) {
        match &printed {
            Ok(()) => states.write()?,
            // Who did not get the records needs this part once more.
            Err(_) => states.left_out().iter().for_each(|left_out| progress.warn(left_out)),
        }
    }
    printed?;
    conclude(report?, analysis.exit(), &options, &progress)
}

/// Tells what became of what was sent, if anything was, and how the run ends that ended so otherwise.
pub(crate) fn conclude(
    report: Option<Report>,
    exit: Exit,
    options: &Options,
    progress: &Progress,
) -> anyhow::Result<Exit> {
    let Some(report) = report else { return Ok(exit) };
    report.tell(options.quiet, matches!(options.output, Output::Stdout { .. }), progress)?;
    Ok(match report.exit() {
        Exit::Complete => exit,
        undelivered => Exit::of_all(&[exit, undelivered]),
    })
}

/// A connection to the server that was named, if one was, which was asked whether it can take results.
pub(crate) fn client(server: Option<&ServerUrl>, credentials: &CredentialArguments) -> anyhow::Result<Option<Client>> {
    let Some(server) = server else { return Ok(None) };
    let client = Client::with(server, credentials)?;
    preflight(&client)?;
    Ok(Some(client))
}

/// One recording, analysed.
pub(crate) struct Analysis {
    name: String,
    /// The inputs' paths as the user can recognise them.
    paths: Vec<String>,
    totals: Totals,
    reading: Reading,
    spool: Spool,
    written: Vec<PathBuf>,
    /// The inputs are files, so that the same command can be given again.
    is_repeatable: bool,
}

/// Reads and analyses one recording, or the part between two states.
///
/// # Errors
/// When records can't be kept, or the states and the inputs don't fit. A fault of the capture is no error.
pub(crate) fn analyze(
    recording: &mut Recording,
    options: &Options,
    output: &Output,
    states: Option<&mut States>,
    progress: &Progress,
) -> anyhow::Result<Analysis> {
    // On the results' own disk there will be room for them; elsewhere nobody knows.
    let temporary = match output {
        Output::Folder(folder) => folder.dir.clone(),
        Output::Summary | Output::Stdout { .. } => std::env::temp_dir(),
    };
    let mut spool = Spool::new(&options.kinds(), &temporary);
    spool.tallying = options.counts_by.map(|by| Tallying::new(by, TOOL));
    let config = options.config.clone();
    let mut analyzer = if let Some(states) = &states {
        let analyzer = states.begin(config, recording)?;
        if let (None, Some(name)) = (&options.name, analyzer.capture_name()) {
            name.clone_into(&mut recording.name);
        }
        analyzer
    } else if config.method == Method::MeanGap {
        let mut meter = GapMeter::new(config.clone())?;
        progress.stage("(first pass)");
        feed(&mut meter, &mut recording.inputs, progress)?;
        progress.stage("(second pass)");
        Analyzer::with_mean_gaps(config, meter.finish())?
    } else {
        Analyzer::new(config)?
    };
    let mut pass = Cutting { analyzer: &mut analyzer, spool: &mut spool };
    let reading = feed(&mut pass, &mut recording.inputs, progress)?;
    let mut totals = match states {
        // Where nothing could be read, the part is not one.
        Some(states) if reading.outcome(analyzer.part_frames()) != Outcome::Failed => {
            states.end(analyzer, &reading, &recording.name, &mut spool)?
        }
        _ => analyzer.finish(&mut spool),
    };
    spool.check()?;
    if options.reverse_dns {
        progress.stage("asking for names");
        let addresses: Vec<IpAddr> = totals.summary.nameless().into_iter().map(|(ip, _)| ip).collect();
        totals = totals.with_reverse_names(&reverse_dns::look_up(&addresses));
    }
    let paths = recording.inputs.iter().map(Input::shown).collect();
    let is_repeatable = recording.inputs.iter().all(Input::is_file);
    Ok(Analysis { name: recording.name.clone(), paths, totals, reading, spool, written: Vec::new(), is_repeatable })
}

impl Analysis {
    /// How it ended.
    pub(crate) fn exit(&self) -> Exit {
        match self.reading.outcome(self.totals.part_frames()) {
            Outcome::Complete => Exit::Complete,
            Outcome::Partial => Exit::Partial,
            Outcome::Interrupted => Exit::Interrupted,
            Outcome::Failed => Exit::Failed,
        }
    }

    /// Whether there is anything to write or print.
    pub(crate) fn has_results(&self) -> bool {
        self.reading.has_results(self.totals.part_frames())
    }

    /// Whether a later part of the recording can go on from its end.
    fn goes_on(&self) -> bool {
        matches!(self.exit(), Exit::Complete | Exit::Partial)
    }

    /// Writes the files, if files are wanted, and sends the results, if a server was named.
    pub(crate) fn save(
        &mut self,
        options: &Options,
        output: &Output,
        poster: Option<&Poster>,
        progress: &Progress,
    ) -> anyhow::Result<()> {
        if !self.has_results() {
            return Ok(());
        }
        if let Output::Folder(folder) = output {
            progress.stage("writing");
            self.write(folder)?;
        }
        if let Some(poster) = poster {
            progress.stage("sending");
            self.post(options, output, poster, progress)?;
        }
        if !matches!(output, Output::Stdout { .. }) {
            self.spool = Spool::default();
        }
        Ok(())
    }

    fn write(&mut self, folder: &Folder) -> anyhow::Result<()> {
        let manifest = self.manifest(&folder.kinds);
        let context = self.context();
        self.written = folder.write(&mut self.spool, &context, &manifest)?;
        Ok(())
    }

    fn post(&mut self, options: &Options, output: &Output, poster: &Poster, progress: &Progress) -> anyhow::Result<()> {
        if self.exit() == Exit::Interrupted {
            // What was read until then is another analysis than the whole, and nobody asked for it to be kept twice.
            progress.note(&format!("{}: nothing is sent, because the reading was interrupted", printable(&self.name)));
            return Ok(());
        }
        let arrived = self.post_all(poster, &options.posted)?;
        if !arrived && !self.is_repeatable && !matches!(output, Output::Folder(_)) {
            self.keep(options, progress)?;
        }
        Ok(())
    }

    /// Results of a capture that can't be read again must not be lost because a server was away.
    fn keep(&mut self, options: &Options, progress: &Progress) -> anyhow::Result<()> {
        let dir = PathBuf::from(format!("sniffit-unsent-{}", self.totals.analysis_id));
        let folder = Folder { dir, format: Format::Ndjson, kinds: options.posted.clone(), force: true };
        folder.prepare()?;
        self.write(&folder)?;
        let dir = folder.dir.display();
        progress.warn(&format!("the results are kept in {dir}: `sniffit es post {dir} --elasticsearch …` sends them"));
        Ok(())
    }

    /// Sends records of these kinds and the manifest; whether all arrived. What did not is told by the poster.
    pub(crate) fn post_all(&mut self, poster: &Poster, kinds: &[Kind]) -> anyhow::Result<bool> {
        let (manifest, context) = (self.manifest(kinds), self.context());
        post_spool(poster, &mut self.spool, &context, &manifest, kinds)
    }

    /// What the records share.
    pub(crate) fn context(&self) -> Context {
        self.totals.context(&self.name)
    }

    /// The records.
    pub(crate) fn spool(&mut self) -> &mut Spool {
        &mut self.spool
    }

    /// What was counted for a model, if anything was.
    pub(crate) fn take_counts(&mut self) -> Option<Counts> {
        let tallying = self.spool.tallying.take()?;
        Some(tallying.finish(&self.totals.names, &self.name, self.totals.config.method.name()))
    }

    /// What could not be read, for people.
    pub(crate) fn faults(&self) -> impl Iterator<Item = String> {
        self.reading.faults.iter().map(|fault| self.describe(fault))
    }

    /// The manifest, if records of these kinds are kept.
    pub(crate) fn manifest(&self, kinds: &[Kind]) -> AnalysisRecord {
        self.totals.manifest(TOOL, &self.name, &self.reading, kinds)
    }

    /// Says what could not be read.
    pub(crate) fn warn(&self, progress: &Progress) {
        for fault in &self.reading.faults {
            let fault = self.describe(fault);
            if self.has_results() {
                progress.warn(&format!("{fault}; what comes before is in the results"));
            } else {
                progress.error(&fault);
            }
        }
    }

    fn describe(&self, ReadFault { input, offset, reason }: &ReadFault) -> String {
        format!("{}: byte {offset}: {reason}", self.paths.get(*input).map_or("", String::as_str))
    }

    /// Prints records or the summary to standard output; `first` of several recordings writes a table's header.
    pub(crate) fn print(&mut self, options: &Options, first: bool) -> anyhow::Result<()> {
        if !self.has_results() {
            return Ok(());
        }
        let mut out = std::io::stdout();
        let broken = "standard output can't be written";
        match &options.output {
            Output::Stdout { format, kind } => {
                let context = self.totals.context(&self.name);
                write_records(&mut self.spool, *kind, &context, *format, first, &mut out).context(broken)
            }
            Output::Folder(_) if options.quiet => Ok(()),
            Output::Folder(_) | Output::Summary => {
                let width = table::terminal_width();
                let mut text = summary_table::render(&printable(&self.name), &self.totals, options.top, width);
                if !first {
                    text.insert(0, '\n');
                }
                if let Some(folder) = self.written.first().and_then(|path| path.parent()) {
                    let names = self.written.iter().filter_map(|path| path.file_name()).map(Path::new);
                    let names: Vec<String> = names.map(|name| name.display().to_string()).collect();
                    text += &format!("\nWritten to {}: {}\n", folder.display(), names.join(", "));
                }
                out.write_all(text.as_bytes()).context(broken)
            }
        }
    }
}

impl Output {
    /// Where the results of one of several recordings go.
    pub(crate) fn below(&self, name: &str) -> Self {
        match self {
            Self::Folder(folder) => Self::Folder(Folder::below(folder, name)),
            other => other.clone(),
        }
    }
}
