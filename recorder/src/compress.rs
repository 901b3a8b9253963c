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
