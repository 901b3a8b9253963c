//! What can be chosen about an analysis.

mod option;

use crate::name::application::Applications;
use crate::object::{ExchangeOptions, Method};
use crate::record::Pseudonyms;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

/// Every choice that can change results. Two analyses with equal configurations of the same capture are equal.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// How streams are cut into objects.
    pub method: Method,
    /// The constants of the exchange methods.
    pub exchange: ExchangeOptions,
    /// Which transport protocols are analysed; the others are counted only.
    pub protocol: ProtocolFilter,
    /// Addresses of clients. Where none matches, the sender of the SYN is the client, else the first sender.
    pub clients: Vec<ClientNetwork>,
    /// A TCP stream ends after this silence.
    pub tcp_expiry: Duration,
    /// A UDP stream ends after this silence.
    pub udp_expiry: Duration,
    /// More live streams than this (conversations, both directions counted once) evict the longest silent.
    pub max_flows: usize,
    /// Emit a record per packet.
    pub packets: bool,
    /// Which names belong to which application.
    pub applications: Arc<Applications>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            method: Method::Exchange,
            exchange: ExchangeOptions::default(),
            protocol: ProtocolFilter::Both,
            clients: Vec::new(),
            tcp_expiry: Duration::from_secs(300),
            udp_expiry: Duration::from_secs(300),
            max_flows: 1_000_000,
            packets: false,
            applications: Applications::builtin(),
        }
    }
}

/// A configuration that can't work.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A limit or time that must be over zero.
    #[error("{0} must be more than zero")]
    Zero(&'static str),
    /// Neither an address nor a prefix.
    #[error("`{0}` is neither an IP address nor a prefix such as 10.8.0.0/24 or 2001:db8::/64")]
    Client(String),
    /// `mean-gap` without the gaps.
    #[error("mean-gap needs a first pass over the same capture: measure it with GapMeter")]
    MeanGapsMissing,
    /// A text that is no value of its option.
    #[error("{option}: `{value}` is not {expected}")]
    Value {
        /// The option's name.
        option: String,
        /// What was given.
        value: String,
        /// What may be given.
        expected: &'static str,
    },
    /// A name that is no option's.
    #[error("there is no option `{0}`: the options are {options}", options = Config::OPTIONS.join(", "))]
    UnknownOption(String),
}

impl Config {
    /// Checks that every value can work.
    ///
    /// # Errors
    /// Names the first value that can't.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let zero = [
            ("max-flows", self.max_flows == 0),
            ("tcp-expiry", self.tcp_expiry.is_zero()),
            ("udp-expiry", self.udp_expiry.is_zero()),
            ("the gap of method fixed", self.method == Method::Fixed(Duration::ZERO)),
            ("the factor of method rtt", matches!(self.method, Method::Rtt { per_mille: 0 })),
        ];
        match zero.iter().find(|(_, is_zero)| *is_zero) {
            Some((name, _)) => Err(ConfigError::Zero(name)),
            None => Ok(()),
        }
    }

    /// Every option as text, in a fixed order: what the manifest shows and the analysis id digests.
    #[must_use]
    pub fn describe(&self) -> Vec<(&'static str, String)> {
        let mut clients: Vec<String> = self.clients.iter().map(ToString::to_string).collect();
        clients.sort_unstable();
        vec![
            ("method", self.method.to_string()),
            ("protocol", self.protocol.as_str().to_owned()),
            ("client", clients.join(",")),
            ("mode", if self.packets { "packet" } else { "object" }.to_owned()),
            ("tcp-expiry", format!("{} ns", self.tcp_expiry.as_nanos())),
            ("udp-expiry", format!("{} ns", self.udp_expiry.as_nanos())),
            ("max-flows", self.max_flows.to_string()),
            ("idle", format!("{} ns", self.exchange.idle.as_nanos())),
            ("idle-rtts", self.exchange.idle_rtts.to_string()),
            ("udp-idle", format!("{} ns", self.exchange.udp_idle.as_nanos())),
            ("push-gap", format!("{} ns", self.exchange.push_gap.as_nanos())),
            ("small", self.exchange.small_bytes.to_string()),
            ("quic-small", self.exchange.quic_small_bytes.to_string()),
            ("applications", self.applications.id().to_owned()),
            ("split-requests", self.exchange.split_requests.to_string()),
        ]
    }
}

/// Which transport protocols are analysed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProtocolFilter {
    /// TCP only.
    Tcp,
    /// UDP only.
    Udp,
    /// TCP and UDP.
    Both,
}

impl ProtocolFilter {
    /// The name used in options.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Both => "both",
        }
    }
}

/// An address or prefix whose hosts are clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientNetwork {
    address: IpAddr,
    prefix_bits: u8,
}

impl ClientNetwork {
    /// Whether an address is in it.
    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        match (self.address, ip) {
            (IpAddr::V4(network), IpAddr::V4(ip)) => {
                (network.to_bits() ^ ip.to_bits()).checked_shr(32 - u32::from(self.prefix_bits)).unwrap_or(0) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(ip)) => {
                (network.to_bits() ^ ip.to_bits()).checked_shr(128 - u32::from(self.prefix_bits)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }

    /// The network of its addresses' pseudonyms: those share the prefix of any of them, so that it is its own address'
    /// pseudonym, cut to the same length.
    pub(crate) fn pseudonymised(self, pseudonyms: &Pseudonyms) -> Self {
        let prefix_bits = u32::from(self.prefix_bits);
        let cut = |address| match address {
            IpAddr::V4(ip) => {
                Ipv4Addr::from_bits(ip.to_bits() & !u32::MAX.checked_shr(prefix_bits).unwrap_or(0)).into()
            }
            IpAddr::V6(ip) => {
                Ipv6Addr::from_bits(ip.to_bits() & !u128::MAX.checked_shr(prefix_bits).unwrap_or(0)).into()
            }
        };
        Self { address: cut(pseudonyms.address(cut(self.address))), ..self }
    }
}

impl FromStr for ClientNetwork {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ConfigError::Client(text.to_owned());
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix_bits = bits.map_or(Ok(most), str::parse).map_err(|_| wrong())?;
        if prefix_bits > most { Err(wrong()) } else { Ok(Self { address, prefix_bits }) }
    }
}

impl std::fmt::Display for ClientNetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix_bits)
    }
}
