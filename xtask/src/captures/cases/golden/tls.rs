//! TLS records: true headers, and zeros for what is encrypted.

use super::conversation::{CLIENT_LEG_NS, SERVER_LEG_NS, Side, TcpTalk};

/// Content types of RFC 8446 §5.1.
const CHANGE_CIPHER_SPEC: u8 = 20;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;

/// The longest record: 2^14 bytes, and 17 of content type and authentication tag.
pub(super) const FULL_RECORD_BYTES: usize = 16_401;

/// A record of encrypted data whose header says `length` bytes.
pub(super) fn data_record(length: usize) -> Vec<u8> {
    record(APPLICATION_DATA, &vec![0; length])
}

fn record(content_type: u8, content: &[u8]) -> Vec<u8> {
    [&[content_type, 3, 3], &(content.len() as u16).to_be_bytes()[..], content].concat()
}

/// Both sides' first flights: a ClientHello with the server's name in clear, an encrypted certificate chain, Finished.
pub(super) fn shake_hands(talk: &mut TcpTalk, server_name: &str) {
    talk.send(Side::Client, &record(HANDSHAKE, &client_hello(server_name)));
    talk.pause(SERVER_LEG_NS);
    let mut server_hello = vec![2, 0, 0, 118, 3, 3];
    server_hello.resize(122, 0);
    let flight = [record(HANDSHAKE, &server_hello), record(CHANGE_CIPHER_SPEC, &[1]), data_record(2_743)];
    talk.send(Side::Server, &flight.concat());
    talk.pause(CLIENT_LEG_NS);
    talk.send(Side::Client, &[record(CHANGE_CIPHER_SPEC, &[1]), data_record(53)].concat());
}

/// RFC 8446 §4.1.2 with the extensions that a reader of names looks at.
fn client_hello(server_name: &str) -> Vec<u8> {
    let name = server_name.as_bytes();
    let name_bytes = name.len() as u16;
    let server_name = [
        &(name_bytes + 3).to_be_bytes()[..], // length of the list
        &[0],                                // host name
        &name_bytes.to_be_bytes(),
        name,
    ];
    let extensions = [
        extension(0, &server_name.concat()),
        extension(16, &[0, 3, 2, b'h', b'2']), // protocols: h2
        extension(43, &[2, 3, 4]),             // versions: TLS 1.3
    ];
    let extensions = extensions.concat();
    let mut body = vec![3, 3];
    body.extend([0x5a; 32]); // random
    body.push(0); // no session
    body.extend([0, 2, 0x13, 0x01]); // one cipher suite
    body.extend([1, 0]); // no compression
    body.extend((extensions.len() as u16).to_be_bytes());
    body.extend(extensions);
    [&[1, 0], &(body.len() as u16).to_be_bytes()[..], &body].concat()
}

fn extension(number: u16, content: &[u8]) -> Vec<u8> {
    [&number.to_be_bytes(), &(content.len() as u16).to_be_bytes()[..], content].concat()
}
