//! How far the reading and the sending are: bars on standard error, when that is a terminal.

use crate::units::count;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The bar, shared by all threads.
pub(crate) struct Progress {
    bars: MultiProgress,
    bar: ProgressBar,
    packets: Arc<AtomicU64>,
}

impl Progress {
    /// A bar for so many bytes of input, or without an end when that is unknown. It draws nothing where standard error
    /// is no terminal.
    pub(crate) fn new(bytes: Option<u64>, quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bars = MultiProgress::with_draw_target(target);
        let bar = bars.add(ProgressBar::with_draw_target(bytes, ProgressDrawTarget::hidden()));
        let packets = Arc::new(AtomicU64::new(0));
        let template = match bytes {
            Some(_) => {
                "{wide_bar} {percent:>3} %  {decimal_bytes} of {decimal_total_bytes}  {packets}  {eta} left  {msg}"
            }
            None => "{spinner} {decimal_bytes}  {packets}  {elapsed}  {msg}",
        };
        // The template is ours; were it wrong, the default bar would do.
        if let Ok(style) = ProgressStyle::with_template(template) {
            let packets = Arc::clone(&packets);
            bar.set_style(style.with_key("packets", move |state: &ProgressState, text: &mut dyn std::fmt::Write| {
                let rate = packets.load(Ordering::Relaxed) as f64 / state.elapsed().as_secs_f64().max(1e-3);
                let _ = write!(text, "{:.2} M packets/s", rate / 1e6);
            }));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bars, bar, packets }
    }

    /// So many bytes of input and packets more were read.
    pub(crate) fn advance(&self, bytes: u64, packets: u64) {
        self.packets.fetch_add(packets, Ordering::Relaxed);
        self.bar.inc(bytes);
    }

    /// A bar for documents that are sent. It is seen from the first document on.
    pub(crate) fn sending(&self) -> Sending {
        let bar = self.bars.add(ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden()));
        let template = "{wide_bar} {percent:>3} %  {documents} documents  {rate}  {eta} left  {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            let documents = |state: &ProgressState, text: &mut dyn std::fmt::Write| {
                let _ = write!(text, "{} of {}", count(state.pos()), count(state.len().unwrap_or(0)));
            };
            let rate = |state: &ProgressState, text: &mut dyn std::fmt::Write| {
                let _ = write!(text, "{}/s", count(state.per_sec() as u64));
            };
            bar.set_style(style.with_key("documents", documents).with_key("rate", rate));
        }
        Sending { bar }
    }

    /// Nothing more is read: the bar of the reading goes, and what is left of the work shows alone.
    pub(crate) fn reading_done(&self) {
        self.bar.finish_and_clear();
    }

    /// What is being done besides reading.
    pub(crate) fn stage(&self, what: &'static str) {
        self.bar.set_message(what);
    }

    /// Something that the user should know and that is no fault.
    pub(crate) fn note(&self, text: &str) {
        self.print("note", text);
    }

    /// Something that is missing in the results.
    pub(crate) fn warn(&self, text: &str) {
        self.print("warning", text);
    }

    /// Something that left no results.
    pub(crate) fn error(&self, text: &str) {
        self.print("error", text);
    }

    /// Does something that writes to the terminal, with the bar out of the way.
    pub(crate) fn suspended<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bars.suspend(write)
    }

    fn print(&self, label: &str, text: &str) {
        self.bars.suspend(|| {
            let _ = writeln!(std::io::stderr(), "{label}: {text}");
        });
    }

    /// Takes the bar away, before results are printed.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

/// The bar of documents that are sent, shared by all senders.
pub(crate) struct Sending {
    bar: ProgressBar,
}

impl Sending {
    /// So many documents more will be sent.
    pub(crate) fn expect(&self, documents: u64) {
        self.bar.inc_length(documents);
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    /// So many documents more arrived or were refused.
    pub(crate) fn advance(&self, documents: u64) {
        self.bar.inc(documents);
    }

    /// Why nothing moves.
    pub(crate) fn note(&self, what: &str) {
        self.bar.set_message(what.to_owned());
    }

    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
