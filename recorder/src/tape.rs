//! Packets of one interface into files.
//!
//! In: packets in the order of the ring, and now and then the time. Out: files, one after the other. Guaranteed: a packet is whole in
//! one file and in none else; what could not be written is counted; what waits in memory is written within a second.

mod label;
mod open;

pub(crate) use label::{Label, Rotation};

use crate::accounting::Account;
use crate::compress::Queue;
use crate::file::{self, CaptureFile, Disk, EndReason, Place, Recorded, delete_oldest};
use crate::notice::notice;
use crate::quantity::shown_bytes;
use analyzer_core::capture::Packet;
use analyzer_core::keep::Keeper;
use analyzer_core::time::Timestamp;
use anyhow::{Context, Result, bail};
use open::Open;
use std::io;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Written at once: larger writes are not faster.
const WRITE_BYTES: usize = 256 << 10;
/// No packet waits longer in memory, while the program is asked often enough.
pub(crate) const FLUSH_AFTER: Duration = Duration::from_millis(500);
/// The disk is asked at most so often.
const SPACE_EVERY: Duration = Duration::from_secs(1);

/// Why the recording is to end.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) reason: EndReason,
    pub(crate) message: String,
}

pub(crate) struct Tape {
    label: Label,
    place: Place,
    rotation: Rotation,
    keeper: Keeper,
    /// Where complete files go, if they are compressed.
    queue: Option<Queue>,
    number: u64,
    open: Option<Open>,
    /// Whole records that wait.
    waiting: Vec<u8>,
    waiting_packets: u64,
    /// Since when, as far as it was looked at.
    waiting_since: Option<Instant>,
    written: u64,
    write_errors: u64,
    /// When it was asked last.
    kernel: Account,
    failure: Option<Failure>,
    space_asked: Instant,
    free_bytes: u64,
    /// A file that is to be deleted is being compressed.
    is_held_up: bool,
}

impl Tape {
    /// Begins the first file.
    pub(crate) fn begin(
        label: Label,
        place: Place,
        rotation: Rotation,
        keeper: Keeper,
        queue: Option<Queue>,
    ) -> Result<Self> {
        place.make_folder().with_context(|| format!("the folder {} can't be made", place.folder().display()))?;
        let disk = disk_of(&place)?;
        let reserve_bytes = rotation.reserve.bytes(disk.total_bytes);
        if disk.free_bytes < reserve_bytes {
            bail!(
                "{} has {} free, and --min-free {} wants {}: delete something, or lower it",
                place.folder().display(),
                shown_bytes(disk.free_bytes),
                rotation.reserve,
                shown_bytes(reserve_bytes),
            );
        }
        if let Err(error) = file::tidy(&place) {
            notice!("warning: {} can't be listed: {error}", place.folder().display());
        }
        for path in place.unfinished() {
            notice!(
                "note: {} was not completed by the recorder that wrote it; it can be read as it is (`sniffit analyze` takes it)",
                path.display()
            );
        }
        let mut tape = Self {
            label,
            place,
            rotation,
            keeper,
            queue,
            number: 0,
            open: None,
            waiting: Vec::with_capacity(2 * WRITE_BYTES),
            waiting_packets: 0,
            waiting_since: None,
            written: 0,
            write_errors: 0,
            kernel: Account::default(),
            failure: None,
            space_asked: Instant::now(),
            free_bytes: disk.free_bytes,
            is_held_up: false,
        };
        let open = tape.create()?;
        tape.open = Some(open);
        Ok(tape)
    }

    /// Takes a packet.
    #[inline]
    pub(crate) fn take(&mut self, packet: &Packet<'_>) {
        if self.is_broken() {
            self.write_errors += 1;
            return;
        }
        if self.is_full() {
            self.rotate();
        }
        let Some(open) = &mut self.open else {
            self.write_errors += 1;
            return;
        };
        let keeper = &mut self.keeper;
        let append = |out: &mut Vec<u8>| keeper.append(packet, out);
        self.label.format.record(&mut self.waiting, packet.timestamp, packet.wire_bytes, append);
        self.waiting_packets += 1;
        open.packets += 1;
        let (first, last) = open.times.unwrap_or((packet.timestamp, packet.timestamp));
        open.times = Some((first.min(packet.timestamp), last.max(packet.timestamp)));
        if self.waiting.len() >= WRITE_BYTES {
            self.flush();
        }
    }

    /// Whether nothing can be written any more. With the reserve of the disk touched, what is in the ring still can.
    #[inline]
    fn is_broken(&self) -> bool {
        self.failure.as_ref().is_some_and(|failure| failure.reason != EndReason::MinFree)
    }

    /// Whether the next packet belongs into another file.
    #[inline]
    fn is_full(&self) -> bool {
        let Some(open) = &self.open else { return false };
        let bytes = open.file.bytes() + self.waiting.len() as u64;
        open.packets > 0
            && (self.rotation.packets.is_some_and(|most| open.packets >= most)
                || self.rotation.bytes.is_some_and(|most| bytes >= most))
    }

    /// Writes what waits long enough, and looks after time and disk.
    pub(crate) fn tick(&mut self, now: Instant) {
        if self.failure.is_some() {
            return;
        }
        if !self.waiting.is_empty() {
            let since = *self.waiting_since.get_or_insert(now);
            if now.duration_since(since) >= FLUSH_AFTER {
                self.flush();
            }
        }
        if now.duration_since(self.space_asked) >= SPACE_EVERY {
            self.space_asked = now;
            self.look_at_disk();
            if self.is_held_up {
                self.make_room();
            }
        }
        let is_due = |open: &Open| self.rotation.time.is_some_and(|most| now.duration_since(open.opened_at) >= most);
        // Silence makes no files.
        if self.open.as_ref().is_some_and(|open| open.packets > 0 && is_due(open)) {
            self.rotate();
        }
    }

    /// When [`Tape::tick`] has something to do at the latest.
    pub(crate) fn next_tick(&self, now: Instant) -> Instant {
        let flush =
            if self.waiting.is_empty() { now + SPACE_EVERY } else { self.waiting_since.unwrap_or(now) + FLUSH_AFTER };
        let rotation = self.open.as_ref().zip(self.rotation.time).filter(|(open, _)| open.packets > 0);
        rotation.map_or(flush, |(open, time)| flush.min(open.opened_at + time))
    }

    fn look_at_disk(&mut self) {
        let disk = match disk_of(&self.place) {
            Ok(disk) => disk,
            Err(error) => return self.fail(EndReason::WriteError, format!("{error:#}")),
        };
        self.free_bytes = disk.free_bytes;
        let reserve_bytes = self.rotation.reserve.bytes(disk.total_bytes);
        if disk.free_bytes < reserve_bytes {
            let message = format!(
                "{} has {} free, less than --min-free {} ({})",
                self.place.folder().display(),
                shown_bytes(disk.free_bytes),
                self.rotation.reserve,
                shown_bytes(reserve_bytes),
            );
            self.fail(EndReason::MinFree, message);
        }
    }

    fn fail(&mut self, reason: EndReason, message: String) {
        self.failure.get_or_insert(Failure { reason, message });
    }

    /// Writes all that waits.
    pub(crate) fn flush(&mut self) {
        self.waiting_since = None;
        let packets = std::mem::take(&mut self.waiting_packets);
        let Some(open) = &mut self.open else {
            self.write_errors += packets;
            self.waiting.clear();
            return;
        };
        match open.file.write(&self.waiting) {
            Ok(()) => {
                open.written_packets += packets;
                self.written += packets;
            }
            Err(short) => {
                open.written_packets += short.written_records;
                self.written += short.written_records;
                self.write_errors += packets - short.written_records;
                let message = format!("{} can't be written: {}", open.file.part().display(), short.reason);
                let is_full = matches!(
                    short.reason.kind(),
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
                );
                self.fail(if is_full { EndReason::DiskFull } else { EndReason::WriteError }, message);
            }
        }
        self.waiting.clear();
        // It costs a hundredth of the write.
        self.look_at_disk();
    }

    /// Ends this file and begins the next one.
    pub(crate) fn rotate(&mut self) {
        self.flush();
        if self.failure.is_some() {
            return;
        }
        // The next one first: from here on, packets have a place.
        let next = match self.create() {
            Ok(next) => next,
            Err(error) => return self.fail(EndReason::WriteError, format!("{error:#}")),
        };
        let done = self.open.replace(next);
        let account = self.kernel.up_to(self.written, self.write_errors);
        if let Some(done) = done
            && let Err(error) = self.complete(done, EndReason::Rotated, &account)
        {
            return self.fail(EndReason::WriteError, format!("{error:#}"));
        }
        self.make_room();
    }

    /// Takes note of what the kernel counted, for the files that are ended before it is asked again.
    pub(crate) const fn note(&mut self, account: &Account) {
        self.kernel = *account;
    }

    /// Deletes the oldest files beyond what is kept.
    pub(crate) fn make_room(&mut self) {
        match delete_oldest(&self.place, self.rotation.most_files, self.rotation.most_bytes) {
            Ok(deleted) => {
                self.is_held_up = deleted.is_held_up;
                for path in deleted.paths {
                    notice!("deleted {}", path.display());
                }
            }
            Err(error) => {
                notice!("warning: old files in {} can't be deleted: {error}", self.place.folder().display())
            }
        }
    }

    /// Ends the last file, after all that waited was written by [`Tape::flush`], and the account was closed with that.
    pub(crate) fn finish(&mut self, reason: EndReason, account: &Account) -> Result<()> {
        let reason = self.failure.as_ref().map_or(reason, |failure| failure.reason);
        let Some(open) = self.open.take() else { return Ok(()) };
        let completed = self.complete(open, reason, account);
        // Nothing follows, and the compression ends when nobody has anything for it.
        self.queue = None;
        completed?;
        self.make_room();
        Ok(())
    }

    fn create(&mut self) -> Result<Open> {
        let now = now();
        let stem = self.place.next(now, &mut self.number);
        let header = self.label.format.header(&Recorded {
            interface: &self.label.interface,
            link_type: self.label.link_type,
            snaplen_bytes: self.label.snaplen_bytes,
            filter: &self.label.filter,
        });
        let shown = stem.part(self.label.format.ending());
        let file = CaptureFile::create(stem, self.label.format, &header)
            .with_context(|| format!("{} can't be made", shown.display()))?;
        Ok(Open { file, opened: now, opened_at: Instant::now(), packets: 0, written_packets: 0, times: None })
    }

    fn complete(&self, mut open: Open, end_reason: EndReason, account: &Account) -> Result<()> {
        let closed = now();
        let end = self.label.format.end(account, (open.opened, closed));
        if let Err(short) = open.file.write(&end) {
            notice!("warning: {} has no statistics at its end: {}", open.file.part().display(), short.reason);
        }
        let part = open.file.part();
        let sidecar = open.sidecar(&self.label, closed, end_reason, account, self.keeper.forgotten_streams());
        let packets = sidecar.packets;
        let plain = open.file.complete(sidecar).with_context(|| {
            format!("{} can't be completed; it holds {packets} whole packets and can be read as it is", part.display())
        })?;
        if let Some(queue) = &self.queue {
            queue.offer(plain, self.rotation.reserve);
        }
        Ok(())
    }

    /// What is let in.
    pub(crate) fn filter(&self) -> &str {
        &self.label.filter
    }

    pub(crate) const fn written(&self) -> u64 {
        self.written
    }

    /// Those that could not be written.
    pub(crate) const fn write_errors(&self) -> u64 {
        self.write_errors
    }

    /// Handed over, and not yet written.
    pub(crate) const fn waiting_packets(&self) -> u64 {
        self.waiting_packets
    }

    pub(crate) const fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    pub(crate) const fn free_bytes(&self) -> u64 {
        self.free_bytes
    }

    /// The file that is being written, and bytes in it.
    pub(crate) fn current(&self) -> Option<(String, u64)> {
        let file = &self.open.as_ref()?.file;
        let name = file.part().file_name().unwrap_or_default().to_string_lossy().into_owned();
        Some((name, file.bytes() + self.waiting.len() as u64))
    }
}

fn disk_of(place: &Place) -> Result<Disk> {
    Disk::of(place.folder()).with_context(|| format!("the disk of {} can't be asked", place.folder().display()))
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_nanos(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}
