//! Generic routing encapsulation.
//!
//! In: the bytes from a GRE header on. Out: the IP packet that the tunnel carries, directly or inside PPP, Ethernet or
//! MPLS. Guaranteed: PPTP's own payload length is respected.

use super::link::{self, Header, Network};
use super::skip::{Layer, Reason, Skip};
use super::span::Span;

const GRE: u32 = 47;

/// Strips GRE version 0 (RFC 2784, RFC 2890) or 1 (PPTP, RFC 2637 §4.1).
pub(super) fn strip(bytes: Span<'_>) -> Result<Network<'_>, Skip> {
    let [flags, flags_and_version, protocol @ ..] = *bytes.header::<4>(Layer::Network)?;
    let has_checksum = flags & 0x80 != 0;
    let has_routing = flags & 0x40 != 0;
    let has_key = flags & 0x20 != 0;
    let has_sequence = flags & 0x10 != 0;
    let has_acknowledgment = flags_and_version & 0x80 != 0;
    let bytes = match flags_and_version & 0x07 {
        0 if !has_routing => {
            let optional_fields = [has_checksum, has_key, has_sequence].into_iter().filter(|present| *present).count();
            bytes.after(4 + 4 * optional_fields, Layer::Network)?
        }
        // Without a sequence number there is no payload, only an acknowledgment.
        1 if has_sequence => {
            let header = bytes.header::<8>(Layer::Network)?;
            let payload_bytes = u16::from_be_bytes([header[4], header[5]]);
            let header_bytes = if has_acknowledgment { 16 } else { 12 };
            bytes.after(header_bytes, Layer::Network)?.limited_to(payload_bytes.into())
        }
        _ => return Err(Skip::new(Layer::Network, Reason::OtherProtocol, GRE)),
    };
    // What is in the tunnel is not the link that the capture was made on.
    link::walk(Header::EtherType(u16::from_be_bytes(protocol)), bytes)
        .map_err(|skip| Skip { layer: Layer::Network, ..skip })
}
