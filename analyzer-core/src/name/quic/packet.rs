//! The packets of a datagram (RFC 9000 §12.2, §17.2; RFC 9369 §3.2).
//!
//! In: a datagram's payload. Out: its packets with a long header, in order; of those that are Initial, what is needed to open them. Guaranteed:
//! lengths that lie end the walk.

use serde::{Deserialize, Serialize};

/// Versions whose Initial packets can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Version {
    /// RFC 9000.
    One,
    /// RFC 9369.
    Two,
    /// The IETF's drafts from 29 on, which differ from version 1 by the salt.
    Draft29,
    /// Drafts 23 to 28.
    Draft23,
}

impl Version {
    fn of(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::One),
            0x6b33_43cf => Some(Self::Two),
            0xff00_001d..=0xff00_0022 => Some(Self::Draft29),
            0xff00_0017..=0xff00_001c => Some(Self::Draft23),
            _ => None,
        }
    }

    /// The type of an Initial packet, in the header's third and fourth bit.
    const fn initial_type(self) -> u8 {
        match self {
            Self::Two => 1,
            Self::One | Self::Draft29 | Self::Draft23 => 0,
        }
    }
}

/// An Initial packet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Initial<'a> {
    pub(super) version: Version,
    pub(super) destination_id: &'a [u8],
    /// From the first byte to the last of the protected payload.
    pub(super) packet: &'a [u8],
    /// Where the packet number stands, which is protected.
    pub(super) number_at: usize,
}

/// Packets with a long header; `None` for those that are no Initial.
pub(super) struct Packets<'a> {
    rest: &'a [u8],
}

impl<'a> Packets<'a> {
    pub(super) const fn of(datagram: &'a [u8]) -> Self {
        Self { rest: datagram }
    }
}

const LONGEST_ID_BYTES: usize = 20;
const RETRY_TYPES: [u8; 2] = [3, 0];

impl<'a> Iterator for Packets<'a> {
    type Item = Option<Initial<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let datagram = std::mem::take(&mut self.rest);
        let (first, rest) = datagram.split_first()?;
        if first & 0x80 == 0 {
            return None;
        }
        let (version, rest) = rest.split_first_chunk::<4>()?;
        let Some(version) = Version::of(u32::from_be_bytes(*version)) else { return Some(None) };
        let (destination_id, rest) = id(rest)?;
        let (_, rest) = id(rest)?;
        let kind = first >> 4 & 3;
        if kind == RETRY_TYPES[usize::from(version.initial_type())] {
            return Some(None);
        }
        let is_initial = kind == version.initial_type();
        let rest = if is_initial {
            let (token_bytes, rest) = integer(rest)?;
            rest.get(usize::try_from(token_bytes).ok()?..)?
        } else {
            rest
        };
        let (length, rest) = integer(rest)?;
        let number_at = datagram.len() - rest.len();
        let end = number_at.checked_add(usize::try_from(length).ok()?)?;
        // A packet that was cut can't be opened.
        let packet = datagram.get(..end)?;
        self.rest = &datagram[end..];
        Some(is_initial.then_some(Initial { version, destination_id, packet, number_at }))
    }
}

fn id(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first()?;
    let length = usize::from(*length);
    (length <= LONGEST_ID_BYTES).then(|| rest.split_at_checked(length))?
}

/// An integer of variable length (RFC 9000 §16), and what follows it.
pub(super) fn integer(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let first = *bytes.first()?;
    let (digits, rest) = bytes.split_at_checked(1 << (first >> 6))?;
    let value = digits[1..].iter().fold(u64::from(first & 0x3f), |value, digit| value << 8 | u64::from(*digit));
    Some((value, rest))
}
