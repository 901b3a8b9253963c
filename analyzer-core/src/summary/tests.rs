//! Bins, quantiles, and that merging does not depend on the order.

use super::{Distributions, MAX_SERVERS, ServerKey, Summary, bin_midpoint, bin_of};
use crate::decode::{Endpoint, Transport};
use crate::flow::{ClientSource, Direction};
use crate::name::Naming;
use crate::object::EndReason;
use crate::record::{DirectionRecord, ObjectRecord, StreamIdentity, StreamRecord};
use crate::time::Timestamp;

#[test]
fn a_midpoint_is_near_every_value_of_its_bin() {
    let powers = (0..64).flat_map(|shift| [1_u64 << shift, (1 << shift) - 1, (1 << shift) + 1]);
    let values = (0..1000).chain(powers).chain([u64::MAX, 123_456_789, 999_999_999_999]);
    for value in values {
        let midpoint = bin_midpoint(bin_of(value));
        assert!(midpoint.abs_diff(value) <= value / 128, "{value} is told as {midpoint}");
        assert_eq!(bin_of(midpoint), bin_of(value));
    }
    assert!((0..128).all(|value| bin_midpoint(bin_of(value)) == value), "exact below 128");
    assert!((1..=3775).all(|bin| bin_midpoint(bin) > bin_midpoint(bin - 1)), "in order");
}

fn stream(server: [u8; 4], payload_bytes: u64) -> StreamRecord {
    let end = |ip: [u8; 4]| Endpoint { ip: ip.into(), port: 443 };
    let identity = StreamIdentity {
        id: 1,
        transport: Transport::Tcp,
        client: end([10, 0, 0, 1]),
        server: end(server),
        naming: Naming::NONE,
    };
    StreamRecord {
        stream: identity,
        client_source: ClientSource::Syn,
        start: Timestamp::default(),
        end: Timestamp::default(),
        end_reason: EndReason::Closed,
        client_rtt_ns: None,
        server_rtt_ns: None,
        up: DirectionRecord::default(),
        down: DirectionRecord { objects: 1, payload_bytes, ..DirectionRecord::default() },
    }
}

fn object(payload_bytes: u64) -> ObjectRecord {
    ObjectRecord {
        stream: stream([1; 4], 0).stream,
        direction: Direction::Down,
        index: 0,
        start: Timestamp::default(),
        end: Timestamp::from_nanos(5),
        payload_bytes,
        retransmitted_bytes: 0,
        ip_bytes: payload_bytes,
        packets: 1,
        gap_before_ns: (payload_bytes > 1).then_some(payload_bytes * 10),
        end_reason: EndReason::Reply,
        multiplexed: false,
    }
}

#[test]
fn quantiles_are_the_smallest_values_that_enough_do_not_exceed() {
    let mut sizes = Distributions::default();
    assert_eq!(sizes.sizes(Direction::Down).p50, None);
    for payload_bytes in 1..=100 {
        sizes.add(Direction::Down, &object(payload_bytes));
    }
    let quantiles = sizes.sizes(Direction::Down);
    assert_eq!((quantiles.p50, quantiles.p95, quantiles.max), (Some(50), Some(95), Some(100)));
    assert_eq!(sizes.durations(Direction::Down).max, Some(5));
    assert_eq!(sizes.gaps(Direction::Down).max, Some(1000));
    assert_eq!(sizes.sizes(Direction::Up).max, None);
}

#[test]
fn merging_in_any_order_gives_the_same() {
    let parts: Vec<Distributions> = (0..7)
        .map(|part| {
            let mut distributions = Distributions::default();
            for step in 0..40 {
                distributions.add(Direction::BOTH[step as usize % 2], &object(1 + part * 1_000 + step * step * 37));
            }
            distributions
        })
        .collect();
    let merged = |order: &[usize]| {
        order.iter().fold(Distributions::default(), |mut sum, part| {
            sum.merge(&parts[*part]);
            sum
        })
    };
    assert_eq!(merged(&[0, 1, 2, 3, 4, 5, 6]), merged(&[6, 2, 4, 0, 5, 1, 3]));
}

#[test]
fn many_servers_keep_the_large_ones_apart_and_lose_no_byte() {
    let mut summary = Summary::default();
    let servers = MAX_SERVERS as u32 + 100;
    for number in 0..servers {
        let bytes = if number == 77 { 1_000_000 } else { u64::from(number) };
        summary.add(&stream(number.to_be_bytes(), bytes), &Distributions::default());
    }
    let summaries = summary.servers(1);
    assert!(summaries.len() <= MAX_SERVERS);
    assert_eq!(summaries[0].server, Some(ServerKey::Address([0, 0, 0, 77].into())));
    assert_eq!(summaries.iter().filter(|server| server.server.is_none()).count(), 1);
    let total: u64 = summaries.iter().map(|server| server.down.payload_bytes).sum();
    assert_eq!(total, (0..u64::from(servers)).sum::<u64>() - 77 + 1_000_000);
    assert_eq!(summaries.iter().map(|server| server.down.objects).sum::<u64>(), u64::from(servers));
}
