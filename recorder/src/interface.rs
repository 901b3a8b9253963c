//! Interfaces: which there are, which one is meant, and opening them.
//!
//! In: names. Out: captures that are active and never block, and counters of the kernel. Guaranteed: what can't be recorded is refused
//! with the reason and what to do; no interface is put into promiscuous mode.

use crate::exit::Exit;
use crate::socket;
use analyzer_core::capture::LinkType;
use pcap::{Active, Capture, Device, Linktype, Precision};
use rustix::thread::{CapabilitySet, capabilities};
use std::io::Write;
use std::path::PathBuf;
use thiserror::Error;

/// How long the kernel keeps packets before it hands over a block that is not full.
pub(crate) const BLOCK_MS: i32 = 100;
const DLT_RAW: i32 = 12;
const LINKTYPE_RAW: u16 = 101;
const LINKTYPE_ETHERNET: u16 = 1;
/// Link types that the analysis reads, by the numbers that files have.
const READ: [u16; 9] = [0, 1, 9, 50, 101, 104, 108, 113, 276];
/// Devices of libpcap that carry something else than packets of a network.
const NO_NETWORK: [&str; 5] = ["nflog", "nfqueue", "bluetooth", "usbmon", "dbus"];

/// Why an interface can't be recorded.
#[derive(Debug, Error)]
pub(crate) enum OpenError {
    #[error(
        "recording needs the right CAP_NET_RAW: run it as root, or once `sudo setcap cap_net_raw=ep {}`", program.display()
    )]
    NoPermission { program: PathBuf },
    #[error(
        "on `any` each packet of a tunnel is recorded two or three times, inside and outside of it: name one interface; there \
         are {there}"
    )]
    Any { there: String },
    #[error("there is no interface `{name}`; there are {there}")]
    Unknown { name: String, there: String },
    #[error("{name} is down: `ip link set {name} up`, or start what makes it")]
    Down { name: String },
    #[error("say which interface is to be recorded, by --interface: {tunnels}; there are {there}")]
    NotOne { tunnels: &'static str, there: String },
    #[error("{name} has the link type {link_type}, of which only whole packets can be kept: --keep full")]
    LinkType { name: String, link_type: String },
    #[error("{name} can't be opened: {reason}")]
    Open { name: String, reason: String },
    #[error("the filter `{expression}` is not understood by libpcap: {reason}")]
    Filter { expression: String, reason: String },
    #[error("the interfaces can't be listed: {0}")]
    List(pcap::Error),
}

/// An interface that is open.
pub(crate) struct Opened {
    pub(crate) name: String,
    pub(crate) capture: Capture<Active>,
    /// As files number it.
    pub(crate) link_type: LinkType,
    pub(crate) is_loopback: bool,
}

/// How an interface is opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening {
    pub(crate) ring_bytes: u64,
    pub(crate) snaplen_bytes: u32,
}

impl Opened {
    /// Opens an interface by its name.
    pub(crate) fn open(name: &str, opening: Opening) -> Result<Self, OpenError> {
        require_right()?;
        let devices = devices()?;
        if name == "any" {
            return Err(OpenError::Any { there: names(&devices) });
        }
        let Some(device) = devices.iter().find(|device| device.name == name) else {
            return Err(OpenError::Unknown { name: name.to_owned(), there: names(&devices) });
        };
        if !device.flags.is_up() {
            return Err(OpenError::Down { name: name.to_owned() });
        }
        let is_loopback = device.flags.is_loopback();
        let error = |error: pcap::Error| OpenError::Open { name: name.to_owned(), reason: reason_of(&error) };
        let builder = Capture::from_device(device.clone())
            .map_err(error)?
            .promisc(false)
            .timeout(BLOCK_MS)
            .buffer_size(i32::try_from(opening.ring_bytes).unwrap_or(i32::MAX))
            .snaplen(i32::try_from(opening.snaplen_bytes).unwrap_or(i32::MAX))
            .precision(Precision::Nano);
        let capture = builder.open().and_then(Capture::setnonblock).map_err(error)?;
        let link_type = link_type(capture.get_datalink());
        Ok(Self { name: name.to_owned(), capture, link_type, is_loopback })
    }

    /// Whether packets come without a link layer, as those of a VPN's tunnel do.
    pub(crate) const fn is_tunnel(&self) -> bool {
        self.link_type.0 == LINKTYPE_RAW
    }

    /// Lets only so much in.
    pub(crate) fn filter(&mut self, expression: &str) -> Result<(), OpenError> {
        self.capture
            .filter(expression, true)
            .map_err(|error| OpenError::Filter { expression: expression.to_owned(), reason: reason_of(&error) })
    }

    /// That less than whole packets can be kept.
    pub(crate) fn require_known_link_type(&self) -> Result<(), OpenError> {
        if READ.contains(&self.link_type.0) {
            return Ok(());
        }
        Err(OpenError::LinkType { name: self.name.clone(), link_type: link_type_name(self.link_type) })
    }

    /// Packets that the ring is to take no more of.
    pub(crate) fn shut(&self) -> std::io::Result<()> {
        socket::shut(&self.capture)
    }
}

/// The names that were given, or that of the only tunnel.
pub(crate) fn chosen(names_given: &[String]) -> Result<Vec<String>, OpenError> {
    if !names_given.is_empty() {
        let mut names: Vec<String> = Vec::new();
        for name in names_given {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        return Ok(names);
    }
    require_right()?;
    let devices = devices()?;
    let is_tunnel = |device: &&Device| device.flags.is_up() && !device.flags.is_loopback() && opens_as_tunnel(device);
    let tunnels: Vec<&Device> = devices.iter().filter(is_tunnel).collect();
    match tunnels[..] {
        [only] => Ok(vec![only.name.clone()]),
        [] => Err(OpenError::NotOne { tunnels: "there is no tunnel that is up", there: names(&devices) }),
        _ => Err(OpenError::NotOne { tunnels: "there is more than one tunnel", there: names(&devices) }),
    }
}

/// By opening it: `/sys` may show another network than the one this process is in.
fn opens_as_tunnel(device: &Device) -> bool {
    let opened = Capture::from_device(device.clone()).and_then(|builder| builder.buffer_size(1 << 16).open());
    opened.is_ok_and(|capture| capture.get_datalink().0 == DLT_RAW)
}

/// Interfaces of networks.
pub(crate) fn devices() -> Result<Vec<Device>, OpenError> {
    let mut devices = Device::list().map_err(OpenError::List)?;
    devices.retain(|device| device.name != "any" && !NO_NETWORK.iter().any(|prefix| device.name.starts_with(prefix)));
    Ok(devices)
}

fn names(devices: &[Device]) -> String {
    if devices.is_empty() {
        return "none that can be seen".to_owned();
    }
    devices.iter().map(|device| device.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// That this process may open packet sockets.
pub(crate) fn require_right() -> Result<(), OpenError> {
    let may = capabilities(None).is_ok_and(|sets| sets.effective.contains(CapabilitySet::NET_RAW));
    if may {
        return Ok(());
    }
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("/usr/bin/sniffit-recorder"));
    Err(OpenError::NoPermission { program })
}

/// What files call a link type; libpcap calls raw IP otherwise than they do.
fn link_type(number: Linktype) -> LinkType {
    match number.0 {
        DLT_RAW => LinkType(LINKTYPE_RAW),
        other => LinkType(u16::try_from(other).unwrap_or(u16::MAX)),
    }
}

/// `Ethernet`, `raw IP`, or libpcap's own name.
pub(crate) fn link_type_name(link_type: LinkType) -> String {
    match link_type.0 {
        LINKTYPE_ETHERNET => "Ethernet".to_owned(),
        LINKTYPE_RAW => "raw IP".to_owned(),
        other => Linktype(other.into()).get_name().unwrap_or_else(|_| other.to_string()),
    }
}

/// libpcap's words alone.
pub(crate) fn reason_of(error: &pcap::Error) -> String {
    match error {
        pcap::Error::PcapError(words) => words.clone(),
        other => other.to_string(),
    }
}

/// Packets that the kernel counted on an interface, in both directions.
///
/// From `/proc`, because a container's `/sys` may show the network of another.
pub(crate) fn kernel_packets(name: &str) -> Option<u64> {
    let table = std::fs::read_to_string("/proc/self/net/dev").ok()?;
    packets_in(&table, name)
}

/// `  wg0: bytes packets errs drop fifo frame compressed multicast bytes packets …`
fn packets_in(table: &str, name: &str) -> Option<u64> {
    let line = table.lines().find_map(|line| line.trim_start().strip_prefix(name)?.strip_prefix(':'))?;
    let mut columns = line.split_whitespace().map(|word| word.parse::<u64>().ok());
    Some(columns.nth(1)?? + columns.nth(7)??)
}

/// Lists what there is.
pub(crate) fn print_all() -> anyhow::Result<Exit> {
    let mut out = std::io::stdout().lock();
    for device in devices()? {
        let state = if device.flags.is_up() { "up" } else { "down" };
        let kind = match Capture::from_device(device.clone()).and_then(|builder| builder.buffer_size(1 << 16).open()) {
            Ok(capture) => link_type_name(link_type(capture.get_datalink())),
            Err(_) => "-".to_owned(),
        };
        let addresses: Vec<String> = device.addresses.iter().map(|address| address.addr.to_string()).collect();
        writeln!(out, "{:<16} {state:<5} {kind:<10} {}", device.name, addresses.join(" "))?;
    }
    Ok(Exit::Complete)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_of_the_kernel() {
        let table = "Inter-|   Receive                                                |  Transmit\n \
            face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop\n\
                lo: 100       2    0    0    0     0          0         0      100       3    0    0    0     0       0          0\n  \
              wg0:12345678 7    0    0    0     0          0         0      100       5    0    0    0     0       0          0\n";
        for (name, expected) in [("lo", Some(5)), ("wg0", Some(12)), ("wg", None), ("eth0", None)] {
            assert_eq!(packets_in(table, name), expected, "{name}");
        }
    }

    #[test]
    fn link_types_as_files_number_them() {
        for (libpcap, file, name) in [(12, 101, "raw IP"), (1, 1, "Ethernet"), (113, 113, "LINUX_SLL")] {
            let found = link_type(Linktype(libpcap));
            assert_eq!((found.0, link_type_name(found).as_str()), (file, name));
        }
    }
}
