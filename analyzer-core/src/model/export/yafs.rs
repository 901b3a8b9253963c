//! Models to the JSON that YAFS makes applications and users of.
//!
//! In: a model. Out: `appDefinition.json` and `usersDefinition.json`. Guaranteed: a message of YAFS has one size, so sizes
//! are ten messages, the middles of the deciles; a user's pause is a whole number of ms, at least 1, because YAFS seeds
//! its random numbers with it.
//!
//! Sources: `create_applications_from_json` in
//! <https://github.com/acsicuib/YAFS/blob/master/src/yafs/application.py>; `examples/ConquestService` there for the users,
//! and `src/yafs/distribution.py`: `lambd` is a mean, and its draws are whole.

use super::{ExportFile, names};
use crate::model::{Group, Model, Variable};
use serde::Serialize;

/// Middles of the deciles, in percent.
const PERCENTS: [usize; 10] = [5, 15, 25, 35, 45, 55, 65, 75, 85, 95];
/// Mean pause in ms where none was seen.
const PAUSE_MS: f64 = 60_000.0;

/// Applications and users.
pub(super) fn files(model: &Model) -> Vec<ExportFile> {
    let names = names::identifiers(model);
    let of = || model.groups.iter().zip(&names).enumerate();
    let applications: Vec<Application> = of().map(|(id, (group, name))| Application::of(id, group, name)).collect();
    let sources = of().flat_map(|(_, (group, name))| {
        let lambda = pause_ms(group);
        let source =
            move |class| Source { id_resource: 0, app: name.clone(), message: message(name, "up", class), lambda };
        (0..PERCENTS.len()).map(source)
    });
    let users = Users { sources: sources.collect() };
    vec![file("appDefinition.json", &applications), file("usersDefinition.json", &users)]
}

#[derive(Serialize)]
struct Application {
    id: usize,
    name: String,
    /// YAFS passes over what it does not know.
    group: String,
    module: [Module; 2],
    message: Vec<Message>,
    transmission: Vec<Transmission>,
}

#[derive(Serialize)]
struct Module {
    id: usize,
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "RAM")]
    ram: u32,
}

#[derive(Serialize)]
struct Message {
    id: usize,
    name: String,
    /// "None": the message comes from a user.
    s: String,
    d: String,
    bytes: u64,
    instructions: u64,
}

#[derive(Serialize)]
struct Transmission {
    module: String,
    message_in: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_out: Option<String>,
}

#[derive(Serialize)]
struct Users {
    sources: Vec<Source>,
}

#[derive(Serialize)]
struct Source {
    id_resource: u64,
    app: String,
    message: String,
    lambda: u64,
}

impl Application {
    /// A user's message of a class goes to the server, which replies to the client with the message of the same class.
    fn of(id: usize, group: &Group, name: &str) -> Self {
        let (server, client) = (format!("{name}_server"), format!("{name}_client"));
        let module = |at, name: &String| Module { id: 2 * id + at, name: name.clone(), kind: "MODULE", ram: 1 };
        let (mut messages, mut transmissions) = (Vec::new(), Vec::new());
        for (class, percent) in PERCENTS.into_iter().enumerate() {
            let bytes = |variable: &Variable| variable.quantiles.get(percent).map(|bytes| bytes.round() as u64);
            let (up, down) = (message(name, "up", class), message(name, "down", class));
            let reply = bytes(&group.down.size_bytes);
            // How much a server computes is not in the traffic.
            let mut put = |name: &String, s: &str, d: &String, bytes| {
                let id = messages.len();
                messages.push(Message {
                    id,
                    name: name.clone(),
                    s: s.to_owned(),
                    d: d.clone(),
                    bytes,
                    instructions: 0,
                });
            };
            put(&up, "None", &server, bytes(&group.up.size_bytes).unwrap_or(0));
            if let Some(reply) = reply {
                put(&down, &server, &client, reply);
                transmissions.push(Transmission {
                    module: client.clone(),
                    message_in: down.clone(),
                    message_out: None,
                });
            }
            let message_out = reply.map(|_| down);
            transmissions.push(Transmission { module: server.clone(), message_in: up, message_out });
        }
        let module = [module(0, &server), module(1, &client)];
        let (name, group) = (name.to_owned(), group.key.clone());
        Self { id, name, group, module, message: messages, transmission: transmissions }
    }
}

/// The mean time between two messages of one class, in ms: each class has a tenth of the objects.
fn pause_ms(group: &Group) -> u64 {
    let seen = |variable: &Variable| variable.mean.map(|seconds| seconds * 1e3);
    let mean = seen(&group.up.inter_arrival_s).or_else(|| seen(&group.down.inter_arrival_s)).unwrap_or(PAUSE_MS);
    ((mean * PERCENTS.len() as f64).round() as u64).max(1)
}

fn message(name: &str, direction: &str, class: usize) -> String {
    format!("{name}.{direction}.{class}")
}

fn file(name: &str, content: &impl Serialize) -> ExportFile {
    // Nothing in these types can fail: no map has keys that are no text.
    let content = serde_json::to_string_pretty(content).unwrap_or_default() + "\n";
    ExportFile { name: name.to_owned(), content }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::export::fixture;
    use crate::model::{Histogram, Unit};
    use serde_json::Value;
    use std::collections::BTreeMap;

    fn parsed() -> (Value, Value) {
        let files = files(&fixture::model());
        let [apps, users] = files.as_slice() else { panic!("two files") };
        assert_eq!([apps.name.as_str(), &users.name], ["appDefinition.json", "usersDefinition.json"]);
        (serde_json::from_str(&apps.content).unwrap(), serde_json::from_str(&users.content).unwrap())
    }

    #[test]
    fn messages_have_the_sizes_of_the_deciles() {
        let mut model = fixture::model();
        let mut bins = Histogram::default();
        (1..=100).for_each(|size| bins.add(size));
        model.groups[0].up.size_bytes = Variable::of(Unit::Byte, bins);
        let apps: Value = serde_json::from_str(&files(&model)[0].content).unwrap();
        let sizes = |app: usize, direction: &str| -> Vec<u64> {
            let messages = apps[app]["message"].as_array().unwrap().iter();
            let of = messages.filter(|message| message["name"].as_str().unwrap().contains(direction));
            of.map(|message| message["bytes"].as_u64().unwrap()).collect()
        };
        assert_eq!(sizes(0, ".up."), [5, 15, 25, 35, 45, 55, 65, 75, 85, 95]);
        assert_eq!(sizes(2, ".up."), [5; 10]);
        let down = &model.groups[0].down.size_bytes.quantiles;
        assert_eq!(sizes(0, ".down."), PERCENTS.map(|percent| down[percent].round() as u64));
        for (app, group) in apps.as_array().unwrap().iter().zip(&model.groups) {
            assert_eq!(app["group"], group.key.as_str());
        }
    }

    #[test]
    fn everything_named_is_there_as_the_reader_of_yafs_wants_it() {
        let (apps, users) = parsed();
        let mut sources: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for app in apps.as_array().unwrap() {
            let list = |key: &str| app[key].as_array().unwrap();
            let modules: Vec<&str> = list("module").iter().map(|module| module["name"].as_str().unwrap()).collect();
            assert!(list("module").iter().all(|module| module["RAM"].is_u64()));
            let find = |name: &Value| list("message").iter().find(|message| message["name"] == *name).unwrap();
            for message in list("message") {
                assert!(modules.contains(&message["d"].as_str().unwrap()) && message["instructions"].is_u64());
                if message["s"] == "None" {
                    sources.insert((app["name"].as_str().unwrap(), message["name"].as_str().unwrap()), 0);
                }
            }
            for transmission in list("transmission") {
                assert_eq!(find(&transmission["message_in"])["d"], transmission["module"]);
                if let Some(out) = transmission.get("message_out") {
                    assert_eq!(find(out)["s"], transmission["module"]);
                }
            }
        }
        for source in users["sources"].as_array().unwrap() {
            let name = (source["app"].as_str().unwrap(), source["message"].as_str().unwrap());
            assert!(source["id_resource"].is_u64() && source["lambda"].as_u64().unwrap() > 0);
            *sources.get_mut(&name).unwrap() += 1;
        }
        assert!(sources.values().all(|sources| *sources == 1));
    }

    #[test]
    fn pauses_are_those_of_requests_and_a_tenth_as_often_for_a_class() {
        let model = fixture::model();
        let cases = [(0, 40_000), (1, 7_500), (2, 600_000)];
        for (group, expected) in cases {
            assert_eq!(pause_ms(&model.groups[group]), expected);
        }
    }

    #[test]
    fn a_group_without_replies_sends_up_alone() {
        let (apps, _) = parsed();
        let last = &apps[2];
        assert_eq!(last["message"].as_array().unwrap().len(), 10);
        assert!(last["transmission"].as_array().unwrap().iter().all(|of| of.get("message_out").is_none()));
    }
}
