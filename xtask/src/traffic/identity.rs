//! Servers whose objects fall into the groups that are played.
//!
//! In: the groups of a model and what they are. Out: for each a server's address and name, and the table of names. Guaranteed:
//! `sniffit model` with the same `--by` gives each group its key again, or the key is refused.

use analyzer_core::decode::Endpoint;
use analyzer_core::model::{Group, GroupBy};
use analyzer_core::name::application::Applications;
use analyzer_core::name::{NameSource, NameTable, Naming};
use anyhow::{Context as _, Result, ensure};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

const PORT: u16 = 443;
/// The group of objects whose application is not known: their servers have no name.
const UNKNOWN: &str = "unknown";

/// Servers of the groups, in their order.
#[derive(Debug)]
pub(super) struct Names {
    servers: Vec<(Endpoint, Naming)>,
    table: Arc<NameTable>,
}

impl Names {
    pub(super) fn of(groups: &[&Group], by: GroupBy) -> Result<Self> {
        let mut table = NameTable::new(Arc::new(applications(groups, by)?));
        let mut servers = Vec::with_capacity(groups.len());
        for (at, Group { key, .. }) in (0..).zip(groups) {
            let name = name(key, by);
            let ip = match (by, key.parse::<IpAddr>()) {
                (GroupBy::Domain | GroupBy::Server, Ok(ip)) => ip,
                _ => address(at),
            };
            let naming = match name {
                Some(name) => {
                    let id = table.insert(&name);
                    let found = table.name(id);
                    let again = match by {
                        GroupBy::Application => found.application,
                        GroupBy::Domain => found.registered_domain.or(found.domain),
                        GroupBy::Server | GroupBy::All => found.domain,
                    };
                    ensure!(again == Some(key), "{key} is no {} that a server could have", by.as_str());
                    Naming::new(id, NameSource::TlsSni)
                }
                None => Naming::NONE,
            };
            servers.push((Endpoint { ip, port: PORT }, naming));
        }
        Ok(Self { servers, table: Arc::new(table) })
    }

    /// The server of a group, by its place among those that were told.
    pub(super) fn server(&self, at: usize) -> (Endpoint, Naming) {
        self.servers[at]
    }

    pub(super) fn table(&self) -> Arc<NameTable> {
        self.table.clone()
    }
}

/// Of groups that are applications, a rule for each: the domain `KEY.invalid` (RFC 2606 §2) is the application KEY.
fn applications(groups: &[&Group], by: GroupBy) -> Result<Applications> {
    let mut rules = String::new();
    if by == GroupBy::Application {
        for Group { key, .. } in groups.iter().filter(|group| group.key != UNKNOWN) {
            rules.push_str(&format!("{key}.invalid,{key}\n"));
        }
    }
    Applications::builtin().extended(&rules).context("a group's key is no name of an application")
}

/// What the server of a group is called.
fn name(key: &str, by: GroupBy) -> Option<String> {
    match by {
        GroupBy::Application => (key != UNKNOWN).then(|| format!("{key}.invalid")),
        GroupBy::Domain | GroupBy::Server => key.parse::<IpAddr>().is_err().then(|| key.to_owned()),
        GroupBy::All => None,
    }
}

/// An address for measurements (RFC 2544, appendix C.2.2), another for each group.
fn address(at: u32) -> IpAddr {
    IpAddr::V4(u32::from(Ipv4Addr::new(198, 18, 0, 1)).wrapping_add(at).into())
}
