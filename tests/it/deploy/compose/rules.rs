//! The rules of a compose file: what may be reached, what a container may do, and what must be said.

use crate::deploy::repository;
use serde_json::Value;

/// What a service may be given beyond nothing, and why nothing less would do.
const CAPABILITIES: &[(&str, &[&str])] = &[
    // Makes the tunnel's interface and its routes; OpenVPN's then becomes another user.
    ("vpn", &["NET_ADMIN", "SETGID", "SETUID"]),
    // Opens a packet socket.
    ("recorder", &["NET_RAW"]),
];

/// WireGuard's images are made by others, start as root and give rights up by themselves: which ones they need besides is
/// theirs to know.
const KEEPS_DEFAULT_CAPABILITIES: &str = "vpn";

/// The service whose port others must reach.
const OPEN_UDP: &str = "vpn";

/// Its one program gets the capability from its file, which `no-new-privileges` would prevent.
const FILE_CAPABILITY: &str = "recorder";

pub(super) struct Compose {
    pub(super) file: Value,
    /// The text of `.env.example`.
    pub(super) settings: String,
}

type Rule = fn(&str, &Value) -> Vec<String>;

const RULES: &[Rule] = &[image, ports, health, restart, rights, limits, secrets, mounts, builds];

impl Compose {
    /// Every place that breaks a rule.
    pub(super) fn faults(&self) -> Vec<String> {
        let services = self.file["services"].as_object().expect("a compose file has services");
        let mut faults = Vec::new();
        for (name, service) in services {
            let found = RULES.iter().flat_map(|rule| rule(name, service));
            faults.extend(found.map(|fault| format!("{name}: {fault}")));
            faults.extend(self.order(name, service));
        }
        let known: Vec<String> = settings(&self.settings).into_iter().map(|(name, _)| name).collect();
        let used = texts(&self.file).into_iter().flat_map(|text| variables(&text)).map(|variable| variable.name);
        faults.extend(used.filter(|name| !known.contains(name)).map(|name| format!("{name} is not in .env.example")));
        faults
    }

    /// Who waits for a service waits for what it can: a one-shot ends, all others become healthy.
    fn order(&self, name: &str, service: &Value) -> Vec<String> {
        let needs = service["depends_on"].as_object().into_iter().flatten();
        let mut faults = Vec::new();
        for (need, how) in needs {
            let expected = match self.file["services"].get(need) {
                // A service of the file that this one is used with.
                None => continue,
                Some(needed) if is_one_shot(needed) => "service_completed_successfully",
                Some(_) => "service_healthy",
            };
            if how["condition"] != expected {
                faults.push(format!("{name}: it must wait for {need} by {expected}"));
            }
        }
        faults
    }
}

fn is_one_shot(service: &Value) -> bool {
    service["restart"] == "no"
}

fn is_built(service: &Value) -> bool {
    service.get("build").is_some()
}

/// A fault if the condition holds.
fn fault_if(is_fault: bool, text: impl Into<String>) -> Option<String> {
    is_fault.then(|| text.into())
}

fn image(_: &str, service: &Value) -> Vec<String> {
    let Some(image) = service["image"].as_str() else { return vec!["it names no image".to_owned()] };
    let image = with_defaults(image);
    let tag = image.rsplit('/').next().and_then(|last| last.split_once(':')).map(|(_, tag)| tag.to_owned());
    let is_local = is_built(service) && tag.as_deref() == Some("local");
    let is_pinned =
        tag.as_ref().is_some_and(|tag| tag.contains(|c: char| c.is_ascii_digit()) && !tag.contains("latest"));
    fault_if(!is_local && !is_pinned, format!("the image {image} must have the tag of a version")).into_iter().collect()
}

fn ports(name: &str, service: &Value) -> Vec<String> {
    let ports = service["ports"].as_array().into_iter().flatten();
    let mut faults = Vec::new();
    for port in ports {
        let text = with_defaults(port.as_str().unwrap_or_default());
        let is_vpn = name == OPEN_UDP && text.ends_with("/udp");
        faults
            .extend(fault_if(!is_vpn && !text.starts_with("127.0.0.1:"), format!("port {text} must be on 127.0.0.1")));
    }
    faults
}

fn health(_: &str, service: &Value) -> Vec<String> {
    let test = &service["healthcheck"]["test"];
    let is_off = service["healthcheck"]["disable"] == true || test[0] == "NONE";
    let has_test = test.as_array().is_some_and(|words| words.len() > 1);
    fault_if(!is_one_shot(service) && (is_off || !has_test), "it keeps running and needs a health check")
        .into_iter()
        .collect()
}

fn restart(_: &str, service: &Value) -> Vec<String> {
    let policy = &service["restart"];
    let is_said = policy == "no" || policy == "unless-stopped";
    fault_if(!is_said, "it must say restart: unless-stopped, or no for a one-shot").into_iter().collect()
}

fn rights(name: &str, service: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    faults.extend(fault_if(service["privileged"] == true, "privileged is everything"));
    for space in ["network_mode", "pid", "ipc", "userns_mode", "uts"] {
        faults.extend(fault_if(service[space] == "host", format!("{space}: host shares the machine's own")));
    }
    let allowed = CAPABILITIES.iter().find(|(other, _)| *other == name).map_or(&[][..], |(_, allowed)| allowed);
    for capability in service["cap_add"].as_array().into_iter().flatten() {
        let text = capability.as_str().unwrap_or_default();
        faults.extend(fault_if(!allowed.contains(&text), format!("the capability {text} is not needed")));
    }
    let drops_all = service["cap_drop"][0] == "ALL";
    faults.extend(fault_if(!drops_all && name != KEEPS_DEFAULT_CAPABILITIES, "cap_drop: [ALL] is missing"));
    let is_locked =
        service["security_opt"].as_array().is_some_and(|all| all.iter().any(|one| one == "no-new-privileges:true"));
    faults.extend(fault_if(!is_locked && name != FILE_CAPABILITY, "no-new-privileges is missing"));
    if name == FILE_CAPABILITY {
        faults.extend(fault_if(is_locked, "no-new-privileges takes the recorder its capability"));
        faults.extend(fault_if(service["read_only"] != true, "its file system must be read-only"));
    }
    faults
}

fn limits(_: &str, service: &Value) -> Vec<String> {
    let log = &service["logging"]["options"];
    let is_rotated = log["max-size"].is_string() && log["max-file"].is_string();
    let missing = [
        (service["mem_limit"].is_string(), "mem_limit is missing"),
        (is_rotated, "its log grows without end: logging with max-size and max-file is missing"),
    ];
    missing.into_iter().filter_map(|(is_there, text)| fault_if(!is_there, text)).collect()
}

/// Whether a setting of this name is one that must not be known.
pub(super) fn is_secret(name: &str) -> bool {
    let is_path = name.ends_with("_FILE");
    !is_path && ["PASSWORD", "SECRET", "TOKEN", "KEY"].iter().any(|word| name.to_uppercase().contains(word))
}

fn secrets(_: &str, service: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, value) in service["environment"].as_object().into_iter().flatten() {
        let text = value.as_str().unwrap_or_default();
        let is_required = text.starts_with("${") && text.contains(":?") && text.ends_with('}');
        faults.extend(fault_if(is_secret(name) && !is_required, format!("{name} must be ${{NAME:?what to do}}")));
    }
    for variable in texts(service).iter().flat_map(|text| variables(text)).filter(|variable| is_secret(&variable.name))
    {
        let is_fine = variable.rest.starts_with(":?") && variable.rest.contains(".env");
        faults.extend(fault_if(!is_fine, format!("{} must stop everything when it is not set", variable.name)));
    }
    faults
}

fn mounts(_: &str, service: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for volume in service["volumes"].as_array().into_iter().flatten() {
        let Some(text) = volume.as_str() else {
            faults.push("a volume must be written in one line".to_owned());
            continue;
        };
        let source = text.split(':').next().unwrap_or_default();
        faults.extend(fault_if(source.starts_with('/'), format!("{source} belongs to the machine")));
        if let Some(path) = source.strip_prefix("./") {
            faults.extend(fault_if(!repository(path).exists(), format!("{source} does not exist")));
            faults.extend(fault_if(!text.ends_with(":ro"), format!("{source} must be read-only")));
        }
    }
    faults
}

fn builds(_: &str, service: &Value) -> Vec<String> {
    let Some(file) = service["build"]["dockerfile"].as_str() else {
        return fault_if(is_built(service), "build must name its Dockerfile").into_iter().collect();
    };
    fault_if(!repository(file).is_file(), format!("{file} does not exist")).into_iter().collect()
}

/// A variable of Compose: `${NAME}` with what stands behind the name.
struct Variable {
    name: String,
    rest: String,
}

fn variables(text: &str) -> Vec<Variable> {
    let unescaped = text.replace("$$", "");
    let parts = unescaped.split("${").skip(1).filter_map(|part| part.split_once('}'));
    let named = parts.map(|(inside, _)| {
        let end = inside.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(inside.len());
        Variable { name: inside[..end].to_owned(), rest: inside[end..].to_owned() }
    });
    named.collect()
}

/// The text as Compose reads it when no variable is set.
fn with_defaults(text: &str) -> String {
    let mut parts = text.split("${");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inside, rest) = part.split_once('}').unwrap_or((part, ""));
        whole += inside.split_once(":-").map_or("", |(_, default)| default);
        whole += rest;
    }
    whole
}

/// All texts of a value, names excluded.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Names and values of `.env.example`, those that are commented out included.
pub(super) fn settings(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().filter_map(|line| line.trim_start_matches('#').split_once('='));
    let named = lines.filter(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c == '_' || c.is_ascii_uppercase() || c.is_ascii_digit())
    });
    named.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
