//! How much of each packet is kept.
//!
//! In: a word. Out: the choice, what it means in a sentence, and how many bytes of a packet it needs.

use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// How much of each packet is kept; each choice keeps all that the one before it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Keep {
    /// Everything up to and with the TCP or UDP header.
    Headers,
    /// And the names of servers: ClientHello, DNS, QUIC Initial.
    Names,
    /// And the five clear bytes before each TLS record, which the analysis reads.
    Records,
    /// The packets as they are.
    Full,
}

/// A choice that can't be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeepError {
    /// No such word.
    #[error("`{0}` is not one of headers, names, records, full")]
    Unknown(String),
    /// Whole packets hold addresses in more places than are looked at.
    #[error(
        "whole packets can't be anonymised, because their payload may hold addresses: keep headers, names or records"
    )]
    FullAnonymized,
}

impl Keep {
    /// All of them, from least to most.
    pub const ALL: [Self; 4] = [Self::Headers, Self::Names, Self::Records, Self::Full];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Names => "names",
            Self::Records => "records",
            Self::Full => "full",
        }
    }

    /// What of a packet is kept, in one sentence. With pseudonyms less is: [`Keep::kept_anonymized`].
    #[must_use]
    pub const fn kept(self) -> &'static str {
        match self {
            Self::Headers => "Every packet up to and with its TCP or UDP header, and no payload.",
            Self::Names => {
                "Every packet up to and with its TCP or UDP header; of payload only TLS ClientHello messages (up to 2 KiB), DNS \
                 messages (port 53), QUIC Initial datagrams, and the bytes by which QUIC is known; all other payload is zeros or cut."
            }
            Self::Records => {
                "Every packet up to and with its TCP or UDP header; of payload only TLS ClientHello messages (up to 2 KiB), DNS \
                 messages (port 53), QUIC Initial datagrams, the bytes by which QUIC is known, and the 5-byte headers of TLS \
                 records; all other payload is zeros or cut."
            }
            Self::Full => "Every packet as it was captured, with its payload.",
        }
    }

    /// The same where addresses are replaced by pseudonyms; `None` where that is refused.
    #[must_use]
    pub const fn kept_anonymized(self) -> Option<&'static str> {
        match self {
            Self::Headers => Some(
                "Every packet up to and with its TCP or UDP header, with pseudonyms for IP addresses, and no payload; packets \
                 that hold other addresses, such as tunnels, only up to their first IP header.",
            ),
            Self::Names => Some(
                "Every packet up to and with its TCP or UDP header, with pseudonyms for IP addresses; of payload only TLS \
                 ClientHello messages (up to 2 KiB), QUIC Initial datagrams, and the bytes by which QUIC is known; packets that \
                 hold other addresses, such as tunnels, only up to their first IP header.",
            ),
            Self::Records => Some(
                "Every packet up to and with its TCP or UDP header, with pseudonyms for IP addresses; of payload only TLS \
                 ClientHello messages (up to 2 KiB), QUIC Initial datagrams, the bytes by which QUIC is known, and the 5-byte \
                 headers of TLS records; packets that hold other addresses, such as tunnels, only up to their first IP header.",
            ),
            Self::Full => None,
        }
    }

    /// How many bytes of each packet have to be captured for it. For headers that is an Ethernet header with two VLAN tags
    /// (22) and PPPoE (8), an IPv6 header (40), a GRE tunnel with a key (8), an IPv6 header in it (40) and a TCP header with
    /// all its options (60), and some more; what else stands where a record header can be anywhere in the packet.
    #[must_use]
    pub const fn kernel_snaplen_bytes(self) -> u32 {
        match self {
            Self::Headers => 192,
            // The most that libpcap's formats foresee.
            Self::Names | Self::Records | Self::Full => 262_144,
        }
    }
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Keep {
    type Err = KeepError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|keep| keep.as_str() == text).ok_or_else(|| KeepError::Unknown(text.to_owned()))
    }
}
