//! Looks for a name in the first bytes of a stream.
//!
//! In: the payload of a stream's packets, with its place in its direction. Out: what the stream says about its server, once. Guaranteed:
//! at most 16 KiB of a direction's beginning are looked at and kept until it is clear what they are; then nothing is kept;
//! most streams are clear after their first packet and keep nothing at all.

use super::client_hello::ClientHello;
use super::dns::DNS_PORT;
use super::opening::{self, Opening};
use super::quic::InitialReader;
use super::tls::{self, Progress};
use super::{NameSource, Names, Naming, http};
use crate::decode::Segment;
use crate::object::quic::has_long_header;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Names that stand in the open in place of the server's own, where Encrypted Client Hello is used (RFC 9849 §4.1): those of operators that
/// serve many others. Any other name beside an offer is the server's, since an offer may be pretence (§6.2).
const COVER_NAMES: [&str; 3] = ["cloudflare-ech.com", "cover.defo.ie", "public.tls-ech.dev"];

/// The search in one stream.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Finder {
    states: [State; 2],
    /// What was collected of the directions whose beginning came in pieces.
    pending: Option<Box<[Pending; 2]>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
enum State {
    #[default]
    Unstarted,
    Collecting,
    Over,
}

#[derive(Debug, Default, Serialize, Deserialize)]
enum Pending {
    #[default]
    Nothing,
    Stream(Opening),
    /// Messages of the Domain Name System, and how many bytes of them were read.
    Dns(Opening, usize),
    Quic(Box<InitialReader>),
}

/// What a stream says about its server.
enum Found {
    Hello(ClientHello, NameSource),
    Host(String),
}

/// A packet's payload as the finder sees it.
#[derive(Clone, Copy)]
pub(crate) struct Piece<'a> {
    pub(crate) segment: &'a Segment<'a>,
    /// Index of the direction.
    pub(crate) at: usize,
    /// Place of the payload in its direction; 0 for UDP.
    pub(crate) offset: u64,
}

impl Finder {
    /// Whether payload of a direction can still tell something: by itself, or by ending what is collected of the other.
    #[inline]
    pub(crate) fn wants(&self, at: usize) -> bool {
        self.states[at] != State::Over || self.states[1 - at] == State::Collecting
    }

    /// Takes the payload of a packet; changes what the stream is called where it says so.
    pub(crate) fn take(&mut self, piece: &Piece<'_>, client: IpAddr, naming: &mut Naming, names: &mut Names) {
        let Piece { segment, at, .. } = *piece;
        let found = if segment.tcp.is_none() {
            self.datagram(piece)
        } else {
            // Who answers has heard all that there was to hear.
            self.end(1 - at).into_iter().for_each(|found| found.apply(naming, names));
            if segment.source_port == DNS_PORT {
                self.answers(piece, client, names);
                None
            } else {
                self.stream(piece)
            }
        };
        if let Some(found) = found {
            found.apply(naming, names);
        }
    }

    /// The stream ends here: what there is of a beginning has to do.
    pub(crate) fn finish(&mut self, naming: &mut Naming, names: &mut Names) {
        for at in 0..2 {
            self.end(at).into_iter().for_each(|found| found.apply(naming, names));
        }
    }

    fn stream(&mut self, piece: &Piece<'_>) -> Option<Found> {
        let Piece { segment, at, offset } = *piece;
        let is_cut = segment.payload.len() < segment.payload_bytes as usize;
        match self.states[at] {
            State::Over => return None,
            State::Unstarted if offset == 0 => match read(segment.payload) {
                Progress::More if !is_cut => {}
                Progress::More => return self.over(at, read_cut(segment.payload)),
                Progress::Found(found) => return self.over(at, Some(found)),
                Progress::Not => return self.over(at, None),
            },
            State::Unstarted | State::Collecting => {}
        }
        if offset >= opening::MAX_BYTES as u64 {
            // A beginning that did not come until now was not recorded.
            let found = self.end(at);
            return self.over(at, found);
        }
        self.states[at] = State::Collecting;
        let pending = &mut self.pending.get_or_insert_default()[at];
        if matches!(pending, Pending::Nothing) {
            *pending = Pending::Stream(Opening::default());
        }
        let Pending::Stream(opening) = pending else { return None };
        opening.put(offset, segment.payload);
        match read(opening.contiguous()) {
            Progress::More if is_cut => self.end(at),
            Progress::More => None,
            Progress::Found(found) => self.over(at, Some(found)),
            Progress::Not => self.over(at, None),
        }
    }

    fn datagram(&mut self, piece: &Piece<'_>) -> Option<Found> {
        let Piece { segment, at, .. } = *piece;
        if self.states[at] == State::Over {
            return None;
        }
        if segment.payload.first().is_none_or(|first| first & 0x80 == 0) || !has_long_header(segment.payload) {
            return self.over(at, None);
        }
        self.states[at] = State::Collecting;
        let pending = &mut self.pending.get_or_insert_default()[at];
        if matches!(pending, Pending::Nothing) {
            *pending = Pending::Quic(Box::default());
        }
        let Pending::Quic(reader) = pending else { return None };
        match reader.datagram(segment.payload) {
            Progress::More => None,
            Progress::Found(hello) => self.over(at, Some(Found::Hello(hello, NameSource::QuicSni))),
            Progress::Not => {
                let found = reader.read_cut().map(|hello| Found::Hello(hello, NameSource::QuicSni));
                self.over(at, found)
            }
        }
    }

    /// Messages over TCP have their length in front (RFC 1035 §4.2.2).
    fn answers(&mut self, piece: &Piece<'_>, client: IpAddr, names: &mut Names) {
        let Piece { segment, at, offset } = *piece;
        if self.states[at] == State::Over {
            return;
        }
        self.states[at] = State::Collecting;
        let pending = &mut self.pending.get_or_insert_default()[at];
        if matches!(pending, Pending::Nothing) {
            *pending = Pending::Dns(Opening::default(), 0);
        }
        let Pending::Dns(opening, read) = pending else { return };
        opening.put(offset, segment.payload);
        let bytes = opening.contiguous();
        while let Some((length, rest)) = bytes.get(*read..).and_then(|bytes| bytes.split_first_chunk::<2>()) {
            let Some(message) = rest.get(..usize::from(u16::from_be_bytes(*length))) else { break };
            names.learn(client, message);
            *read += 2 + message.len();
        }
        if offset >= opening::MAX_BYTES as u64 {
            self.over(at, None);
        }
    }

    /// Ends the search in a direction with what was collected.
    fn end(&mut self, at: usize) -> Option<Found> {
        if self.states[at] != State::Collecting {
            return None;
        }
        let found = match &self.pending.as_ref()?[at] {
            Pending::Stream(opening) => read_cut(opening.contiguous()),
            // A client may ask more over the same connection.
            Pending::Dns(..) => return None,
            Pending::Quic(reader) => reader.read_cut().map(|hello| Found::Hello(hello, NameSource::QuicSni)),
            Pending::Nothing => None,
        };
        self.over(at, found)
    }

    fn over(&mut self, at: usize, found: Option<Found>) -> Option<Found> {
        self.states[at] = State::Over;
        if found.is_some() {
            // The other direction belongs to the server.
            self.states = [State::Over; 2];
        }
        if self.states == [State::Over; 2] {
            self.pending = None;
        } else if let Some(pending) = &mut self.pending {
            pending[at] = Pending::Nothing;
        }
        found
    }
}

impl Found {
    fn apply(self, naming: &mut Naming, names: &mut Names) {
        let (text, source) = match self {
            Self::Host(host) => (host, NameSource::HttpHost),
            Self::Hello(hello, source) => {
                naming.ech_offered = hello.ech_offered;
                let Some(name) = hello.server_name else { return };
                naming.is_cover = hello.ech_offered && COVER_NAMES.contains(&name.as_str());
                if naming.is_cover && naming.name.is_some() {
                    return;
                }
                (name, source)
            }
        };
        let name = names.table.insert(&text);
        if name.is_some() {
            *naming = Naming { name, source, ..*naming };
        }
    }
}

fn read(bytes: &[u8]) -> Progress<Found> {
    match tls::read(bytes) {
        Progress::Found(hello) => Progress::Found(Found::Hello(hello, NameSource::TlsSni)),
        Progress::More => Progress::More,
        Progress::Not => match http::read(bytes) {
            Progress::Found(host) => Progress::Found(Found::Host(host)),
            Progress::More => Progress::More,
            Progress::Not => Progress::Not,
        },
    }
}

fn read_cut(bytes: &[u8]) -> Option<Found> {
    let hello = tls::read_cut(bytes).map(|hello| Found::Hello(hello, NameSource::TlsSni));
    hello.or_else(|| http::read_cut(bytes).map(Found::Host))
}
