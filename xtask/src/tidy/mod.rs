//! `cargo xtask tidy`: rules that the compiler can't check.
//!
//! In: the repository's files. Out: nothing, or every place that breaks a rule, with the rule. Guaranteed: nothing is
//! written unless `--write` asks for the generated parts of the documents.

mod documents;
mod files;
mod manifest;
mod options;
mod schema;
mod sources;
mod templates;
mod workspace;

use crate::cargo;
use anyhow::{Result, bail};
use files::Repository;

/// Checks everything; with `write`, the generated parts of documents are written first.
///
/// # Errors
/// When a file can't be read, and with all faults when there are any.
pub(crate) fn run(write: bool) -> Result<()> {
    let repository = Repository::read(&cargo::root()?)?;
    let mut faults = Vec::new();
    match schema::check(&repository, write)? {
        schema::Outcome::Same => {}
        schema::Outcome::Written => println!("{} was written", schema::DOCUMENT),
        schema::Outcome::Differs(differences) => faults.extend(differences),
    }
    let (differences, written) = templates::check(&repository, write)?;
    written.iter().for_each(|name| println!("{name} was written"));
    faults.extend(differences);
    faults.extend(sources::check(&repository));
    faults.extend(workspace::check(&repository));
    faults.extend(documents::check(&repository));
    if !faults.is_empty() {
        bail!("{} places break a rule:\n  {}", faults.len(), faults.join("\n  "));
    }
    Ok(())
}
