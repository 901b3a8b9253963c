//! Signals as flags, and a pipe that wakes whoever waits.
//!
//! In: SIGINT, SIGTERM, SIGHUP, SIGUSR1. Out: which came since it was asked last. Guaranteed: handlers do nothing but set a
//! flag and write a byte.

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1};
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) struct Signals {
    awake: UnixStream,
    stop: Arc<AtomicBool>,
    rotate: Arc<AtomicBool>,
    report: Arc<AtomicBool>,
}

impl Signals {
    pub(crate) fn new() -> io::Result<Self> {
        let (awake, wake) = UnixStream::pair()?;
        awake.set_nonblocking(true)?;
        let signals = Self { awake, stop: Arc::default(), rotate: Arc::default(), report: Arc::default() };
        for (signal, flag) in
            [(SIGINT, &signals.stop), (SIGTERM, &signals.stop), (SIGHUP, &signals.rotate), (SIGUSR1, &signals.report)]
        {
            // The flag first: who is woken must find it.
            signal_hook::flag::register(signal, Arc::clone(flag))?;
            signal_hook::low_level::pipe::register(signal, wake.try_clone()?)?;
        }
        Ok(signals)
    }

    /// Becomes readable when a signal came.
    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.awake.as_fd()
    }

    /// Takes what woke us.
    pub(crate) fn clear(&mut self) {
        let mut bytes = [0; 64];
        while self.awake.read(&mut bytes).is_ok_and(|count| count > 0) {}
    }

    /// The recording is to end.
    pub(crate) fn stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The recording ends, so that from now on [`Signals::stop`] tells of another signal.
    pub(crate) fn forget_stop(&self) {
        self.stop.store(false, Ordering::Relaxed);
    }

    /// New files are to begin; asked once for each time.
    pub(crate) fn take_rotate(&self) -> bool {
        self.rotate.swap(false, Ordering::Relaxed)
    }

    /// The account is to be printed; asked once for each time.
    pub(crate) fn take_report(&self) -> bool {
        self.report.swap(false, Ordering::Relaxed)
    }
}
