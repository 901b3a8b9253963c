//! All cases, in the order of the tables.

mod ethernet;
mod faults;
mod fragments;
mod golden;
mod ipv4;
mod ipv6;
mod link_types;
mod mpls;
mod not_counted;
mod pcap_variants;
mod pcapng_blocks;
mod pcapng_times;
mod pppoe;
mod tcp;
mod tunnels;
mod vlan;

use super::case::Case;
use anyhow::Result;

pub(super) fn all() -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for (module, part) in [
        ("ethernet", ethernet::cases()),
        ("ipv4", ipv4::cases()),
        ("fragments", fragments::cases()),
        ("ipv6", ipv6::cases()),
        ("not_counted", not_counted::cases()),
        ("vlan", vlan::cases()),
        ("mpls", mpls::cases()),
        ("pppoe", pppoe::cases()),
        ("link_types", link_types::cases()),
        ("tunnels", tunnels::cases()),
        ("tcp", tcp::cases()),
        ("pcap_variants", pcap_variants::cases()?),
        ("pcapng_blocks", pcapng_blocks::cases()),
        ("pcapng_times", pcapng_times::cases()),
        ("faults", faults::cases()),
        ("golden", golden::cases()),
    ] {
        cases.extend(part.into_iter().map(|case| Case { module, ..case }));
    }
    Ok(cases)
}
