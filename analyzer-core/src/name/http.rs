//! The host of the HTTP/1 request at the beginning of a TCP stream (RFC 9112 §3.2).
//!
//! In: a direction's bytes from the first one on. Out: the host that the request is for, once its head is there. Guaranteed: what is
//! no request is told by the first byte that shows it; no bytes make it panic.

use super::opening::MAX_BYTES;
use super::text::{host_name, without_port};
use super::tls::Progress;
use httparse::{EMPTY_HEADER, Error, Request, Status};

/// Requests of browsers have fifteen to thirty header fields.
const MOST_FIELDS: usize = 100;
/// The longest registered method has 16 letters.
const MOST_METHOD_BYTES: usize = 20;

/// Reads the host of a request. A request without one is none.
#[must_use]
pub fn read(stream: &[u8]) -> Progress<String> {
    if !may_be_request(stream) {
        return Progress::Not;
    }
    let mut fields = [EMPTY_HEADER; MOST_FIELDS];
    let mut request = Request::new(&mut fields);
    match request.parse(stream) {
        Ok(Status::Complete(_)) => host(&request).map_or(Progress::Not, Progress::Found),
        Ok(Status::Partial) if stream.len() < MAX_BYTES => Progress::More,
        Ok(Status::Partial) | Err(Error::TooManyHeaders) => read_cut(stream).map_or(Progress::Not, Progress::Found),
        Err(_) => Progress::Not,
    }
}

/// The host, when no more of the head will come; none where it is not in what there is.
#[must_use]
pub fn read_cut(stream: &[u8]) -> Option<String> {
    if !may_be_request(stream) {
        return None;
    }
    // Up to the last whole line, closed as heads are.
    let end = stream.iter().rposition(|byte| *byte == b'\n')? + 1;
    let closed = [&stream[..end], b"\r\n"].concat();
    let mut fields = [EMPTY_HEADER; MOST_FIELDS];
    let mut request = Request::new(&mut fields);
    match request.parse(&closed) {
        Ok(Status::Complete(_)) | Err(Error::TooManyHeaders) => host(&request),
        _ => None,
    }
}

/// A method in capitals and a space, as far as that is there. Other methods are allowed and not used.
fn may_be_request(stream: &[u8]) -> bool {
    let letters = stream.iter().take_while(|byte| byte.is_ascii_uppercase() || **byte == b'-').count();
    letters <= MOST_METHOD_BYTES
        && match stream.get(letters) {
            None => true,
            Some(next) => letters > 0 && *next == b' ',
        }
}

/// The host in the target stands above the one in the field (RFC 9112 §3.2.2).
fn host(request: &Request<'_, '_>) -> Option<String> {
    let target = request.path?;
    let authority = if request.method == Some("CONNECT") {
        Some(target)
    } else {
        let is_scheme = |scheme: &str| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        let (scheme, rest) = target.split_once("://").unwrap_or_default();
        is_scheme(scheme).then(|| rest.split(['/', '?', '#']).next().unwrap_or_default())
    };
    let field = request.headers.iter().find(|field| field.name.eq_ignore_ascii_case("host"));
    let authority = authority.map(str::as_bytes).or(field.map(|field| field.value))?;
    let authority = authority.rsplit(|byte| *byte == b'@').next().unwrap_or(authority);
    host_name(without_port(authority.trim_ascii()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_requests() {
        for (head, expected) in [
            ("GET / HTTP/1.1\r\nHost: www.Example.org\r\n\r\n", Some("www.example.org")),
            ("POST /a HTTP/1.1\r\nAccept: */*\r\nhost:a.test:8080 \r\n\r\nbody", Some("a.test")),
            ("GET http://b.test/x?y HTTP/1.1\r\nHost: a.test\r\n\r\n", Some("b.test")),
            ("GET http://user:secret@b.test:81 HTTP/1.1\r\n\r\n", Some("b.test")),
            ("CONNECT c.test:443 HTTP/1.1\r\nHost: c.test:443\r\n\r\n", Some("c.test")),
            ("M-SEARCH * HTTP/1.1\r\nHOST: d.test\r\n\r\n", Some("d.test")),
            ("GET / HTTP/1.0\nHost: e.test\n\n", Some("e.test")),
            ("GET / HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n", None),
            ("GET / HTTP/1.1\r\nHost:\r\n\r\n", None),
            ("GET / HTTP/1.0\r\n\r\n", None),
            ("GET /?u=http://x.test/ HTTP/1.1\r\nHost: f.test\r\n\r\n", Some("f.test")),
        ] {
            let expected = expected.map_or(Progress::Not, |host| Progress::Found(host.to_owned()));
            assert_eq!(read(head.as_bytes()), expected, "{head:?}");
            let end = head.find("\r\n\r\n").map_or(head.len() - 1, |at| at + 3);
            for cut in 0..end {
                assert_eq!(read(&head.as_bytes()[..cut]), Progress::More, "{head:?} {cut}");
            }
        }
    }

    #[test]
    fn a_cut_head_tells_what_there_is() {
        let head = "GET / HTTP/1.1\r\nHost: a.test\r\nCookie: ";
        for cut in 0..=head.len() {
            let expected = (cut >= head.len() - "Cookie: ".len()).then(|| "a.test".to_owned());
            assert_eq!(read_cut(&head.as_bytes()[..cut]), expected, "{cut}");
        }
        // The field comes before a head that is too long, or has too many fields.
        let long = format!("{head}{}", "x".repeat(MAX_BYTES));
        let many = format!("GET / HTTP/1.1\r\nHost: a.test\r\n{}\r\n", "A: b\r\n".repeat(MOST_FIELDS));
        for head in [long, many] {
            assert_eq!(read(head.as_bytes()), Progress::Found("a.test".to_owned()));
        }
    }

    #[test]
    fn something_else_is_told_early() {
        for stream in [
            "get / ",
            " GET",
            "GET/",
            "SSH-2.0-x\r\n",
            "A-METHOD-THAT-IS-TOO-LONG",
            "\u{16}\u{3}",
            "GET \u{0} HTTP/1.1\r\n",
        ] {
            assert_eq!(read(stream.as_bytes()), Progress::Not, "{stream:?}");
            assert_eq!(read_cut(stream.as_bytes()), None, "{stream:?}");
        }
        assert_eq!(read(b"SSH-"), Progress::More);
    }
}
