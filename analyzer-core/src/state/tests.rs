//! States that nobody wrote: whatever they say, they are refused or can be gone on from.

use super::{CHECKSUM_BYTES, StateError};
use crate::sink::NullSink;
use crate::{Analyzer, Config, Reading};
use twox_hash::XxHash3_64;

/// Connections, records, names, holes and fragments under way.
const CAPTURES: [&[u8]; 4] = [
    include_bytes!("../../../tests/captures/conventions/golden_push.pcap"),
    include_bytes!("../../../tests/captures/conventions/golden_quic.pcap"),
    include_bytes!("../../../tests/captures/conventions/tcp_hole_never_filled.pcap"),
    include_bytes!("../../../tests/captures/conventions/ipv4_fragments_rest_missing.pcap"),
];

fn read(analyzer: &mut Analyzer) {
    for (name, capture) in ["a", "b", "c", "d"].iter().zip(CAPTURES) {
        analyzer.begin_input(name);
        let whole = analyzer.push(capture, &mut NullSink);
        assert_eq!((whole, analyzer.end_input()), (Ok(()), Ok(())));
    }
}

fn with_checksum(mut state: Vec<u8>) -> Vec<u8> {
    let content = state.len() - CHECKSUM_BYTES;
    let checksum = XxHash3_64::oneshot(&state[..content]).to_le_bytes();
    state[content..].copy_from_slice(&checksum);
    state
}

#[test]
fn no_bytes_make_it_panic() {
    let mut analyzer = Analyzer::in_parts(Config::default()).expect("the defaults work");
    read(&mut analyzer);
    let (_, state) = analyzer.suspend(&Reading::default(), "n").expect("there are packets");
    assert_eq!(with_checksum(state.clone()), state);
    let (mut refused, mut taken) = (0, 0);
    for at in 0..state.len() - CHECKSUM_BYTES {
        for change in [1, 0x7f, 0x80, 0xff] {
            let mut bytes = state.clone();
            bytes[at] ^= change;
            match Analyzer::resume(Config::default(), &with_checksum(bytes)) {
                Ok(analyzer) => {
                    // Numbers that can't be are as good as others; what reads them has to bear them.
                    taken += 1;
                    let _ = analyzer.finish(&mut NullSink).manifest("t", "n", &Reading::default(), &[]);
                }
                Err(error) => {
                    refused += 1;
                    assert_ne!(error, StateError::InsideFile);
                }
            }
        }
    }
    assert!(refused > 500 && taken > 500, "{refused} refused, {taken} taken");
    for end in 0..state.len() - CHECKSUM_BYTES {
        let bytes = [&state[..end], &[0; CHECKSUM_BYTES]].concat();
        assert!(Analyzer::resume(Config::default(), &with_checksum(bytes)).is_err(), "cut at {end}");
    }
}

#[test]
fn a_state_goes_on_as_it_was() {
    let mut analyzer = Analyzer::in_parts(Config::default()).expect("the defaults work");
    read(&mut analyzer);
    let (_, first) = analyzer.suspend(&Reading::default(), "n").expect("there are packets");
    let again = |state: &[u8]| {
        let analyzer = Analyzer::resume(Config::default(), state).expect("a state");
        assert_eq!(analyzer.capture_name(), Some("n"));
        analyzer.suspend(&Reading::default(), "n").expect("there are packets").1
    };
    let (second, third) = (again(&first), again(&again(&first)));
    // Only the number of parts and the checksum differ.
    let differing = |a: &[u8], b: &[u8]| a.iter().zip(b).filter(|(a, b)| a != b).count();
    assert_eq!((first.len(), second.len()), (second.len(), third.len()));
    assert!(differing(&first, &second) <= 1 + CHECKSUM_BYTES, "{} bytes", differing(&first, &second));
    assert!(differing(&second, &third) <= 1 + CHECKSUM_BYTES, "{} bytes", differing(&second, &third));
}
