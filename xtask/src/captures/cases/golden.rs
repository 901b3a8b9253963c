//! Richer captures whose whole output is kept as a snapshot: one for each kind of traffic, drawn from a seed.
//!
//! They are seen where the recorder of a VPN sees them: raw IP, client's addresses private, a part of the round trip
//! on each side of it. Payload is zeros except where the analyzer reads it (record headers, names, packet headers).

mod call;
mod conversation;
mod push;
mod quic;
mod random;
mod tls;
mod web;

use crate::captures::case::Case;

pub(super) fn cases() -> Vec<Case> {
    vec![web::case(), quic::case(), call::case(), push::case()]
}
