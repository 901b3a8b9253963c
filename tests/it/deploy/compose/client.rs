//! What Compose itself says of the files, where it is installed. It needs no engine for that.

use super::FILES;
use crate::deploy::{has, repository};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn compose(settings: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("docker");
    command.arg("compose").arg("--project-directory").arg(repository("")).arg("--env-file").arg(settings);
    // What the user of this machine has set must not decide.
    for variable in [
        "ELASTIC_PASSWORD",
        "KIBANA_SYSTEM_PASSWORD",
        "KIBANA_SESSION_KEY",
        "KIBANA_OBJECTS_KEY",
        "KIBANA_REPORTING_KEY",
    ] {
        command.env_remove(variable);
    }
    command.args(arguments).output().expect("docker starts")
}

#[test]
fn compose_accepts_the_files_and_refuses_a_missing_secret() {
    if !has("docker", "compose version", "`docker compose config`") {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (empty, filled) = (folder.path().join("empty"), folder.path().join("filled"));
    let example = fs::read_to_string(repository(".env.example")).expect("the example");
    fs::write(&empty, &example).expect("settings are written");
    let lines = example.lines().map(|line| {
        if line.ends_with('=') { format!("{line}0123456789abcdef0123456789abcdef\n") } else { format!("{line}\n") }
    });
    fs::write(&filled, lines.collect::<String>()).expect("settings are written");
    for extra in FILES {
        let first = repository(FILES[0]);
        let (first, extra) = (first.to_string_lossy(), repository(extra).to_string_lossy().into_owned());
        let mut arguments = vec!["-f", &*first];
        if *first != extra {
            arguments.extend(["-f", &extra]);
        }
        arguments.extend(["--profile", "*", "config", "--quiet"]);
        let accepted = compose(&filled, &arguments);
        assert!(accepted.status.success(), "{extra}: {}", String::from_utf8_lossy(&accepted.stderr));
    }
    let refused = compose(&empty, &["config", "--quiet"]);
    let stderr = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && stderr.contains("in .env; .env.example says how"), "{stderr}");
}
