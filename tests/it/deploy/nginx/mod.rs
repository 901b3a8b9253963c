//! The page's server, Debian's nginx with the configuration that is deployed: what passes to Elasticsearch, what is
//! refused, and what every answer carries.

mod pages;
mod real;
mod requests;
mod start;

use super::child::Server;
use super::http::{Answer, exchange};
use super::{has, repository};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What the key file holds here.
const KEY: &str = "c25pZmZpdDpub3QtYS1zZWNyZXQ=";

/// Whether nginx is there; else a line says so.
fn nginx_is_here() -> bool {
    has("nginx", "-v", "nginx's configuration (Debian: apt-get install nginx)")
}

/// nginx, started by `start.sh`, in front of something that takes the part of Elasticsearch.
struct Proxy {
    address: String,
    folder: TempDir,
    server: Server,
}

impl Proxy {
    fn start(elasticsearch: &str) -> Self {
        Self::with_page(elasticsearch, None)
    }

    /// Without a page it gets a small one of its own.
    fn with_page(elasticsearch: &str, page: Option<&Path>) -> Self {
        // Between the moment that finds a free port and the one that uses it, somebody else may take it.
        (0..5).find_map(|_| Self::try_start(elasticsearch, page)).expect("nginx starts on a free port")
    }

    fn try_start(elasticsearch: &str, page: Option<&Path>) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let page = page.map_or_else(|| small_page(folder.path()), Path::to_owned);
        let address =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").to_string();
        fs::write(folder.path().join("key"), KEY).expect("the key is written");
        let (key, run) = (folder.path().join("key"), folder.path().join("run"));
        let log = File::create(folder.path().join("log")).expect("a log");
        let script = start_script();
        // One process, and so nothing that could outlive it.
        let arguments = [&*script.to_string_lossy(), "-g", "daemon off; master_process off;"];
        let environment = [
            ("SNIFFIT_LISTEN", OsStr::new(&address)),
            ("SNIFFIT_ELASTICSEARCH", OsStr::new(elasticsearch)),
            ("SNIFFIT_HOSTS", OsStr::new("sniffit.example.org")),
            ("SNIFFIT_KEY_FILE", key.as_os_str()),
            ("SNIFFIT_PAGE", page.as_os_str()),
            ("SNIFFIT_RUN", run.as_os_str()),
        ];
        let server = Server::start("sh", &arguments, environment, Stdio::from(log));
        let mut proxy = Self { address, folder, server };
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(&proxy.address).is_err() {
            if proxy.server.has_ended() {
                eprintln!("nginx ended: {}", proxy.log());
                return None;
            }
            assert!(Instant::now() < end, "nginx does not answer: {}", proxy.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(proxy)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn send(&self, request: &[u8]) -> Answer {
        exchange(&self.address, request)
    }

    fn get(&self, target: &str) -> Answer {
        self.send(format!("GET {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).as_bytes())
    }
}

/// The least that is taken for a page, in a folder. The one of `web` is not there before it was built.
fn small_page(folder: &Path) -> PathBuf {
    let page = folder.join("page");
    fs::create_dir(&page).expect("a folder");
    fs::write(page.join("index.html"), "<!doctype html>").expect("a file");
    page
}

fn start_script() -> PathBuf {
    repository("deploy/nginx/start.sh")
}
