//! What is kept of a UDP datagram.
//!
//! In: the datagram's ports and payload. Out: the bytes that name its server or tell that it is QUIC. Guaranteed: the
//! analysis takes what is kept for QUIC exactly where it would take the whole.

use super::payload::KeptPayload;
use crate::decode::Segment;
use crate::object::quic::{has_long_header, is_initial, long_header_bytes, looks_like_quic};

/// Keeps what there is to keep; `keeps_dns` all of port 53.
pub(super) fn keep(segment: &Segment<'_>, keeps_dns: bool, payload: &mut KeptPayload<'_, '_>) {
    let captured = payload.captured();
    let Some(first) = captured.first() else { return };
    let ports = [segment.source_port, segment.destination_port];
    if keeps_dns && super::is_dns(segment) || !segment.later_fragment && is_initial(captured) {
        payload.keep_all();
    } else if has_long_header(captured) {
        long_header_bytes(*first).into_iter().for_each(|range| payload.keep(range));
    } else if looks_like_quic(ports, &[]) && !looks_like_quic(ports, captured) {
        // A zero has neither header's form, where no byte at all would be taken for QUIC.
        payload.reach(0..1);
    }
}
