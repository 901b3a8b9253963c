//! The ClientHello at the beginning of a TCP stream (RFC 8446 §5.1).
//!
//! In: a direction's bytes from the first one on. Out: the ClientHello, once all of it is there. Guaranteed: it may be split over records
//! and segments at any byte; what is something else is told by the first byte that shows it.

use super::client_hello::{self, ClientHello, client_hello};

const HANDSHAKE: u8 = 22;
const RECORD_HEADER_BYTES: usize = 5;
/// Of a record's content (RFC 8446 §5.1).
const MOST_RECORD_BYTES: usize = 1 << 14;

/// How far a reader is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress<T> {
    /// What came so far may be the beginning of it.
    More,
    /// It.
    Found(T),
    /// It is something else.
    Not,
}

/// Reads a ClientHello.
#[must_use]
pub fn read(stream: &[u8]) -> Progress<ClientHello> {
    let Some((message, may_go_on)) = message(stream) else { return Progress::Not };
    match client_hello(&message) {
        Some(hello) if hello.is_complete => Progress::Found(hello),
        _ if may_go_on => Progress::More,
        _ => Progress::Not,
    }
}

/// Reads what there is of a ClientHello when no more will come; none where it is something else.
#[must_use]
pub fn read_cut(stream: &[u8]) -> Option<ClientHello> {
    client_hello(&message(stream)?.0)
}

/// What the handshake records at the beginning carry, and whether more of them may follow; none where it is no ClientHello.
fn message(mut stream: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut message = Vec::new();
    loop {
        if let Some(wanted) = client_hello::length(&message)
            && message.len() >= client_hello::HEADER_BYTES + wanted
        {
            return Some((message, false));
        }
        if message.first().is_some_and(|kind| *kind != 1) {
            return None;
        }
        let is_handshake = stream.first().is_none_or(|kind| *kind == HANDSHAKE)
            && stream.get(1).is_none_or(|major| *major == 3)
            && stream.get(2).is_none_or(|minor| *minor <= 4);
        if !is_handshake {
            // Another record between the parts of a message is not allowed, and ends it.
            return (!message.is_empty()).then_some((message, false));
        }
        let Some((header, rest)) = stream.split_first_chunk::<RECORD_HEADER_BYTES>() else {
            return Some((message, true));
        };
        let length = usize::from(u16::from_be_bytes([header[3], header[4]]));
        if length == 0 || length > MOST_RECORD_BYTES {
            return None;
        }
        let there = rest.len().min(length);
        message.extend_from_slice(&rest[..there]);
        stream = &rest[there..];
    }
}

#[cfg(test)]
mod tests {
    use super::super::client_hello::tests::{message, named};
    use super::*;

    /// A message in records of so many bytes.
    fn records(message: &[u8], bytes: usize) -> Vec<u8> {
        let record = |part: &[u8]| [&[HANDSHAKE, 3, 1], &(part.len() as u16).to_be_bytes()[..], part].concat();
        message.chunks(bytes).flat_map(record).collect()
    }

    #[test]
    fn a_hello_may_be_split_anywhere() {
        let message = message(&[(51, &[1; 40]), (0, &named("a.example"))]);
        for record_bytes in [1, 2, 3, 4, 5, 7, 50, 10_000] {
            let mut stream = records(&message, record_bytes);
            let whole = stream.len();
            stream.extend([20, 3, 3, 0, 1, 1]);
            for cut in 0..=stream.len() {
                let progress = read(&stream[..cut]);
                if cut < whole {
                    assert_eq!(progress, Progress::More, "{record_bytes} {cut}");
                } else {
                    let Progress::Found(hello) = progress else { panic!("{record_bytes} {cut}: {progress:?}") };
                    assert_eq!(hello.server_name.as_deref(), Some("a.example"));
                }
            }
            let cut = read_cut(&stream[..whole - 1]);
            assert_eq!(cut.map(|hello| (hello.server_name, hello.is_complete)), Some((None, false)));
        }
    }

    #[test]
    fn a_cut_hello_tells_what_there_is() {
        let stream = records(&message(&[(0, &named("a.example")), (51, &[1; 900])]), 10_000);
        let hello = read_cut(&stream[..400]).expect("a hello");
        assert_eq!((hello.server_name.as_deref(), hello.is_complete), (Some("a.example"), false));
        assert_eq!(read(&stream[..400]), Progress::More);
    }

    #[test]
    fn something_else_is_told_early() {
        let server_hello = [HANDSHAKE, 3, 3, 0, 4, 2, 0, 0, 0];
        for stream in [
            &b"GET / HTTP/1.1\r\n"[..],
            &[23, 3, 3, 0, 5],
            &[HANDSHAKE, 2],
            &[HANDSHAKE, 3, 9],
            &[HANDSHAKE, 3, 1, 0, 0],
            &[HANDSHAKE, 3, 1, 0xff, 0xff],
            &server_hello,
            // Another record inside of the message.
            &[HANDSHAKE, 3, 1, 0, 1, 1, 23, 3, 3, 0, 1, 0],
        ] {
            assert_eq!(read(stream), Progress::Not, "{stream:?}");
        }
        assert_eq!(read(&[]), Progress::More);
        assert_eq!(read_cut(&server_hello), None);
    }
}
