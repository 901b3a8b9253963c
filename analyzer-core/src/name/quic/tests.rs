//! Packets of the RFCs' examples, and packets that are made here.

use super::keys::Keys;
use super::packet::{Version, integer};
use super::*;
use crate::name::client_hello::tests::{message, named};

const ID: [u8; 8] = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let digits: Vec<u32> = hexadecimal.chars().filter_map(|character| character.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect()
}

/// The CRYPTO frame of RFC 9001 §A.2, which RFC 9369 §A.2 uses too.
const CRYPTO_FRAME: &str = "
    060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868
    04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578
    616d706c652e636f6dff01000100000a00080006001d00170018001000070005
    04616c706e000500050100000000003300260024001d00209370b2c9caa47fba
    baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400
    0d0010000e0403050306030203080408050806002d00020101001c0002400100
    3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000
    75300901100f088394c8f03e51570806048000ffff";

/// A packet with a number of so many bytes.
fn packet(version: Version, keys: &Keys, id: &[u8], number: u32, number_bytes: usize, frames: &[u8]) -> Vec<u8> {
    let (wire, kind) = match version {
        Version::One => (1_u32, 0),
        Version::Two => (0x6b33_43cf, 1),
        Version::Draft29 => (0xff00_001d, 0),
        Version::Draft23 => (0xff00_001b, 0),
    };
    let mut header = vec![0xc0 | kind << 4 | (number_bytes as u8 - 1)];
    header.extend(wire.to_be_bytes());
    header.push(id.len() as u8);
    header.extend(id);
    header.extend([0, 0]); // no source id, no token
    let length = number_bytes + frames.len() + 16;
    header.extend((length as u16 | 0x4000).to_be_bytes());
    header.extend(&number.to_be_bytes()[4 - number_bytes..]);
    keys.seal(&header, number_bytes, frames)
}

fn crypto(offset: usize, bytes: &[u8]) -> Vec<u8> {
    let number = |number: usize| (number as u16 | 0x4000).to_be_bytes();
    [&[6][..], &number(offset), &number(bytes.len()), bytes].concat()
}

fn name(progress: Progress<ClientHello>) -> Option<String> {
    if let Progress::Found(hello) = progress { hello.server_name } else { None }
}

#[test]
fn the_examples_of_the_rfcs() {
    let mut frames = bytes(CRYPTO_FRAME);
    frames.resize(1162, 0);
    for (version, beginning, end) in [
        (
            Version::One,
            "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9bd8bab936b47d92ec356c",
            "e221af44860018ab0856972e194cd934",
        ),
        (
            Version::Two,
            "d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485dd04de806071bf03dceebfa162e75d6c",
            "faf57f63a2a5f0c2a0b34cf1f5f4f4d6",
        ),
    ] {
        let sealed = packet(version, &Keys::of(version, &ID), &ID, 2, 4, &frames);
        assert_eq!(sealed.len(), 1200);
        assert!(sealed.starts_with(&bytes(beginning)), "{version:?}");
        if version == Version::One {
            assert!(sealed.ends_with(&bytes(end)), "{version:?}");
        }
        assert_eq!(name(InitialReader::default().datagram(&sealed)).as_deref(), Some("example.com"), "{version:?}");
    }
}

#[test]
fn a_hello_over_three_datagrams_in_any_order() {
    let hello = message(&[(51, &[9; 1500]), (0, &named("a.example")), (0xfe0d, &[1])]);
    let parts: Vec<Vec<u8>> = (0..3)
        .map(|n| {
            let (from, to) = (n * hello.len() / 3, (n + 1) * hello.len() / 3);
            // Acknowledgments, pings and padding stand around it, and the part itself is cut in two, the later one first.
            let middle = usize::midpoint(from, to);
            [
                &[1, 2, 0x40, 5, 0, 1, 0, 0, 0, 3, 9, 0, 0, 0, 1, 2, 3][..],
                &crypto(middle, &hello[middle..to]),
                &[0; 20],
                &crypto(from, &hello[from..middle]),
                &[0; 40],
            ]
            .concat()
        })
        .collect();
    for version in [Version::One, Version::Two, Version::Draft29, Version::Draft23] {
        let keys = Keys::of(version, &ID);
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [2, 0, 1]] {
            let mut reader = InitialReader::default();
            assert_eq!(reader.read_cut(), None);
            for (place, part) in order.into_iter().enumerate() {
                let datagram = packet(version, &keys, &ID, part as u32, 1 + part % 4, &parts[part]);
                let progress = reader.datagram(&datagram);
                if place < 2 {
                    assert_eq!(progress, Progress::More, "{version:?} {order:?} {place}");
                } else {
                    let Progress::Found(hello) = progress else { panic!("{version:?} {order:?}: {progress:?}") };
                    assert_eq!((hello.server_name.as_deref(), hello.ech_offered), (Some("a.example"), true));
                }
            }
        }
    }
}

#[test]
fn packets_share_a_datagram() {
    let hello = message(&[(0, &named("a.example"))]);
    let keys = Keys::of(Version::One, &ID);
    let (first, second) = hello.split_at(20);
    let one = packet(Version::One, &keys, &ID, 0, 1, &[&crypto(0, first)[..], &[0; 8]].concat());
    let two = packet(Version::One, &keys, &ID, 1, 2, &[&crypto(20, second)[..], &[0; 8]].concat());
    // A packet of 0-RTT between, which stays closed.
    let mut early = vec![0xd0, 0, 0, 0, 1, 8];
    early.extend(ID);
    early.extend([0, 5, 1, 2, 3, 4, 5]);
    let datagram = [one.clone(), early.clone(), two.clone(), vec![0x40, 1, 2, 3]].concat();
    assert_eq!(name(InitialReader::default().datagram(&datagram)).as_deref(), Some("a.example"));
    // And datagrams of it between.
    let mut reader = InitialReader::default();
    assert_eq!(reader.datagram(&one), Progress::More);
    assert_eq!(reader.datagram(&early), Progress::More);
    assert_eq!(name(reader.datagram(&two)).as_deref(), Some("a.example"));
}

#[test]
fn after_a_retry_the_keys_are_others() {
    let hello = message(&[(51, &[3; 300]), (0, &named("a.example"))]);
    let (first, second) = hello.split_at(200);
    let other = [7; 20];
    let keys = [Keys::of(Version::One, &ID), Keys::of(Version::One, &other)];
    let mut reader = InitialReader::default();
    assert_eq!(reader.datagram(&packet(Version::One, &keys[0], &ID, 0, 1, &crypto(0, first))), Progress::More);
    assert_eq!(reader.datagram(&packet(Version::One, &keys[1], &other, 1, 1, &crypto(0, first))), Progress::More);
    let last = packet(Version::One, &keys[1], &other, 2, 1, &crypto(200, second));
    assert_eq!(name(reader.datagram(&last)).as_deref(), Some("a.example"));
    // A server's answer may change the id that the client sends to, but not the keys.
    let mut reader = InitialReader::default();
    assert_eq!(reader.datagram(&packet(Version::One, &keys[0], &ID, 0, 1, &crypto(0, first))), Progress::More);
    let last = packet(Version::One, &keys[0], &[1, 2, 3], 1, 1, &crypto(200, second));
    assert_eq!(name(reader.datagram(&last)).as_deref(), Some("a.example"));
}

#[test]
fn what_is_something_else_is_given_up() {
    let keys = Keys::of(Version::One, &ID);
    let server_hello = packet(Version::One, &keys, &ID, 0, 1, &crypto(0, &[2, 0, 0, 40, 3, 3]));
    for datagram in [&[0x40, 1, 2, 3][..], &[], &server_hello] {
        assert_eq!(InitialReader::default().datagram(datagram), Progress::Not);
    }
    let mut reader = InitialReader::default();
    let unknown = [0xc0, 0xba, 0xba, 0xba, 0xba, 0, 0];
    for number in 1..=MOST_DATAGRAMS {
        let expected = if number < MOST_DATAGRAMS { Progress::More } else { Progress::Not };
        assert_eq!(reader.datagram(&unknown), expected, "{number}");
    }
}

#[test]
fn no_bytes_make_it_panic() {
    let hello = message(&[(0, &named("a.example"))]);
    let whole = packet(Version::One, &Keys::of(Version::One, &ID), &ID, 0, 2, &crypto(0, &hello));
    for cut in 0..whole.len() {
        assert_eq!(name(InitialReader::default().datagram(&whole[..cut])), None, "{cut}");
    }
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x55;
        assert_eq!(name(InitialReader::default().datagram(&changed)), None, "byte {at}");
    }
    for frames in [
        &[6, 0x80][..],
        &[6, 0, 0x40],
        &[2, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0],
        &[0x1c, 1],
        &[0xff],
    ] {
        frames::crypto(frames, |_, _| ());
    }
}

#[test]
fn integers_of_every_length() {
    for (bytes, value) in [
        (&[0x25][..], 37),
        (&[0x40, 0x25], 37),
        (&[0x7b, 0xbd], 15_293),
        (&[0x9d, 0x7f, 0x3e, 0x7d], 494_878_333),
        (&[0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c], 151_288_809_941_952_652),
    ] {
        assert_eq!(integer(bytes), Some((value, &[][..])));
        assert_eq!(integer(&bytes[..bytes.len() - 1]), None);
    }
}
