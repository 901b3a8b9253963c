//! A handshake message, whole or cut: a name is printable ASCII, and what comes later does not change it.
#![no_main]

use analyzer_core::name::client_hello::client_hello;

libfuzzer_sys::fuzz_target!(|message: &[u8]| {
    let Some(name) = client_hello(message).and_then(|hello| hello.server_name) else { return };
    assert!(name.len() <= 1012 && name.bytes().all(|byte| byte.is_ascii_graphic()));
    let longer = [message, &[0; 8]].concat();
    assert_eq!(client_hello(&longer).and_then(|hello| hello.server_name), Some(name));
});
