//! What Compose gives a container to do.
//!
//! In: a service of `docker-compose.yml` and settings as in `.env`. Out: the words of its command or health check.
//! Guaranteed: variables are replaced, and words are split, as Compose does for what our file uses.

use super::value;
use crate::deploy::read;
use serde_json::Value;

fn service(name: &str) -> Value {
    value::parse(&read(super::FILES[0]))["services"][name].clone()
}

/// The words of a command that is written in one text.
pub(in crate::deploy) fn command(name: &str, settings: &[(&str, &str)]) -> Vec<String> {
    let text = service(name)["command"].as_str().expect("a command in one text").to_owned();
    split(&replaced(&text, settings))
}

/// The words of a health check that needs no shell.
pub(in crate::deploy) fn health(name: &str) -> Vec<String> {
    let test = service(name)["healthcheck"]["test"].clone();
    let words: Vec<String> = serde_json::from_value(test).expect("a list of words");
    assert_eq!(words[0], "CMD");
    words[1..].to_vec()
}

/// `${NAME:-default}` and `${NAME:+word}`; an empty setting is none.
fn replaced(text: &str, settings: &[(&str, &str)]) -> String {
    let mut parts = text.split("${");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inside, rest) = part.split_once('}').expect("a variable ends");
        let (name, how) = inside.split_once(':').expect("a variable says what stands for it");
        let value = settings.iter().find(|(other, value)| *other == name && !value.is_empty()).map(|(_, value)| *value);
        whole += match (how.split_at(1), value) {
            (("-", default), None) => default,
            (("-", _), Some(value)) => value,
            (("+", word), Some(_)) => word,
            (("+", _), None) => "",
            _ => panic!("{inside}"),
        };
        whole += rest;
    }
    whole
}

/// At white space outside of double quotes; quotes may hold nothing.
fn split(text: &str) -> Vec<String> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), None::<String>, false);
    for character in text.chars() {
        match character {
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            space if space.is_whitespace() && !is_quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.into_iter().chain(word).collect()
}

#[test]
fn the_recorder_s_command() {
    let defaults = "--quiet --output /captures/capture --filter  --keep records --rotate-time 3600s --rotate-size 500MB \
                    --max-total 10000MB --compress zstd";
    assert_eq!(command("recorder", &[]), defaults.split(' ').collect::<Vec<_>>());
    let settings = [("RECORDER_INTERFACE", "wg1"), ("RECORDER_FILTER", "not port 53"), ("RECORDER_OPTIONS", "-p tcp")];
    let changed = command("recorder", &settings);
    for pair in [["--interface", "wg1"], ["--filter", "not port 53"], ["-p", "tcp"]] {
        assert!(changed.windows(2).any(|words| words == pair), "{changed:?}");
    }
}
