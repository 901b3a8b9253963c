//! The live line: what a terminal shows while packets are recorded.
//!
//! In: the tracks, once a second. Out: one line on standard error that is written over. Guaranteed: nothing where standard error
//! is no terminal, or where quiet was asked for.

use crate::accounting::Account;
use crate::quantity::shown_bytes;
use crate::track::Track;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_secs(1);

pub(crate) struct Status {
    is_shown: bool,
    begun: Instant,
    last: Instant,
    last_seen: u64,
    width: usize,
}

impl Status {
    pub(crate) fn new(is_quiet: bool) -> Self {
        let now = Instant::now();
        let is_shown = !is_quiet && std::io::stderr().is_terminal();
        Self { is_shown, begun: now, last: now, last_seen: 0, width: 0 }
    }

    /// When the next line is due; `None` when there is none.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.is_shown.then_some(self.last + EVERY)
    }

    /// Shows the line, if it is time.
    pub(crate) fn show(&mut self, now: Instant, tracks: &mut [Track]) {
        if !self.is_shown || now.duration_since(self.last) < EVERY {
            return;
        }
        let accounts: Vec<Account> = tracks.iter_mut().map(Track::account).collect();
        let sum = |count: fn(&Account) -> u64| accounts.iter().map(count).sum::<u64>();
        let seen = sum(|account| account.seen);
        let rate = seen.saturating_sub(self.last_seen) as f64 / now.duration_since(self.last).as_secs_f64();
        let seconds = now.duration_since(self.begun).as_secs();
        let files: Vec<String> = tracks
            .iter()
            .filter_map(|track| track.tape().current())
            .map(|(name, bytes)| format!("{name} {}", shown_bytes(bytes)))
            .collect();
        let free = tracks.first().map_or(0, |track| track.tape().free_bytes());
        let line = format!(
            "{:02}:{:02}:{:02}  {seen} packets  {rate:.0}/s  lost {}  {}  free {}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60,
            sum(|account| account.kernel_dropped + account.write_errors),
            files.join(", "),
            shown_bytes(free),
        );
        (self.last, self.last_seen) = (now, seen);
        let padding = self.width.saturating_sub(line.len());
        self.width = line.len();
        write(&format!("\r{line}{:padding$}", ""));
    }

    /// Makes room for other lines.
    pub(crate) fn clear(&mut self) {
        if self.width > 0 {
            write(&format!("\r{:width$}\r", "", width = self.width));
            self.width = 0;
        }
    }
}

/// A terminal that is gone shows nothing.
fn write(text: &str) {
    let mut terminal = std::io::stderr().lock();
    let _ = terminal.write_all(text.as_bytes()).and_then(|()| terminal.flush());
}
