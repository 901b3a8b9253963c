//! A web server that counts the bytes it puts on the wire, and what the phone fetches from it.
//!
//! In: the network. Out: for each connection, how many bytes of TCP payload went each way. Guaranteed: for plain HTTP they are
//! curl's own counts, answer by answer; for TLS those of a relay in front of the server that only passes bytes on (nginx, `stream`)
//! and writes down how many they were.

use super::network::{Network, WEB, WEB_V6, make_certificate};
use crate::support::cable::until;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Bodies, by their paths.
const SIZES: [usize; 5] = [30_000, 1_200, 250_000, 90, 64_000];

/// One connection.
pub(super) struct Fetched {
    pub(super) what: &'static str,
    pub(super) server: &'static str,
    pub(super) port: u16,
    /// TCP payload to the phone.
    pub(super) down_bytes: u64,
    pub(super) up_bytes: u64,
    /// Of each answer, headers included, where that is known.
    pub(super) answers: Option<Vec<u64>>,
    pub(super) least_objects: usize,
}

pub(super) struct Web {
    folder: PathBuf,
}

impl Web {
    /// Starts it in its namespace; `None` where nginx or its module is missing, which is said.
    pub(super) fn start(network: &Network) -> Option<Self> {
        let module = "/usr/lib/nginx/modules/ngx_stream_module.so";
        if !std::path::Path::new(module).exists() {
            eprintln!("skipped: nginx can't relay (Debian: nginx libnginx-mod-stream)");
            return None;
        }
        let folder = network.folder("web");
        fs::create_dir(folder.join("pages")).expect("a folder");
        for size in SIZES {
            fs::write(folder.join("pages").join(size.to_string()), vec![b'.'; size]).expect("written");
        }
        let path = |name: &str| folder.join(name).to_str().expect("text").to_owned();
        make_certificate(&path("key.pem"), &path("certificate.pem"), "web.example");
        let configuration = CONFIGURATION.replace("MODULE", module).replace("FOLDER", folder.to_str().expect("text"));
        let file = folder.join("nginx.conf");
        fs::write(&file, configuration).expect("written");
        // It ends with its namespace's last process: in the foreground, by `kill` when the test ends.
        let started =
            network.web.pinned("nginx").arg("-p").arg(&folder).arg("-c").arg(&file).output().expect("nginx starts");
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
        Some(Self { folder })
    }

    /// Everything that the phone fetches, a connection after the other.
    pub(super) fn fetch_all(&self, network: &Network) -> Vec<Fetched> {
        let v6 = format!("[{WEB_V6}]");
        let mut fetched = vec![plain(network, "HTTP/1.1", WEB, WEB), plain(network, "HTTP/1.1 over IPv6", &v6, WEB_V6)];
        for (what, option, host, server) in [
            ("TLS, HTTP/1.1", "--http1.1", WEB, WEB),
            ("TLS, HTTP/2", "--http2", WEB, WEB),
            ("TLS, HTTP/2 over IPv6", "--http2", &v6, WEB_V6),
        ] {
            let urls = SIZES.map(|size| format!("https://{host}/{size}"));
            curl(network, &[option, "--insecure"], &urls);
            let number = fetched.len() - 2;
            let log = self.folder.join("relay.log");
            until("the relay's account", || lines(&log).len() > number);
            let counts: Vec<u64> = lines(&log)[number].split(' ').map(|word| word.parse().expect("a number")).collect();
            let [down_bytes, up_bytes] = counts[..] else { panic!("{counts:?}") };
            fetched.push(Fetched {
                what,
                server,
                port: 443,
                down_bytes,
                up_bytes,
                answers: None,
                least_objects: SIZES.len(),
            });
        }
        fetched
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        let pid = fs::read_to_string(self.folder.join("nginx.pid")).unwrap_or_default();
        // Without it, it has ended.
        let _ = Command::new("kill").arg(pid.trim()).status();
    }
}

fn lines(path: &std::path::Path) -> Vec<String> {
    fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect()
}

/// Several objects on one connection: curl tells the bytes of each request and answer.
fn plain(network: &Network, what: &'static str, host: &str, server: &'static str) -> Fetched {
    let urls = SIZES.map(|size| format!("http://{host}/{size}"));
    let said =
        curl(network, &["--http1.1", "--write-out", "%{size_request} %{size_header} %{size_download}\\n"], &urls);
    let counts: Vec<Vec<u64>> =
        said.lines().map(|line| line.split(' ').map(|word| word.parse().expect("a number")).collect()).collect();
    assert_eq!(counts.len(), SIZES.len(), "{said}");
    let answers: Vec<u64> = counts.iter().map(|counts| counts[1] + counts[2]).collect();
    Fetched {
        what,
        server,
        port: 80,
        down_bytes: answers.iter().sum(),
        up_bytes: counts.iter().map(|counts| counts[0]).sum(),
        answers: Some(answers),
        least_objects: SIZES.len(),
    }
}

/// One curl, which keeps its connection.
fn curl(network: &Network, options: &[&str], urls: &[String]) -> String {
    let mut command = network.phone.pinned("curl");
    command.args(["--silent", "--show-error", "--fail", "--max-time", "60"]).args(options);
    for url in urls {
        command.args(["--output", "/dev/null", url]);
    }
    let output = command.output().expect("curl starts");
    assert!(output.status.success(), "curl: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const CONFIGURATION: &str = r#"
load_module MODULE;
pid FOLDER/nginx.pid;
error_log FOLDER/error.log;
worker_processes 1;
user root;
events {}
http {
    access_log off;
    types {}
    default_type application/octet-stream;
    keepalive_timeout 60s;
    client_body_temp_path FOLDER/t1; proxy_temp_path FOLDER/t2; fastcgi_temp_path FOLDER/t3; uwsgi_temp_path FOLDER/t4; scgi_temp_path FOLDER/t5;
    server { listen 80; listen [::]:80; root FOLDER/pages; }
    server {
        listen 127.0.0.1:8443 ssl http2;
        ssl_certificate FOLDER/certificate.pem;
        ssl_certificate_key FOLDER/key.pem;
        root FOLDER/pages;
    }
}
stream {
    log_format bytes '$bytes_sent $bytes_received';
    access_log FOLDER/relay.log bytes;
    server { listen 443; listen [::]:443; proxy_pass 127.0.0.1:8443; }
}
"#;
