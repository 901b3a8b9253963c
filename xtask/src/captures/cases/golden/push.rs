//! A server that sends small messages nobody asked for.

use super::conversation::{CLIENT_LEG_NS, Ends, SECOND_NS, Side, TcpTalk, merged};
use super::random::Random;
use super::tls::{data_record, shake_hands};
use crate::captures::case::Case;
use crate::captures::packet::Packet;

const MESSAGES: usize = 20;

pub(super) fn case() -> Case {
    merged([
        connection(Ends::v4(52_001, 443), 0, "push.example.org", 3),
        connection(Ends::v6(52_002, 443), SECOND_NS, "chat.example.net", 4),
    ])
    .case("golden_push.pcap", "A small message from the server every 2 s over TLS; the client only acknowledges")
    .made("two connections; on each 20 messages of one record of 60 to 400 bytes")
}

fn connection(ends: Ends, after_ns: i64, server_name: &str, seed: u64) -> Vec<Packet> {
    let mut random = Random::seeded(seed);
    let mut talk = TcpTalk::open(ends, after_ns);
    shake_hands(&mut talk, server_name);
    for _ in 0..MESSAGES {
        talk.pause(2 * SECOND_NS);
        talk.send(Side::Server, &data_record(random.between(60, 400)));
    }
    talk.pause(CLIENT_LEG_NS);
    talk.close();
    talk.packets
}
