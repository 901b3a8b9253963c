//! A second distribution, with a small plugin of ours, in which API keys and built-in users work.
//!
//! In: the distribution, a JDK, the plugin's source. Out: a folder beside it. Guaranteed: the first one stays as it was
//! published; what both share lies on the disk once. It is made anew when the source changes.

use super::java::Java;
use super::{VERSION, place};
use anyhow::{Context, Result, ensure};
use sha1::{Digest as _, Sha1};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SOURCE: &str = include_str!("../../../tests/elasticsearch-plugin/SecurityIndexAnalysis.java");
const CLASS: &str = "sniffit.elasticsearch.SecurityIndexAnalysis";
const NAME: &str = "security-index-analysis";

/// The oldest Java that the server runs on reads what this release of the language compiles to.
const JAVA_RELEASE: &str = "17";

/// The folder of the distribution with the plugin, after making it if need be.
///
/// # Errors
/// When the plugin doesn't compile, or the folder can't be made.
pub(super) fn ensure(distribution: &Path, jdk: &Java, tell: impl Fn(&str)) -> Result<PathBuf> {
    let digest = Sha1::digest(SOURCE);
    let folder =
        distribution.with_file_name(format!("elasticsearch-{VERSION}-api-keys-{:02x}{:02x}", digest[0], digest[1]));
    if folder.exists() {
        return Ok(folder);
    }
    tell("compiling the plugin…");
    let incoming = place::incoming(distribution.parent().context("the distribution has no folder above it")?);
    let made = build(distribution, jdk, &incoming).and_then(|()| match fs::rename(&incoming, &folder) {
        // Somebody else was faster, and theirs is as good.
        Err(_) if folder.exists() => Ok(()),
        result => result.with_context(|| format!("{} can't be made", folder.display())),
    });
    let _ = fs::remove_dir_all(&incoming);
    made.map(|()| folder)
}

fn build(distribution: &Path, jdk: &Java, incoming: &Path) -> Result<()> {
    share(distribution, incoming)
        .with_context(|| format!("{} can't be copied to {}", distribution.display(), incoming.display()))?;
    let work = incoming.join("plugin-work");
    let (source, classes) = (work.join("SecurityIndexAnalysis.java"), work.join("classes"));
    let plugin = incoming.join("plugins").join(NAME);
    for folder in [&classes, &plugin] {
        fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    }
    fs::write(&source, SOURCE).with_context(|| format!("{} can't be written", source.display()))?;
    let mut javac = Command::new(jdk.home.join("bin/javac"));
    javac.args(["--release", JAVA_RELEASE, "-Werror", "-cp"]).arg(incoming.join("lib/*"));
    run(javac.arg("-d").arg(&classes).arg(&source))?;
    let mut jar = Command::new(jdk.home.join("bin/jar"));
    jar.args(["--create", "--file"]).arg(plugin.join(format!("{NAME}.jar")));
    run(jar.arg("-C").arg(&classes).arg("."))?;
    fs::write(plugin.join("plugin-descriptor.properties"), descriptor()).context("the plugin can't be described")?;
    fs::remove_dir_all(&work).with_context(|| format!("{} can't be deleted", work.display()))
}

/// What the server wants to know of a plugin.
fn descriptor() -> String {
    format!(
        "description=For tests of Sniffit: what the index of API keys needs\n\
         version={VERSION}\n\
         name={NAME}\n\
         classname={CLASS}\n\
         java.version={JAVA_RELEASE}\n\
         elasticsearch.version={VERSION}\n"
    )
}

/// A folder whose files are those of another one, not copies of them.
fn share(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    fs::set_permissions(to, fs::metadata(from)?.permissions())?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            share(&entry.path(), &target)?;
        } else {
            fs::hard_link(entry.path(), target)?;
        }
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{program} can't be started"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} failed: {}{text}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_names_the_class_of_the_source() {
        let (package, class) = CLASS.rsplit_once('.').unwrap();
        assert!(SOURCE.contains(&format!("\npackage {package};\n")));
        assert!(SOURCE.contains(&format!("\npublic final class {class} extends Plugin ")));
        assert!(descriptor().contains(&format!("\nclassname={CLASS}\n")));
    }

    #[test]
    fn a_shared_folder_has_the_same_files() {
        let root = std::env::temp_dir().join(format!("sniffit-share-{}", std::process::id()));
        let (from, to) = (root.join("from"), root.join("to"));
        fs::create_dir_all(from.join("inner")).unwrap();
        fs::write(from.join("inner/file"), "x").unwrap();
        share(&from, &to).unwrap();
        assert_eq!(fs::read(to.join("inner/file")).unwrap(), b"x");
        fs::create_dir(to.join("new")).unwrap();
        assert!(!from.join("new").exists());
        fs::remove_dir_all(root).unwrap();
    }
}
