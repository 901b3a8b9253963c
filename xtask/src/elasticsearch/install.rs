//! Elasticsearch itself, from the Maven artefact that its developers test clients and plugins with.
//!
//! In: the shared folder. Out: an unpacked distribution in it. Guaranteed: a folder with the final name is complete,
//! whoever else installs at the same time; the user's Maven settings (mirrors, proxies) apply. The artefact is a plain
//! server: it has no JDK, and few of the modules of the one that people download.

use super::{VERSION, place};
use crate::setup;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Unpacks an artefact; Maven checks its digest when it fetches it.
const GOAL: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:unpack";
const ARTEFACT: &str = "org.elasticsearch.distribution.integ-test-zip:elasticsearch";
/// What every distribution holds; a fetch that was cut short lacks one of them.
const PARTS: [&str; 4] = ["bin/elasticsearch", "lib", "modules", "config"];

/// The folder of the distribution, after installing it if need be.
///
/// # Errors
/// When Maven is missing or fails; its words are in the error.
pub(super) fn ensure(home: &Path, tell: impl Fn(&str)) -> Result<PathBuf> {
    let folder = folder(home);
    if is_there(home) {
        return Ok(folder);
    }
    setup::ensure_maven()?;
    tell(&format!("fetching Elasticsearch {VERSION} (107 MB, once)…"));
    let incoming = place::incoming(home);
    let result = fetch(&incoming, &folder, &tell);
    // Only the complete distribution stays; what is left here has no use.
    let _ = fs::remove_dir_all(&incoming);
    result?;
    Ok(folder)
}

/// Whether nothing needs to be fetched.
pub(super) fn is_there(home: &Path) -> bool {
    folder(home).exists()
}

fn folder(home: &Path) -> PathBuf {
    home.join(format!("elasticsearch-{VERSION}"))
}

fn fetch(incoming: &Path, folder: &Path, tell: &impl Fn(&str)) -> Result<()> {
    let unpacked = self::folder(incoming);
    if let Err(error) = unpack(incoming, None, &unpacked) {
        // The copy in the user's own repository may be damaged, and Maven would never fetch it again.
        tell(&format!("that failed: {error:#}\nfetching it again, past what Maven has kept…"));
        let _ = fs::remove_dir_all(incoming);
        unpack(incoming, Some(&incoming.join("repository")), &unpacked)?;
    }
    match fs::rename(&unpacked, folder) {
        // Somebody else was faster, and theirs is as good.
        Err(_) if folder.exists() => Ok(()),
        result => result.with_context(|| format!("{} can't be made", folder.display())),
    }
}

fn unpack(incoming: &Path, repository: Option<&Path>, unpacked: &Path) -> Result<()> {
    fs::create_dir_all(incoming).with_context(|| format!("{} can't be made", incoming.display()))?;
    let output = maven(incoming, repository).output().context("Maven can't be started")?;
    if !output.status.success() {
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        bail!("Maven could not fetch {ARTEFACT}:{VERSION}: {}", first_error(&text));
    }
    match PARTS.iter().find(|part| !unpacked.join(part).exists()) {
        Some(part) => bail!("{ARTEFACT}:{VERSION} holds no {part}"),
        None => Ok(()),
    }
}

fn maven(incoming: &Path, repository: Option<&Path>) -> Command {
    // The server may run as another user, who has to read what a strict umask would hide.
    let mut maven = Command::new("sh");
    maven.args(["-c", "umask 022 && exec mvn \"$@\"", "mvn", "--batch-mode", "--quiet", "--strict-checksums", GOAL]);
    maven.arg(format!("-Dartifact={ARTEFACT}:{VERSION}:zip")).arg(define("outputDirectory", incoming));
    maven.args(repository.map(|repository| define("maven.repo.local", repository)));
    // The goal leaves marks in the folder in which it runs.
    maven.current_dir(incoming).stdin(Stdio::null());
    maven
}

fn define(name: &str, path: &Path) -> std::ffi::OsString {
    let mut word = std::ffi::OsString::from(format!("-D{name}="));
    word.push(path);
    word
}

/// Maven says in its first error what happened; the rest is advice on its own options.
fn first_error(text: &str) -> &str {
    let message =
        text.lines().find_map(|line| line.split_once("[ERROR] ")).map_or("it gave no reason", |(_, rest)| rest);
    message.split(" -> [Help").next().unwrap_or(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complete_distribution_is_not_fetched_again() {
        let home = std::env::temp_dir().join(format!("sniffit-install-{}", std::process::id()));
        let folder = folder(&home);
        fs::create_dir_all(&folder).unwrap();
        let told = |text: &str| panic!("{text}");
        assert_eq!(ensure(&home, told).unwrap(), folder);
        fs::remove_dir_all(home).unwrap();
    }

    #[test]
    fn mavens_first_error_is_shown() {
        let text = "[INFO] x\n\u{1b}[0m[ERROR] no host -> [Help 1]\n[ERROR] b\n";
        assert_eq!(first_error(text), "no host");
        assert_eq!(first_error(""), "it gave no reason");
    }

    #[test]
    fn the_second_attempt_goes_past_the_users_repository() {
        let words = |repository| {
            let command = maven(Path::new("/in"), repository);
            command.get_args().map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        assert!(words(None).iter().all(|word| !word.contains("maven.repo.local")));
        assert!(words(Some(Path::new("/in/r"))).contains(&"-Dmaven.repo.local=/in/r".to_owned()));
    }
}
