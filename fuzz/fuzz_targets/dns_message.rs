//! A DNS message.
#![no_main]

libfuzzer_sys::fuzz_target!(|message: &[u8]| {
    let _ = analyzer_core::name::dns::answers(message, |_, _| ());
});
