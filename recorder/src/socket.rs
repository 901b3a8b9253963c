//! The capture's own socket, for what libpcap does not offer.
//!
//! In: an active capture. Out: its descriptor to wait for, and a way to let nothing more in. Guaranteed: this is the only
//! module with unsafe code; the descriptor is borrowed no longer than the capture lives.
#![allow(unsafe_code)]

use pcap::{Active, Capture};
use socket2::{SockFilter, SockRef};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

/// The descriptor that becomes readable when packets are in the ring.
pub(crate) fn descriptor(capture: &Capture<Active>) -> BorrowedFd<'_> {
    // SAFETY: the descriptor stays open as long as the capture, which the result borrows.
    unsafe { BorrowedFd::borrow_raw(capture.as_raw_fd()) }
}

/// Lets no packet into the ring any more; those in it stay.
///
/// Through libpcap a new filter would be applied to the packets in the ring as well.
pub(crate) fn shut(capture: &Capture<Active>) -> io::Result<()> {
    /// `BPF_RET | BPF_K` of 0 bytes.
    const NOTHING: SockFilter = SockFilter::new(0x06, 0, 0, 0);
    SockRef::from(&descriptor(capture)).attach_filter(&[NOTHING])
}
