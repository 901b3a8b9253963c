//! Rules of the documents: they name what exists, and all that a user has to know is in them.

use super::files::Repository;
use super::options::long_names;

const COMMAND_LINES: [(&str, &str); 2] =
    [("sniffit", "analyzer-cli/src/cli.rs"), ("sniffit-recorder", "recorder/src/cli.rs")];
/// Longer, and nobody reads it.
const MAX_ARCHITECTURE_LINES: usize = 300;

/// Every place that breaks a rule.
pub(super) fn check(repository: &Repository) -> Vec<String> {
    let mut faults = Vec::new();
    let readme = repository.text("README.md");
    for command in ["cargo xtask demo", "cargo xtask test"] {
        // Two screens; the first one is better, but no check knows the reader's window.
        if !readme.lines().take(60).any(|line| line.trim() == command || line.contains(&format!("`{command}"))) {
            faults.push(format!("README.md: `{command}` must stand near the top"));
        }
    }
    let architecture = repository.text("ARCHITECTURE.md");
    if architecture.lines().count() >= MAX_ARCHITECTURE_LINES {
        faults.push(format!("ARCHITECTURE.md: {MAX_ARCHITECTURE_LINES} lines or more: keep to what rarely changes"));
    }
    if !architecture.contains("**Architecture Invariant:**") {
        faults.push("ARCHITECTURE.md: it states no **Architecture Invariant:**".to_owned());
    }
    let pages: Vec<&str> =
        repository.ending(".md").filter(|(path, _)| is_user_page(path)).map(|(_, text)| text).collect();
    for (program, source) in COMMAND_LINES {
        let options = long_names(repository.text(source)).into_iter();
        let unknown = options.filter(|option| !pages.iter().any(|text| mentions(text, option)));
        faults.extend(
            unknown.map(|option| format!("README.md or docs/: the option {option} of `{program}` is not mentioned")),
        );
    }
    for (path, text) in repository.ending(".md") {
        for (line, target) in links(text) {
            if !repository.has(&resolve(path, target)) {
                faults.push(format!("{path}:{line}: the link leads to {target}, which is not there"));
            }
        }
    }
    faults
}

fn is_user_page(path: &str) -> bool {
    path == "README.md" || path.starts_with("docs/")
}

/// Whether a text has an option as a word of its own: `--idle-rtts` does not mention `--idle`.
fn mentions(text: &str, option: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|next: char| next == '-' || next.is_ascii_alphanumeric());
    text.match_indices(option).any(|(at, _)| ends(&text[at + option.len()..]))
}

/// Links to files of the repository, with their lines. Code blocks have none.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    let mut is_code = false;
    for (at, line) in text.lines().enumerate() {
        is_code ^= line.trim_start().starts_with("```");
        for part in line.split("](").skip(1).filter(|_| !is_code) {
            let target = part.split([')', '#']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains(':') {
                links.push((at + 1, target));
            }
        }
    }
    links
}

/// A link of a page as a path from the root.
fn resolve(page: &str, target: &str) -> String {
    let mut folders: Vec<&str> = page.split('/').collect();
    folders.pop();
    for part in target.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            folders.pop();
        } else {
            folders.push(part);
        }
    }
    folders.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = "# X\n\n    cargo xtask demo\n    cargo xtask test\n\nWith `--idle 1s`.\n";
    const ARCHITECTURE: &str = "**Architecture Invariant:** none.\n";
    const OPTIONS: &str = "#[arg(long)]\npub(crate) idle: u8,\n";

    fn faults(readme: &str, architecture: &str, options: &str) -> Vec<String> {
        let [(_, first), (_, second)] = COMMAND_LINES;
        let files = [("README.md", readme), ("ARCHITECTURE.md", architecture), (first, options), (second, "")];
        check(&Repository::of(&files))
    }

    #[test]
    fn good_documents_pass() {
        assert_eq!(faults(README, ARCHITECTURE, OPTIONS), [""; 0]);
    }

    #[test]
    fn each_rule_can_fail() {
        assert!(faults(&README.replace("xtask demo", ""), ARCHITECTURE, "")[0].contains("`cargo xtask demo` must"));
        assert!(faults(&README.replace("xtask test", ""), ARCHITECTURE, "")[0].contains("`cargo xtask test` must"));
        assert!(faults(README, "", "")[0].contains("states no"));
        assert!(faults(README, &ARCHITECTURE.repeat(300), "")[0].contains("300 lines or more"));
        assert!(
            faults(&README.replace("--idle", "--idle-rtts"), ARCHITECTURE, OPTIONS)[0].contains("option --idle of")
        );
        let linked = format!("{README}\nSee [this](docs/missing.md#part).\n");
        assert_eq!(
            faults(&linked, ARCHITECTURE, ""),
            ["README.md:8: the link leads to docs/missing.md, which is not there"]
        );
    }

    #[test]
    fn links_are_found_outside_of_code() {
        let text = "[a](b.md) and [c](https://x.y) and [d](../e/)\n```\n[f](g)\n```\n[h](#i)\n";
        assert_eq!(links(text), [(1, "b.md"), (1, "../e/")]);
        assert_eq!(resolve("docs/a.md", "../e/./f.md"), "e/f.md");
    }
}
