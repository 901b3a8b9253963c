//! The file that is being written.
//!
//! In: what was written and when. Out: the facts for its sidecar. Guaranteed: it writes nothing itself.

use super::Label;
use crate::accounting::Account;
use crate::file::{Anonymized, CaptureFile, EndReason, Sidecar};
use analyzer_core::time::Timestamp;
use std::time::Instant;

/// The file that is being written.
pub(super) struct Open {
    pub(super) file: CaptureFile,
    pub(super) opened: Timestamp,
    pub(super) opened_at: Instant,
    /// Written or waiting.
    pub(super) packets: u64,
    pub(super) written_packets: u64,
    pub(super) times: Option<(Timestamp, Timestamp)>,
}

impl Open {
    /// What stands beside it when it is complete.
    pub(super) fn sidecar(
        &self,
        label: &Label,
        closed: Timestamp,
        end_reason: EndReason,
        account: &Account,
        forgotten_streams: u64,
    ) -> Sidecar {
        let path = self.file.path();
        Sidecar {
            recorder: concat!("sniffit-recorder ", env!("CARGO_PKG_VERSION")),
            file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            interface: label.interface.clone(),
            link_type: label.link_type.0,
            format: label.format,
            keep: label.keep.as_str(),
            kept: label.kept,
            filter: label.filter.clone(),
            ring_bytes: label.ring_bytes,
            snaplen_bytes: label.snaplen_bytes,
            anonymized: label.key_id.clone().map(|key_id| Anonymized { key_id }),
            opened: self.opened.to_string(),
            first_packet: self.times.map(|(first, _)| first.to_string()),
            last_packet: self.times.map(|(_, last)| last.to_string()),
            closed: closed.to_string(),
            end_reason,
            packets: self.written_packets,
            bytes: self.file.bytes(),
            compression: None,
            compressed_bytes: None,
            accounting: *account,
            forgotten_streams,
        }
    }
}
