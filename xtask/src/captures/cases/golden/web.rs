//! A browser and a server that speak HTTP/2 one response after another.

use super::conversation::{CLIENT_LEG_NS, Ends, MILLISECOND_NS, SECOND_NS, SERVER_LEG_NS, Side, TcpTalk, merged};
use super::random::Random;
use super::tls::{FULL_RECORD_BYTES, data_record, shake_hands};
use crate::captures::case::Case;
use crate::captures::packet::Packet;

/// The record of an HTTP/2 frame without content: 9 bytes of frame header and 17 of encryption.
const EMPTY_FRAME_RECORD_BYTES: usize = 26;

/// How many requests the browser sends at once, each time before it is silent again.
const REQUESTS_AT_ONCE: [usize; 5] = [1, 3, 1, 2, 4];

pub(super) fn case() -> Case {
    let recording = merged([
        connection(Ends::v4(51_001, 443), 0, "www.example.org", 1),
        connection(Ends::v6(51_002, 443), 400 * MILLISECOND_NS, "images.example.net", 2),
    ]);
    recording
        .case("golden_web.pcap.gz", "HTTP/2 over TLS: requests alone and at once; responses back to back")
        .made(
            "two connections; each 5 rounds of 1 3 1 2 4 requests (one record each) and as many responses (full \
             records of 16401 bytes and a short last one) within a packet's time of each other; 22 responses in all",
        )
        .gzipped()
}

fn connection(ends: Ends, after_ns: i64, server_name: &str, seed: u64) -> Vec<Packet> {
    let mut random = Random::seeded(seed);
    let mut talk = TcpTalk::open(ends, after_ns);
    shake_hands(&mut talk, server_name);
    // The connection preface with the client's SETTINGS, the server's SETTINGS, and the client's SETTINGS ACK.
    talk.send(Side::Client, &data_record(94));
    talk.pause(SERVER_LEG_NS);
    talk.send(Side::Server, &[data_record(62), data_record(EMPTY_FRAME_RECORD_BYTES)].concat());
    talk.pause(CLIENT_LEG_NS);
    talk.send(Side::Client, &data_record(EMPTY_FRAME_RECORD_BYTES));
    for requests in REQUESTS_AT_ONCE {
        talk.pause(random.between(700, 2_500) as i64 * MILLISECOND_NS);
        for _ in 0..requests {
            talk.send(Side::Client, &data_record(random.between(45, 70)));
        }
        talk.pause(SERVER_LEG_NS + random.between(1, 9) as i64 * MILLISECOND_NS);
        let responses: Vec<u8> = (0..requests).flat_map(|_| response(&mut random)).collect();
        talk.send(Side::Server, &responses);
        talk.pause(CLIENT_LEG_NS);
    }
    talk.pause(SECOND_NS);
    talk.close();
    talk.packets
}

/// HEADERS share the first record; only the last one is shorter than full, and too long for a HEADERS frame alone.
fn response(random: &mut Random) -> Vec<u8> {
    let full_records = random.between(0, 3);
    let last = data_record(random.between(400, FULL_RECORD_BYTES - 1));
    [data_record(FULL_RECORD_BYTES).repeat(full_records), last].concat()
}
