//! Records to few bytes and back, for the time between analysis and encoding.
//!
//! A number is one byte that tells its length, and so many bytes: as compact as the usual variable-length integers, but
//! without a branch or loop per byte, because eight bytes are always copied and only the step to the next number
//! differs. An object takes 60 bytes and a few tens of nanoseconds both ways. The bytes never outlive the process, so
//! they have no version.

use super::{BinRecord, DirectionRecord, ObjectRecord, PacketRecord, Quantiles, StreamIdentity, StreamRecord};
use crate::decode::{Endpoint, TcpFlags, Transport};
use crate::flow::{ClientSource, Direction};
use crate::name::{NameId, NameSource, Naming};
use crate::object::EndReason;
use crate::time::Timestamp;
use std::net::IpAddr;

/// Something that a record is made of, or a record.
pub trait Compact: Sized {
    /// Appends the value.
    fn put(&self, to: &mut Encoder<'_>);
    /// `None` when the bytes are no such value.
    fn take(from: &mut Decoder<'_>) -> Option<Self>;
}

/// No record takes more: a stream has some 45 numbers of nine bytes at most.
pub(super) const MAX_RECORD_BYTES: usize = 1024;
/// A number is copied as eight bytes whatever its length, so a block ends with as many that are no record's.
pub(super) const PADDING_BYTES: usize = 8;

/// Takes a record's values one after the other.
#[derive(Debug)]
pub struct Encoder<'a> {
    block: &'a mut [u8],
    at: usize,
}

impl<'a> Encoder<'a> {
    /// Encodes to the beginning of a block, which has room for a record.
    pub(super) fn new(block: &'a mut [u8]) -> Self {
        Self { block, at: 0 }
    }

    /// How long the encoded values are.
    pub(super) fn bytes(&self) -> usize {
        self.at
    }

    #[inline]
    fn byte(&mut self, byte: u8) {
        self.block[self.at] = byte;
        self.at += 1;
    }

    #[inline]
    fn bytes8(&mut self, bytes: [u8; 8], used: usize) {
        self.block[self.at..self.at + 8].copy_from_slice(&bytes);
        self.at += used;
    }

    #[inline]
    fn number(&mut self, number: u64) {
        let used = 8 - number.leading_zeros() as usize / 8;
        self.byte(used as u8);
        self.bytes8(number.to_le_bytes(), used);
    }
}

/// Gives the values back in the same order.
#[derive(Debug)]
pub struct Decoder<'a> {
    /// Longer than what is encoded by [`PADDING_BYTES`].
    block: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Decoder<'a> {
    /// Decodes the first `end` bytes of a block.
    pub(super) fn new(block: &'a [u8], end: usize) -> Self {
        Self { block, at: 0, end }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.end
    }

    #[inline]
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.block.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    #[inline]
    fn bytes8(&mut self, used: usize) -> Option<[u8; 8]> {
        let bytes = *self.block.get(self.at..)?.first_chunk()?;
        self.at += used;
        Some(bytes)
    }

    #[inline]
    fn number(&mut self) -> Option<u64> {
        let used = usize::from(self.byte()?);
        let number = u64::from_le_bytes(self.bytes8(used)?);
        // The bytes above those used belong to the next value.
        Some(if used == 0 { 0 } else { number & (u64::MAX >> (64 - 8 * used.min(8))) })
    }
}

impl Compact for u64 {
    #[inline]
    fn put(&self, to: &mut Encoder<'_>) {
        to.number(*self);
    }
    #[inline]
    fn take(from: &mut Decoder<'_>) -> Option<Self> {
        from.number()
    }
}

impl Compact for bool {
    #[inline]
    fn put(&self, to: &mut Encoder<'_>) {
        to.byte(u8::from(*self));
    }
    #[inline]
    fn take(from: &mut Decoder<'_>) -> Option<Self> {
        Some(from.byte()? != 0)
    }
}

impl Compact for TcpFlags {
    #[inline]
    fn put(&self, to: &mut Encoder<'_>) {
        to.number(self.0.into());
    }
    #[inline]
    fn take(from: &mut Decoder<'_>) -> Option<Self> {
        Some(Self(from.number()?.try_into().ok()?))
    }
}

impl Compact for Timestamp {
    #[inline]
    fn put(&self, to: &mut Encoder<'_>) {
        to.bytes8(self.as_nanos().to_le_bytes(), 8);
    }
    #[inline]
    fn take(from: &mut Decoder<'_>) -> Option<Self> {
        Some(Self::from_nanos(i64::from_le_bytes(from.bytes8(8)?)))
    }
}

/// Source and flags share a byte.
impl Compact for Naming {
    #[inline]
    fn put(&self, to: &mut Encoder<'_>) {
        let flags = u8::from(self.ech_offered) << 6 | u8::from(self.is_cover) << 7;
        to.byte(self.source as u8 | flags);
        to.number(self.name.0.into());
    }
    #[inline]
    fn take(from: &mut Decoder<'_>) -> Option<Self> {
        let byte = from.byte()?;
        Some(Self {
            source: *NameSource::ALL.get(usize::from(byte & 0x3f))?,
            ech_offered: byte & 0x40 != 0,
            is_cover: byte & 0x80 != 0,
            name: NameId(from.number()?.try_into().ok()?),
        })
    }
}

impl<T: Compact> Compact for Option<T> {
    #[inline]
    fn put(&self, to: &mut Encoder<'_>) {
        to.byte(u8::from(self.is_some()));
        if let Some(value) = self {
            value.put(to);
        }
    }
    #[inline]
    fn take(from: &mut Decoder<'_>) -> Option<Self> {
        Some(if from.byte()? != 0 { Some(T::take(from)?) } else { None })
    }
}

impl Compact for Endpoint {
    #[inline]
    fn put(&self, to: &mut Encoder<'_>) {
        match self.ip {
            IpAddr::V4(ip) => {
                to.byte(4);
                to.bytes8(u64::from(ip.to_bits()).to_le_bytes(), 4);
            }
            IpAddr::V6(ip) => {
                to.byte(6);
                let (high, low) = ((ip.to_bits() >> 64) as u64, ip.to_bits() as u64);
                to.bytes8(high.to_le_bytes(), 8);
                to.bytes8(low.to_le_bytes(), 8);
            }
        }
        to.bytes8(u64::from(self.port).to_le_bytes(), 2);
    }
    #[inline]
    fn take(from: &mut Decoder<'_>) -> Option<Self> {
        let ip = if from.byte()? == 4 {
            IpAddr::V4((u64::from_le_bytes(from.bytes8(4)?) as u32).into())
        } else {
            let (high, low) = (u64::from_le_bytes(from.bytes8(8)?), u64::from_le_bytes(from.bytes8(8)?));
            IpAddr::V6((u128::from(high) << 64 | u128::from(low)).into())
        };
        let port = u64::from_le_bytes(from.bytes8(2)?) as u16;
        Some(Self { ip, port })
    }
}

/// Enumerations without data are one byte. Naming all variants on both ways lets the compiler find a missing one.
macro_rules! compact_enum {
    ($name:ident { $( $variant:ident = $number:literal ),* }) => {
        impl Compact for $name {
            #[inline]
            fn put(&self, to: &mut Encoder<'_>) {
                to.byte(match self { $( Self::$variant => $number, )* });
            }
            #[inline]
            fn take(from: &mut Decoder<'_>) -> Option<Self> {
                match from.byte()? { $( $number => Some(Self::$variant), )* _ => None }
            }
        }
    };
}

compact_enum! { Transport { Tcp = 0, Udp = 1 } }
compact_enum! { Direction { Up = 0, Down = 1 } }
compact_enum! { ClientSource { Option = 0, Syn = 1, Port = 2, First = 3 } }
compact_enum! { EndReason {
    Reply = 0, Idle = 1, Push = 2, Record = 3, Request = 4, Gap = 5, Closed = 6, CaptureEnd = 7, Evicted = 8
} }

/// Structures are their fields. A field that is not listed is an error of the compiler.
macro_rules! compact_struct {
    ($name:ident { $( $field:ident ),* }) => {
        impl Compact for $name {
            #[inline]
            fn put(&self, to: &mut Encoder<'_>) {
                let Self { $( $field ),* } = self;
                $( $field.put(to); )*
            }
            #[inline]
            fn take(from: &mut Decoder<'_>) -> Option<Self> {
                Some(Self { $( $field: Compact::take(from)? ),* })
            }
        }
    };
}

compact_struct! { StreamIdentity { id, transport, client, server, naming } }
compact_struct! { Quantiles { p50, p95, max } }
compact_struct! { DirectionRecord {
    packets, ip_bytes, payload_packets, payload_bytes, retransmitted_bytes, objects, records_read, size_bytes, gap_ns
} }
compact_struct! { ObjectRecord {
    stream, direction, index, start, end, payload_bytes, retransmitted_bytes, ip_bytes, packets, gap_before_ns,
    end_reason, multiplexed
} }
compact_struct! { StreamRecord {
    stream, client_source, start, end, end_reason, client_rtt_ns, server_rtt_ns, up, down
} }
compact_struct! { BinRecord { stream, direction, start, payload_bytes, retransmitted_bytes, ip_bytes, packets } }
compact_struct! { PacketRecord {
    stream, direction, number, timestamp, ip_bytes, payload_bytes, retransmitted_bytes, gap_ns, tcp_flags,
    payload_offset, object_index, previous_object_bytes
} }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::samples;

    fn back<R: Compact>(record: &R) -> (R, usize) {
        // What follows a number must not leak into it.
        let mut block = vec![0xff; MAX_RECORD_BYTES];
        let mut encoder = Encoder::new(&mut block);
        record.put(&mut encoder);
        let bytes = encoder.bytes();
        let mut decoder = Decoder::new(&block, bytes);
        let record = R::take(&mut decoder).expect("a record");
        assert!(decoder.is_at_end());
        (record, bytes)
    }

    #[test]
    fn numbers_of_every_length_come_back() {
        for shift in 0..64 {
            for number in [1_u64 << shift, (1 << shift) - 1, u64::MAX >> shift] {
                assert_eq!(back(&number).0, number);
                assert_eq!(back(&Some(number)).0, Some(number));
            }
        }
        assert_eq!(back(&None::<u64>).0, None);
        for nanos in [0, -1, i64::MIN, i64::MAX] {
            assert_eq!(back(&Timestamp::from_nanos(nanos)).0, Timestamp::from_nanos(nanos));
        }
    }

    const NAMING: Naming =
        Naming { name: NameId(u32::MAX), source: NameSource::ReverseDns, ech_offered: true, is_cover: true };

    #[test]
    fn what_a_server_is_called_comes_back() {
        for source in NameSource::ALL {
            for flags in 0..4 {
                let naming = Naming { source, ech_offered: flags & 1 != 0, is_cover: flags & 2 != 0, ..NAMING };
                assert_eq!(back(&naming).0, naming);
            }
        }
    }

    #[test]
    fn records_come_back_and_the_longest_has_room() {
        assert_eq!(back(&samples::object()).0, samples::object());
        let full = Quantiles { p50: Some(u64::MAX), p95: Some(u64::MAX), max: Some(u64::MAX) };
        let direction = DirectionRecord {
            packets: u64::MAX,
            ip_bytes: u64::MAX,
            payload_packets: u64::MAX,
            payload_bytes: u64::MAX,
            retransmitted_bytes: u64::MAX,
            objects: u64::MAX,
            records_read: true,
            size_bytes: full,
            gap_ns: full,
        };
        let end = Endpoint { ip: IpAddr::from([0xfe; 16]), port: u16::MAX };
        let stream =
            StreamIdentity { id: u64::MAX, transport: Transport::Udp, client: end, server: end, naming: NAMING };
        let record = StreamRecord {
            stream,
            client_rtt_ns: Some(u64::MAX),
            server_rtt_ns: None,
            up: direction.clone(),
            down: direction,
            ..samples::stream()
        };
        let (same, bytes) = back(&record);
        assert_eq!(same, record);
        assert!(bytes + 9 + PADDING_BYTES < MAX_RECORD_BYTES, "{bytes} bytes");
    }

    #[test]
    fn bytes_that_are_no_record_are_refused() {
        let block = [0xff; 64];
        assert_eq!(ObjectRecord::take(&mut Decoder::new(&block, 64)), None);
        assert_eq!(u64::take(&mut Decoder::new(&[8, 1, 2], 3)), None);
    }
}
