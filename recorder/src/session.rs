//! A recording from its beginning to its end.
//!
//! In: what the command line asks for. Out: files, accounts on standard error, and how it ended. Guaranteed: it waits with a deadline
//! of its own, so that time, files and signals are looked after when no packet comes; it ends by draining every ring.

use crate::cli::RecordArgs;
use crate::compress::{Compressor, Queue};
use crate::environment::Outside;
use crate::exit::Exit;
use crate::file::{EndReason, Place};
use crate::filter::{Network, Wanted};
use crate::interface::{self, Opened, Opening, link_type_name};
use crate::key;
use crate::notice::notice;
use crate::signals::Signals;
use crate::status::Status;
use crate::tape::{Label, Rotation, Tape};
use crate::track::Track;
use analyzer_core::keep::{Keep, Keeper};
use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::time::{Duration, Instant};

/// When nothing passed the filter for so long, although there was something, the filter is told again.
const SILENCE: Duration = Duration::from_secs(10);

/// Interfaces that are open, with the expression of each.
struct Sources {
    opened: Vec<(Opened, String)>,
}

impl Sources {
    fn open(args: &RecordArgs) -> Result<Self> {
        let outside = Outside::read(args.env_file.as_deref())?;
        let excluded_hosts = networks(&args.exclude_host)?;
        let opening = Opening { ring_bytes: args.ring, snaplen_bytes: args.keep.kernel_snaplen_bytes() };
        let mut opened = Vec::new();
        for name in interface::chosen(&args.interfaces)? {
            let mut interface = Opened::open(&name, opening)?;
            if args.keep != Keep::Full {
                interface.require_known_link_type()?;
            }
            if interface.is_tunnel() && !outside.is_empty() {
                notice!(
                    "{name} is a tunnel, inside of which IP_VPN, IP_CLIENT and IP_SSH mean nothing: they are not applied to it"
                );
            }
            let expression = Wanted {
                protocol: args.protocol,
                outside: Some(&outside).filter(|_| !interface.is_tunnel()),
                excluded_hosts: &excluded_hosts,
                excluded_tunnels: &args.exclude_tunnel,
                expression: args.filter.as_deref(),
            }
            .expression();
            // Alone first, so that it can't close the brackets that it stands in.
            if let Some(own) = &args.filter {
                interface.filter(own)?;
            }
            interface.filter(&expression)?;
            opened.push((interface, expression));
        }
        Ok(Self { opened })
    }
}

fn networks(words: &[String]) -> Result<Vec<Network>> {
    words.iter().map(|word| word.trim().parse().with_context(|| format!("--exclude-host {word}"))).collect()
}

/// Prints the filters alone.
pub(crate) fn print_filters(args: &RecordArgs) -> Result<Exit> {
    for (interface, expression) in Sources::open(args)?.opened {
        println!("{}: {expression}", interface.name);
    }
    Ok(Exit::Complete)
}

/// Records until it is told to end.
pub(crate) fn record(args: &RecordArgs) -> Result<Exit> {
    if let Some(words) = args.contradiction() {
        notice!("error: {words}");
        return Ok(Exit::Usage);
    }
    // Before anything is opened, so that none is lost.
    let signals = Signals::new().context("signals can't be handled")?;
    let sources = Sources::open(args)?;
    let compressor = args.compresses().then(Compressor::start).transpose().context("no thread for the compression")?;
    let mut tracks = Vec::new();
    for (opened, expression) in sources.opened {
        tracks.push(track(args, opened, expression, compressor.as_ref().map(Compressor::queue))?);
    }
    let (status, begun) = (Status::new(args.quiet), Instant::now());
    Session { args, signals, tracks, compressor, status, begun, has_warned: false }.run()
}

/// An interface with its tape.
fn track(args: &RecordArgs, opened: Opened, expression: String, queue: Option<Queue>) -> Result<Track> {
    let pseudonyms = args.anonymize.as_deref().map(key::pseudonyms).transpose()?;
    let key_id = pseudonyms.as_ref().map(|pseudonyms| pseudonyms.key_id().to_owned());
    let kept = key_id.as_ref().and_then(|_| args.keep.kept_anonymized()).unwrap_or(args.keep.kept());
    let place = Place::new(&args.output, &opened.name);
    let rotation = Rotation {
        bytes: args.rotate_bytes(),
        time: args.rotate_time,
        packets: args.rotate_count,
        most_files: args.files,
        most_bytes: args.max_total,
        reserve: args.min_free,
    };
    let label = Label {
        interface: opened.name.clone(),
        link_type: opened.link_type,
        format: args.format,
        keep: args.keep,
        kept,
        filter: expression.clone(),
        ring_bytes: args.ring,
        snaplen_bytes: args.keep.kernel_snaplen_bytes(),
        key_id: key_id.clone(),
    };
    let shown = format!(
        "recording {} ({}): {expression}\n  {}{}\n  ring {} MiB, files ",
        opened.name,
        link_type_name(opened.link_type),
        kept,
        key_id.map_or_else(String::new, |id| format!(" Addresses are pseudonyms of the key {id}.")),
        args.ring >> 20,
    );
    let then = if queue.is_some() { ", compressed when they are complete" } else { "" };
    let tape = Tape::begin(label, place, rotation, Keeper::new(args.keep, pseudonyms)?, queue)?;
    // Once packets are really taken.
    notice!("{shown}{}{then}", tape.current().map_or_else(String::new, |(name, _)| name));
    Ok(Track::new(opened, tape))
}

struct Session<'a> {
    args: &'a RecordArgs,
    signals: Signals,
    tracks: Vec<Track>,
    compressor: Option<Compressor>,
    status: Status,
    begun: Instant,
    has_warned: bool,
}

impl Session<'_> {
    fn run(mut self) -> Result<Exit> {
        let mut remaining = self.args.count.unwrap_or(u64::MAX);
        let reason = loop {
            if let Some(reason) = self.end_reason(remaining) {
                break reason;
            }
            self.wait(&mut remaining);
            self.look_after();
        };
        self.end(reason, &mut remaining)
    }

    /// Why the recording is to end now.
    fn end_reason(&self, remaining: u64) -> Option<EndReason> {
        if self.signals.stop() {
            Some(EndReason::Stopped)
        } else if remaining == 0 {
            Some(EndReason::Count)
        } else if self.args.time.is_some_and(|time| self.begun.elapsed() >= time) {
            Some(EndReason::Time)
        } else if let Some(failure) = self.tracks.iter().find_map(|track| track.tape().failure()) {
            Some(failure.reason)
        } else {
            self.tracks.iter().all(|track| track.gone().is_some()).then_some(EndReason::InterfaceGone)
        }
    }

    /// Waits for packets, a signal or the next deadline, and takes what came.
    fn wait(&mut self, remaining: &mut u64) {
        let now = Instant::now();
        let deadlines = self.tracks.iter().map(|track| track.tape().next_tick(now));
        let ends = self.args.time.map(|time| self.begun + time);
        let deadline = deadlines.chain(ends).chain(self.status.next()).min().unwrap_or(now);
        let limit = Timespec::try_from(deadline.saturating_duration_since(now)).ok();
        let live: Vec<usize> = (0..self.tracks.len()).filter(|at| self.tracks[*at].gone().is_none()).collect();
        let ready: Vec<PollFlags> = {
            let signals = self.signals.descriptor();
            let descriptors: Vec<_> = live.iter().map(|at| self.tracks[*at].descriptor()).collect();
            let mut polled: Vec<PollFd<'_>> =
                descriptors.iter().chain([&signals]).map(|descriptor| PollFd::new(descriptor, PollFlags::IN)).collect();
            // Interrupted by a signal, whose flag is set.
            if poll(&mut polled, limit.as_ref()).is_err() {
                return;
            }
            polled.iter().map(PollFd::revents).collect()
        };
        for (at, flags) in live.into_iter().zip(&ready) {
            let track = &mut self.tracks[at];
            // Asked even if nothing is ready: that an interface which was down has gone, nobody tells by itself.
            if track.take(remaining) == 0 && flags.intersects(PollFlags::ERR | PollFlags::HUP) {
                track.note_error();
            }
            if let Some(reason) = track.gone() {
                self.status.clear();
                notice!("error: {} can't be recorded any more: {reason}; what came before is kept", track.name());
                // What came before may still be in the ring.
                track.drain(remaining);
                let _ = track.finish(EndReason::InterfaceGone).inspect_err(|error| notice!("error: {error:#}"));
            }
        }
        if ready.last().is_some_and(|flags| !flags.is_empty()) {
            self.signals.clear();
        }
    }

    /// All that is done beside taking packets.
    fn look_after(&mut self) {
        let now = Instant::now();
        for track in self.tracks.iter_mut().filter(|track| track.gone().is_none()) {
            track.tick(now);
        }
        if self.signals.take_rotate() {
            for track in self.tracks.iter_mut().filter(|track| track.gone().is_none()) {
                track.rotate();
            }
        }
        if self.signals.take_report() {
            self.status.clear();
            for track in &mut self.tracks {
                let waiting = track.tape().waiting_packets();
                let account = track.account();
                notice!(
                    "{}: {account} (and {} not yet taken)",
                    track.name(),
                    account.seen.saturating_sub(account.told() + waiting) + waiting
                );
            }
        }
        if !self.has_warned && now.duration_since(self.begun) >= SILENCE {
            self.has_warned = true;
            self.warn_of_silence();
        }
        self.status.show(now, &mut self.tracks);
    }

    fn warn_of_silence(&mut self) {
        for track in &mut self.tracks {
            let passed = track.passed().unwrap_or(0);
            if track.account().seen == 0 && passed > 0 {
                self.status.clear();
                notice!(
                    "warning: {passed} packets passed {}, and the filter let none of them in: {}\n  With IP_VPN outside of a tunnel \
                     the server must translate addresses (NAT), or else packets carry those of the tunnel: record the tunnel instead",
                    track.name(),
                    track.tape().filter(),
                );
            }
        }
    }

    /// Drains the rings, ends the files and tells the account.
    fn end(mut self, reason: EndReason, remaining: &mut u64) -> Result<Exit> {
        self.status.clear();
        self.signals.forget_stop();
        let mut exit = Exit::Complete;
        for track in &mut self.tracks {
            if track.gone().is_none() {
                track.drain(remaining);
            }
        }
        for track in &mut self.tracks {
            let finished = track.finish(reason);
            if let Some(failure) = track.tape().failure() {
                notice!("error: {}", failure.message);
                exit = exit.max(Exit::EndedEarly);
            }
            let account = match finished {
                Ok(account) => account,
                Err(error) => {
                    notice!("error: {error:#}");
                    exit = exit.max(Exit::EndedEarly);
                    track.account()
                }
            };
            notice!("{}: {account}", track.name());
            if track.gone().is_some() {
                exit = exit.max(Exit::EndedEarly);
            }
            if account.kernel_dropped > 0 {
                exit = exit.max(Exit::Dropped);
            }
        }
        self.warn_if_nothing_matched();
        if let Some(compressor) = self.compressor.take() {
            compressor.finish(&self.signals);
            // What was being compressed could not be deleted.
            for track in &mut self.tracks {
                track.make_room();
            }
        }
        Ok(exit)
    }

    /// A short recording has had no other warning.
    fn warn_if_nothing_matched(&mut self) {
        if !self.has_warned {
            self.warn_of_silence();
        }
    }
}
