//! What of a packet has to be written, so that the analysis finds the same in it as in the whole.
//!
//! In: packets as they come from an interface. Out: their bytes with all payload cut off or zeroed that the chosen
//! [`Keep`] does not name. Guaranteed: never longer than what was captured; a packet's lengths on the wire stay what they
//! are, since they come from its headers; memory is bounded; no panic on any bytes. With [`Keep::Records`] the analysis
//! makes the same objects of what is kept as of whole packets; with [`Keep::Headers`] those of `exchange-headers`.
//!
//! What is kept is decided by the decoder and the record walker of the analysis itself, so the two can't disagree:
//!
//! - packets without a TCP or UDP header end behind their outermost IP header, and those without IP behind the header of
//!   the link layer, because nothing behind is read;
//! - TCP payload: headers of TLS records where the walker reads them, and the ClientHello (RFC 8446 §4.1.2);
//! - UDP payload: QUIC Initial datagrams (RFC 9000 §17.2.2), of other long headers the version (RFC 8999 §5.1);
//! - port 53: everything.
//!
//! A packet is written up to its last kept byte, with zeros before it in place of all that is not kept.

mod amount;
mod anonymize;
mod datagram;
mod hello;
mod payload;
mod stream;
mod table;

pub use amount::{Keep, KeepError};

use crate::capture::Packet;
use crate::decode::{Decoder, OuterIp, Segment, link_header_bytes};
use crate::record::Pseudonyms;
use crate::time::Timestamp;
use payload::KeptPayload;
use table::StreamTable;

const DNS_PORT: u16 = 53;

/// Cuts packets down to what is kept of them.
#[derive(Debug)]
pub struct Keeper {
    keep: Keep,
    pseudonyms: Option<Pseudonyms>,
    decoder: Decoder,
    streams: StreamTable,
    /// The greatest time of any packet.
    clock: Timestamp,
}

impl Keeper {
    /// A keeper at the beginning of a recording; one for each interface, because it follows TCP connections.
    ///
    /// # Errors
    /// When whole packets are to be anonymised.
    pub fn new(keep: Keep, pseudonyms: Option<Pseudonyms>) -> Result<Self, KeepError> {
        if keep == Keep::Full && pseudonyms.is_some() {
            return Err(KeepError::FullAnonymized);
        }
        Ok(Self {
            keep,
            pseudonyms,
            decoder: Decoder::default(),
            streams: StreamTable::new(keep == Keep::Records),
            clock: Timestamp::MIN,
        })
    }

    /// Writes what is kept of a packet behind `out` and returns how many bytes that is: the record's captured length. Its
    /// length on the wire does not change. Packets have to come in the order in which they are written.
    #[inline]
    pub fn append(&mut self, packet: &Packet<'_>, out: &mut Vec<u8>) -> usize {
        if self.keep == Keep::Full {
            out.extend_from_slice(packet.captured);
            return packet.captured.len();
        }
        let begin = out.len();
        self.clock = self.clock.max(packet.timestamp);
        match &self.decoder.decode(packet) {
            Ok(segment) => {
                out.extend_from_slice(&packet.captured[..segment.header_bytes(packet)]);
                if self.keep > Keep::Headers {
                    self.append_payload(segment, out);
                }
            }
            Err(_) => out.extend_from_slice(&packet.captured[..outer_bytes(packet)]),
        }
        if let Some(pseudonyms) = &self.pseudonyms {
            let written = anonymize::anonymize(packet, pseudonyms, &mut out[begin..]);
            out.truncate(begin + written);
        }
        out.len() - begin
    }

    /// How many TCP connections were forgotten before they ended, because there were too many at once. Of such a one,
    /// record headers are kept again from where a header of application data is found.
    #[must_use]
    pub const fn forgotten_streams(&self) -> u64 {
        self.streams.forgotten
    }

    #[inline]
    fn append_payload(&mut self, segment: &Segment<'_>, out: &mut Vec<u8>) {
        let mut payload = KeptPayload::new(segment.payload, out);
        // Answers hold addresses.
        let keeps_dns = self.pseudonyms.is_none();
        let Some(tcp) = &segment.tcp else { return datagram::keep(segment, keeps_dns, &mut payload) };
        let (stream, source_is_low) = self.streams.of(self.clock, segment, tcp);
        stream.take(self.clock, segment, tcp, source_is_low, &mut payload);
        if keeps_dns && is_dns(segment) {
            payload.keep_all();
        }
    }
}

fn is_dns(segment: &Segment<'_>) -> bool {
    segment.source_port == DNS_PORT || segment.destination_port == DNS_PORT
}

/// Up to the end of the outermost IP header, or else of the link layer's own.
#[cold]
fn outer_bytes(packet: &Packet<'_>) -> usize {
    let bytes = OuterIp::of(packet).map_or(link_header_bytes(packet.link_type), |ip| ip.header.end);
    bytes.min(packet.captured.len())
}

#[cfg(test)]
mod tests;
