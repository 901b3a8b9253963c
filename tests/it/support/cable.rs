//! A virtual cable between two network namespaces, and the recorder at one end of it.
//!
//! In: packets. Out: how a recorder of them ended, and its files. Guaranteed: no packet crosses the cable but those that were sent;
//! namespaces and processes end with the test, also when it fails. Without root there is no cable, which is said.

use super::{Packet, Run, packets_of, read_capture, recorder, write_pcap};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Nothing here takes so long, unless it hangs.
const LIMIT: Duration = Duration::from_secs(60);
/// The interface that is recorded.
pub(crate) const RECORDED: &str = "recorded";
const SENDER: &str = "sender";
/// Of the files' names.
const PREFIX: &str = "x";

/// A network namespace.
pub(crate) struct Namespace(pub(crate) String);

impl Namespace {
    /// A new one, with a loopback interface; `None` where this is not possible, which is said.
    pub(crate) fn new(what: &str) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("sniffit-{}-{}-{what}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        match Command::new("ip").args(["netns", "add", &name]).output() {
            Ok(output) if output.status.success() => {
                let namespace = Self(name);
                namespace.ip("link set lo up");
                Some(namespace)
            }
            Ok(output) => {
                eprintln!("skipped: no network namespace: {}", String::from_utf8_lossy(&output.stderr).trim());
                None
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                eprintln!("skipped: `ip` is not installed (Debian: iproute2)");
                None
            }
            Err(error) => panic!("ip: {error}"),
        }
    }

    /// Runs `ip` for the namespace.
    #[track_caller]
    pub(crate) fn ip(&self, words: &str) {
        let output = Command::new("ip").args(["-n", &self.0]).args(words.split(' ')).output().expect("ip starts");
        assert!(output.status.success(), "ip {words}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A program that will run within. `ip` becomes the program, so they are one process.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.0]).arg(program).stdin(Stdio::null());
        command
    }

    /// The same on one processor. Two could hand packets over to two recorders in two orders.
    pub(crate) fn pinned(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let status = fs::read_to_string("/proc/self/status").expect("Linux");
        let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).expect("a list");
        let first = allowed.trim().split(['-', ',']).next().expect("a processor");
        let mut command = Command::new("taskset");
        command.args(["-c", first, "ip", "netns", "exec", &self.0]).arg(program).stdin(Stdio::null());
        command
    }

    /// Runs a program within to its end, which has to be good.
    #[track_caller]
    pub(crate) fn run(&self, words: &[&str]) -> String {
        let output = self.command(words[0]).args(&words[1..]).output().expect("ip starts");
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let deleted = Command::new("ip").args(["netns", "del", &self.0]).status();
        if !deleted.is_ok_and(|status| status.success()) {
            eprintln!("the namespace {} can't be deleted", self.0);
        }
    }
}

/// Waits until something holds.
#[track_caller]
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < LIMIT, "{what}: not within {LIMIT:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

pub(crate) struct Cable {
    sending: Namespace,
    pub(crate) recorded: Namespace,
    folder: TempDir,
}

impl Cable {
    /// `None` where there can't be one, which is said.
    pub(crate) fn new() -> Option<Self> {
        for (program, package) in [("tcpreplay", "tcpreplay"), ("tcpdump", "tcpdump"), ("sysctl", "procps")] {
            let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            if found.is_err() {
                eprintln!("skipped: `{program}` is not installed (Debian: {package})");
                return None;
            }
        }
        let (sending, recorded) = (Namespace::new("a")?, Namespace::new("b")?);
        for namespace in [&sending, &recorded] {
            // Nobody looks for routers or checks addresses while packets are counted.
            let off = ["net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"];
            namespace.run(&["sysctl", "-qw", off[0], off[1]]);
        }
        let cable = Self { sending, recorded, folder: tempfile::tempdir().expect("a folder") };
        cable.plug();
        Some(cable)
    }

    /// Makes both ends, which are gone when one is.
    pub(crate) fn plug(&self) {
        let Self { sending, recorded, .. } = self;
        sending.ip(&format!("link add {SENDER} type veth peer name {RECORDED} netns {}", recorded.0));
        sending.ip(&format!("link set {SENDER} mtu 65535 up"));
        recorded.ip(&format!("link set {RECORDED} mtu 65535 up"));
    }

    /// A new folder, which lives as long as the cable.
    pub(crate) fn folder(&self) -> PathBuf {
        tempfile::tempdir_in(self.folder.path()).expect("a folder").keep()
    }

    /// The packets in a file, to be sent.
    pub(crate) fn file_of(&self, packets: &[Packet]) -> PathBuf {
        let path = self.folder().join("sent.pcap");
        fs::write(&path, write_pcap(packets)).expect("written");
        path
    }

    /// Sends packets, as fast as it goes or as an option of `tcpreplay` says.
    pub(crate) fn send(&self, packets: &[Packet], pace: &str) {
        self.send_file(&self.file_of(packets), pace);
    }

    pub(crate) fn send_file(&self, file: &Path, pace: &str) {
        let status = self.start_sending(file, pace).wait().expect("tcpreplay ends");
        assert!(status.success(), "tcpreplay: {status}");
    }

    pub(crate) fn start_sending(&self, file: &Path, pace: &str) -> Child {
        let mut command = self.sending.pinned("tcpreplay");
        command.args(["--quiet", "--preload-pcap", pace]).arg(format!("--intf1={SENDER}")).arg(file);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("tcpreplay starts")
    }

    /// Records into a new folder.
    #[track_caller]
    pub(crate) fn record(&self, options: &[&str]) -> Recording {
        self.record_in(&self.folder(), options)
    }

    /// Records into a folder; returns when packets are being taken.
    #[track_caller]
    pub(crate) fn record_in(&self, folder: &Path, options: &[&str]) -> Recording {
        record(&self.recorded, RECORDED, folder, options)
    }

    /// A recorder that is to end by itself, at once.
    pub(crate) fn record_refused(&self, folder: &Path, options: &[&str]) -> Run {
        let mut command = self.recorded.command(recorder());
        command.args(["--interface", RECORDED, "--time", "30"]).args(options).arg("--output").arg(folder.join(PREFIX));
        Run::of(command.output().expect("it starts"))
    }

    /// The recorder with just these options, which is to end by itself.
    pub(crate) fn run(&self, options: &[&str]) -> Run {
        let mut command = self.recorded.command(recorder());
        // No `.env` of the repository's may be read.
        Run::of(command.args(options).current_dir(self.folder.path()).output().expect("it starts"))
    }

    /// tcpdump, when it records.
    pub(crate) fn tcpdump(&self, path: &Path) -> Child {
        let log = self.folder().join("log");
        let mut command = self.recorded.command("tcpdump");
        command.args(["-n", "-Z", "root", "-i", RECORDED, "-w"]).arg(path).stderr(File::create(&log).expect("a file"));
        let child = command.spawn().expect("tcpdump starts");
        until("tcpdump", || fs::read_to_string(&log).is_ok_and(|said| said.contains("listening on")));
        child
    }

    /// Until a file does not grow any more.
    pub(crate) fn settle(&self, path: &Path) {
        let length = || fs::metadata(path).map_or(0, |metadata| metadata.len());
        let mut last = length();
        loop {
            thread::sleep(Duration::from_millis(700));
            let now = length();
            if now == last {
                return;
            }
            last = now;
        }
    }
}

/// A recorder of an interface; returns when packets are being taken.
#[track_caller]
pub(crate) fn record(namespace: &Namespace, interface: &str, folder: &Path, options: &[&str]) -> Recording {
    let mut command = namespace.command(recorder());
    command.args(["--quiet", "--interface", interface]).args(options).arg("--output").arg(folder.join(PREFIX));
    spawn(command, folder)
}

/// Starts a command that records into a folder.
#[track_caller]
pub(crate) fn spawn(mut command: Command, folder: &Path) -> Recording {
    let logs = tempfile::tempdir().expect("a folder");
    let log = logs.path().join("log");
    // Its names are in UTC in every zone.
    command.env("TZ", "Asia/Tokyo").stdout(Stdio::null()).stderr(File::create(&log).expect("a file"));
    let child = command.spawn().expect("it starts");
    let recording = Recording { child, folder: folder.to_owned(), log, _logs: logs };
    recording.until("it records", |said| said.contains(", files "));
    recording
}

/// A recorder that runs.
pub(crate) struct Recording {
    child: Child,
    folder: PathBuf,
    log: PathBuf,
    _logs: TempDir,
}

impl Recording {
    fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits until it said something.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, holds: impl Fn(&str) -> bool) {
        let begun = Instant::now();
        while !holds(&self.said()) {
            assert!(begun.elapsed() < LIMIT, "{what}: {}", self.said());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until there are so many files with an ending.
    #[track_caller]
    pub(crate) fn until_files(&self, ending: &str, count: usize) {
        until(ending, || self.files(ending).len() >= count);
    }

    pub(crate) fn files(&self, ending: &str) -> Vec<PathBuf> {
        files(&self.folder, ending)
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(status.expect("kill starts").success(), "{name}: {}", self.said());
    }

    /// Ends it as Ctrl-C does.
    pub(crate) fn stop(self) -> Ended {
        self.stop_by("INT")
    }

    pub(crate) fn stop_by(self, signal: &str) -> Ended {
        self.signal(signal);
        self.wait()
    }

    /// Waits for its own end.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Ended {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                break status;
            }
            assert!(begun.elapsed() < LIMIT, "it does not end: {}", self.said());
            thread::sleep(Duration::from_millis(2));
        };
        let said = self.said();
        assert!(!said.contains("panicked"), "{said}");
        Ended { code: status.code(), said, folder: self.folder.clone() }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        // It has ended, or the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a recorder ended.
pub(crate) struct Ended {
    /// `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    /// On standard error.
    pub(crate) said: String,
    pub(crate) folder: PathBuf,
}

impl Ended {
    pub(crate) fn files(&self, ending: &str) -> Vec<PathBuf> {
        files(&self.folder, ending)
    }

    /// Of all complete files, in their order.
    pub(crate) fn packets(&self) -> Vec<Packet> {
        self.captures().iter().flat_map(|path| packets_of(&read_capture(path))).collect()
    }

    /// All complete files, compressed or not, in their order.
    pub(crate) fn captures(&self) -> Vec<PathBuf> {
        let mut captures = [self.files(".pcap"), self.files(".pcap.zst")].concat();
        // Other files of a test have no number with zeros.
        captures.retain(|path| path.to_string_lossy().contains("Z-0"));
        captures.sort();
        captures
    }

    pub(crate) fn sidecars(&self) -> Vec<String> {
        self.files(".json").iter().map(|path| fs::read_to_string(path).expect("a sidecar")).collect()
    }

    /// The last one that it told.
    #[track_caller]
    pub(crate) fn account(&self) -> Account {
        let line =
            self.said.lines().rev().find(|line| line.contains(": seen ")).unwrap_or_else(|| panic!("{}", self.said));
        let number = |name: &str| {
            let text = line.split_once(name).unwrap_or_else(|| panic!("{line}")).1.trim_start();
            let digits = text.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
            digits.parse().unwrap_or_else(|_| panic!("{line}"))
        };
        Account {
            seen: number("seen"),
            written: number("written"),
            filtered: number("filtered"),
            kernel_dropped: number("kernel_dropped"),
            write_errors: number("write_errors"),
        }
    }
}

/// As it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) seen: u64,
    pub(crate) written: u64,
    pub(crate) filtered: u64,
    pub(crate) kernel_dropped: u64,
    pub(crate) write_errors: u64,
}

impl Account {
    pub(crate) const fn is_equal(self) -> bool {
        self.seen == self.written + self.filtered + self.kernel_dropped + self.write_errors
    }
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(ending));
    files.sort();
    files
}
