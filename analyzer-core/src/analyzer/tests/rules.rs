//! What ends an object.

use super::conversation::{Conversation, DOWN, UP, record, records};
use crate::object::{ExchangeOptions, Method};
use crate::{Config, GapMeter};
use std::time::Duration;

fn check(name: &str, conversation: &Conversation, config: Config, expected: &[(&str, u64, &str)]) {
    assert_eq!(conversation.objects(config), expected, "{name}");
}

#[test]
fn a_reply_ends_an_object() {
    let mut web = Conversation::tcp();
    web.say_zeros(UP, 300).wait_ms(20).say_zeros(DOWN, 1000).say_zeros(DOWN, 1000);
    web.wait_ms(5).say_zeros(UP, 300).wait_ms(20).say_zeros(DOWN, 700);
    let expected =
        [("up", 300, "reply"), ("down", 2000, "reply"), ("up", 300, "capture_end"), ("down", 700, "capture_end")];
    check("request and response, twice", &web, Config::default(), &expected);

    let mut small = Conversation::tcp();
    small.say_zeros(UP, 300).wait_ms(20).say_zeros(DOWN, 1000).say_zeros(UP, 40).say_zeros(DOWN, 1000);
    check(
        "40 bytes answer nothing",
        &small,
        Config::default(),
        &[("up", 300, "reply"), ("up", 40, "capture_end"), ("down", 2000, "capture_end")],
    );

    let mut crossing = Conversation::tcp();
    crossing.say_zeros(DOWN, 500);
    // The client's message was on its way when the server's first one passed: it acknowledges nothing of it.
    let seen = crossing.pcap().len();
    crossing.say_zeros(UP, 200);
    let acknowledgment = seen + 16 + 20 + 8;
    let mut pcap = crossing.pcap().to_vec();
    let before = u32::from_be_bytes(pcap[acknowledgment..acknowledgment + 4].try_into().expect("four bytes"));
    pcap[acknowledgment..acknowledgment + 4].copy_from_slice(&before.wrapping_sub(500).to_be_bytes());
    crossing.replace(pcap).say_zeros(DOWN, 500);
    check(
        "a message that crosses is no reply",
        &crossing,
        Config::default(),
        &[("up", 200, "capture_end"), ("down", 1000, "capture_end")],
    );
}

#[test]
fn silence_ends_an_object() {
    let mut pause = Conversation::tcp();
    pause.say_zeros(UP, 300).say_zeros(DOWN, 9000).flags(UP, 0x10).wait_ms(499).say_zeros(DOWN, 10);
    check(
        "an answer may pause",
        &pause,
        Config::default(),
        &[("up", 300, "capture_end"), ("down", 9010, "capture_end")],
    );

    let mut long = Conversation::tcp();
    long.say_zeros(UP, 300).wait_ms(10).say_zeros(DOWN, 9000).flags(UP, 0x10).wait_ms(501).say_zeros(DOWN, 10);
    check(
        "but not for long",
        &long,
        Config::default(),
        &[("up", 300, "idle"), ("down", 9000, "idle"), ("down", 10, "capture_end")],
    );

    let mut outstanding = Conversation::tcp();
    outstanding.say_zeros(UP, 300).wait_ms(10).say_zeros(DOWN, 9000).wait_ms(900).say_zeros(DOWN, 10);
    check(
        "unless something is unacknowledged",
        &outstanding,
        Config::default(),
        &[("up", 300, "idle"), ("down", 9010, "capture_end")],
    );

    let mut call = Conversation::udp();
    call.say_zeros(UP, 160).wait_ms(900).say_zeros(UP, 160).wait_ms(1100).say_zeros(UP, 160);
    check("UDP waits a second", &call, Config::default(), &[("up", 320, "idle"), ("up", 160, "capture_end")]);

    let options = ExchangeOptions { udp_idle: Duration::from_secs(2), ..ExchangeOptions::default() };
    check(
        "or as long as wanted",
        &call,
        Config { exchange: options, ..Config::default() },
        &[("up", 480, "capture_end")],
    );
}

#[test]
fn a_push_ends_with_a_short_silence() {
    let mut pushes = Conversation::tcp();
    for _ in 0..3 {
        pushes.say_zeros(DOWN, 200).flags(UP, 0x10).wait_ms(100);
    }
    check(
        "messages nobody asked for",
        &pushes,
        Config::default(),
        &[("down", 200, "push"), ("down", 200, "push"), ("down", 200, "capture_end")],
    );
}

#[test]
fn record_lengths_end_responses_and_requests() {
    let mut http2 = Conversation::tcp();
    http2.say(UP, &record(22, 200)).say(DOWN, &record(22, 900)).wait_ms(20);
    http2.say(UP, &records(&[26])).wait_ms(1).say(UP, &records(&[57])).wait_ms(1).say(UP, &records(&[58]));
    // Two responses without a pause: full records, a short last one, and the next response in the same packet.
    http2.wait_ms(20).say(DOWN, &records(&[16_401, 16_401])).say(DOWN, &records(&[16_401, 700, 16_401, 911]));
    let two = [
        ("up", 205, "reply"),
        ("down", 905, "reply"),
        ("up", 31, "request"),
        ("up", 62, "request"),
        ("up", 63, "capture_end"),
        ("down", 3 * 16_406 + 705, "record"),
        ("down", 16_406 + 916, "capture_end"),
    ];
    check("HTTP/2 responses back to back", &http2, Config::default(), &two);

    let options = ExchangeOptions { split_requests: false, ..ExchangeOptions::default() };
    let requests_together = [two[0], two[1], ("up", 156, "capture_end"), two[5], two[6]];
    check(
        "requests on purpose together",
        &http2,
        Config { exchange: options, ..Config::default() },
        &requests_together,
    );

    let config = Config { method: Method::ExchangeHeaders, ..Config::default() };
    let together = [two[0], two[1], ("up", 156, "capture_end"), ("down", 4 * 16_406 + 705 + 916, "capture_end")];
    check("without records", &http2, config, &together);
}

#[test]
fn gap_methods_cut_by_time_alone() {
    let mut talk = Conversation::tcp();
    talk.say_zeros(UP, 100)
        .wait_ms(20)
        .say_zeros(UP, 100)
        .wait_ms(400)
        .say_zeros(UP, 100)
        .wait_ms(20)
        .say_zeros(UP, 100);
    let cut = [("up", 200, "gap"), ("up", 200, "capture_end")];
    let whole = [("up", 400, "capture_end")];
    for (method, expected) in [
        (Method::Fixed(Duration::from_millis(399)), &cut[..]),
        (Method::Fixed(Duration::from_millis(400)), &whole[..]),
        (Method::Rtt { per_mille: 1_000 }, &cut[..]),
        (Method::Rtt { per_mille: 20_000 }, &whole[..]),
    ] {
        check(&method.to_string(), &talk, Config { method, ..Config::default() }, expected);
    }
    // Gaps of 20, 400 and 20 ms: their mean is 146 ms.
    let config = Config { method: Method::MeanGap, ..Config::default() };
    assert!(crate::Analyzer::new(config.clone()).is_err(), "mean-gap needs its first pass");
    let mut meter = GapMeter::new(config.clone()).expect("a valid configuration");
    meter.begin_input("");
    meter.push(talk.pcap()).expect("the capture is whole");
    let mut sink = crate::sink::MemorySink::default();
    let mut analyzer = crate::Analyzer::with_mean_gaps(config, meter.finish()).expect("a valid configuration");
    analyzer.begin_input("");
    analyzer.push(talk.pcap(), &mut sink).expect("the capture is whole");
    analyzer.finish(&mut sink);
    assert_eq!(sink.objects.iter().map(|object| object.payload_bytes).collect::<Vec<_>>(), [200, 200]);
}

#[test]
fn a_retransmission_opens_nothing_and_does_not_lengthen_an_object() {
    let mut lossy = Conversation::tcp();
    lossy.say_zeros(UP, 300).wait_ms(10).say_zeros(DOWN, 1000).wait_ms(30).repeat(DOWN, 1000);
    let (sink, totals) = lossy.analyze(Config::default());
    let object = &sink.objects[1];
    assert_eq!((object.payload_bytes, object.retransmitted_bytes, object.packets), (1000, 1000, 2));
    assert_eq!(object.end, object.start);
    assert_eq!(totals.counters.tcp_payload_bytes, 2300);
}
