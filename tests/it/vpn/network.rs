//! Phone, VPN's server, web server, administrator and another client, on one switch.
//!
//! In: which VPN. Out: namespaces in which it is up. Guaranteed: everything ends with the test; keys are made for it and thrown away.

use crate::support::cable::{Namespace, until};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

pub(super) const VPS: &str = "203.0.113.1";
pub(super) const VPS_V6: &str = "2001:db8::1";
pub(super) const WEB: &str = "203.0.113.80";
pub(super) const WEB_V6: &str = "2001:db8::80";
pub(super) const ADMIN: &str = "203.0.113.22";
pub(super) const OTHER: &str = "203.0.113.77";
const PHONE: &str = "203.0.113.10";
/// The phone's addresses in the tunnel.
const PHONE_INSIDE: &str = "10.8.0.2";
const PHONE_V6_INSIDE: &str = "fd00:8::2";
/// The first that OpenVPN gives.
const PHONE_V6_IN_OPENVPN: &str = "fd00:8::1000";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    OpenVpn,
    WireGuard,
}

/// Programs end with it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(super) struct Network {
    // Programs end before their namespaces.
    running: Vec<Running>,
    kind: Kind,
    tunnel: String,
    folder: TempDir,
    pub(super) phone: Namespace,
    pub(super) vps: Namespace,
    pub(super) web: Namespace,
    admin: Namespace,
    other: Namespace,
    _switch: Namespace,
}

impl Network {
    /// With the VPN up; `None` where it can't be, which is said.
    pub(super) fn new(kind: Kind) -> Option<Self> {
        let needed: &[(&str, &str)] = match kind {
            Kind::OpenVpn => &[("openvpn", "openvpn")],
            Kind::WireGuard => &[("wireguard-go", "wireguard-go"), ("wg", "wireguard-tools")],
        };
        let always = [
            ("curl", "curl"),
            ("openssl", "openssl"),
            ("iptables-nft", "iptables"),
            ("bridge", "iproute2"),
            ("sysctl", "procps"),
        ];
        for (program, package) in needed.iter().chain(&always) {
            let found =
                Command::new("sh").args(["-c", &format!("command -v {program}")]).stdout(Stdio::null()).status();
            if !found.is_ok_and(|status| status.success()) {
                eprintln!("skipped: `{program}` is not installed (Debian: {package})");
                return None;
            }
        }
        if !Path::new("/dev/net/tun").exists() {
            eprintln!("skipped: there is no /dev/net/tun");
            return None;
        }
        let switch = Namespace::new("sw")?;
        let [phone, vps, web, admin, other] = ["phone", "vps", "web", "admin", "other"].map(Namespace::new);
        let mut network = Self {
            running: Vec::new(),
            kind,
            tunnel: String::new(),
            folder: tempfile::tempdir().expect("a folder"),
            phone: phone?,
            vps: vps?,
            web: web?,
            admin: admin?,
            other: other?,
            _switch: switch,
        };
        network.connect();
        match kind {
            Kind::OpenVpn => network.openvpn(),
            Kind::WireGuard => network.wireguard(),
        }
        let phone = &network.phone;
        for address in ["10.8.0.1", "fd00:8::1"] {
            // Nobody listens there, which only the other end of the tunnel can tell.
            until("the tunnel", || {
                let mut shell = phone.command("timeout");
                let output = shell.args(["2", "bash", "-c", &format!("exec 3<>/dev/tcp/{address}/9")]).output();
                output.is_ok_and(|output| String::from_utf8_lossy(&output.stderr).contains("refused"))
            });
        }
        Some(network)
    }

    /// The tunnel's interface on the server.
    pub(super) fn tunnel(&self) -> &str {
        &self.tunnel
    }

    pub(super) fn phone_outside(&self) -> &str {
        PHONE
    }

    /// The phone's addresses in the tunnel.
    pub(super) const fn phone_inside(&self) -> [&'static str; 2] {
        match self.kind {
            Kind::OpenVpn => [PHONE_INSIDE, PHONE_V6_IN_OPENVPN],
            Kind::WireGuard => [PHONE_INSIDE, PHONE_V6_INSIDE],
        }
    }

    /// Of the server's outer interface.
    pub(super) fn variables(&self) -> String {
        format!(
            "IP_VPN={VPS}\nIPV6_VPN={VPS_V6}\nIP_CLIENT={PHONE}\nIPV6_CLIENT=2001:db8::10\n\
             IP_SSH={ADMIN},{OTHER}\nIPV6_SSH=2001:db8::22\n"
        )
    }

    /// A new folder of the test's.
    pub(super) fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        fs::create_dir(&folder).expect("a new folder");
        folder
    }

    /// Starts a program that ends with the network.
    pub(super) fn start(&mut self, mut command: Command, name: &str) -> PathBuf {
        let log = self.folder.path().join(format!("{name}.log"));
        command
            .stdout(fs::File::create(&log).expect("a file"))
            .stderr(fs::File::options().append(true).open(&log).expect("it"));
        self.running.push(Running(command.spawn().unwrap_or_else(|error| panic!("{name}: {error}"))));
        log
    }

    fn connect(&self) {
        let switch = &self._switch;
        switch.ip("link add br0 type bridge");
        switch.ip("link set br0 up");
        for (namespace, number) in
            [(&self.phone, "10"), (&self.vps, "1"), (&self.web, "80"), (&self.admin, "22"), (&self.other, "77")]
        {
            namespace.ip(&format!("link add eth0 type veth peer name port{number} netns {}", switch.0));
            switch.ip(&format!("link set port{number} master br0 up"));
            namespace.ip("link set eth0 up");
            namespace.ip(&format!("addr add 203.0.113.{number}/24 dev eth0"));
            namespace.ip(&format!("addr add 2001:db8::{number}/64 dev eth0 nodad"));
            // What goes over the cable is what goes through the tunnel, packet by packet.
            let mut off = namespace.command("ethtool");
            off.args(["-K", "eth0", "tso", "off", "gso", "off", "gro", "off", "tx", "off"]);
            let _ = off.stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
        let forwarding = ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"];
        self.vps.run(&["sysctl", "-qw", forwarding[0], forwarding[1]]);
        for (program, network) in [("iptables-nft", "10.8.0.0/24"), ("ip6tables-nft", "fd00:8::/64")] {
            self.vps.run(&[program, "-t", "nat", "-A", "POSTROUTING", "-o", "eth0", "-s", network, "-j", "MASQUERADE"]);
        }
    }

    fn openvpn(&mut self) {
        self.tunnel = "tun0".to_owned();
        let folder = self.folder("openvpn");
        let path = |name: &str| folder.join(name).to_str().expect("text").to_owned();
        for end in ["server", "client"] {
            let (key, certificate) = (path(&format!("{end}.key")), path(&format!("{end}.crt")));
            make_certificate(&key, &certificate, end);
        }
        let fingerprint = |end: &str| {
            let text =
                run(&["openssl", "x509", "-in", &path(&format!("{end}.crt")), "-noout", "-fingerprint", "-sha256"]);
            text.trim().split_once('=').expect("a fingerprint").1.to_owned()
        };
        let mut server = self.vps.pinned("openvpn");
        server.args([
            "--dev",
            "tun0",
            "--dev-type",
            "tun",
            "--topology",
            "subnet",
            "--server",
            "10.8.0.0",
            "255.255.255.0",
        ]);
        server.args([
            "--server-ipv6",
            "fd00:8::/64",
            "--proto",
            "udp",
            "--port",
            "1194",
            "--dh",
            "none",
            "--disable-dco",
        ]);
        server.args(["--cert", &path("server.crt"), "--key", &path("server.key"), "--keepalive", "10", "60"]);
        server.args(["--peer-fingerprint", &fingerprint("client")]);
        let log = self.start(server, "openvpn-server");
        until("OpenVPN's server", || said(&log, "Initialization Sequence Completed"));
        let mut client = self.phone.pinned("openvpn");
        client.args([
            "--client",
            "--dev",
            "tun0",
            "--dev-type",
            "tun",
            "--proto",
            "udp",
            "--remote",
            VPS,
            "1194",
            "--nobind",
        ]);
        client.args(["--cert", &path("client.crt"), "--key", &path("client.key"), "--disable-dco"]);
        client.args(["--peer-fingerprint", &fingerprint("server"), "--route", WEB, "255.255.255.255"]);
        client.args(["--route-ipv6", &format!("{WEB_V6}/128")]);
        let log = self.start(client, "openvpn-client");
        until("OpenVPN's client", || said(&log, "Initialization Sequence Completed"));
        let addresses = self.phone.run(&["ip", "-o", "addr", "show", "tun0"]);
        for address in self.phone_inside() {
            assert!(addresses.contains(&format!("{address}/")), "{addresses}");
        }
    }

    fn wireguard(&mut self) {
        let folder = self.folder("wireguard");
        // The control socket of a name is shared by all namespaces.
        let names = ["s", "c"].map(|end| format!("wg{end}{}", std::process::id()));
        self.tunnel.clone_from(&names[0]);
        let mut keys = Vec::new();
        for name in &names {
            let path = folder.join(name);
            let key = run(&["wg", "genkey"]);
            fs::write(&path, &key).expect("written");
            let public = format!("wg pubkey < {}", path.display());
            keys.push((path.to_str().expect("text").to_owned(), run(&["sh", "-c", &public]).trim().to_owned()));
        }
        for (name, is_server) in [(&names[0], true), (&names[1], false)] {
            let namespace = if is_server { &self.vps } else { &self.phone };
            let mut program = namespace.pinned("wireguard-go");
            program.args(["-f", name]).env("LOG_LEVEL", "error");
            self.start(program, name);
            let namespace = if is_server { &self.vps } else { &self.phone };
            until("wireguard-go", || {
                let mut show = namespace.command("wg");
                show.args(["show", name]).stdout(Stdio::null()).stderr(Stdio::null());
                show.status().is_ok_and(|status| status.success())
            });
        }
        let [(server_key, server), (client_key, client)] = &keys[..] else { unreachable!("two keys") };
        let inside = format!("{PHONE_INSIDE}/32,{PHONE_V6_INSIDE}/128");
        self.vps.run(&[
            "wg",
            "set",
            &names[0],
            "listen-port",
            "51820",
            "private-key",
            server_key,
            "peer",
            client,
            "allowed-ips",
            &inside,
        ]);
        let endpoint = format!("{VPS}:51820");
        self.phone.run(&[
            "wg",
            "set",
            &names[1],
            "private-key",
            client_key,
            "peer",
            server,
            "allowed-ips",
            "0.0.0.0/0,::/0",
            "endpoint",
            &endpoint,
            "persistent-keepalive",
            "25",
        ]);
        for (namespace, name, number) in [(&self.vps, &names[0], "1"), (&self.phone, &names[1], "2")] {
            namespace.ip(&format!("addr add 10.8.0.{number}/24 dev {name}"));
            namespace.ip(&format!("addr add fd00:8::{number}/64 dev {name} nodad"));
            namespace.ip(&format!("link set {name} mtu 1420 up"));
        }
        self.phone.ip(&format!("route add {WEB}/32 dev {} src {PHONE_INSIDE}", names[1]));
        self.phone.ip(&format!("-6 route add {WEB_V6}/128 dev {} src {PHONE_V6_INSIDE}", names[1]));
    }

    /// Until no connection of the phone's is open, so that recorders that end one after the other end alike.
    pub(super) fn settle(&self) {
        let open = [
            "state",
            "established",
            "state",
            "fin-wait-1",
            "state",
            "fin-wait-2",
            "state",
            "closing",
            "state",
            "last-ack",
        ];
        until("connections end", || self.phone.run(&[&["ss", "-Htn"][..], &open].concat()).trim().is_empty());
    }

    /// The administrator speaks to port 22 of the server.
    pub(super) fn administer(&self) {
        // Nobody listens: the attempts, and the answers, are packets enough.
        let mut command = self.admin.command("curl");
        command.args(["-s", "--connect-timeout", "3", &format!("http://{VPS}:22/")]);
        let _ = command.stdout(Stdio::null()).status();
    }

    /// Somebody who is no user of the VPN speaks to the server.
    pub(super) fn visit_from_another_client(&self) {
        let mut command = self.other.command("curl");
        command.args(["-s", "--connect-timeout", "3", &format!("http://{VPS}:8080/")]);
        let _ = command.stdout(Stdio::null()).status();
    }
}

fn said(log: &Path, words: &str) -> bool {
    fs::read_to_string(log).is_ok_and(|text| text.contains(words))
}

/// A key, and a certificate that it signed itself.
pub(super) fn make_certificate(key: &str, certificate: &str, name: &str) {
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650"];
    let subject = format!("/CN={name}");
    let files = ["-keyout", key, "-out", certificate, "-subj", &subject];
    run(&[&["openssl", "req", "-x509"][..], &curve, &files].concat());
}

/// Runs a program to its end, which has to be good; what it printed.
fn run(words: &[&str]) -> String {
    let output = Command::new(words[0]).args(&words[1..]).stdin(Stdio::null()).output().expect(words[0]);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
