//! `cargo xtask gen-traffic`: plays a model as synthetic objects.
//!
//! In: a `model.json`, a number of objects and a seed. Out: `objects.ndjson`, record for record as `sniffit analyze` writes it,
//! whose model by the same groups is like the one that was played. Guaranteed: the same model, number and seed give the same bytes on
//! every run and machine.

mod conversation;
mod draw;
mod identity;
mod random;

#[cfg(test)]
mod tests;

use analyzer_core::Method;
use analyzer_core::model::{Group, MODEL_SCHEMA, Model};
use analyzer_core::record::{Context, ObjectRecord};
use analyzer_core::sink::ndjson::NdjsonEncoder;
use anyhow::{Context as _, Result, bail, ensure};
use conversation::Player;
use identity::Names;
use random::Random;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

const BUFFER_BYTES: usize = 1 << 20;
/// The id of the analysis that did not take place.
pub(crate) const ANALYSIS: &str = "synthetic";

#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Options {
    /// What `sniffit model -o` wrote
    #[arg(long, value_name = "FILE.json")]
    pub(crate) model: PathBuf,
    /// Play this group only, by its key
    #[arg(long, value_name = "KEY")]
    pub(crate) group: Option<String>,
    /// How many objects to make; groups have as many of them as in the model
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) objects: u64,
    /// Another seed gives other objects of the same model
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// The file to write
    #[arg(short, long, value_name = "FILE.ndjson")]
    pub(crate) output: PathBuf,
}

/// Reads the model and writes its objects.
///
/// # Errors
/// When a file can't be read or written, or the model has nothing to play.
pub(crate) fn run(options: &Options) -> Result<()> {
    let name = options.model.display();
    let text = fs::read(&options.model).with_context(|| format!("reading {name}"))?;
    let model: Model = serde_json::from_slice(&text).with_context(|| format!("{name} is no model"))?;
    ensure!(model.schema == MODEL_SCHEMA, "{name} has version {} of the model's schema: make it again", model.schema);
    if let Some(folder) = options.output.parent() {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    }
    let writing = || format!("writing {}", options.output.display());
    let file = fs::File::create(&options.output).with_context(writing)?;
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, file);
    let (encoder, mut line) = (NdjsonEncoder::<ObjectRecord>::new(), Vec::new());
    play(&model, options.group.as_deref(), options.objects, options.seed, |record, context| {
        line.clear();
        encoder.encode(record, context, &mut line);
        out.write_all(&line).with_context(writing)
    })?;
    out.flush().with_context(writing)
}

/// Calls `each` with every object of a model, stream by stream.
///
/// # Errors
/// When the model has nothing to play, or a group no server; and those of `each`.
pub(crate) fn play(
    model: &Model,
    group: Option<&str>,
    objects: u64,
    seed: u64,
    mut each: impl FnMut(&ObjectRecord, &Context) -> Result<()>,
) -> Result<()> {
    let groups: Vec<&Group> =
        model.groups.iter().filter(|Group { key, .. }| group.is_none_or(|wanted| key == wanted)).collect();
    if let (true, Some(wanted)) = (groups.is_empty(), group) {
        let keys: Vec<&str> = model.groups.iter().map(|group| group.key.as_str()).collect();
        bail!("the model has no group {wanted}; it has {}", keys.join(", "));
    }
    let names = Names::of(&groups, model.by)?;
    let context = context(model, seed).with_names(names.table());
    let mut random = Random::new(seed);
    let mut player = Player::default();
    for ((at, group), objects) in groups.iter().enumerate().zip(shares(&groups, objects)?) {
        let mut left = objects;
        while left > 0 {
            let mut records = player.stream(group, names.server(at), left, &mut random);
            ensure!(!records.is_empty(), "the group {} has objects, but no streams of them", group.key);
            // The last stream ends when there are enough objects, as streams do when a recording ends.
            records.truncate(usize::try_from(left).unwrap_or(usize::MAX));
            records.iter().try_for_each(|record| each(record, &context))?;
            left -= records.len() as u64;
        }
    }
    Ok(())
}

/// How many of all objects each group has: those of the model to scale, exactly as many in sum.
fn shares(groups: &[&Group], objects: u64) -> Result<Vec<u64>> {
    let of = |group: &Group| u128::from(group.up.objects) + u128::from(group.down.objects);
    let total: u128 = groups.iter().map(|group| of(group)).sum();
    ensure!(total > 0, "the model has no objects");
    let (mut seen, mut given) = (0, 0);
    let share = |group: &&Group| {
        seen += of(group);
        let until = (seen * u128::from(objects) / total) as u64;
        until - std::mem::replace(&mut given, until)
    };
    Ok(groups.iter().map(share).collect())
}

/// What the records share; the ids say that they are no capture's.
fn context(model: &Model, seed: u64) -> Context {
    let method = model.method.first().and_then(|method| method.parse().ok()).unwrap_or(Method::Exchange);
    let name = format!("synthetic-{seed}");
    Context::new(name.clone(), name, ANALYSIS.to_owned(), method.name())
}
