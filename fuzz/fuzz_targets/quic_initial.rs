//! Datagrams, each behind two bytes of length: header walk, keys, frames.
#![no_main]

use analyzer_core::name::quic::InitialReader;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let mut reader = InitialReader::default();
    let mut rest = input;
    while let Some(([high, low], behind)) = rest.split_first_chunk::<2>() {
        let bytes = usize::from(u16::from_be_bytes([*high, *low])).min(behind.len());
        let (datagram, behind) = behind.split_at(bytes);
        let _ = reader.datagram(datagram);
        rest = behind;
    }
    let _ = reader.read_cut();
});
