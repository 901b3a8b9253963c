//! Captures rewritten through a `Keeper`.

use crate::support::{Analysis, File, Packet, analyze, config};
use analyzer_core::Config;
use analyzer_core::capture::{CaptureDecoder, LinkType};
use analyzer_core::keep::{Keep, Keeper};
use analyzer_core::name::Naming;
use analyzer_core::record::Pseudonyms;
use analyzer_core::time::Timestamp;

/// The packets of a capture, up to its fault if it has one. Times before the epoch are moved there.
pub(crate) fn readable_packets(bytes: &[u8]) -> Vec<Packet> {
    let mut packets = Vec::new();
    let each = |packet: analyzer_core::capture::Packet<'_>| {
        packets.push(Packet {
            time_ns: packet.timestamp.as_nanos().max(0),
            link_type: packet.link_type.0,
            wire_bytes: packet.wire_bytes,
            captured: packet.captured.to_vec(),
        });
    };
    drop(CaptureDecoder::new().push(bytes, each));
    packets
}

/// A packet as the core takes it.
pub(crate) fn borrow(packet: &Packet) -> analyzer_core::capture::Packet<'_> {
    analyzer_core::capture::Packet {
        timestamp: Timestamp::from_nanos(packet.time_ns),
        link_type: LinkType(packet.link_type),
        wire_bytes: packet.wire_bytes,
        captured: &packet.captured,
        file_offset: 0,
        oddity: None,
    }
}

/// What is kept of the packets.
pub(crate) fn kept(keep: Keep, packets: &[Packet]) -> Vec<Packet> {
    kept_by(Keeper::new(keep, None).expect("without pseudonyms everything goes"), packets)
}

/// The same with pseudonyms.
pub(super) fn kept_anonymized(keep: Keep, pseudonyms: Pseudonyms, packets: &[Packet]) -> Vec<Packet> {
    kept_by(Keeper::new(keep, Some(pseudonyms)).expect("not whole packets"), packets)
}

fn kept_by(mut keeper: Keeper, packets: &[Packet]) -> Vec<Packet> {
    let mut out = Vec::new();
    let keep = |packet: &Packet| {
        // What stands in front is the recorder's, and stays.
        out.clear();
        out.extend_from_slice(b"before");
        let bytes = keeper.append(&borrow(packet), &mut out);
        assert_eq!(&out[..6], b"before");
        assert_eq!(out.len(), 6 + bytes);
        assert!(bytes <= packet.captured.len(), "more than was captured");
        Packet { captured: out[6..].to_vec(), ..packet.clone() }
    };
    let kept = packets.iter().map(keep).collect();
    assert_eq!(keeper.forgotten_streams(), 0);
    kept
}

/// A pcapng file with nanoseconds and an interface for each link type.
pub(super) fn write(packets: &[Packet]) -> Vec<u8> {
    let mut link_types: Vec<u16> = packets.iter().map(|packet| packet.link_type).collect();
    link_types.sort_unstable();
    link_types.dedup();
    let mut file = block(0x0a0d_0d0a, &words(&[0x1a2b_3c4d, 1, u32::MAX, u32::MAX]));
    for link_type in &link_types {
        // if_tsresol (option 9, one byte): 10⁻⁹ s; then the end of the options.
        file.extend(block(1, &words(&[u32::from(*link_type), 0, 0x0001_0009, 9, 0])));
    }
    for packet in packets {
        let interface = link_types.binary_search(&packet.link_type).expect("it has an interface");
        let time = packet.time_ns.cast_unsigned();
        let facts =
            [interface as u32, (time >> 32) as u32, time as u32, packet.captured.len() as u32, packet.wire_bytes];
        let mut body = words(&facts);
        body.extend_from_slice(&packet.captured);
        body.resize(body.len().next_multiple_of(4), 0);
        file.extend(block(6, &body));
    }
    file
}

fn block(block_type: u32, body: &[u8]) -> Vec<u8> {
    let length = words(&[body.len() as u32 + 12]); // test packets are short
    [&words(&[block_type])[..], &length, body, &length].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// What a method finds in packets, without what only tells how much of them was captured.
pub(crate) fn analysis_of(method: &str, packets: &[Packet]) -> Analysis {
    let config = Config { packets: true, ..config(method) };
    let mut analysis = analyze(&config, usize::MAX, &[File::new("capture", write(packets))]);
    assert_eq!(analysis.faults, [], "what was written can be read");
    analysis.totals.counters.truncated_frames = 0;
    analysis
}

/// Every object, stream, bin and packet, a line each, and the counters.
pub(crate) fn findings(analysis: &Analysis) -> Vec<String> {
    // Names are compared apart: requests in the open are not kept, and the name in them isn't either.
    let mut records = analysis.records.clone();
    let objects = records.objects.iter_mut().map(|record| &mut record.stream);
    let streams = records.streams.iter_mut().map(|record| &mut record.stream);
    let bins = records.bins.iter_mut().map(|record| &mut record.stream);
    let packets = records.packets.iter_mut().map(|record| &mut record.stream);
    objects.chain(streams).chain(bins).chain(packets).for_each(|stream| stream.naming = Naming::NONE);
    let objects = records.objects.iter().map(|record| format!("{record:?}"));
    let streams = records.streams.iter().map(|record| format!("{record:?}"));
    let bins = records.bins.iter().map(|record| format!("{record:?}"));
    let packets = records.packets.iter().map(|record| format!("{record:?}"));
    let counters = format!("{:?}", analysis.totals.counters);
    objects.chain(streams).chain(bins).chain(packets).chain([counters]).collect()
}
