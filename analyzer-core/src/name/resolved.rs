//! Which names clients were given which addresses for.
//!
//! In: answers of the Domain Name System, each to one client. Out: the latest name for a client and an address. Guaranteed: what
//! is found depends on the order of the answers alone; when there are too many, the older half is forgotten.

use super::NameId;
use crate::state::serial;
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// A phone asks for some thousand names a day. Sixteen times as many take 4 MiB.
const MOST_ANSWERS: usize = 1 << 16;

/// Answers, by the client that got them and the address that they gave.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Resolved {
    #[serde(with = "serial::sorted")]
    answers: HashMap<(IpAddr, IpAddr), Answer, RandomState>,
    count: u64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Answer {
    name: NameId,
    /// Number of the answer in the recording.
    ordinal: u64,
}

impl Resolved {
    /// Notes that a client was given an address for a name. The latest answer counts: addresses are used by many names.
    pub(super) fn insert(&mut self, client: IpAddr, address: IpAddr, name: NameId) {
        if !name.is_some() {
            return;
        }
        self.count += 1;
        if self.answers.len() >= MOST_ANSWERS {
            self.forget();
        }
        self.answers.insert((client, address), Answer { name, ordinal: self.count });
    }

    /// What a client last asked for to be given this address.
    #[inline]
    pub(super) fn get(&self, client: IpAddr, address: IpAddr) -> Option<NameId> {
        // Most recordings of tunnels have answers, most others have none.
        if self.answers.is_empty() { None } else { self.answers.get(&(client, address)).map(|answer| answer.name) }
    }

    #[cold]
    fn forget(&mut self) {
        let mut ordinals: Vec<u64> = self.answers.values().map(|answer| answer.ordinal).collect();
        let middle = ordinals.len() / 2;
        let (_, oldest_kept, _) = ordinals.select_nth_unstable(middle);
        let oldest_kept = *oldest_kept;
        self.answers.retain(|_, answer| answer.ordinal >= oldest_kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(last: u32) -> IpAddr {
        IpAddr::V4(last.into())
    }

    #[test]
    fn the_latest_answer_to_the_same_client_counts() {
        let mut resolved = Resolved::default();
        assert_eq!(resolved.get(ip(1), ip(9)), None);
        for (client, address, name) in [(1, 9, 5), (2, 9, 6), (1, 9, 7), (1, 8, 0)] {
            resolved.insert(ip(client), ip(address), NameId(name));
        }
        for (client, address, expected) in [(1, 9, Some(7)), (2, 9, Some(6)), (3, 9, None), (1, 8, None)] {
            assert_eq!(resolved.get(ip(client), ip(address)), expected.map(NameId), "{client} {address}");
        }
    }

    #[test]
    fn the_older_half_is_forgotten() {
        let mut resolved = Resolved::default();
        let most = MOST_ANSWERS as u32;
        (0..most).for_each(|n| resolved.insert(ip(1), ip(n), NameId(n + 1)));
        assert_eq!(resolved.get(ip(1), ip(0)), Some(NameId(1)));
        // One that came early and again is among the younger.
        resolved.insert(ip(1), ip(most), NameId(7));
        assert_eq!(resolved.answers.len(), MOST_ANSWERS / 2 + 1);
        assert_eq!(resolved.get(ip(1), ip(most / 2 - 1)), None);
        assert_eq!(resolved.get(ip(1), ip(most / 2)), Some(NameId(most / 2 + 1)));
        assert_eq!(resolved.get(ip(1), ip(most)), Some(NameId(7)));
    }
}
