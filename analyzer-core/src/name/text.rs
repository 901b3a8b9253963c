//! Host names as text.
//!
//! In: a name as streams and answers tell it: any bytes. Out: printable ASCII, or nothing where it is no name. Guaranteed: the same name in
//! any case is the same text; nothing in it is markup, a separator of lists, or a control character, since names are
//! chosen by whoever sends them.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv6Addr};

/// Longest name and label (RFC 1035 §2.3.4), without the final dot.
const MOST_NAME_BYTES: usize = 253;
const MOST_LABEL_BYTES: usize = 63;

/// The text of a name: ASCII letters in lower case, no dot at the end. Bytes other than letters, digits, `-`, `_`, `.` and `:` are
/// written `\xNN`. None for what is empty, too long, or an address, which is no name.
#[must_use]
pub fn host_name(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_suffix(b".").unwrap_or(bytes);
    let is_long = |label: &[u8]| label.len() > MOST_LABEL_BYTES;
    if bytes.is_empty() || bytes.len() > MOST_NAME_BYTES || bytes.split(|byte| *byte == b'.').any(is_long) {
        return None;
    }
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b':' => text.push(char::from(*byte)),
            b'A'..=b'Z' => text.push(char::from(byte.to_ascii_lowercase())),
            // Writing to a String can't fail.
            _ => drop(write!(text, "\\x{byte:02x}")),
        }
    }
    (!is_address(&text)).then_some(text)
}

/// The host of `host` or `host:port`, as requests over HTTP and URLs have it.
pub(super) fn without_port(authority: &[u8]) -> &[u8] {
    if authority.first() == Some(&b'[') {
        // An IPv6 address; what follows it is the port.
        let end = authority.iter().position(|byte| *byte == b']').map_or(authority.len(), |at| at + 1);
        return &authority[..end];
    }
    match authority.iter().rposition(|byte| *byte == b':') {
        Some(colon) if authority[colon + 1..].iter().all(u8::is_ascii_digit) => &authority[..colon],
        _ => authority,
    }
}

fn is_address(text: &str) -> bool {
    let bare = text.strip_prefix("\\x5b").and_then(|rest| rest.strip_suffix("\\x5d")).unwrap_or(text);
    bare.parse::<IpAddr>().is_ok() || bare.parse::<Ipv6Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_printable_and_lower_case() {
        for (bytes, expected) in [
            (&b"www.Example.org"[..], Some("www.example.org")),
            (b"example.org.", Some("example.org")),
            (b"a_b-c.test", Some("a_b-c.test")),
            (b"server4:443", Some("server4:443")),
            (b"<b>&\"'.test", Some("\\x3cb\\x3e\\x26\\x22\\x27.test")),
            (b"a,b\\=\r\n", Some("a\\x2cb\\x5c\\x3d\\x0d\\x0a")),
            ("münchen.test".as_bytes(), Some("m\\xc3\\xbcnchen.test")),
            (b"\xff\x00", Some("\\xff\\x00")),
            (b"192.0.2.1", None),
            (b"2001:db8::1", None),
            (b"[2001:db8::1]", None),
            (b"", None),
            (b".", None),
        ] {
            assert_eq!(host_name(bytes).as_deref(), expected, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_too_long_is_no_name() {
        let label = |bytes: usize| "a".repeat(bytes);
        for (name, is_name) in [
            (label(63), true),
            (label(64), false),
            ([label(63), label(63), label(63), label(61)].join("."), true),
            ([label(63), label(63), label(63), label(62)].join("."), false),
        ] {
            assert_eq!(host_name(name.as_bytes()).is_some(), is_name, "{} bytes", name.len());
        }
    }

    #[test]
    fn ports_are_left_out() {
        for (authority, host) in [
            ("a.test", "a.test"),
            ("a.test:8080", "a.test"),
            ("a.test:", "a.test"),
            ("a.test:x", "a.test:x"),
            ("[2001:db8::1]:443", "[2001:db8::1]"),
            ("[2001:db8::1", "[2001:db8::1"),
            ("", ""),
        ] {
            assert_eq!(without_port(authority.as_bytes()), host.as_bytes());
        }
    }
}
