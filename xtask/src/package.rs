//! The recorder's package for Debian and its relatives.
//!
//! In: the sources. Out: `target/package/sniffit-recorder_*.deb`. Guaranteed: what is built is also looked into: every file
//! with its mode, the settings that an upgrade leaves alone, a manual page that is rendered without a warning, and a program
//! that starts from where the package puts it.

use crate::cargo;
use anyhow::{Context, Result, bail, ensure};
use flate2::read::GzDecoder;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The version that the package was last tried with.
const CARGO_DEB: &str = "3.8.0";
const FOLDER: &str = "target/package";
const MANUAL: &str = "sniffit-recorder.1";

/// All that is in the package. What holds addresses of people is for root alone, and nothing has a right of its own: systemd
/// gives the service its one.
const CONTENTS: [(&str, &str); 9] = [
    ("-rwxr-xr-x", "usr/bin/sniffit-recorder"),
    ("-rw-------", "etc/sniffit/recorder.conf"),
    ("-rw-r--r--", "usr/lib/systemd/system/sniffit-recorder.service"),
    ("-rw-r--r--", "usr/share/man/man1/sniffit-recorder.1.gz"),
    ("-rw-r--r--", "usr/share/doc/sniffit-recorder/recorder.md"),
    ("-rw-r--r--", "usr/share/doc/sniffit-recorder/privacy.md"),
    ("-rw-r--r--", "usr/share/doc/sniffit-recorder/deployment.md"),
    ("-rw-r--r--", "usr/share/doc/sniffit-recorder/copyright"),
    ("-rw-r--r--", "usr/share/doc/sniffit-recorder/LICENSE-APACHE"),
];

/// Builds the package unless it is only to be checked, and checks it.
pub(crate) fn run(check_only: bool) -> Result<()> {
    let folder = cargo::root()?.join(FOLDER);
    if !check_only {
        build(&folder)?;
    }
    let package = built(&folder)?;
    let listing = output(Command::new("dpkg-deb").arg("--contents").arg(&package))?;
    let mut faults = faults(&listing);
    faults.extend(settings_faults(&package)?);
    faults.extend(unpacked_faults(&package, &folder.join("unpacked"))?);
    print!("{listing}");
    ensure!(faults.is_empty(), "{}:\n  {}", package.display(), faults.join("\n  "));
    println!("{} is complete: `sudo apt-get install {}`", package.display(), package.display());
    Ok(())
}

fn build(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    for old in packages(folder)? {
        fs::remove_file(&old).with_context(|| format!("{} can't be deleted", old.display()))?;
    }
    let manual =
        output(cargo::command(["run", "--quiet", "--package", "recorder", "--example", "man"])?.stdin(Stdio::null()))?;
    fs::write(folder.join(MANUAL), manual).context("the manual page can't be written")?;
    let mut command = Command::new(cargo_deb()?);
    command
        .args(["--package", "recorder", "--output"])
        .arg(folder)
        .args(["--", "--locked"])
        .current_dir(cargo::root()?);
    let status = command.status().context("cargo-deb can't be started")?;
    ensure!(status.success(), "cargo-deb failed; it needs Debian's packages dpkg-dev and libpcap-dev");
    Ok(())
}

/// Installs what makes packages below `target`, once.
fn cargo_deb() -> Result<PathBuf> {
    let tools = cargo::root()?.join("target/tools");
    let program = tools.join("bin/cargo-deb");
    let there = Command::new(&program).arg("--version").stdin(Stdio::null()).output();
    if there.is_ok_and(|found| String::from_utf8_lossy(&found.stdout).trim().ends_with(CARGO_DEB)) {
        return Ok(program);
    }
    eprintln!("installing cargo-deb {CARGO_DEB} into {}", tools.display());
    let mut command =
        cargo::command(["install", "--locked", "--force", "cargo-deb", "--version", CARGO_DEB, "--root"])?;
    let status = command.arg(&tools).status().context("cargo can't be started")?;
    ensure!(status.success(), "cargo-deb can't be installed: is the registry of crates within reach?");
    Ok(program)
}

fn packages(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    Ok(paths.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "deb")).collect())
}

fn built(folder: &Path) -> Result<PathBuf> {
    match &packages(folder).unwrap_or_default()[..] {
        [only] => Ok(only.clone()),
        found => bail!("there are {} packages in {}: `cargo xtask package` builds one", found.len(), folder.display()),
    }
}

/// What a command prints, if it succeeds.
fn output(command: &mut Command) -> Result<String> {
    let Output { status, stdout, stderr } =
        command.output().with_context(|| format!("{command:?} can't be started"))?;
    ensure!(status.success(), "{command:?} failed: {}", String::from_utf8_lossy(&stderr).trim());
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}

/// A list of files as `dpkg-deb --contents` prints it, against what should be in it.
fn faults(listing: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut expected = CONTENTS.to_vec();
    for line in listing.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let &[mode, owner, bytes, _, _, path, ..] = &words[..] else {
            faults.push(format!("not understood: {line}"));
            continue;
        };
        let path = path.trim_start_matches("./");
        if !["0/0", "root/root"].contains(&owner) {
            faults.push(format!("{path} belongs to {owner}"));
        }
        if mode.starts_with('d') {
            faults.extend((mode != "drwxr-xr-x").then(|| format!("{path} is {mode}")));
            continue;
        }
        faults.extend((bytes == "0").then(|| format!("{path} is empty")));
        match expected.iter().position(|(_, other)| *other == path) {
            None => faults.push(format!("{path} has no business there")),
            Some(at) => {
                let (wanted, _) = expected.swap_remove(at);
                faults.extend((mode != wanted).then(|| format!("{path} is {mode} and should be {wanted}")));
            }
        }
    }
    faults.extend(expected.into_iter().map(|(_, path)| format!("{path} is missing")));
    faults
}

/// What the package says of itself.
fn settings_faults(package: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let kept = output(Command::new("dpkg-deb").arg("--info").arg(package).arg("conffiles"))?;
    if kept.trim() != "/etc/sniffit/recorder.conf" {
        faults.push(format!("an upgrade would leave alone: {kept:?}"));
    }
    let needs = output(Command::new("dpkg-deb").arg("--field").arg(package).arg("Depends"))?;
    if !needs.contains("libpcap0.8") {
        faults.push(format!("it needs libpcap and says only {needs}"));
    }
    Ok(faults)
}

/// What is wrong with the files themselves.
fn unpacked_faults(package: &Path, folder: &Path) -> Result<Vec<String>> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("{} can't be deleted", folder.display()))?;
    }
    output(Command::new("dpkg-deb").arg("--extract").arg(package).arg(folder))?;
    let mut faults = Vec::new();
    let told = output(Command::new(folder.join("usr/bin/sniffit-recorder")).arg("--version"))?;
    if told.trim() != concat!("sniffit-recorder ", env!("CARGO_PKG_VERSION")) {
        faults.push(format!("the program says that it is {told:?}"));
    }
    let mut manual = String::new();
    let packed =
        fs::read(folder.join("usr/share/man/man1/sniffit-recorder.1.gz")).context("there is no manual page")?;
    GzDecoder::new(&packed[..]).read_to_string(&mut manual).context("the manual page can't be unpacked")?;
    let page = folder.join(MANUAL);
    fs::write(&page, manual).context("the manual page can't be written")?;
    let mut groff = Command::new("groff");
    match groff.args(["-man", "-ww", "-Tutf8", "-z"]).arg(&page).output() {
        Ok(rendered) => {
            let warnings = String::from_utf8_lossy(&rendered.stderr).into_owned();
            faults.extend((!warnings.is_empty()).then(|| format!("the manual page: {warnings}")));
        }
        Err(error) => println!("skipped: the manual page was not rendered (Debian: apt-get install groff): {error}"),
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing() -> String {
        let files = CONTENTS.map(|(mode, path)| format!("{mode} 0/0   12 2020-03-01 10:00 ./{path}\n"));
        format!("drwxr-xr-x 0/0  0 2020-03-01 10:00 ./usr/\n{}", files.concat())
    }

    #[test]
    fn a_package_that_is_not_as_it_should_be_is_noticed() {
        assert_eq!(faults(&listing()), [""; 0]);
        for (from, to, told) in [
            ("-rwxr-xr-x 0/0", "-rwsr-xr-x 0/0", "usr/bin/sniffit-recorder is -rwsr-xr-x and should be"),
            ("-rw------- 0/0", "-rw-r--r-- 0/0", "etc/sniffit/recorder.conf is -rw-r--r--"),
            ("-rw------- 0/0", "-rw------- 1000/1000", "etc/sniffit/recorder.conf belongs to 1000/1000"),
            ("drwxr-xr-x", "drwxrwxrwx", "usr/ is drwxrwxrwx"),
            ("doc/sniffit-recorder/copyright", "doc/copyright", "usr/share/doc/sniffit-recorder/copyright is missing"),
            ("doc/sniffit-recorder/copyright", "doc/copyright", "usr/share/doc/copyright has no business there"),
            ("0/0   12", "0/0   0", "usr/bin/sniffit-recorder is empty"),
            ("drwxr-xr-x 0/0", "garbled", "not understood"),
        ] {
            let found = faults(&listing().replacen(from, to, 1));
            assert!(found.iter().any(|fault| fault.contains(told)), "{told}: {found:?}");
        }
    }
}
