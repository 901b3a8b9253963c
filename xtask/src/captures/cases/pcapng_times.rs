//! The clocks of pcapng: `if_tsresol` and `if_tsoffset`, and interfaces that differ in them.

use crate::captures::case::{BEGIN_NS, Case, Recording};
use crate::captures::container::Endian;
use crate::captures::container::pcapng::{OPTION_OFFSET, OPTION_RESOLUTION, Pcapng};
use crate::captures::packet::ip::{ipv4, ipv6, protocol::TCP, protocol::UDP};
use crate::captures::packet::link::{ether_type, ethernet, link_type, sll2};
use crate::captures::packet::transport::{tcp, udp};

/// The second of the first packet.
const BEGIN_S: u64 = (BEGIN_NS / 1_000_000_000) as u64;

pub(super) fn cases() -> Vec<Case> {
    vec![
        clock("pcapng_resolution_1s.pcapng", "if_tsresol 0: whole seconds", Clock::decimal(0), 2, 2_000_000_000),
        clock("pcapng_resolution_1ms.pcapng", "if_tsresol 3: milliseconds", Clock::decimal(3), 123, 123_000_000),
        clock("pcapng_resolution_1us.pcapng", "if_tsresol 6: microseconds", Clock::decimal(6), 123_456, 123_456_000),
        clock("pcapng_resolution_1ns.pcapng", "if_tsresol 9: nanoseconds", Clock::decimal(9), 123_456_789, 123_456_789),
        // 64 bits of picoseconds reach only 213 days from 1970, so the offset carries the year.
        clock(
            "pcapng_resolution_1ps.pcapng",
            "if_tsresol 12: picoseconds; if_tsoffset tells the year",
            Clock { offset_s: BEGIN_S as i64, ..Clock::decimal(12) },
            123_456_789_000,
            123_456_789,
        )
        .tshark("overflows 64 bits: it gives the second packet .012776324"),
        clock("pcapng_resolution_2_10.pcapng", "if_tsresol 0x8a: 2^-10 seconds", Clock::binary(10), 768, 750_000_000),
        clock(
            "pcapng_resolution_2_20.pcapng",
            "if_tsresol 0x94: 2^-20 seconds",
            Clock::binary(20),
            1 << 14,
            15_625_000,
        ),
        clock("pcapng_resolution_2_32.pcapng", "if_tsresol 0xa0: 2^-32 seconds", Clock::binary(32), 1 << 23, 1_953_125),
        clock(
            "pcapng_offset_positive.pcapng",
            "A positive if_tsoffset is added in seconds",
            Clock { offset_s: 1_000_000_000, ..Clock::decimal(6) },
            250_000,
            250_000_000,
        ),
        clock(
            "pcapng_offset_negative.pcapng",
            "A negative if_tsoffset is taken away in seconds",
            Clock { offset_s: -3_600, ..Clock::decimal(9) },
            250_000_000,
            250_000_000,
        ),
        several_interfaces(),
    ]
}

/// How an interface counts time.
#[derive(Clone, Copy)]
struct Clock {
    /// The byte of `if_tsresol`.
    resolution: u8,
    ticks_per_second: u64,
    offset_s: i64,
}

impl Clock {
    const fn decimal(exponent: u8) -> Self {
        Self { resolution: exponent, ticks_per_second: 10_u64.pow(exponent as u32), offset_s: 0 }
    }

    const fn binary(exponent: u8) -> Self {
        Self { resolution: 0x80 | exponent, ticks_per_second: 1 << exponent, offset_s: 0 }
    }

    /// Ticks of a whole second of the epoch, as the file counts them.
    const fn ticks_of(self, second: u64) -> u64 {
        (second as i64 - self.offset_s) as u64 * self.ticks_per_second
    }

    fn options(self, endian: Endian) -> Vec<(u16, Vec<u8>)> {
        let mut options = vec![(OPTION_RESOLUTION, vec![self.resolution])];
        if self.offset_s != 0 {
            options.push((OPTION_OFFSET, endian.u64(self.offset_s as u64).to_vec()));
        }
        options
    }
}

/// One packet at the full second and one `later_ticks` after it, which the author says are `later_ns`.
fn clock(file: &'static str, proves: &'static str, clock: Clock, later_ticks: u64, later_ns: i64) -> Case {
    let recording = Recording::ethernet()
        .tcp(100, ethernet(ether_type::IPV4, &ipv4(TCP, &tcp(100))))
        .udp(50, ethernet(ether_type::IPV4, &ipv4(UDP, &udp(50))))
        .streams(2);
    let endian = Endian::Little;
    let bytes = Pcapng::new(endian)
        .interface(link_type::ETHERNET, 0, &clock.options(endian))
        .enhanced(0, clock.ticks_of(BEGIN_S), &recording.packets[0], &[])
        .enhanced(0, clock.ticks_of(BEGIN_S) + later_ticks, &recording.packets[1], &[])
        .into_bytes();
    Case::of_bytes(file, proves, bytes, &recording).times(vec![BEGIN_NS, BEGIN_NS + later_ns])
}

fn several_interfaces() -> Case {
    let recording = Recording::ethernet()
        .tcp(100, ethernet(ether_type::IPV4, &ipv4(TCP, &tcp(100))))
        .tcp(60, ipv6(TCP, &tcp(60)))
        .udp(50, sll2(ether_type::IPV4, &ipv4(UDP, &udp(50))))
        .tcp(100, ethernet(ether_type::IPV4, &ipv4(TCP, &tcp(100))))
        .streams(3);
    let endian = Endian::Big;
    let (nanoseconds, halves) = (Clock::decimal(9), Clock { offset_s: 600, ..Clock::binary(1) });
    let [first, second, third, fourth] = [0, 1, 2, 3].map(|index| &recording.packets[index]);
    let bytes = Pcapng::new(endian)
        .interface(link_type::ETHERNET, 262_144, &[]) // Without an option: microseconds.
        .interface(link_type::RAW, 0, &nanoseconds.options(endian))
        .enhanced(0, BEGIN_S * 1_000_000 + 1, first, &[])
        .enhanced(1, BEGIN_S * 1_000_000_000 + 1_001, second, &[])
        .interface(link_type::LINUX_SLL2, 128, &halves.options(endian))
        .enhanced(2, halves.ticks_of(BEGIN_S) + 1, third, &[])
        .enhanced(0, BEGIN_S * 1_000_000 + 750_000, fourth, &[])
        .into_bytes();
    Case::of_bytes(
        "pcapng_several_interfaces.pcapng",
        "Each interface has its own link type; resolution and offset; one is described after packets of others",
        bytes,
        &recording,
    )
    .times([1_000, 1_001, 500_000_000, 750_000_000].map(|since_begin_ns| BEGIN_NS + since_begin_ns).to_vec())
}
