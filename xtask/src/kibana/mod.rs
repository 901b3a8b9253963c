//! `cargo xtask kibana`: data views, panels and dashboards for Kibana.
//!
//! In: small tables in the modules below, and the tables of fields of the records. Out:
//! `deploy/kibana/sniffit.ndjson`, which Kibana imports. Guaranteed: the file depends on the code alone, and `--check`
//! writes nothing.

#[cfg(test)]
mod checks;
mod dashboards;
mod data_views;
mod fields;
mod lens;
pub(crate) mod renderer;
mod saved_object;
mod style;
mod vega;

use crate::cargo;
use anyhow::{Context, Result, bail};
use saved_object::SavedObject;
use std::fs;

/// Where the objects are, from the root.
const FILE: &str = "deploy/kibana/sniffit.ndjson";

/// Writes the file, or with `check` compares it with what would be written.
///
/// # Errors
/// When the file can't be written, or differs.
pub(crate) fn run(check: bool) -> Result<()> {
    let path = cargo::root()?.join(FILE);
    let made: String = objects().iter().map(SavedObject::to_line).collect();
    if check {
        let there = fs::read_to_string(&path).with_context(|| format!("{FILE} can't be read"))?;
        if let Some(difference) = difference(&there, &made) {
            bail!("{FILE}:{difference}; `cargo xtask kibana` writes it anew");
        }
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    }
    fs::write(&path, &made).with_context(|| format!("{FILE} can't be written"))?;
    println!("{FILE}: {} objects", made.lines().count());
    Ok(())
}

/// Everything, in an order in which no object comes before one that it refers to.
fn objects() -> Vec<SavedObject> {
    let mut objects = data_views::all();
    objects.extend(lens::panels::all().iter().map(lens::Lens::saved_object));
    objects.extend(vega::all().iter().map(vega::Vega::saved_object));
    objects.extend(dashboards::all(&objects));
    objects
}

/// The first line that differs.
fn difference(there: &str, made: &str) -> Option<String> {
    let same = there.lines().zip(made.lines()).take_while(|(there, made)| there == made).count();
    let at = same + 1;
    match (there.lines().nth(same), made.lines().nth(same)) {
        _ if there == made => None,
        (Some(_), Some(_)) => Some(format!("{at}: the object differs from the code")),
        (Some(_), None) => Some(format!("{at}: the code makes no such object")),
        (None, _) => Some(format!("{at}: an object is missing")),
    }
}
