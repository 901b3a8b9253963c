//! The names of an analysis, each once.
//!
//! In: names as streams and answers tell them. Out: numbers, which records carry, and what belongs to a number: the name, the domain
//! that somebody registered, and the application. Guaranteed: the same names in the same order have the same numbers; memory is bounded, and
//! names beyond the bound are counted.

use super::application::Applications;
use super::registrable::registrable_domain;
use super::{NameId, NameSource, Naming};
use crate::record::Pseudonyms;
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// More names than this are not kept. A name has 253 characters at most, so that all of them take 20 MB.
const MOST_NAMES: usize = 1 << 16;

/// Names and their numbers.
#[derive(Debug, Clone)]
pub struct NameTable {
    applications: Arc<Applications>,
    numbers: HashMap<Arc<str>, NameId, RandomState>,
    /// Number *n* is at *n* − 1.
    entries: Vec<Entry>,
    left_out: u64,
    /// Names of addresses that were looked up.
    reverse: BTreeMap<IpAddr, NameId>,
}

#[derive(Debug, Clone)]
struct Entry {
    name: Arc<str>,
    registered_domain: Option<Arc<str>>,
    /// In `applications`.
    application: Option<u32>,
}

/// What is known of a server besides its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NamedServer<'a> {
    /// ECS `server.domain`.
    pub domain: Option<&'a str>,
    /// ECS `server.registered_domain`: the part of the domain that somebody registered, by the public suffix list.
    pub registered_domain: Option<&'a str>,
    /// ECS `network.application`.
    pub application: Option<&'a str>,
    /// Where the domain comes from.
    pub source: NameSource,
}

impl Default for NameTable {
    fn default() -> Self {
        Self::new(Applications::builtin())
    }
}

impl NameTable {
    /// A table without names, for these applications.
    #[must_use]
    pub fn new(applications: Arc<Applications>) -> Self {
        Self { applications, numbers: HashMap::default(), entries: Vec::new(), left_out: 0, reverse: BTreeMap::new() }
    }

    /// The number of a name, which [`host_name`](super::text::host_name) made; no number when there are too many.
    pub fn insert(&mut self, name: &str) -> NameId {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        if self.entries.len() >= MOST_NAMES {
            self.left_out += 1;
            return NameId::NONE;
        }
        let entry = Entry {
            name: name.into(),
            registered_domain: registrable_domain(name).map(Into::into),
            application: self.applications.index_of(name),
        };
        let number = NameId(self.entries.len() as u32 + 1); // bounded above
        self.numbers.insert(entry.name.clone(), number);
        self.entries.push(entry);
        number
    }

    /// The same names and numbers for other applications.
    pub(crate) fn for_applications(mut self, applications: Arc<Applications>) -> Self {
        for entry in &mut self.entries {
            entry.application = applications.index_of(&entry.name);
        }
        self.applications = applications;
        self
    }

    /// How many different names there are. Their numbers are 1 to this.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How often a name had no room.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// What a name says; nothing where there is none.
    #[must_use]
    pub fn name(&self, number: NameId) -> NamedServer<'_> {
        let Some(entry) = number.0.checked_sub(1).and_then(|at| self.entries.get(at as usize)) else {
            return NamedServer::default();
        };
        NamedServer {
            domain: Some(&entry.name),
            registered_domain: entry.registered_domain.as_deref(),
            application: entry.application.and_then(|index| self.applications.name(index)),
            source: NameSource::None,
        }
    }

    /// What is known of a stream's server.
    #[must_use]
    #[inline]
    pub fn server(&self, naming: Naming, server: IpAddr) -> NamedServer<'_> {
        if naming.name.is_some() {
            return NamedServer { source: naming.source, ..self.name(naming.name) };
        }
        // Nobody looks names up unless they were asked to.
        match self.reverse.get(&server) {
            Some(number) if number.is_some() => NamedServer { source: NameSource::ReverseDns, ..self.name(*number) },
            _ => NamedServer::default(),
        }
    }

    /// Notes the name of an address that was looked up. It is used where a stream has no other.
    pub fn insert_reverse(&mut self, server: IpAddr, name: &str) {
        let number = self.insert(name);
        self.reverse.insert(server, number);
    }

    /// The same numbers with pseudonyms: names that share their registered domain still share one, applications stay.
    #[must_use]
    pub fn pseudonymised(&self, pseudonyms: &Pseudonyms) -> Self {
        let entry = |entry: &Entry| {
            let domain = entry.registered_domain.as_deref().unwrap_or(&entry.name);
            let parent = format!("{}.invalid", pseudonyms.name(domain));
            let name = if *domain == *entry.name {
                parent.clone()
            } else {
                format!("{}.{parent}", pseudonyms.name(&entry.name))
            };
            let registered_domain = entry.registered_domain.as_ref().map(|_| parent.as_str().into());
            Entry { name: name.into(), registered_domain, application: entry.application }
        };
        let entries: Vec<Entry> = self.entries.iter().map(entry).collect();
        let numbers = (1..).zip(&entries).map(|(number, entry)| (entry.name.clone(), NameId(number))).collect();
        let reverse = self.reverse.iter().map(|(ip, number)| (pseudonyms.address(*ip), *number)).collect();
        Self { applications: self.applications.clone(), numbers, entries, left_out: self.left_out, reverse }
    }
}

/// The names in the order of their numbers, and how many had no room. Registered domains and applications follow from
/// them, and names are looked up when a recording was read to its end only.
impl Serialize for NameTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names: Vec<&str> = self.entries.iter().map(|entry| &*entry.name).collect();
        (names, self.left_out).serialize(serializer)
    }
}

/// The same, without applications until it is given them.
impl<'de> Deserialize<'de> for NameTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (names, left_out) = <(Vec<String>, u64)>::deserialize(deserializer)?;
        let mut table = Self::new(Arc::default());
        for (number, name) in (1..).zip(&names) {
            if table.insert(name) != NameId(number) {
                return Err(de::Error::custom("a name stands there twice, or there are too many"));
            }
        }
        table.left_out = left_out;
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdeffedcba98765432101032547698badcfeefcdab8967452301";

    fn table(names: &[&str]) -> NameTable {
        let mut table = NameTable::default();
        for (number, name) in (1..).zip(names) {
            assert_eq!(table.insert(name), NameId(number));
        }
        table
    }

    #[test]
    fn a_name_has_one_number() {
        let mut table = table(&["www.youtube.com", "a.example.co.uk", "localhost"]);
        assert_eq!(table.insert("a.example.co.uk"), NameId(2));
        assert_eq!((table.len(), table.is_empty(), table.left_out()), (3, false, 0));
        for (number, expected) in [
            (0, [None; 3]),
            (1, [Some("www.youtube.com"), Some("youtube.com"), Some("youtube")]),
            (2, [Some("a.example.co.uk"), Some("example.co.uk"), None]),
            (3, [Some("localhost"), None, None]),
            (4, [None; 3]),
            (u32::MAX, [None; 3]),
        ] {
            let server = table.name(NameId(number));
            assert_eq!([server.domain, server.registered_domain, server.application], expected, "{number}");
        }
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let mut table = NameTable::default();
        for number in 0..=MOST_NAMES {
            let name = table.insert(&format!("host-{number}.example"));
            assert_eq!(name.is_some(), number < MOST_NAMES);
        }
        // What is known stays known.
        assert_eq!((table.insert("host-7.example"), table.len(), table.left_out()), (NameId(8), MOST_NAMES, 1));
    }

    #[test]
    fn a_name_that_was_looked_up_is_the_last_resort() {
        let ip: IpAddr = [192, 0, 2, 1].into();
        let mut table = table(&["a.example"]);
        assert_eq!(table.server(Naming::NONE, ip), NamedServer::default());
        table.insert_reverse(ip, "server-1.cdn.example");
        let looked_up = table.server(Naming::NONE, ip);
        assert_eq!((looked_up.domain, looked_up.source), (Some("server-1.cdn.example"), NameSource::ReverseDns));
        assert_eq!(table.server(Naming::NONE, [192, 0, 2, 2].into()), NamedServer::default());
        let said = table.server(Naming::new(NameId(1), NameSource::TlsSni), ip);
        assert_eq!((said.domain, said.source), (Some("a.example"), NameSource::TlsSni));
    }

    #[test]
    fn pseudonyms_keep_what_names_share() {
        let ip: IpAddr = [192, 0, 2, 1].into();
        let mut table = table(&["www.youtube.com", "m.youtube.com", "youtube.com", "localhost"]);
        table.insert_reverse(ip, "host.example");
        let pseudonyms = Pseudonyms::from_text(KEY).expect("a key");
        let other = table.pseudonymised(&pseudonyms);
        assert_eq!(other.len(), table.len());
        let [www, m, bare, local, reverse] = [1, 2, 3, 4, 5].map(|number| other.name(NameId(number)));
        for server in [www, m, bare, local, reverse] {
            let domain = server.domain.expect("a name");
            let is_pseudonym = |label: &str| {
                label == "invalid" || label.len() == 16 && label.bytes().all(|byte| byte.is_ascii_hexdigit())
            };
            assert!(domain.ends_with(".invalid") && domain.split('.').all(is_pseudonym), "{domain}");
        }
        // The registered domain is shared, the application stays, and different names stay different.
        assert_eq!([www.registered_domain, m.registered_domain], [bare.domain; 2]);
        assert_eq!([www.application, local.application], [Some("youtube"), None]);
        assert!(www.domain != m.domain && www.domain.is_some_and(|name| name.ends_with(bare.domain.unwrap_or("?"))));
        // Looked up by address, whose pseudonym it is found under.
        assert_eq!(other.server(Naming::NONE, pseudonyms.address(ip)).domain, reverse.domain);
        assert_eq!(other.server(Naming::NONE, ip).domain, None);
        // The same key gives the same, another one others.
        assert_eq!(table.pseudonymised(&pseudonyms).name(NameId(1)), www);
        let reversed: String = KEY.chars().rev().collect();
        let others = table.pseudonymised(&Pseudonyms::from_text(&reversed).expect("a key"));
        assert_ne!(others.name(NameId(1)).domain, www.domain);
    }
}
