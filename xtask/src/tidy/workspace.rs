//! Rules of manifests and licences: what crates share is said once, and the core stays what everything can build on.

use super::files::Repository;

/// What every crate takes from the workspace.
const INHERITED: [&str; 5] = ["version", "edition", "rust-version", "license", "publish"];

/// Would bring I/O, threads or a terminal into the core.
const NOT_IN_CORE: [&str; 10] =
    ["clap", "tokio", "ureq", "indicatif", "reqwest", "anyhow", "tempfile", "ctrlc", "rayon", "pcap"];

/// Every place that breaks a rule.
pub(super) fn check(repository: &Repository) -> Vec<String> {
    let mut faults = Vec::new();
    for member in members(repository.text("Cargo.toml")) {
        let path = format!("{member}/Cargo.toml");
        faults.extend(member_faults(&path, repository.text(&path)));
    }
    let core = "analyzer-core/Cargo.toml";
    faults.extend(core_faults(core, repository.text(core)));
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        if !repository.has(licence) {
            faults.push(format!("{licence}: the manifests promise `MIT OR Apache-2.0`, so the text must be here"));
        }
    }
    faults
}

/// The words in the quotes of `members = […]`.
fn members(manifest: &str) -> Vec<&str> {
    let list = manifest.lines().find_map(|line| line.strip_prefix("members = ")).unwrap_or_default();
    list.split('"').skip(1).step_by(2).collect()
}

fn member_faults(path: &str, manifest: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for key in INHERITED {
        if !manifest.lines().any(|line| line.trim() == format!("{key}.workspace = true")) {
            faults.push(format!("{path}: `{key}.workspace = true` is missing: crates share it"));
        }
    }
    if !section(manifest, "[lints]").any(|line| line == "workspace = true") {
        faults.push(format!("{path}: `[lints] workspace = true` is missing: crates share their lints"));
    }
    faults
}

fn core_faults(path: &str, manifest: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if manifest.lines().any(|line| line.trim() == "[features]") {
        faults.push(format!("{path}: [features]: the core has none, so that every shell builds the same core"));
    }
    for name in NOT_IN_CORE {
        let is_named = |line: &str| line.split(['.', ' ', '=']).next() == Some(name);
        if section(manifest, "[dependencies]").any(is_named) {
            faults.push(format!("{path}: {name}: the core does no I/O and knows no terminal; use it in a shell"));
        }
    }
    faults
}

/// The lines of a section of a manifest.
fn section<'a>(manifest: &'a str, heading: &str) -> impl Iterator<Item = &'a str> {
    let after = manifest.lines().map(str::trim).skip_while(move |line| *line != heading).skip(1);
    after.take_while(|line| !line.starts_with('['))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[package]\nname = \"x\"\nversion.workspace = true\nedition.workspace = true\n\
        rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n\n\
        [dependencies]\nserde.workspace = true\nclapper = \"1\"\n\n[lints]\nworkspace = true\n";

    #[test]
    fn members_are_read_from_the_workspace() {
        assert_eq!(members("[workspace]\nmembers = [\"a\", \"b-c\"]\n"), ["a", "b-c"]);
    }

    #[test]
    fn a_good_manifest_passes() {
        assert_eq!(member_faults("m", GOOD), [""; 0]);
        assert_eq!(core_faults("m", GOOD), [""; 0]);
    }

    #[test]
    fn each_rule_can_fail() {
        for key in INHERITED {
            let manifest = GOOD.replace(&format!("\n{key}.workspace = true\n"), "\n");
            assert_eq!(
                member_faults("m", &manifest),
                [format!("m: `{key}.workspace = true` is missing: crates share it")]
            );
        }
        assert_eq!(member_faults("m", &GOOD.replace("[lints]", "[other]")).len(), 1);
        assert_eq!(core_faults("m", &format!("{GOOD}\n[features]\n")).len(), 1);
        for line in ["clap.workspace = true", "clap = \"4\"", "clap = { version = \"4\" }"] {
            let manifest = GOOD.replace("clapper = \"1\"", line);
            assert!(core_faults("m", &manifest)[0].starts_with("m: clap: "), "{line}");
        }
        let without_licence = Repository::of(&[("Cargo.toml", "members = []")]);
        assert_eq!(check(&without_licence).len(), 2);
    }
}
