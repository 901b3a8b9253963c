//! A ClientHello to what it tells about the server (RFC 8446 §4.1.2).
//!
//! In: the handshake message from its first byte on, possibly cut. Out: the server's name and whether Encrypted Client Hello is
//! offered. Guaranteed: extensions before the cut are read; no bytes make it panic; nothing else of the message is looked at.

use super::text::host_name;
use tls_parser::{SNIType, TlsExtension, parse_tls_client_hello_extension};

/// `encrypted_client_hello` (RFC 9849 §5).
const ENCRYPTED_CLIENT_HELLO: u16 = 0xfe0d;
const CLIENT_HELLO: u8 = 1;
/// Type and length of the message.
pub(super) const HEADER_BYTES: usize = 4;

/// What a ClientHello tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientHello {
    /// The name in the open (RFC 6066 §3), as [`host_name`] writes it.
    pub server_name: Option<String>,
    /// Encrypted Client Hello is offered, or its pretence (GREASE, RFC 9849 §6.2).
    pub ech_offered: bool,
    /// Its last byte is there.
    pub is_complete: bool,
}

/// Reads a ClientHello; none where the bytes are something else.
#[must_use]
pub fn client_hello(message: &[u8]) -> Option<ClientHello> {
    let length = length(message)?;
    let body = message.get(HEADER_BYTES..)?;
    let is_complete = body.len() >= length;
    let body = &body[..body.len().min(length)];
    let mut hello = ClientHello { is_complete, ..ClientHello::default() };
    let mut extensions = extensions(body).unwrap_or_default();
    // A second list of names is not allowed (RFC 8446 §4.2), and changes nothing.
    let mut is_named = false;
    while let Ok((rest, extension)) = parse_tls_client_hello_extension(extensions) {
        match extension {
            TlsExtension::SNI(_) if is_named => {}
            TlsExtension::SNI(names) => {
                is_named = true;
                let name = names.iter().find(|(kind, _)| *kind == SNIType::HostName);
                hello.server_name = name.and_then(|(_, name)| host_name(name));
            }
            TlsExtension::EncryptedServerName { .. } => {}
            _ => hello.ech_offered |= extension_type(extensions) == Some(ENCRYPTED_CLIENT_HELLO),
        }
        extensions = rest;
    }
    Some(hello)
}

/// Length of the message behind its header; none where it is no ClientHello.
pub(super) fn length(message: &[u8]) -> Option<usize> {
    let [CLIENT_HELLO, high, middle, low] = *message.first_chunk::<HEADER_BYTES>()? else { return None };
    Some(u32::from_be_bytes([0, high, middle, low]) as usize)
}

/// The list of extensions, as far as it is there.
fn extensions(body: &[u8]) -> Option<&[u8]> {
    // Version and random number.
    let rest = body.get(2 + 32..)?;
    // Session id, cipher suites, compression methods.
    let (length, rest) = rest.split_first()?;
    let rest = rest.get(usize::from(*length)..)?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let rest = rest.get(usize::from(u16::from_be_bytes(*length))..)?;
    let (length, rest) = rest.split_first()?;
    let rest = rest.get(usize::from(*length)..)?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    Some(&rest[..rest.len().min(usize::from(u16::from_be_bytes(*length)))])
}

fn extension_type(extensions: &[u8]) -> Option<u16> {
    extensions.first_chunk().map(|kind| u16::from_be_bytes(*kind))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A ClientHello with these extensions.
    pub(in crate::name) fn message(extensions: &[(u16, &[u8])]) -> Vec<u8> {
        let mut list = Vec::new();
        for (kind, content) in extensions {
            list.extend(kind.to_be_bytes());
            list.extend((content.len() as u16).to_be_bytes());
            list.extend_from_slice(content);
        }
        let mut body = vec![3, 3];
        body.extend([7; 32]);
        body.extend([2, 0xaa, 0xbb]); // session id
        body.extend([0, 4, 0x13, 0x01, 0x13, 0x02]); // cipher suites
        body.extend([1, 0]); // compression methods
        body.extend((list.len() as u16).to_be_bytes());
        body.extend(list);
        let mut message = vec![CLIENT_HELLO, 0];
        message.extend((body.len() as u16).to_be_bytes());
        message.extend(body);
        message
    }

    /// The content of the extension that names a server.
    pub(in crate::name) fn named(name: &str) -> Vec<u8> {
        let mut content = ((name.len() + 3) as u16).to_be_bytes().to_vec();
        content.push(0);
        content.extend((name.len() as u16).to_be_bytes());
        content.extend(name.as_bytes());
        content
    }

    const GREASE: u16 = 0x0a0a;

    #[test]
    fn what_a_hello_tells() {
        let name = named("www.Example.org");
        for (extensions, server_name, ech_offered) in [
            (&[(0, &name[..])][..], Some("www.example.org"), false),
            (&[(GREASE, &[]), (16, &[0, 3, 2, b'h', b'2']), (0, &name)], Some("www.example.org"), false),
            (&[(ENCRYPTED_CLIENT_HELLO, &[0, 1, 2, 3]), (0, &name)], Some("www.example.org"), true),
            (&[(0, &name), (ENCRYPTED_CLIENT_HELLO, &[])], Some("www.example.org"), true),
            (&[(0, &name), (0, &named("b.example"))], Some("www.example.org"), false),
            (&[(0, &named("192.0.2.1"))], None, false),
            (&[(0, &named(""))], None, false),
            (&[(0, &[0, 3, 9, 0, 0])], None, false),
            (&[], None, false),
        ] {
            let expected = ClientHello { server_name: server_name.map(str::to_owned), ech_offered, is_complete: true };
            assert_eq!(client_hello(&message(extensions)), Some(expected), "{extensions:?}");
        }
    }

    #[test]
    fn what_stands_before_the_cut_is_read() {
        let name = named("a.example");
        let whole = message(&[(GREASE, &[1, 2]), (0, &name), (51, &[0; 600])]);
        let end_of_name = message(&[(GREASE, &[1, 2]), (0, &name)]).len();
        for cut in 0..=whole.len() {
            let hello = client_hello(&whole[..cut]);
            assert_eq!(hello.is_some(), cut >= HEADER_BYTES, "{cut}");
            let hello = hello.unwrap_or_default();
            assert_eq!(hello.server_name.is_some(), cut >= end_of_name, "{cut}");
            assert_eq!(hello.is_complete, cut == whole.len(), "{cut}");
        }
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let whole = message(&[(0, &named("a.example")), (ENCRYPTED_CLIENT_HELLO, &[1; 20]), (43, &[2, 3, 4])]);
        for at in 0..whole.len() {
            for byte in [0, 1, 0x7f, 0x80, 0xff] {
                let mut message = whole.clone();
                message[at] = byte;
                let _ = client_hello(&message);
            }
        }
        assert_eq!(client_hello(&[2, 0, 0, 0]), None, "a ServerHello");
    }
}
