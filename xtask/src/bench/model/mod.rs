//! `cargo xtask bench model`: what a model of a million objects costs.
//!
//! In: nothing. Out: a Markdown table of CPU time, wall time and memory of `sniffit model -o`, from NDJSON and from Parquet.
//! Guaranteed: the objects are played from the model in [`known`] with a fixed seed, so that they are the same on every
//! machine; they are kept in `target/bench`.

mod known;
mod parquet;

use super::machine::Machine;
use super::measure::{self, Job, Sample};
use super::programs;
use super::report::{machine_line, significant, spread};
use crate::traffic;
use analyzer_core::record::ObjectRecord;
use analyzer_core::sink::ndjson::NdjsonEncoder;
use anyhow::{Context, Result};
use parquet::ParquetObjects;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// To be raised when other objects are made, so that older files are not measured.
const METHOD_VERSION: u32 = 1;
const SEED: u64 = 1;
const BUFFER_BYTES: usize = 1 << 20;

#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ModelArgs {
    /// How many objects
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    objects: u64,
    /// How often each row runs
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Write the table to this file too
    #[arg(long, value_name = "FILE.md")]
    out: Option<PathBuf>,
    /// Measure this binary instead of a fresh release build
    #[arg(long, value_name = "PATH")]
    sniffit: Option<PathBuf>,
}

/// Makes the objects, measures, prints the table and writes it to `--out`.
pub(crate) fn run(args: &ModelArgs) -> Result<()> {
    let root = programs::workspace_root()?;
    let dir = root.join("target/bench");
    let sniffit = match &args.sniffit {
        Some(path) => fs::canonicalize(path).with_context(|| format!("{} is not there", path.display()))?,
        None => programs::build_sniffit(&root)?,
    };
    let files = ["ndjson", "parquet"].map(|ending| file(&dir, args.objects, ending));
    if !files.iter().all(|file| file.is_file()) {
        eprintln!("objects {}", files[0].display());
        fs::create_dir_all(&dir)?;
        make(args.objects, &files)?;
    }
    let machine = Machine::read();
    let jobs = files.each_ref().map(|file| job(&sniffit, file, &dir));
    // Both files are read once, so that they are in the page cache.
    for job in &jobs {
        measure::run_once(job)?.map_err(|failure| anyhow::anyhow!(failure))?;
    }
    let outcomes = measure::run_rounds(&jobs.each_ref(), usize::from(args.runs))?;
    let mut text = heading(&machine, args);
    for (file, outcome) in files.iter().zip(outcomes) {
        text += &row(file, args.objects, outcome)?;
    }
    print!("{text}");
    if let Some(out) = &args.out {
        fs::write(out, &text).with_context(|| format!("cannot write {}", out.display()))?;
    }
    Ok(())
}

fn file(dir: &Path, objects: u64, ending: &str) -> PathBuf {
    dir.join(format!("model-v{METHOD_VERSION}-{objects}.{ending}"))
}

/// Writes the same objects in both formats. Files have their names only when they are whole.
fn make(objects: u64, files: &[PathBuf; 2]) -> Result<()> {
    let part = [files[0].with_extension("ndjson.part"), files[1].with_extension("parquet.part")];
    let mut lines = BufWriter::with_capacity(BUFFER_BYTES, File::create(&part[0])?);
    let mut columns = ParquetObjects::create(File::create(&part[1])?, traffic::ANALYSIS)?;
    let (encoder, mut line) = (NdjsonEncoder::<ObjectRecord>::new(), Vec::new());
    traffic::play(&known::model(), None, objects, SEED, |record, context| {
        line.clear();
        encoder.encode(record, context, &mut line);
        lines.write_all(&line)?;
        columns.push(record, context)
    })?;
    lines.flush()?;
    columns.close()?;
    for (part, file) in part.iter().zip(files) {
        fs::rename(part, file)?;
    }
    Ok(())
}

fn job(sniffit: &Path, file: &Path, dir: &Path) -> Job {
    let work_dir = dir.join("work").join(file.extension().unwrap_or_default());
    let args = ["model", "--by", "server", "-o"].map(Into::into).into_iter();
    let args = args.chain([work_dir.join("model.json").into(), file.into()]).collect();
    Job { program: sniffit.to_owned(), args, work_dir }
}

fn heading(machine: &Machine, args: &ModelArgs) -> String {
    let busy = if machine.is_busy() { " **The machine was busy: all times are too long.**" } else { "" };
    format!(
        "# Models\n\n{}\n\n`sniffit model --by server -o model.json FILE` on {} objects of {} groups, the file in the page cache. \
         Medians of {} interleaved rounds, ranges in brackets; CPU is user + system time.{busy}\n\n\
         | file | MB | CPU s | wall s | peak RSS MB | Mobjects per CPU s |\n| --- | ---: | ---: | ---: | ---: | ---: |\n",
        machine_line(machine),
        args.objects,
        known::GROUPS,
        args.runs,
    )
}

fn row(file: &Path, objects: u64, outcome: measure::Outcome) -> Result<String> {
    let samples = outcome.map_err(|failure| anyhow::anyhow!("{}: {failure}", file.display()))?;
    let figure = |value: fn(&Sample) -> f64| {
        let figure = spread(&samples, value);
        format!("{} ({}–{})", significant(figure.median), significant(figure.min), significant(figure.max))
    };
    let cpu = spread(&samples, |sample| sample.cpu.as_secs_f64()).median;
    Ok(format!(
        "| {} | {:.0} | {} | {} | {} | {} |\n",
        file.extension().unwrap_or_default().to_string_lossy(),
        file.metadata()?.len() as f64 / 1e6,
        figure(|sample| sample.cpu.as_secs_f64()),
        figure(|sample| sample.wall.as_secs_f64()),
        figure(|sample| sample.peak_rss_bytes as f64 / 1e6),
        significant(objects as f64 / 1e6 / cpu),
    ))
}
