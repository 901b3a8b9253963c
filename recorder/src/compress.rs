//! Complete files to compressed ones, beside the recording.
//!
//! In: complete files, one after the other. Out: the same, compressed, in the same order. Guaranteed: whoever hands a file over never
//! waits; at most [`MOST_WAITING`] files wait, and what is more stays as it is; one thread of the lowest priority does the work; what
//! goes wrong costs the compression of a file and never the file.

use crate::file::{Packed, Plain};
use crate::notice::notice;
use crate::quantity::Reserve;
use crate::signals::Signals;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Files that may wait.
const MOST_WAITING: usize = 16;
/// Service managers wait for 30 s until they kill; draining the rings may take five of them.
const END_LIMIT: Duration = Duration::from_secs(15);
/// What takes longer is told.
const TOLD_AFTER: Duration = Duration::from_millis(500);
/// So long at most does a file that is being compressed take to be left alone.
const STOP_LIMIT: Duration = Duration::from_secs(5);
/// The lowest there is.
const PRIORITY: i32 = 19;

struct Job {
    plain: Plain,
    reserve: Reserve,
}

#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    /// Handed over, and not yet done.
    waiting: AtomicU64,
    /// Left as they were.
    left: AtomicU64,
}

impl Shared {
    /// Tells the first time why a file is left as it is.
    fn leave(&self, why: &str) {
        if self.left.fetch_add(1, Ordering::Relaxed) == 0 {
            notice!("warning: {why}: some files stay uncompressed; they are complete");
        }
    }
}

/// The thread, until the recording ends.
pub(crate) struct Compressor {
    queue: Queue,
    thread: JoinHandle<()>,
}

/// Where complete files are handed over.
#[derive(Clone)]
pub(crate) struct Queue {
    jobs: SyncSender<Job>,
    shared: Arc<Shared>,
}

impl Queue {
    /// Hands a complete file over, which has to leave so much of its disk free.
    pub(crate) fn offer(&self, plain: Plain, reserve: Reserve) {
        self.shared.waiting.fetch_add(1, Ordering::Relaxed);
        if self.jobs.try_send(Job { plain, reserve }).is_err() {
            self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
            self.shared.leave("compression can't keep up");
        }
    }
}

impl Compressor {
    pub(crate) fn start() -> io::Result<Self> {
        let (jobs, received) = sync_channel(MOST_WAITING);
        let shared = Arc::<Shared>::default();
        let queue = Queue { jobs, shared: Arc::clone(&shared) };
        let thread = thread::Builder::new().name("compress".to_owned()).spawn(move || work(&received, &shared))?;
        Ok(Self { queue, thread })
    }

    pub(crate) fn queue(&self) -> Queue {
        self.queue.clone()
    }

    /// Compresses what waits, unless that takes long or a signal comes; every other queue was dropped before.
    pub(crate) fn finish(self, signals: &Signals) {
        let Self { queue: Queue { jobs, shared }, thread } = self;
        drop(jobs);
        let (begun, mut is_told) = (Instant::now(), false);
        while !thread.is_finished() {
            if signals.stop() || begun.elapsed() >= END_LIMIT {
                shared.stop.store(true, Ordering::Relaxed);
            }
            if !is_told && begun.elapsed() >= TOLD_AFTER {
                is_told = true;
                let waiting = shared.waiting.load(Ordering::Relaxed);
                let limit_s = END_LIMIT.as_secs();
                notice!("compressing {waiting} files, for at most {limit_s} s; another signal leaves them as they are");
            }
            if begun.elapsed() >= END_LIMIT + STOP_LIMIT {
                // The next run tidies what it leaves.
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        if thread.join().is_err() {
            notice!("warning: the compression ended early; files that it did not reach are complete");
        }
        let left = shared.left.load(Ordering::Relaxed);
        if left > 0 {
            notice!("{left} files are left uncompressed; `zstd --rm FILE` does it later");
        }
    }
}

fn work(jobs: &Receiver<Job>, shared: &Shared) {
    // Of this thread alone. Where it is forbidden, the scheduler still lets the recording go first after a pause.
    let _ = rustix::process::setpriority_process(None, PRIORITY);
    for Job { plain, reserve } in jobs {
        let path = plain.path();
        match plain.pack(reserve, &shared.stop) {
            Ok(Packed::Done | Packed::Gone) => {}
            Ok(Packed::Stopped) => {
                shared.left.fetch_add(1, Ordering::Relaxed);
            }
            Ok(Packed::NoRoom) => shared.leave("the disk has no room for a file and what it is compressed to"),
            Err(error) => shared.leave(&format!("{} can't be compressed: {error}", path.display())),
        }
        shared.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::{Format, Place, Sidecar};
    use analyzer_core::time::Timestamp;
    use std::fs;
    use std::path::Path;

    const FREE: Reserve = Reserve::Bytes(0);

    /// Complete files of so many bytes.
    fn files(folder: &Path, count: usize, bytes: usize) -> Vec<Plain> {
        let (place, mut number) = (Place::new(&folder.join("x"), "wg0"), 0);
        let make = |_| {
            let stem = place.next(Timestamp::from_nanos(0), &mut number);
            fs::write(stem.path("pcap"), vec![7; bytes]).expect("written");
            Plain { stem, format: Format::Pcap, sidecar: Sidecar::sample(String::new()) }
        };
        (0..count).map(make).collect()
    }

    fn found(folder: &Path, ending: &str) -> usize {
        let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        names.filter(|name| name.to_string_lossy().ends_with(ending)).count()
    }

    #[test]
    fn who_hands_over_more_than_can_wait_does_not_wait() {
        let folder = tempfile::tempdir().expect("a folder");
        // Nobody takes anything.
        let (jobs, _received) = sync_channel(MOST_WAITING);
        let queue = Queue { jobs, shared: Arc::default() };
        for plain in files(folder.path(), MOST_WAITING + 3, 1) {
            queue.offer(plain, FREE);
        }
        let [waiting, left] = [&queue.shared.waiting, &queue.shared.left].map(|count| count.load(Ordering::Relaxed));
        assert_eq!((waiting, left), (MOST_WAITING as u64, 3));
        assert_eq!(found(folder.path(), ".pcap"), MOST_WAITING + 3);
    }

    #[test]
    fn the_end_waits_for_it_and_a_signal_cuts_that_short() {
        for is_interrupted in [false, true] {
            let folder = tempfile::tempdir().expect("a folder");
            let signals = Signals::new().expect("signals");
            let compressor = Compressor::start().expect("a thread");
            let queue = compressor.queue();
            for plain in files(folder.path(), MOST_WAITING, if is_interrupted { 8 << 20 } else { 1000 }) {
                queue.offer(plain, FREE);
            }
            drop(queue);
            if is_interrupted {
                signal_hook::low_level::raise(signal_hook::consts::SIGTERM).expect("raised");
            }
            compressor.finish(&signals);
            let (plain, packed) = (found(folder.path(), ".pcap"), found(folder.path(), ".pcap.zst"));
            assert_eq!((plain + packed, found(folder.path(), ".part")), (MOST_WAITING, 0));
            assert_eq!(plain > 0, is_interrupted, "{plain} and {packed}");
        }
    }
}
