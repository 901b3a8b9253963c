//! The headers of every answer.
//!
//! In: the configuration of the deployed web server. Out: its headers, with one policy that is wider. Guaranteed: a header that is
//! added there is sent here as well.

const DEPLOYED: &str = include_str!("../../../deploy/nginx/headers.conf");

/// The deployed page speaks to its own server alone. Here it may speak to any Elasticsearch that its user names, because
/// there is no way to one through this server.
const NARROW: &str = "connect-src 'self';";
const WIDE: &str = "connect-src 'self' http: https:;";

/// Names and values.
pub(super) fn all() -> impl Iterator<Item = (&'static str, String)> {
    DEPLOYED.lines().filter_map(|line| {
        let (name, value) = line.strip_prefix("add_header ")?.trim_end_matches(';').split_once(' ')?;
        let value = value.trim_end_matches(" always").trim_matches('"');
        Some((name, value.replace(NARROW, WIDE)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_of_the_deployed_server_is_sent() {
        let headers: Vec<_> = all().collect();
        assert_eq!(headers.len(), DEPLOYED.matches("add_header ").count());
        let value = |wanted: &str| headers.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str());
        assert_eq!(value("X-Content-Type-Options"), Some("nosniff"));
        let policy = value("Content-Security-Policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
        assert!(
            policy.contains("connect-src 'self' http: https:; ") && policy.ends_with("form-action 'none'"),
            "{policy}"
        );
    }
}
