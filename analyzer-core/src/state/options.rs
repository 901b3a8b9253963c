//! The options of two parts of a recording, compared.
//!
//! In: options as [`Config::describe`](crate::Config::describe) gives them. Out: those that differ, as people write them.

use std::fmt;
use std::time::Duration;

/// An option that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferentOption {
    /// Its name.
    pub name: String,
    /// What it was in the parts before; `None` when there was no such option.
    pub was: Option<String>,
    /// What it is; `None` when there is no such option.
    pub is: Option<String>,
}

impl fmt::Display for DifferentOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` was {}, is {}", self.name, shown(self.was.as_deref()), shown(self.is.as_deref()))
    }
}

/// Times as the command line has them.
fn shown(value: Option<&str>) -> String {
    match value {
        None => "unknown".to_owned(),
        Some("") => "not given".to_owned(),
        Some(value) => match value.strip_suffix(" ns").and_then(|nanos| nanos.parse().ok()) {
            Some(nanos) => format!("{:?}", Duration::from_nanos(nanos)),
            None => value.to_owned(),
        },
    }
}

/// What differs, in the order of the options as they are, then of those that are gone.
pub(super) fn differences(was: &[(String, String)], is: &[(&'static str, String)]) -> Vec<DifferentOption> {
    let before = |name: &str| was.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let changed = is.iter().filter_map(|(name, value)| {
        let was = before(name);
        let is_same = was.as_ref() == Some(value);
        (!is_same).then(|| DifferentOption { name: (*name).to_owned(), was, is: Some(value.clone()) })
    });
    let gone = was.iter().filter(|(name, _)| is.iter().all(|(known, _)| known != name));
    let gone = gone.map(|(name, value)| DifferentOption { name: name.clone(), was: Some(value.clone()), is: None });
    changed.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    #[test]
    fn what_differs_is_told_as_people_write_it() {
        let was: Vec<(String, String)> =
            Config::default().describe().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        assert_eq!(differences(&was, &Config::default().describe()), []);
        for (name, value, expected) in [
            ("idle", "1s", "`idle` was 500ms, is 1s"),
            ("tcp-expiry", "90s", "`tcp-expiry` was 300s, is 90s"),
            ("method", "fixed:1s", "`method` was exchange, is fixed:1s"),
            ("client", "10.0.0.1", "`client` was not given, is 10.0.0.1/32"),
            ("mode", "packet", "`mode` was object, is packet"),
            ("max-flows", "7", "`max-flows` was 1000000, is 7"),
        ] {
            let mut config = Config::default();
            config.set(name, value).expect(name);
            let found: Vec<String> = differences(&was, &config.describe()).iter().map(ToString::to_string).collect();
            assert_eq!(found, [expected]);
        }
        let gone = [was, vec![("colour".to_owned(), "red".to_owned())]].concat();
        let found = differences(&gone[1..], &Config::default().describe());
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["`method` was unknown, is exchange", "`colour` was red, is unknown"]);
    }
}
