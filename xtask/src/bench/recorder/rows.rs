//! The recorders that take turns: ours in its modes, tcpdump and dumpcap.
//!
//! In: where the programs are. Out: how each is started, how to tell that it records, and how many packets it says were lost.

use super::rig::Rig;
use crate::bench::programs;
use std::path::{Path, PathBuf};

pub(super) const TCPDUMP: &str = "tcpdump";

pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) shown: String,
    pub(super) program: PathBuf,
    arguments: Vec<&'static str>,
    /// Stands before the path that is written to.
    output: &'static str,
    /// Said on standard error when packets are being recorded.
    pub(super) ready: &'static str,
    /// What part of CPU time next to tcpdump is aimed at.
    pub(super) aim: Option<f64>,
}

/// All rows whose programs are there; names of the others are told.
pub(super) fn rows(recorder: &Path) -> Vec<Row> {
    let ours = |name, keep: &'static [&'static str], aim| Row {
        name,
        shown: format!("sniffit-recorder {}", keep.join(" ")),
        program: recorder.to_owned(),
        arguments: [&["--quiet", "--interface", Rig::INTERFACE][..], keep].concat(),
        output: "--output",
        ready: "recording",
        aim,
    };
    let mut rows = vec![
        ours("full", &["--keep", "full"], Some(0.7)),
        ours("records", &["--keep", "records"], Some(0.5)),
        ours("names", &["--keep", "names"], None),
        ours("headers", &["--keep", "headers"], Some(0.3)),
        ours("full-pcapng", &["--keep", "full", "--format", "pcapng"], None),
        ours("full-files", &["--keep", "full", "--rotate-size", "50MB", "--compress", "none"], None),
        ours("full-zstd", &["--keep", "full", "--rotate-size", "50MB", "--compress", "zstd"], None),
        ours("records-files", &["--keep", "records", "--rotate-size", "5MB", "--compress", "none"], None),
        ours("records-zstd", &["--keep", "records", "--rotate-size", "5MB", "--compress", "zstd"], None),
    ];
    let peer = |name, tool: &str, options: &[&'static str], ready| {
        let Some(program) = programs::find(tool) else {
            eprintln!("{tool} is not installed, and left out");
            return None;
        };
        let shown = [&[tool], options].concat().join(" ");
        let arguments = [&["-i", Rig::INTERFACE][..], options].concat();
        Some(Row { name, shown, program, arguments, output: "-w", ready, aim: None })
    };
    rows.extend(peer(TCPDUMP, "tcpdump", &["-n", "-p"], "listening on"));
    rows.extend(peer("tcpdump-96", "tcpdump", &["-n", "-p", "-s", "96"], "listening on"));
    rows.extend(peer("dumpcap", "dumpcap", &["-q", "-P", "-p"], "File:"));
    rows
}

impl Row {
    /// The command's words after the program, when it writes into a folder.
    pub(super) fn words(&self, folder: &Path) -> Vec<String> {
        let path = folder.join(if self.output == "-w" { "out.pcap" } else { "out" });
        let last = [self.output.to_owned(), path.display().to_string()];
        self.arguments.iter().map(|word| (*word).to_owned()).chain(last).collect()
    }

    /// Packets that the kernel had no room for, by what the recorder said when it ended.
    pub(super) fn dropped(&self, said: &str) -> Option<u64> {
        let number = |text: &str| text.split(|c: char| !c.is_ascii_digit()).find(|word| !word.is_empty())?.parse().ok();
        if said.contains("kernel_dropped ") {
            return number(said.rsplit_once("kernel_dropped ")?.1);
        }
        if let Some((before, _)) = said.split_once(" packets dropped by kernel") {
            return number(before.rsplit('\n').next()?);
        }
        // `Packets received/dropped on interface 'x': 12/3 (pcap:3/dumpcap:0/…)`
        let counts = said.split_once("received/dropped on interface")?.1.split_once(": ")?.1;
        number(counts.split_once('/')?.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_each_says_of_lost_packets() {
        let rows = rows(Path::new("r"));
        for (said, expected) in [
            ("recorded: seen 9 = written 7 + filtered 0 + kernel_dropped 2 + write_errors 0\n", Some(2)),
            ("9 packets captured\n12 packets received by filter\n3 packets dropped by kernel\n", Some(3)),
            (
                "Packets received/dropped on interface 'recorded': 12/4 (pcap:4/dumpcap:0/flushed:0/ps_ifdrop:0) (75.0%)\n",
                Some(4),
            ),
            ("nothing", None),
        ] {
            assert_eq!(rows[0].dropped(said), expected, "{said}");
        }
    }
}
