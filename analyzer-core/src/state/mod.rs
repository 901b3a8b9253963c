//! The state of a recording between two of its files, as bytes.
//!
//! In: all that an analysis holds, and its options. Out: bytes; and back. Guaranteed: equal states give equal bytes, on
//! every machine and whatever the seeds of hash maps; bytes that were changed, belong to another version or to other
//! options are refused with the reason; no bytes make it panic or allocate beyond their own length's order.
//!
//! The form: a magic text, the version of the form (16 bits) and of the output schema (64 bits), the options as text and
//! the content in postcard's format (varints, no names of fields), and XXH3-64 over all of it. Numbers outside of
//! postcard are little-endian. The content's types derive their form where they are defined, so that it changes with any
//! of them: [`VERSION`] is raised then, and `tests/it/state/form.rs` notices when it was not.

mod error;
mod options;
pub(crate) mod serial;

pub use error::StateError;
pub use options::DifferentOption;

use crate::config::Config;
use crate::record::SCHEMA_VERSION;
use serde::Serialize;
use serde::de::DeserializeOwned;
use twox_hash::XxHash3_64;

/// Version of the form, to be raised whenever anything that is serialised changes.
pub const VERSION: u16 = 1;

/// What every state begins with.
pub const MAGIC: &[u8] = b"sniffit-state";
const VERSION_BYTES: usize = 2;
const SCHEMA_BYTES: usize = 8;
const CHECKSUM_BYTES: usize = 8;

/// A content with the options that it was made with.
pub(crate) fn seal(config: &Config, content: &impl Serialize) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend(SCHEMA_VERSION.to_le_bytes());
    // Growing a vector can't fail, and every length in a state is known.
    let mut bytes = postcard::to_extend(&(config.describe(), content), bytes).unwrap_or_default();
    bytes.extend(XxHash3_64::oneshot(&bytes).to_le_bytes());
    bytes
}

/// The content of a state that was made with the same options.
///
/// # Errors
/// What does not fit, the first in the order of the form.
pub(crate) fn open<T: DeserializeOwned>(config: &Config, state: &[u8]) -> Result<T, StateError> {
    let rest = state.strip_prefix(MAGIC).ok_or(StateError::NotState)?;
    let (version, rest) = rest.split_first_chunk::<VERSION_BYTES>().ok_or(StateError::Damaged)?;
    let (schema, _) = rest.split_first_chunk::<SCHEMA_BYTES>().ok_or(StateError::Damaged)?;
    let (version, schema) = (u16::from_le_bytes(*version), u64::from_le_bytes(*schema));
    let (sealed, checksum) = state.split_last_chunk::<CHECKSUM_BYTES>().ok_or(StateError::Damaged)?;
    let is_whole = XxHash3_64::oneshot(sealed) == u64::from_le_bytes(*checksum);
    if version != VERSION {
        // Where its checksum stands, if it has one, is not known.
        return Err(other_version(version, None));
    }
    let content = sealed.get(MAGIC.len() + VERSION_BYTES + SCHEMA_BYTES..).filter(|_| is_whole);
    let content = content.ok_or(StateError::Damaged)?;
    if schema != SCHEMA_VERSION {
        return Err(other_version(version, Some(schema)));
    }
    let (options, content) =
        postcard::take_from_bytes::<Vec<(String, String)>>(content).map_err(|_| StateError::Damaged)?;
    let different = options::differences(&options, &config.describe());
    if !different.is_empty() {
        return Err(StateError::OtherOptions(different));
    }
    let (content, rest) = postcard::take_from_bytes(content).map_err(|_| StateError::Damaged)?;
    if rest.is_empty() { Ok(content) } else { Err(StateError::Damaged) }
}

fn other_version(version: u16, schema: Option<u64>) -> StateError {
    let schema = schema.unwrap_or(SCHEMA_VERSION);
    StateError::Version { found: format!("{version}.{schema}"), known: format!("{VERSION}.{SCHEMA_VERSION}") }
}

#[cfg(test)]
mod tests;
