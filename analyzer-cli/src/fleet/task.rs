//! `sniffit task`: one recording of a plan.
//!
//! In: the arguments. Out: the recording's results in the folder of all recordings, and one line of JSON. Guaranteed: nothing is there under
//! its own name before everything is; done again it does nothing.

use super::entry::Entry;
use super::manifest::{TaskManifest, Work, day_of};
use super::outcome::{Outcome, Posted, State};
use super::place::{COUNTS, Commit, MODELS, Place, RECORDS};
use super::sequence::Sequence;
use crate::analyze::{Analysis, TOOL, analyze, client};
use crate::cli::{Format, Mode, TaskArguments};
use crate::elastic::{Client, Poster};
use crate::error::{Exit, printable};
use crate::input::Input;
use crate::interrupt;
use crate::options::Options;
use crate::output::write_records;
use crate::piped::Piped;
use crate::progress::Progress;
use crate::recording::Recording;
use analyzer_core::Method;
use anyhow::{Context as _, bail};
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// Runs the command.
///
/// # Errors
/// When the task can't be begun. What happens later is told by the line that is printed, too.
pub(crate) fn run(arguments: &TaskArguments) -> anyhow::Result<Exit> {
    interrupt::install()?;
    let entry = Entry::read(&arguments.plan, arguments.index)?;
    let options = options(arguments)?;
    let mut outcome = Outcome::begin(arguments.index, &entry);
    let done = Task { arguments, entry: &entry, options: &options }.run(&mut outcome);
    if let Err(error) = &done {
        (outcome.state, outcome.error) = (State::Failed, Some(format!("{error:#}")));
    }
    outcome.print();
    done
}

fn options(arguments: &TaskArguments) -> anyhow::Result<Options> {
    if arguments.naming.reverse_dns {
        bail!(
            "a task asks nobody for names: what others tell today may differ tomorrow, and the same task must give the same results"
        );
    }
    if arguments.cutting.mode == Mode::Packet {
        bail!(
            "a task writes objects, streams and bins: packets of many recordings are as large as the captures themselves"
        );
    }
    if arguments.stdin && arguments.cutting.method == Method::MeanGap {
        bail!("--method mean-gap reads the capture twice, and standard input comes only once");
    }
    Options::of_task(arguments)
}

struct Task<'a> {
    arguments: &'a TaskArguments,
    entry: &'a Entry,
    options: &'a Options,
}

impl Task<'_> {
    fn run(&self, outcome: &mut Outcome) -> anyhow::Result<Exit> {
        let Self { arguments, entry, options } = self;
        let kinds = options.output.kinds();
        let work = Work::new(TOOL, entry, &options.config, kinds, arguments.by);
        let place = Place::new(&arguments.out, &entry.recording);
        let done = if arguments.force { None } else { place.done(&work)? };
        if let (Some(manifest), None) = (&done, &arguments.elasticsearch) {
            outcome.tell(State::Present, &manifest.analysis);
            return Ok(outcome.exit());
        }
        let client = client(arguments.elasticsearch.as_ref(), &arguments.credentials)?;
        fs::create_dir_all(&arguments.out)
            .with_context(|| format!("the output folder {} can't be made", arguments.out.display()))?;
        let sequence = arguments.stdin.then(|| Sequence::new(Piped::spawn(|| Ok(io::stdin().lock()))));
        let mut recording = Recording { name: entry.recording.clone(), inputs: self.inputs(sequence.as_ref())? };
        let progress = Progress::new(Some(entry.bytes), arguments.quiet);
        let mut analysis = analyze(&mut recording, options, &options.output, None, &progress)?;
        if let (Some(sequence), false) = (&sequence, interrupt::requested()) {
            // A pipe that broke is no damage of the captures, and must not be taken for it.
            sequence.finish().context(
                "standard input is not what the plan says, and nothing was written: feed all files again, or make the plan again if they have changed",
            )?;
        }
        match analysis.exit() {
            Exit::Interrupted => {
                progress.clear();
                tell_interrupted(outcome);
                return Ok(Exit::Interrupted);
            }
            Exit::Failed => {
                progress.clear();
                let faults: Vec<String> = analysis.faults().collect();
                bail!("nothing could be read: {}", faults.join("; "));
            }
            _ => {}
        }
        analysis.warn(&progress);
        let state = if done.is_some() {
            State::Present
        } else {
            progress.stage("writing");
            self.write(&mut analysis, &place, work)?
        };
        outcome.tell(state, &analysis.manifest(kinds));
        let exit = self.post(client, &mut analysis, outcome, &progress)?;
        progress.clear();
        Ok(exit)
    }

    /// The files in the plan's order, each of which is what the plan says.
    fn inputs(&self, sequence: Option<&Sequence>) -> anyhow::Result<Vec<Input>> {
        let mut inputs = Vec::new();
        for file in &self.entry.files {
            if let Some(sequence) = sequence {
                inputs.push(Input::part(sequence, file.name(), file.bytes));
                continue;
            }
            let shown = printable(&file.path);
            let input = Input::file(Path::new(&file.path)).with_context(|| format!("{shown} can't be read"))?;
            if input.bytes != Some(file.bytes) {
                bail!(
                    "{shown} has {} bytes, and {} when the plan was made: make the plan again",
                    input.bytes.map_or_else(|| "no".to_owned(), |bytes| bytes.to_string()),
                    file.bytes
                );
            }
            inputs.push(input);
        }
        Ok(inputs)
    }

    fn write(&self, analysis: &mut Analysis, place: &Place, work: Work) -> anyhow::Result<State> {
        let kinds = self.options.output.kinds();
        let manifest = TaskManifest { task: work, analysis: analysis.manifest(kinds) };
        let context = analysis.context();
        let day = day_of(&manifest.analysis);
        let mut files = Vec::new();
        for kind in kinds {
            files.push(place.write(kind.as_str(), day, RECORDS, |file| {
                write_records(analysis.spool(), *kind, &context, Format::Parquet, true, file)
            })?);
        }
        if let Some(counts) = analysis.take_counts() {
            let json = counts.to_file()?;
            files.push(place.write(MODELS, day, COUNTS, |file| Ok(file.write_all(&json)?))?);
        }
        files.push(place.write_manifest(day, &manifest)?);
        Ok(match place.commit(files, &manifest.task, self.arguments.force)? {
            Commit::Done => State::Done,
            Commit::WasFirst => State::Present,
        })
    }

    fn post(
        &self,
        client: Option<Client>,
        analysis: &mut Analysis,
        outcome: &mut Outcome,
        progress: &Progress,
    ) -> anyhow::Result<Exit> {
        let exit = outcome.exit();
        let Some(client) = client else { return Ok(exit) };
        progress.reading_done();
        let poster = Poster::start(client, self.arguments.delivery.insistence(), progress.sending());
        let posted = analysis.post_all(&poster, self.options.output.kinds());
        let report = poster.finish()?;
        progress.clear();
        posted?;
        let total = report.total();
        outcome.posted = Some(Posted { created: total.created, present: total.already_there, refused: total.refused });
        report.tell(self.arguments.quiet, true, progress)?;
        Ok(match report.exit() {
            Exit::Complete => exit,
            undelivered => Exit::of_all(&[exit, undelivered]),
        })
    }
}

fn tell_interrupted(outcome: &mut Outcome) {
    outcome.error = Some("interrupted: nothing was written".to_owned());
    let _ = writeln!(io::stderr(), "error: interrupted: nothing was written");
}
