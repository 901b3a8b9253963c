//! The form of a state: the same bytes for the same packets and cuts, and a version that is raised when it changes.

use super::generated::conversations;
use super::{chosen, in_parts, rotated, start};
use crate::names::{CLIENT, Step, hello, packets};
use crate::support::{File, Packet, captures, packets_of, read_capture};
use analyzer_core::sink::NullSink;
use analyzer_core::state::VERSION;
use analyzer_core::{Analyzer, Config, Reading};

/// The state after one file that is pushed in chunks of so many bytes.
fn state(config: &Config, file: &File, chunk_bytes: usize) -> Vec<u8> {
    let mut analyzer = Analyzer::in_parts(config.clone()).expect("a configuration that can work");
    analyzer.admit(&file.name, start(file)).expect("the first file");
    analyzer.begin_input(&file.name);
    for chunk in file.bytes.chunks(chunk_bytes) {
        analyzer.push(chunk, &mut NullSink).expect("a capture without faults");
    }
    analyzer.end_input().expect("a capture without faults");
    analyzer.suspend(&Reading::default(), "n").expect("there are packets").1
}

/// Tables are hashed with random seeds, each of them anew.
#[test]
fn the_same_packets_give_the_same_bytes() {
    let recordings = [
        ("many streams", conversations(20, 200)),
        ("names", packets_of(&read_capture(&captures("truth/lab/phone-mix.pcap.gz")))),
    ];
    for (what, packets) in recordings {
        let file = &rotated(&packets, &[])[0];
        let expected = state(&Config::default(), file, usize::MAX);
        for chunk_bytes in [7, 1_460, usize::MAX] {
            assert!(state(&Config::default(), file, chunk_bytes) == expected, "{what}, in chunks of {chunk_bytes}");
        }
        let files = rotated(&packets, &chosen(5, packets.len()));
        let parts: Vec<&[File]> = files.chunks(1).collect();
        let [first, second] = [0, 1].map(|_| in_parts(&Config::default(), &parts).expect("files in order").states);
        assert!(first == second, "{what}, in parts");
        let live = expected.len() as u64;
        assert!(live < 1_000 * 200 + 40_000, "{what}: {live} bytes are a few hundred for each live stream");
    }
}

/// Something of every kind that a state can hold: half a ClientHello, half a datagram, holes, names, a skip.
fn everything() -> Vec<Packet> {
    let hello = hello("split.example", false);
    let mut all = packets(&[
        Step::Answer(CLIENT, "told.example"),
        Step::AnswerOverTcp("tcp.example"),
        Step::Up(hello[..90].to_vec()),
        Step::UpAt(200, hello[200..].to_vec()),
    ]);
    for name in
        ["ipv4_fragments_rest_missing.pcap", "arp_is_other.pcap", "tcp_hole_never_filled.pcap", "golden_quic.pcap"]
    {
        all.extend(packets_of(&read_capture(&captures("conventions").join(name))).into_iter().take(12));
    }
    for (number, packet) in (0..).zip(&mut all) {
        packet.time_ns = 1_583_056_800_000_000_000 + number * 1_000_000;
    }
    all
}

/// Fails when anything that is serialised changes: raise `VERSION` then, and write down what is found. When an option was
/// added or renamed, the version may stay: states with other options are refused anyway.
#[test]
fn the_form_belongs_to_its_version() {
    let state = state(&Config::default(), &rotated(&everything(), &[])[0], usize::MAX);
    let checksum = state.last_chunk::<8>().expect("a state ends with its checksum");
    let checksum: String = checksum.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((VERSION, state.len(), checksum.as_str()), (1, 2480, "2a966f3793d644b8"));
}
