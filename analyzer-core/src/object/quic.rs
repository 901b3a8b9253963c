//! Is this UDP payload QUIC?
//!
//! In: the captured beginning of a datagram's payload. Out: whether it has a QUIC long header (RFC 8999 §5.1) of a
//! version in use. Guaranteed: reads at most 14 bytes and decrypts nothing.

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
