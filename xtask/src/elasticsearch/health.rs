//! Whether a server answers.
//!
//! In: an address. Out: the status of one reply. Guaranteed: an end within a few seconds. A request of three lines needs
//! no HTTP library.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Answered when every index can be searched, which takes a moment after a start with old data.
const REQUEST: &str = "GET /_cluster/health?wait_for_status=yellow&timeout=2s HTTP/1.1\r\nConnection: close\r\n";
const PATIENCE: Duration = Duration::from_secs(5);

/// The status of the reply, if there is one.
pub(super) fn status(address: SocketAddr, authorization: Option<&str>) -> Option<u16> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let authorization = authorization.map_or_else(String::new, |value| format!("Authorization: {value}\r\n"));
    stream.write_all(format!("{REQUEST}Host: {address}\r\n{authorization}\r\n").as_bytes()).ok()?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).ok()?;
    status_of(&reply)
}

/// The number in `HTTP/1.1 200 OK`.
fn status_of(reply: &[u8]) -> Option<u16> {
    let line = reply.split(|byte| *byte == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    line.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn the_status_is_read_from_the_first_line() {
        assert_eq!(status_of(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"), Some(200));
        assert_eq!(status_of(b"HTTP/1.1 503 Service Unavailable\r\n\r\n"), Some(503));
        for reply in [&b""[..], b"\r\n", b"SSH-2.0-x\r\n", b"HTTP/1.1\r\n", b"HTTP/1.1 \xff\r\n"] {
            assert_eq!(status_of(reply), None);
        }
    }

    #[test]
    fn nobody_there_is_no_status() {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
        assert_eq!(status(free, None), None);
    }
}
