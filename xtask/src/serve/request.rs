//! The head of a request.
//!
//! In: bytes from a browser. Out: a method and the path of a file, decoded. Guaranteed: at most 16 KiB are read.

use std::io::Read;

const MAX_HEAD_BYTES: usize = 16 << 10;
const MAX_HEADERS: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Head,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: Method,
    /// Without query, percent signs resolved.
    pub(super) path: String,
}

/// Why no file can be looked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) status: &'static str,
    pub(super) reason: &'static str,
}

const MALFORMED: Refused = Refused { status: "400 Bad Request", reason: "the request is malformed" };
const METHOD: Refused = Refused { status: "405 Method Not Allowed", reason: "files can only be read" };
const TOO_LONG: Refused =
    Refused { status: "431 Request Header Fields Too Large", reason: "the head of the request is too long" };

/// Reads until the head is complete. A body is never read: no request with one is answered.
pub(super) fn read(mut source: impl Read) -> Result<Request, Refused> {
    let mut head = Vec::new();
    let mut chunk = [0; 4096];
    while head.len() < MAX_HEAD_BYTES {
        let count = source.read(&mut chunk).map_err(|_| MALFORMED)?;
        head.extend_from_slice(&chunk[..count]);
        if let Some(request) = parse(&head)? {
            return Ok(request);
        }
        if count == 0 {
            return Err(MALFORMED);
        }
    }
    Err(TOO_LONG)
}

/// The request, if its head is complete.
fn parse(head: &[u8]) -> Result<Option<Request>, Refused> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let status = request.parse(head).map_err(|error| match error {
        httparse::Error::TooManyHeaders => TOO_LONG,
        _ => MALFORMED,
    })?;
    if status.is_partial() {
        return Ok(None);
    }
    let method = match request.method {
        Some("GET") => Method::Get,
        Some("HEAD") => Method::Head,
        _ => return Err(METHOD),
    };
    let target = request.path.unwrap_or_default();
    let path = target.split(['?', '#']).next().unwrap_or_default();
    Ok(Some(Request { method, path: decoded(path).ok_or(MALFORMED)? }))
}

/// Resolves percent signs.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read() {
        let get = |path: &str| Ok(Request { method: Method::Get, path: path.to_owned() });
        let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(MAX_HEAD_BYTES));
        for (head, request) in [
            ("GET / HTTP/1.1\r\n\r\n", get("/")),
            ("GET /a%20b?c=%2e HTTP/1.1\r\nHost: x\r\n\r\n", get("/a b")),
            ("GET /%c3%a9 HTTP/1.1\r\n\r\n", get("/é")),
            ("HEAD /x HTTP/1.0\r\n\r\n", Ok(Request { method: Method::Head, path: "/x".to_owned() })),
            ("GET / HTTP/1.1\r\n", Err(MALFORMED)),
            ("GET /%zz HTTP/1.1\r\n\r\n", Err(MALFORMED)),
            ("GET /%f HTTP/1.1\r\n\r\n", Err(MALFORMED)),
            ("GET /%ff HTTP/1.1\r\n\r\n", Err(MALFORMED)),
            ("\u{16}\u{3}\u{1}", Err(MALFORMED)),
            ("DELETE / HTTP/1.1\r\n\r\n", Err(METHOD)),
            (&*long, Err(TOO_LONG)),
        ] {
            assert_eq!(read(head.as_bytes()), request, "{}", &head[..head.len().min(40)]);
        }
    }
}
