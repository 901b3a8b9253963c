//! Which bytes of payload are kept, case by case; the table of connections; words and sentences.

mod datagrams;
mod segments;

use super::stream::Stream;
use super::table::MAX_STREAMS;
use super::*;
use crate::capture::LinkType;

/// A packet between two ends in IPv4, without link layer; `body` is the TCP or UDP header with its payload.
fn ipv4(protocol: u8, host: u16, body: &[u8]) -> Vec<u8> {
    let [length_high, length_low] = (20 + body.len() as u16).to_be_bytes();
    let [high, low] = host.to_be_bytes();
    let mut bytes =
        vec![0x45, 0, length_high, length_low, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, high, low, 192, 0, 2, 1];
    bytes.extend_from_slice(body);
    bytes
}

/// What is kept behind the headers of a packet.
fn payload_of(keeper: &mut Keeper, bytes: &[u8], header_bytes: usize) -> Vec<u8> {
    let mut out = Vec::new();
    keeper.append(&packet(bytes), &mut out);
    assert_eq!(out[..header_bytes], bytes[..header_bytes], "headers are kept as they are");
    out.split_off(header_bytes)
}

fn packet(captured: &[u8]) -> Packet<'_> {
    Packet {
        timestamp: Timestamp::from_nanos(0),
        link_type: LinkType(101),
        wire_bytes: captured.len() as u32, // test packets are short
        captured,
        file_offset: 0,
        oddity: None,
    }
}

fn keeper(keep: Keep) -> Keeper {
    Keeper::new(keep, None).expect("without pseudonyms everything goes")
}

#[test]
fn every_choice_has_a_word_and_a_sentence() {
    for keep in Keep::ALL {
        assert_eq!(keep.to_string().parse(), Ok(keep));
        assert!(keep.kept().ends_with('.'));
        assert_eq!(keep.kept_anonymized().is_none(), keep == Keep::Full);
    }
    let unknown = "everything".parse::<Keep>().expect_err("no such word");
    assert_eq!(unknown.to_string(), "`everything` is not one of headers, names, records, full");
    assert!(Keep::Headers < Keep::Names && Keep::Names < Keep::Records && Keep::Records < Keep::Full);
}

#[test]
fn whole_packets_are_whole() {
    let bytes = ipv4(17, 1, &[0, 1, 0, 2, 0, 11, 0, 0, 7, 7, 7]);
    let mut out = Vec::new();
    assert_eq!(keeper(Keep::Full).append(&packet(&bytes), &mut out), bytes.len());
    assert_eq!(out, bytes);
}

#[test]
fn the_table_is_small_and_counts_what_it_forgets() {
    assert!((size_of::<Stream>() + 8) * MAX_STREAMS < 6_000_000, "a connection has {} bytes", size_of::<Stream>());
    let open = |keeper: &mut Keeper, connections: u16, flags: u8| {
        for host in 0..connections {
            keeper.append(&packet(&ipv4(6, host, &segments::tcp(flags, 0, &[]))), &mut Vec::new());
        }
        keeper.forgotten_streams()
    };
    let most = MAX_STREAMS as u16;
    let mut keeper_ = keeper(Keep::Records);
    assert_eq!(open(&mut keeper_, most, segments::SYN), 0);
    assert_eq!(open(&mut keeper_, most, segments::ACK), 0, "the same again");
    assert_eq!(open(&mut keeper_, most + 1_000, segments::ACK), 1_000, "live ones make place");
    // Reset at their first packet, none is live.
    assert_eq!(open(&mut keeper(Keep::Records), most + 1_000, segments::RST), 0);
}

#[test]
fn connections_that_ended_make_place() {
    let mut keeper = keeper(Keep::Records);
    for seconds in 0..2_000_i64 {
        for host in 0..100 {
            let host = (seconds % 600) as u16 * 100 + host;
            let bytes = ipv4(6, host, &segments::tcp(segments::SYN, 0, &[]));
            let timestamp = Timestamp::from_nanos(seconds * 1_000_000_000);
            keeper.append(&Packet { timestamp, ..packet(&bytes) }, &mut Vec::new());
        }
    }
    assert_eq!(keeper.forgotten_streams(), 0, "30 000 are live at once");
}
