//! Rules of source files: an opening that says what the module is for, a length that can be read in one go, and nothing
//! that was left for later.

use super::files::Repository;

/// Longer files have more than one concept.
const MAX_LINES: usize = 400;

/// Files that are longer, and why they may be.
const LONGER: [(&str, usize, &str); 2] = [
    (
        "analyzer-core/src/flow/connection.rs",
        450,
        "the state of a connection and the way of a packet through it are one concept, and splitting it costs speed",
    ),
    (
        "analyzer-core/src/object/exchange.rs",
        450,
        "the rules are judged in one order and share their state: apart, nobody could see which one wins",
    ),
];

/// Words that mean "not finished". They are put together here so that this file is no match.
fn unfinished() -> [String; 10] {
    let rust = ["to|do!", "unimple|mented!", "d|bg!", "#[ig|nore", "FIX|ME"];
    let page = ["test.sk|ip", "test.on|ly", "test.to|do", "@ts-ig|nore", "@ts-noch|eck"];
    std::array::from_fn(|at| rust.get(at).unwrap_or_else(|| &page[at - rust.len()]).replace('|', ""))
}

/// What would read text as HTML or as a program. Names of hosts come from strangers.
const UNSAFE_IN_PAGE: [&str; 7] = [
    "innerHTML",
    "InnerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "new Function(",
    "createContextualFragment",
];

/// How a source file begins, by the ending of its name. Not all of the page's files tell what goes in and out: styles
/// have neither.
const OPENINGS: [(&str, &str); 5] = [(".rs", "//!"), (".ts", "/**"), (".tsx", "/**"), (".mjs", "//"), (".css", "/*")];

/// Every place that breaks a rule.
pub(super) fn check(repository: &Repository) -> Vec<String> {
    let sources = OPENINGS.iter().flat_map(|(ending, _)| repository.ending(ending));
    sources.flat_map(|(path, text)| faults(path, text)).collect()
}

fn faults(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let opening = OPENINGS.iter().find(|(ending, _)| path.ends_with(ending)).map_or("//!", |(_, opening)| opening);
    if !text.starts_with(opening) {
        faults.push(format!(
            "{path}:1: a source file opens with `{opening}`: what comes in, what goes out, what is guaranteed"
        ));
    }
    let lines = text.lines().count();
    let allowed = LONGER.iter().find(|(longer, ..)| *longer == path).map_or(MAX_LINES, |(_, lines, _)| *lines);
    if lines > allowed {
        faults.push(format!("{path}: {lines} lines are more than {allowed}: split it by concept"));
    }
    for (at, line) in text.lines().enumerate() {
        for word in unfinished().iter().filter(|word| line.contains(word.as_str())) {
            faults.push(format!("{path}:{}: `{word}` is left for later: finish it or take it out", at + 1));
        }
    }
    if path.starts_with("web/src/") {
        for (at, line) in text.lines().enumerate() {
            for word in UNSAFE_IN_PAGE.iter().filter(|word| line.contains(**word)) {
                faults.push(format!("{path}:{}: `{word}` reads text as more than text: use textContent", at + 1));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_file_passes() {
        assert_eq!(faults("a/src/x.rs", "//! Adds.\n\nfn add() {}\n"), [""; 0]);
        assert_eq!(faults("web/src/x.tsx", "/**\n * Adds.\n */\nnode.textContent = text;\n"), [""; 0]);
        assert_eq!(faults("web/src/x.css", "/* Colours. */\n"), [""; 0]);
    }

    #[test]
    fn each_rule_can_fail() {
        assert!(faults("x.rs", "fn add() {}\n")[0].starts_with("x.rs:1: a source file opens"));
        assert!(faults("web/x.ts", "// Adds.\n")[0].starts_with("web/x.ts:1: a source file opens with `/**`"));
        assert!(faults("web/x.css", "p {}\n")[0].starts_with("web/x.css:1: a source file opens with `/*`"));
        for word in UNSAFE_IN_PAGE {
            let text = format!("/** X. */\na.{word}");
            assert_eq!(faults("web/src/x.ts", &text).len(), 1, "{word}");
            assert_eq!(faults("web/build/x.ts", &text), [""; 0]);
        }
        let long = format!("//! Long.\n{}", "//\n".repeat(400));
        assert_eq!(faults("x.rs", &long), ["x.rs: 401 lines are more than 400: split it by concept"]);
        assert_eq!(faults(LONGER[0].0, &long), [""; 0]);
        for word in unfinished() {
            let text = format!("//! X.\n// {word}");
            assert_eq!(
                faults("x.rs", &text),
                [format!("x.rs:2: `{word}` is left for later: finish it or take it out")]
            );
        }
    }
}
