//! The tables beside the captures.

use super::case::Case;
use std::fmt::Write;

const EXPECTED_HEADER: &str = "capture,frames,tcp_packets,udp_packets,other_packets,tcp_payload_bytes,\
    udp_payload_bytes,directed_streams,truncated_frames,later_fragments,exit_code,fault,proves";

/// What reading each capture must give.
pub(super) fn expected_csv(cases: &[Case]) -> String {
    let mut csv = format!("{EXPECTED_HEADER}\n");
    for case in cases {
        let expected = &case.expected;
        let counters = [
            expected.frames,
            expected.tcp_packets,
            expected.udp_packets,
            expected.other_packets,
            expected.tcp_payload_bytes,
            expected.udp_payload_bytes,
            expected.directed_streams,
            expected.truncated_frames,
            expected.later_fragments,
            expected.exit_code().into(),
        ];
        let counters = counters.map(|counter| counter.to_string()).join(",");
        push_line(&mut csv, format_args!("{},{counters},{},{}", case.file, expected.fault, case.proves));
    }
    csv
}

/// When each packet was captured, for the captures that are about times.
pub(super) fn times_csv(cases: &[Case]) -> String {
    let mut csv = "capture,frame,time_ns\n".to_owned();
    for case in cases {
        for (index, time_ns) in case.times_ns.iter().enumerate() {
            push_line(&mut csv, format_args!("{},{},{time_ns}", case.file, index + 1));
        }
    }
    csv
}

const README_HEAD: &str = "\
# Captures of our own making
Written by `cargo xtask gen-captures` from `xtask/src/captures/`; `--check` fails on any byte of drift. Never edit them
here. No private traffic: addresses and ports are made up, payload is zeros unless a line says otherwise.

- `expected.csv`: what reading each capture must give, known when the packets were written and not measured.
  `other_packets` = frames without an own TCP or UDP header, so it includes `later_fragments`. Payload includes
  retransmissions and the later fragments that joined their first. `directed_streams` = distinct directed 5-tuples.
  `exit_code` 3 = a fault ended the reading and its text contains `fault`; the packets before it are counted.
  No field holds a comma or a quote.
- `times.csv`: the exact time of each packet, for the captures that are about times.

tshark 4.0 agrees with `expected.csv` and `times.csv` except where a line says **tshark**. It is asked without
reassembly (`-o ip.defragment:FALSE -o ipv6.defragment:FALSE -o tcp.desegment_tcp_streams:FALSE`) for `frame.protocols`,
`tcp.len` and `udp.length` less 8; the first TCP or UDP that is not behind ICMP counts.
";

/// One line a capture.
pub(super) fn readme(cases: &[Case]) -> String {
    let mut text = README_HEAD.to_owned();
    let mut module = "";
    for case in cases {
        if case.module != module {
            module = case.module;
            push_line(&mut text, format_args!("\n## Made in `cases/{module}.rs`"));
        }
        let mut line = format!("- `{}`: {}.", case.file, case.proves);
        if !case.made.is_empty() {
            line += &format!(" Made: {}.", case.made);
        }
        if !case.tshark.is_empty() {
            line += &format!(" **tshark**: {}.", case.tshark);
        }
        push_line(&mut text, format_args!("{line}"));
    }
    text
}

fn push_line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("writing to a string can't fail");
}
