//! `sniffit-recorder check`: is this machine ready to record?
//!
//! In: interfaces and a place for files. Out: a line for each thing, and what to do where it is not well. Guaranteed: the test
//! sends packets to this machine's own loopback interface and nowhere else; what it recorded is deleted.

use crate::cli::CheckArgs;
use crate::exit::Exit;
use crate::file::{Disk, EndReason, Format, Place};
use crate::interface::{Opened, Opening, devices, link_type_name, require_right};
use crate::quantity::{Reserve, shown_bytes};
use crate::tape::{Label, Rotation, Tape};
use crate::track::Track;
use analyzer_core::capture::CaptureDecoder;
use analyzer_core::keep::{Keep, Keeper};
use anyhow::{Context, Result, ensure};
use std::fmt::Display;
use std::net::UdpSocket;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

const LOOPBACK: &str = "lo";
/// Sent at once, before a short pause, so that a slow machine keeps up.
const BURST: u64 = 100;
const PAYLOAD_BYTES: usize = 100;

/// Tests everything and says what is not well.
pub(crate) fn run(args: &CheckArgs) -> Result<Exit> {
    let mut report = Report { problems: 0 };
    if let Err(error) = require_right() {
        report.problem("right", &error);
        return Ok(Exit::NoPermission);
    }
    report.ok("right", "CAP_NET_RAW is there");
    interfaces(args, &mut report)?;
    folder(&args.output, &mut report);
    match self_test(args) {
        Ok(words) => report.ok("self-test", words),
        Err(error) => report.problem("self-test", format!("{error:#}")),
    }
    Ok(if report.problems == 0 { Exit::Complete } else { Exit::Failed })
}

struct Report {
    problems: u32,
}

impl Report {
    #[allow(clippy::unused_self, reason = "beside `problem`, which counts")]
    fn ok(&self, what: &str, words: impl Display) {
        println!("ok       {what:<10} {words}");
    }

    fn problem(&mut self, what: &str, words: impl Display) {
        self.problems += 1;
        println!("problem  {what:<10} {words}");
    }
}

fn interfaces(args: &CheckArgs, report: &mut Report) -> Result<()> {
    let names: Vec<String> = if args.interfaces.is_empty() {
        devices()?.into_iter().filter(|device| device.flags.is_up()).map(|device| device.name).collect()
    } else {
        args.interfaces.clone()
    };
    let opening = Opening { ring_bytes: args.ring, snaplen_bytes: Keep::Full.kernel_snaplen_bytes() };
    for name in names {
        match Opened::open(&name, opening) {
            Ok(opened) => {
                let what = if opened.is_tunnel() { ", a tunnel" } else { "" };
                let link_type = link_type_name(opened.link_type);
                report.ok(&name, format!("{link_type}{what}; a ring of {} MiB", args.ring >> 20));
            }
            Err(error) => report.problem(&name, error),
        }
    }
    Ok(())
}

fn folder(prefix: &Path, report: &mut Report) {
    let place = Place::new(prefix, LOOPBACK);
    let folder = place.folder();
    // It is made when a recording begins; until then its parent tells the disk.
    let Some(there) = folder.ancestors().find(|folder| folder.exists() || folder.as_os_str().is_empty()) else {
        return;
    };
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    let asked = Disk::of(there).and_then(|disk| Ok((disk, std::fs::metadata(there)?)));
    match asked {
        Ok((disk, metadata)) => {
            let free = format!("{} of {} free", shown_bytes(disk.free_bytes), shown_bytes(disk.total_bytes));
            let is_open = there == folder && metadata.mode() & 0o077 != 0;
            if is_open {
                let shown = folder.display();
                report.ok("folder", format!("{shown}: {free}; others may list it: `chmod 700 {shown}`"));
            } else {
                report.ok("folder", format!("{}: {free}", folder.display()));
            }
        }
        Err(error) => report.problem("folder", format!("{}: {error}", there.display())),
    }
}

/// Records packets of this machine to itself.
fn self_test(args: &CheckArgs) -> Result<String> {
    let folder = std::env::temp_dir().join(format!("sniffit-recorder-check-{}", std::process::id()));
    std::fs::DirBuilder::new().create(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
    let result = record_own(args, &folder);
    std::fs::remove_dir_all(&folder).with_context(|| format!("{} can't be deleted", folder.display()))?;
    result
}

fn record_own(args: &CheckArgs, folder: &Path) -> Result<String> {
    let socket = UdpSocket::bind("127.0.0.1:0").context("no socket on 127.0.0.1")?;
    let port = socket.local_addr()?.port();
    let expression = format!("udp and dst host 127.0.0.1 and dst port {port}");
    let opening = Opening { ring_bytes: args.ring, snaplen_bytes: Keep::Full.kernel_snaplen_bytes() };
    let mut opened = Opened::open(LOOPBACK, opening)?;
    opened.filter(&expression)?;
    let label = Label {
        interface: LOOPBACK.to_owned(),
        link_type: opened.link_type,
        format: Format::Pcap,
        keep: Keep::Full,
        kept: Keep::Full.kept(),
        filter: expression,
        ring_bytes: args.ring,
        snaplen_bytes: opening.snaplen_bytes,
        key_id: None,
    };
    let rotation = Rotation {
        bytes: None,
        time: None,
        packets: None,
        most_files: None,
        most_bytes: None,
        reserve: Reserve::Bytes(0),
    };
    let place = Place::new(&folder.join("check"), LOOPBACK);
    let keeper = Keeper::new(Keep::Full, None)?;
    let mut track = Track::new(opened, Tape::begin(label, place.clone(), rotation, keeper, None)?);
    let mut remaining = u64::MAX;
    let count = args.self_test_packets;
    for n in 0..count {
        socket.send_to(&[0; PAYLOAD_BYTES], ("127.0.0.1", port))?;
        if n % BURST == BURST - 1 {
            track.take(&mut remaining);
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    track.drain(&mut remaining);
    let account = track.finish(EndReason::Stopped)?;
    ensure!(account.kernel_dropped == 0, "{account}: the ring is too small for this machine's pauses: --ring 64MiB");
    ensure!(account.written == count, "{account}: {count} packets were sent");
    ensure!(account.told() == account.seen, "{account}: the account does not add up");
    let clock = read_back(&place, count)?;
    Ok(format!("{count} packets sent to itself, all recorded with a clock in {clock}; {account}"))
}

/// Reads the file as the analysis would; the resolution of its times.
fn read_back(place: &Place, count: u64) -> Result<&'static str> {
    let files = place.completed()?;
    let file = files.first().context("no file was completed")?;
    let (mut packets, mut is_finer) = (0, false);
    let mut decoder = CaptureDecoder::new();
    decoder.push(&std::fs::read(&file.path)?, |packet| {
        packets += 1;
        is_finer |= packet.timestamp.as_nanos() % 1000 != 0;
    })?;
    decoder.finish()?;
    ensure!(packets == count, "{packets} packets are in the file, and {count} were sent");
    Ok(if is_finer { "nanoseconds" } else { "microseconds" })
}
