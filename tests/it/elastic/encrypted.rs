//! The way to a server with TLS: nginx in front of the real Elasticsearch, with certificates made here.

use super::store::{analyze, shared_and_set_up};
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CAPTURE: &str = "conventions/golden_push.pcap";

/// An nginx that ends with this.
struct Proxy(Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts nginx with a certificate in front of a server; its address.
fn encrypt(folder: &Path, certificate: &str, server: &str) -> (Proxy, String) {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
    let place = folder.display();
    let configuration = format!(
        "worker_processes 1; pid {place}/{certificate}.pid; error_log stderr; daemon off; master_process off; events {{}}
         http {{ access_log off; client_max_body_size 16m; client_body_temp_path {place}/body; proxy_temp_path {place}/proxy;
           fastcgi_temp_path {place}/f; uwsgi_temp_path {place}/u; scgi_temp_path {place}/s;
           server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {place}/{certificate}.pem;
             ssl_certificate_key {place}/{certificate}.key; location / {{ proxy_pass {server}; }} }} }}"
    );
    let file = folder.join(format!("{certificate}.conf"));
    fs::write(&file, configuration).expect("a configuration");
    let mut nginx = Command::new("nginx");
    nginx.arg("-c").arg(&file).arg("-p").arg(folder).arg("-e").arg("stderr");
    let proxy = Proxy(nginx.stdin(Stdio::null()).stderr(Stdio::null()).spawn().expect("nginx starts"));
    let begin = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begin.elapsed() < Duration::from_secs(20), "nginx does not answer");
        std::thread::sleep(Duration::from_millis(20));
    }
    (proxy, format!("https://127.0.0.1:{port}"))
}

/// An authority, a server's certificate that it signed, one for another name, and one that is its own authority.
fn make_certificates(folder: &Path) {
    let script = r#"
        set -e
        new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -subj "/CN=$1" "${@:2}"; }
        sign() { openssl x509 -req -in "$1.csr" -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -out "$1.pem" \
            -extfile <(printf 'basicConstraints=CA:FALSE\nsubjectAltName=%s\n' "$2"); }
        new authority -x509 -days 2 -out authority.pem
        new server -out server.csr && sign server IP:127.0.0.1
        new elsewhere -out elsewhere.csr && sign elsewhere DNS:elsewhere.example
        new own -x509 -days 2 -addext subjectAltName=IP:127.0.0.1 -out own.pem
    "#;
    let made = Command::new("bash").args(["-c", script]).current_dir(folder).output().expect("bash starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

#[test]
fn a_certificate_is_trusted_or_told_about() {
    let Some(server) = shared_and_set_up() else { return };
    let there = |program: &str| Command::new(program).arg("-h").output().is_ok();
    if !there("nginx") || !there("openssl") {
        eprintln!("skipped: nginx and openssl are needed (`cargo xtask test` installs the first)");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    make_certificates(folder.path());
    let authority = folder.path().join("authority.pem").to_str().expect("a plain path").to_owned();
    let own = folder.path().join("own.pem").to_str().expect("a plain path").to_owned();
    for (certificate, options, expected) in [
        ("server", &["--ca-cert", &authority][..], ""),
        ("server", &[], "name the certificate of the authority that signed it with --ca-cert"),
        ("elsewhere", &["--ca-cert", &authority], "it is another host's"),
        ("own", &["--ca-cert", &own], "it is an authority's own certificate"),
    ] {
        let (_proxy, url) = encrypt(folder.path(), certificate, &server);
        let options = [options, &["--idle", "651ms", "-q"]].concat();
        let run = analyze(&url, CAPTURE, &options).expect(if expected.is_empty() { 0 } else { 4 });
        assert!(run.stderr.contains(expected), "{certificate}, {options:?}: {}", run.stderr);
    }
}
