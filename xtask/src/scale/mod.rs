//! The Spark that tests run recordings on, outside of the sources.
//!
//! In: the lock files in `spark`. Out: a Python in a folder below `target` that has PySpark, and a Java. Guaranteed: exactly what the lock
//! files say, checked by its digests; nothing is fetched when it is there already.

use crate::{cargo, elasticsearch, setup};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What builds PySpark, and PySpark.
const LOCKS: [&str; 2] = ["requirements-build.lock", "requirements.lock"];
/// Written when all packages are there: the lock files that they were fetched by.
const DONE: &str = "installed.lock";

/// Where the tests find Spark.
pub(crate) struct Spark {
    /// The Python that has PySpark.
    pub(crate) python: PathBuf,
    /// The folder above `bin/java`.
    pub(crate) java_home: PathBuf,
}

/// Fetches what is not there, and says which Java and Spark it is.
///
/// # Errors
/// When Python or Java is missing and may not be installed, or the packages can't be fetched.
pub(crate) fn install() -> Result<Spark> {
    let (java_home, java) = elasticsearch::java_of_spark()?;
    setup::ensure_venv()?;
    let sources = cargo::root()?.join("spark");
    let folder = cargo::target_dir()?.join("spark");
    let python = folder.join("bin/python");
    let mut wanted = String::new();
    for lock in LOCKS {
        let path = sources.join(lock);
        wanted += &fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))?;
    }
    if fs::read_to_string(folder.join(DONE)).is_ok_and(|there| there == wanted) {
        println!("Spark {} on Java {java}", version(&python)?);
        return Ok(Spark { python, java_home });
    }
    eprintln!("fetching PySpark");
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    // Whatever builds PySpark is locked as well, so pip must not fetch a builder by itself.
    let options: [&[&str]; 2] = [&["--only-binary=:all:"], &["--no-build-isolation", "--no-deps"]];
    for (lock, options) in LOCKS.iter().zip(options) {
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]).args(options);
        run(pip.arg("-r").arg(sources.join(lock)))?;
    }
    fs::write(folder.join(DONE), wanted).with_context(|| format!("{} can't be written", folder.display()))?;
    println!("Spark {} on Java {java}", version(&python)?);
    Ok(Spark { python, java_home })
}

fn version(python: &Path) -> Result<String> {
    let words = ["-c", "import pyspark; print(pyspark.__version__)"];
    let output = Command::new(python).args(words).output().context("the Python of target/spark can't be started")?;
    ensure!(output.status.success(), "PySpark in target/spark is broken: delete that folder and run this again");
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("{command:?} can't be started"))?;
    ensure!(status.success(), "{command:?} failed: is the index of Python packages within reach?");
    Ok(())
}
