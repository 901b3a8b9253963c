//! A streaming walker over TLS record headers (RFC 8446 §5.1): the five clear bytes before each record.
//!
//! In: the payload of one direction as it arrives, whole, zeroed or cut between record headers. Out: each record's
//! position, type and length as soon as its header is complete. Guaranteed: a few bytes of state; after a hole the walker
//! finds the next header again; where headers were not captured it stops for good and says so.

use super::sequence::ORIGIN;
use crate::state::serial;
use memchr::memchr_iter;
use serde::{Deserialize, Serialize};

/// Content type of application data.
pub(super) const APPLICATION_DATA: u8 = 23;
const HEADER_BYTES: u64 = 5;
/// 2¹⁴ bytes of plaintext and the 2 048 bytes that TLS 1.2 allows an AEAD to add.
const MAX_RECORD_BYTES: u16 = (1 << 14) + 2048;
/// A stream that shows no header in so many bytes is not TLS. Records are at most 18 kB long, so TLS shows three.
const SEARCH_BYTES: u32 = 64 << 10;

/// One TLS record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TlsRecord {
    /// Position of its header, or of the packet's first byte when the header began in the packet before.
    pub start: u64,
    /// Content type: 20 change cipher spec, 21 alert, 22 handshake, 23 application data.
    pub content_type: u8,
    /// Length of the record without its header.
    pub length: u16,
    /// The first record after a hole: the lengths of those before it are unknown.
    pub after_hole: bool,
}

/// Captured bytes of one packet that the walker read where a record header has to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeaderRead {
    /// Where they begin, in bytes from the packet's first payload byte.
    pub at: usize,
    /// How many they are: five, or fewer where the header is divided between packets.
    pub bytes: usize,
    /// They begin what can be a record header, or go on with it, even if that shows that it is none. Otherwise zeros in
    /// their place tell the walker the same.
    pub is_header: bool,
}

/// How far the walker got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    /// The next header begins at `next`.
    Walking,
    /// The next header's place is unknown.
    Searching,
    /// Not TLS, or headers that the capture did not keep.
    Stopped,
}

/// The walker of one direction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RecordWalker {
    state: State,
    /// Position of the next header; its first `header_filled` bytes are in `header`.
    next: u64,
    header: [u8; HEADER_BYTES as usize],
    #[serde(deserialize_with = "serial::at_most::<_, _, 4>")]
    header_filled: u8,
    found_any: bool,
    after_hole: bool,
    searched_bytes: u32,
}

impl RecordWalker {
    /// A walker for a stream whose beginning was (`from_start`) or was not captured.
    #[must_use]
    pub(crate) const fn new(from_start: bool) -> Self {
        Self {
            state: if from_start { State::Walking } else { State::Searching },
            next: ORIGIN,
            header: [0; 5],
            header_filled: 0,
            found_any: false,
            after_hole: false,
            searched_bytes: 0,
        }
    }

    /// Whether records are being read: at least one was, and no header was missed for good.
    #[must_use]
    pub(crate) fn is_reading(&self) -> bool {
        self.found_any && self.state != State::Stopped
    }

    /// Whether the walker gave up: the stream is not TLS, or its headers were not captured.
    #[must_use]
    pub(crate) fn is_stopped(&self) -> bool {
        self.state == State::Stopped
    }

    /// Takes the payload of a segment that reaches beyond everything seen before. It stands at `start`, is
    /// `payload_bytes` long on the wire, and `captured` is what the capture kept of it.
    #[inline]
    pub(crate) fn feed(&mut self, start: u64, payload_bytes: u32, captured: &[u8], each: impl FnMut(TlsRecord)) {
        self.feed_noting(start, payload_bytes, captured, each, |_| ());
    }

    /// The same, and tells what of the captured payload it read as headers.
    #[inline]
    pub(crate) fn feed_noting(
        &mut self,
        start: u64,
        payload_bytes: u32,
        captured: &[u8],
        each: impl FnMut(TlsRecord),
        noted: impl FnMut(HeaderRead),
    ) {
        if self.state == State::Walking && self.next >= start + u64::from(payload_bytes) || self.state == State::Stopped
        {
            return;
        }
        self.walk(start, payload_bytes, captured, each, noted);
    }

    fn walk(
        &mut self,
        start: u64,
        payload_bytes: u32,
        captured: &[u8],
        mut each: impl FnMut(TlsRecord),
        mut noted: impl FnMut(HeaderRead),
    ) {
        let end = start + u64::from(payload_bytes);
        loop {
            if self.state == State::Searching && !self.search(start, payload_bytes, captured) {
                return;
            }
            let wanted = self.next + u64::from(self.header_filled);
            if wanted >= end || self.state == State::Stopped {
                return;
            }
            if wanted < start {
                // A hole swallowed the header.
                self.lose();
                continue;
            }
            let from = (wanted - start) as usize; // below the payload's length, so it fits
            let Some(bytes) = captured.get(from..) else {
                self.state = State::Stopped; // on the wire, but not captured
                return;
            };
            let missing = usize::from(5 - self.header_filled);
            let taken = missing.min(bytes.len());
            let before = &self.header[..usize::from(self.header_filled)];
            let is_header = may_begin_header(if before.is_empty() { &bytes[..taken] } else { before });
            noted(HeaderRead { at: from, bytes: taken, is_header });
            self.header[usize::from(self.header_filled)..][..taken].copy_from_slice(&bytes[..taken]);
            if taken < missing {
                if wanted + (taken as u64) < end {
                    self.state = State::Stopped; // the capture cuts the header
                } else {
                    self.header_filled += taken as u8;
                }
                return;
            }
            match parse_header(self.header) {
                Some((content_type, length)) => {
                    each(TlsRecord { start: self.next.max(start), content_type, length, after_hole: self.after_hole });
                    self.next += HEADER_BYTES + u64::from(length);
                    self.header_filled = 0;
                    self.found_any = true;
                    self.after_hole = false;
                    self.searched_bytes = 0;
                }
                // A stream that does not begin with a record is not TLS; one that did lost its way.
                None if !self.found_any && self.next == ORIGIN => self.state = State::Stopped,
                None => {
                    self.lose();
                    // The bytes of this packet up to the bad header are no place to look again.
                    self.next = start + from as u64 + 1;
                }
            }
        }
    }

    fn lose(&mut self) {
        self.state = State::Searching;
        self.header_filled = 0;
        self.next = 0;
        self.after_hole = true;
    }

    /// Looks for the header of an application-data record; true when it was found and walking goes on.
    fn search(&mut self, start: u64, payload_bytes: u32, captured: &[u8]) -> bool {
        let from = usize::try_from(self.next.saturating_sub(start)).unwrap_or(usize::MAX);
        let bytes = captured.get(from..).unwrap_or_default();
        for at in memchr_iter(APPLICATION_DATA, bytes).filter(|at| bytes[*at..].starts_with(&[APPLICATION_DATA, 3, 3]))
        {
            let header = bytes.get(at..at + 5).and_then(|header| header.try_into().ok());
            let Some((_, length)) = header.and_then(parse_header) else { continue };
            // Where the next header is in sight, it must be one.
            let following = bytes.get(at + 5 + usize::from(length)..).and_then(|rest| rest.first_chunk::<5>());
            if length > 16 && following.is_none_or(|header| parse_header(*header).is_some()) {
                self.state = State::Walking;
                self.next = start + (from + at) as u64;
                self.after_hole = true;
                return true;
            }
        }
        self.next = 0;
        // Bytes on the wire, so that it gives up at the same place however much of them was kept.
        let searched = payload_bytes.saturating_sub(u32::try_from(from).unwrap_or(u32::MAX));
        self.searched_bytes = self.searched_bytes.saturating_add(searched);
        if self.searched_bytes > SEARCH_BYTES {
            self.state = State::Stopped;
        }
        false
    }
}

/// Whether a direction's payload can be TLS, as its first packet tells: one that stands where the stream begins, and was
/// captured, begins with a record header, or with as much of one as the packet holds.
pub(crate) fn may_begin_records(is_from_start: bool, start: u64, captured: &[u8]) -> bool {
    !is_from_start || start != ORIGIN || !captured.is_empty() && may_begin_header(captured)
}

/// Whether the first five bytes, or all where there are fewer, can begin a record header.
pub(crate) fn may_begin_header(bytes: &[u8]) -> bool {
    let mut header = [APPLICATION_DATA, 3, 0, 0, 0];
    let given = bytes.len().min(header.len());
    header[..given].copy_from_slice(&bytes[..given]);
    parse_header(header).is_some()
}

/// Content type and length, when the five bytes can be a record header.
fn parse_header([content_type, major, minor, high, low]: [u8; 5]) -> Option<(u8, u16)> {
    let length = u16::from_be_bytes([high, low]);
    let plausible = (20..=23).contains(&content_type) && major == 3 && minor <= 4 && length <= MAX_RECORD_BYTES;
    plausible.then_some((content_type, length))
}
