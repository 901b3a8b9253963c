//! The ClientHello in QUIC's Initial packets.
//!
//! In: a client's datagrams from the first one on. Out: the ClientHello, once all of it is there. Guaranteed: CRYPTO frames may come in any
//! order and over several datagrams; at most 16 are tried and 16 KiB kept; no bytes make it panic. Only
//! Initial packets are opened, whose keys everybody knows, because they protect against nobody (RFC 9001 §5.2).

mod frames;
mod keys;
mod packet;

use super::client_hello::{ClientHello, client_hello};
use super::opening::Opening;
use super::tls::Progress;
use keys::Keys;
use packet::{Initial, Packets};
use serde::{Deserialize, Serialize};

/// A ClientHello takes one or two; with losses some more.
const MOST_DATAGRAMS: u32 = 16;

/// What one client sent.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct InitialReader {
    keys: Option<Keys>,
    crypto: Opening,
    datagrams: u32,
}

impl InitialReader {
    /// Takes the next datagram of the client.
    pub fn datagram(&mut self, payload: &[u8]) -> Progress<ClientHello> {
        self.datagrams += 1;
        let mut has_long_header = false;
        for packet in Packets::of(payload) {
            has_long_header = true;
            let Some(initial) = packet else { continue };
            if let Some(frames) = self.open(&initial) {
                frames::crypto(&frames, |offset, bytes| self.crypto.put(offset, bytes));
            }
        }
        match client_hello(self.crypto.contiguous()) {
            Some(hello) if hello.is_complete => Progress::Found(hello),
            // The handshake goes on in packets that can't be opened, or it is no QUIC that is known here.
            _ if !has_long_header || self.datagrams >= MOST_DATAGRAMS || self.is_something_else() => Progress::Not,
            _ => Progress::More,
        }
    }

    /// What there is of the ClientHello, when no more will come.
    #[must_use]
    pub fn read_cut(&self) -> Option<ClientHello> {
        client_hello(self.crypto.contiguous())
    }

    /// What a packet protects. Its keys come from the first connection id that the client chose; after a Retry (RFC 9000 §17.2.5) it
    /// chooses anew, so an id that was not seen before is tried as well.
    fn open(&mut self, initial: &Initial<'_>) -> Option<Vec<u8>> {
        if let Some(keys) = &self.keys
            && let Some(frames) = keys.open(initial)
        {
            return Some(frames);
        }
        let keys = Keys::of(initial.version, initial.destination_id);
        let frames = keys.open(initial)?;
        if self.keys.replace(keys).is_some() {
            // What was sent before the Retry is sent again.
            self.crypto = Opening::default();
        }
        Some(frames)
    }

    fn is_something_else(&self) -> bool {
        self.crypto.contiguous().first().is_some_and(|kind| *kind != 1)
    }
}

#[cfg(test)]
mod tests;
