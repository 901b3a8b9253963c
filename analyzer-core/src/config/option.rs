//! Options as text to a configuration.
//!
//! In: the name of an option and its value, both as the program's command line has them. Out: the configuration with that
//! option. Guaranteed: a form and a command line that say the same give equal configurations; a refusal changes nothing
//! and says which option it was, what was given and what may be.

use super::{Config, ConfigError, ProtocolFilter};
use crate::object::parse_duration;
use std::str::FromStr;
use std::time::Duration;

const METHOD: &str = "exchange, exchange-headers, mean-gap, fixed:<duration> (e.g. fixed:500ms, fixed:1s) or \
                      rtt:<factor> (e.g. rtt:1.5)";
const CLIENT: &str = "an IP address or a prefix such as 10.8.0.0/24 or 2001:db8::/64";
const DURATION: &str = "a number with a unit, such as 500ms, 1.5s or 2m";
const NUMBER: &str = "a whole number from 0 to 4294967295";
const TRUTH: &str = "true or false";

impl Config {
    /// The names that [`Config::set`] takes. `split-requests` is `no-split-requests` the other way round.
    pub const OPTIONS: [&'static str; 15] = [
        "method",
        "mode",
        "protocol",
        "client",
        "tcp-expiry",
        "udp-expiry",
        "max-flows",
        "idle",
        "idle-rtts",
        "udp-idle",
        "push-gap",
        "small",
        "quic-small",
        "no-split-requests",
        "split-requests",
    ];

    /// Sets one option; `client` adds one. Whether the values can work together is for [`Config::validate`] to say.
    ///
    /// # Errors
    /// [`ConfigError::UnknownOption`] or [`ConfigError::Value`]; the configuration is as it was then.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), ConfigError> {
        let option = Given { name, value };
        match name {
            "method" => self.method = option.parsed(METHOD)?,
            "mode" => self.packets = option.one_of("object or packet", &[("object", false), ("packet", true)])?,
            "protocol" => {
                let protocols = [ProtocolFilter::Tcp, ProtocolFilter::Udp, ProtocolFilter::Both];
                self.protocol =
                    option.one_of("tcp, udp or both", &protocols.map(|protocol| (protocol.as_str(), protocol)))?;
            }
            "client" => self.clients.push(option.parsed(CLIENT)?),
            "tcp-expiry" => self.tcp_expiry = option.duration()?,
            "udp-expiry" => self.udp_expiry = option.duration()?,
            "max-flows" => self.max_flows = option.parsed(NUMBER)?,
            "idle" => self.exchange.idle = option.duration()?,
            "idle-rtts" => self.exchange.idle_rtts = option.parsed(NUMBER)?,
            "udp-idle" => self.exchange.udp_idle = option.duration()?,
            "push-gap" => self.exchange.push_gap = option.duration()?,
            "small" => self.exchange.small_bytes = option.parsed(NUMBER)?,
            "quic-small" => self.exchange.quic_small_bytes = option.parsed(NUMBER)?,
            "no-split-requests" => self.exchange.split_requests = !option.truth()?,
            "split-requests" => self.exchange.split_requests = option.truth()?,
            _ => return Err(ConfigError::UnknownOption(name.to_owned())),
        }
        Ok(())
    }
}

/// An option as it was given.
struct Given<'a> {
    name: &'a str,
    value: &'a str,
}

impl Given<'_> {
    fn refused(&self, expected: &'static str) -> ConfigError {
        ConfigError::Value { option: self.name.to_owned(), value: self.value.to_owned(), expected }
    }

    fn parsed<T: FromStr>(&self, expected: &'static str) -> Result<T, ConfigError> {
        self.value.parse().map_err(|_| self.refused(expected))
    }

    fn duration(&self) -> Result<Duration, ConfigError> {
        parse_duration(self.value).ok_or_else(|| self.refused(DURATION))
    }

    fn truth(&self) -> Result<bool, ConfigError> {
        self.one_of(TRUTH, &[("true", true), ("false", false)])
    }

    fn one_of<T: Copy>(&self, expected: &'static str, words: &[(&str, T)]) -> Result<T, ConfigError> {
        let word = words.iter().find(|(word, _)| *word == self.value);
        word.map(|(_, meaning)| *meaning).ok_or_else(|| self.refused(expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For each option a value other than the default, and one that it can't have.
    const CASES: [(&str, &str, &str); Config::OPTIONS.len()] = [
        ("method", "fixed:1.5s", "fixed"),
        ("mode", "packet", "packets"),
        ("protocol", "udp", "UDP"),
        ("client", "2001:db8::/64", "10.0.0.0/33"),
        ("tcp-expiry", "2m", "2"),
        ("udp-expiry", "2 m", "m"),
        ("max-flows", "5", "five"),
        ("idle", "250us", "-1s"),
        ("idle-rtts", "3", "1.5"),
        ("udp-idle", "0s", ""),
        ("push-gap", "1.25ms", "1.2345ms"),
        ("small", "4294967295", "4294967296"),
        ("quic-small", "0", "-1"),
        ("no-split-requests", "true", "yes"),
        ("split-requests", "false", "0"),
    ];

    #[test]
    fn every_option_is_set_or_says_what_it_may_be() {
        assert_eq!(CASES.map(|(name, ..)| name), Config::OPTIONS);
        for (name, value, wrong) in CASES {
            let mut config = Config::default();
            assert_eq!(config.set(name, value), Ok(()), "{name}");
            assert_ne!(config, Config::default(), "{name}");
            let before = config.clone();
            let error = config.set(name, wrong).expect_err(name);
            assert_eq!(config, before, "{name}");
            let text = error.to_string();
            assert!(text.starts_with(&format!("{name}: `{wrong}` is not ")), "{text}");
        }
    }

    #[test]
    fn options_are_independent_and_clients_add_up() {
        let mut config = Config::default();
        for (name, value) in [("split-requests", "false"), ("no-split-requests", "false"), ("mode", "object")] {
            config.set(name, value).expect(name);
        }
        assert_eq!(config, Config::default());
        for client in ["10.0.0.1", "10.1.0.0/16"] {
            config.set("client", client).expect(client);
        }
        let clients: Vec<String> = config.clients.iter().map(ToString::to_string).collect();
        assert_eq!(clients, ["10.0.0.1/32", "10.1.0.0/16"]);
    }

    #[test]
    fn an_unknown_option_is_told_the_known_ones() {
        for name in ["", "Method", "--method", "jobs"] {
            let error = Config::default().set(name, "1").expect_err(name).to_string();
            assert!(error.contains(&format!("`{name}`")) && error.contains("quic-small"), "{error}");
        }
    }
}
