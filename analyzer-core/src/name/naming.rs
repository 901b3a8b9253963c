//! What a stream's server is called, as records carry it.

use serde::{Deserialize, Serialize};

/// A number of a name in the [`NameTable`](super::NameTable) of the analysis; 0 is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NameId(pub u32);

impl NameId {
    /// No name.
    pub const NONE: Self = Self(0);

    /// Whether it is a name.
    #[must_use]
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }
}

/// Where a name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NameSource {
    /// There is no name.
    #[default]
    None,
    /// Server name of a TLS ClientHello over TCP (RFC 6066 §3).
    TlsSni,
    /// Server name of the ClientHello in QUIC Initial packets (RFC 9001 §4).
    QuicSni,
    /// Host of an HTTP/1 request (RFC 9112 §3.2).
    HttpHost,
    /// The name that the client had asked for when it was given the address (RFC 1035).
    Dns,
    /// The name that the address' owner gave it, looked up after the analysis on request.
    ReverseDns,
}

impl NameSource {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 6] = [Self::None, Self::TlsSni, Self::QuicSni, Self::HttpHost, Self::Dns, Self::ReverseDns];

    /// The word used in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::TlsSni => "tls_sni",
            Self::QuicSni => "quic_sni",
            Self::HttpHost => "http_host",
            Self::Dns => "dns",
            Self::ReverseDns => "reverse_dns",
        }
    }
}

/// What a stream's server is called, and how that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Naming {
    /// The name.
    pub name: NameId,
    /// Where it comes from.
    pub source: NameSource,
    /// The ClientHello offered Encrypted Client Hello (RFC 9849), or pretended to: who listens can't tell the two apart.
    pub ech_offered: bool,
    /// The ClientHello named a known cover of Encrypted Client Hello instead of the server that was meant.
    pub is_cover: bool,
}

impl Naming {
    /// Nothing is known.
    pub const NONE: Self = Self { name: NameId::NONE, source: NameSource::None, ech_offered: false, is_cover: false };

    /// A name from a source; nothing where there is no name.
    #[must_use]
    pub const fn new(name: NameId, source: NameSource) -> Self {
        if name.is_some() { Self { name, source, ..Self::NONE } } else { Self::NONE }
    }
}
