//! Files that can't be read to their end: the packets before the fault count, and the fault is named.

use crate::captures::case::{BEGIN_NS, Case, Recording};
use crate::captures::container::Endian;
use crate::captures::container::pcap::Pcap;
use crate::captures::container::pcapng::{Pcapng, block_type};
use crate::captures::packet::Packet;
use crate::captures::packet::ip::{ipv4, protocol::TCP, protocol::UDP};
use crate::captures::packet::link::{ether_type, ethernet, link_type};
use crate::captures::packet::transport::{tcp, udp};

const PCAP: Pcap = Pcap::plain(link_type::ETHERNET);
/// The first packet's time in microseconds.
const BEGIN_US: u64 = (BEGIN_NS / 1_000) as u64;
/// Every bit set, and a multiple of four as pcapng wants it.
const HUGE_BLOCK: u32 = 0xffff_fffc;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = pcap_faults();
    cases.extend(pcapng_faults());
    cases.push(
        without_packets("empty.pcap", "A file of no bytes is named as such", Vec::new(), "the file is empty")
            .tshark("no error"),
    );
    cases.push(without_packets(
        "unknown_magic.pcap",
        "A file of another kind is named as such",
        b"PK\x03\x04 this is not a capture".to_vec(),
        "not a pcap or pcapng file",
    ));
    cases.push(without_packets(
        "truncated_file_header.pcap",
        "A file that ends inside its header",
        PCAP.file_header()[..12].to_vec(),
        "the file ends inside the file header",
    ));
    cases
}

/// What can be read of every file here: one packet of TCP, one of UDP.
fn readable() -> Recording {
    Recording::ethernet()
        .tcp(100, ethernet(ether_type::IPV4, &ipv4(TCP, &tcp(100))))
        .udp(50, ethernet(ether_type::IPV4, &ipv4(UDP, &udp(50))))
        .streams(2)
}

fn without_packets(file: &'static str, proves: &'static str, bytes: Vec<u8>, phrase: &'static str) -> Case {
    Case::of_bytes(file, proves, bytes, &Recording::ethernet()).fault(phrase)
}

fn pcap_faults() -> Vec<Case> {
    // Two whole records, then `tail`.
    let with_tail = |file, proves, tail: &[u8], phrase| {
        let recording = readable();
        let bytes = [&PCAP.file(&recording.packets), tail].concat();
        Case::of_bytes(file, proves, bytes, &recording).fault(phrase)
    };
    let third = PCAP.record(&readable().packets[0]);
    let mut endless = third.clone();
    endless[8..16].fill(0xff);
    vec![
        with_tail(
            "truncated_last_packet.pcap",
            "The last record is cut inside its packet",
            &third[..16 + 40],
            "the file ends inside a packet",
        ),
        with_tail(
            "truncated_record_header.pcap",
            "The last record is cut inside its header",
            &third[..7],
            "the file ends inside a record header",
        ),
        with_tail("garbage_tail.pcap", "Garbage follows the last record", &[0xa5; 64], "is not believable")
            .tshark("guesses another record header from the garbage and finds 1 frame"),
        with_tail(
            "record_length_ffffffff.pcap",
            "A record of 4 GiB is not believed and nothing is reserved for it",
            &endless,
            "is not believable",
        ),
        with_tail(
            "two_pcaps_joined.pcap",
            "A second file that was appended to the first is recognised by its magic",
            &PCAP.file(&readable().packets),
            "another capture file",
        )
        .tshark("takes the second file header for an empty packet: 3 frames"),
    ]
}

fn pcapng_faults() -> Vec<Case> {
    let begun = || {
        let recording = readable();
        let file = Pcapng::new(Endian::Little).interface(link_type::ETHERNET, 0, &[]);
        recording.packets.iter().fold(file, |file, packet| file.enhanced(0, BEGIN_US, packet, &[]))
    };
    let case = |file, proves, bytes, phrase| Case::of_bytes(file, proves, bytes, &readable()).fault(phrase);
    let with_tail =
        |file, proves, tail: &[u8], phrase| case(file, proves, [&begun().into_bytes(), tail].concat(), phrase);
    // The head of an Enhanced Packet Block that claims `length`, with bytes enough behind it to go on wrongly.
    let block_of =
        |length: u32| [&block_type::ENHANCED_PACKET.to_le_bytes()[..], &length.to_le_bytes(), &[0; 64]].concat();
    let whole = begun().enhanced(0, BEGIN_US, &readable().packets[0], &[]).into_bytes();
    let lie = Packet { captured: vec![0; 20], ..readable().packets[0].clone() };
    let mut longer_than_block = begun().enhanced(0, BEGIN_US, &lie, &[]).into_bytes();
    // The captured length stands before the original one, the 20 bytes and the trailing length.
    let captured_length = longer_than_block.len() - 4 - 20 - 4 - 4;
    longer_than_block[captured_length..captured_length + 4].copy_from_slice(&100_u32.to_le_bytes());
    vec![
        with_tail(
            "block_length_zero.pcapng",
            "A block of length 0 ends the reading instead of being read for ever",
            &block_of(0),
            "corrupt pcapng block",
        ),
        with_tail(
            "block_length_fffffffc.pcapng",
            "A block of 4 GiB is not believed and nothing is reserved for it",
            &block_of(HUGE_BLOCK),
            "is not believable",
        ),
        case(
            "truncated_block.pcapng",
            "The file ends inside a block",
            whole[..whole.len() - 30].to_vec(),
            "the file ends inside a block",
        ),
        case(
            "packet_longer_than_block.pcapng",
            "A captured length above what its block holds",
            longer_than_block,
            "corrupt pcapng block",
        ),
        case(
            "packet_of_unknown_interface.pcapng",
            "A packet of interface 7 where only 0 was described",
            begun().enhanced(7, BEGIN_US, &readable().packets[0], &[]).into_bytes(),
            "corrupt pcapng block",
        ),
    ]
}
