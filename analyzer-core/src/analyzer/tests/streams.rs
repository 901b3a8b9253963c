//! Which packets belong to a stream, who its client is, and what ends it.

use super::conversation::{CLIENT, Conversation, DOWN, UP};
use crate::Config;
use crate::config::ConfigError;
use std::time::Duration;

/// Client address, how it was found, and what ended the stream.
fn shown(conversation: &Conversation, config: Config) -> Vec<(u64, bool, &'static str, &'static str)> {
    let streams = conversation.streams(config);
    let client = std::net::IpAddr::from(CLIENT.0);
    let show = |stream: &crate::record::StreamRecord| {
        (stream.stream.id, stream.stream.client.ip == client, stream.client_source.as_str(), stream.end_reason.as_str())
    };
    streams.iter().map(show).collect()
}

#[test]
fn the_client_is_named_or_opened_or_has_the_ephemeral_port() {
    let named = Config { clients: vec!["10.8.0.0/24".parse().expect("a prefix")], ..Config::default() };
    let turned = Config { clients: vec!["203.0.113.9".parse().expect("an address")], ..Config::default() };
    let both = Config { clients: vec!["0.0.0.0/0".parse().expect("a prefix")], ..Config::default() };
    let mut late = Conversation::mid_stream();
    late.say_zeros(DOWN, 100);
    for (conversation, config, expected) in [
        (&Conversation::tcp(), Config::default(), (true, "syn")),
        (&Conversation::tcp(), named, (true, "option")),
        (&Conversation::tcp(), turned, (false, "option")),
        (&Conversation::tcp(), both, (true, "syn")),
        (&late, Config::default(), (true, "port")),
    ] {
        let (_, is_client, source, _) = shown(conversation, config)[0];
        assert_eq!((is_client, source), expected);
    }
}

#[test]
fn a_stream_ends_by_its_own_silence_or_a_new_opening() {
    let mut silent = Conversation::tcp();
    silent.say_zeros(UP, 100).wait_ms(300_001).say_zeros(UP, 100);
    assert_eq!(shown(&silent, Config::default()), [(1, true, "syn", "idle"), (5, true, "port", "capture_end")]);
    let patient = Config { tcp_expiry: Duration::from_secs(301), ..Config::default() };
    assert_eq!(shown(&silent, patient), [(1, true, "syn", "capture_end")]);

    let mut again = Conversation::tcp();
    again.say_zeros(UP, 100).flags(UP, 0x11).flags(DOWN, 0x11).flags(UP, 0x10).lose(UP, 70_000).flags(UP, 0x02);
    assert_eq!(shown(&again, Config::default()), [(1, true, "syn", "closed"), (8, true, "syn", "capture_end")]);

    let mut same_opening = Conversation::mid_stream();
    same_opening.flags(UP, 0x02).lose(UP, u32::MAX).wait_ms(1000).flags(UP, 0x02).flags(DOWN, 0x12);
    assert_eq!(shown(&same_opening, Config::default()).len(), 1, "a SYN may be repeated");

    let mut reset = Conversation::tcp();
    reset.say_zeros(UP, 100).flags(DOWN, 0x04);
    assert_eq!(shown(&reset, Config::default()), [(1, true, "syn", "closed")]);
}

#[test]
fn quantities_add_up() {
    let mut web = Conversation::tcp();
    web.say_zeros(UP, 300).wait_ms(150).say_zeros(DOWN, 1000).lose(DOWN, 500).say_zeros(DOWN, 200).repeat(DOWN, 200);
    let (sink, totals) = web.analyze(Config::default());
    let stream = &sink.streams[0];
    assert_eq!((stream.up.packets, stream.down.packets), (3, 4));
    assert_eq!(
        (stream.down.payload_bytes, stream.down.retransmitted_bytes, stream.down.payload_packets),
        (1200, 200, 3)
    );
    assert_eq!((stream.client_rtt_ns, stream.server_rtt_ns), (Some(10_000_000), Some(10_000_000)));
    assert_eq!(sink.bins.iter().map(|bin| bin.packets).sum::<u64>(), 7);
    assert_eq!(totals.counters.directed_streams, 2);
    assert!(totals.exact && totals.directed_streams_exact);
}

#[test]
fn too_many_streams_evict_the_longest_silent() {
    let (_, totals) = Conversation::tcp().analyze(Config { max_flows: 1, ..Config::default() });
    assert!(totals.exact, "one stream fits");
    assert_eq!(Config { max_flows: 0, ..Config::default() }.validate(), Err(ConfigError::Zero("max-flows")));
}
