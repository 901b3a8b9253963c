//! `sniffit es setup`: the templates that give every field its type.
//!
//! In: a connection and a number of replicas. Out: our templates on the server, and a line for each. Guaranteed: what is
//! there already as we would put it stays untouched; where a newer program was before us, nothing at all is changed.

use super::print;
use super::request::Question;
use super::template_content::TemplateContent;
use crate::elastic::client::Client;
use crate::error::Exit;
use crate::units::counted;
use analyzer_core::record::SCHEMA_VERSION;
use analyzer_core::sink::template::{IndexSettings, Template, templates};
use anyhow::{Context as _, bail};
use std::fmt;
use ureq::http::Method;

const RIGHTS: &str = "the cluster privilege manage_index_templates";

/// Runs the command.
///
/// # Errors
/// When the server can't be used, or was set up by a newer program.
pub(crate) fn setup(client: &Client, replicas: u32) -> anyhow::Result<Exit> {
    let wanted = templates(IndexSettings { replicas });
    // All are looked at before the first is changed.
    let found: Vec<Found> = wanted.iter().map(|template| find(client, template)).collect::<anyhow::Result<_>>()?;
    let server = client.server();
    if let Some(newest) = found.iter().map(Found::schema).max().filter(|schema| *schema > SCHEMA_VERSION) {
        bail!(
            "{server} was set up by a newer sniffit, for version {newest} of the output schema; this one, {}, writes \
             version {SCHEMA_VERSION}: use a sniffit that writes version {newest}. Nothing was changed",
            env!("CARGO_PKG_VERSION")
        );
    }
    for (template, _) in wanted.iter().zip(&found).filter(|(_, found)| **found != Found::Same) {
        put(client, template).with_context(|| {
            format!("the template {} could not be put; run `sniffit es setup` again when it can", template.name)
        })?;
    }
    let width = wanted.iter().map(|template| template.name.len()).max().unwrap_or(0);
    let mut text = format!("Elasticsearch {server}\n");
    for (template, found) in wanted.iter().zip(&found) {
        text.push_str(&format!("  {:<width$}  {found}\n", template.name));
    }
    if found.iter().any(|found| matches!(found, Found::Other { .. })) {
        text.push_str("Indices that are there already keep what they were made with.\n");
    }
    text.push_str(&format!(
        "The templates are in place: version {SCHEMA_VERSION} of the output schema, {}. Next:\n  \
         sniffit analyze CAPTURE --elasticsearch {server}\n",
        counted(u64::from(replicas), "replica")
    ));
    print(&text)?;
    Ok(Exit::Complete)
}

/// What is on the server under a template's name.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    Same,
    Other { schema: u64, changes: Vec<String> },
}

impl Found {
    fn compare(there: &TemplateContent, wanted: &TemplateContent) -> Self {
        if there == wanted {
            return Self::Same;
        }
        let mut changes = Vec::new();
        if there.schema() != wanted.schema() {
            changes.push(format!("schema {} → {}", there.schema(), wanted.schema()));
        }
        if let (Some(before), Some(after)) = (there.replicas(), wanted.replicas())
            && before != after
        {
            changes.push(format!("replicas {} → {after}", crate::error::printable(before)));
        }
        Self::Other { schema: there.schema(), changes }
    }

    const fn schema(&self) -> u64 {
        match self {
            Self::Nothing | Self::Same => 0,
            Self::Other { schema, .. } => *schema,
        }
    }
}

/// What was done about it.
impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("created"),
            Self::Same => f.write_str("unchanged"),
            Self::Other { changes, .. } if changes.is_empty() => f.write_str("updated"),
            Self::Other { changes, .. } => write!(f, "updated: {}", changes.join(", ")),
        }
    }
}

fn find(client: &Client, template: &Template) -> anyhow::Result<Found> {
    let path = template.path();
    let question = Question { method: Method::GET, path: &path, body: None, rights: RIGHTS };
    let Some(answer) = question.ask_if_there(client)? else { return Ok(Found::Nothing) };
    let pointer = if template.is_component {
        "/component_templates/0/component_template"
    } else {
        "/index_templates/0/index_template"
    };
    let Some(body) = answer.pointer(pointer) else {
        bail!("{} answers GET {path} with something else than a template: is it Elasticsearch?", client.server());
    };
    Ok(Found::compare(&TemplateContent::of(body), &TemplateContent::of(&template.body)))
}

fn put(client: &Client, template: &Template) -> anyhow::Result<()> {
    let path = template.path();
    let question = Question { method: Method::PUT, path: &path, body: Some(&template.body), rights: RIGHTS };
    let answer = question.ask(client)?;
    if answer["acknowledged"] != true {
        bail!("{} did not acknowledge PUT {path}: {answer}", client.server());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn what_differs_is_told() {
        let body = |schema: Value, replicas: Value, codec: &str| {
            TemplateContent::of(&json!({
                "_meta": { "schema": schema },
                "template": { "settings": { "index": { "number_of_replicas": replicas, "codec": codec } } },
            }))
        };
        let wanted = body(json!(1), json!(0), "best_compression");
        for (there, schema, expected) in [
            (body(json!(1), json!("0"), "best_compression"), 0, "unchanged"),
            (body(json!(1), json!("0"), "default"), 1, "updated"),
            (body(json!(1), json!("1"), "best_compression"), 1, "updated: replicas 1 → 0"),
            (body(Value::Null, json!("2"), "default"), 0, "updated: schema 0 → 1, replicas 2 → 0"),
            (body(json!(7), json!("0"), "default"), 7, "updated: schema 7 → 1"),
        ] {
            let found = Found::compare(&there, &wanted);
            assert_eq!((found.schema(), found.to_string().as_str()), (schema, expected));
        }
        assert_eq!(Found::Nothing.to_string(), "created");
    }
}
