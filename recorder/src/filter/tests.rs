//! The expressions as libpcap compiles them, against a truth table of packets.

use super::*;
use pcap::{Capture, Linktype};

/// `DLT_RAW`, which files call 101.
const RAW: Linktype = Linktype(12);

/// Which packets are let through.
fn passes(expression: &str, link_type: Linktype, packet: &[u8]) -> bool {
    let capture = Capture::dead(link_type).expect("libpcap");
    let program = capture.compile(expression, true).unwrap_or_else(|error| panic!("{expression}: {error}"));
    program.filter(packet)
}

/// An IP packet without link layer: `tcp 203.0.113.1:443 198.51.100.9:5000`.
fn packet(text: &str) -> Vec<u8> {
    let words: Vec<&str> = text.split(' ').collect();
    let [protocol, source, destination] = words[..] else { panic!("{text}") };
    let protocol_number = match protocol {
        "tcp" => 6,
        "udp" => 17,
        "icmp" => 1,
        "fragment" => 44,
        other => panic!("{other}"),
    };
    let end = |text: &str| -> (IpAddr, u16) {
        let (address, port) = text.rsplit_once(':').expect(text);
        (address.trim_matches(['[', ']']).parse().expect(address), port.parse().expect(port))
    };
    let ((source, source_port), (destination, destination_port)) = (end(source), end(destination));
    let mut transport = [source_port.to_be_bytes(), destination_port.to_be_bytes()].concat();
    transport.resize(20, 0);
    let mut bytes = match (source, destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            let mut header = vec![0x45, 0, 0, 40, 0, 0, 0, 0, 64, protocol_number, 0, 0];
            header.extend(source.octets());
            header.extend(destination.octets());
            header
        }
        (IpAddr::V6(source), IpAddr::V6(destination)) => {
            let mut header = vec![0x60, 0, 0, 0, 0, 20, protocol_number, 64];
            header.extend(source.octets());
            header.extend(destination.octets());
            header
        }
        _ => panic!("{text}"),
    };
    bytes.extend(transport);
    bytes
}

fn on_ethernet(packet: &[u8]) -> Vec<u8> {
    let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
    frame.extend(if packet[0] >> 4 == 4 { [0x08, 0x00] } else { [0x86, 0xdd] });
    frame.extend(packet);
    frame
}

fn networks(words: &[&str]) -> Vec<Network> {
    words.iter().map(|word| word.parse().expect(word)).collect()
}

/// A server of a VPN: its own address, a phone's, and the administrator's.
fn outside() -> Outside {
    Outside {
        vpn: networks(&["203.0.113.1", "2001:db8::1"]),
        client: networks(&["198.51.100.10", "2001:db8:c::/48"]),
        ssh: networks(&["198.51.100.22"]),
    }
}

struct Case {
    wanted: Wanted<'static>,
    expression: &'static str,
    passing: &'static [&'static str],
    stopped: &'static [&'static str],
}

fn check(case: &Case) {
    let expression = case.wanted.expression();
    assert_eq!(expression, case.expression);
    for (texts, expected) in [(case.passing, true), (case.stopped, false)] {
        for text in texts {
            let packet = packet(text);
            assert_eq!(passes(&expression, RAW, &packet), expected, "{expression}: {text}");
            assert_eq!(
                passes(&expression, Linktype::ETHERNET, &on_ethernet(&packet)),
                expected,
                "{expression}: {text}"
            );
        }
    }
}

const EVERYTHING: Wanted<'static> =
    Wanted { protocol: Protocol::Both, outside: None, excluded_hosts: &[], excluded_tunnels: &[], expression: None };

const WEB: &str = "tcp 203.0.113.1:5000 192.0.2.80:443";
const WEB_BACK: &str = "tcp 192.0.2.80:443 203.0.113.1:5000";
const WEB_V6: &str = "tcp [2001:db8::1]:5000 [2001:db8:80::80]:443";
const QUIC: &str = "udp 203.0.113.1:5000 192.0.2.80:443";
const TUNNEL: &str = "udp 198.51.100.10:40000 203.0.113.1:51820";
const TUNNEL_BACK: &str = "udp 203.0.113.1:51820 198.51.100.10:40000";
const TUNNEL_V6: &str = "udp [2001:db8:c::7]:40000 [2001:db8::1]:51820";
const SSH: &str = "tcp 198.51.100.22:50022 203.0.113.1:22";
const OTHERS: &str = "tcp 198.51.100.77:5000 192.0.2.80:443";
const ICMP: &str = "icmp 203.0.113.1:0 192.0.2.80:0";
const FRAGMENT_V6: &str = "fragment [2001:db8::1]:0 [2001:db8:80::80]:0";

#[test]
fn protocols_alone() {
    for (protocol, expression, passing, stopped) in [
        (
            Protocol::Both,
            "tcp or udp or (ip6 proto 44)",
            &[WEB, WEB_BACK, WEB_V6, QUIC, TUNNEL, FRAGMENT_V6][..],
            &[ICMP][..],
        ),
        (Protocol::Tcp, "tcp or (ip6 proto 44)", &[WEB, WEB_V6, FRAGMENT_V6], &[QUIC, TUNNEL, ICMP]),
        (Protocol::Udp, "udp or (ip6 proto 44)", &[QUIC, TUNNEL, FRAGMENT_V6], &[WEB, WEB_V6, ICMP]),
    ] {
        check(&Case { wanted: Wanted { protocol, ..EVERYTHING }, expression, passing, stopped });
    }
}

#[test]
fn the_variables_of_the_outside() {
    let outside = Box::leak(Box::new(outside()));
    check(&Case {
        wanted: Wanted { outside: Some(outside), ..EVERYTHING },
        expression: "(tcp or udp or (ip6 proto 44)) and (host 203.0.113.1 or host 2001:db8::1) and not host 198.51.100.10 \
                     and not net 2001:db8:c::/48 and not host 198.51.100.22",
        passing: &[WEB, WEB_BACK, WEB_V6, QUIC, FRAGMENT_V6],
        stopped: &[TUNNEL, TUNNEL_BACK, TUNNEL_V6, SSH, OTHERS, ICMP],
    });
}

#[test]
fn a_server_with_ipv6_only() {
    let outside = Box::leak(Box::new(Outside { vpn: networks(&["2001:db8::1"]), ..Outside::default() }));
    check(&Case {
        wanted: Wanted { outside: Some(outside), protocol: Protocol::Tcp, ..EVERYTHING },
        expression: "(tcp or (ip6 proto 44)) and (host 2001:db8::1)",
        passing: &[WEB_V6, FRAGMENT_V6],
        stopped: &[WEB, QUIC, TUNNEL_V6],
    });
}

#[test]
fn what_is_excluded() {
    let hosts = Box::leak(Box::new(networks(&["198.51.100.0/24"])));
    check(&Case {
        wanted: Wanted { excluded_hosts: hosts, ..EVERYTHING },
        expression: "(tcp or udp or (ip6 proto 44)) and not net 198.51.100.0/24",
        passing: &[WEB, WEB_V6, QUIC, TUNNEL_V6],
        stopped: &[TUNNEL, TUNNEL_BACK, SSH, OTHERS],
    });
    let tunnels = Box::leak(Box::new(vec!["udp/51820".parse::<Tunnel>().expect("a tunnel")]));
    check(&Case {
        wanted: Wanted { excluded_tunnels: tunnels, ..EVERYTHING },
        expression: "(tcp or udp or (ip6 proto 44)) and not (udp port 51820)",
        passing: &[WEB, WEB_V6, QUIC, SSH, OTHERS],
        stopped: &[TUNNEL, TUNNEL_BACK, TUNNEL_V6],
    });
}

#[test]
fn an_expression_of_the_users_changes_no_other_part() {
    for (text, expression, passing, stopped) in [
        (
            "port 443 or port 22",
            "(tcp or (ip6 proto 44)) and (port 443 or port 22)",
            &[WEB, WEB_V6, SSH][..],
            &[QUIC, TUNNEL][..],
        ),
        ("not port 22", "(tcp or (ip6 proto 44)) and not port 22", &[WEB, WEB_V6], &[SSH, QUIC, TUNNEL]),
        ("not port 443||udp", "(tcp or (ip6 proto 44)) and (not port 443||udp)", &[SSH], &[WEB, QUIC, TUNNEL]),
        ("not port 443\tor udp", "(tcp or (ip6 proto 44)) and (not port 443\tor udp)", &[SSH], &[WEB, QUIC, TUNNEL]),
        (" ", "tcp or (ip6 proto 44)", &[WEB, SSH], &[QUIC, TUNNEL]),
    ] {
        let wanted = Wanted { protocol: Protocol::Tcp, expression: Some(text), ..EVERYTHING };
        check(&Case { wanted, expression, passing, stopped });
    }
}

#[test]
fn texts_of_networks_and_tunnels() {
    for (text, expected) in [
        ("203.0.113.7", Ok("host 203.0.113.7")),
        ("2001:db8::/32", Ok("net 2001:db8::/32")),
        ("0.0.0.0/0", Ok("net 0.0.0.0/0")),
        ("203.0.113.7/24", Err(NetworkError::BitsBehindPrefix)),
        ("203.0.113.0/33", Err(NetworkError::Prefix(32))),
        ("::/129", Err(NetworkError::Prefix(128))),
        ("host.example", Err(NetworkError::Address)),
        ("", Err(NetworkError::Address)),
    ] {
        assert_eq!(text.parse::<Network>().map(|network| network.to_string()), expected.map(str::to_owned), "{text}");
    }
    for (text, expected) in [
        ("udp/1194", Some("udp port 1194")),
        ("TCP/443", Some("tcp port 443")),
        ("udp/0", None),
        ("443", None),
        ("sctp/1", None),
    ] {
        assert_eq!(text.parse::<Tunnel>().ok().map(|tunnel| tunnel.to_string()).as_deref(), expected, "{text}");
    }
}
