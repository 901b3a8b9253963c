//! `start.sh`: values that could mean something to nginx are refused, and the key stays in a file of its own.

use super::super::http::{Answer, Recorder};
use super::{KEY, Proxy, nginx_is_here, small_page, start_script};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

/// Checks the configuration that these values give.
fn check_configuration(changes: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("key"), KEY).expect("the key is written");
    let page = small_page(folder.path());
    let mut command = Command::new("sh");
    command.arg(start_script()).arg("-t").env("SNIFFIT_LISTEN", "127.0.0.1:8080");
    command.env("SNIFFIT_ELASTICSEARCH", "elasticsearch:9200").env("SNIFFIT_PAGE", page);
    command.env("SNIFFIT_KEY_FILE", folder.path().join("key")).env("SNIFFIT_RUN", folder.path().join("run"));
    command.envs(changes.iter().copied()).output().expect("sh starts")
}

#[test]
fn values_are_checked_before_nginx_reads_them() {
    if !nginx_is_here() {
        return;
    }
    let good = check_configuration(&[]);
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    let line_feed = tempfile::NamedTempFile::new().expect("a file");
    fs::write(line_feed.path(), "abc\"; return 200 x; #").expect("the key is written");
    let bad_key = line_feed.path().to_string_lossy().into_owned();
    for (name, value, told) in [
        ("SNIFFIT_LISTEN", "8080; return 200", "a port, or an address and a port"),
        ("SNIFFIT_ELASTICSEARCH", "a:9200/_search?", "a host and a port"),
        ("SNIFFIT_ELASTICSEARCH", "$request_uri", "a host and a port"),
        ("SNIFFIT_HOSTS", "*.example.org", "host names"),
        ("SNIFFIT_HOSTS", "~.*", "host names"),
        ("SNIFFIT_HOSTS", "a;}", "host names"),
        ("SNIFFIT_PAGE", "/nowhere", "there is no page"),
        ("SNIFFIT_PAGE", "/a|b", "the folder of the page"),
        ("SNIFFIT_RUN", "/tmp/a b", "a folder that can be written to"),
        ("SNIFFIT_KEY_FILE", "/nowhere/key", "did the service setup succeed?"),
        ("SNIFFIT_KEY_FILE", &*bad_key, "does not hold an API key"),
    ] {
        let refused = check_configuration(&[(name, value)]);
        let stderr = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{name}={value}: {stderr}");
        assert!(stderr.starts_with("web: ") && stderr.contains(told), "{name}={value}: {stderr}");
        assert!(!stderr.contains("return 200 x"), "a key is not shown: {stderr}");
    }
}

#[test]
fn the_key_is_readable_by_the_server_alone() {
    if !nginx_is_here() {
        return;
    }
    let elasticsearch = Recorder::start(|_, _| Answer::new(200, "{}"));
    let proxy = Proxy::start(&elasticsearch.address());
    let run = proxy.folder.path().join("run");
    let mode = |name: &str| fs::metadata(run.join(name)).expect("start.sh wrote it").permissions().mode() & 0o777;
    assert_eq!(mode("authorization.conf"), 0o600);
    assert_eq!(mode(""), 0o700);
    let configuration = fs::read_to_string(run.join("nginx.conf")).expect("start.sh wrote it");
    assert!(!configuration.contains(KEY) && !proxy.log().contains(KEY));
    assert!(
        !configuration.split_whitespace().any(|word| word.starts_with('@') && word.ends_with("@;")),
        "all names are replaced"
    );
}
