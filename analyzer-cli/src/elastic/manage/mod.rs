//! `sniffit es setup`, `list`, `drop` and `annotate`.

use super::client::Client;
use crate::cli::Label;
use crate::error::Exit;
use analyzer_core::time::Timestamp;
use std::path::Path;

pub(super) fn setup(_client: &Client, _replicas: u32) -> anyhow::Result<Exit> {
    anyhow::bail!("under way")
}
pub(super) fn list(_client: &Client, _json: bool) -> anyhow::Result<Exit> {
    anyhow::bail!("under way")
}
pub(super) fn drop(_client: &Client, _analysis: &str, _yes: bool) -> anyhow::Result<Exit> {
    anyhow::bail!("under way")
}
pub(super) fn annotate(
    _client: &Client,
    _message: Option<String>,
    _at: Option<Timestamp>,
    _labels: &[Label],
    _file: Option<&Path>,
) -> anyhow::Result<Exit> {
    anyhow::bail!("under way")
}
