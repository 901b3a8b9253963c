//! Captures made or rewritten by tests.

use analyzer_core::capture::CaptureDecoder;

/// One packet, owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Packet {
    pub(crate) time_ns: i64,
    pub(crate) link_type: u16,
    pub(crate) wire_bytes: u32,
    pub(crate) captured: Vec<u8>,
}

/// The packets of a capture that is readable to its end.
pub(crate) fn packets_of(bytes: &[u8]) -> Vec<Packet> {
    let mut packets = Vec::new();
    let mut decoder = CaptureDecoder::new();
    let each = |packet: analyzer_core::capture::Packet<'_>| {
        packets.push(Packet {
            time_ns: packet.timestamp.as_nanos(),
            link_type: packet.link_type.0,
            wire_bytes: packet.wire_bytes,
            captured: packet.captured.to_vec(),
        });
    };
    decoder.push(bytes, each).and_then(|()| decoder.finish()).expect("a capture without faults");
    packets
}

/// A pcap file with nanoseconds; all packets have the first one's link type.
pub(crate) fn write_pcap(packets: &[Packet]) -> Vec<u8> {
    let link_type = packets.first().map_or(1, |packet| packet.link_type);
    let mut file = words(&[0xa1b2_3c4d, 0x0004_0002, 0, 0, 262_144, u32::from(link_type)]);
    for packet in packets {
        let second = u32::try_from(packet.time_ns / 1_000_000_000).expect("pcap's seconds have 32 bits");
        let nanos = (packet.time_ns % 1_000_000_000) as u32; // below 10⁹
        file.extend(words(&[second, nanos, packet.captured.len() as u32, packet.wire_bytes]));
        file.extend_from_slice(&packet.captured);
    }
    file
}

/// A pcapng file with one interface and nanoseconds.
pub(crate) fn write_pcapng(packets: &[Packet]) -> Vec<u8> {
    let link_type = packets.first().map_or(1, |packet| packet.link_type);
    let mut file = block(0x0a0d_0d0a, &words(&[0x1a2b_3c4d, 1, u32::MAX, u32::MAX]));
    // if_tsresol (option 9, one byte): 10⁻⁹ s; then the end of the options.
    file.extend(block(1, &words(&[u32::from(link_type), 0, 0x0001_0009, 9, 0])));
    for packet in packets {
        let time = packet.time_ns.cast_unsigned();
        let mut body = words(&[0, (time >> 32) as u32, time as u32, packet.captured.len() as u32, packet.wire_bytes]);
        body.extend_from_slice(&packet.captured);
        body.resize(body.len().next_multiple_of(4), 0);
        file.extend(block(6, &body));
    }
    file
}

fn block(block_type: u32, body: &[u8]) -> Vec<u8> {
    let length = body.len() as u32 + 12; // test packets are short
    let mut block = words(&[block_type, length]);
    block.extend_from_slice(body);
    block.extend(words(&[length]));
    block
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}
