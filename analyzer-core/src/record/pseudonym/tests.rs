//! Pseudonyms: published vectors, prefixes, keys, and what becomes of records and manifests.

use super::*;
use crate::config::{ClientNetwork, Config};
use crate::decode::Transport;
use crate::flow::{ClientSource, Direction};
use crate::name::Naming;
use crate::object::EndReason;
use crate::record::{Context, DirectionRecord, Kind, Record};
use crate::sink::NullSink;
use crate::sink::ndjson::NdjsonEncoder;
use crate::summary::{Distributions, Summary};
use crate::time::Timestamp;
use crate::{Analyzer, Reading, Totals};
use std::net::{Ipv4Addr, Ipv6Addr};
use twox_hash::XxHash3_128;

const KEY: &str = "0123456789abcdeffedcba98765432101032547698badcfeefcdab8967452301";
const OTHER_KEY: &str = "2b7e151628aed2a6abf7158809cf4f3ca9f5ba40db214c3798f2e1c23456789a";

fn pseudonyms(key: &str) -> Pseudonyms {
    Pseudonyms::from_text(key).expect("a key")
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// Random bits that are the same in every run.
fn random(seed: u64) -> u128 {
    XxHash3_128::oneshot(&seed.to_le_bytes())
}

/// The test vectors of draft-denis-ipcrypt for ipcrypt-pfx.
#[test]
fn addresses_become_what_was_published() {
    for (key, address, expected) in [
        (KEY, "0.0.0.0", "151.82.155.134"),
        (KEY, "255.255.255.255", "94.185.169.89"),
        (KEY, "192.0.2.1", "100.115.72.131"),
        (KEY, "2001:db8::1", "c180:5dd4:2587:3524:30ab:fa65:6ab6:f88"),
        (OTHER_KEY, "10.0.0.47", "19.214.210.244"),
        (OTHER_KEY, "10.0.0.129", "19.214.210.80"),
        (OTHER_KEY, "172.16.5.193", "210.78.229.136"),
        (OTHER_KEY, "172.16.97.42", "210.78.179.241"),
        (OTHER_KEY, "2001:db8::a5c9:4e2f:bb91:5a7d", "7cec:702c:1243:f70:1956:125:b9bd:1aba"),
        (OTHER_KEY, "2001:db8:3a5c::e7d1:4b9f:2c8a:f673", "7cec:702c:3503:bef:e616:96bd:be33:a9b9"),
    ] {
        let pseudonyms = pseudonyms(key);
        // The second time it is remembered.
        for _ in 0..2 {
            assert_eq!(pseudonyms.address(ip(address)), ip(expected), "{address}");
        }
    }
}

/// Bits that two addresses of one family share.
fn shared_bits(one: IpAddr, other: IpAddr) -> u32 {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        _ => panic!("{one} and {other} are of two families"),
    }
}

/// Two random addresses that share exactly so many bits.
fn pair(is_v4: bool, shared: u32, seed: u64) -> [IpAddr; 2] {
    let (first, tail) = (random(seed), random(!seed));
    let flip = u128::MAX.checked_shr(shared + 1).unwrap_or(0);
    let second = (first ^ (1_u128 << 127).checked_shr(shared).unwrap_or(0)) & !flip | tail & flip;
    [first, second].map(|bits| match is_v4 {
        true => Ipv4Addr::from_bits((bits >> 96) as u32).into(),
        false => Ipv6Addr::from_bits(bits).into(),
    })
}

#[test]
fn pseudonyms_share_as_many_bits_as_their_addresses() {
    let pseudonyms = pseudonyms(KEY);
    for (is_v4, bits) in [(true, 32), (false, 128)] {
        for shared in 0..=bits {
            for seed in 0..4 {
                let [one, other] = pair(is_v4, shared, u64::from(shared) << 8 | seed);
                assert_eq!(shared_bits(one, other), shared.min(bits));
                let [pseudonym, its_neighbour] = [one, other].map(|address| pseudonyms.address(address));
                assert_eq!(shared_bits(pseudonym, its_neighbour), shared, "{one} and {other}");
            }
        }
    }
}

#[test]
fn families_stay_apart() {
    let pseudonyms = pseudonyms(KEY);
    for address in ["::ffff:192.0.2.1", "::", "64:ff9b::192.0.2.1"] {
        assert!(pseudonyms.address(ip(address)).is_ipv6(), "{address}");
    }
    // The address whose pseudonym is a mapped IPv4 address.
    let target = ip("::ffff:192.0.2.1");
    let address = pseudonyms.cipher.decrypt_ipaddr(target);
    assert!(address.is_ipv6());
    assert_eq!(pseudonyms.address(address), target);
}

#[test]
fn forgetting_changes_nothing() {
    let pseudonyms = pseudonyms(KEY);
    let before = pseudonyms.address(ip("10.8.0.2"));
    let filler = ip("0.0.0.0");
    pseudonyms.known.borrow_mut().extend((0..MOST_KNOWN as u32).map(|bits| (Ipv4Addr::from_bits(bits).into(), filler)));
    let _ = pseudonyms.address(ip("203.0.113.9"));
    assert_eq!(pseudonyms.known.borrow().len(), 1);
    assert_eq!(pseudonyms.address(ip("10.8.0.2")), before);
}

#[test]
fn keys_are_checked_and_never_told() {
    let spaced = format!("  {}\r\n", KEY.to_uppercase());
    let halves = KEY[..32].repeat(2);
    for (text, expected) in [
        (KEY, Ok("7efca6e2")),
        (spaced.as_str(), Ok("7efca6e2")),
        (OTHER_KEY, Ok("51603b3e")),
        ("", Err("has 64 hexadecimal digits, and this one has 0 characters")),
        (&KEY[1..], Err("this one has 63 characters")),
        (&KEY.replace('f', "é"), Err("character 16 of the key for pseudonyms is no hexadecimal digit")),
        (&KEY.replacen('0', "+", 1), Err("character 1 of the key")),
        (&halves, Err("halves of the key for pseudonyms are the same: take 64 random digits")),
    ] {
        match (Pseudonyms::from_text(text), expected) {
            (Ok(pseudonyms), Ok(key_id)) => {
                assert_eq!(pseudonyms.key_id(), key_id);
                assert_eq!(format!("{pseudonyms:?}"), format!("Pseudonyms {{ key_id: \"{key_id}\", .. }}"));
            }
            (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
            (found, expected) => panic!("{found:?} is not {expected:?}"),
        }
    }
}

fn identity(client: &str, server: &str) -> StreamIdentity {
    let client = Endpoint { ip: ip(client), port: 50_000 };
    StreamIdentity {
        id: 17,
        transport: Transport::Tcp,
        client,
        server: Endpoint { ip: ip(server), port: 443 },
        naming: Naming::NONE,
    }
}

fn line<R: Record>(record: &R) -> String {
    let context = Context::new("00aa".to_owned(), "phone".to_owned(), "00bb".to_owned(), "exchange");
    let mut line = Vec::new();
    NdjsonEncoder::new().encode(record, &context, &mut line);
    String::from_utf8(line).expect("text")
}

/// A pseudonymised record is the record of a capture in which the pseudonyms were the addresses.
fn check<R: Record + fmt::Debug + PartialEq>(pseudonymise: impl Fn(&R) -> R, of: impl Fn(StreamIdentity) -> R) {
    let (record, expected) =
        (of(identity("10.0.0.47", "172.16.5.193")), of(identity("19.214.210.244", "210.78.229.136")));
    let found = pseudonymise(&record);
    assert_eq!(found, expected);
    assert_eq!(line(&found), line(&expected));
    let mut names = [Vec::new(), Vec::new()];
    record.put_ordinal(&mut names[0]);
    found.put_ordinal(&mut names[1]);
    assert_eq!(names[0], names[1]);
}

fn stream(stream: StreamIdentity) -> StreamRecord {
    StreamRecord {
        stream,
        client_source: ClientSource::Syn,
        start: Timestamp::from_nanos(1),
        end: Timestamp::from_nanos(2),
        end_reason: EndReason::Closed,
        client_rtt_ns: Some(1),
        server_rtt_ns: None,
        up: DirectionRecord { packets: 7, ..DirectionRecord::default() },
        down: DirectionRecord { objects: 2, ..DirectionRecord::default() },
    }
}

#[test]
fn only_the_addresses_of_records_change() {
    let pseudonyms = pseudonyms(OTHER_KEY);
    let (start, end) =
        (Timestamp::from_nanos(1_583_056_800_100_000_000), Timestamp::from_nanos(1_583_056_801_000_000_001));
    check(
        |object: &ObjectRecord| object.pseudonymised(&pseudonyms),
        |stream| ObjectRecord {
            stream,
            direction: Direction::Down,
            index: 3,
            start,
            end,
            payload_bytes: 1_380,
            retransmitted_bytes: 20,
            ip_bytes: 1_420,
            packets: 1,
            gap_before_ns: Some(5),
            end_reason: EndReason::Reply,
            multiplexed: true,
        },
    );
    check(|stream: &StreamRecord| stream.pseudonymised(&pseudonyms), stream);
    check(
        |bin: &BinRecord| bin.pseudonymised(&pseudonyms),
        |stream| BinRecord {
            stream,
            direction: Direction::Up,
            start,
            payload_bytes: 1,
            retransmitted_bytes: 2,
            ip_bytes: 3,
            packets: 4,
        },
    );
    check(
        |packet: &PacketRecord| packet.pseudonymised(&pseudonyms),
        |stream| PacketRecord {
            stream,
            direction: Direction::Up,
            number: 18,
            timestamp: end,
            ip_bytes: 60,
            payload_bytes: 20,
            retransmitted_bytes: 10,
            gap_ns: None,
            tcp_flags: None,
            payload_offset: Some(9),
            object_index: Some(1),
            previous_object_bytes: 3,
        },
    );
}

#[test]
fn networks_of_clients_hold_the_pseudonyms_of_their_addresses() {
    let pseudonyms = pseudonyms(OTHER_KEY);
    for (network, expected, inside, outside) in [
        ("10.0.0.47", "19.214.210.244/32", "10.0.0.47", "10.0.0.46"),
        // Bits beyond the prefix are none of the network's.
        ("10.0.0.47/24", "19.214.210.0/24", "10.0.0.129", "10.0.1.129"),
        ("10.0.0.0/24", "19.214.210.0/24", "10.0.0.255", "10.0.8.1"),
        ("172.16.0.0/16", "210.78.0.0/16", "172.16.97.42", "172.17.97.42"),
        ("0.0.0.0/0", "0.0.0.0/0", "10.0.0.1", "::1"),
        ("2001:db8::/64", "7cec:702c:1243:f70::/64", "2001:db8::a5c9:4e2f:bb91:5a7d", "2001:db8:0:1::1"),
        ("::/0", "::/0", "2001:db8::1", "10.0.0.1"),
    ] {
        let network: ClientNetwork = network.parse().expect("a network");
        let found = network.pseudonymised(&pseudonyms);
        assert_eq!(found.to_string(), expected);
        for (address, is_inside) in [(inside, true), (outside, false)] {
            assert_eq!(network.contains(ip(address)), is_inside, "{network} {address}");
            assert_eq!(found.contains(pseudonyms.address(ip(address))), is_inside, "{network} {address}");
        }
    }
}

#[test]
fn the_summary_tells_servers_by_their_pseudonyms() {
    let servers = |addresses: [&str; 2]| {
        let mut summary = Summary::default();
        for (at, server) in addresses.into_iter().enumerate() {
            let down = DirectionRecord { objects: 1, payload_bytes: 9 - at as u64, ..DirectionRecord::default() };
            summary.add(&StreamRecord { down, ..stream(identity("10.0.0.1", server)) }, &Distributions::default());
        }
        summary
    };
    let found = servers(["10.0.0.47", "172.16.5.193"]).pseudonymised(&pseudonyms(OTHER_KEY)).servers(9);
    assert_eq!(found, servers(["19.214.210.244", "210.78.229.136"]).servers(9));
    assert_eq!(found.len(), 2);
}

fn totals(clients: &[&str]) -> Totals {
    let clients = clients.iter().map(|text| text.parse().expect("a network")).collect();
    let mut analyzer = Analyzer::new(Config { clients, ..Config::default() }).expect("a configuration");
    analyzer.begin_input("phone.pcap");
    analyzer.finish(&mut NullSink)
}

#[test]
fn a_pseudonymised_analysis_is_another_analysis() {
    let real = totals(&["10.0.0.0/24", "2001:db8::/64"]);
    let manifest = |totals: &Totals| totals.manifest("sniffit", "phone", &Reading::default(), &Kind::ALL);
    let mut ids = vec![real.analysis_id.clone()];
    for key in [KEY, OTHER_KEY] {
        let pseudonyms = pseudonyms(key);
        let other = real.pseudonymised(&pseudonyms);
        let again = real.pseudonymised(&pseudonyms);
        assert_eq!(manifest(&other), manifest(&again));
        assert_eq!(other.context("phone").analysis_id, other.analysis_id);
        ids.push(other.analysis_id.clone());
        let mut expected = manifest(&real);
        expected.analysis_id.clone_from(&other.analysis_id);
        expected.options.insert("pseudonyms".to_owned(), pseudonyms.key_id().to_owned());
        let clients = expected.options.insert("client".to_owned(), manifest(&other).options["client"].clone());
        assert_eq!(clients.as_deref(), Some("10.0.0.0/24,2001:db8::/64"));
        assert_eq!(manifest(&other), expected);
    }
    assert_eq!(
        manifest(&real.pseudonymised(&pseudonyms(OTHER_KEY))).options["client"],
        "19.214.210.0/24,7cec:702c:1243:f70::/64"
    );
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    // Without pseudonyms nothing of them is told, and ids are what they were before there were any.
    assert!(!manifest(&real).options.contains_key("pseudonyms"));
}
