//! A stream cut at any byte: what was found in the first part stays.
#![no_main]

use analyzer_core::name::http::{read, read_cut};
use analyzer_core::name::opening::MAX_BYTES;
use analyzer_core::name::tls::Progress;

libfuzzer_sys::fuzz_target!(|input: (u16, &[u8])| {
    let (at, stream) = input;
    let stream = &stream[..stream.len().min(MAX_BYTES - 1)];
    let part = &stream[..usize::from(at).min(stream.len())];
    let _ = read_cut(stream);
    match read(part) {
        Progress::More => {}
        settled => assert_eq!(settled, read(stream)),
    }
});
