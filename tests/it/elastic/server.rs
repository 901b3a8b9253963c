//! Real Elasticsearch servers for tests: one that all share, and others for tests that secure, starve or kill them.
//!
//! `cargo xtask test` starts the shared one and tells where it and the program are that starts more. Without them the
//! tests say so and pass. No server outlives the process of the tests, however that ends: its starter stops it when the
//! pipe to its standard input closes.

use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A slow machine that does other things besides.
const PATIENCE: Duration = Duration::from_secs(120);

/// The address of the server that all tests share: nothing may be expected of indices that a test did not make itself.
pub(crate) fn shared() -> Option<String> {
    variable("SNIFFIT_TEST_ELASTICSEARCH")
}

/// A variable that `cargo xtask test` sets.
fn variable(name: &str) -> Option<String> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    if value.is_none() {
        eprintln!("skipped: no Elasticsearch (`cargo xtask test` starts one)");
    }
    value
}

/// A server of one test; it ends with this.
#[derive(Debug)]
pub(crate) struct Server {
    starter: Child,
    options: Vec<String>,
    /// As the starter tells it.
    description: Value,
}

impl Server {
    /// Starts a server with no data on a port of its own, by options of `cargo xtask elasticsearch`. `None`, with a line
    /// that says so, when the tests run without servers.
    pub(crate) fn start(options: &[&str]) -> Option<Self> {
        let program = variable("SNIFFIT_TEST_XTASK")?;
        let options: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
        let (starter, description) = start(&program, &options, &["--port", "0"]);
        Some(Self { starter, options, description })
    }

    /// The address.
    pub(crate) fn url(&self) -> &str {
        self.description["url"].as_str().expect("an address")
    }

    /// The file with the password of a user of a server that was started with `--security`: `admin` or `writer`, and
    /// with `--api-keys` also `elastic`.
    pub(crate) fn password_file(&self, user: &str) -> &Path {
        Path::new(self.description["password_files"][user].as_str().expect("a server with security"))
    }

    /// Sends a request as a user; a body of `null` is none.
    pub(crate) fn request_as(&self, user: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let password = std::fs::read_to_string(self.password_file(user)).expect("a password");
        request(self.url(), Some((user, &password)), method, path, body)
    }

    /// Ends the server as a power cut does, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        kill(self.description["pid"].as_u64().expect("a process"));
        // `wait` would close the pipe, and with it ask the starter to end in good order and to delete the data.
        let input = self.starter.stdin.take();
        let status = self.starter.wait().expect("its starter ends");
        drop(input);
        assert!(!status.success(), "a killed server is an error");
    }

    /// Starts it again after [`Self::kill`]: same data, port and options. Passwords are new.
    pub(crate) fn restart(&mut self) {
        let port = self.url().rsplit(':').next().expect("a port").to_owned();
        let data = self.description["data"].as_str().expect("a folder").to_owned();
        let program = variable("SNIFFIT_TEST_XTASK").expect("it was there before");
        (self.starter, self.description) = start(&program, &self.options, &["--port", &port, "--data", &data]);
    }

    /// Ends what started the server, and nothing else.
    pub(crate) fn kill_starter(&mut self) {
        kill(self.starter.id().into());
        self.starter.wait().expect("the starter ends");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // `wait` closes its standard input first, which asks it to stop.
        let _ = self.starter.wait();
        // A starter that ended well has deleted the data itself.
        let _ = std::fs::remove_dir_all(self.description["data"].as_str().expect("a folder"));
    }
}

fn start(program: &str, options: &[String], place: &[&str]) -> (Child, Value) {
    let mut starter = Command::new(program);
    starter.args(["elasticsearch", "--quick", "--quiet", "--temporary", "--until-stdin-closes"]);
    starter.args(place).args(options).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut starter = starter.spawn().expect("a program that starts servers");
    let mut line = String::new();
    BufReader::new(starter.stdout.take().expect("its output")).read_line(&mut line).expect("its output");
    if line.is_empty() {
        let mut reason = String::new();
        starter.stderr.take().expect("its errors").read_to_string(&mut reason).expect("its errors");
        panic!("Elasticsearch does not start: {reason}");
    }
    (starter, serde_json::from_str(&line).expect("a description of the server"))
}

fn kill(pid: u64) {
    let status = Command::new("kill").args(["-KILL", &pid.to_string()]).status().expect("`kill` starts");
    assert!(status.success(), "process {pid} can't be killed");
}

pub(crate) fn get(url: &str, path: &str) -> (u16, Value) {
    request(url, None, "GET", path, &Value::Null)
}

pub(crate) fn post(url: &str, path: &str, body: &Value) -> (u16, Value) {
    request(url, None, "POST", path, body)
}

pub(crate) fn put(url: &str, path: &str, body: &Value) -> (u16, Value) {
    request(url, None, "PUT", path, body)
}

pub(crate) fn delete(url: &str, path: &str) -> (u16, Value) {
    request(url, None, "DELETE", path, &Value::Null)
}

/// The status and the body of the reply, whatever the status; a body that isn't JSON comes as text.
fn request(url: &str, sign_in: Option<(&str, &str)>, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build().into();
    let mut request = ureq::http::Request::builder().method(method).uri(format!("{url}{path}"));
    if let Some((user, password)) = sign_in {
        use base64::Engine as _;
        let word = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        request = request.header("Authorization", format!("Basic {word}"));
    }
    let reply = if body.is_null() {
        agent.run(request.body(()).expect("a request"))
    } else {
        agent.run(request.header("Content-Type", "application/json").body(body.to_string()).expect("a request"))
    };
    let mut reply = reply.unwrap_or_else(|error| panic!("{method} {url}{path}: {error}"));
    let text = reply.body_mut().read_to_string().expect("a reply");
    (reply.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
