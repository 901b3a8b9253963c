//! pcapng: sections, interfaces, times, odd blocks and faults.

use super::build::{ENHANCED, INTERFACE, SECTION};
use super::*;

const RESOLUTION: u16 = 9;
const OFFSET: u16 = 14;

#[test]
fn packets_are_read_in_both_byte_orders() {
    for big_endian in [false, true] {
        let file = File::default().section(big_endian).interface(1, 65_535, &[]);
        let obsolete = file.part().u16s([0, 9]).u32s([0, 5_000_000, 2, 60]).raw(b"op\0\0");
        let with_options = file.part().u32s([0, 0, 2_000_000, 3, 3]).raw(b"opt\0").option(2, 4, b"\0\0\0\x01");
        let file = file
            .enhanced(0, 1_000_002, b"abc")
            .simple(60, b"defg")
            .block(2, obsolete.bytes())
            .block(ENHANCED, with_options.bytes());
        check(
            "one of each",
            &file,
            &[
                "48: 1.000002000 link 1 \"abc\" of 3",
                "84: 1.000002000 link 1 \"defg\" of 60 NoTimestamp",
                "104: 5.000000000 link 1 \"op\" of 60",
                "140: 2.000000000 link 1 \"opt\" of 3",
            ],
            "",
        );
    }
}

#[test]
fn sections_have_their_own_byte_order_and_interfaces() {
    let file = File::default()
        .section(false)
        .interface(1, 0, &[])
        .interface(101, 0, &[(RESOLUTION, &[9])])
        .enhanced(1, 7, b"a")
        .enhanced(0, 7, b"b")
        .section(true)
        .interface(113, 0, &[(RESOLUTION, &[3])])
        .enhanced(0, 7, b"c")
        .section(false)
        .simple(1, b"d");
    check(
        "three sections",
        &file,
        &[
            "76: 0.000000007 link 101 \"a\" of 1",
            "112: 0.000007000 link 1 \"b\" of 1",
            "204: 0.007000000 link 113 \"c\" of 1",
        ],
        "byte 268: corrupt pcapng block: a packet before any interface description",
    );
    let counts = decode(file.bytes(), 64).counts.expect("a pcapng file");
    assert_eq!((counts.sections, counts.interfaces), (3, 3));
}

#[test]
fn resolution_and_offset_of_the_interface_make_the_time() {
    let thousand_s = 1000_i64.to_le_bytes();
    for (name, options, ticks, expected) in [
        ("microseconds unless told", &[][..], 3, "0.000003000"),
        ("seconds", &[(RESOLUTION, &[0][..])], 3, "3.000000000"),
        ("quarters", &[(RESOLUTION, &[0x82])], 3, "0.750000000"),
        ("offset", &[(OFFSET, &thousand_s)], 3, "1000.000003000"),
        ("both", &[(RESOLUTION, &[9]), (OFFSET, &thousand_s)], 3, "1000.000000003"),
        ("among others", &[(2, b"eth0"), (RESOLUTION, &[9]), (12, b"\0Linux")], 3, "0.000000003"),
        ("after the end of options", &[(0, b""), (RESOLUTION, &[9])], 3, "0.000003000"),
        ("resolution of two bytes", &[(RESOLUTION, &[9, 9])], 3, "0.000003000"),
        ("resolution of none", &[(RESOLUTION, &[])], 3, "0.000003000"),
        ("offset of four bytes", &[(OFFSET, &[1, 0, 0, 0])], 3, "0.000003000"),
        ("more than 32 bits", &[(RESOLUTION, &[9])], 1 << 62, "4611686018.427387904"),
    ] {
        let file = File::default().section(false).interface(1, 0, options).enhanced(0, ticks, b"a");
        let offset = file.bytes().len() - 36;
        check(name, &file, &[&format!("{offset}: {expected} link 1 \"a\" of 1")], "");
    }
    let big_endian = File::default().section(true).interface(1, 0, &[(OFFSET, &1000_i64.to_be_bytes())]);
    check("big-endian", &big_endian.enhanced(0, 3, b"a"), &["60: 1000.000003000 link 1 \"a\" of 1"], "");
    let earliest = File::default().section(false).interface(1, 0, &[(OFFSET, &i64::MIN.to_le_bytes())]);
    let expected = "60: -9223372037.145224192 link 1 \"a\" of 1 TimestampClamped";
    check("clamped", &earliest.enhanced(0, 3, b"a"), &[expected], "");
}

#[test]
fn a_lying_option_ends_the_options_but_not_the_file() {
    for (name, code, value_bytes) in
        [("far beyond the block", 2, 60_000), ("just beyond", 2, 5), ("itself", RESOLUTION, 5)]
    {
        let file = File::default().section(false);
        let body = file.part().u16s([1, 0]).u32s([0]).option(RESOLUTION, 1, &[9]).option(code, value_bytes, b"eth0");
        let file = file.block(INTERFACE, body.bytes()).enhanced(0, 5, b"a");
        check(name, &file, &["64: 0.000000005 link 1 \"a\" of 1"], "");
    }
}

#[test]
fn a_simple_packet_is_as_long_as_snapshot_length_and_block_allow() {
    for (snaplen, wire, data, expected) in [
        (0, 3, &b"abc"[..], "\"abc\" of 3"),
        (65_535, 3, b"abc", "\"abc\" of 3"),
        (2, 60, b"abcd", "\"ab\" of 60"),
        (0, 60, b"abcd", "\"abcd\" of 60"),
        (0, 0, b"", "\"\" of 0"),
    ] {
        let file = File::default().section(false).interface(1, snaplen, &[]).simple(wire, data);
        check("simple", &file, &[&format!("48: 0.000000000 link 1 {expected} NoTimestamp")], "");
    }
    let file = pcapng_file().simple(u32::MAX, b"abcd");
    check("huge", &file, &["48: 0.000000000 link 1 \"abcd\" of 4294967295 ImplausibleWireLength"], "");
}

#[test]
fn odd_lengths_are_told_and_the_larger_one_counts() {
    for (captured, wire, expected) in [
        (4, 1500, "\"abcd\" of 1500"),
        (4, 2, "\"abcd\" of 4 CapturedExceedsWire"),
        (4, u32::MAX, "\"abcd\" of 4294967295 ImplausibleWireLength"),
    ] {
        let file = pcapng_file().enhanced_of(0, 0, captured, wire, b"abcd");
        check("lengths", &file, &[&format!("48: 0.000000000 link 1 {expected}")], "");
    }
}

#[test]
fn blocks_without_packets_are_skipped_and_counted() {
    let mut file = pcapng_file();
    for block_type in [4, 5, 10, 10, 0x0bad, 0x4000_0bad, 0x8000_0001] {
        file = file.block(block_type, b"secret: do not look here");
    }
    let file = file.enhanced(0, 1, b"a").block(77, b"");
    check("skipped", &file, &["300: 0.000001000 link 1 \"a\" of 1"], "");
    let counts = decode(file.bytes(), 7).counts.expect("a pcapng file");
    let expected = [(4, 1), (5, 1), (10, 2), (0x0bad, 1), (0x4000_0bad, 1), (0x8000_0001, 1), (77, 1)];
    assert_eq!(counts.skipped_blocks, expected);
    assert_eq!(counts.skipped_blocks_of_unlisted_types, 0);
}

#[test]
fn the_list_of_skipped_types_is_bounded() {
    let file = (0..100).chain(0..100).fold(pcapng_file(), |file, n| file.block(1000 + n, b""));
    let counts = decode_in_every_chunking("200 blocks of 100 types", file.bytes()).counts.expect("a pcapng file");
    assert_eq!(counts.skipped_blocks, (1000..1064).map(|block_type| (block_type, 2)).collect::<Vec<_>>());
    assert_eq!(counts.skipped_blocks_of_unlisted_types, 72);
}

#[test]
fn a_corrupt_block_ends_the_file_at_its_offset() {
    let file = pcapng_file().enhanced(0, 1, b"a");
    let part = file.part();
    let corrupt = |bytes: File| file.clone().then(&bytes).then(&pcapng_file().enhanced(0, 2, b"b"));
    for (block, fault) in [
        (part.clone().u32s([6, 0]), "corrupt pcapng block: its length is below the 12 bytes that every block has"),
        (part.clone().u32s([6, 8]), "corrupt pcapng block: its length is below the 12 bytes that every block has"),
        (part.clone().u32s([6, 33]).raw(&[0; 25]), "corrupt pcapng block: its length is not a multiple of 4"),
        (part.clone().u32s([6, u32::MAX]), "a block of 4294967295 bytes is not believable"),
        (part.clone().u32s([6, (16 << 20) + 4]), "a block of 16777220 bytes is not believable"),
        (part.clone().u32s([99, 16, 0, 20]), "corrupt pcapng block: the lengths at its two ends differ"),
        (part.clone().enhanced(7, 1, b"b"), "corrupt pcapng block: a packet of an interface that was not described"),
        (part.clone().enhanced_of(0, 1, 5, 5, b"abcd"), "corrupt pcapng block: a packet longer than its block"),
        (part.clone().enhanced_of(0, 1, u32::MAX, 5, b"abcd"), "corrupt pcapng block: a packet longer than its block"),
        (part.clone().block(ENHANCED, &[0; 16]), "corrupt pcapng block: a packet block too short for its fields"),
        (part.clone().block(2, &[0; 16]), "corrupt pcapng block: a packet block too short for its fields"),
        (part.clone().block(3, b""), "corrupt pcapng block: a packet block too short for its fields"),
        (
            part.clone().block(INTERFACE, &[0; 4]),
            "corrupt pcapng block: an interface description too short for its fields",
        ),
        (
            part.clone().u32s([SECTION, 28, 0x1111_1111]),
            "corrupt pcapng block: a section header without a byte-order magic",
        ),
        (
            part.clone().block(SECTION, part.clone().u32s([0x1a2b_3c4d]).u16s([1, 0]).u32s([0]).bytes()),
            "corrupt pcapng block: a section header too short for its fields",
        ),
        (
            part.clone().block(SECTION, part.clone().u32s([0x1a2b_3c4d]).u16s([2, 1]).u32s([0, 0]).bytes()),
            "version 2.1 of the capture file format is not known",
        ),
    ] {
        let expected = format!("byte 84: {fault}");
        check(fault, &corrupt(block), &["48: 0.000001000 link 1 \"a\" of 1"], &expected);
    }
    let without_interface = File::default().section(false).enhanced(0, 1, b"a");
    let fault = "byte 28: corrupt pcapng block: a packet before any interface description";
    check("no interface", &without_interface, &[], fault);
}

#[test]
fn a_cut_block_says_what_is_missing() {
    for (name, file, kept_bytes, fault) in [
        (
            "first section",
            pcapng_file(),
            20,
            "byte 0: the file ends inside the file header: 8 more bytes were announced",
        ),
        ("interface", pcapng_file(), 30, "byte 28: the file ends inside a block: 10 more bytes were announced"),
        ("interface", pcapng_file(), 40, "byte 28: the file ends inside a block: 8 more bytes were announced"),
    ] {
        check(name, &build::file(&file.bytes()[..kept_bytes]), &[], fault);
    }
}

#[test]
fn a_joined_pcap_file_is_named() {
    for big_endian in [false, true] {
        let file = File::default().section(big_endian).interface(1, 0, &[]).enhanced(0, 1, b"a");
        for other_big_endian in [false, true] {
            let other = build::pcap(other_big_endian, 0xa1b2_3c4d, (2, 4), 65_535, 1).record(1, 0, b"b");
            let fault = "byte 84: another capture file begins here: two files were joined; give them as separate files";
            check("joined", &file.clone().then(&other), &["48: 0.000001000 link 1 \"a\" of 1"], fault);
        }
    }
}

#[test]
fn interfaces_are_bounded_in_a_section() {
    let interfaces = |file: File, n: usize| file.raw(&File::default().interface(1, 0, &[]).bytes().repeat(n));
    let full = interfaces(File::default().section(false), 65_536).enhanced(65_535, 1, b"a");
    let packet = "1310748: 0.000001000 link 1 \"a\" of 1";
    let again = interfaces(full.clone().section(false), 65_536).enhanced(65_535, 1, b"b");
    check("as many in the next section", &again, &[packet, "2621532: 0.000001000 link 1 \"b\" of 1"], "");
    let fault = "byte 1310784: corrupt pcapng block: more than 65536 interfaces in a section";
    check("one too many", &interfaces(full, 1), &[packet], fault);
}
