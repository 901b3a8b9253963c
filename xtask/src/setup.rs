//! What building and testing need besides this repository: found, installed, or named with the command that does.
//!
//! In: nothing. Out: everything is there, or an error with the exact command. Guaranteed: packages are installed only
//! as root on a Debian system; elsewhere nothing is changed.

use anyhow::{Context as _, Result, bail, ensure};
use std::path::Path;
use std::process::{Command, Stdio};

/// Something that must be there.
struct Need {
    /// As a user would call it, and what for.
    what: &'static str,
    program: String,
    arguments: &'static [&'static str],
    remedy: Remedy,
}

enum Remedy {
    /// A package of Debian and its relatives.
    Debian { package: &'static str },
    /// A command that every user may run.
    Run(&'static [&'static str]),
}

/// A program that a package of Debian brings.
fn debian(what: &'static str, program: &str, arguments: &'static [&'static str], package: &'static str) -> Need {
    Need { what, program: program.to_owned(), arguments, remedy: Remedy::Debian { package } }
}

/// What every command needs.
pub(crate) fn ensure_build() -> Result<()> {
    ensure_all(&[Need {
        what: "a C compiler, for the zstd library",
        // The build of the library asks the same variable.
        program: std::env::var("CC").unwrap_or_else(|_| "cc".to_owned()),
        arguments: &["--version"],
        remedy: Remedy::Debian { package: "build-essential" },
    }])
}

/// What fetches artefacts of the Java world.
pub(crate) fn ensure_maven() -> Result<()> {
    ensure_all(&[Need {
        what: "Maven (it fetches Elasticsearch)",
        program: "mvn".to_owned(),
        arguments: &["--version"],
        remedy: Remedy::Debian { package: "maven" },
    }])
}

/// What draws Kibana's Vega panels in the tests.
pub(crate) fn ensure_node() -> Result<()> {
    ensure_all(&[
        Need {
            what: "Node.js 18 or newer (it draws Kibana's panels in the tests)",
            program: "node".to_owned(),
            arguments: &["--eval", "process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)"],
            remedy: Remedy::Debian { package: "nodejs" },
        },
        Need {
            what: "npm (it fetches Vega)",
            program: "npm".to_owned(),
            arguments: &["--version"],
            remedy: Remedy::Debian { package: "npm" },
        },
    ])
}

/// What builds the page.
pub(crate) fn ensure_web() -> Result<()> {
    ensure_all(&[
        Need {
            what: "Node.js 20.19 or newer (it builds the page; Debian has it from 13 on, nodejs.org for all systems)",
            program: "node".to_owned(),
            arguments: &[
                "--eval",
                "const [a, b] = process.versions.node.split('.').map(Number); process.exit(a * 100 + b >= 2019 ? 0 : 1)",
            ],
            remedy: Remedy::Debian { package: "nodejs" },
        },
        Need {
            what: "npm (it fetches what builds the page)",
            program: "npm".to_owned(),
            arguments: &["--version"],
            remedy: Remedy::Debian { package: "npm" },
        },
    ])
}

/// What the tests of the page look at it with.
pub(crate) fn ensure_chromium() -> Result<()> {
    ensure_all(&[Need {
        what: "Chromium (the tests open the page in it)",
        program: "chromium".to_owned(),
        arguments: &["--version"],
        remedy: Remedy::Debian { package: "chromium" },
    }])
}

/// What PySpark is installed into.
pub(crate) fn ensure_venv() -> Result<()> {
    let is_new = &["-c", "import sys; sys.exit(sys.version_info < (3, 10))"];
    ensure_all(&[
        debian("Python 3.10 or newer (it starts Spark)", "python3", is_new, "python3"),
        debian("python3-venv (it holds PySpark)", "python3", &["-c", "import ensurepip, venv"], "python3-venv"),
    ])
}

/// Debian's toolchain for WebAssembly. By path, because another cargo comes first in `PATH`.
pub(crate) const DEBIAN_CARGO: &str = "/usr/bin/cargo";
pub(crate) const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// What builds the page's module where rustup can't add a target.
pub(crate) fn ensure_wasm() -> Result<()> {
    let needs = [
        debian("a rustc for WebAssembly", DEBIAN_RUSTC, &["--version"], "rustc-web"),
        debian("a cargo beside it", DEBIAN_CARGO, &["--version"], "cargo-web"),
        debian(
            "the sources of Rust's standard library",
            "test",
            &["-f", "/usr/lib/rustlib/src/rust/library/std/Cargo.toml"],
            "rust-web-src",
        ),
        debian("wasm-ld", "wasm-ld", &["--version"], "lld"),
    ];
    ensure_all(&needs).context(
        "the page's module needs Rust for wasm32-unknown-unknown: `rustup target add wasm32-unknown-unknown`, or \
         Debian's packages rustc-web cargo-web rust-web-src lld",
    )
}

/// What the tests of `deploy/` run for real. Those of the recorder make a network namespace, which only root may.
pub(crate) fn ensure_deployed() -> Result<()> {
    ensure_all(&[
        debian("nginx (the tests run its configuration)", "nginx", &["-v"], "nginx"),
        debian("shellcheck (it reads the scripts in deploy/)", "shellcheck", &["--version"], "shellcheck"),
        debian("curl (the scripts in deploy/ use it)", "curl", &["--version"], "curl"),
    ])?;
    if is_root() && Path::new("/etc/debian_version").exists() {
        ensure_all(&[
            debian("setcap (it gives the recorder its one right)", "setcap", &["-h"], "libcap2-bin"),
            debian("ip (it makes interfaces)", "ip", &["-V"], "iproute2"),
            debian("strace (it tells what the recorder asks the kernel for)", "strace", &["-V"], "strace"),
            debian("systemd-analyze (it judges the recorder's unit)", "systemd-analyze", &["--version"], "systemd"),
            debian("tcpdump (the recorder is compared with it)", "tcpdump", &["--version"], "tcpdump"),
            debian("tcpreplay (it sends what is recorded)", "tcpreplay", &["--version"], "tcpreplay"),
            // The same for programs that end with an error when they are asked for their version.
            debian("OpenVPN (a phone uses it)", "sh", &["-c", "command -v openvpn"], "openvpn"),
            debian("WireGuard (a phone uses it)", "sh", &["-c", "command -v wireguard-go"], "wireguard-go"),
            debian("wg (it sets WireGuard up)", "wg", &["--version"], "wireguard-tools"),
            debian("iptables (the VPN's server translates addresses)", "iptables-nft", &["--version"], "iptables"),
            debian("ethtool (packets are to stay as they are)", "ethtool", &["--version"], "ethtool"),
            debian("openssl (it makes certificates)", "openssl", &["version"], "openssl"),
            debian(
                "nginx's relay (it counts bytes on the wire)",
                "test",
                &["-f", "/usr/lib/nginx/modules/ngx_stream_module.so"],
                "libnginx-mod-stream",
            ),
        ])?;
    }
    Ok(())
}

/// What the recorder is linked with.
pub(crate) fn ensure_libpcap() -> Result<()> {
    ensure_all(&[Need {
        what: "libpcap with its headers (the recorder is linked with it)",
        program: "pcap-config".to_owned(),
        arguments: &["--version"],
        remedy: Remedy::Debian { package: "libpcap-dev" },
    }])
}

/// What `cargo xtask bench recorder` runs beside the recorder.
pub(crate) fn ensure_recorder_bench() -> Result<()> {
    ensure_all(&[
        debian("ip (it makes namespaces)", "ip", &["-V"], "iproute2"),
        debian("tcpreplay (it sends a capture)", "tcpreplay", &["--version"], "tcpreplay"),
        debian("tcpdump (ours is compared with it)", "tcpdump", &["--version"], "tcpdump"),
        debian("dumpcap (ours is compared with it)", "dumpcap", &["--version"], "wireshark-common"),
    ])
}

/// What `cargo xtask test` needs.
pub(crate) fn ensure_test() -> Result<()> {
    ensure_build()?;
    ensure_libpcap()?;
    ensure_all(&[
        Need {
            what: "rustfmt",
            program: "cargo".to_owned(),
            arguments: &["fmt", "--version"],
            remedy: Remedy::Run(&["rustup", "component", "add", "rustfmt"]),
        },
        Need {
            what: "clippy",
            program: "cargo".to_owned(),
            arguments: &["clippy", "--version"],
            remedy: Remedy::Run(&["rustup", "component", "add", "clippy"]),
        },
    ])
}

fn ensure_all(needs: &[Need]) -> Result<()> {
    for need in needs.iter().filter(|need| !need.is_there()) {
        eprintln!("missing: {}", need.what);
        match need.remedy {
            Remedy::Debian { package } => install_package(need.what, &[package])?,
            Remedy::Run(words) => run(words).map_err(|error| error.context(format!("{} is needed", need.what)))?,
        }
        ensure!(need.is_there(), "{} is still missing: `{}` does not run", need.what, need.program);
    }
    Ok(())
}

impl Need {
    fn is_there(&self) -> bool {
        let mut probe = Command::new(&self.program);
        probe.args(self.arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        probe.status().is_ok_and(|status| status.success())
    }
}

/// Installs the first of these packages that the release of the system has.
pub(crate) fn install_package(what: &str, packages: &[&str]) -> Result<()> {
    let may_install = is_root() && Path::new("/etc/debian_version").exists();
    if !may_install {
        bail!("{}", advice(what, packages[0]));
    }
    // A fresh image has no lists of packages.
    run(&["apt-get", "update"])?;
    let package = packages.iter().find(|package| is_in_release(package)).unwrap_or(&packages[0]);
    run(&["apt-get", "install", "-y", package])
}

fn is_in_release(package: &str) -> bool {
    let mut probe = Command::new("apt-cache");
    probe.args(["show", package]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    probe.status().is_ok_and(|status| status.success())
}

/// What to do where this may not install.
fn advice(what: &str, package: &str) -> String {
    format!(
        "{what} is missing. On Debian or Ubuntu run\n    sudo apt-get update && sudo apt-get install -y {package}\n\
         elsewhere install the package that brings it, and run the same command again"
    )
}

pub(crate) fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn run(words: &[&str]) -> Result<()> {
    let shown = words.join(" ");
    eprintln!("running: {shown}");
    let status = Command::new(words[0])
        .args(&words[1..])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .status()
        .map_err(|error| anyhow::anyhow!("`{shown}` can't be started: {error}"))?;
    ensure!(status.success(), "`{shown}` failed: run it yourself to see why");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_noticed() {
        let need = |program: &str| Need {
            what: "it",
            program: program.to_owned(),
            arguments: &["--version"],
            remedy: Remedy::Run(&["false"]),
        };
        assert!(need("rustc").is_there());
        assert!(!need("no-program-has-this-name").is_there());
        assert!(ensure_all(&[need("rustc")]).is_ok());
        let error = ensure_all(&[need("no-program-has-this-name")]).unwrap_err();
        assert!(format!("{error:#}").contains("it is needed: `false` failed"), "{error:#}");
    }

    #[test]
    fn the_advice_is_a_command_that_can_be_pasted() {
        let advice = advice("a C compiler", "build-essential");
        assert!(advice.contains("sudo apt-get update && sudo apt-get install -y build-essential\n"), "{advice}");
    }
}
