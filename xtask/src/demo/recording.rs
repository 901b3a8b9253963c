//! The recorder at work: this machine fetches something from itself, is recorded, and the objects are found again.
//!
//! In: the analysis' program. Out: what was sent and what was found, or why there is no recording. Guaranteed: nothing but the
//! loopback interface is recorded, and of it only the one port; without the right to record, the demo goes on.

use crate::{cargo, setup};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What is fetched, one after the other on one connection.
const BODIES: [usize; 5] = [20_000, 1_500, 300_000, 70, 4_096];
const START_LIMIT: Duration = Duration::from_secs(20);

/// Records, analyses and tells; or says why not.
pub(super) fn run(sniffit: &Path, results: &Path) -> Result<String> {
    if !setup::is_root() {
        return Ok(
            "The recorder is left out: recording needs root here (docs/recorder.md tells how it runs without).\n"
                .to_owned(),
        );
    }
    if let Err(error) = setup::ensure_libpcap() {
        return Ok(format!("The recorder is left out: {error:#}\n"));
    }
    eprintln!("building sniffit-recorder");
    let built = cargo::command(["build", "--release", "--package", "recorder"])?.status();
    ensure!(built.context("cargo can't be started")?.success(), "the build of the recorder failed");
    let recorder = cargo::release_binary("sniffit-recorder")?;
    let folder = results.join("recorded");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;

    let listener = TcpListener::bind("127.0.0.1:0").context("no port on 127.0.0.1")?;
    let port = listener.local_addr()?.port();
    let log = folder.join("log.txt");
    let mut child = Command::new(&recorder)
        .args(["--quiet", "--interface", "lo", "--filter", &format!("tcp port {port}"), "--output"])
        .arg(folder.join("demo"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&log)?)
        .spawn()
        .with_context(|| format!("{} can't be started", recorder.display()))?;
    let recorded = record(&mut child, &log, listener);
    if recorded.is_err() {
        // Whether it still runs or not, it must not outlive this.
        let _ = child.kill();
    }
    let status = child.wait()?;
    let said = fs::read_to_string(&log)?;
    let sent = recorded.with_context(|| said.clone())?;
    ensure!(status.success(), "the recorder failed ({status}): {said}");

    let analysed = folder.join("analysed");
    let mut analysis = Command::new(sniffit);
    analysis.args(["analyze", "--quiet", "--force", "--kinds", "objects", "-o"]).arg(&analysed).arg(&folder);
    ensure!(analysis.status()?.success(), "the recording could not be analysed");
    let found = sizes(&fs::read_to_string(analysed.join("objects.ndjson"))?)?;
    ensure!(found == sent, "responses of {sent:?} bytes were sent, and objects of {found:?} bytes were found");
    let account = said.lines().rev().find(|line| line.contains("seen ")).unwrap_or_default();
    Ok(format!(
        "Recorded on the loopback interface, {account}\n\
         Sent: responses of {sent:?} bytes. Found: objects of the same sizes; their payload was not kept.\n",
    ))
}

/// From the moment that it records until it was told to end: what the server sent.
fn record(child: &mut Child, log: &Path, listener: TcpListener) -> Result<Vec<u64>> {
    let begun = Instant::now();
    while !fs::read_to_string(log)?.contains("recording") {
        ensure!(child.try_wait()?.is_none() && begun.elapsed() < START_LIMIT, "the recorder does not record");
        thread::sleep(Duration::from_millis(20));
    }
    let address = listener.local_addr()?;
    let server = thread::spawn(move || serve(&listener));
    fetch(TcpStream::connect(address)?)?;
    let sent = server.join().map_err(|_| anyhow::anyhow!("the server of the demo failed"))??;
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status()?;
    ensure!(status.success(), "the recorder can't be told to end");
    Ok(sent)
}

/// Answers each request of one connection; the bytes of each answer, its header included.
fn serve(listener: &TcpListener) -> Result<Vec<u64>> {
    let (mut stream, _) = listener.accept()?;
    let mut requests = BufReader::new(stream.try_clone()?).lines();
    let mut sent = Vec::new();
    for bytes in BODIES {
        while requests.next().context("the request ended")??.trim() != "" {}
        let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n").into_bytes();
        answer.resize(answer.len() + bytes, b'.');
        stream.write_all(&answer)?;
        sent.push(answer.len() as u64);
    }
    Ok(sent)
}

fn fetch(mut stream: TcpStream) -> Result<()> {
    let mut answers = BufReader::new(stream.try_clone()?);
    for (n, bytes) in BODIES.into_iter().enumerate() {
        stream.write_all(
            format!("GET /{n} HTTP/1.1\r\nhost: demo.invalid\r\nuser-agent: sniffit demo\r\n\r\n").as_bytes(),
        )?;
        let mut line = String::new();
        while answers.read_line(&mut line)? > 2 {
            line.clear();
        }
        answers.read_exact(&mut vec![0; bytes])?;
    }
    Ok(())
}

/// Of the objects that came from the server, in their order.
fn sizes(objects: &str) -> Result<Vec<u64>> {
    let mut found = Vec::new();
    for line in objects.lines() {
        let object: Value = serde_json::from_str(line).context("objects.ndjson")?;
        if object.pointer("/sniffit/direction").and_then(Value::as_str) == Some("down") {
            found.push(object.pointer("/sniffit/payload_bytes").and_then(Value::as_u64).context("no payload_bytes")?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_fetched_is_what_was_sent() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = thread::spawn(move || serve(&listener));
        fetch(TcpStream::connect(address).expect("a connection")).expect("all answers");
        let sent = server.join().expect("no panic").expect("all requests");
        assert_eq!(sent.len(), BODIES.len());
        assert!(sent.iter().zip(BODIES).all(|(sent, body)| *sent > body as u64), "{sent:?}");
    }

    #[test]
    fn sizes_are_those_from_the_server() {
        let line = |way: &str, bytes: u64| format!(r#"{{"sniffit":{{"direction":"{way}","payload_bytes":{bytes}}}}}"#);
        assert_eq!(sizes(&[line("up", 1), line("down", 2), line("down", 3)].join("\n")).expect("objects"), [2, 3]);
    }
}
