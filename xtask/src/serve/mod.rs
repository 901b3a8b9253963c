//! `cargo xtask serve`: the built page on this machine, for people without a web server.
//!
//! In: a folder of files and a port. Out: answers to GET and HEAD. Guaranteed: only this machine is answered, only files of
//! the folder are, and every answer carries the headers that the deployed web server sends.

mod files;
mod headers;
mod request;

use anyhow::{Context, Result, bail};
use request::Method;
use std::io::{self, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The port that is tried first.
pub(crate) const PORT: u16 = 8080;
/// A browser opens connections in advance and keeps them; none may hold a thread for ever.
const PATIENCE: Duration = Duration::from_secs(30);
/// For opening from a disk: the policy of a server would let nothing in it run.
const SINGLE_FILE: &str = "/sniffit.html";
/// How many ports above the wanted one are tried.
const TRIED: u16 = 20;

/// A folder that is ready to be served.
#[derive(Debug)]
pub(crate) struct Server {
    listener: TcpListener,
    folder: PathBuf,
}

impl Server {
    /// Takes the port, or the next one that is free.
    ///
    /// # Errors
    /// When the folder is not there, or no port is free.
    pub(crate) fn bind(folder: &Path, port: u16) -> Result<Self> {
        let folder = folder.canonicalize().with_context(|| format!("{} is not there", folder.display()))?;
        for port in port..=port.saturating_add(TRIED) {
            match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
                Ok(listener) => return Ok(Self { listener, folder }),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                Err(error) => return Err(error).with_context(|| format!("port {port} can't be taken")),
            }
        }
        bail!("ports {port} to {} are taken: choose another one with --port", port.saturating_add(TRIED))
    }

    /// The port that was taken.
    ///
    /// # Errors
    /// When the system does not tell.
    pub(crate) fn port(&self) -> Result<u16> {
        Ok(self.listener.local_addr().context("the server's address is unknown")?.port())
    }

    /// Answers until this process ends. A connection that fails is that browser's business.
    pub(crate) fn run(self) {
        for connection in self.listener.incoming().flatten() {
            let folder = self.folder.clone();
            std::thread::spawn(move || answer(&connection, &folder));
        }
    }
}

fn answer(connection: &TcpStream, folder: &Path) -> io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    let request = request::read(BufReader::new(connection));
    let (status, kind, caching, body) = match &request {
        Err(refused) => {
            (refused.status, "text/plain; charset=utf-8", "no-store", format!("{}\n", refused.reason).into())
        }
        Ok(request) => match files::read(folder, &request.path) {
            Some(file) => ("200 OK", file.kind, file.caching, file.bytes),
            None => ("404 Not Found", "text/plain; charset=utf-8", "no-store", b"there is no such file\n".to_vec()),
        },
    };
    let length = body.len();
    let mut head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: {caching}\r\n\
         Connection: close\r\n"
    );
    if matches!(&request, Ok(request) if request.path == SINGLE_FILE) {
        head.push_str("Content-Disposition: attachment\r\n");
    }
    for (name, value) in headers::all() {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut connection = connection;
    connection.write_all(head.as_bytes())?;
    if !matches!(&request, Ok(request) if request.method == Method::Head) {
        connection.write_all(&body)?;
    }
    connection.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    /// Starts a server of a page and gives what it answers to requests.
    fn serve(folder: &Path) -> impl Fn(&str) -> String + use<> {
        let server = Server::bind(folder, 0).unwrap();
        let port = server.port().unwrap();
        std::thread::spawn(move || server.run());
        move |request| {
            let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
            connection.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            connection.read_to_string(&mut answer).unwrap();
            answer
        }
    }

    #[test]
    fn files_are_served_and_all_else_is_refused() {
        let folder = std::env::temp_dir().join(format!("sniffit-serve-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("page/assets")).unwrap();
        std::fs::write(folder.join("page/index.html"), "<p>").unwrap();
        std::fs::write(folder.join("page/assets/a-1.wasm"), "wasm").unwrap();
        std::fs::write(folder.join("page/sniffit.html"), "<p>").unwrap();
        std::fs::write(folder.join("secret"), "secret").unwrap();
        let ask = serve(&folder.join("page"));
        for (request, status, holds) in [
            ("GET / HTTP/1.1", "200 OK", "Content-Type: text/html; charset=utf-8\r\n"),
            ("GET /index.html?x=1 HTTP/1.1", "200 OK", "Cache-Control: no-cache\r\n"),
            ("GET /assets/a-1.wasm HTTP/1.1", "200 OK", "Content-Type: application/wasm\r\n"),
            ("GET /assets/a-1.wasm HTTP/1.1", "200 OK", "Cache-Control: public, max-age=31536000, immutable\r\n"),
            ("GET /sniffit.html HTTP/1.1", "200 OK", "Content-Disposition: attachment\r\n"),
            ("HEAD / HTTP/1.1", "200 OK", "Content-Length: 3\r\n"),
            ("GET /none HTTP/1.1", "404 Not Found", "Content-Security-Policy: default-src 'none'; "),
            ("GET /../secret HTTP/1.1", "404 Not Found", "no such file"),
            ("GET /%2e%2e/secret HTTP/1.1", "404 Not Found", "no such file"),
            ("POST / HTTP/1.1", "405 Method Not Allowed", "X-Content-Type-Options: nosniff\r\n"),
            ("GET", "400 Bad Request", "Connection: close\r\n"),
        ] {
            let answer = ask(&format!("{request}\r\nHost: localhost\r\n\r\n"));
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{request}: {answer}");
            assert!(answer.contains(holds), "{request}: {answer}");
        }
        let head = ask("HEAD / HTTP/1.1\r\n\r\n");
        assert!(head.ends_with("\r\n\r\n"), "a HEAD has no body: {head}");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_taken_port_is_passed_over() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let server = Server::bind(&std::env::temp_dir(), port).unwrap();
        assert_ne!(server.port().unwrap(), port);
    }
}
