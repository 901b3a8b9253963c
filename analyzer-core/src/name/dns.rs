//! Answers of the Domain Name System to names and addresses (RFC 1035, RFC 3596).
//!
//! In: a message as a datagram or TCP carries it, possibly cut. Out: each address that it gives for the name that was asked for,
//! with aliases (CNAME) followed. Guaranteed: records that the question does not lead to are left out; no bytes make it
//! panic; what stands before the cut is read.

use super::text::host_name;
use simple_dns::rdata::RData;
use simple_dns::{Name, Packet, PacketFlag, RCODE};
use std::net::IpAddr;

/// Servers answer from here.
pub(crate) const DNS_PORT: u16 = 53;
const HEADER_BYTES: usize = 12;
/// Chains of aliases are shorter; and no more of a message's records are read.
const MOST_ALIASES: usize = 16;
const MOST_RECORDS: u16 = 256;

/// Calls `each` with the name that was asked for and every address that it has by this message.
pub fn answers(message: &[u8], mut each: impl FnMut(&str, IpAddr)) {
    // Questions and errors are half of all messages, and told by the third and fourth byte.
    let Some([_, _, 0x80..=0xff, flags, ..]) = message.first_chunk::<HEADER_BYTES>() else { return };
    if flags & 0x0f != 0 {
        return;
    }
    let mut bytes = message.to_vec();
    // Name servers and additional records are of no use, and would be parsed as well.
    bytes[8..HEADER_BYTES].fill(0);
    let told = u16::from_be_bytes([bytes[6], bytes[7]]).min(MOST_RECORDS);
    let Some(records) = readable_records(&mut bytes, told) else { return };
    bytes[6..8].copy_from_slice(&records.to_be_bytes());
    let Ok(packet) = Packet::parse(&bytes) else { return };
    if !packet.has_flags(PacketFlag::RESPONSE) || packet.rcode() != RCODE::NoError {
        return;
    }
    let [question] = packet.questions.as_slice() else { return };
    let Some(asked) = text(&question.qname) else { return };
    let mut reached: Vec<&Name<'_>> = vec![&question.qname];
    // Aliases may stand in any order, so each round follows one link.
    while reached.len() < MOST_ALIASES {
        let next = packet.answers.iter().find_map(|record| match &record.rdata {
            RData::CNAME(alias) if is_in(&reached, &record.name) && !is_in(&reached, &alias.0) => Some(&alias.0),
            _ => None,
        });
        let Some(alias) = next else { break };
        reached.push(alias);
    }
    for record in packet.answers.iter().filter(|record| is_in(&reached, &record.name)) {
        match &record.rdata {
            RData::A(address) => each(&asked, IpAddr::V4(address.address.into())),
            RData::AAAA(address) => each(&asked, IpAddr::V6(address.address.into())),
            _ => {}
        }
    }
}

/// How many of the records can be read: all, or those before the place where the message was cut.
fn readable_records(bytes: &mut [u8], told: u16) -> Option<u16> {
    let mut reads = |records: u16| {
        bytes[6..8].copy_from_slice(&records.to_be_bytes());
        Packet::parse(bytes).is_ok()
    };
    if reads(told) {
        return Some(told);
    }
    // Records before a readable one are readable, so the border is found by halves.
    let (mut readable, mut unreadable) = (0, told);
    while unreadable - readable > 1 {
        let middle = readable + (unreadable - readable) / 2;
        if reads(middle) {
            readable = middle;
        } else {
            unreadable = middle;
        }
    }
    (readable > 0).then_some(readable)
}

/// Names are the same in any case (RFC 4343).
fn is_in(names: &[&Name<'_>], name: &Name<'_>) -> bool {
    let is_same = |other: &Name<'_>| {
        let (mut ours, mut theirs) = (other.as_bytes(), name.as_bytes());
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(ours), Some(theirs)) if ours.eq_ignore_ascii_case(theirs) => {}
                _ => return false,
            }
        }
    };
    names.iter().any(|other| is_same(other))
}

fn text(name: &Name<'_>) -> Option<String> {
    let labels: Vec<&[u8]> = name.as_bytes().collect();
    host_name(&labels.join(&b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use simple_dns::rdata::{A, AAAA, CNAME, NS};
    use simple_dns::{CLASS, QCLASS, QTYPE, Question, ResourceRecord, TYPE};

    /// An answer to a question for a name, from lines such as `www.example A 192.0.2.1`.
    fn message(asked: &str, records: &[&str]) -> Vec<u8> {
        let mut packet = Packet::new_reply(7);
        let name = |text: &str| Name::new(text).expect("a name").into_owned();
        packet.questions.push(Question::new(name(asked), QTYPE::TYPE(TYPE::A), QCLASS::CLASS(CLASS::IN), false));
        for record in records {
            let [owner, kind, value] = record.split(' ').collect::<Vec<_>>()[..] else { panic!("{record}") };
            let address: Option<IpAddr> = value.parse().ok();
            let rdata = match (kind, address) {
                ("A", Some(IpAddr::V4(ip))) => RData::A(A { address: ip.into() }),
                ("AAAA", Some(IpAddr::V6(ip))) => RData::AAAA(AAAA { address: ip.into() }),
                ("CNAME", None) => RData::CNAME(CNAME(name(value))),
                ("NS", None) => RData::NS(NS(name(value))),
                _ => panic!("{record}"),
            };
            packet.answers.push(ResourceRecord::new(name(owner), CLASS::IN, 60, rdata));
        }
        packet.build_bytes_vec_compressed().expect("a message")
    }

    fn found(message: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        answers(message, |name, address| found.push(format!("{name} {address}")));
        found
    }

    #[test]
    fn addresses_belong_to_the_name_that_was_asked_for() {
        for (asked, records, expected) in [
            ("a.example", &["a.example A 192.0.2.1"][..], &["a.example 192.0.2.1"][..]),
            ("A.eXample", &["a.Example AAAA 2001:db8::1"], &["a.example 2001:db8::1"]),
            (
                "a.example",
                &["a.example CNAME b.cdn.test", "b.cdn.test CNAME c.test", "c.test A 192.0.2.1", "c.test A 192.0.2.2"],
                &["a.example 192.0.2.1", "a.example 192.0.2.2"],
            ),
            // In any order, and in circles.
            ("a.example", &["b.test A 192.0.2.1", "a.example CNAME b.test"], &["a.example 192.0.2.1"]),
            ("a.example", &["a.example CNAME b.test", "b.test CNAME a.example"], &[]),
            // What the question does not lead to.
            ("a.example", &["bank.example A 192.0.2.1", "b.test CNAME bank.example"], &[]),
            ("a.example", &["a.example NS ns.example"], &[]),
            ("a.example", &[], &[]),
        ] {
            assert_eq!(found(&message(asked, records)), expected, "{asked} {records:?}");
        }
    }

    #[test]
    fn questions_errors_and_odd_messages_say_nothing() {
        let whole = message("a.example", &["a.example A 192.0.2.1"]);
        let changed = |at: usize, byte: u8| {
            let mut message = whole.clone();
            message[at] = byte;
            message
        };
        for (message, what) in [
            (changed(2, 0), "a question"),
            (changed(3, 3), "no such name"),
            (changed(5, 0), "no question"),
            (changed(5, 2), "two questions"),
            (whole[..11].to_vec(), "no header"),
            (Vec::new(), "nothing"),
        ] {
            assert_eq!(found(&message), [""; 0], "{what}");
        }
    }

    #[test]
    fn what_stands_before_the_cut_is_read() {
        let records: Vec<String> = (1..=20).map(|n| format!("a.example A 192.0.2.{n}")).collect();
        let records: Vec<&str> = records.iter().map(String::as_str).collect();
        let whole = message("a.example", &records);
        let header_bytes = message("a.example", &[]).len();
        let record_bytes = (whole.len() - header_bytes) / records.len();
        for cut in 0..=whole.len() {
            let readable = cut.saturating_sub(header_bytes) / record_bytes;
            assert_eq!(found(&whole[..cut]).len(), readable, "{cut} bytes");
        }
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let whole = message("a.example", &["a.example CNAME b.test", "b.test A 192.0.2.1"]);
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut message = whole.clone();
                message[at] ^= 1 << bit;
                found(&message);
            }
        }
    }
}
