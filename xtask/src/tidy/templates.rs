//! The templates in `deploy/elasticsearch/templates` against the code: one file for each, as it is to be PUT.
//!
//! They are there for set-ups that have `curl` and not our program.

use super::files::Repository;
use analyzer_core::sink::template::{IndexSettings, Template, templates};
use anyhow::{Context as _, Result};
use std::fs;

const FOLDER: &str = "deploy/elasticsearch/templates";

/// Compares the files with the code, or writes them; the faults, or the names of what was written.
pub(super) fn check(repository: &Repository, write: bool) -> Result<(Vec<String>, Vec<String>)> {
    let (mut faults, mut written) = (Vec::new(), Vec::new());
    for template in templates(IndexSettings::default()) {
        let name = file_name(&template);
        let path = repository.root.join(&name);
        let mut text = serde_json::to_string_pretty(&template.body)?;
        text.push('\n');
        if fs::read_to_string(&path).is_ok_and(|there| there == text) {
            continue;
        }
        if !write {
            faults.push(format!("{name}: differs from the code; `cargo xtask tidy --write` writes it"));
            continue;
        }
        let folder = path.parent().context("a file has a folder")?;
        fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
        fs::write(&path, text).with_context(|| format!("{name} can't be written"))?;
        written.push(name);
    }
    Ok((faults, written))
}

fn file_name(template: &Template) -> String {
    let kind = if template.is_component { "component" } else { "index" };
    format!("{FOLDER}/{kind}/{}.json", template.name)
}
