//! The address of a server.
//!
//! In: a URL of the command line. Out: the same without a slash at its end. Guaranteed: it holds no secret, so that it
//! may be shown.

use std::fmt;
use std::str::FromStr;
use ureq::http::Uri;

/// `http://HOST:PORT/PREFIX` or the same with https.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerUrl(String);

impl ServerUrl {
    /// The address of something on the server, whose path begins with a slash.
    pub(crate) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    pub(crate) fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// Whether the server is this machine, so that nothing is gained by compressing and nobody can listen.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.0.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ServerUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.to_ascii_lowercase();
        if !lower.starts_with("http://") && !lower.starts_with("https://") {
            return Err("a URL such as http://127.0.0.1:9200 or https://elastic.example.org is expected");
        }
        let uri: Uri = text.parse().map_err(|_| "this is no valid URL")?;
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err("a URL must not hold a password, because other users can read command lines: \
                        use --user with --password-file, or --api-key-file");
        }
        if uri.query().is_some() || text.contains('#') {
            return Err("the URL of a server has no query and no fragment");
        }
        let scheme_end = lower.find("://").map_or(0, |at| at + 3);
        let rest = text[scheme_end..].trim_end_matches('/');
        Ok(Self(format!("{}{rest}", &lower[..scheme_end])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, expected, loopback) in [
            ("http://127.0.0.1:9200", "http://127.0.0.1:9200", true),
            ("HTTP://localhost:9200/", "http://localhost:9200", true),
            ("http://[::1]:9200", "http://[::1]:9200", true),
            ("https://Example.org/es//", "https://Example.org/es", false),
            ("http://127.0.0.1.example.org", "http://127.0.0.1.example.org", false),
        ] {
            let url: ServerUrl = text.parse().unwrap();
            assert_eq!((url.to_string().as_str(), url.is_loopback()), (expected, loopback), "{text}");
        }
        for (text, reason) in [
            ("localhost:9200", "is expected"),
            ("ftp://x", "is expected"),
            ("http://", "no valid URL"),
            ("http://a:b@x:9200", "must not hold a password"),
            ("http://x:9200/?pretty", "no query"),
            ("http://x:9200/#a", "no fragment"),
        ] {
            let error = text.parse::<ServerUrl>().unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
