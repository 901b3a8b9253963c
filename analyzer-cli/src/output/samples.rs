//! Records for unit tests.

use analyzer_core::decode::{Endpoint, Transport};
use analyzer_core::flow::{ClientSource, Direction};
use analyzer_core::name::Naming;
use analyzer_core::object::EndReason;
use analyzer_core::record::{Context, DirectionRecord, ObjectRecord, StreamIdentity, StreamRecord};
use analyzer_core::time::Timestamp;

pub(crate) fn context() -> Context {
    Context::new("0011223344556677".to_owned(), "a \"name\", =1".to_owned(), "7766554433221100".to_owned(), "exchange")
}

fn identity() -> StreamIdentity {
    StreamIdentity {
        id: 7,
        transport: Transport::Tcp,
        client: Endpoint { ip: [10, 8, 0, 2].into(), port: 50_000 },
        server: Endpoint { ip: [93, 184, 216, 34].into(), port: 443 },
        naming: Naming::NONE,
    }
}

pub(crate) fn object() -> ObjectRecord {
    let start = Timestamp::from_nanos(1_583_056_800_123_456_789);
    ObjectRecord {
        stream: identity(),
        direction: Direction::Down,
        index: 0,
        start,
        end: start.saturating_add_nanos(1_234_567),
        payload_bytes: 1_380,
        retransmitted_bytes: 0,
        ip_bytes: 1_420,
        packets: 1,
        gap_before_ns: None,
        end_reason: EndReason::Reply,
        multiplexed: false,
    }
}

pub(crate) fn stream() -> StreamRecord {
    StreamRecord {
        stream: identity(),
        client_source: ClientSource::Syn,
        start: object().start,
        end: object().end,
        end_reason: EndReason::Closed,
        client_rtt_ns: None,
        server_rtt_ns: Some(12_345_678),
        up: DirectionRecord::default(),
        down: DirectionRecord::default(),
    }
}
