//! `docker-compose.yml` as data: every rule holds for the file, and for every rule there is a change of the file that breaks
//! it.

mod broken;
mod client;
pub(super) mod command;
mod rules;
mod value;

use super::read;
use rules::Compose;

const FILES: [&str; 3] =
    ["docker-compose.yml", "deploy/vpn/docker-compose.wg-easy.yml", "deploy/vpn/docker-compose.openvpn.yml"];

/// A file's text as what the rules judge, with the settings of `.env.example`.
fn load(text: &str, settings: &str) -> Compose {
    Compose { file: value::parse(text), settings: settings.to_owned() }
}

/// A file that is given to Compose behind the first one.
fn load_behind(first: &str, text: &str, settings: &str) -> Compose {
    let mut compose = load(first, settings);
    value::merge(&mut compose.file, value::parse(text));
    compose
}

#[test]
fn the_compose_files_keep_every_rule() {
    let settings = read(".env.example");
    for path in FILES {
        let faults = load_behind(&read(FILES[0]), &read(path), &settings).faults();
        assert!(faults.is_empty(), "{path}:\n{}", faults.join("\n"));
    }
}

/// Another VPN replaces the first one whole, and nothing changes for the recorder, which finds the tunnel itself.
#[test]
fn another_vpn_leaves_nothing_of_the_first() {
    let first = load(&read(FILES[0]), "").file;
    for (path, image) in [(FILES[1], "wg-easy/wg-easy:"), (FILES[2], "sniffit-openvpn:local")] {
        let merged = load_behind(&read(FILES[0]), &read(path), "").file;
        assert!(read(path).contains("  vpn: !override\n"), "{path}: Compose would merge the two servers");
        let (vpn, recorder) = (&merged["services"]["vpn"], &merged["services"]["recorder"]);
        assert!(vpn["image"].as_str().is_some_and(|name| name.contains(image)), "{path}: {vpn}");
        assert_eq!(vpn["environment"].get("PEERS"), None, "{path}");
        assert_eq!(recorder, &first["services"]["recorder"], "{path}");
    }
}

#[test]
fn every_setting_of_the_example_is_used() {
    let used: String = FILES.map(read).concat();
    for (name, _) in rules::settings(&read(".env.example")) {
        assert!(used.contains(&format!("${{{name}")), ".env.example: no compose file uses {name}");
    }
}

#[test]
fn the_example_holds_no_secret() {
    for (name, value) in rules::settings(&read(".env.example")) {
        assert!(!rules::is_secret(&name) || value.is_empty(), ".env.example: {name} must be empty");
    }
}

#[test]
fn the_defaults_shown_in_the_example_are_those_of_the_compose_files() {
    let used: String = FILES.map(read).concat();
    for (name, value) in rules::settings(&read(".env.example")).into_iter().filter(|(name, _)| !rules::is_secret(name))
    {
        assert!(used.contains(&format!("${{{name}:-{value}}}")), ".env.example: {name} is not {value} by default");
    }
}
