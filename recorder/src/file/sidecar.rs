//! What stands beside a capture file: how it was made and what was lost.
//!
//! In: the facts. Out: JSON. Guaranteed: it names no address but those in the filter, and no key.

use super::Format;
use crate::accounting::Account;
use serde::Serialize;

/// Why a file ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EndReason {
    /// Another one follows.
    Rotated,
    /// SIGINT or SIGTERM.
    Stopped,
    /// `--time`
    Time,
    /// `--count`
    Count,
    /// `--min-free`
    MinFree,
    DiskFull,
    WriteError,
    InterfaceGone,
}

/// How addresses were replaced.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Anonymized {
    /// Tells keys apart without revealing them.
    pub(crate) key_id: String,
}

/// The facts of one file. Times are RFC 3339 in UTC with nanoseconds.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Sidecar {
    pub(crate) recorder: &'static str,
    pub(crate) file: String,
    pub(crate) interface: String,
    /// Number of <https://www.tcpdump.org/linktypes.html>.
    pub(crate) link_type: u16,
    pub(crate) format: Format,
    pub(crate) keep: &'static str,
    /// The same in a sentence.
    pub(crate) kept: &'static str,
    pub(crate) filter: String,
    pub(crate) ring_bytes: u64,
    pub(crate) snaplen_bytes: u32,
    pub(crate) anonymized: Option<Anonymized>,
    pub(crate) opened: String,
    pub(crate) first_packet: Option<String>,
    pub(crate) last_packet: Option<String>,
    pub(crate) closed: String,
    pub(crate) end_reason: EndReason,
    /// In this file.
    pub(crate) packets: u64,
    /// Of the capture, before compression.
    pub(crate) bytes: u64,
    /// `zstd`, or `null` where there is none.
    pub(crate) compression: Option<&'static str>,
    /// Of the compressed file.
    pub(crate) compressed_bytes: Option<u64>,
    /// Of the interface since the recording began, until this file was closed.
    pub(crate) accounting: Account,
    /// TCP connections that were forgotten, because there were too many at once.
    pub(crate) forgotten_streams: u64,
}

impl Sidecar {
    /// The same facts of the compressed file.
    pub(crate) fn pack(&mut self, file: String, compressed_bytes: u64) {
        self.file = file;
        self.compression = Some("zstd");
        self.compressed_bytes = Some(compressed_bytes);
    }

    pub(crate) fn to_json(&self) -> String {
        // Strings and numbers can always be written.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

#[cfg(test)]
impl Sidecar {
    /// Of a file with this name.
    pub(crate) fn sample(file: String) -> Self {
        Self {
            recorder: "sniffit-recorder",
            file,
            interface: "wg0".to_owned(),
            link_type: 101,
            format: Format::Pcap,
            keep: "full",
            kept: "all",
            filter: String::new(),
            ring_bytes: 0,
            snaplen_bytes: 0,
            anonymized: None,
            opened: String::new(),
            first_packet: None,
            last_packet: None,
            closed: String::new(),
            end_reason: EndReason::Rotated,
            packets: 7,
            bytes: 0,
            compression: None,
            compressed_bytes: None,
            accounting: Account::default(),
            forgotten_streams: 0,
        }
    }
}
