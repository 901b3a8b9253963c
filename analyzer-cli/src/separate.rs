//! `--separate`: many recordings, several at a time.
//!
//! In: recordings. Out: the results of each, printed in the order of the recordings whichever is ready first.
//! Guaranteed: only so many results wait for their turn that memory and open files stay bounded.

use crate::analyze::{Analysis, analyze, conclude};
use crate::elastic::{Client, Insistence, Poster};
use crate::error::Exit;
use crate::interrupt;
use crate::options::{Options, Output};
use crate::progress::Progress;
use crate::recording::Recording;
use analyzer_core::Method;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::mpsc::channel;

/// Recordings begun and not printed yet, per thread.
const AHEAD: usize = 4;

/// Analyses all recordings.
///
/// # Errors
/// When results would be replaced, or standard output can't be written. A recording that can't be analysed is told on
/// standard error and does not stop the others.
pub(crate) fn run(
    recordings: Vec<Recording>,
    options: &Options,
    delivery: Option<(Client, Insistence)>,
) -> anyhow::Result<Exit> {
    for recording in &recordings {
        if let Output::Folder(folder) = options.output.below(&recording.name) {
            folder.prepare()?;
        }
    }
    let bytes: Option<u64> = recordings.iter().map(Recording::bytes).sum();
    let passes = if options.config.method == Method::MeanGap { 2 } else { 1 };
    let progress = Progress::new(bytes.map(|bytes| passes * bytes), options.quiet);
    // All recordings share the connections: a server is not asked for more because there are more files.
    let poster = delivery.map(|(client, insistence)| Poster::start(client, insistence, progress.sending()));
    let result = run_all(recordings, options, poster.as_ref(), &progress);
    let report = poster.map(Poster::finish).transpose();
    progress.clear();
    conclude(report?, result?, options, &progress)
}

fn run_all(
    recordings: Vec<Recording>,
    options: &Options,
    poster: Option<&Poster>,
    progress: &Progress,
) -> anyhow::Result<Exit> {
    let count = recordings.len();
    let threads = options.jobs.min(count);
    let mut recordings = recordings.into_iter().enumerate();
    let (give, jobs) = channel::<(usize, Recording)>();
    let jobs = Mutex::new(jobs);
    let (done, results) = channel();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let done = done.clone();
            let jobs = &jobs;
            scope.spawn(move || {
                loop {
                    // Others wait for the lock while this one waits for a job; each gets the next in turn.
                    let job = jobs.lock().map(|jobs| jobs.recv());
                    let Ok(Ok((at, mut recording))) = job else { break };
                    let result = analyze_and_save(&mut recording, options, poster, progress);
                    if done.send((at, recording.name, result)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        // The receivers live as long as this scope, so that giving can't fail.
        recordings.by_ref().take(AHEAD * threads).for_each(|job| drop(give.send(job)));
        let mut waiting = BTreeMap::new();
        let mut exits = Vec::with_capacity(count);
        let mut printed_any = false;
        while let Ok((at, name, result)) = results.recv() {
            waiting.insert(at, (name, result));
            while let Some((name, result)) = waiting.remove(&exits.len()) {
                let exit = print(&name, result, options, &mut printed_any, progress);
                if exit.is_err() {
                    // Nobody reads on: what runs stops at its next chunk.
                    interrupt::request();
                }
                exits.push(exit?);
                if let Some(job) = recordings.next() {
                    drop(give.send(job));
                }
            }
            if exits.len() == count {
                break;
            }
        }
        drop(give);
        Ok(Exit::of_all(&exits))
    })
}

fn analyze_and_save(
    recording: &mut Recording,
    options: &Options,
    poster: Option<&Poster>,
    progress: &Progress,
) -> anyhow::Result<Analysis> {
    let output = options.output.below(&recording.name);
    let mut analysis = analyze(recording, options, &output, None, progress)?;
    analysis.save(options, &output, poster, progress)?;
    Ok(analysis)
}

fn print(
    name: &str,
    result: anyhow::Result<Analysis>,
    options: &Options,
    printed_any: &mut bool,
    progress: &Progress,
) -> anyhow::Result<Exit> {
    let mut analysis = match result {
        Ok(analysis) => analysis,
        Err(error) => {
            progress.error(&format!("{name}: {error:#}"));
            return Ok(Exit::Failed);
        }
    };
    analysis.warn(progress);
    progress.suspended(|| analysis.print(options, !*printed_any))?;
    *printed_any |= analysis.has_results();
    Ok(analysis.exit())
}
