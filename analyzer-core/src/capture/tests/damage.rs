//! Files with random damage, in every chunking.

use super::*;

#[test]
fn damaged_files_never_panic_and_decode_alike_in_every_chunking() {
    let mut pcapng = pcapng_file();
    let mut pcap = pcap_file();
    for n in 0..6 {
        pcap = pcap.record(n, n, b"abcdefg");
        pcapng = pcapng.enhanced(0, u64::from(n), b"abcdefg").simple(4, b"hijk").block(5, b"");
    }
    let pcapng = pcapng.section(true).interface(1, 9, &[(9, &[6]), (14, &[0; 8])]).enhanced(0, 1, b"lmn");
    // A linear congruential generator is random enough to place damage, and the same everywhere.
    let mut state = 1_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for file in [pcap, pcapng] {
        for round in 0..2000 {
            let mut bytes = file.bytes().to_vec();
            for _ in 0..=random(3) {
                let position = random(bytes.len());
                bytes[position] = [0, 1, 0x7f, 0x80, 0xff, bytes[position].wrapping_add(1)][random(6)];
            }
            decode_in_every_chunking(&format!("damage {round}"), &bytes);
        }
    }
}
