//! One interface that is being recorded: its ring, its tape, its account.
//!
//! In: an open interface. Out: files, and where each packet went. Guaranteed: after [`Track::drain`] every packet that the kernel
//! counted is in the account; an interface that goes away ends its own track alone.

use crate::accounting::{Account, Wrapping};
use crate::file::EndReason;
use crate::interface::{BLOCK_MS, Opened, kernel_packets, reason_of};
use crate::notice::notice;
use crate::socket;
use crate::tape::Tape;
use analyzer_core::capture::Packet;
use analyzer_core::time::{NANOS_PER_SECOND, Timestamp};
use anyhow::Result;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

/// The kernel hands over the last block after `BLOCK_MS`; a busy machine may be late.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);
/// Errors of the socket that libpcap says nothing about, before the interface is given up.
const MOST_ERRORS: u32 = 20;

/// So late at most does a file that was rotated tell what was lost.
const ASK_EVERY: Duration = Duration::from_secs(1);

pub(crate) struct Track {
    opened: Opened,
    tape: Tape,
    received: Wrapping,
    dropped: Wrapping,
    interface_dropped: Wrapping,
    account: Account,
    /// Not wanted, and handed over.
    unwanted: u64,
    /// The kernel had counted so many when the filter was set.
    before_filter: u64,
    errors: u32,
    /// When the kernel was asked for its counters by the clock.
    asked: Instant,
    gone: Option<String>,
    /// What the kernel had counted on the interface at the beginning.
    kernel_packets: Option<u64>,
}

impl Track {
    /// Takes an interface whose filter was just set.
    pub(crate) fn new(mut opened: Opened, tape: Tape) -> Self {
        // What came before the filter was there is counted, and handed over only if it passes it.
        let before_filter = opened.capture.stats().map_or(0, |stat| u64::from(stat.received));
        let kernel_packets = kernel_packets(&opened.name);
        Self {
            opened,
            tape,
            received: Wrapping::default(),
            dropped: Wrapping::default(),
            interface_dropped: Wrapping::default(),
            account: Account::default(),
            unwanted: 0,
            before_filter,
            errors: 0,
            asked: Instant::now(),
            gone: None,
            kernel_packets,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.opened.name
    }

    pub(crate) const fn tape(&self) -> &Tape {
        &self.tape
    }

    /// Readable when there is something to take.
    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        socket::descriptor(&self.opened.capture)
    }

    /// Why the interface can't be recorded any more.
    pub(crate) fn gone(&self) -> Option<&str> {
        self.gone.as_deref()
    }

    /// Takes the packets that the kernel handed over, of which `remaining` are still wanted; returns how many there were.
    pub(crate) fn take(&mut self, remaining: &mut u64) -> usize {
        let Self { opened, tape, unwanted, .. } = self;
        let link_type = opened.link_type;
        let taken = opened.capture.dispatch(None, |packet| {
            if *remaining == 0 {
                *unwanted += 1;
                return;
            }
            *remaining -= 1;
            let header = packet.header;
            // With nanoseconds asked for, they stand in place of the microseconds.
            let nanos = header.ts.tv_sec * NANOS_PER_SECOND + header.ts.tv_usec;
            tape.take(&Packet {
                timestamp: Timestamp::from_nanos(nanos),
                link_type,
                wire_bytes: header.len.max(header.caplen),
                captured: packet.data,
                file_offset: 0,
                oddity: None,
            });
        });
        match taken {
            Ok(count) => {
                self.errors = if count > 0 { 0 } else { self.errors };
                count
            }
            Err(error) => {
                self.gone = Some(reason_of(&error));
                0
            }
        }
    }

    /// The socket says that something is wrong with it, and libpcap may not.
    pub(crate) fn note_error(&mut self) {
        self.errors += 1;
        if self.errors >= MOST_ERRORS && self.gone.is_none() {
            self.gone = Some("the interface went down".to_owned());
        }
    }

    /// Writes what waits long enough, and looks after time and disk.
    pub(crate) fn tick(&mut self, now: Instant) {
        if now.duration_since(self.asked) >= ASK_EVERY {
            self.asked = now;
            self.note_account();
        }
        self.tape.tick(now);
    }

    fn note_account(&mut self) {
        let account = self.account();
        self.tape.note(&account);
    }

    /// Begins a new file.
    pub(crate) fn rotate(&mut self) {
        self.note_account();
        self.tape.rotate();
    }

    /// Asks the kernel for its counters.
    pub(crate) fn account(&mut self) -> Account {
        if let Ok(stat) = self.opened.capture.stats() {
            self.account.seen = self.received.read(stat.received);
            self.account.kernel_dropped = self.dropped.read(stat.dropped);
            self.account.interface_dropped = self.interface_dropped.read(stat.if_dropped);
        }
        self.account.written = self.tape.written();
        self.account.write_errors = self.tape.write_errors();
        self.account.filtered = self.unwanted;
        self.account
    }

    /// Lets nothing more in and takes what is in the ring.
    pub(crate) fn drain(&mut self, remaining: &mut u64) {
        if let Err(error) = self.opened.shut()
            && self.gone.is_none()
        {
            notice!("warning: {}: packets of the last moment may be missing: {error}", self.opened.name);
        }
        let begun = Instant::now();
        let mut silent_since = begun;
        loop {
            if self.take(remaining) > 0 {
                silent_since = Instant::now();
            }
            let account = self.account();
            let is_all = account.told() + self.tape.waiting_packets() >= account.seen;
            // What libpcap holds back itself is never handed over.
            let is_silent = silent_since.elapsed() > 3 * Duration::from_millis(BLOCK_MS.unsigned_abs().into());
            if is_all || self.gone.is_some() && is_silent || is_silent && self.holds_back(&account) {
                break;
            }
            if begun.elapsed() > DRAIN_LIMIT {
                break;
            }
            let descriptor = self.descriptor();
            let mut descriptors = [PollFd::new(&descriptor, PollFlags::IN)];
            let limit = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
            // A signal only makes it look again.
            let _ = poll(&mut descriptors, Some(&limit));
        }
    }

    /// Whether what is missing is what libpcap leaves out: packets from before the filter, and on the loopback interface those on
    /// their way out, each of which comes in as well.
    fn holds_back(&self, account: &Account) -> bool {
        let missing = account.seen.saturating_sub(account.told() + self.tape.waiting_packets());
        self.opened.is_loopback || missing <= self.before_filter
    }

    /// Ends the last file and closes the account.
    pub(crate) fn finish(&mut self, reason: EndReason) -> Result<Account> {
        // First, because what can't be written is in the account, too.
        self.tape.flush();
        let mut account = self.account();
        let missing = account.seen.saturating_sub(account.told());
        account.filtered += if self.opened.is_loopback { missing } else { missing.min(self.before_filter) };
        self.account = account;
        let reason = if self.gone.is_some() { EndReason::InterfaceGone } else { reason };
        self.tape.finish(reason, &account).map(|()| account)
    }

    /// Deletes the oldest files beyond what is kept.
    pub(crate) fn make_room(&mut self) {
        self.tape.make_room();
    }

    /// Packets that the kernel counted on the interface since the beginning, filtered or not.
    pub(crate) fn passed(&self) -> Option<u64> {
        Some(kernel_packets(&self.opened.name)?.saturating_sub(self.kernel_packets?))
    }
}
