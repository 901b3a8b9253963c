//! The variants of the pcap container, and compressed files.

use crate::captures::case::{BEGIN_NS, Case, Recording};
use crate::captures::container::Endian;
use crate::captures::container::gzip::gzip;
use crate::captures::container::pcap::Pcap;
use crate::captures::container::pcapng::Pcapng;
use crate::captures::container::zstd::{skippable, zstd};
use crate::captures::packet::ip::{ipv4, protocol::TCP, protocol::UDP};
use crate::captures::packet::link::{ether_type, ethernet, link_type, with_fcs};
use crate::captures::packet::transport::{tcp, udp};
use anyhow::Result;

const PLAIN: Pcap = Pcap::plain(link_type::ETHERNET);
/// Upper half of the link type field: the length of the frame check sequence is told, and it is two 16-bit words.
const FCS_OF_FOUR_BYTES: u32 = 0x2400_0000;

pub(super) fn cases() -> Result<Vec<Case>> {
    let nanoseconds = Pcap { nanoseconds: true, ..PLAIN };
    let mut cases = vec![
        written_as("pcap_micros_little_endian.pcap", "Magic d4c3b2a1: microseconds; little-endian", PLAIN, 123_456_000),
        written_as(
            "pcap_micros_big_endian.pcap",
            "Magic a1b2c3d4: microseconds; big-endian",
            Pcap { endian: Endian::Big, ..PLAIN },
            123_456_000,
        ),
        written_as(
            "pcap_nanos_little_endian.pcap",
            "Magic 4d3cb2a1: nanoseconds; little-endian",
            nanoseconds,
            123_456_789,
        ),
        written_as(
            "pcap_nanos_big_endian.pcap",
            "Magic a1b23c4d: nanoseconds; big-endian",
            Pcap { endian: Endian::Big, ..nanoseconds },
            123_456_789,
        ),
        written_as(
            "pcap_modified.pcap",
            "Magic a1b2cd34: record headers of 24 bytes",
            Pcap { modified: true, ..PLAIN },
            123_456_000,
        ),
        written_as(
            "pcap_snaplen_zero.pcap",
            "A snaplen of 0 in the file header decides nothing",
            Pcap { snaplen: 0, ..PLAIN },
            0,
        ),
        written_as(
            "pcap_snaplen_too_small.pcap",
            "A snaplen below the captured lengths decides nothing",
            Pcap { snaplen: 64, ..PLAIN },
            0,
        ),
        fcs_in_link_type(),
        version_2_3(),
        captured_above_wire(),
        fraction_overflow(),
        no_packets(),
    ];
    cases.extend(compressed()?);
    Ok(cases)
}

/// Two packets; the second one's fraction of a second is `fraction_ns`.
fn two_packets(fraction_ns: i64) -> Recording {
    Recording::ethernet()
        .tcp(100, ethernet(ether_type::IPV4, &ipv4(TCP, &tcp(100))))
        .udp(50, ethernet(ether_type::IPV4, &ipv4(UDP, &udp(50))))
        .at(2_000_000_000 + fraction_ns)
        .streams(2)
}

fn written_as(file: &'static str, proves: &'static str, format: Pcap, fraction_ns: i64) -> Case {
    let recording = two_packets(fraction_ns);
    Case::of_bytes(file, proves, format.file(&recording.packets), &recording).times(recording.times_ns())
}

fn fcs_in_link_type() -> Case {
    let recording = Recording::ethernet()
        .tcp(100, with_fcs(ethernet(ether_type::IPV4, &ipv4(TCP, &tcp(100)))))
        .udp(50, with_fcs(ethernet(ether_type::IPV4, &ipv4(UDP, &udp(50)))))
        .streams(2);
    let format = Pcap { network: PLAIN.network | FCS_OF_FOUR_BYTES, ..PLAIN };
    Case::of_bytes(
        "pcap_fcs_in_link_type.pcap",
        "The upper bits of the link type tell the length of the frame check sequence; the lower 16 are the type",
        format.file(&recording.packets),
        &recording,
    )
}

fn version_2_3() -> Case {
    let recording = Recording::ethernet()
        .tcp(100, ethernet(ether_type::IPV4, &ipv4(TCP, &tcp(100))))
        .tcp(1_000, ethernet(ether_type::IPV4, &ipv4(TCP, &tcp(1_000))))
        .snapped(96)
        .udp(50, ethernet(ether_type::IPV4, &ipv4(UDP, &udp(50))))
        .streams(2);
    let format = Pcap { version: (2, 3), ..PLAIN };
    Case::of_bytes(
        "pcap_version_2_3.pcap",
        "In version 2.3 the two lengths may be swapped: the smaller one is the captured length",
        format.file(&recording.packets),
        &recording,
    )
}

fn captured_above_wire() -> Case {
    Recording::ethernet()
        .tcp(100, ethernet(ether_type::IPV4, &ipv4(TCP, &tcp(100))))
        .wire_bytes(60)
        .tcp(100, ethernet(ether_type::IPV4, &ipv4(TCP, &tcp(100))))
        .streams(1)
        .case("pcap_captured_above_wire.pcap", "A captured length above the original one: the larger one is believed")
        .made("the first record says 154 bytes captured of 60")
}

fn fraction_overflow() -> Case {
    let recording = two_packets(0);
    let mut bytes = PLAIN.file_header();
    bytes.extend(PLAIN.record(&recording.packets[0]));
    let second = (BEGIN_NS / 1_000_000_000) as u32;
    bytes.extend(PLAIN.record_with_time(second, 1_500_000, &recording.packets[1]));
    Case::of_bytes(
        "pcap_fraction_above_second.pcap",
        "A fraction of 1500000 microseconds is used as it stands",
        bytes,
        &recording,
    )
    .times(vec![BEGIN_NS, BEGIN_NS + 1_500_000_000])
}

fn no_packets() -> Case {
    Recording::ethernet().case("pcap_no_packets.pcap", "A file header without packets is a whole capture")
}

fn compressed() -> Result<Vec<Case>> {
    let recording = two_packets(0);
    let plain = PLAIN.file(&recording.packets);
    let case = |file, proves, bytes| Case::of_bytes(file, proves, bytes, &recording);
    // The border between two gzip members or zstd frames is inside a record: it means nothing to the capture.
    let (first, second) = plain.split_at(24 + 16 + 30);
    let pcapng = recording
        .packets
        .iter()
        .fold(Pcapng::new(Endian::Little).interface(link_type::ETHERNET, 0, &[]), |file, packet| {
            file.enhanced(0, (packet.at_ns / 1_000) as u64, packet, &[])
        });
    Ok(vec![
        case("pcap_gzip.pcap.gz", "A gzip file is read as what it holds", gzip(&plain)),
        case("pcap_gzip_two_members.pcap.gz", "Two gzip members are one capture", [gzip(first), gzip(second)].concat()),
        case(
            "pcap_gzip_empty_member.pcap.gz",
            "A gzip member of no bytes ends nothing",
            [gzip(first), gzip(&[]), gzip(second)].concat(),
        ),
        case("pcapng_zstd.pcapng.zst", "A zstd file is read as what it holds", zstd(&pcapng.into_bytes())?),
        case(
            "pcap_zstd_two_frames.pcap.zst",
            "Two zstd frames with a skippable one between are one capture",
            [zstd(first)?, skippable(b"skip me"), zstd(second)?].concat(),
        ),
    ])
}
