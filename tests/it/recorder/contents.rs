//! What is written is what the core keeps of whole packets, to the last byte, and gives the same objects.
//!
//! What the core keeps, and that it is enough, is proved in `keep`; here that the recorder writes just that.

use crate::keep::plain::with_ciphertext;
use crate::keep::rewrite::{analysis_of, findings, kept, readable_packets};
use crate::support::cable::{Cable, Ended};
use crate::support::frames::{frame, tcp, udp, udp_frames};
use crate::support::{Packet, captures, packets_of, read_capture};
use analyzer_core::keep::Keep;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// HTTP/1.1, HTTP/2 behind nginx, and HTTP/3.
const REPLAYED: [&str; 3] = ["real/chat-nginx", "real/maps-node-h2", "lab/web-h1"];

#[test]
fn truth_captures_give_the_same_objects_when_they_are_recorded() {
    let Some(cable) = Cable::new() else { return };
    for name in REPLAYED {
        let capture = captures("truth").join(format!("{name}.pcap.gz"));
        // The payload of these captures is zeros; here it is to look like what it was.
        let packets = with_ciphertext(&on_ethernet(readable_packets(&read_capture(&capture))));
        let modes = [Keep::Full, Keep::Records, Keep::Names, Keep::Headers];
        let recordings = modes.map(|keep| cable.record(&["--keep", keep.as_str(), "--ring", "64MiB"]));
        cable.send(&packets, "--pps=6000");
        let [full, others @ ..] = recordings.map(|recording| {
            let ended = recording.stop();
            assert_eq!(ended.code, Some(0), "{name}: {}", ended.said);
            recorded(&ended)
        });
        assert!(full.len() > 500, "{name}: {}", full.len());
        for (keep, others) in modes[1..].iter().zip(others) {
            check(&format!("{name}, {keep}"), *keep, &full, &others);
        }
    }
}

fn recorded(ended: &Ended) -> Vec<Packet> {
    let packets = ended.packets();
    assert_eq!(packets.len() as u64, ended.account().written);
    packets
}

/// A cable carries Ethernet.
fn on_ethernet(mut packets: Vec<Packet>) -> Vec<Packet> {
    for packet in &mut packets {
        if packet.link_type == 101 {
            let version = packet.captured[0] >> 4;
            let mut header = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
            header.extend(if version == 4 { [8, 0] } else { [0x86, 0xdd] });
            packet.captured.splice(0..0, header);
            packet.wire_bytes += 14;
            packet.link_type = 1;
        }
    }
    packets
}

/// What was recorded with a mode, beside whole packets of another recorder at the same time.
#[track_caller]
pub(crate) fn check(what: &str, keep: Keep, full: &[Packet], found: &[Packet]) {
    assert_eq!(found.len(), full.len(), "{what}");
    // Each socket may have a time of its own for a packet, and the analysis is to see the same.
    let found: Vec<Packet> =
        found.iter().zip(full).map(|(found, full)| Packet { time_ns: full.time_ns, ..found.clone() }).collect();
    let expected = kept(keep, full);
    for (number, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert_eq!(found, expected, "{what}: packet {number}");
    }
    let (method, whole) = match keep {
        Keep::Headers => ("exchange-headers", "exchange-headers"),
        _ => ("exchange", "exchange"),
    };
    if keep != Keep::Names {
        let objects = |method: &str, packets: &[Packet]| {
            let analysis = analysis_of(method, packets);
            assert!(!analysis.records.objects.is_empty(), "{what}");
            findings(&analysis)
        };
        assert_eq!(objects(method, &found), objects(whole, full), "{what}");
    }
}

const CANARY: &[u8] = b"canary-4711-canary";

/// Marked payload of all kinds: none of it is written.
#[test]
fn payload_never_reaches_the_disk() {
    let Some(cable) = Cable::new() else { return };
    let (client, server) = ([198, 51, 100, 7], [192, 0, 2, 80]);
    let text = CANARY.repeat(20);
    let quoted = [&[3, 3, 0, 0, 0, 0, 0, 0][..], &frame(17, client, server, &udp(9, 9, &text)).captured[14..]].concat();
    let record = [&[23, 3, 3, (text.len() >> 8) as u8, text.len() as u8][..], &text].concat();
    let packets: Vec<Packet> = (0..40)
        .flat_map(|turn| {
            let port = 40_000 + turn;
            [
                frame(6, client, server, &tcp(port, 80, 1, &text)),
                frame(6, client, server, &tcp(port, 443, 1, &record)),
                frame(17, client, server, &udp(port, 443, &text)),
                frame(17, client, server, &udp(port, 4000, &text)),
                frame(1, client, server, &[&[8, 0, 0, 0, 0, 0, 0, 0][..], &text].concat()),
                frame(1, server, client, &quoted),
                frame(47, client, server, &[&[0, 0, 0x12, 0x34][..], &text].concat()),
                frame(50, client, server, &text),
            ]
        })
        .collect();
    for keep in ["headers", "names", "records"] {
        let recording = cable.record(&["--keep", keep]);
        cable.send(&packets, "--topspeed");
        let ended = recording.stop();
        assert_eq!(ended.account().written, 160, "TCP and UDP: {}", ended.said);
        let file = fs::read(&ended.files(".pcap")[0]).expect("a file");
        let found = file.windows(CANARY.len()).position(|window| window == CANARY);
        assert_eq!(found, None, "{keep}");
    }
    // The test would see it.
    let recording = cable.record(&["--keep", "full"]);
    cable.send(&packets, "--topspeed");
    let file = fs::read(&recording.stop().files(".pcap")[0]).expect("a file");
    assert!(file.windows(CANARY.len()).any(|window| window == CANARY));
}

#[test]
fn addresses_are_replaced_by_those_of_a_key_that_nobody_else_can_read() {
    let Some(cable) = Cable::new() else { return };
    let key = cable.folder().join("key");
    let options = ["--keep", "headers", "--anonymize", key.to_str().expect("text")];
    let packets = udp_frames(50, 100);
    let runs = [0, 1].map(|_| {
        let recording = cable.record(&options);
        cable.send(&packets, "--topspeed");
        recording.stop()
    });
    assert_eq!(fs::metadata(&key).expect("a key").permissions().mode() & 0o777, 0o600);
    let secret = fs::read_to_string(&key).expect("a key");
    for ended in &runs {
        assert!(!ended.said.contains(secret.trim()) && !ended.sidecars()[0].contains(secret.trim()));
        assert!(ended.sidecars()[0].contains("key_id"), "{}", ended.sidecars()[0]);
        let file = fs::read(&ended.files(".pcap")[0]).expect("a file");
        for address in [[198, 51, 100, 7], [192, 0, 2, 80]] {
            assert!(!file.windows(4).any(|window| window == address), "{address:?}");
        }
        let recorded = packets_of(&file);
        assert!(recorded.iter().all(|packet| packet.captured[..12] == [0; 12]), "hardware addresses");
        assert_eq!(recorded.len(), 50);
    }
    let addresses =
        |ended: &Ended| ended.packets().iter().map(|packet| packet.captured[26..34].to_vec()).collect::<Vec<_>>();
    assert_eq!(addresses(&runs[0]), addresses(&runs[1]), "the same key, the same pseudonyms");
}

#[test]
fn pcapng_holds_the_same_packets_and_the_counters() {
    let Some(cable) = Cable::new() else { return };
    let recordings = ["pcap", "pcapng"].map(|format| cable.record(&["--keep", "full", "--format", format]));
    cable.send(&udp_frames(300, 33), "--topspeed");
    let [pcap, pcapng] = recordings.map(crate::support::cable::Recording::stop);
    let bytes = |packets: Vec<Packet>| packets.into_iter().map(|packet| packet.captured).collect::<Vec<_>>();
    let file = read_capture(&pcapng.files(".pcapng")[0]);
    assert_eq!(bytes(packets_of(&file)), bytes(pcap.packets()));
    // isb_ifrecv (option 4, 8 bytes) of the last block: 300.
    let received = [&[4, 0, 8, 0][..], &300_u64.to_le_bytes()].concat();
    assert!(file.windows(received.len()).any(|window| window == received));
}
