//! Host names to the domains that somebody registered.
//!
//! In: a host name. Out: the part of it that was registered, by the Public Suffix List (<https://publicsuffix.org>), private suffixes such as
//! `github.io` included. Guaranteed: the answer depends on the list that is built in alone, natively and in WebAssembly.
//!
//! The list is text that is parsed when the first name is looked up: 45 kB of the page's download, where the same list as code
//! of the crate `psl` takes 260 kB.

use publicsuffix::{List, Psl as _};
use std::sync::LazyLock;

const RULES: &str = include_str!("public_suffix_list.dat");

/// The registered domain of a name that [`host_name`](super::text::host_name) made; none of a public suffix, and of a name that
/// is no plain host name.
#[must_use]
pub(super) fn registrable_domain(host: &str) -> Option<&str> {
    static LIST: LazyLock<List> = LazyLock::new(|| RULES.parse().unwrap_or_default());
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    if !host.bytes().all(is_plain) || host.split('.').any(str::is_empty) {
        return None;
    }
    let suffix_bytes = LIST.suffix(host.as_bytes())?.as_bytes().len();
    let before = host.len().checked_sub(suffix_bytes + 1)?;
    let label = host[..before].rfind('.').map_or(0, |dot| dot + 1);
    Some(&host[label..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_by_the_list() {
        for (host, expected) in [
            ("www.example.com", Some("example.com")),
            ("example.com", Some("example.com")),
            ("a.b.example.co.uk", Some("example.co.uk")),
            ("co.uk", None),
            ("com", None),
            ("me.github.io", Some("me.github.io")),
            ("a.me.github.io", Some("me.github.io")),
            ("rr4---sn-25glenes.googlevideo.com", Some("googlevideo.com")),
            // A wildcard, and an exception from it.
            ("a.b.c.ck", Some("b.c.ck")),
            ("a.www.ck", Some("www.ck")),
            // A suffix in its ASCII form.
            ("a.b.xn--55qx5d.cn", Some("b.xn--55qx5d.cn")),
            // Unknown suffixes are one label.
            ("video.example", Some("video.example")),
            ("a.video.example", Some("video.example")),
            ("localhost", None),
            ("", None),
            (".", None),
            ("a..com", None),
            ("server4:443", None),
            ("\\x3cb\\x3e.com", None),
        ] {
            assert_eq!(registrable_domain(host), expected, "{host}");
        }
    }

    #[test]
    fn the_list_has_no_mistake() {
        let list: List = RULES.parse().expect("a list");
        assert!(!list.is_empty() && RULES.lines().count() > 10_000 && RULES.is_ascii());
    }
}
