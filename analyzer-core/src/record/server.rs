//! What a server is called, for people: its name, or its address where it has none.

use std::fmt::Write as _;
use std::net::IpAddr;

/// A name, or the text of an address.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ServerLabel<'a> {
    Name(&'a str),
    Address(AddressText),
}

impl<'a> ServerLabel<'a> {
    #[inline]
    pub(super) fn of(name: Option<&'a str>, ip: IpAddr) -> Self {
        name.map_or_else(|| Self::Address(AddressText::of(ip)), Self::Name)
    }

    #[inline]
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Address(text) => text.as_str(),
        }
    }
}

/// An IPv4 address mapped into IPv6 is the longest.
const LONGEST: usize = 45;

/// The text of an address (RFC 5952), without an allocation for every record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AddressText {
    bytes: [u8; LONGEST],
    length: u8,
}

impl AddressText {
    fn of(ip: IpAddr) -> Self {
        let mut text = Self { bytes: [0; LONGEST], length: 0 };
        // It has room for every address.
        let _ = match ip {
            IpAddr::V4(ip) => {
                let [a, b, c, d] = ip.octets();
                let mut digits = itoa::Buffer::new();
                [(a, "."), (b, "."), (c, "."), (d, "")].into_iter().try_for_each(|(octet, point)| {
                    text.write_str(digits.format(octet))?;
                    text.write_str(point)
                })
            }
            IpAddr::V6(ip) => write!(text, "{ip}"),
        };
        text
    }

    fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl std::fmt::Write for AddressText {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let from = usize::from(self.length);
        let room = self.bytes.get_mut(from..from + text.len()).ok_or(std::fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.length += text.len() as u8; // at most LONGEST
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_the_text_that_others_write() {
        let longest = "1111:2222:3333:4444:5555:6666:7777:8888";
        for text in ["0.0.0.0", "255.255.255.255", "10.8.0.2", "::", "::ffff:255.255.255.255", "2001:db8::1", longest] {
            let ip: IpAddr = text.parse().expect(text);
            assert_eq!(ServerLabel::of(None, ip).as_str(), ip.to_string());
            assert_eq!(ServerLabel::of(Some("a.example"), ip).as_str(), "a.example");
        }
    }
}
