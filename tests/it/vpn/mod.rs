//! A real VPN from end to end: a phone fetches known things through it, its server records, and the analysis finds them.
//!
//! In: OpenVPN and WireGuard (wireguard-go), over a switch of network namespaces. Out: recordings of the tunnel and of the outer
//! interface at the same time. Needs root and the programs; elsewhere the tests say that they are skipped.

mod network;
mod web;

use crate::recorder::contents::check;
use crate::support::cable::{Ended, Recording, record, spawn};
use crate::support::{Packet, packets_of, read_capture, recorder, sniffit};
use analyzer_core::keep::Keep;
use network::{ADMIN, Kind, Network, OTHER, VPS, VPS_V6, WEB, WEB_V6};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::net::IpAddr;
use std::path::Path;
use web::{Fetched, Web};

#[test]
fn openvpn() {
    check_vpn(Kind::OpenVpn);
}

#[test]
fn wireguard() {
    check_vpn(Kind::WireGuard);
}

fn check_vpn(kind: Kind) {
    let Some(network) = Network::new(kind) else { return };
    let Some(web) = Web::start(&network) else { return };
    let folder = network.folder("captures");
    let variables = folder.join("vps.env");
    fs::write(&variables, network.variables()).expect("written");
    let both = both_interfaces(&network, &folder, &variables);
    // At the same time, what the smaller recordings are compared with.
    let modes = [Keep::Full, Keep::Records, Keep::Headers];
    let others = modes
        .map(|keep| record(&network.vps, network.tunnel(), &network.folder(keep.as_str()), &["--keep", keep.as_str()]));

    let fetched = web.fetch_all(&network);
    network.administer();
    network.visit_from_another_client();

    let both = both.stop();
    assert_eq!(both.code, Some(0), "{}", both.said);
    let outer = packets(&both, "-eth0-");
    let inner = packets(&both, &format!("-{}-", network.tunnel()));
    // TCP payload is the same to the byte, and so is how many packets carried it.
    assert_eq!(tcp_payload(&inner), tcp_payload(&outer), "{}", both.said);
    assert!(tcp_payload(&inner).1 > fetched.iter().map(|one| one.down_bytes).sum::<u64>());
    check_addresses(&inner, &outer, &network);
    check_objects(&both, &network, &fetched);

    let [full, records, headers] = others.map(|recording| {
        let ended = recording.stop();
        assert_eq!(ended.code, Some(0), "{}", ended.said);
        ended.packets()
    });
    check("a real download, records", Keep::Records, &full, &records);
    check("a real download, headers", Keep::Headers, &full, &headers);
}

/// One recorder of both, with the variables of the outer interface.
fn both_interfaces(network: &Network, folder: &Path, variables: &Path) -> Recording {
    let any = network.vps.command(recorder()).args(["-i", "any"]).output().expect("it starts");
    assert_eq!(any.status.code(), Some(1), "`any` would be every packet two or three times");
    let mut command = network.vps.command(recorder());
    command.args(["--quiet", "--keep", "full", "-i", network.tunnel(), "-i", "eth0", "--env-file"]).arg(variables);
    command.arg("--output").arg(folder.join("x"));
    let recording = spawn(command, folder);
    recording.until("both are recorded", |said| said.matches(", files ").count() == 2);
    recording
}

fn packets(ended: &Ended, interface: &str) -> Vec<Packet> {
    let files = ended.files(".pcap").into_iter().filter(|path| path.to_string_lossy().contains(interface));
    files.flat_map(|path| packets_of(&read_capture(&path))).collect()
}

/// The bytes from the IP header on.
fn ip(packet: &Packet) -> &[u8] {
    if packet.link_type == 1 { &packet.captured[14..] } else { &packet.captured }
}

/// Source, destination, protocol and what follows the header, of packets without extension headers.
fn parsed(packet: &Packet) -> (IpAddr, IpAddr, u8, &[u8]) {
    let bytes = ip(packet);
    let v6 = |at: usize| IpAddr::from(<[u8; 16]>::try_from(&bytes[at..at + 16]).expect("16 bytes"));
    let v4 = |at: usize| IpAddr::from(<[u8; 4]>::try_from(&bytes[at..at + 4]).expect("4 bytes"));
    if bytes[0] >> 4 == 4 {
        let length = usize::from(u16::from_be_bytes([bytes[2], bytes[3]]));
        (v4(12), v4(16), bytes[9], &bytes[20..length])
    } else {
        let length = usize::from(u16::from_be_bytes([bytes[4], bytes[5]]));
        (v6(8), v6(24), bytes[6], &bytes[40..40 + length])
    }
}

/// Packets with TCP payload, and its bytes.
fn tcp_payload(packets: &[Packet]) -> (u64, u64) {
    packets.iter().map(parsed).filter(|(_, _, protocol, _)| *protocol == 6).fold((0, 0), |(count, sum), (.., body)| {
        let payload = (body.len() - usize::from(body[12] >> 4) * 4) as u64;
        (count + u64::from(payload > 0), sum + payload)
    })
}

/// Inside, the phone by its own address; outside, neither the tunnel nor the administrator nor others.
fn check_addresses(inner: &[Packet], outer: &[Packet], network: &Network) {
    let address = |text: &str| text.parse::<IpAddr>().expect(text);
    let phone = network.phone_inside().map(address);
    for (source, destination, ..) in inner.iter().map(parsed) {
        assert!(phone.contains(&source) || phone.contains(&destination), "{source} {destination}");
    }
    assert!(phone.iter().all(|phone| inner.iter().map(parsed).any(|(source, ..)| source == *phone)), "both versions");
    let (vps, web) = ([VPS, VPS_V6].map(address), [WEB, WEB_V6].map(address));
    for (source, destination, protocol, _) in outer.iter().map(parsed) {
        let is_web = |one: &IpAddr, other: &IpAddr| vps.contains(one) && web.contains(other);
        assert!(is_web(&source, &destination) || is_web(&destination, &source), "{source} {destination}");
        assert_eq!(protocol, 6, "{}", network.tunnel());
    }
    for left_out in [ADMIN, OTHER, network.phone_outside()].map(address) {
        let all = outer.iter().map(parsed);
        assert!(!{ all }.any(|(source, destination, ..)| source == left_out || destination == left_out), "{left_out}");
    }
}

/// The objects of each connection, in the analysis of the tunnel's files.
fn check_objects(both: &Ended, network: &Network, fetched: &[Fetched]) {
    let files: Vec<_> =
        both.files(".pcap").into_iter().filter(|path| path.to_string_lossy().contains(network.tunnel())).collect();
    let results = network.folder("results");
    let mut arguments =
        vec!["analyze".into(), "--force".into(), "-q".into(), "-o".into(), results.clone().into_os_string()];
    arguments.extend(files.into_iter().map(std::path::PathBuf::into_os_string));
    sniffit(arguments).expect(0);
    // By the server's address and port and the stream, in the order of the streams.
    let mut found: BTreeMap<u64, (String, u64, Vec<u64>, u64)> = BTreeMap::new();
    for line in fs::read_to_string(results.join("objects.ndjson")).expect("objects").lines() {
        let object: Value = serde_json::from_str(line).expect("JSON");
        let number = |pointer: &str| object.pointer(pointer).and_then(Value::as_u64).expect(pointer);
        let stream: u64 = object["sniffit"]["stream"]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let server = object["server"]["ip"].as_str().expect("an address").to_owned();
        let stream = found.entry(stream).or_insert_with(|| (server, number("/server/port"), Vec::new(), 0));
        let bytes = number("/sniffit/payload_bytes");
        if object["sniffit"]["direction"] == "down" { stream.2.push(bytes) } else { stream.3 += bytes }
    }
    let found: Vec<_> = found.into_values().collect();
    assert_eq!(found.len(), fetched.len(), "{found:?}");
    for (one, (server, port, down, up)) in fetched.iter().zip(&found) {
        let what = format!("{}: {down:?}", one.what);
        assert_eq!((server.as_str(), *port), (one.server, u64::from(one.port)), "{what}");
        assert_eq!((down.iter().sum::<u64>(), *up), (one.down_bytes, one.up_bytes), "{what}: bytes on the wire");
        // Each answer alone, where its bytes on the wire are known.
        if let Some(answers) = &one.answers {
            assert_eq!(down, answers, "{what}");
        } else {
            // Handshake and answers; with HTTP/2 at least as many objects as there were answers.
            assert!(down.len() >= one.least_objects, "{what}");
        }
    }
}
