//! Two network namespaces joined by a virtual cable: one sends a capture, the other is recorded.
//!
//! In: a capture. Out: how many packets went over the cable and how long that took. Guaranteed: nothing but that capture
//! crosses the cable, and what was made is removed again, also after an error.

use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Segments that offloading left unsplit are in the captures, so the cable takes what Linux can hold.
const MTU_BYTES: &str = "65535";

pub(super) struct Rig {
    sender: String,
    recorded: String,
}

/// What `tcpreplay` says of a replay.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Replay {
    pub(super) packets: u64,
    pub(super) mbit_s: f64,
    pub(super) packets_s: f64,
}

impl Rig {
    /// The interface that is recorded, within its namespace.
    pub(super) const INTERFACE: &str = "recorded";

    pub(super) fn new() -> Result<Self> {
        let id = std::process::id();
        let rig = Self { sender: format!("sniffit-bench-{id}-a"), recorded: format!("sniffit-bench-{id}-b") };
        for name in [&rig.sender, &rig.recorded] {
            ip(&["netns", "add", name])?;
            // No router is looked for, and no address checked, while packets are counted.
            rig.within(
                name,
                "sysctl",
                &["-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"],
            )?;
        }
        let cable = ["link", "add", "sender", "netns", &rig.sender, "type", "veth", "peer", "name", Self::INTERFACE];
        ip(&[&cable[..], &["netns", &rig.recorded]].concat())?;
        for (name, interface) in [(&rig.sender, "sender"), (&rig.recorded, Self::INTERFACE)] {
            ip(&["-n", name, "link", "set", interface, "mtu", MTU_BYTES, "up"])?;
        }
        Ok(rig)
    }

    /// A command that will run in the namespace that is recorded. `ip` becomes the program, so they are one process.
    pub(super) fn recording(&self, program: &Path) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.recorded]).arg(program);
        command
    }

    /// Sends a capture over the cable, as fast as it goes or at a rate.
    pub(super) fn replay(&self, capture: &Path, mbit_s: Option<u32>) -> Result<Replay> {
        let rate = mbit_s.map_or_else(|| "--topspeed".to_owned(), |rate| format!("--mbps={rate}"));
        let capture = capture.to_str().context("the path of the capture is no text")?;
        let output = self.within(&self.sender, "tcpreplay", &["--preload-pcap", &rate, "--intf1=sender", capture])?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        parse_replay(&text).with_context(|| format!("tcpreplay said no numbers:\n{text}"))
    }

    fn within(&self, namespace: &str, program: &str, arguments: &[&str]) -> Result<Output> {
        let output = Command::new("ip")
            .args(["netns", "exec", namespace, program])
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("{program} can't be started"))?;
        ensure!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr).trim());
        Ok(output)
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        for name in [&self.sender, &self.recorded] {
            if let Err(error) = ip(&["netns", "del", name]) {
                eprintln!("warning: {error:#}");
            }
        }
    }
}

fn ip(arguments: &[&str]) -> Result<()> {
    let output = Command::new("ip").args(arguments).output().context("ip can't be started")?;
    let words = arguments.join(" ");
    ensure!(output.status.success(), "ip {words}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}

/// `Actual: 1003 packets (5 bytes) sent in 0.5 seconds` and `Rated: 1.0 Bps, 2.00 Mbps, 3.0 pps`.
fn parse_replay(text: &str) -> Option<Replay> {
    let packets = text.split_once("Actual: ")?.1.split(' ').next()?.parse().ok()?;
    let rated = text.split_once("Rated: ")?.1.lines().next()?;
    let rate = |unit: &str| rated.split(", ").find_map(|part| part.trim().strip_suffix(unit)?.trim().parse().ok());
    Some(Replay { packets, mbit_s: rate("Mbps")?, packets_s: rate("pps")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tcpreplay_says() {
        let text = "Actual: 56422 packets (38155346 bytes) sent in 0.260005 seconds\n\
                    Rated: 146748682.0 Bps, 1173.98 Mbps, 217003.51 pps\nStatistics for network device: sender\n";
        let expected = Replay { packets: 56422, mbit_s: 1173.98, packets_s: 217_003.51 };
        assert_eq!(parse_replay(text), Some(expected));
        assert_eq!(parse_replay("nothing"), None);
    }
}
