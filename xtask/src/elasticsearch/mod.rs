//! `cargo xtask elasticsearch`: a real Elasticsearch for people without Docker, and for the tests.
//!
//! In: a port and a folder. Out: a server in the foreground, and a line when it answers. Guaranteed: it listens on
//! 127.0.0.1 only; it ends with this process; its data stay where they are, unless they were meant for this run alone.

mod account;
mod background;
mod config;
mod health;
mod install;
mod java;
mod place;
mod plugin;
mod program;
mod security;
mod server;

pub(crate) use background::Background;

use crate::setup;
use account::Account;
use anyhow::Result;
use clap::Args;
use config::Settings;
use java::Purpose;
use place::Folders;
use program::Place;
use security::{User, Users};
use serde_json::{Value, json};
use server::{Contact, Event, Server};
use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};

/// The newest release that is published in this form; `deploy` uses the same.
pub(crate) const VERSION: &str = "8.19.21";

/// What can be chosen.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 9200)]
    port: u16,
    /// Folder of the data, which stay there; otherwise `elasticsearch/data` in the target folder
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Memory for the server's heap
    #[arg(long, value_name = "SIZE", default_value = "512m", value_parser = heap)]
    heap: String,
    /// Ask who calls: makes an administrator and a user who may only add documents, with new passwords
    #[arg(long)]
    security: bool,
    /// As --security, and let API keys and built-in users work, as in the whole product: adds a small plugin, and the
    /// user `elastic` with the administrator's password
    #[arg(long)]
    api_keys: bool,
    /// Start sooner and index more slowly afterwards: for tests
    #[arg(long)]
    quick: bool,
    /// Another setting of the server, as in its elasticsearch.yml; may be given several times
    #[arg(long = "setting", value_name = "NAME=VALUE", value_parser = setting)]
    settings: Vec<(String, String)>,
    /// Print nothing but the line that tells the address
    #[arg(long)]
    quiet: bool,
    /// Delete the data at the end; without `--data`, begin with none
    #[arg(long, hide = true)]
    temporary: bool,
    /// For programs: print the address as JSON, and end when standard input does
    #[arg(long, hide = true)]
    until_stdin_closes: bool,
}

/// Installs what is missing, and runs a server until something asks for its end.
///
/// # Errors
/// When it can't be installed or started, or ends by itself.
pub(crate) fn run(options: &Options) -> Result<()> {
    let tell = |text: &str| {
        if !options.quiet {
            eprintln!("{text}");
        }
    };
    let account = Account::current()?;
    let home = place::home(account)?;
    let folders = folders(options, &home)?;
    let settings = settings(options);
    server::ensure_free(&settings, &folders)?;
    let java = java::ensure(account, if options.api_keys { Purpose::Compile } else { Purpose::Run })?;
    let mut distribution = install::ensure(&home, tell)?;
    if options.api_keys {
        distribution = plugin::ensure(&distribution, &java, tell)?;
    }

    folders.prepare(account)?;
    config::write(&folders, &settings)?;
    let users = settings.is_secured.then(|| Users::create(&folders, options.api_keys)).transpose()?;
    folders.give(account)?;
    let place = Place { distribution: &distribution, java: &java, account, folders: &folders };
    if let (true, Some(users)) = (options.api_keys, &users) {
        program::set_bootstrap_password(&place, &users.admin.password)?;
    }

    let (sender, events) = channel();
    watch(options, sender.clone())?;
    tell(&format!("starting Elasticsearch {VERSION} on Java {}…", java.major));
    let mut server = Server::start(&place, sender)?;
    let authorization = users.as_ref().map(|users| users.admin.authorization());
    if let Some(contact) = server.wait_ready(&folders, authorization.as_deref(), &events)? {
        if options.until_stdin_closes {
            println!("{}", described(contact, &folders, users.as_ref()));
        } else {
            println!("Elasticsearch {VERSION} is ready at http://{} (pid {})", contact.address, contact.pid);
            tell(&next_steps(contact, &folders, users.as_ref()));
        }
        server.wait_for_end(&folders, &events)?;
    }
    tell("stopping…");
    server.stop(&folders, &events)?;
    if options.temporary {
        folders.remove()?;
    }
    Ok(())
}

/// Installs the programs that a server needs, but not the server.
fn ensure_programs() -> Result<()> {
    let account = Account::current()?;
    if !install::is_there(&place::home(account)?) {
        setup::ensure_maven()?;
    }
    java::ensure(account, Purpose::Run).map(drop)
}

/// The Java that Spark runs on: the folder above `bin/java`, and its version.
///
/// # Errors
/// When there is none and none can be installed.
pub(crate) fn java_of_spark() -> Result<(PathBuf, u32)> {
    let java = java::ensure(Account::current()?, Purpose::Spark)?;
    Ok((java.home, java.major))
}

/// Makes events of Ctrl-C and of the end of standard input.
fn watch(options: &Options, events: Sender<Event>) -> Result<()> {
    if options.until_stdin_closes {
        let events = events.clone();
        std::thread::spawn(move || {
            // An input that can't be read has ended as well.
            let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
            let _ = events.send(Event::InputClosed);
        });
    }
    let mut was_asked = false;
    ctrlc::set_handler(move || {
        if std::mem::replace(&mut was_asked, true) {
            std::process::exit(130);
        }
        let _ = events.send(Event::Interrupted);
    })?;
    Ok(())
}

fn folders(options: &Options, home: &std::path::Path) -> Result<Folders> {
    match &options.data {
        Some(data) => Ok(Folders::new(std::path::absolute(data)?)),
        None if options.temporary => Folders::temporary(home),
        None => Ok(Folders::new(home.join("data"))),
    }
}

fn settings(options: &Options) -> Settings {
    Settings {
        port: options.port,
        heap: options.heap.clone(),
        is_secured: options.security || options.api_keys,
        is_quick: options.quick,
        more: options.settings.clone(),
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a setting is a name, = and a value")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// A size as the JVM takes it.
fn heap(text: &str) -> Result<String, String> {
    let number = text.strip_suffix(['m', 'g', 'M', 'G']).unwrap_or_default();
    let is_size =
        number.parse().is_ok_and(|number: u32| number > 0) && number.bytes().all(|byte| byte.is_ascii_digit());
    if is_size { Ok(text.to_owned()) } else { Err("a size is a number and m or g: 512m, 2g".to_owned()) }
}

/// For programs.
fn described(contact: Contact, folders: &Folders, users: Option<&Users>) -> Value {
    json!({
        "url": format!("http://{}", contact.address),
        "pid": contact.pid,
        "data": folders.root(),
        "password_files": users.map(Users::password_files),
    })
}

/// For people.
fn next_steps(contact: Contact, folders: &Folders, users: Option<&Users>) -> String {
    let server = format!("--elasticsearch http://{}", contact.address);
    let sign_in = |user: &User| format!(" --user {} --password-file {}", user.name, user.password_file.display());
    let [admin, writer] = users.map_or_else(Default::default, |users| [sign_in(&users.admin), sign_in(&users.writer)]);
    format!(
        "data  {data}\nlog   {log}\n\nTry next, in another terminal:\n\
         \x20 sniffit es setup {server}{admin}\n\
         \x20 sniffit analyze CAPTURE {server}{writer}\n\
         \nCtrl-C stops the server; the data stay.",
        data = folders.root().display(),
        log = folders.console().display(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_deployed_is_what_is_tested() {
        let root = crate::cargo::root().unwrap();
        let compose = std::fs::read_to_string(root.join("docker-compose.yml")).unwrap();
        assert!(compose.contains(&format!("elasticsearch:${{STACK_VERSION:-{VERSION}}}")));
    }

    #[test]
    fn a_heap_is_a_number_and_a_unit() {
        for text in ["512m", "2g", "1G"] {
            assert_eq!(heap(text).as_deref(), Ok(text));
        }
        for text in ["", "m", "512", "512mb", "0m", "+5m", "5m\n-Xint", "-1g"] {
            assert!(heap(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_setting_may_hold_more_equals_signs() {
        assert_eq!(setting("a.b=c=d"), Ok(("a.b".to_owned(), "c=d".to_owned())));
        assert!(setting("a.b").is_err());
    }

    #[test]
    fn programs_and_people_get_the_address() {
        let contact = Contact { address: ([127, 0, 0, 1], 9201).into(), pid: 7 };
        let folders = Folders::new("/d".into());
        assert_eq!(
            described(contact, &folders, None).to_string(),
            r#"{"data":"/d","password_files":null,"pid":7,"url":"http://127.0.0.1:9201"}"#
        );
        let text = next_steps(contact, &folders, None);
        assert!(text.contains("  sniffit es setup --elasticsearch http://127.0.0.1:9201\n"), "{text}");
    }
}
