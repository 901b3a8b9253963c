//! The keys of a client's Initial packets (RFC 9001 §5, RFC 9369 §3.3).
//!
//! In: the client's first destination connection id. Out: the protected bytes of packets, in the clear. Guaranteed: a packet that was
//! changed or has other keys gives nothing.

use super::packet::{Initial, Version};
use aes::Aes128;
use aes::cipher::{BlockEncrypt as _, KeyInit as _};
use aes_gcm::Aes128Gcm;
use aes_gcm::aead::{Aead as _, Payload};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt;

/// Keys that everybody can derive.
#[derive(Serialize, Deserialize)]
#[serde(from = "Origin")]
pub(super) struct Keys {
    origin: Origin,
    #[serde(skip)]
    payload: Aes128Gcm,
    #[serde(skip)]
    iv: [u8; 12],
    #[serde(skip)]
    header: Aes128,
}

/// What keys are derived from, which is all that a state keeps of them.
#[derive(Serialize, Deserialize)]
struct Origin {
    version: Version,
    destination_id: Vec<u8>,
}

impl From<Origin> for Keys {
    fn from(Origin { version, destination_id }: Origin) -> Self {
        Self::of(version, &destination_id)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

const SAMPLE_BYTES: usize = 16;
/// The sample begins where it would after the longest packet number.
const LONGEST_NUMBER_BYTES: usize = 4;

impl Version {
    /// RFC 9001 §5.2; RFC 9369 §3.3.1; drafts 29 and 23 of RFC 9001.
    const fn salt(self) -> [u8; 20] {
        match self {
            Self::One => [
                0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc,
                0xbb, 0x7f, 0x0a,
            ],
            Self::Two => [
                0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9,
                0xbd, 0x2e, 0xd9,
            ],
            Self::Draft29 => [
                0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43,
                0x90, 0xa8, 0x99,
            ],
            Self::Draft23 => [
                0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe,
                0xf9, 0xf5, 0x02,
            ],
        }
    }

    const fn labels(self) -> [&'static str; 3] {
        match self {
            Self::Two => ["quicv2 key", "quicv2 iv", "quicv2 hp"],
            Self::One | Self::Draft29 | Self::Draft23 => ["quic key", "quic iv", "quic hp"],
        }
    }
}

impl Keys {
    pub(super) fn of(version: Version, destination_id: &[u8]) -> Self {
        let mut secret = [0; 32];
        expand(&Hkdf::new(Some(&version.salt()), destination_id), "client in", &mut secret);
        // The secret has the length of a digest, which is what this asks for.
        let client = Hkdf::from_prk(&secret).unwrap_or_else(|_| Hkdf::new(None, &secret));
        let [key_label, iv_label, header_label] = version.labels();
        let (mut key, mut iv, mut header) = ([0; 16], [0; 12], [0; 16]);
        expand(&client, key_label, &mut key);
        expand(&client, iv_label, &mut iv);
        expand(&client, header_label, &mut header);
        let origin = Origin { version, destination_id: destination_id.to_vec() };
        Self { origin, payload: Aes128Gcm::new(&key.into()), iv, header: Aes128::new(&header.into()) }
    }

    /// The frames of a packet; nothing where it has other keys.
    pub(super) fn open(&self, initial: &Initial<'_>) -> Option<Vec<u8>> {
        let Initial { packet, number_at, .. } = *initial;
        let mask = self.mask(packet.get(number_at + LONGEST_NUMBER_BYTES..)?.first_chunk()?);
        let first = packet.first()? ^ mask[0] & 0x0f;
        let number_bytes = usize::from(first & 3) + 1;
        let (head, protected) = packet.split_at_checked(number_at + number_bytes)?;
        let mut head = head.to_vec();
        head[0] = first;
        let mut number = 0_u64;
        for (byte, mask) in head[number_at..].iter_mut().zip(&mask[1..]) {
            *byte ^= mask;
            number = number << 8 | u64::from(*byte);
        }
        // Initial packets are few, so that their numbers are whole (RFC 9000 §17.1).
        let mut nonce = self.iv;
        for (byte, digit) in nonce[4..].iter_mut().zip(number.to_be_bytes()) {
            *byte ^= digit;
        }
        self.payload.decrypt(&nonce.into(), Payload { msg: protected, aad: &head }).ok()
    }

    /// Header protection (RFC 9001 §5.4.3).
    fn mask(&self, sample: &[u8; SAMPLE_BYTES]) -> [u8; SAMPLE_BYTES] {
        let mut block = (*sample).into();
        self.header.encrypt_block(&mut block);
        block.into()
    }
}

/// HKDF-Expand-Label (RFC 8446 §7.1) without a context.
fn expand(secret: &Hkdf<Sha256>, label: &str, out: &mut [u8]) {
    let (length, label_length) = (out.len() as u8, label.len() as u8 + 6); // both are short
    // It fails for more than 255 digests only.
    let _ = secret.expand_multi_info(&[&[0, length, label_length], b"tls13 ", label.as_bytes(), &[0]], out);
}

#[cfg(test)]
impl Keys {
    /// Protects a packet: its header with the number at the end, and its frames.
    pub(super) fn seal(&self, header: &[u8], number_bytes: usize, frames: &[u8]) -> Vec<u8> {
        let number_at = header.len() - number_bytes;
        let number = header[number_at..].iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let mut nonce = self.iv;
        for (byte, digit) in nonce[4..].iter_mut().zip(number.to_be_bytes()) {
            *byte ^= digit;
        }
        let sealed = self.payload.encrypt(&nonce.into(), Payload { msg: frames, aad: header }).expect("it is short");
        let mut packet = [header, &sealed].concat();
        let mask = self.mask(packet[number_at + LONGEST_NUMBER_BYTES..].first_chunk().expect("it is long enough"));
        packet[0] ^= mask[0] & 0x0f;
        packet[number_at..number_at + number_bytes].iter_mut().zip(&mask[1..]).for_each(|(byte, mask)| *byte ^= mask);
        packet
    }
}
