//! Community ID: a hash of the 5-tuple that other tools compute too, so that results can be joined with theirs.

use super::StreamIdentity;
use crate::decode::Transport;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};
use std::net::IpAddr;

/// The text of a Community ID: `1:` and 28 characters of Base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommunityId([u8; 30]);

impl CommunityId {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Community ID, version 1, seed 0, of a stream (specification: <https://github.com/corelight/community-id-spec>).
#[must_use]
pub fn community_id(stream: &StreamIdentity) -> CommunityId {
    let (client, server) = (stream.client, stream.server);
    let (first, second) =
        if (client.ip, client.port) <= (server.ip, server.port) { (client, server) } else { (server, client) };
    let mut hash = Sha1::new();
    hash.update([0, 0]); // the seed
    for end in [first, second] {
        match end.ip {
            IpAddr::V4(ip) => hash.update(ip.octets()),
            IpAddr::V6(ip) => hash.update(ip.octets()),
        }
    }
    hash.update([if stream.transport == Transport::Tcp { 6 } else { 17 }, 0]);
    hash.update(first.port.to_be_bytes());
    hash.update(second.port.to_be_bytes());
    let mut text = *b"1:0000000000000000000000000000";
    // 20 bytes are always 28 characters, so the only error, a short buffer, can't happen.
    let encoded = STANDARD.encode_slice(hash.finalize(), &mut text[2..]);
    debug_assert_eq!(encoded, Ok(28));
    CommunityId(text)
}

/// Streams whose Community ID is kept.
const KEPT: usize = 4096;

/// The Community IDs of the streams that came last, at places given by the stream's id.
#[derive(Debug, Clone, Default)]
pub(super) struct CommunityIds {
    kept: Vec<(u64, CommunityId)>,
}

impl CommunityIds {
    #[inline]
    pub(super) fn of(&mut self, stream: &StreamIdentity) -> CommunityId {
        if self.kept.is_empty() {
            // No stream has the id 0: packets are numbered from 1.
            self.kept = vec![(0, CommunityId([0; 30])); KEPT];
        }
        let place = &mut self.kept[(stream.id % KEPT as u64) as usize];
        if place.0 != stream.id {
            *place = (stream.id, community_id(stream));
        }
        place.1
    }
}
