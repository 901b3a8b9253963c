//! Requests to Elasticsearch: the only place of the program that opens a connection.
//!
//! In: a method, a path and a body. Out: status and bytes of the reply, whatever the status, or why there is none.
//! Guaranteed: redirections are not followed, because they would carry the credentials elsewhere; every wait is bounded.

use super::address::ServerUrl;
use super::credentials::Authorization;
use crate::cli::{ConnectionArguments, CredentialArguments};
use analyzer_core::sink::bulk::Body;
use anyhow::{Context as _, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;
use ureq::http::{Method, Request};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig};

/// A server under load answers a bulk request late; one that has not answered for this long has lost it.
const REPLY_TIMEOUT: Duration = Duration::from_secs(120);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The reply to a body of 2 MB has 0.1 MB; a listing of a thousand analyses a few.
const LONGEST_REPLY_BYTES: u64 = 64 << 20;
/// Reverse proxies ask for a header that no form on a foreign page can send.
const OWN_HEADER: (&str, &str) = ("x-sniffit", "1");

/// A connection to one server, shared by threads.
#[derive(Debug)]
pub(crate) struct Client {
    agent: ureq::Agent,
    server: ServerUrl,
    authorization: Option<Authorization>,
    compress: bool,
}

/// A reply.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) bytes: Vec<u8>,
}

/// Why there is no reply.
#[derive(Debug)]
pub(crate) struct NoAnswer {
    pub(crate) reason: String,
    /// The same would happen again, as with a certificate that is not trusted.
    pub(crate) is_final: bool,
}

impl Client {
    /// # Errors
    /// When a file of the arguments can't be read.
    pub(crate) fn new(arguments: &ConnectionArguments) -> anyhow::Result<Self> {
        Self::with(&arguments.elasticsearch, &arguments.credentials)
    }

    /// # Errors
    /// When a file of the arguments can't be read.
    pub(crate) fn with(server: &ServerUrl, credentials: &CredentialArguments) -> anyhow::Result<Self> {
        let authorization = Authorization::from_arguments(credentials)?;
        if authorization.is_some() && !server.is_https() && !server.is_loopback() {
            let warning = format!("warning: the secret goes to {server} unencrypted: use https, or an SSH tunnel\n");
            let _ = io::stderr().write_all(warning.as_bytes());
        }
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_global(Some(REPLY_TIMEOUT))
            .user_agent(concat!("sniffit/", env!("CARGO_PKG_VERSION")));
        if server.is_loopback() {
            // A proxy of the environment can't reach what is on this machine.
            config = config.proxy(None);
        }
        if let Some(file) = &credentials.ca_cert {
            config = config.tls_config(TlsConfig::builder().root_certs(certificates(file)?).build());
        }
        Ok(Self {
            agent: config.build().new_agent(),
            server: server.clone(),
            authorization,
            compress: !server.is_loopback(),
        })
    }

    /// The server's address, for people.
    pub(crate) fn server(&self) -> &ServerUrl {
        &self.server
    }

    /// Sends a bulk body, compressed unless the server is this machine.
    pub(crate) fn bulk(&self, body: &Body) -> Result<Answer, NoAnswer> {
        self.bulk_to(&body.path(), body)
    }

    /// The same, and what was taken can be searched at once. Of many documents this would make many small files.
    pub(crate) fn bulk_and_refresh(&self, body: &Body) -> Result<Answer, NoAnswer> {
        self.bulk_to(&format!("{}&refresh=true", body.path()), body)
    }

    fn bulk_to(&self, path: &str, body: &Body) -> Result<Answer, NoAnswer> {
        let mut headers = vec![("content-type", "application/x-ndjson")];
        if !self.compress {
            return self.send(&Method::POST, path, &headers, Some(body.bytes()));
        }
        headers.push(("content-encoding", "gzip"));
        let final_fault = |error: io::Error| NoAnswer { reason: error.to_string(), is_final: true };
        let mut encoder = GzEncoder::new(Vec::with_capacity(body.bytes().len() / 4), Compression::fast());
        encoder.write_all(body.bytes()).map_err(final_fault)?;
        let bytes = encoder.finish().map_err(final_fault)?;
        self.send(&Method::POST, path, &headers, Some(&bytes))
    }

    /// A request with or without a body of JSON, and the reply's JSON with its status; null where a failure is told in
    /// another language, as proxies do.
    ///
    /// # Errors
    /// When there is no reply, or it says that all is well and is no JSON.
    pub(crate) fn json(&self, method: &Method, path: &str, body: Option<&Value>) -> anyhow::Result<(u16, Value)> {
        let body = body.map(Value::to_string);
        let headers = [("content-type", "application/json")];
        let answer =
            self.send(method, path, &headers[..usize::from(body.is_some())], body.as_deref().map(str::as_bytes));
        self.read_json(method, path, answer)
    }

    /// The same with a body of lines of JSON.
    ///
    /// # Errors
    /// As [`json`](Self::json).
    pub(crate) fn json_of_lines(&self, method: &Method, path: &str, lines: &[u8]) -> anyhow::Result<(u16, Value)> {
        let answer = self.send(method, path, &[("content-type", "application/x-ndjson")], Some(lines));
        self.read_json(method, path, answer)
    }

    fn read_json(&self, method: &Method, path: &str, answer: Result<Answer, NoAnswer>) -> anyhow::Result<(u16, Value)> {
        let Answer { status, bytes } = answer.map_err(|fault| self.unreachable(&fault))?;
        match serde_json::from_slice(&bytes) {
            Ok(value) => Ok((status, value)),
            Err(_) if status >= 300 || bytes.trim_ascii().is_empty() => Ok((status, Value::Null)),
            Err(_) => {
                bail!("{} answers {method} {path} with HTTP {status} and no JSON: is it Elasticsearch?", self.server)
            }
        }
    }

    /// The error of a server that did not answer.
    pub(crate) fn unreachable(&self, fault: &NoAnswer) -> anyhow::Error {
        anyhow::anyhow!("{} can't be reached: {}", self.server, fault.reason)
    }

    fn send(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Answer, NoAnswer> {
        let mut request = Request::builder().method(method).uri(self.server.join(path));
        request = request.header(OWN_HEADER.0, OWN_HEADER.1);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization.header());
        }
        let response = match body {
            Some(body) => request.body(body).map_err(ureq::Error::from).and_then(|request| self.agent.run(request)),
            None => request.body(()).map_err(ureq::Error::from).and_then(|request| self.agent.run(request)),
        };
        let mut response = response.map_err(|error| NoAnswer::of(&error))?;
        let status = response.status().as_u16();
        let bytes = response.body_mut().with_config().limit(LONGEST_REPLY_BYTES).read_to_vec();
        Ok(Answer { status, bytes: bytes.map_err(|error| NoAnswer::of(&error))? })
    }
}

impl NoAnswer {
    fn of(error: &ureq::Error) -> Self {
        match error {
            // rustls reports a certificate that it does not trust this way.
            ureq::Error::Io(fault) if fault.kind() == io::ErrorKind::InvalidData => {
                Self { reason: distrust(&fault.to_string()), is_final: true }
            }
            ureq::Error::Io(_)
            | ureq::Error::Timeout(_)
            | ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed
            | ureq::Error::Protocol(_) => Self { reason: error.to_string(), is_final: false },
            _ => Self { reason: error.to_string(), is_final: true },
        }
    }
}

/// What to do about a certificate.
fn distrust(reason: &str) -> String {
    let advice = if reason.contains("CaUsedAsEndEntity") {
        "it is an authority's own certificate: make the server one with basicConstraints=CA:FALSE, and name its authority, or \
         itself, with --ca-cert"
    } else if reason.contains("not valid for name") {
        "it is another host's: use the name that it was made for in the URL"
    } else if reason.contains("expired") {
        "it has expired"
    } else {
        "name the certificate of the authority that signed it with --ca-cert"
    };
    format!("the server's certificate is not trusted ({reason}): {advice}")
}

fn certificates(file: &Path) -> anyhow::Result<RootCerts> {
    let shown = file.display();
    let pem = fs::read(file).with_context(|| format!("the certificates in {shown} can't be read"))?;
    let mut certificates: Vec<Certificate<'static>> = Vec::new();
    for item in ureq::tls::parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.with_context(|| format!("{shown} is no valid PEM file"))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        bail!("{shown} holds no certificate in PEM form");
    }
    Ok(RootCerts::new_with_certs(&certificates))
}
