//! What all files of an interface have in common.
//!
//! In: choices of the command line. Out: the same, for the tape. Guaranteed: no state.

use crate::file::Format;
use crate::quantity::Reserve;
use analyzer_core::capture::LinkType;
use analyzer_core::keep::Keep;
use std::time::Duration;

/// When files end, and which are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rotation {
    pub(crate) bytes: Option<u64>,
    pub(crate) time: Option<Duration>,
    pub(crate) packets: Option<u64>,
    pub(crate) most_files: Option<u64>,
    pub(crate) most_bytes: Option<u64>,
    pub(crate) reserve: Reserve,
}

/// What all files of an interface have in common.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) interface: String,
    pub(crate) link_type: LinkType,
    pub(crate) format: Format,
    pub(crate) keep: Keep,
    /// The same in a sentence.
    pub(crate) kept: &'static str,
    pub(crate) filter: String,
    pub(crate) ring_bytes: u64,
    pub(crate) snaplen_bytes: u32,
    pub(crate) key_id: Option<String>,
}
