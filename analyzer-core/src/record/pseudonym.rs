//! Other addresses in place of the real ones, so that results can be shown to others.
//!
//! In: a key, and records with addresses of the capture. Out: the same records with pseudonyms. Guaranteed: the same key
//! gives the same pseudonym everywhere; addresses that share their first n bits, and no more, have pseudonyms that share
//! their first n bits, and no more, so that networks stay networks; different addresses have different pseudonyms; IPv4
//! stays IPv4. Everything else of a record stays as it is, its name included.
//!
//! The construction is ipcrypt-pfx of draft-denis-ipcrypt (<https://datatracker.ietf.org/doc/draft-denis-ipcrypt/>): each
//! bit is changed by a bit of the XOR of two AES-128 permutations of the bits before it. As with every pseudonym that keeps
//! prefixes (Xu et al. 2002), who knows some real addresses of a capture learns the prefixes of others; host names,
//! ports, sizes and times are not changed at all.

use super::{BinRecord, ObjectRecord, PacketRecord, StreamIdentity, StreamRecord};
use crate::decode::Endpoint;
use hkdf::hmac::{Hmac, Mac};
use ipcrypt_rs::IpcryptPfx;
use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use thiserror::Error;

/// Gives addresses their pseudonyms.
pub struct Pseudonyms {
    cipher: IpcryptPfx,
    key_id: String,
    /// Keyed for names.
    names: Hmac<Sha256>,
    /// An address costs 64 or 256 blocks of AES, and the same ones come again and again.
    known: RefCell<HashMap<IpAddr, IpAddr, foldhash::fast::RandomState>>,
}

/// Bytes of a key.
pub const KEY_BYTES: usize = IpcryptPfx::KEY_BYTES;

/// When so many addresses are remembered, they are forgotten, to bound the memory.
const MOST_KNOWN: usize = 1 << 16;

/// A key that can't be used. It is not told again here, because it is secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Too short or too long.
    #[error("a key for pseudonyms has {} hexadecimal digits, and this one has {found} characters", 2 * KEY_BYTES)]
    Length {
        /// Characters of the text, without white space around it.
        found: usize,
    },
    /// A character that is no hexadecimal digit.
    #[error("character {position} of the key for pseudonyms is no hexadecimal digit (0 to 9, a to f)")]
    Digit {
        /// Which character, from 1.
        position: usize,
    },
    /// The construction needs two different keys.
    #[error("the two halves of the key for pseudonyms are the same: take {} random digits", 2 * KEY_BYTES)]
    SameHalves,
}

impl Pseudonyms {
    /// The pseudonyms of a key, which must be random and is the only secret.
    ///
    /// # Errors
    /// When its halves are the same.
    pub fn new(key: &[u8; KEY_BYTES]) -> Result<Self, KeyError> {
        let (first, second) = key.split_at(KEY_BYTES / 2);
        if first == second {
            return Err(KeyError::SameHalves);
        }
        // A key of another kind than the addresses' is not needed: the constructions have nothing in common.
        let names = <Hmac<Sha256> as Mac>::new_from_slice(key).map_err(|_| KeyError::Length { found: key.len() })?;
        Ok(Self { cipher: IpcryptPfx::new(*key), key_id: key_id(key), names, known: RefCell::default() })
    }

    /// The pseudonyms of a key in hexadecimal digits.
    ///
    /// # Errors
    /// When it is no key; says where.
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        // A wrong character is told rather than the length, which says less.
        if let Some(at) = text.chars().position(|character| !character.is_ascii_hexdigit()) {
            return Err(KeyError::Digit { position: at + 1 });
        }
        if text.len() != 2 * KEY_BYTES {
            return Err(KeyError::Length { found: text.len() });
        }
        let mut key = [0; KEY_BYTES];
        for (byte, digits) in key.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digit = |at: usize| char::from(digits[at]).to_digit(16).unwrap_or_default() as u8;
            *byte = digit(0) << 4 | digit(1);
        }
        Self::new(&key)
    }

    /// Tells keys apart without revealing them: eight hexadecimal digits of a digest.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The pseudonym of an address.
    #[must_use]
    pub fn address(&self, address: IpAddr) -> IpAddr {
        let mut known = self.known.borrow_mut();
        if let Some(pseudonym) = known.get(&address) {
            return *pseudonym;
        }
        let pseudonym = match (address, self.cipher.encrypt_ipaddr(address)) {
            // An IPv6 address stays one, even where its pseudonym begins as a mapped IPv4 address does.
            (IpAddr::V6(_), IpAddr::V4(pseudonym)) => IpAddr::V6(pseudonym.to_ipv6_mapped()),
            (_, pseudonym) => pseudonym,
        };
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(address, pseudonym);
        pseudonym
    }

    /// The pseudonym of a host name, without dots: a keyed digest (HMAC-SHA-256, RFC 2104), cut to 64 bits.
    #[must_use]
    pub(crate) fn name(&self, name: &str) -> String {
        let digest = self.names.clone().chain_update(name).finalize().into_bytes();
        digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The ends with pseudonyms. A Community ID is made of them when the record is encoded, and so reveals nothing else.
    fn identity(&self, stream: &StreamIdentity) -> StreamIdentity {
        let end = |end: Endpoint| Endpoint { ip: self.address(end.ip), port: end.port };
        StreamIdentity { client: end(stream.client), server: end(stream.server), ..*stream }
    }
}

/// A record whose addresses can be replaced.
pub trait Pseudonymous: Sized {
    /// The record with pseudonyms.
    #[must_use]
    fn pseudonymised(&self, pseudonyms: &Pseudonyms) -> Self;
}

/// All addresses of a record are those of its stream's ends.
macro_rules! pseudonymous {
    ($( $record:ty ),*) => { $(
        impl Pseudonymous for $record {
            fn pseudonymised(&self, pseudonyms: &Pseudonyms) -> Self {
                Self { stream: pseudonyms.identity(&self.stream), ..self.clone() }
            }
        }
    )* };
}

pseudonymous! { ObjectRecord, StreamRecord, BinRecord, PacketRecord }

/// Neither the key nor real addresses.
impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pseudonyms").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// Four bytes of a cryptographic digest: too few to find a random key by, enough to tell two apart.
fn key_id(key: &[u8; KEY_BYTES]) -> String {
    let mut hash = Sha1::new();
    hash.update(b"sniffit pseudonyms\n");
    hash.update(key);
    hash.finalize()[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
