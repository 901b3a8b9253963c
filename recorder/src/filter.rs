//! Choices to one filter expression of libpcap.
//!
//! In: protocols, what is left out, the variables of the outer interface, and an expression of the user's. Out: one
//! expression, to be printed and compiled. Guaranteed: parts are joined by `and`, each in brackets, so that no part changes what
//! another means.

use crate::cli::Protocol;
use crate::environment::Outside;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use thiserror::Error;

/// An address, or a network of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network {
    address: IpAddr,
    prefix_bits: Option<u8>,
}

/// Text that is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum NetworkError {
    #[error("it is neither an address, such as 203.0.113.7 or 2001:db8::7, nor a network, such as 203.0.113.0/24")]
    Address,
    #[error("a network's prefix has 0 to {0} bits")]
    Prefix(u8),
    #[error("the address has bits behind its prefix: write the first one of the network")]
    BitsBehindPrefix,
}

impl Network {
    pub(crate) const fn is_v6(&self) -> bool {
        self.address.is_ipv6()
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| NetworkError::Address)?;
        let Some(prefix) = prefix else { return Ok(Self { address, prefix_bits: None }) };
        let most = if address.is_ipv6() { 128 } else { 32 };
        let bits = prefix.parse::<u8>().ok().filter(|bits| *bits <= most).ok_or(NetworkError::Prefix(most))?;
        let behind = match address {
            IpAddr::V4(address) => u32::from(address).checked_shl(bits.into()).unwrap_or(0) != 0,
            IpAddr::V6(address) => u128::from(address).checked_shl(bits.into()).unwrap_or(0) != 0,
        };
        // libpcap would refuse it with less to say.
        if behind { Err(NetworkError::BitsBehindPrefix) } else { Ok(Self { address, prefix_bits: Some(bits) }) }
    }
}

/// As libpcap writes it: `host 203.0.113.7`, `net 203.0.113.0/24`.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.prefix_bits {
            None => write!(f, "host {}", self.address),
            Some(bits) => write!(f, "net {}/{bits}", self.address),
        }
    }
}

/// A tunnel's transport: `udp/51820`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tunnel {
    is_udp: bool,
    port: u16,
}

/// Text that is no tunnel.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no tunnel: write its protocol and port, such as udp/51820 or tcp/443")]
pub(crate) struct TunnelError(String);

impl FromStr for Tunnel {
    type Err = TunnelError;

    fn from_str(text: &str) -> Result<Self, TunnelError> {
        let error = || TunnelError(text.to_owned());
        let (protocol, port) = text.trim().split_once('/').ok_or_else(error)?;
        let is_udp = match protocol.to_ascii_lowercase().as_str() {
            "udp" => true,
            "tcp" => false,
            _ => return Err(error()),
        };
        let port = port.parse().ok().filter(|port| *port != 0).ok_or_else(error)?;
        Ok(Self { is_udp, port })
    }
}

impl fmt::Display for Tunnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} port {}", if self.is_udp { "udp" } else { "tcp" }, self.port)
    }
}

/// What is recorded of an interface.
pub(crate) struct Wanted<'a> {
    pub(crate) protocol: Protocol,
    /// `None` on a tunnel, inside of which the addresses of the server's outside mean nothing.
    pub(crate) outside: Option<&'a Outside>,
    pub(crate) excluded_hosts: &'a [Network],
    pub(crate) excluded_tunnels: &'a [Tunnel],
    pub(crate) expression: Option<&'a str>,
}

impl Wanted<'_> {
    /// The one expression.
    pub(crate) fn expression(&self) -> String {
        let mut parts = vec![protocols(self.protocol).to_owned()];
        let outside = self.outside.cloned().unwrap_or_default();
        if !outside.vpn.is_empty() {
            parts.push(joined(&outside.vpn, " or "));
        }
        let excluded: Vec<_> = [&outside.client[..], &outside.ssh, self.excluded_hosts].concat();
        parts.extend(excluded.iter().map(|network| format!("not {network}")));
        parts.extend(self.excluded_tunnels.iter().map(|tunnel| format!("not ({tunnel})")));
        // An empty one lets everything through, as tcpdump's does.
        parts.extend(self.expression.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned));
        if let [only] = &parts[..] {
            return only.clone();
        }
        joined(&parts.iter().map(|part| bracketed(part)).collect::<Vec<_>>(), " and ")
    }
}

/// Later fragments carry no ports and, in IPv6, no protocol in the first header; both count as payload of their stream.
const fn protocols(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "tcp or (ip6 proto 44)",
        Protocol::Udp => "udp or (ip6 proto 44)",
        Protocol::Both => "tcp or udp or (ip6 proto 44)",
    }
}

/// A part of the user's own may hold anything, such as `||`.
fn bracketed(part: &str) -> String {
    let is_word = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:/()".contains(&byte))
            && !["or", "and"].contains(&word)
    };
    let is_plain = part.starts_with("not ") && part.split(' ').all(is_word);
    if is_plain { part.to_owned() } else { format!("({part})") }
}

fn joined(parts: &[impl ToString], by: &str) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(by)
}

#[cfg(test)]
mod tests;
