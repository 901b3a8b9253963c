//! What TCP does on real paths: all of it is payload as sent; the streams are those of the addresses and ports.

use crate::captures::case::{BEGIN_NS, Case, Recording};
use crate::captures::packet::ip::{CLIENT_V4, Ipv4, SERVER_V4, ipv4, protocol};
use crate::captures::packet::link::{ether_type, ethernet};
use crate::captures::packet::transport::{CLIENT_PORT, SERVER_PORT, Tcp, flag};

/// Sequence number of the client's SYN.
const CLIENT_ISN: u32 = 1_000;
const SERVER_ISN: u32 = 2_000;

pub(super) fn cases() -> Vec<Case> {
    vec![
        retransmission(),
        out_of_order(),
        hole_filled(),
        hole_stays(),
        keep_alive(),
        sequence_wrap(),
        syn_with_data(),
        data_after_fin(),
        tuple_reuse(),
        clock_steps_back(),
    ]
}

/// A connection seen from the client, `offset` counted from its first payload byte.
fn up(offset: u32, flags: u8, payload_bytes: usize) -> Vec<u8> {
    segment_up(CLIENT_ISN.wrapping_add(1).wrapping_add(offset), SERVER_ISN + 1, flags, payload_bytes)
}

/// The server's side, `offset` counted from its first payload byte; `acknowledged` of the client's.
fn down(offset: u32, acknowledged: u32, flags: u8, payload_bytes: usize) -> Vec<u8> {
    segment_down(SERVER_ISN + 1 + offset, CLIENT_ISN + 1 + acknowledged, flags, payload_bytes)
}

fn segment_up(sequence: u32, acknowledgment: u32, flags: u8, payload_bytes: usize) -> Vec<u8> {
    let header = Tcp { sequence, acknowledgment, flags, ..Tcp::default() };
    ethernet(ether_type::IPV4, &ipv4(protocol::TCP, &header.carry(&vec![0; payload_bytes])))
}

fn segment_down(sequence: u32, acknowledgment: u32, flags: u8, payload_bytes: usize) -> Vec<u8> {
    let (source_port, destination_port) = (SERVER_PORT, CLIENT_PORT);
    let header = Tcp { source_port, destination_port, sequence, acknowledgment, flags, ..Tcp::default() };
    let ip = Ipv4 { source: SERVER_V4, destination: CLIENT_V4, ..Ipv4::default() };
    ethernet(ether_type::IPV4, &ip.carry(protocol::TCP, &header.carry(&vec![0; payload_bytes])))
}

const DATA: u8 = flag::ACK | flag::PSH;

/// The three packets that open the connection.
fn opened() -> Recording {
    Recording::ethernet()
        .tcp(0, segment_up(CLIENT_ISN, 0, flag::SYN, 0))
        .tcp(0, segment_down(SERVER_ISN, CLIENT_ISN + 1, flag::SYN | flag::ACK, 0))
        .tcp(0, up(0, flag::ACK, 0))
        .streams(2)
}

fn retransmission() -> Case {
    opened()
        .tcp(100, up(0, DATA, 100))
        .tcp(1_000, down(0, 100, DATA, 1_000))
        .tcp(1_000, down(1_000, 100, DATA, 1_000))
        .tcp(1_000, down(1_000, 100, DATA, 1_000))
        .at(300_000_000)
        .tcp(0, up(100, flag::ACK, 0))
        .at(310_000_000)
        .case("tcp_retransmission.pcap", "A retransmission is payload again in these counters")
        .made("2000 new bytes and 1000 again from the server")
}

fn out_of_order() -> Case {
    opened()
        .tcp(100, up(0, DATA, 100))
        .tcp(500, down(500, 100, DATA, 500))
        .tcp(500, down(0, 100, DATA, 500))
        .tcp(500, down(1_000, 100, DATA, 500))
        .case("tcp_out_of_order.pcap", "Segments that overtake each other are new bytes each")
        .made("1500 new bytes from the server; none again")
}

fn hole_filled() -> Case {
    opened()
        .tcp(500, down(0, 0, DATA, 500))
        .tcp(500, down(1_000, 0, DATA, 500))
        .tcp(500, down(1_500, 0, DATA, 500))
        .tcp(500, down(500, 0, DATA, 500))
        .at(400_000_000)
        .case("tcp_hole_filled_later.pcap", "A hole that a retransmission fills later is new bytes where it is filled")
        .made("2000 new bytes from the server; the second segment comes last")
}

fn hole_stays() -> Case {
    opened()
        .tcp(500, down(0, 0, DATA, 500))
        .tcp(500, down(1_000, 0, DATA, 500))
        .tcp(0, segment_up(CLIENT_ISN + 1, SERVER_ISN + 1 + 1_500, flag::ACK, 0))
        .tcp(500, down(1_500, 0, DATA, 500))
        .case("tcp_hole_never_filled.pcap", "Bytes that the recorder missed are acknowledged and never counted")
        .made("1500 bytes seen from the server of 2000 sent")
}

fn keep_alive() -> Case {
    opened()
        .tcp(100, up(0, DATA, 100))
        .tcp(1, up(99, flag::ACK, 1))
        .at(45_000_000_000)
        .tcp(0, down(0, 100, flag::ACK, 0))
        .at(45_010_000_000)
        .tcp(1, up(99, flag::ACK, 1))
        .at(90_000_000_000)
        .tcp(0, down(0, 100, flag::ACK, 0))
        .at(90_010_000_000)
        .case("tcp_keep_alive_byte.pcap", "A keep-alive repeats one old byte: payload here; nothing new")
        .made("100 new bytes from the client and the last one again twice")
}

fn sequence_wrap() -> Case {
    let near_end = u32::MAX - 999; // 1000 bytes before the wrap-around
    Recording::ethernet()
        .tcp(0, segment_up(CLIENT_ISN, 0, flag::SYN, 0))
        .tcp(0, segment_down(near_end - 1, CLIENT_ISN + 1, flag::SYN | flag::ACK, 0))
        .tcp(0, segment_up(CLIENT_ISN + 1, near_end, flag::ACK, 0))
        .tcp(600, segment_down(near_end, CLIENT_ISN + 1, DATA, 600))
        .tcp(600, segment_down(near_end.wrapping_add(600), CLIENT_ISN + 1, DATA, 600))
        .tcp(600, segment_down(near_end.wrapping_add(1_200), CLIENT_ISN + 1, DATA, 600))
        .tcp(0, segment_up(CLIENT_ISN + 1, near_end.wrapping_add(1_800), flag::ACK, 0))
        .streams(2)
        .case("tcp_sequence_wraps.pcap", "Sequence numbers pass 2^32 in the middle of a segment")
        .made("1800 new bytes from the server; none again")
}

fn syn_with_data() -> Case {
    Recording::ethernet()
        .tcp(80, segment_up(CLIENT_ISN, 0, flag::SYN, 80))
        .tcp(0, segment_down(SERVER_ISN, CLIENT_ISN + 81, flag::SYN | flag::ACK, 0))
        .tcp(200, down(0, 80, DATA, 200))
        .tcp(40, up(80, DATA, 40))
        .streams(2)
        .case("tcp_syn_with_data.pcap", "Fast Open's data in the SYN begin one behind its sequence number")
        .made("120 new bytes from the client and 200 from the server")
}

fn data_after_fin() -> Case {
    opened()
        .tcp(100, up(0, DATA, 100))
        .tcp(0, up(100, flag::FIN | flag::ACK, 0))
        .tcp(300, down(0, 101, DATA, 300))
        .tcp(50, up(101, DATA, 50))
        .tcp(0, down(300, 101, flag::FIN | flag::ACK, 0))
        .tcp(0, segment_up(CLIENT_ISN + 102, SERVER_ISN + 302, flag::ACK, 0))
        .case(
            "tcp_data_after_fin.pcap",
            "Payload after a FIN counts: the peer's lawful half and what the closer still sends",
        )
}

fn tuple_reuse() -> Case {
    let again = |recording: Recording| {
        recording
            .tcp(0, segment_up(900_000, 0, flag::SYN, 0))
            .tcp(0, segment_down(700_000, 900_001, flag::SYN | flag::ACK, 0))
            .tcp(60, segment_up(900_001, 700_001, DATA, 60))
            .tcp(600, segment_down(700_001, 900_061, DATA, 600))
    };
    let first = opened()
        .tcp(100, up(0, DATA, 100))
        .tcp(300, down(0, 100, DATA, 300))
        .tcp(0, up(100, flag::FIN | flag::ACK, 0))
        .tcp(0, down(300, 101, flag::FIN | flag::ACK, 0))
        .tcp(0, segment_up(CLIENT_ISN + 102, SERVER_ISN + 302, flag::ACK, 0));
    again(first).case(
        "tcp_tuple_reused.pcap",
        "A new SYN on the same addresses and ports: two connections; two directed 5-tuples",
    )
}

fn clock_steps_back() -> Case {
    let offsets_ns: [i64; 6] = [0, 50_000_000, 100_000_000, -3_600_000_000_000, -3_599_990_000_000, 200_000_000];
    let recording = offsets_ns.iter().enumerate().fold(Recording::ethernet(), |recording, (index, &offset_ns)| {
        recording.tcp(10, up(10 * index as u32, DATA, 10)).at(offset_ns)
    });
    recording
        .streams(1)
        .case("clock_steps_back.pcap", "Times that go back by an hour are read as they are and change no count")
        .times(offsets_ns.iter().map(|offset_ns| BEGIN_NS + offset_ns).collect())
}
