//! A reverse proxy that fails on demand, as real ones do.
//!
//! It passes HTTP/1.1 requests with a length to a server. A script decides, for each bulk request and by its number from
//! 1, what becomes of it; all other requests are passed on.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What becomes of a bulk request.
pub(crate) enum Action {
    /// It reaches the server, and the reply comes back.
    Pass,
    /// The proxy answers itself.
    Answer(u16, &'static str),
    /// The connection is closed and nobody else hears of the request.
    Drop,
    /// The server takes it, and its reply is lost.
    LoseReply,
    /// The server takes it, and half of its reply comes back.
    CutReply,
}

/// A running proxy; it ends with this.
pub(crate) struct Proxy {
    address: SocketAddr,
    bulk_requests: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
}

impl Proxy {
    /// Starts a proxy for a server such as `http://127.0.0.1:9200`.
    pub(crate) fn start(server: &str, script: impl Fn(usize, &[u8]) -> Action + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let server = server.trim_start_matches("http://").to_owned();
        let (bulk_requests, is_over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, over, script) = (Arc::clone(&bulk_requests), Arc::clone(&is_over), Arc::new(script));
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let Ok(connection) = connection else { continue };
                let (server, count, script) = (server.clone(), Arc::clone(&count), Arc::clone(&script));
                // A client that goes away ends its connection's thread.
                std::thread::spawn(move || serve(connection, &server, &count, &*script));
            }
        });
        Self { address, bulk_requests, is_over }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Bulk requests seen so far.
    pub(crate) fn bulk_requests(&self) -> usize {
        self.bulk_requests.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // The listener looks at the flag when the next connection comes.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(
    connection: TcpStream,
    server: &str,
    count: &AtomicUsize,
    script: &(dyn Fn(usize, &[u8]) -> Action + Send + Sync),
) -> Option<()> {
    let mut writer = connection.try_clone().ok()?;
    let mut reader = BufReader::new(connection);
    loop {
        let request = Message::read(&mut reader)?;
        let is_bulk = request.first_line().contains("/_bulk");
        let action =
            if is_bulk { script(count.fetch_add(1, Ordering::Relaxed) + 1, &request.body) } else { Action::Pass };
        match action {
            Action::Drop => return None,
            Action::Answer(status, body) => {
                let length = body.len();
                write!(writer, "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n\r\n{body}").ok()?;
            }
            Action::Pass => writer.write_all(&request.forward(server)?.bytes()).ok()?,
            Action::LoseReply => {
                request.forward(server)?;
                return None;
            }
            Action::CutReply => {
                let mut reply = request.forward(server)?;
                reply.body.truncate(reply.body.len() / 2);
                reply.head.retain(|line| !is_length(line));
                reply.head.push("connection: close".to_owned());
                writer.write_all(&reply.bytes()).ok()?;
                return None;
            }
        }
    }
}

/// A request or a reply.
struct Message {
    /// The first line and the header's lines.
    head: Vec<String>,
    body: Vec<u8>,
}

fn is_length(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    line.starts_with("content-length:") || line.starts_with("transfer-encoding:")
}

impl Message {
    fn read(reader: &mut impl BufRead) -> Option<Self> {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
            match line.trim_end() {
                "" => break,
                line => head.push(line.to_owned()),
            }
        }
        let mut body = Vec::new();
        if head.iter().any(|line| line.to_ascii_lowercase().replace(' ', "") == "transfer-encoding:chunked") {
            loop {
                let mut size = String::new();
                reader.read_line(&mut size).ok()?;
                let bytes = u64::from_str_radix(size.trim(), 16).ok()?;
                reader.by_ref().take(bytes).read_to_end(&mut body).ok()?;
                let mut end = String::new();
                reader.read_line(&mut end).ok()?;
                if bytes == 0 {
                    break;
                }
            }
        } else {
            let length = head.iter().find(|line| is_length(line)).and_then(|line| line.split_once(':'));
            let bytes = length.and_then(|(_, bytes)| bytes.trim().parse().ok()).unwrap_or(0);
            reader.take(bytes).read_to_end(&mut body).ok()?;
        }
        Some(Self { head, body })
    }

    fn first_line(&self) -> &str {
        self.head.first().map_or("", String::as_str)
    }

    /// The bytes, with the body's length.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let closes = self.head.iter().any(|line| line == "connection: close");
        for line in self.head.iter().filter(|line| !is_length(line)) {
            bytes.extend_from_slice(line.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        if !closes {
            bytes.extend_from_slice(format!("content-length: {}\r\n", self.body.len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Sends it to the server and gives the reply.
    fn forward(&self, server: &str) -> Option<Self> {
        let mut connection = TcpStream::connect(server).ok()?;
        connection.write_all(&self.bytes()).ok()?;
        Self::read(&mut BufReader::new(connection))
    }
}
