//! Random conversations, and bytes that nobody meant: what is kept is still enough, and never more than was captured.

use super::plain::with_ciphertext;
use super::rewrite::{analysis_of, borrow, findings, kept};
use crate::properties::{check, scripts};
use crate::support::Packet;
use analyzer_core::keep::{Keep, Keeper};
use analyzer_core::record::Pseudonyms;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestCaseError;

/// Every link type that is read, and one that is not.
const LINK_TYPES: [u16; 14] = [0, 1, 9, 12, 14, 50, 101, 104, 108, 113, 228, 229, 276, 147];

fn is_same(packets: &[Packet]) -> Result<(), TestCaseError> {
    let whole = findings(&analysis_of("exchange", packets));
    let kept = findings(&analysis_of("exchange", &kept(Keep::Records, packets)));
    let differs = whole.iter().zip(&kept).find(|(whole, kept)| whole != kept);
    prop_assert_eq!(differs, None);
    prop_assert_eq!(whole.len(), kept.len());
    Ok(())
}

#[test]
fn random_conversations_give_the_same() {
    check(1_500, (scripts(80), any::<bool>()), |(script, is_noisy)| {
        let packets = script.play().packets;
        is_same(&if is_noisy { with_ciphertext(&packets) } else { packets })
    });
}

#[test]
fn damaged_conversations_give_the_same() {
    let damage = vec((any::<Index>(), 0..64_usize, any::<u8>()), 1..60);
    check(400, (scripts(40), damage, any::<bool>()), |(script, damage, is_ethernet)| {
        let mut packets = with_ciphertext(&script.play().packets);
        for packet in packets.iter_mut().filter(|_| is_ethernet) {
            packet.link_type = 1;
        }
        for (packet, at, byte) in damage.into_iter().filter(|_| !packets.is_empty()).collect::<Vec<_>>() {
            let packet = packet.index(packets.len());
            if let Some(place) = packets[packet].captured.get_mut(at) {
                *place = byte;
            }
        }
        // How many layers are inside of what is skipped is not known of what was cut.
        is_same(&packets)
    });
}

#[test]
fn no_bytes_are_too_odd() {
    let bytes = prop_oneof![
        vec(any::<u8>(), 0..120),
        (select(&[0x45_u8, 0x4f, 0x60][..]), select(&[6_u8, 17, 4, 41, 47, 44, 51, 0][..]), vec(any::<u8>(), 0..200))
            .prop_map(|(first, protocol, mut bytes)| {
                bytes.insert(0, first);
                let at = if first == 0x60 { 6 } else { 9 };
                if let Some(place) = bytes.get_mut(at) {
                    *place = protocol;
                }
                bytes
            }),
    ];
    let packets = vec((select(&LINK_TYPES[..]), bytes, 0..3_000_u32), 1..12);
    check(3_000, packets, |packets| {
        let keepers = Keep::ALL.into_iter().flat_map(|keep| [(keep, false), (keep, true)]);
        for (keep, is_anonymized) in keepers.filter(|(keep, is_anonymized)| *keep != Keep::Full || !is_anonymized) {
            let key = "0123456789abcdeffedcba98765432101032547698badcfeefcdab8967452301";
            let pseudonyms = is_anonymized.then(|| Pseudonyms::from_text(key).expect("a key"));
            let mut keeper = Keeper::new(keep, pseudonyms).expect("not whole packets with pseudonyms");
            for (time_ns, (link_type, bytes, more)) in (0..).zip(&packets) {
                let wire_bytes = bytes.len() as u32 + more;
                let packet = Packet { time_ns, link_type: *link_type, wire_bytes, captured: bytes.clone() };
                let mut out = vec![1, 2, 3];
                let kept = keeper.append(&borrow(&packet), &mut out);
                prop_assert_eq!(&out[..3], &[1, 2, 3]);
                prop_assert_eq!(out.len(), 3 + kept);
                prop_assert!(kept <= bytes.len());
                let is_beginning = out[3..].iter().zip(bytes).all(|(kept, byte)| kept == byte || *kept == 0);
                prop_assert!(is_anonymized || is_beginning);
            }
        }
        Ok(())
    });
}
