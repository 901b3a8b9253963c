//! Whose objects are they: the names of servers, without decryption and without asking anybody.
//!
//! In: the first bytes of streams, and answers of the Domain Name System. Out: for each stream a [`Naming`]: a number in a
//! [`NameTable`], and where the name comes from. Guaranteed: memory is bounded; a stream's name depends on its own packets and
//! on answers that came before it alone; no bytes make it panic. Names are hostile text, and hold printable ASCII only.
//!
//! What a stream itself says stands above what an answer said before it: the server name of a TLS ClientHello (RFC 6066 §3), over
//! TCP or in QUIC's Initial packets, or the host of an HTTP/1 request; else the name that the client had asked for when it was
//! given the server's address.

pub mod application;
pub mod client_hello;
pub mod dns;
mod finder;
pub mod http;
mod naming;
pub mod opening;
pub mod quic;
mod registrable;
mod resolved;
mod table;
pub mod text;
pub mod tls;

pub(crate) use finder::{Finder, Piece};
pub use naming::{NameId, NameSource, Naming};
pub(crate) use resolved::Resolved;
pub use table::{NameTable, NamedServer};

use crate::decode::Segment;
use crate::name::dns::DNS_PORT;
use application::Applications;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::sync::Arc;

/// All that is known of names in a recording.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Names {
    pub(crate) table: NameTable,
    resolved: Resolved,
}

impl Names {
    /// No names yet, for these applications.
    pub(crate) fn new(applications: Arc<Applications>) -> Self {
        Self { table: NameTable::new(applications), resolved: Resolved::default() }
    }

    /// The same names for these applications.
    pub(crate) fn for_applications(self, applications: Arc<Applications>) -> Self {
        Self { table: self.table.for_applications(applications), ..self }
    }

    /// Learns from a datagram, where it is an answer.
    #[inline]
    pub(crate) fn observe(&mut self, segment: &Segment<'_>) {
        if segment.source_port == DNS_PORT && segment.tcp.is_none() && !segment.payload.is_empty() {
            self.learn(segment.addresses.destination(), segment.payload);
        }
    }

    /// Learns from an answer to a client.
    #[cold]
    pub(crate) fn learn(&mut self, client: IpAddr, message: &[u8]) {
        let Self { table, resolved } = self;
        dns::answers(message, |name, address| resolved.insert(client, address, table.insert(name)));
    }

    /// What a new stream is called before it has said anything.
    #[inline]
    pub(crate) fn of_addresses(&self, client: IpAddr, server: IpAddr) -> Naming {
        self.resolved.get(client, server).map_or(Naming::NONE, |name| Naming::new(name, NameSource::Dns))
    }
}
