//! The six variables that describe the outer interface of a VPN's server.
//!
//! In: a file of the form `.env`, and the process' environment, which goes before it. Out: lists of addresses. Guaranteed: every
//! value is an address or a network; the environment is not changed.

use crate::filter::{Network, NetworkError};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Read when it is there and no other file was named.
const DEFAULT_FILE: &str = ".env";

const VARIABLES: [&str; 6] = ["IP_VPN", "IPV6_VPN", "IP_CLIENT", "IPV6_CLIENT", "IP_SSH", "IPV6_SSH"];

/// Whose packets are recorded outside of the tunnel, and whose are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Outside {
    /// `IP_VPN`, `IPV6_VPN`: only packets from or to these.
    pub(crate) vpn: Vec<Network>,
    /// `IP_CLIENT`, `IPV6_CLIENT`: the phones' own addresses, whose packets are the tunnel's.
    pub(crate) client: Vec<Network>,
    /// `IP_SSH`, `IPV6_SSH`: where the server is administered from.
    pub(crate) ssh: Vec<Network>,
}

/// Variables that can't be read.
#[derive(Debug, Error)]
pub(crate) enum EnvironmentError {
    #[error("{} can't be read: {reason}", path.display())]
    File { path: PathBuf, reason: dotenvy::Error },
    #[error("{variable}={value}: {reason}")]
    Value { variable: &'static str, value: String, reason: NetworkError },
    #[error("{}: {name} is not one of {}: is it misspelled?", path.display(), VARIABLES.join(", "))]
    Unknown { path: PathBuf, name: String },
    #[error("{variable}={value} is {found}, and {variable} takes {wanted} addresses")]
    Version { variable: &'static str, value: String, found: &'static str, wanted: &'static str },
}

impl Outside {
    /// What the process' environment and the file say.
    pub(crate) fn read(file: Option<&Path>) -> Result<Self, EnvironmentError> {
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        let in_file = if file.is_some() || path.exists() {
            let error = |reason| EnvironmentError::File { path: path.to_owned(), reason };
            dotenvy::from_path_iter(path).map_err(error)?.collect::<Result<Vec<_>, _>>().map_err(error)?
        } else {
            Vec::new()
        };
        if let Some(name) = in_file.iter().map(|(name, _)| name).find(|name| is_misspelled(name)) {
            return Err(EnvironmentError::Unknown { path: path.to_owned(), name: name.clone() });
        }
        Self::of(|name| {
            std::env::var(name)
                .ok()
                .or_else(|| in_file.iter().rev().find(|(variable, _)| variable == name).map(|(_, value)| value.clone()))
        })
    }

    /// Of a way to look a variable up.
    fn of(value: impl Fn(&str) -> Option<String>) -> Result<Self, EnvironmentError> {
        let list = |variable: &'static str, is_v6: bool| {
            let text = value(variable).unwrap_or_default();
            let words = text.split([',', ' ', ';', '\t']).filter(|word| !word.is_empty());
            words
                .map(|word| {
                    let value = || word.to_owned();
                    let network: Network =
                        word.parse().map_err(|reason| EnvironmentError::Value { variable, value: value(), reason })?;
                    if network.is_v6() == is_v6 {
                        Ok(network)
                    } else {
                        let [wanted, found] = if is_v6 { ["IPv6", "IPv4"] } else { ["IPv4", "IPv6"] };
                        Err(EnvironmentError::Version { variable, value: value(), found, wanted })
                    }
                })
                .collect::<Result<Vec<_>, _>>()
        };
        let both = |v4, v6| Ok([list(v4, false)?, list(v6, true)?].concat());
        Ok(Self {
            vpn: both("IP_VPN", "IPV6_VPN")?,
            client: both("IP_CLIENT", "IPV6_CLIENT")?,
            ssh: both("IP_SSH", "IPV6_SSH")?,
        })
    }

    /// Whether no variable is set.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A name like ours that is none would leave out nothing, and more would be recorded than was meant. Others' variables may stand in
/// the same file.
fn is_misspelled(name: &str) -> bool {
    (name.starts_with("IP_") || name.starts_with("IPV6_")) && !VARIABLES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Outside, EnvironmentError> {
        let variables: Vec<(String, String)> =
            dotenvy::from_read_iter(text.as_bytes()).collect::<Result<_, _>>().expect("a file of variables");
        Outside::of(|name| variables.iter().find(|(variable, _)| variable == name).map(|(_, value)| value.clone()))
    }

    #[test]
    fn lists_of_addresses() {
        let found =
            read("IP_VPN=203.0.113.1\nIPV6_VPN=2001:db8::1\nIP_CLIENT='198.51.100.1, 198.51.100.0/28'\nIP_SSH=\n");
        let network = |text: &str| text.parse::<Network>().expect(text);
        let expected = Outside {
            vpn: vec![network("203.0.113.1"), network("2001:db8::1")],
            client: vec![network("198.51.100.1"), network("198.51.100.0/28")],
            ssh: vec![],
        };
        assert_eq!(found.expect("understood"), expected);
        assert!(read("OTHER=1").expect("understood").is_empty());
    }

    #[test]
    fn names_like_ours_are_ours() {
        for (name, expected) in [
            ("IP_VPM", true),
            ("IPV6_SSHD", true),
            ("IP_VPN", false),
            ("IPV6_SSH", false),
            ("RECORDER_KEEP", false),
            ("PATH", false),
        ] {
            assert_eq!(is_misspelled(name), expected, "{name}");
        }
    }

    #[test]
    fn what_is_no_address_is_told_with_its_variable() {
        for (text, expected) in [
            ("IP_VPN=vpn.example.org", "IP_VPN=vpn.example.org: "),
            ("IP_SSH=2001:db8::1", "IP_SSH=2001:db8::1 is IPv6, and IP_SSH takes IPv4 addresses"),
            ("IPV6_CLIENT=10.0.0.1", "IPV6_CLIENT=10.0.0.1 is IPv4, and IPV6_CLIENT takes IPv6 addresses"),
        ] {
            let error = read(text).expect_err(text).to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
