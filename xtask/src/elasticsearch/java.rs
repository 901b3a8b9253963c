//! The Java that the server runs on.
//!
//! In: the environment and the usual folders. Out: the best one that runs, or what to install. Guaranteed: it was run
//! and told its version itself.

use super::account::Account;
use crate::setup;
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Elasticsearch 8.19 and Spark 4 need at least this one.
const OLDEST: u32 = 17;

/// What is wanted of a Java.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Running the server.
    Run,
    /// Compiling for it as well.
    Compile,
    /// Running Spark.
    Spark,
}

impl Purpose {
    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Run | Self::Spark => &["java"],
            Self::Compile => &["java", "javac", "jar"],
        }
    }

    /// The newest version that it was tried with.
    const fn newest_tested(self) -> u32 {
        match self {
            Self::Run | Self::Compile => 25,
            Self::Spark => 17,
        }
    }

    /// Packages of Debian and its relatives, of which a release has only some.
    fn packages(self) -> [String; 3] {
        let kind = if self == Self::Compile { "jdk" } else { "jre" };
        [17, 21, 25].map(|major| format!("openjdk-{major}-{kind}-headless"))
    }
}

/// Folders whose entries are JDKs, and where a JDK lies in an entry.
const FOLDERS: [(&str, &str); 2] = [("/usr/lib/jvm", ""), ("/Library/Java/JavaVirtualMachines", "Contents/Home")];

/// A Java that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Java {
    /// The folder above `bin/java`.
    pub(super) home: PathBuf,
    pub(super) major: u32,
    /// Named by the user.
    is_chosen: bool,
}

/// Finds Java, or installs it where [`setup`] may.
///
/// # Errors
/// When there is none and none can be installed; the command that does is named.
pub(super) fn ensure(account: Account, purpose: Purpose) -> Result<Java> {
    if let Some(java) = find(account, purpose) {
        return Ok(java);
    }
    let what = match purpose {
        Purpose::Run | Purpose::Spark => format!("Java {OLDEST} or newer"),
        Purpose::Compile => format!("a JDK {OLDEST} or newer, which compiles a plugin"),
    };
    eprintln!("missing: {what}");
    let packages = purpose.packages();
    setup::install_package(&what, &packages.each_ref().map(String::as_str))?;
    find(account, purpose).with_context(|| format!("{what} is still missing: set ES_JAVA_HOME to the folder of one"))
}

/// The best Java that the account can run.
fn find(account: Account, purpose: Purpose) -> Option<Java> {
    let mut found: Vec<Java> = Vec::new();
    for (home, is_chosen) in candidates() {
        let Ok(home) = fs::canonicalize(home) else { continue };
        let is_known = found.iter().any(|java| java.home == home);
        let is_whole = purpose.programs().iter().all(|program| home.join("bin").join(program).exists());
        if is_known || !is_whole || account.barrier(&home).is_some() {
            continue;
        }
        if let Some(major) = version_of(&home) {
            found.push(Java { home, major, is_chosen });
        }
    }
    best(found, purpose.newest_tested())
}

/// Folders that may hold a Java, and whether the user named it.
fn candidates() -> Vec<(PathBuf, bool)> {
    let named = ["ES_JAVA_HOME", "JAVA_HOME"].into_iter().filter_map(std::env::var_os).filter(|home| !home.is_empty());
    let mut homes: Vec<(PathBuf, bool)> = named.map(|home: OsString| (home.into(), true)).collect();
    for (folder, inside) in FOLDERS {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut listed: Vec<PathBuf> = entries.map(|entry| entry.path().join(inside)).collect();
        listed.sort();
        homes.extend(listed.into_iter().map(|home| (home, false)));
    }
    // A `java` in PATH is a link to the one of a JDK, as a rule.
    let path = std::env::var_os("PATH").unwrap_or_default();
    for folder in std::env::split_paths(&path) {
        if let Ok(program) = fs::canonicalize(folder.join("java")) {
            homes.extend(program.parent().and_then(Path::parent).map(|home| (home.to_owned(), false)));
        }
    }
    homes
}

/// What the user named wins; otherwise the newest one that was tested; otherwise the one that is least too new.
fn best(found: Vec<Java>, newest_tested: u32) -> Option<Java> {
    let rank = |java: &Java| {
        let is_tested = java.major <= newest_tested;
        let age = if is_tested { i64::from(java.major) } else { -i64::from(java.major) };
        (is_tested && java.is_chosen, is_tested, java.is_chosen, age)
    };
    let usable = found.into_iter().filter(|java| java.major >= OLDEST);
    // Of equals the first stays, which was named first.
    usable.reduce(|best, java| if rank(&java) > rank(&best) { java } else { best })
}

fn version_of(home: &Path) -> Option<u32> {
    let mut java = Command::new(home.join("bin/java"));
    let output = java.arg("-version").stdin(Stdio::null()).output().ok()?;
    // The version is told on standard error.
    major(&String::from_utf8_lossy(&output.stderr))
}

/// The version in `openjdk version "17.0.15" 2025-04-15`; Java 8 calls itself `1.8.0_402`.
fn major(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once(" version \"")?;
    let version = rest.strip_prefix("1.").unwrap_or(rest);
    let end = version.find(|c: char| !c.is_ascii_digit())?;
    version[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_java_prints() {
        for (text, expected) in [
            ("openjdk version \"17.0.15\" 2025-04-15\nOpenJDK Runtime Environment (build 17.0.15+6)", Some(17)),
            ("openjdk version \"25.0.3\" 2026-04-21 LTS", Some(25)),
            ("java version \"1.8.0_402\"\nJava(TM) SE Runtime Environment", Some(8)),
            ("openjdk version \"26-ea\" 2026-03-17", Some(26)),
            ("Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version \"21\" 2023-09-19", Some(21)),
            ("bash: java: command not found", None),
            ("openjdk version \"x\"", None),
        ] {
            assert_eq!(major(text), expected, "{text}");
        }
    }

    fn picked(found: &[(u32, bool)]) -> Option<u32> {
        let java = |(at, (major, is_chosen)): (usize, &(u32, bool))| Java {
            home: at.to_string().into(),
            major: *major,
            is_chosen: *is_chosen,
        };
        best(found.iter().enumerate().map(java).collect(), 25).map(|java| java.major)
    }

    #[test]
    fn the_newest_tested_one_is_taken_unless_the_user_named_another() {
        assert_eq!(picked(&[(11, false), (17, false), (25, false), (21, false)]), Some(25));
        assert_eq!(picked(&[(17, true), (25, false)]), Some(17));
        assert_eq!(picked(&[(11, true), (17, false)]), Some(17));
        assert_eq!(picked(&[(27, false), (26, false)]), Some(26));
        assert_eq!(picked(&[(26, true), (21, false)]), Some(21));
        assert_eq!(picked(&[(26, true), (27, false)]), Some(26));
        assert_eq!(picked(&[(8, true), (11, false)]), None);
        assert_eq!(picked(&[]), None);
    }
}
