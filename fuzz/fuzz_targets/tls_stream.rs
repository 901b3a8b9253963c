//! A stream in two pieces that come in either order: what was found in the first part stays.
#![no_main]

use analyzer_core::name::opening::{MAX_BYTES, Opening};
use analyzer_core::name::tls::{Progress, read, read_cut};

libfuzzer_sys::fuzz_target!(|input: (u16, &[u8])| {
    let (at, stream) = input;
    let stream = &stream[..stream.len().min(MAX_BYTES - 1)];
    let at = usize::from(at).min(stream.len());
    let mut opening = Opening::default();
    opening.put(at as u64, &stream[at..]);
    opening.put(0, &stream[..at]);
    let whole = read(opening.contiguous());
    let _ = read_cut(opening.contiguous());
    match read(&stream[..at]) {
        Progress::More => {}
        Progress::Found(hello) if !hello.is_complete => {}
        settled => assert_eq!(settled, whole),
    }
});
