//! Names of servers to applications.
//!
//! In: a table of rules, and host names. Out: the application that a name belongs to, by the rule with the longest suffix of whole
//! labels. Guaranteed: what no rule covers has no application; a table with a mistake is refused with its line; the same
//! tables give the same numbers.

use crate::analyzer::text_id;
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use std::sync::{Arc, LazyLock};
use thiserror::Error;

const BUILTIN: &str = include_str!("applications.csv");
/// ECS tells to write `network.application` in lower case; the rest keeps it free of what formats treat specially.
const MOST_NAME_BYTES: usize = 60;

/// Which names belong to which application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applications {
    rules: HashMap<Box<str>, u32, RandomState>,
    names: Vec<Arc<str>>,
    id: String,
}

/// A table that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ApplicationsError {
    /// A line is no rule.
    #[error(
        "line {line}: `{text}` is no rule: write a suffix, a comma and an application, such as cdn.example.com,my_app"
    )]
    Form {
        /// The line, from 1.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// A suffix that no name can end with.
    #[error("line {line}: `{suffix}` is no suffix of host names: only letters, digits, dots, - and _ may stand in it")]
    Suffix {
        /// The line, from 1.
        line: usize,
        /// What stands there.
        suffix: String,
    },
    /// An application that can't be written to results.
    #[error(
        "line {line}: `{application}` is no name of an application: up to 60 lower-case letters, digits, dots, - and _ \
         may stand in it"
    )]
    Application {
        /// The line, from 1.
        line: usize,
        /// What stands there.
        application: String,
    },
    /// Two rules for the same names.
    #[error("line {line}: there is a rule for `{suffix}` already, for {other}")]
    Twice {
        /// The line, from 1.
        line: usize,
        /// The suffix of both.
        suffix: String,
        /// The application of the first.
        other: String,
    },
}

impl Applications {
    /// The rules that come with the program, read once.
    #[must_use]
    pub fn builtin() -> Arc<Self> {
        static TABLE: LazyLock<Arc<Applications>> = LazyLock::new(|| {
            let mut table = Applications { rules: HashMap::default(), names: Vec::new(), id: "builtin".to_owned() };
            // A test reads the same table, so that a mistake in it reaches nobody.
            for (suffix, application) in rules(BUILTIN).unwrap_or_default() {
                table.insert(suffix, application);
            }
            Arc::new(table)
        });
        Arc::clone(&TABLE)
    }

    /// These rules, with those of another table above them.
    ///
    /// # Errors
    /// Names the first line that is no rule.
    pub fn extended(&self, text: &str) -> Result<Self, ApplicationsError> {
        let rules = rules(text)?;
        let mut table = self.clone();
        table.id = format!("{}+{}", self.id, text_id(text));
        for (suffix, application) in rules {
            table.insert(suffix, application);
        }
        Ok(table)
    }

    /// Tells tables apart.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The number of the application that a name belongs to. The name is one that [`host_name`](super::text::host_name) made.
    #[must_use]
    pub fn index_of(&self, host: &str) -> Option<u32> {
        let mut rest = host;
        loop {
            if let Some(number) = self.rules.get(rest) {
                return Some(*number);
            }
            rest = rest.split_once('.')?.1;
        }
    }

    /// The application with a number.
    #[must_use]
    pub fn name(&self, number: u32) -> Option<&str> {
        self.names.get(number as usize).map(|name| &**name)
    }

    fn insert(&mut self, suffix: String, application: &str) {
        let number = self.names.iter().position(|name| **name == *application).unwrap_or_else(|| {
            self.names.push(application.into());
            self.names.len() - 1
        });
        // There are fewer than lines in a file.
        self.rules.insert(suffix.into(), number as u32);
    }
}

/// The rules of a table, in its order.
fn rules(text: &str) -> Result<Vec<(String, &str)>, ApplicationsError> {
    let mut rules: Vec<(String, &str)> = Vec::new();
    let mut seen: HashMap<String, &str, RandomState> = HashMap::default();
    for (line, row) in (1..).zip(text.lines()) {
        let row = row.trim_matches(['\u{feff}', ' ', '\t', '\r']);
        if row.is_empty() || row.starts_with('#') {
            continue;
        }
        let (suffix, application) =
            row.split_once(',').ok_or_else(|| ApplicationsError::Form { line, text: row.to_owned() })?;
        let application = application.trim();
        let is_plain = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
        let suffix = suffix.trim();
        let suffix = suffix.strip_prefix("*.").or(suffix.strip_prefix('.')).unwrap_or(suffix).to_ascii_lowercase();
        let has_empty_label = suffix.split('.').any(str::is_empty);
        if has_empty_label || !suffix.chars().all(is_plain) {
            return Err(ApplicationsError::Suffix { line, suffix });
        }
        let is_lower = |character: char| is_plain(character) && !character.is_ascii_uppercase();
        if application.is_empty() || application.len() > MOST_NAME_BYTES || !application.chars().all(is_lower) {
            return Err(ApplicationsError::Application { line, application: application.to_owned() });
        }
        if let Some(other) = seen.insert(suffix.clone(), application) {
            return Err(ApplicationsError::Twice { line, suffix, other: other.to_owned() });
        }
        rules.push((suffix, application));
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(table: &'a Applications, host: &str) -> Option<&'a str> {
        table.index_of(host).and_then(|number| table.name(number))
    }

    #[test]
    fn the_longest_suffix_of_whole_labels_wins() {
        let table = Applications::builtin();
        for (host, application) in [
            ("rr4---sn-25glenes.googlevideo.com", Some("youtube")),
            ("youtubei.googleapis.com", Some("youtube")),
            ("music.youtube.com", Some("youtube_music")),
            ("maps.googleapis.com", Some("google_maps")),
            ("fonts.googleapis.com", Some("google")),
            ("mail.google.com", Some("gmail")),
            ("www.google.com", Some("google")),
            ("ipv4-c001-par001-ix.1.oca.nflxvideo.net", Some("netflix")),
            ("audio-ak-spotify-com.spotifycdn.com", Some("spotify")),
            ("cdns-preview-e.dzcdn.net", Some("deezer")),
            ("cres.waze.com", Some("waze")),
            ("e13.whatsapp.net", Some("whatsapp")),
            ("outlook.office365.com", Some("outlook")),
            ("scontent-cdg4-1.cdninstagram.com", Some("instagram")),
            ("pbs.twimg.com", Some("x")),
            ("video.xx.fbcdn.net", Some("facebook")),
            ("v16m.tiktokcdn.com", Some("tiktok")),
            ("gateway.icloud.com", Some("icloud")),
            ("swcdn.apple.com", Some("apple")),
            ("teams.microsoft.com", Some("microsoft_teams")),
            ("t.co", Some("x")),
            ("not-t.co", None),
            ("notyoutube.com", None),
            ("youtube.com.evil.example", None),
            ("com", None),
            ("localhost", None),
            ("", None),
            (".", None),
        ] {
            assert_eq!(of(&table, host), application, "{host}");
        }
    }

    #[test]
    fn the_built_in_table_has_no_mistake() {
        let rules = rules(BUILTIN).expect("a table");
        assert!(rules.len() > 300, "{} rules", rules.len());
        assert_eq!(rules.len(), Applications::builtin().rules.len());
        // An application's rules stand together, so that people find them.
        let mut applications: Vec<&str> = rules.iter().map(|(_, application)| *application).collect();
        applications.dedup();
        let in_order = applications.clone();
        applications.sort_unstable();
        applications.dedup();
        assert_eq!(applications, in_order);
    }

    #[test]
    fn rules_of_users_stand_above() {
        let text = "\u{feff}# mine\r\n\r\n *.Example.com , my_app\r\nwww.google.com,my_search\n.video.test,my_app\n";
        let table = Applications::builtin().extended(text).expect("a table");
        for (host, application) in [
            ("a.example.com", Some("my_app")),
            ("example.com", Some("my_app")),
            ("www.google.com", Some("my_search")),
            ("maps.google.com", Some("google_maps")),
            ("x.video.test", Some("my_app")),
            ("video.example", None),
        ] {
            assert_eq!(of(&table, host), application, "{host}");
        }
        assert!(table.id().starts_with("builtin+") && table.id() != Applications::builtin().id());
        assert_ne!(table.id(), Applications::builtin().extended("a.test,b").expect("a table").id());
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        for (text, expected) in [
            ("# a\nexample.com", "line 2: `example.com` is no rule"),
            ("exa mple.com,a", "line 1: `exa mple.com` is no suffix"),
            ("a..b,a", "line 1: `a..b` is no suffix"),
            (",a", "line 1: `` is no suffix"),
            ("*,a", "line 1: `*` is no suffix"),
            ("a.test,", "line 1: `` is no name of an application"),
            ("a.test,My App", "line 1: `My App` is no name"),
            ("a.test,=cmd", "line 1: `=cmd` is no name"),
            ("a.test,b\n\nA.test,c", "line 3: there is a rule for `a.test` already, for b"),
        ] {
            let error = Applications::builtin().extended(text).expect_err(text).to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
