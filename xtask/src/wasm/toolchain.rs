//! A compiler that can make WebAssembly.
//!
//! In: nothing. Out: the module that rustc made of `analyzer-wasm`. Guaranteed: the toolchain that builds the rest is taken
//! where it has the target or rustup can add it; else Debian's, which builds the standard library itself. Each has a
//! folder of its own below `target`, so that neither makes the other begin anew.

use crate::{cargo, setup};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const TARGET: &str = "wasm32-unknown-unknown";
/// Of Cargo.toml.
const PROFILE: &str = "wasm";
/// Adding a target fetches 30 MB. Where nothing answers, there is another way.
const PATIENCE: Duration = Duration::from_secs(90);

/// Builds the module.
pub(super) fn build() -> Result<PathBuf> {
    let (mut command, name) = if has_target() || add_target() {
        (cargo::command([])?, "rustup")
    } else {
        setup::ensure_wasm()?;
        (debian()?, "debian")
    };
    let folder = cargo::target_dir()?.join("wasm-build").join(name);
    eprintln!("building the module of the page (the first time takes a minute or more)");
    command.args(["build", "--quiet", "--package", "analyzer-wasm", "--lib", "--target", TARGET, "--profile", PROFILE]);
    if name == "debian" {
        command.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
    }
    let status = command.arg("--target-dir").arg(&folder).status().context("cargo can't be started")?;
    ensure!(status.success(), "analyzer-wasm does not build for {TARGET}");
    Ok(folder.join(TARGET).join(PROFILE).join("analyzer_wasm.wasm"))
}

/// Whether the toolchain of this workspace has a standard library for the target.
fn has_target() -> bool {
    let mut probe = Command::new("rustc");
    probe.args(["--print", "target-libdir", "--target", TARGET]).stdin(Stdio::null()).stderr(Stdio::null());
    probe.output().is_ok_and(|output| {
        let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        output.status.success() && Path::new(&folder).is_dir()
    })
}

/// Whether rustup could add it. It says nothing: that it can't is no error.
fn add_target() -> bool {
    let mut command = Command::new("rustup");
    command.args(["target", "add", TARGET]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return false };
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        match child.try_wait() {
            Ok(Some(status)) => return status.success() && has_target(),
            Ok(None) => std::thread::sleep(Duration::from_millis(100)),
            Err(_) => break,
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}

/// What the compiler is told besides the profile when it builds the standard library as well: a panic is a trap at once, and
/// no text of a message is kept that nobody would see. The page sees the trap either way.
const SMALLER: [&str; 3] = ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none"];

/// Debian's cargo. What the cargo that started us left in the environment belongs to another toolchain.
fn debian() -> Result<Command> {
    let mut command = Command::new(setup::DEBIAN_CARGO);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let is_ours = ["CARGO_HOME", "CARGO_NET_OFFLINE", "CARGO_TERM_COLOR"].contains(&&*text)
            || text.starts_with("CARGO_REGISTR")
            || text.starts_with("CARGO_HTTP");
        if !is_ours && ["CARGO", "RUST", "LD_LIBRARY_PATH"].iter().any(|start| text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    command.env("RUSTC", setup::DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
    command.env("CARGO_ENCODED_RUSTFLAGS", SMALLER.join("\u{1f}"));
    command.current_dir(cargo::root()?);
    Ok(command)
}
