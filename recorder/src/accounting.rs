//! The account of an interface: where each packet that the kernel saw went.
//!
//! In: the kernel's counters, and what became of packets that were handed over. Out: one line. Guaranteed: after the ring
//! was drained, `seen = written + filtered + kernel_dropped + write_errors`; the kernel's counters of 32 bits may wrap around.

use serde::Serialize;
use std::fmt;

/// Packets of one interface since the recording began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Account {
    /// Passed the kernel's filter.
    pub(crate) seen: u64,
    /// Are in files.
    pub(crate) written: u64,
    /// Were handed over and not wanted: beyond `--count`, or from before the filter was in place.
    pub(crate) filtered: u64,
    /// Found no room in the ring.
    pub(crate) kernel_dropped: u64,
    /// Could not be written.
    pub(crate) write_errors: u64,
    /// Lost before the kernel saw them, as far as the driver tells; not part of `seen`.
    pub(crate) interface_dropped: u64,
}

impl Account {
    /// Packets that are accounted for.
    pub(crate) const fn told(&self) -> u64 {
        self.written + self.filtered + self.kernel_dropped + self.write_errors
    }

    /// The account up to the last packet written, as far as the kernel was asked.
    pub(crate) fn up_to(self, written: u64, write_errors: u64) -> Self {
        let so_far = Self { written, write_errors, ..self };
        Self { seen: so_far.told(), ..so_far }
    }
}

/// `seen 5 = written 4 + filtered 0 + kernel_dropped 1 + write_errors 0`.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seen, written, filtered, kernel_dropped, write_errors, interface_dropped } = self;
        write!(
            f,
            "seen {seen} = written {written} + filtered {filtered} + kernel_dropped {kernel_dropped} + write_errors {write_errors}"
        )?;
        if *interface_dropped > 0 {
            write!(f, " (and {interface_dropped} lost by the interface before)")?;
        }
        Ok(())
    }
}

/// A counter of 32 bits that is read again and again.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wrapping {
    last: u32,
    total: u64,
}

impl Wrapping {
    /// Takes a reading; returns the sum since the first one.
    pub(crate) fn read(&mut self, value: u32) -> u64 {
        self.total += u64::from(value.wrapping_sub(self.last));
        self.last = value;
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_wraps_around() {
        let mut counter = Wrapping::default();
        let readings = [5, 5, u32::MAX - 1, 3].map(|value| counter.read(value));
        assert_eq!(readings, [5, 5, 0xffff_fffe, 0x1_0000_0003]);
    }

    #[test]
    fn the_line_says_all() {
        let account =
            Account { seen: 9, written: 4, filtered: 3, kernel_dropped: 2, write_errors: 0, interface_dropped: 0 };
        assert_eq!(account.told(), account.seen);
        assert_eq!(account.to_string(), "seen 9 = written 4 + filtered 3 + kernel_dropped 2 + write_errors 0");
    }
}
