//! Is this UDP payload QUIC?
//!
//! In: the captured beginning of a datagram's payload, and its ports. Out: whether it has a QUIC long header (RFC 8999
//! §5.1) of a version in use, and which bytes tell. Guaranteed: reads at most 13 bytes and decrypts nothing.

/// UDP on this port is taken for QUIC when its beginning was not captured.
const QUIC_PORT: u16 = 443;

/// Whether a datagram between these ports is taken for QUIC.
#[must_use]
pub(crate) fn looks_like_quic(ports: [u16; 2], payload: &[u8]) -> bool {
    // A short header (RFC 9000 §17.3) has the fixed bit; without captured payload the port has to do.
    let may_be_short = payload.first().is_none_or(|first| first & 0xc0 == 0x40);
    has_long_header(payload) || ports.contains(&QUIC_PORT) && may_be_short
}

/// Whether a datagram begins with a QUIC long header.
#[must_use]
pub(crate) fn has_long_header(payload: &[u8]) -> bool {
    let Some([first, version @ ..]) = payload.first_chunk::<5>() else { return false };
    // Google's QUIC up to version 43 has a header of its own: public flags, a connection id, then the version.
    if first & 0x80 == 0 {
        return first & 0x09 == 0x09 && payload.get(9..13).is_some_and(is_google_version);
    }
    match u32::from_be_bytes(*version) {
        // Version negotiation; versions 1 (RFC 9000) and 2 (RFC 9369).
        0 | 1 | 0x6b33_43cf => true,
        // IETF drafts, and versions reserved to exercise negotiation (RFC 9000 §15).
        number => {
            number & 0xffff_ff00 == 0xff00_0000 || number & 0x0f0f_0f0f == 0x0a0a_0a0a || is_google_version(version)
        }
    }
}

/// `Q046`, `T051` …
fn is_google_version(version: &[u8]) -> bool {
    matches!(version, [b'Q' | b'T', b'0', digits @ ..] if digits.iter().all(u8::is_ascii_digit))
}

/// Whether a datagram begins with an Initial packet of version 1 (RFC 9000 §17.2.2), its late drafts, or 2 (RFC 9369 §3.2): the packet that
/// carries the ClientHello under keys that anybody can derive. Stricter than [`has_long_header`]: the fixed bit is set, and
/// the connection id is no longer than the versions allow.
#[must_use]
pub(crate) fn is_initial(payload: &[u8]) -> bool {
    const MAX_CONNECTION_ID_BYTES: u8 = 20;
    let Some([first, version @ .., id_bytes]) = payload.first_chunk::<6>() else { return false };
    let initial_type = match u32::from_be_bytes(*version) {
        // The drafts whose keys can be derived as well.
        1 | 0xff00_0017..=0xff00_0022 => 0,
        0x6b33_43cf => 1,
        _ => return false,
    };
    first & 0xc0 == 0xc0 && first >> 4 & 0x03 == initial_type && *id_bytes <= MAX_CONNECTION_ID_BYTES
}

/// Where the bytes stand by which [`has_long_header`] knows a datagram.
#[must_use]
pub(crate) const fn long_header_bytes(first: u8) -> [std::ops::Range<usize>; 2] {
    if first & 0x80 == 0 { [0..1, 9..13] } else { [0..5, 0..0] }
}
