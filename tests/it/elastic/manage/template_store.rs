//! A server that knows templates and nothing else, for tests that must not change those of a server that others use.
//!
//! It gives back what was put, as Elasticsearch does where the form does not change. Whether our program understands the
//! real server's form is tested on that.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

/// A running server; it ends with the process.
pub(super) struct TemplateStore {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
pub(super) struct State {
    /// By path.
    pub(super) templates: BTreeMap<String, Value>,
    pub(super) puts: usize,
    /// What a PUT is answered with instead of being done.
    pub(super) refusal: Option<(u16, Value)>,
}

impl TemplateStore {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                serve(connection, &shared);
            }
        });
        Self { address, state }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic")
    }
}

/// Answers until the client goes away.
fn serve(connection: TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut writer = connection.try_clone().ok()?;
    let mut reader = BufReader::new(connection);
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
            if line.trim_end().is_empty() {
                break;
            }
            head.push(line.to_ascii_lowercase());
        }
        let length = head.iter().find_map(|line| line.strip_prefix("content-length:"));
        let length = length.map_or(0, |length| length.trim().parse().expect("a number"));
        let mut body = Vec::new();
        reader.by_ref().take(length).read_to_end(&mut body).ok()?;
        let mut words = head.first()?.split(' ');
        let (method, path) = (words.next()?, words.next()?);
        let (status, answer) = state.lock().expect("no panic").answer(method, path, &body);
        let answer = answer.to_string();
        write!(writer, "HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{answer}", answer.len()).ok()?;
    }
}

impl State {
    fn answer(&mut self, method: &str, path: &str, body: &[u8]) -> (u16, Value) {
        if method == "put" {
            self.puts += 1;
            if let Some(refusal) = &self.refusal {
                return refusal.clone();
            }
            self.templates.insert(path.to_owned(), serde_json::from_slice(body).expect("JSON"));
            return (200, json!({ "acknowledged": true }));
        }
        assert_eq!(method, "get", "{path}");
        let kind = path.split('/').nth(1).expect("a kind").trim_start_matches('_').to_owned();
        match self.templates.get(path) {
            Some(template) => {
                let mut entry = json!({});
                entry[&kind] = template.clone();
                let mut answer = json!({});
                answer[format!("{kind}s")] = json!([entry]);
                (200, answer)
            }
            None => (404, json!({ "error": { "type": "resource_not_found_exception" }, "status": 404 })),
        }
    }
}
