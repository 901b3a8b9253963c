//! pcap: magics, versions, odd records and faults.

use super::build::pcap;
use super::*;

const MICROS: u32 = 0xa1b2_c3d4;
const NANOS: u32 = 0xa1b2_3c4d;
const MODIFIED: u32 = 0xa1b2_cd34;

#[test]
fn every_magic_is_read_in_both_byte_orders() {
    for big_endian in [false, true] {
        let plain = |magic| pcap(big_endian, magic, (2, 4), 65_535, 1).record(1, 2, b"abc").record(3, 4, b"defgh");
        check(
            "microseconds",
            &plain(MICROS),
            &["24: 1.000002000 link 1 \"abc\" of 3", "43: 3.000004000 link 1 \"defgh\" of 5"],
            "",
        );
        check(
            "nanoseconds",
            &plain(NANOS),
            &["24: 1.000000002 link 1 \"abc\" of 3", "43: 3.000000004 link 1 \"defgh\" of 5"],
            "",
        );
        check(
            "modified",
            &pcap(big_endian, MODIFIED, (2, 4), 65_535, 1).wide_record(1, 2, b"abc").wide_record(3, 4, b"defgh"),
            &["24: 1.000002000 link 1 \"abc\" of 3", "51: 3.000004000 link 1 \"defgh\" of 5"],
            "",
        );
    }
}

#[test]
fn a_file_may_hold_no_packets() {
    check("header only", &pcap_file(), &[], "");
}

#[test]
fn the_link_type_is_the_lower_half_of_its_field() {
    for (network, expected) in [
        (113, "24: 1.000000000 link 113 \"a\" of 1"),
        (0x1400_0001, "24: 1.000000000 link 1 \"a\" of 1"),
        (65_000, "24: 1.000000000 link 65000 \"a\" of 1"),
        (0xffff_fffe, "24: 1.000000000 link 65534 \"a\" of 1"),
    ] {
        for big_endian in [false, true] {
            let file = pcap(big_endian, MICROS, (2, 4), 65_535, network).record(1, 0, b"a");
            check(&format!("network {network:#x}"), &file, &[expected], "");
        }
    }
}

#[test]
fn old_versions_have_their_lengths_swapped() {
    let (plain, swapped) =
        ("24: 1.000000000 link 1 \"abc\" of 60", "24: 1.000000000 link 1 60 B of 60 CapturedExceedsWire");
    for (version, first, second, expected) in [
        ((2, 4), 3, 60, plain),
        ((2, 9), 3, 60, plain),
        ((2, 3), 3, 60, plain),
        ((2, 3), 60, 3, plain),
        ((2, 2), 60, 3, plain),
        ((2, 0), 60, 3, plain),
        ((543, 0), 60, 3, plain),
        ((2, 4), 60, 3, swapped),
        ((2, 2), 3, 60, swapped),
    ] {
        let data: &[u8] = if expected == plain { b"abc" } else { &[b'x'; 60] };
        for big_endian in [false, true] {
            let file = pcap(big_endian, MICROS, version, 65_535, 1).u32s([1, 0, first, second]).raw(data);
            check(&format!("version {version:?}, lengths {first}, {second}"), &file, &[expected], "");
        }
    }
    for (version, fault) in [
        ((1, 2), "byte 0: version 1.2 of the capture file format is not known"),
        ((3, 0), "byte 0: version 3.0 of the capture file format is not known"),
    ] {
        check("unknown version", &pcap(false, MICROS, version, 65_535, 1).record(1, 0, b"a"), &[], fault);
    }
}

#[test]
fn the_snapshot_length_decides_nothing() {
    for snaplen in [0, 1, 65_535, u32::MAX] {
        let file = pcap(false, MICROS, (2, 4), snaplen, 1).record(1, 0, b"abcd");
        check(&format!("snaplen {snaplen}"), &file, &["24: 1.000000000 link 1 \"abcd\" of 4"], "");
    }
}

#[test]
fn seconds_are_unsigned_and_odd_fractions_stay() {
    for (name, magic, seconds, fraction, expected) in [
        ("2038", MICROS, 0x8000_0000, 0, "24: 2147483648.000000000 link 1 \"\" of 0"),
        ("2106", MICROS, u32::MAX, 999_999, "24: 4294967295.999999000 link 1 \"\" of 0"),
        ("a whole second of µs", MICROS, 7, 1_000_000, "24: 8.000000000 link 1 \"\" of 0 FractionOverflow"),
        ("last µs", MICROS, 7, 999_999, "24: 7.999999000 link 1 \"\" of 0"),
        ("a whole second of ns", NANOS, 7, 1_000_000_000, "24: 8.000000000 link 1 \"\" of 0 FractionOverflow"),
        ("last ns", NANOS, 7, 999_999_999, "24: 7.999999999 link 1 \"\" of 0"),
        ("most µs", MICROS, u32::MAX, u32::MAX, "24: 4294971589.967295000 link 1 \"\" of 0 FractionOverflow"),
    ] {
        check(name, &pcap(false, magic, (2, 4), 65_535, 1).record(seconds, fraction, b""), &[expected], "");
    }
}

#[test]
fn odd_lengths_are_told_and_the_larger_one_counts() {
    for (name, captured, wire, expected) in [
        ("nothing", 0, 0, "24: 1.000000000 link 1 \"\" of 0"),
        ("cut by the snapshot length", 4, 1500, "24: 1.000000000 link 1 \"abcd\" of 1500"),
        ("captured more than there was", 4, 2, "24: 1.000000000 link 1 \"abcd\" of 4 CapturedExceedsWire"),
        ("at the limit", 4, 16 << 20, "24: 1.000000000 link 1 \"abcd\" of 16777216"),
        ("over the limit", 4, (16 << 20) + 1, "24: 1.000000000 link 1 \"abcd\" of 16777217 ImplausibleWireLength"),
        ("as much as fits", 4, u32::MAX, "24: 1.000000000 link 1 \"abcd\" of 4294967295 ImplausibleWireLength"),
    ] {
        let file = pcap_file().u32s([1, 0, captured, wire]).raw(&b"abcd"[..captured as usize]);
        check(name, &file, &[expected], "");
    }
    let both = pcap_file().u32s([1, 1_000_000, 1, 0]).raw(b"a");
    check("the first oddity wins", &both, &["24: 2.000000000 link 1 \"a\" of 1 FractionOverflow"], "");
}

#[test]
fn a_cut_file_says_what_is_missing() {
    let file = pcap_file().record(1, 2, b"abcd");
    let first = "24: 1.000002000 link 1 \"abcd\" of 4";
    let header = pcap_file().bytes()[..12].to_vec();
    check(
        "header",
        &build::file(&header),
        &[],
        "byte 0: the file ends inside the file header: 12 more bytes were announced",
    );
    check(
        "record header",
        &file.clone().raw(&[0; 7]),
        &[first],
        "byte 44: the file ends inside a record header: 9 more bytes were announced",
    );
    check(
        "packet",
        &file.u32s([1, 0, 58, 58]).raw(&[0; 24]),
        &[first],
        "byte 44: the file ends inside a packet: 34 more bytes were announced",
    );
}

#[test]
fn an_unbelievable_length_ends_the_file() {
    let first = "24: 1.000000000 link 1 \"a\" of 1";
    let file = pcap_file().record(1, 0, b"a");
    for (captured, fault) in [
        ((16 << 20) + 1, "byte 41: a packet of 16777217 bytes is not believable"),
        (u32::MAX, "byte 41: a packet of 4294967295 bytes is not believable"),
    ] {
        let file = file.clone().u32s([1, 0, captured, 60]).raw(&[0; 60]).record(1, 0, b"b");
        check(&format!("captured {captured}"), &file, &[first], fault);
    }
    let largest = file.u32s([1, 0, 16 << 20, 16 << 20]).raw(&vec![0; 16 << 20]).record(2, 0, b"b");
    check(
        "the largest that is believed",
        &largest,
        &[first, "41: 1.000000000 link 1 16777216 B of 16777216", "16777273: 2.000000000 link 1 \"b\" of 1"],
        "",
    );
}

#[test]
fn a_joined_file_is_named() {
    let fault = "byte 41: another capture file begins here: two files were joined; give them as separate files";
    let first = "24: 1.000000000 link 1 \"a\" of 1";
    for big_endian in [false, true] {
        let file = pcap(big_endian, MICROS, (2, 4), 65_535, 1).record(1, 0, b"a");
        for other_big_endian in [false, true] {
            for magic in [MICROS, NANOS, MODIFIED] {
                let other = pcap(other_big_endian, magic, (2, 4), 65_535, 1).record(1, 0, b"b");
                check(&format!("{magic:x}"), &file.clone().then(&other), &[first], fault);
            }
            // The zone of an old file's header is the length here.
            let zoned = file.part().u32s([MICROS]).u16s([2, 3]).u32s([u32::MAX - 3599, 0, 65_535, 1]);
            check("version 2.3 with a time zone", &file.clone().then(&zoned), &[first], fault);
            let pcapng = File::default().section(other_big_endian).interface(1, 0, &[]);
            check("pcapng", &file.clone().then(&pcapng), &[first], fault);
        }
        // An instant of 2055 is a magic by chance, and 262146 µs is the version; only both make a header.
        let by_chance = file.record(MICROS, 5, b"b").record(9, 0x0004_0002, b"c");
        let expected = [first, "41: 2712847316.000005000 link 1 \"b\" of 1", "58: 9.262146000 link 1 \"c\" of 1"];
        check("no header", &by_chance, &expected, "");
    }
}
