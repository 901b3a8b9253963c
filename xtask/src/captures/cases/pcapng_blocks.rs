//! The blocks of pcapng: those that hold packets, those that do not, and sections.

use crate::captures::case::{BEGIN_NS, Case, Recording};
use crate::captures::container::Endian;
use crate::captures::container::pcapng::{OPTION_COMMENT, OPTION_FLAGS, OPTION_RESOLUTION, Pcapng, block_type};
use crate::captures::packet::ip::{SERVER_V4, ipv4, protocol::TCP, protocol::UDP};
use crate::captures::packet::link::{ether_type, ethernet, link_type};
use crate::captures::packet::transport::{tcp, udp};

/// The first packet's time in microseconds.
const BEGIN_US: u64 = (BEGIN_NS / 1_000) as u64;
/// How much later the next packet comes.
const STEP_US: u64 = 10_000;

pub(super) fn cases() -> Vec<Case> {
    vec![
        sections_of_both_orders(),
        simple_packets(),
        obsolete_packets(),
        other_blocks(),
        packet_options(),
        no_packets(),
    ]
}

fn two_packets() -> Recording {
    Recording::ethernet()
        .tcp(99, ethernet(ether_type::IPV4, &ipv4(TCP, &tcp(99))))
        .udp(51, ethernet(ether_type::IPV4, &ipv4(UDP, &udp(51))))
        .streams(2)
}

fn sections_of_both_orders() -> Case {
    let recording = two_packets().tcp(10, ipv4(TCP, &tcp(10))).udp(20, ipv4(UDP, &udp(20)));
    let [first, second, third, fourth] = [0, 1, 2, 3].map(|index| &recording.packets[index]);
    let bytes = Pcapng::new(Endian::Little)
        .interface(link_type::ETHERNET, 262_144, &[])
        .enhanced(0, BEGIN_US, first, &[])
        .enhanced(0, BEGIN_US + STEP_US, second, &[])
        .section(Endian::Big)
        .interface(link_type::RAW, 262_144, &[(OPTION_RESOLUTION, vec![9])])
        .enhanced(0, (BEGIN_US + 2 * STEP_US) * 1_000, third, &[])
        .enhanced(0, (BEGIN_US + 3 * STEP_US) * 1_000, fourth, &[])
        .into_bytes();
    Case::of_bytes(
        "pcapng_two_sections.pcapng",
        "A section has its own byte order and its interfaces count from 0 again",
        bytes,
        &recording,
    )
    .times(recording.times_ns())
}

fn simple_packets() -> Case {
    let recording = two_packets()
        .tcp(1_000, ethernet(ether_type::IPV4, &ipv4(TCP, &tcp(1_000))))
        .snapped(160)
        .udp(50, ethernet(ether_type::IPV4, &ipv4(UDP, &udp(50))));
    let [first, second, third, fourth] = [0, 1, 2, 3].map(|index| &recording.packets[index]);
    let bytes = Pcapng::new(Endian::Little)
        .interface(link_type::ETHERNET, 160, &[])
        .enhanced(0, BEGIN_US, first, &[])
        .simple(second)
        .simple(third)
        .enhanced(0, BEGIN_US + STEP_US, fourth, &[])
        .into_bytes();
    Case::of_bytes(
        "pcapng_simple_packets.pcapng",
        "A Simple Packet Block has the first interface's snaplen and the time of the packet before it",
        bytes,
        &recording,
    )
    .times(vec![BEGIN_NS, BEGIN_NS, BEGIN_NS, BEGIN_NS + (STEP_US * 1_000) as i64])
    .tshark("gives the simple packets no time")
}

fn obsolete_packets() -> Case {
    let recording = two_packets();
    let bytes = Pcapng::new(Endian::Little)
        .interface(link_type::RAW, 0, &[])
        .interface(link_type::ETHERNET, 0, &[])
        .obsolete(1, BEGIN_US, &recording.packets[0])
        .obsolete(1, BEGIN_US + STEP_US, &recording.packets[1])
        .into_bytes();
    Case::of_bytes(
        "pcapng_obsolete_packets.pcapng",
        "The Packet Block of old drafts is read; its interface number has 16 bits",
        bytes,
        &recording,
    )
    .times(recording.times_ns())
}

fn other_blocks() -> Case {
    let recording = two_packets();
    let endian = Endian::Little;
    let name = b"server.example.org\0";
    let mut names = endian.u16(1).to_vec();
    names.extend(endian.u16(4 + name.len() as u16));
    names.extend(SERVER_V4.octets());
    names.extend(name);
    names.resize(names.len().next_multiple_of(4), 0);
    names.extend([0; 4]); // the end of the names
    let mut statistics = endian.u32(0).to_vec();
    statistics.extend(endian.u32((BEGIN_US >> 32) as u32));
    statistics.extend(endian.u32(BEGIN_US as u32));
    // A log of TLS keys, with a line that is none.
    let secrets = [&endian.u32(0x544c_534b)[..], &endian.u32(8), b"# empty\n"].concat();
    // 32473 is the enterprise number of examples (RFC 5612).
    let custom = [&endian.u32(32_473)[..], b"any bytes at all"].concat();
    let bytes = Pcapng::new(endian)
        .block(block_type::UNKNOWN, &[0xa5; 40])
        .interface(link_type::ETHERNET, 0, &[])
        .block(block_type::NAME_RESOLUTION, &names)
        .enhanced(0, BEGIN_US, &recording.packets[0], &[])
        .block(block_type::INTERFACE_STATISTICS, &statistics)
        .block(block_type::CUSTOM, &custom)
        .block(block_type::DECRYPTION_SECRETS, &secrets)
        .block(block_type::UNKNOWN, &[])
        .enhanced(0, BEGIN_US + STEP_US, &recording.packets[1], &[])
        .block(block_type::INTERFACE_STATISTICS, &statistics)
        .into_bytes();
    Case::of_bytes(
        "pcapng_other_blocks.pcapng",
        "Names; statistics; secrets; custom and unknown blocks are no packets and hide none",
        bytes,
        &recording,
    )
    .times(recording.times_ns())
    .tshark("lists the custom block as a packet: 3 frames")
}

fn packet_options() -> Case {
    let recording = two_packets();
    let comment = |text: &str| (OPTION_COMMENT, text.as_bytes().to_vec());
    let bytes = Pcapng::new(Endian::Big)
        .interface(link_type::ETHERNET, 0, &[comment("interface"), (OPTION_RESOLUTION, vec![6]), comment("")])
        .enhanced(0, BEGIN_US, &recording.packets[0], &[comment("one"), (OPTION_FLAGS, vec![0, 0, 0, 1])])
        .enhanced(0, BEGIN_US + STEP_US, &recording.packets[1], &[(0x7fff, vec![0xa5; 33]), comment("three")])
        .into_bytes();
    Case::of_bytes(
        "pcapng_packet_options.pcapng",
        "Options behind a packet are no bytes of it; unknown options are skipped",
        bytes,
        &recording,
    )
    .times(recording.times_ns())
}

fn no_packets() -> Case {
    let bytes = Pcapng::new(Endian::Little).interface(link_type::ETHERNET, 0, &[]).into_bytes();
    Case::of_bytes(
        "pcapng_no_packets.pcapng",
        "A section header and an interface without packets are a whole capture",
        bytes,
        &Recording::ethernet(),
    )
}
