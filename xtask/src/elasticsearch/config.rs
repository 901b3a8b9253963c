//! The configuration of a server.
//!
//! In: ports, folders, heap. Out: the files of the folder that `ES_PATH_CONF` names. Guaranteed: one node that listens
//! on 127.0.0.1 only; no setting that the distribution doesn't know, since the server refuses to start with one.

use super::place::Folders;
use anyhow::{Context, Result};
use std::fs;

/// What a caller may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    /// 0 lets the server take any free port.
    pub(super) port: u16,
    /// As the JVM takes it: `512m`.
    pub(super) heap: String,
    /// Whether who calls must say who they are.
    pub(super) is_secured: bool,
    /// Whether to start sooner at the cost of speed afterwards.
    pub(super) is_quick: bool,
    /// More of the server's own settings, by name.
    pub(super) more: Vec<(String, String)>,
}

/// Writes the files that every server needs.
///
/// # Errors
/// When one can't be written.
pub(super) fn write(folders: &Folders, settings: &Settings) -> Result<()> {
    let files = [
        ("elasticsearch.yml", node(folders, settings)),
        ("jvm.options", jvm(settings)),
        ("log4j2.properties", LOGGING.to_owned()),
    ];
    for (name, text) in files {
        let path = folders.config().join(name);
        fs::write(&path, text).with_context(|| format!("{} can't be written", path.display()))?;
    }
    Ok(())
}

fn node(folders: &Folders, settings: &Settings) -> String {
    let Settings { port, is_secured, more, .. } = settings;
    let mut text = format!(
        "cluster.name: sniffit\n\
         node.name: sniffit\n\
         discovery.type: single-node\n\
         network.host: 127.0.0.1\n\
         http.port: {port}\n\
         transport.port: 0\n\
         # The addresses go into a file of the log folder: with port 0 nobody else knows them.\n\
         node.portsfile: true\n\
         path.data: {store}\n\
         path.logs: {logs}\n\
         xpack.security.enabled: {is_secured}\n\
         xpack.security.enrollment.enabled: false\n\
         # On a disk that is nearly full, every index would become read-only.\n\
         cluster.routing.allocation.disk.threshold_enabled: false\n",
        store = quoted(&folders.store().to_string_lossy()),
        logs = quoted(&folders.logs().to_string_lossy()),
    );
    for (name, value) in more {
        text.push_str(&format!("{}: {}\n", quoted(name), quoted(value)));
    }
    text
}

/// JSON's strings are YAML's as well, and the server takes every value as text.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn jvm(settings: &Settings) -> String {
    let heap = &settings.heap;
    let mut options = format!(
        "-Xms{heap}\n-Xmx{heap}\n\
         -XX:+UseG1GC\n\
         # Memory is taken when it is used.\n\
         -XX:-AlwaysPreTouch\n\
         -XX:+ExitOnOutOfMemoryError\n\
         # The server refuses to start when its temporary files could lie above its libraries.\n\
         -Djava.io.tmpdir=${{ES_TMPDIR}}\n\
         -XX:ErrorFile=hs_err_pid%p.log\n"
    );
    if settings.is_quick {
        options.push_str("# Half of the CPU time of a start goes into optimising.\n-XX:TieredStopAtLevel=1\n");
    }
    options
}

/// All goes to standard output, and from there into one file.
const LOGGING: &str = "status = error\n\
    appender.console.type = Console\n\
    appender.console.name = console\n\
    appender.console.layout.type = PatternLayout\n\
    appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}]%marker %m%consoleException%n\n\
    rootLogger.level = info\n\
    rootLogger.appenderRef.console.ref = console\n";

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings { port: 9200, heap: "512m".to_owned(), is_secured: false, is_quick: false, more: Vec::new() }
    }

    #[test]
    fn a_node_listens_on_loopback_alone() {
        let text = node(&Folders::new("/a b/\"c\"".into()), &settings());
        assert!(text.contains("\nnetwork.host: 127.0.0.1\nhttp.port: 9200\n"), "{text}");
        assert!(text.contains("\npath.data: \"/a b/\\\"c\\\"/store\"\n"), "{text}");
        assert!(text.contains("\nxpack.security.enabled: false\n"), "{text}");
        assert!(!text.contains("  "), "{text}");
    }

    #[test]
    fn more_settings_come_last() {
        let more = vec![("cluster.max_shards_per_node".to_owned(), "5".to_owned())];
        let text = node(&Folders::new("/d".into()), &Settings { more, ..settings() });
        assert!(text.ends_with("\n\"cluster.max_shards_per_node\": \"5\"\n"), "{text}");
    }

    #[test]
    fn only_a_quick_start_gives_speed_away() {
        assert!(!jvm(&settings()).contains("Tiered"));
        let text = jvm(&Settings { is_quick: true, ..settings() });
        assert!(text.starts_with("-Xms512m\n-Xmx512m\n"), "{text}");
        assert!(text.contains("\n-Djava.io.tmpdir=${ES_TMPDIR}\n"), "{text}");
        assert!(text.ends_with("\n-XX:TieredStopAtLevel=1\n"), "{text}");
    }
}
