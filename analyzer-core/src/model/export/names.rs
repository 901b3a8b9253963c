//! Names of groups in other syntaxes.
//!
//! In: the keys of groups, which are host names and so hostile text. Out: identifiers, and text for comments.
//! Guaranteed: different keys get different names, also where capitals do not count; no name ends its line or its token.

use crate::model::Model;
use std::collections::BTreeSet;

/// Longer names are cut: file names may have 255 bytes.
const MOST_CHARS: usize = 60;

/// An identifier for each group, in their order: ASCII letters, digits and `_`, the first no digit.
pub(super) fn identifiers(model: &Model) -> Vec<String> {
    identifiers_of(model.groups.iter().map(|group| group.key.as_str()))
}

/// The same for any keys.
pub(super) fn identifiers_of<'a>(keys: impl Iterator<Item = &'a str>) -> Vec<String> {
    unique(keys.map(identifier))
}

/// Names with a number behind those that were there before.
pub(super) fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut number = |name: String| {
        let numbered = (2_u64..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| taken.insert(name.to_lowercase()));
        free.unwrap_or(name)
    };
    names.map(&mut number).collect()
}

/// Text for a comment of one line, or between quotes: letters, digits and marks that no syntax here gives a meaning.
pub(super) fn plain(text: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || " ._:/+@=()[],".contains(c) { c } else { '_' };
    // A hyphen is kept between letters, but two of them would end a comment of XML.
    let text: Vec<char> = text.chars().take(MOST_CHARS * 2).collect();
    let hyphen = |at: usize| text[at] == '-' && at > 0 && text[at - 1].is_alphanumeric();
    (0..text.len()).map(|at| if hyphen(at) { '-' } else { kept(text[at]) }).collect()
}

fn identifier(key: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = key.chars().take(MOST_CHARS).map(kept).collect();
    match name.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_plain_and_different() {
        let cases: [(&[&str], &[&str]); 4] = [
            (&["www.example.com", "cdn-1.example.com"], &["www_example_com", "cdn_1_example_com"]),
            (&["a.b", "a-b", "A_B", "a_b_2"], &["a_b", "a_b_2", "A_B_3", "a_b_2_2"]),
            (&["", "10.0.0.1", "2001:db8::1"], &["unnamed", "_10_0_0_1", "_2001_db8__1"]),
            (&["]\n[Config evil", "../x", "é\"${}"], &["___Config_evil", "___x", "_____"]),
        ];
        for (keys, expected) in cases {
            assert_eq!(unique(keys.iter().map(|key| identifier(key))), expected, "{keys:?}");
        }
        assert_eq!(identifier(&"x".repeat(300)).len(), MOST_CHARS);
    }

    #[test]
    fn comments_stay_on_their_line_and_open_nothing() {
        let cases = [
            ("www.example.com", "www.example.com"),
            ("my-app --> x", "my-app ___ x"),
            ("a\n[Config b]\r#c", "a_[Config b]__c"),
            ("\"${x}\\' <!& ;é", "___x___ ___ _é"),
            ("-x", "_x"),
        ];
        for (text, expected) in cases {
            let plain = plain(text);
            assert!(!plain.contains(['\n', '\r', '"', '\\', '$', '#', '<', '>', '&', ';']) && !plain.contains("--"));
            assert_eq!(plain, expected);
        }
    }
}
