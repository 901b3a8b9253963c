//! What can be known before hours of analysis: whether the server is there, lets us in, and knows our fields.
//!
//! In: a connection. Out: nothing, or what to do first. Guaranteed: only what certainly fails is refused; a server that is
//! busy, and one that does not let a write-only key look, get the benefit of the doubt.

use super::client::Client;
use analyzer_core::record::SCHEMA_VERSION;
use anyhow::bail;
use serde_json::Value;
use ureq::http::Method;

/// Asks the server for the template of objects.
///
/// # Errors
/// When nothing could be sent, and what to do about it.
pub(crate) fn preflight(client: &Client) -> anyhow::Result<()> {
    let (status, answer) = match client.json(&Method::GET, "/_index_template/sniffit-objects", None) {
        Ok(answer) => answer,
        Err(error) => return Err(error.context(Unavailable)),
    };
    judge(status, &answer, &client.server().to_string())
}

/// The server was not there before anything was begun.
#[derive(Debug, thiserror::Error)]
#[error("nothing was begun")]
pub(crate) struct Unavailable;

fn judge(status: u16, answer: &Value, server: &str) -> anyhow::Result<()> {
    // A proxy answers 404 too, but not like this.
    let is_missing = answer.pointer("/error/type").and_then(Value::as_str) == Some("resource_not_found_exception");
    match status {
        401 => {
            bail!("{server} does not let us in (HTTP 401): give a valid --api-key-file, or --user and --password-file")
        }
        404 if is_missing => {
            bail!("{server} does not know the fields yet: run `sniffit es setup --elasticsearch {server}` once")
        }
        200 => {
            let schema = answer.pointer("/index_templates/0/index_template/_meta/schema").and_then(Value::as_u64);
            match schema {
                Some(SCHEMA_VERSION) => Ok(()),
                Some(newer) if newer > SCHEMA_VERSION => bail!(
                    "{server} is set up for version {newer} of the output schema, and this program writes \
                     {SCHEMA_VERSION}: use a newer sniffit"
                ),
                _ => bail!("{server} is set up for an older sniffit: run `sniffit es setup --elasticsearch {server}`"),
            }
        }
        300..=399 => bail!("{server} redirects (HTTP {status}): give the address that it leads to"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_certainly_fails_is_refused() {
        let template = |schema: Value| json!({ "index_templates": [{ "index_template": { "_meta": schema } }] });
        let missing = json!({ "error": { "type": "resource_not_found_exception" }, "status": 404 });
        for (status, answer, expected) in [
            (200, template(json!({ "schema": SCHEMA_VERSION })), ""),
            (200, template(json!({ "schema": SCHEMA_VERSION + 1 })), "use a newer sniffit"),
            (200, template(json!({ "schema": 0 })), "older sniffit"),
            (200, json!({}), "older sniffit"),
            (404, missing, "run `sniffit es setup --elasticsearch http://x` once"),
            (404, Value::Null, ""),
            (401, Value::Null, "--api-key-file"),
            (403, Value::Null, ""),
            (429, Value::Null, ""),
            (503, Value::Null, ""),
            (302, Value::Null, "redirects"),
        ] {
            let error = judge(status, &answer, "http://x").err().map(|error| error.to_string()).unwrap_or_default();
            assert_eq!(error.is_empty(), expected.is_empty(), "{status}: {error}");
            assert!(error.contains(expected), "{status}: {error}");
        }
    }
}
