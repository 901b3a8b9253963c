//! The tools that are measured, and how each is called.
//!
//! In: a capture. Out: [`Row`]s in the order of the table, the raw walk first. Guaranteed: no tool sends anything beyond the
//! loopback, becomes a daemon, or writes outside its own folder of the bench.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::measure::Job;

/// tshark keeps every packet in memory and needs half a minute a gigabyte: a head of the capture tells its speed.
const TSHARK_HEAD_PACKETS: u64 = 300_000;

pub(super) const RAW_WALK: &str = "raw-walk";
pub(super) const SUMMARY: &str = "summary";
pub(super) const OBJECTS_NDJSON: &str = "objects-ndjson";
pub(super) const ALL_NDJSON: &str = "all-ndjson";

/// A tool as the table shows it. Of the words of `command`, `F` stands for the capture, `OUT` for a path that does not
/// exist yet and `DIR` for an empty folder.
struct Spec {
    name: &'static str,
    program: Program,
    command: &'static str,
}

#[derive(Clone, Copy)]
enum Program {
    Walker,
    Sniffit,
    Peer { program: &'static str, package: &'static str },
}

const SPECS: [Spec; 12] = [
    Spec { name: RAW_WALK, program: Program::Walker, command: "bench raw-walk F" },
    Spec { name: SUMMARY, program: Program::Sniffit, command: "analyze F --quiet" },
    Spec {
        name: OBJECTS_NDJSON,
        program: Program::Sniffit,
        command: "analyze F -o OUT --kinds objects --format ndjson --force",
    },
    Spec {
        name: "objects-csv",
        program: Program::Sniffit,
        command: "analyze F -o OUT --kinds objects --format csv --force",
    },
    Spec {
        name: "objects-parquet",
        program: Program::Sniffit,
        command: "analyze F -o OUT --kinds objects --format parquet --force",
    },
    Spec {
        name: ALL_NDJSON,
        program: Program::Sniffit,
        command: "analyze F -o OUT --kinds objects,streams,bins --format ndjson --force",
    },
    Spec {
        name: "tcpdump",
        program: Program::Peer { program: "tcpdump", package: "tcpdump" },
        command: "-r F -w /dev/null",
    },
    // Port 9 is "discard". Without a control socket and with a process file of its own, softflowd stays out of /run.
    Spec {
        name: "softflowd",
        program: Program::Peer { program: "softflowd", package: "softflowd" },
        command: "-r F -d -n 127.0.0.1:9 -c none -p OUT",
    },
    Spec { name: "nfpcapd", program: Program::Peer { program: "nfpcapd", package: "nfdump" }, command: "-r F -w DIR" },
    // `-X` forgets the system's configuration, which may open a port.
    Spec {
        name: "argus",
        program: Program::Peer { program: "argus", package: "argus-server" },
        command: "-X -r F -w OUT",
    },
    Spec { name: "tshark-head", program: TSHARK, command: "-n -q -z conv,tcp -z conv,udp -c 300000 -r F" },
    Spec { name: "tshark-full", program: TSHARK, command: "-n -q -z conv,tcp -z conv,udp -r F" },
];

const TSHARK: Program = Program::Peer { program: "tshark", package: "tshark" };

pub(super) struct Row {
    pub(super) name: &'static str,
    /// The command as a reader would type it.
    pub(super) shown: String,
    pub(super) tool: Tool,
    /// The most packets that the command reads; the table extrapolates from there.
    pub(super) head_packets: Option<u64>,
}

pub(super) enum Tool {
    Ready(Job),
    NotInstalled { package: &'static str },
}

/// The programs and folders that the commands are made of.
pub(super) struct Setting<'a> {
    /// A release build that knows `bench raw-walk`.
    pub(super) walker: &'a Path,
    pub(super) sniffit: &'a Path,
    pub(super) work_dir: &'a Path,
    pub(super) tshark_full: bool,
}

impl Setting<'_> {
    /// The rows for `capture`, all or those named. The raw walk always stays, for all others are compared with it.
    pub(super) fn rows(&self, capture: &Path, only: &[String]) -> Vec<Row> {
        let left_out = if self.tshark_full { "tshark-head" } else { "tshark-full" };
        let is_wanted = |name: &str| {
            only.is_empty() || only.iter().any(|wanted| name == wanted || name.starts_with(&format!("{wanted}-")))
        };
        SPECS
            .iter()
            .filter(|spec| spec.name == RAW_WALK || (spec.name != left_out && is_wanted(spec.name)))
            .map(|spec| self.row(spec, capture))
            .collect()
    }

    fn row(&self, spec: &Spec, capture: &Path) -> Row {
        let (program, package) = match spec.program {
            Program::Walker => (self.walker, None),
            Program::Sniffit => (self.sniffit, None),
            Program::Peer { program, package } => (Path::new(program), Some(package)),
        };
        let work_dir = self.work_dir.join(spec.name);
        let tool = match package {
            Some(package) if !super::programs::exists(&program.to_string_lossy()) => Tool::NotInstalled { package },
            _ => Tool::Ready(Job {
                program: PathBuf::from(program),
                args: spec.command.split(' ').map(|word| argument(word, capture, &work_dir)).collect(),
                work_dir,
            }),
        };
        let shown = match spec.program {
            Program::Walker => "raw walk, 1 MiB reads".to_owned(),
            Program::Sniffit => format!("`sniffit {}`", spec.command),
            Program::Peer { program, .. } => format!("`{program} {}`", spec.command),
        };
        let head_packets = (spec.name == "tshark-head").then_some(TSHARK_HEAD_PACKETS);
        Row { name: spec.name, shown, tool, head_packets }
    }
}

fn argument(word: &str, capture: &Path, work_dir: &Path) -> OsString {
    match word {
        "F" => capture.into(),
        "OUT" => work_dir.join("out").into(),
        "DIR" => work_dir.into(),
        _ => word.into(),
    }
}

/// The names that `--only` understands. A name's first words stand for all rows that begin so.
pub(super) fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = SPECS
        .iter()
        .map(|spec| spec.name.strip_suffix("-head").unwrap_or(spec.name))
        .map(|name| name.strip_suffix("-full").unwrap_or(name))
        .collect();
    names.dedup();
    names
}
