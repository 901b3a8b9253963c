//! Why a packet has no TCP or UDP segment.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The layer at which decoding stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Layer {
    /// Link layer and what sits between it and IP (VLAN, MPLS, PPPoE, LLC).
    Link,
    /// IPv4, IPv6, their extension headers, and IP tunnels.
    Network,
    /// TCP or UDP.
    Transport,
}

/// What was met there. [`Skip::detail`] holds the number that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Reason {
    /// The record holds no bytes.
    Empty,
    /// No decoder for this link type; detail = link type.
    UnsupportedLinkType,
    /// The captured bytes end inside a header of the layer.
    Truncated,
    /// A header contradicts itself or its layer.
    Malformed,
    /// Not IP: ARP, LLDP, spanning tree …; detail = EtherType, LLC SAP or PPP protocol.
    NotIp,
    /// IP, but neither TCP nor UDP: ICMP, SCTP, ESP …; detail = IP protocol number.
    OtherProtocol,
    /// A later fragment that joins no stream: its first fragment was not seen, or not within 30 s, or has no TCP or UDP
    /// header.
    LaterFragment,
    /// More layers inside each other than are followed.
    TooDeep,
}

/// A packet without a TCP or UDP segment: where decoding stopped and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Skip {
    /// The layer at which decoding stopped.
    pub layer: Layer,
    /// What was met there.
    pub reason: Reason,
    /// The number that goes with the reason (EtherType, protocol number …), 0 when there is none.
    pub detail: u32,
}

impl Skip {
    pub(super) const fn new(layer: Layer, reason: Reason, detail: u32) -> Self {
        Self { layer, reason, detail }
    }
}

impl Layer {
    /// The name used in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Network => "network",
            Self::Transport => "transport",
        }
    }
}

impl Reason {
    /// The name used in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::UnsupportedLinkType => "unsupported_link_type",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::NotIp => "not_ip",
            Self::OtherProtocol => "other_protocol",
            Self::LaterFragment => "later_fragment",
            Self::TooDeep => "too_deep",
        }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.layer.as_str(), self.reason.as_str())?;
        match self.reason {
            Reason::UnsupportedLinkType | Reason::OtherProtocol => write!(f, " {}", self.detail),
            Reason::NotIp => write!(f, " {:#06x}", self.detail),
            _ => Ok(()),
        }
    }
}
