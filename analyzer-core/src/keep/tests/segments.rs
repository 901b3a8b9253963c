//! TCP: ClientHello and record headers, over segments of any size.

use super::*;
use std::ops::Range;

pub(super) const SYN: u8 = 0x02;
pub(super) const RST: u8 = 0x04;
pub(super) const ACK: u8 = 0x10;
/// Sequence number of the SYN.
const SYN_SEQUENCE: u32 = 0xffff_ff00;

/// A segment whose payload stands `offset` bytes behind the first one.
pub(super) fn tcp(flags: u8, offset: u32, payload: &[u8]) -> Vec<u8> {
    let before = u32::from(flags & SYN == 0);
    let mut bytes = vec![0xc3, 0x50, 1, 0xbb];
    bytes.extend(SYN_SEQUENCE.wrapping_add(before).wrapping_add(offset).to_be_bytes());
    bytes.extend([0, 0, 0, 0, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
    bytes.extend_from_slice(payload);
    bytes
}

/// One record after the other: type and content.
fn records(records: &[(u8, &[u8])]) -> Vec<u8> {
    let record = |(content_type, content): &(u8, &[u8])| {
        let [high, low] = (content.len() as u16).to_be_bytes();
        [&[*content_type, 3, 3, high, low][..], content].concat()
    };
    records.iter().flat_map(record).collect()
}

/// A ClientHello message with so many bytes behind its length.
fn hello(bytes: u16) -> Vec<u8> {
    let [high, low] = bytes.to_be_bytes();
    let mut message = vec![1, 0, high, low];
    message.extend((0..bytes).map(|at| (at % 200 + 30) as u8));
    message
}

/// What is kept of a client's stream that comes in segments of `size` bytes after its SYN, put together again.
fn kept_of(keeper: &mut Keeper, stream: &[u8], size: usize) -> Vec<u8> {
    assert_eq!(payload_of(keeper, &ipv4(6, 1, &tcp(SYN, 0, &[])), 40), b"");
    let mut whole = Vec::new();
    for (at, segment) in (0..).step_by(size).zip(stream.chunks(size)) {
        let mut kept = payload_of(keeper, &ipv4(6, 1, &tcp(ACK, at, segment)), 40);
        kept.resize(segment.len(), 0);
        whole.extend(kept);
    }
    whole
}

/// The stream with zeros in place of all but a name and headers of records.
fn only(stream: &[u8], name: &Range<usize>, headers: &[usize]) -> Vec<u8> {
    let is_kept = |at: usize| name.contains(&at) || headers.iter().any(|header| (*header..header + 5).contains(&at));
    stream.iter().enumerate().map(|(at, byte)| if is_kept(at) { *byte } else { 0 }).collect()
}

#[test]
fn client_hellos_and_record_headers_in_segments_of_any_size() {
    let one = records(&[(22, &hello(300)), (20, &[1]), (23, &[99; 400]), (23, &[98; 40])]);
    let long = records(&[(22, &hello(3_000)), (23, &[99; 40])]);
    let message = hello(300);
    let divided = records(&[(22, &message[..100]), (22, &message[100..]), (23, &[99; 40])]);
    let other_hello = records(&[(22, &[2, 0, 0, 4, 9, 9, 9, 9]), (23, &[99; 400])]);
    let http = b"GET / HTTP/1.1\r\nHost: secret\r\n\r\n".to_vec();
    let impossible = [22, 3, 3, 255, 255, 1, 0, 0, 200].repeat(20);
    for (name, stream, names, headers) in [
        ("one record", &one, 0..309, &[309, 315, 720][..]),
        ("post-quantum and more", &long, 0..2_048, &[3_009]),
        ("divided between records", &divided, 0..314, &[314]),
        ("not the client's", &other_hello, 0..0, &[0, 13]),
        ("no TLS", &http, 0..0, &[]),
        ("no record is so long", &impossible, 0..0, &[]),
    ] {
        for size in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 100, 309, 1_000, 5_000] {
            let what = format!("{name} in segments of {size}");
            let kept = kept_of(&mut keeper(Keep::Records), stream, size);
            let expected = only(stream, &names, headers);
            // Until it is known what they are, bytes that can begin a header are kept.
            let begun = if headers.is_empty() && stream[0] == 22 { 5 } else { 0 };
            assert_eq!(kept[begun..], expected[begun..], "{what}");
            let kept = kept_of(&mut keeper(Keep::Names), stream, size);
            let unknown = if names.is_empty() && stream[0] == 22 { 5 } else { 0 };
            assert_eq!(kept[unknown..], only(stream, &names, &[])[unknown..], "{what}, names");
            assert!(kept_of(&mut keeper(Keep::Headers), stream, size).iter().all(|byte| *byte == 0), "{what}, headers");
        }
    }
}

#[test]
fn only_who_opened_the_connection_says_hello() {
    let stream = records(&[(22, &hello(50))]);
    for (flags, expected) in [(SYN, &stream[..]), (SYN | ACK, &[]), (ACK, &[])] {
        let mut keeper = keeper(Keep::Names);
        keeper.append(&packet(&ipv4(6, 1, &tcp(flags, 0, &[]))), &mut Vec::new());
        let kept = payload_of(&mut keeper, &ipv4(6, 1, &tcp(ACK, 0, &stream)), 40);
        assert_eq!(kept, expected, "after flags {flags:#x}");
    }
}

#[test]
fn a_hello_that_is_sent_again_or_late_is_kept_again() {
    let stream = records(&[(22, &hello(200)), (23, &[9; 50])]);
    let mut keeper = keeper(Keep::Records);
    let mut send = |flags, at: usize, end: usize| {
        payload_of(&mut keeper, &ipv4(6, 1, &tcp(flags, at as u32, &stream[at..end])), 40)
    };
    assert_eq!(send(SYN, 0, 0), b"");
    assert_eq!(send(ACK, 0, 100), stream[..100]);
    assert_eq!(send(ACK, 0, 100), stream[..100], "again");
    assert_eq!(send(ACK, 150, 209), stream[150..209], "after a hole");
    assert_eq!(send(ACK, 100, 150), stream[100..150], "late");
    assert_eq!(send(ACK, 209, 264), stream[209..214], "a header");
    assert_eq!(send(ACK, 209, 264), b"", "sent again it is not read again");
}

/// Where a part of a ClientHello would mislead the walker, because it searches, it is left out.
#[test]
fn the_walker_comes_before_the_hello() {
    // The hello ends with what could be a record header, were it not for what follows in the same packet.
    let mut message = hello(100);
    message.extend([23, 3, 3, 0, 20]);
    message[3] += 5;
    let mut stream = records(&[(22, &message)]);
    let hello_bytes = stream.len();
    stream.extend([7; 40]);
    let mut keeper = keeper(Keep::Records);
    let mut send = |flags, at: usize, end: usize| {
        payload_of(&mut keeper, &ipv4(6, 1, &tcp(flags, at as u32, &stream[at..end])), 40)
    };
    assert_eq!(send(SYN, 0, 0), b"");
    assert_eq!(send(ACK, 50, 70), b"", "ahead, when nothing is known of a hello");
    assert_eq!(send(ACK, 0, 50), stream[..50]);
    assert_eq!(send(ACK, 70, stream.len()), b"", "{hello_bytes} bytes are its hello");
}

#[test]
fn a_connection_that_is_opened_again_begins_again() {
    let stream = records(&[(22, &hello(50))]);
    for is_reset in [true, false] {
        let mut keeper = keeper(Keep::Names);
        let mut append = |bytes: &[u8]| payload_of(&mut keeper, &ipv4(6, 1, bytes), 40);
        append(&tcp(SYN, 0, &[]));
        assert_eq!(append(&tcp(ACK, 0, b"GET / HTTP/1.1")), b"");
        assert_eq!(append(&tcp(ACK, 0, &stream)), b"", "it did not begin with a hello");
        if is_reset {
            append(&tcp(RST | ACK, 60, &[]));
        }
        // The same sequence numbers as before are another connection's, because payload was seen.
        append(&tcp(SYN, 0, &[]));
        assert_eq!(append(&tcp(ACK, 0, &stream)), stream, "reset: {is_reset}");
    }
}

/// As in the analysis, the first payload decides for both directions.
#[test]
fn a_connection_that_does_not_begin_with_a_record_has_none() {
    let answer = records(&[(22, &[2, 0, 0, 1, 9]), (23, &[9; 50])]);
    for (first, headers) in [(&b"GET / HTTP/1.1"[..], &[][..]), (&[21, 3, 3, 0, 2, 1, 0], &[0, 10])] {
        let mut keeper = keeper(Keep::Records);
        let mut append = |bytes: &[u8]| payload_of(&mut keeper, bytes, 40);
        append(&ipv4(6, 1, &tcp(SYN, 0, &[])));
        append(&from_server(SYN | ACK, &[]));
        append(&ipv4(6, 1, &tcp(ACK, 0, first)));
        let mut kept = append(&from_server(ACK, &answer));
        kept.resize(answer.len(), 0);
        assert_eq!(kept, only(&answer, &(0..0), headers), "after {first:?}");
    }
}

/// The other direction's segment at the beginning of its stream.
fn from_server(flags: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = ipv4(6, 1, &tcp(flags, 0, payload));
    let (source, destination) = bytes[12..20].split_at_mut(4);
    source.swap_with_slice(destination);
    let (source, destination) = bytes[20..24].split_at_mut(2);
    source.swap_with_slice(destination);
    bytes
}
