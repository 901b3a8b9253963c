//! A running server.
//!
//! In: an installed distribution, its Java and its folders. Out: the address and the process id of the server.
//! Guaranteed: the server ends with this process, however this process ends. Between the two stands a small shell that
//! reads from a pipe of ours; the system closes the pipe with us, and the shell then ends the server in good order.
//! (Elasticsearch is started by a launcher of its own, so that the shell's child isn't the server itself.)

use super::config::Settings;
use super::health;
use super::place::Folders;
use super::program::Place;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// Waits for the server, or for the end of its input. The reading part ends before the process id can belong to another.
const GUARD: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ read -r _ <&3; kill -TERM "$server"; } 2>/dev/null &
reader=$!
exec 3<&-
wait "$server"
status=$?
kill "$reader" 2>/dev/null
exit "$status"
"#;

/// A loaded machine needs half a minute for a start.
const START_PATIENCE: Duration = Duration::from_secs(300);
const STOP_PATIENCE: Duration = Duration::from_secs(120);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// What can happen while a server runs.
#[derive(Debug)]
pub(super) enum Event {
    Interrupted,
    InputClosed,
    ServerEnded(ExitStatus),
}

/// A server that was started; dropping it ends the server without waiting for that.
#[derive(Debug)]
pub(super) struct Server {
    pipe: Option<ChildStdin>,
    has_ended: bool,
}

/// Where a server that answers can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Contact {
    pub(super) address: SocketAddr,
    /// The server's own process.
    pub(super) pid: u32,
}

/// Refuses ports and folders that are in use. The server would refuse them too, but half a minute later.
///
/// # Errors
/// When either is.
pub(super) fn ensure_free(settings: &Settings, folders: &Folders) -> Result<()> {
    if let Some(Contact { address, pid }) = contact(folders).filter(is_alive) {
        bail!(
            "{} is in use by the server at http://{address} (pid {pid}): stop that one, or choose another folder \
             with --data",
            folders.root().display()
        );
    }
    if let Err(error) = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port)) {
        bail!(
            "127.0.0.1:{port} can't be listened on ({error}): another server may run there; choose another port with \
             --port, or --port 0 for any free one",
            port = settings.port
        );
    }
    Ok(())
}

impl Server {
    /// Starts it; its end will be an event.
    ///
    /// # Errors
    /// When there is no shell.
    pub(super) fn start(place: &Place<'_>, events: Sender<Event>) -> Result<Self> {
        let folders = place.folders;
        let console = fs::File::create(folders.console())
            .with_context(|| format!("{} can't be written", folders.console().display()))?;
        let mut guard = Command::new("sh");
        guard
            .args(["-c", GUARD, "sh"])
            .arg(place.distribution.join("bin/elasticsearch"))
            .arg("-p")
            .arg(folders.pid_file());
        place.set(&mut guard);
        guard.stdin(Stdio::piped()).stdout(console.try_clone()?).stderr(console);
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            // Ctrl-C in a terminal is for us alone; we stop the server in good order.
            guard.process_group(0);
        }
        let mut guard = guard.spawn().context("`sh` can't be started")?;
        let pipe = guard.stdin.take();
        std::thread::spawn(move || {
            if let Ok(status) = guard.wait() {
                // Without a receiver nobody wants to know.
                let _ = events.send(Event::ServerEnded(status));
            }
        });
        Ok(Self { pipe, has_ended: false })
    }

    /// Waits until it answers; `None` when something else asks for the end before.
    ///
    /// # Errors
    /// When it ends by itself, with what it printed, or never answers.
    pub(super) fn wait_ready(
        &mut self,
        folders: &Folders,
        authorization: Option<&str>,
        events: &Receiver<Event>,
    ) -> Result<Option<Contact>> {
        let begin = Instant::now();
        while begin.elapsed() < START_PATIENCE {
            match events.recv_timeout(POLL_INTERVAL) {
                Ok(Event::ServerEnded(status)) => {
                    self.has_ended = true;
                    bail!("Elasticsearch did not start ({status}):\n{}", reasons(folders));
                }
                Ok(Event::Interrupted | Event::InputClosed) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => bail!("nobody watches the server any more"),
            }
            if let Some(contact) = contact(folders)
                && health::status(contact.address, authorization) == Some(200)
            {
                return Ok(Some(contact));
            }
        }
        let seconds = START_PATIENCE.as_secs();
        bail!("Elasticsearch does not answer after {seconds} s; its log is {}", folders.console().display())
    }

    /// Waits for a reason to stop.
    ///
    /// # Errors
    /// When the server ended by itself.
    pub(super) fn wait_for_end(&mut self, folders: &Folders, events: &Receiver<Event>) -> Result<()> {
        match events.recv().context("nobody watches the server any more")? {
            Event::Interrupted | Event::InputClosed => Ok(()),
            Event::ServerEnded(status) => {
                self.has_ended = true;
                bail!("the server ended by itself ({status}); its log is {}", folders.console().display())
            }
        }
    }

    /// Ends it in good order, and waits for that.
    ///
    /// # Errors
    /// When it does not end.
    pub(super) fn stop(mut self, folders: &Folders, events: &Receiver<Event>) -> Result<()> {
        drop(self.pipe.take());
        let begin = Instant::now();
        while !self.has_ended {
            let rest = STOP_PATIENCE.saturating_sub(begin.elapsed());
            let event = events.recv_timeout(rest);
            ensure!(event.is_ok(), "the server does not stop; its log is {}", folders.console().display());
            self.has_ended = matches!(event, Ok(Event::ServerEnded(_)));
        }
        // What the server could not remove itself would look like a server that runs.
        for file in [folders.pid_file(), folders.address_file()] {
            let _ = fs::remove_file(file);
        }
        // The next run invents others.
        let _ = fs::remove_dir_all(folders.passwords());
        Ok(())
    }
}

/// As the server's own files tell it.
fn contact(folders: &Folders) -> Option<Contact> {
    let addresses = fs::read_to_string(folders.address_file()).ok()?;
    let pid = fs::read_to_string(folders.pid_file()).ok()?;
    Some(Contact { address: addresses.lines().next()?.trim().parse().ok()?, pid: pid.trim().parse().ok()? })
}

/// Files of a server that was killed remain, and its process id may be another's by now: the address must answer too.
fn is_alive(contact: &Contact) -> bool {
    let mut probe = Command::new("kill");
    probe.args(["-0", &contact.pid.to_string()]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let is_process = probe.status().is_ok_and(|status| status.success());
    is_process && TcpStream::connect_timeout(&contact.address, Duration::from_secs(1)).is_ok()
}

/// The lines of the log that say why.
fn reasons(folders: &Folders) -> String {
    let log = fs::read(folders.console()).unwrap_or_default();
    format!("{}\n    all of it: {}", telling_lines(&String::from_utf8_lossy(&log)), folders.console().display())
}

/// Errors without their traces; otherwise the last lines.
fn telling_lines(log: &str) -> String {
    let is_error = |line: &&str| ["ERROR", "Exception", "Error:", "error:"].iter().any(|word| line.contains(word));
    let mut lines: Vec<&str> = log.lines().filter(|line| !line.starts_with('\t')).filter(is_error).take(6).collect();
    if lines.is_empty() {
        let all: Vec<&str> = log.lines().collect();
        lines = all[all.len().saturating_sub(6)..].to_vec();
    }
    lines.iter().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_picked_from_the_log() {
        let log = "[INFO ] fine\n[ERROR] fatal\n\tat org.x.Error: y\n[INFO ] z\n";
        assert_eq!(telling_lines(log), "    [ERROR] fatal");
        assert_eq!(telling_lines("a\nb\n"), "    a\n    b");
        assert_eq!(telling_lines(""), "");
    }

    /// The guard with another program in the place of the server.
    #[cfg(unix)]
    fn guarded(program: &str) -> std::process::Child {
        let mut guard = Command::new("sh");
        guard.args(["-c", GUARD, "sh", "sh", "-c", program]).stdin(Stdio::piped()).stdout(Stdio::piped());
        guard.spawn().unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn the_guard_ends_the_server_when_its_input_closes() {
        use std::io::Read as _;
        let mut guard = guarded(
            "trap 'echo stopped; exit 7' TERM; echo ready; n=0; while [ $n -lt 200 ]; do n=$((n+1)); sleep 0.05; done",
        );
        let mut output = guard.stdout.take().unwrap();
        let mut ready = [0; 6];
        output.read_exact(&mut ready).unwrap();
        drop(guard.stdin.take());
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        assert_eq!((&ready, rest.as_str()), (b"ready\n", "stopped\n"));
        assert_eq!(guard.wait().unwrap().code(), Some(7));
    }

    #[cfg(unix)]
    #[test]
    fn the_guard_ends_with_the_server() {
        let mut guard = guarded("exit 3");
        let input = guard.stdin.take();
        assert_eq!(guard.wait().unwrap().code(), Some(3));
        drop(input);
    }

    #[test]
    fn a_port_in_use_is_refused() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let settings = Settings { port, heap: String::new(), is_secured: false, is_quick: false, more: Vec::new() };
        let folders = Folders::new(std::env::temp_dir().join("sniffit-no-such-folder"));
        let error = ensure_free(&settings, &folders).unwrap_err().to_string();
        assert!(error.starts_with(&format!("127.0.0.1:{port} can't be listened on (")), "{error}");
        drop(listener);
        assert!(ensure_free(&settings, &folders).is_ok());
    }
}
