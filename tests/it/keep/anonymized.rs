//! Recording with pseudonyms: no address is left, and the analysis finds the same but for addresses.

use super::captures::{all, each, truth};
use super::plain::Plain;
use super::rewrite::{analysis_of, borrow, findings, kept, kept_anonymized, write};
use super::same::check_same;
use crate::support::Packet;
use analyzer_core::keep::{Keep, KeepError, Keeper};
use analyzer_core::record::{Pseudonymous, Pseudonyms};
use std::collections::BTreeSet;
use std::net::IpAddr;

const KEEPS: [Keep; 3] = [Keep::Headers, Keep::Names, Keep::Records];

fn pseudonyms() -> Pseudonyms {
    let key = "0123456789abcdeffedcba98765432101032547698badcfeefcdab8967452301";
    Pseudonyms::from_text(key).expect("a key")
}

fn address(octets: &[u8]) -> IpAddr {
    match <[u8; 4]>::try_from(octets) {
        Ok(octets) => octets.into(),
        Err(_) => <[u8; 16]>::try_from(octets).expect("4 or 16 octets").into(),
    }
}

#[test]
fn whole_packets_are_refused() {
    assert_eq!(Keeper::new(Keep::Full, Some(pseudonyms())).err(), Some(KeepError::FullAnonymized));
}

#[test]
fn the_same_objects_with_pseudonyms() {
    each(truth(), |name, packets| {
        let pseudonyms_ = pseudonyms();
        let mut expected = analysis_of("exchange", &kept(Keep::Records, &packets));
        let records = &mut expected.records;
        records.objects = records.objects.iter().map(|record| record.pseudonymised(&pseudonyms_)).collect();
        records.streams = records.streams.iter().map(|record| record.pseudonymised(&pseudonyms_)).collect();
        records.bins = records.bins.iter().map(|record| record.pseudonymised(&pseudonyms_)).collect();
        records.packets = records.packets.iter().map(|record| record.pseudonymised(&pseudonyms_)).collect();
        let found = analysis_of("exchange", &kept_anonymized(Keep::Records, pseudonyms(), &packets));
        check_same(name, &findings(&found), &findings(&expected));
    });
}

#[test]
fn packets_are_whole_but_for_addresses() {
    each(all(), |name, packets| {
        for keep in KEEPS {
            let without = kept(keep, &packets);
            let anonymized = kept_anonymized(keep, pseudonyms(), &packets);
            for (number, ((packet, without), kept)) in (1..).zip(packets.iter().zip(&without).zip(&anonymized)) {
                let what = format!("{name}, {keep}, packet {number}");
                assert!(kept.captured.len() <= without.captured.len(), "{what}: longer than without pseudonyms");
                if let Some(plain) = Plain::of(packet) {
                    check_packet(&what, &plain, packet, without, kept);
                }
            }
        }
    });
}

#[track_caller]
fn check_packet(what: &str, plain: &Plain, packet: &Packet, without: &Packet, kept: &Packet) {
    let header = &kept.captured[plain.ip_at..plain.transport_at];
    let (from, octets) = if plain.is_v4 { (12, 4) } else { (8, 16) };
    for (end, (original, _)) in plain.ends.iter().enumerate() {
        let written = &header[from + end * octets..][..octets];
        assert_eq!(address(written), pseudonyms_of(original), "{what}: a pseudonym of the key");
    }
    if plain.is_v4 {
        let words = header.chunks_exact(2).map(|word| u64::from(u16::from_be_bytes([word[0], word[1]])));
        assert_eq!(words.sum::<u64>() % 0xffff, 0, "{what}: IPv4's checksum is right");
        assert!(header[20..].iter().all(|byte| *byte == 0), "{what}: no options");
    }
    if packet.link_type == 1 {
        assert_eq!(kept.captured[..12], [0; 12], "{what}: no hardware addresses");
    }
    let checksum = plain.transport_at + if plain.is_tcp { 16 } else { 6 };
    assert_eq!(kept.captured[checksum..checksum + 2], [0, 0], "{what}: no checksum that tells addresses");
    if plain.ends.iter().any(|(_, port)| *port == 53) && !plain.is_tcp {
        // What is so damaged that it could be QUIC keeps its version.
        assert!(kept.captured.len() <= plain.payload.start + 5, "{what}: no DNS");
    } else if !plain.ends.iter().any(|(_, port)| *port == 53) {
        assert_eq!(kept.captured[plain.payload.start..], without.captured[plain.payload.start..], "{what}: payload");
    }
}

fn pseudonyms_of(original: &[u8]) -> IpAddr {
    thread_local!(static PSEUDONYMS: Pseudonyms = pseudonyms());
    PSEUDONYMS.with(|pseudonyms| pseudonyms.address(address(original)))
}

#[test]
fn no_address_is_left_anywhere() {
    let mut compared = 0;
    each(truth(), |name, packets| {
        let mut originals = BTreeSet::new();
        for plain in packets.iter().filter_map(Plain::of) {
            originals.extend(plain.ends.map(|(octets, _)| octets));
        }
        let file = write(&kept_anonymized(Keep::Records, pseudonyms(), &packets));
        for original in originals {
            let found = file.windows(original.len()).position(|bytes| bytes == original);
            assert_eq!(found, None, "{name}: {} is in the file", address(&original));
            compared += 1;
        }
    });
    assert!(compared > 31, "every capture has addresses");
}

/// Packets that could hold addresses elsewhere: what is left of each.
#[test]
fn other_places_of_addresses_are_cut_off() {
    let inner = ipv4(17, &[0; 8]);
    let icmp = ipv4(1, &[&[3, 1, 0, 0, 0, 0, 0, 0][..], &inner].concat());
    let tunnel = ipv4(4, &inner);
    let mut with_options = ipv4(17, &[0, 1, 0, 2, 0, 8, 0xab, 0xcd]);
    with_options.splice(20..20, [7, 7, 4, 10, 0, 0, 1, 0]);
    with_options[0] = 0x47;
    with_options[3] += 8;
    let multipath = tcp_options(&[2, 4, 5, 180, 30, 8, 0x34, 1, 10, 0, 0, 1, 1, 1, 1, 0]);
    let mut arp = vec![9; 12];
    arp.extend([8, 6]);
    arp.extend([10; 28]);
    for (name, link_type, bytes, expected_bytes, blank) in [
        ("an ICMP error quotes a packet", 101, icmp, 20, 0..0),
        ("a tunnel", 101, tunnel, 20, 0..0),
        ("IPv4 options: the recorded route", 101, with_options, 36, 20..28),
        ("multipath TCP's addresses", 101, multipath, 56, 0..0),
        ("ARP", 1, arp, 14, 0..12),
    ] {
        let packet = Packet { time_ns: 0, link_type, wire_bytes: bytes.len() as u32, captured: bytes };
        let mut keeper = Keeper::new(Keep::Records, Some(pseudonyms())).expect("not whole packets");
        let mut out = Vec::new();
        assert_eq!(keeper.append(&borrow(&packet), &mut out), expected_bytes, "{name}");
        assert!(out[blank].iter().all(|byte| *byte == 0), "{name}: {out:?}");
        assert!(!out.windows(4).any(|bytes| bytes == [10, 0, 0, 1]), "{name}: {out:?}");
    }
}

fn ipv4(protocol: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x45, 0, 0, (20 + body.len()) as u8, 0, 0, 0, 0, 64, protocol, 0, 0];
    packet.extend([10, 0, 0, 1, 10, 0, 0, 1]);
    packet.extend_from_slice(body);
    packet
}

fn tcp_options(options: &[u8]) -> Vec<u8> {
    let mut header = vec![0; 20];
    header[12] = (((20 + options.len()) / 4) << 4) as u8;
    header.extend_from_slice(options);
    ipv4(6, &header)
}
