//! Wherever a recording is cut, its parts give what one run gives.

use super::{Told, at_once, chosen, in_parts, rotated};
use crate::support::{File, Packet, captures, config, packets_of, read_capture, write_pcapng};
use analyzer_core::Config;

/// TLS over several segments, QUIC over several datagrams, calls with names of the resolver, holes and losses.
const CAPTURES: [&str; 8] = [
    "conventions/golden_web.pcap.gz",
    "conventions/golden_quic.pcap",
    "conventions/golden_call.pcap",
    "conventions/golden_push.pcap",
    "truth/lab/call.pcap.gz",
    "truth/lab/chat-far.pcap.gz",
    "truth/real/chat-nginx.pcap.gz",
    "truth/real/news-caddy-h3.pcap.gz",
];

#[test]
fn at_fifty_packets() {
    for name in CAPTURES {
        let packets = packets_of(&read_capture(&captures(name)));
        // One kind of packet records is enough to see that they are in order; they are many.
        let config = Config { packets: packets.len() < 1_000, ..Config::default() };
        check_pairs(&config, &packets, chosen(50, packets.len()), name);
        check_chain(&config, &packets, &chosen(50, packets.len()), name);
    }
}

/// Where connections open and say their names.
#[test]
fn at_each_of_the_first_packets() {
    for name in CAPTURES {
        let packets = packets_of(&read_capture(&captures(name)));
        let packets = &packets[..packets.len().min(120)];
        let borders: Vec<usize> = (1..packets.len()).collect();
        check_chain(&Config::default(), packets, &borders, name);
    }
}

#[test]
fn by_every_method_and_option() {
    let packets = packets_of(&read_capture(&captures("truth/real/chat-nginx.pcap.gz")));
    let borders = chosen(50, packets.len());
    for method in ["exchange", "exchange-headers", "fixed:500ms", "rtt:1.5"] {
        check_chain(&config(method), &packets, &borders, method);
    }
    for (name, value) in [
        ("protocol", "tcp"),
        ("client", "10.0.0.0/8"),
        ("tcp-expiry", "100ms"),
        // Evictions depend on all that is live.
        ("max-flows", "2"),
        ("split-requests", "false"),
    ] {
        let mut config = Config::default();
        config.set(name, value).expect(name);
        check_chain(&config, &packets, &borders, name);
    }
}

/// Small captures of single conventions: fragments, holes, reused ports, clocks that step back.
#[test]
fn conventions_at_every_packet() {
    for name in [
        "ipv4_fragments_in_order.pcap",
        "ipv4_fragments_interleaved.pcap",
        "ipv4_fragments_of_tcp.pcap",
        "ipv4_fragments_overlapping.pcap",
        "ipv4_fragments_rest_missing.pcap",
        "ipv4_first_fragment_twice.pcap",
        "ipv4_fragment_before_its_first.pcap",
        "ipv6_fragments.pcap",
        "tcp_hole_filled_later.pcap",
        "tcp_hole_never_filled.pcap",
        "tcp_out_of_order.pcap",
        "tcp_sequence_wraps.pcap",
        "tcp_tuple_reused.pcap",
        "tcp_keep_alive_byte.pcap",
        "tcp_data_after_fin.pcap",
        "clock_steps_back.pcap",
        "arp_is_other.pcap",
    ] {
        let packets = packets_of(&read_capture(&captures("conventions").join(name)));
        let config = Config { packets: true, ..Config::default() };
        for border in 1..packets.len() {
            // A file that begins before the one that was read is another order, which is refused.
            if packets[border].time_ns >= packets[0].time_ns {
                check_chain(&config, &packets, &[border], name);
            }
        }
    }
}

/// Containers may change from file to file; their blocks and interfaces belong to one file.
#[test]
fn pcapng_and_files_with_faults() {
    let packets = packets_of(&read_capture(&captures("truth/real/chat-nginx.pcap.gz")));
    let mut files = rotated(&packets, &chosen(9, packets.len()));
    for (at, file) in files.iter_mut().enumerate() {
        let own = packets_of(&file.bytes);
        if at % 2 == 0 {
            file.bytes = write_pcapng(&own);
        }
        if at % 4 == 1 {
            // Ends inside its last packet.
            file.bytes.truncate(file.bytes.len() - 3);
        }
    }
    // Blocks without packets are counted by file.
    files[0].bytes.splice(28..28, [0x77, 0, 0, 0, 12, 0, 0, 0, 12, 0, 0, 0]);
    let config = Config { packets: true, ..Config::default() };
    let expected = at_once(&config, &files);
    assert_eq!(expected.manifest["status"], "partial");
    assert_eq!(expected.manifest["skipped_blocks"]["0x00000077"], 1);
    for border in 1..files.len() {
        let (head, tail) = files.split_at(border);
        let found = in_parts(&config, &[head, tail]).expect("files in order");
        found.assert_same(&expected, &format!("before file {border}"));
    }
    let parts: Vec<&[File]> = files.chunks(1).collect();
    in_parts(&config, &parts).expect("files in order").assert_same(&expected, "every file alone");
}

/// The end of a recording may be told when nothing more comes.
#[test]
fn a_last_part_without_files() {
    let packets = packets_of(&read_capture(&captures("conventions/golden_web.pcap.gz")));
    let files = rotated(&packets, &[300]);
    let expected = at_once(&Config::default(), &files);
    let found = in_parts(&Config::default(), &[&files, &[]]).expect("files in order");
    found.assert_same(&expected, "an empty last part");
    let found = in_parts(&Config::default(), &[&files[..1], &[], &[], &files[1..]]).expect("files in order");
    found.assert_same(&expected, "days without traffic");
}

/// Each border alone: two files, two parts.
#[track_caller]
fn check_pairs(config: &Config, packets: &[Packet], borders: Vec<usize>, what: &str) {
    // The records don't depend on where the files end, and so need to be made once only.
    let records = at_once(config, &rotated(packets, &[])).records;
    for border in borders {
        let files = rotated(packets, &[border]);
        let (head, tail) = files.split_at(1);
        let found = in_parts(config, &[head, tail]).expect("files in order");
        assert!(found.records == records, "{what}, cut before packet {border}: the records differ");
    }
}

/// All borders: every file a part.
#[track_caller]
pub(super) fn check_chain(config: &Config, packets: &[Packet], borders: &[usize], what: &str) -> Told {
    let files = rotated(packets, borders);
    let parts: Vec<&[File]> = files.chunks(1).collect();
    let found = in_parts(config, &parts).unwrap_or_else(|error| panic!("{what}: {error}"));
    found.assert_same(&at_once(config, &files), what);
    found
}
