//! `cargo xtask gen-types`: what the module offers, as TypeScript, where the page's sources can see it.
//!
//! In: `analyzer_wasm.d.ts` as made with the module. Out: the same in `web/src/generated`, without what depends on the
//! compiler. Guaranteed: with `--check` nothing is written.

use super::{TYPES, folder};
use crate::cargo;
use anyhow::{Context, Result, bail};
use std::fs;

const COMMITTED: &str = "web/src/generated/analyzer_wasm.d.ts";
const HEADING: &str = "// Made by `cargo xtask gen-types` of the crate analyzer-wasm: change that instead.\n";

/// Writes the types, or, with `check`, compares them.
///
/// # Errors
/// When the module can't be built, or the file differs.
pub(crate) fn run(check: bool) -> Result<()> {
    super::run()?;
    let made = folder()?.join(TYPES);
    let made = fs::read_to_string(&made).with_context(|| format!("{} can't be read", made.display()))?;
    let types = format!("{HEADING}{}", without_raw_exports(&made));
    let path = cargo::root()?.join(COMMITTED);
    // A clone may have other line ends.
    let there = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    match difference(&there, &types) {
        None => println!("{COMMITTED} is up to date"),
        Some(difference) if check => {
            bail!("{COMMITTED} is not what analyzer-wasm offers: run `cargo xtask gen-types`\n{difference}")
        }
        Some(_) => {
            let parent = path.parent().context("the file has a folder")?;
            fs::create_dir_all(parent).with_context(|| format!("{} can't be made", parent.display()))?;
            fs::write(&path, types).with_context(|| format!("{} can't be written", path.display()))?;
            println!("{COMMITTED} was written");
        }
    }
    Ok(())
}

/// Leaves out the members of `InitOutput`: raw exports, which nobody may call, and whose names hold digests that change
/// with the compiler.
fn without_raw_exports(types: &str) -> String {
    let mut is_raw = false;
    let mut kept = String::new();
    for line in types.lines() {
        is_raw &= line != "}";
        if !is_raw || line.contains(" memory: ") {
            kept.push_str(line);
            kept.push('\n');
        }
        is_raw |= line.starts_with("export interface InitOutput {");
    }
    kept
}

/// The first line that differs, on both sides.
fn difference(there: &str, made: &str) -> Option<String> {
    if there == made {
        return None;
    }
    let (mut there, mut made) = (there.lines(), made.lines());
    for number in 1.. {
        let (old, new) = (there.next(), made.next());
        if old != new || old.is_none() {
            let side = |sign, line: Option<&str>| line.map_or(String::new(), |line| format!("\n{sign} {line}"));
            return Some(format!("line {number}:{}{}", side('-', old), side('+', new)));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_exports_are_left_out() {
        let types = "export class A {\n}\n\nexport interface InitOutput {\n  readonly memory: M;\n  readonly x_0: (a) => b;\n}\n\nexport type B = C;\n";
        assert_eq!(
            without_raw_exports(types),
            "export class A {\n}\n\nexport interface InitOutput {\n  readonly memory: M;\n}\n\nexport type B = C;\n"
        );
    }

    #[test]
    fn the_first_difference_is_shown() {
        for (there, made, shown) in [
            ("a\nb\n", "a\nb\n", None),
            ("a\nb\n", "a\nc\n", Some("line 2:\n- b\n+ c")),
            ("", "a\n", Some("line 1:\n+ a")),
            ("a\nb\n", "a\n", Some("line 2:\n- b")),
            ("a", "a\n", Some("line 2:")),
        ] {
            assert_eq!(difference(there, made).as_deref(), shown, "{there:?} {made:?}");
        }
    }
}
