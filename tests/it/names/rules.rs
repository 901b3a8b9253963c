//! What a server is called where more than one thing is said, packet by packet.

use crate::support::frames::{frame, tcp, udp};
use crate::support::{Analysis, File, Packet, analyze_one, write_pcap};
use analyzer_core::name::Naming;
use std::collections::BTreeMap;
use std::net::IpAddr;

pub(crate) const CLIENT: [u8; 4] = [10, 8, 0, 2];
const OTHER_CLIENT: [u8; 4] = [10, 8, 0, 3];
const SERVER: [u8; 4] = [192, 0, 2, 80];
const RESOLVER: [u8; 4] = [10, 8, 0, 1];

/// A step of a case. Ports and sequence numbers follow from the steps.
pub(crate) enum Step {
    /// An answer to a client that the server has this name.
    Answer([u8; 4], &'static str),
    /// The same over TCP, with its length in front, in two segments.
    AnswerOverTcp(&'static str),
    /// A segment of the stream from client to server, at its place.
    Up(Vec<u8>),
    /// The same with a captured length that ends so many bytes before the packet.
    UpCut(Vec<u8>, usize),
    /// A segment of another place in the stream.
    UpAt(u32, Vec<u8>),
    Down(&'static str),
}
use Step::{Answer, AnswerOverTcp, Down, Up, UpAt, UpCut};

fn message(name: &str) -> Vec<u8> {
    let mut message = vec![0, 7, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
    for label in name.split('.') {
        message.push(label.len() as u8);
        message.extend(label.bytes());
    }
    message.extend([0, 0, 1, 0, 1]);
    message.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
    message.extend(SERVER);
    message
}

/// A TLS record with a ClientHello.
pub(crate) fn hello(name: &str, ech: bool) -> Vec<u8> {
    let mut extensions = vec![0, 0];
    extensions.extend(((name.len() + 5) as u16).to_be_bytes());
    extensions.extend(((name.len() + 3) as u16).to_be_bytes());
    extensions.push(0);
    extensions.extend((name.len() as u16).to_be_bytes());
    extensions.extend(name.bytes());
    if ech {
        extensions.extend([0xfe, 0x0d, 0, 1, 0]);
    }
    // Padding (RFC 7685), which a cut may take.
    extensions.extend([0, 21, 0, 200]);
    extensions.extend([0; 200]);
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.extend([0, 0, 2, 0x13, 1, 1, 0]);
    body.extend((extensions.len() as u16).to_be_bytes());
    body.extend(extensions);
    let handshake = [&[1, 0][..], &(body.len() as u16).to_be_bytes(), &body].concat();
    [&[22, 3, 1][..], &(handshake.len() as u16).to_be_bytes(), &handshake].concat()
}

pub(crate) fn packets(steps: &[Step]) -> Vec<Packet> {
    let (mut up, mut down) = (1000, 5000);
    let mut packets = Vec::new();
    for step in steps {
        let mut send = |bytes: &[u8]| {
            packets.push(frame(6, CLIENT, SERVER, &tcp(40_000, 443, up, bytes)));
            up += bytes.len() as u32;
        };
        match step {
            Answer(client, name) => packets.push(frame(17, RESOLVER, *client, &udp(53, 5353, &message(name)))),
            AnswerOverTcp(name) => {
                let message = message(name);
                let whole = [&(message.len() as u16).to_be_bytes()[..], &message].concat();
                let (first, second) = whole.split_at(9);
                packets.push(frame(6, RESOLVER, CLIENT, &tcp(53, 50_000, 1, first)));
                packets.push(frame(6, RESOLVER, CLIENT, &tcp(53, 50_000, 10, second)));
            }
            Up(bytes) => send(bytes),
            UpCut(bytes, cut) => {
                send(bytes);
                if let Some(packet) = packets.last_mut() {
                    packet.captured.truncate(packet.captured.len() - cut);
                }
            }
            UpAt(offset, bytes) => packets.push(frame(6, CLIENT, SERVER, &tcp(40_000, 443, 1000 + offset, bytes))),
            Down(text) => {
                packets.push(frame(6, SERVER, CLIENT, &tcp(443, 40_000, down, text.as_bytes())));
                down += text.len() as u32;
            }
        }
    }
    for (number, packet) in (0..).zip(&mut packets) {
        packet.time_ns += number * 1_000_000;
    }
    packets
}

/// Name, source, offer of ECH and cover of the one stream to the server.
fn called(analysis: &Analysis) -> String {
    let stream = analysis
        .records
        .streams
        .iter()
        .find(|stream| stream.stream.server.ip == IpAddr::from(SERVER))
        .expect("a stream");
    let naming = stream.stream.naming;
    let server = analysis.totals.names.server(naming, stream.stream.server.ip);
    let mut text = format!("{} {}", server.domain.unwrap_or("-"), server.source.as_str());
    text += if naming.ech_offered { " ech" } else { "" };
    text += if naming.is_cover { " cover" } else { "" };
    text
}

#[track_caller]
fn check(what: &str, steps: &[Step], expected: &str) {
    let analysis = analyze_one(&File::new("capture", write_pcap(&packets(steps))));
    assert_eq!(called(&analysis), expected, "{what}");
    // The first object of the stream has the stream's name.
    let object = analysis
        .records
        .objects
        .iter()
        .find(|object| object.stream.server.ip == IpAddr::from(SERVER))
        .expect("an object");
    let name = analysis.totals.names.server(object.stream.naming, SERVER.into()).domain.unwrap_or("-");
    assert_eq!(name, expected.split(' ').next().unwrap_or_default(), "{what}: the object");
}

fn get(host: &str) -> Vec<u8> {
    format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes()
}

#[test]
fn names_and_where_they_come_from() {
    let half = |n: usize| {
        let hello = hello("split.example", false);
        let middle = 90;
        if n == 0 { hello[..middle].to_vec() } else { hello[middle..].to_vec() }
    };
    for (what, steps, expected) in [
        ("nothing", vec![Up(vec![0, 1, 2])], "- none"),
        ("a hello", vec![Up(hello("a.example", false)), Down("x")], "a.example tls_sni"),
        ("a hello in two segments", vec![Up(half(0)), Up(half(1)), Down("x")], "split.example tls_sni"),
        (
            "the later one first",
            vec![UpAt(0, vec![22]), UpAt(90, half(1)), UpAt(0, half(0)), Down("x")],
            "split.example tls_sni",
        ),
        ("a request", vec![Up(get("b.example:8080")), Down("x")], "b.example http_host"),
        ("a request to an address", vec![Up(get("192.0.2.80")), Down("x")], "- none"),
        ("an answer before", vec![Answer(CLIENT, "c.example"), Up(vec![0; 9])], "c.example dns"),
        ("an answer over TCP", vec![AnswerOverTcp("c.example"), Up(vec![0; 9])], "c.example dns"),
        (
            "the latest answer",
            vec![Answer(CLIENT, "c.example"), Answer(CLIENT, "d.example"), Up(vec![0; 9])],
            "d.example dns",
        ),
        ("an answer to somebody else", vec![Answer(OTHER_CLIENT, "c.example"), Up(vec![0; 9])], "- none"),
        ("an answer that comes late", vec![Up(vec![0; 9]), Answer(CLIENT, "c.example"), Up(vec![0; 9])], "- none"),
        (
            "a hello says more than an answer",
            vec![Answer(CLIENT, "c.example"), Up(hello("a.example", false))],
            "a.example tls_sni",
        ),
        ("an offer", vec![Up(hello("a.example", true))], "a.example tls_sni ech"),
        ("a cover", vec![Up(hello("cloudflare-ech.com", true))], "cloudflare-ech.com tls_sni ech cover"),
        (
            "an answer says more than a cover",
            vec![Answer(CLIENT, "c.example"), Up(hello("cloudflare-ech.com", true))],
            "c.example dns ech cover",
        ),
        ("without an offer it is no cover", vec![Up(hello("cloudflare-ech.com", false))], "cloudflare-ech.com tls_sni"),
        ("a hello that is cut behind its name", vec![UpCut(hello("a.example", false), 150)], "a.example tls_sni"),
        ("a hello that is cut before its name", vec![UpCut(hello("a.example", false), 220)], "- none"),
        ("a request that is cut", vec![UpCut(get("b.example"), 2)], "b.example http_host"),
        ("the server says hello", vec![Down("220 mail.example ready"), Up(b"EHLO a\r\n".to_vec())], "- none"),
        ("hostile text", vec![Up(get("<b>\"x"))], "\\x3cb\\x3e\\x22x http_host"),
    ] {
        check(what, &steps, expected);
    }
}

/// Packets of a recording that begins in the middle of a stream.
#[test]
fn a_stream_without_its_beginning_has_no_name_of_its_own() {
    let analysis =
        analyze_one(&File::new("capture", write_pcap(&packets(&[Up(vec![23, 3, 3, 0, 40]), Up(get("b.example"))]))));
    assert_eq!(called(&analysis), "- none");
}

/// Names that others told by address are the last resort, count by stream, and make another analysis.
#[test]
fn names_that_were_looked_up() {
    let steps = [Answer(CLIENT, "c.example"), Up(vec![0; 9])];
    let named = analyze_one(&File::new("capture", write_pcap(&packets(&steps)))).totals;
    let nameless = analyze_one(&File::new("capture", write_pcap(&packets(&steps[1..])))).totals;
    let found = BTreeMap::from([(IpAddr::from(SERVER), "Host-1.CDN.example.".to_owned())]);
    let id = nameless.analysis_id.clone();
    let looked_up = nameless.with_reverse_names(&found);
    assert_eq!(looked_up.names.server(Naming::NONE, SERVER.into()).domain, Some("host-1.cdn.example"));
    assert_eq!(looked_up.name_sources, BTreeMap::from([("reverse_dns".to_owned(), 1)]));
    assert_ne!(looked_up.analysis_id, id);
    let sources = BTreeMap::from([("dns".to_owned(), 1), ("none".to_owned(), 1)]);
    assert_eq!(named.name_sources, sources);
    // The answer's own stream has no name.
    assert_eq!(named.with_reverse_names(&found).name_sources, sources);
}
