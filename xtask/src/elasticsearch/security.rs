//! Users of a server with security: one who may do everything, and one who may only add documents.
//!
//! In: nothing but chance. Out: the files of the server's file realm, and a file with the password of each user.
//! Guaranteed: passwords are new for every run, and stand only in files that their owner alone can read. The realm
//! keeps digests; that of a password of 128 random bits needs no salt and no slow function.

use super::place::Folders;
use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha1::{Digest as _, Sha1};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

/// May add documents to our indices, and nothing else: not read, change or delete. `auto_configure` lets the first
/// document make its index from the template.
const WRITER_ROLE: &str = "sniffit_writer:\n\
    \x20 cluster: [ \"monitor\" ]\n\
    \x20 indices:\n\
    \x20   - names: [ \"sniffit-*\" ]\n\
    \x20     privileges: [ \"create_doc\", \"auto_configure\" ]\n";

/// Someone whom the server knows.
#[derive(Debug)]
pub(super) struct User {
    pub(super) name: &'static str,
    role: &'static str,
    pub(super) password: String,
    pub(super) password_file: PathBuf,
}

/// Both users of a server.
#[derive(Debug)]
pub(super) struct Users {
    pub(super) admin: User,
    pub(super) writer: User,
    /// Whether the built-in user `elastic` has the administrator's password.
    has_elastic: bool,
}

impl Users {
    /// Invents passwords and writes all files.
    ///
    /// # Errors
    /// When one can't be written.
    pub(super) fn create(folders: &Folders, has_elastic: bool) -> Result<Self> {
        let user = |name, role| {
            let password_file = folders.passwords().join(name);
            let password = random_hex(16)?;
            write_private(&password_file, &password)?;
            Ok::<_, anyhow::Error>(User { name, role, password, password_file })
        };
        let users = Self { admin: user("admin", "superuser")?, writer: user("writer", "sniffit_writer")?, has_elastic };
        for (name, text) in users.realm() {
            write_private(&folders.config().join(name), &text)?;
        }
        Ok(users)
    }

    /// By name of the user.
    pub(super) fn password_files(&self) -> BTreeMap<&str, &Path> {
        let mut files: BTreeMap<_, _> =
            [&self.admin, &self.writer].map(|user| (user.name, user.password_file.as_path())).into();
        if self.has_elastic {
            files.insert("elastic", &self.admin.password_file);
        }
        files
    }

    /// The files of the file realm.
    fn realm(&self) -> [(&'static str, String); 3] {
        let lines = |line: fn(&User) -> String| format!("{}\n{}\n", line(&self.admin), line(&self.writer));
        [
            ("roles.yml", WRITER_ROLE.to_owned()),
            ("users", lines(|user| format!("{}:{}", user.name, digest(&user.password)))),
            ("users_roles", lines(|user| format!("{}:{}", user.role, user.name))),
        ]
    }
}

impl User {
    /// The value of the header `Authorization`.
    pub(super) fn authorization(&self) -> String {
        format!("Basic {}", BASE64.encode(format!("{}:{}", self.name, self.password)))
    }
}

/// As the file realm takes it.
fn digest(password: &str) -> String {
    format!("{{SHA}}{}", BASE64.encode(Sha1::digest(password)))
}

/// Hexadecimal digits of so many random bytes.
///
/// # Errors
/// When the system has no random numbers.
pub(super) fn random_hex(bytes: usize) -> Result<String> {
    let mut random = vec![0; bytes];
    let mut source = fs::File::open("/dev/urandom").context("/dev/urandom can't be opened")?;
    source.read_exact(&mut random).context("/dev/urandom can't be read")?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A new file that is its owner's from the first moment.
fn write_private(path: &Path, text: &str) -> Result<()> {
    let mut options = fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("{} can't be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users() -> Users {
        let user = |name, role, password: &str| User {
            name,
            role,
            password: password.to_owned(),
            password_file: PathBuf::new(),
        };
        Users {
            admin: user("a", "superuser", "secret"),
            writer: user("w", "sniffit_writer", "other"),
            has_elastic: true,
        }
    }

    #[test]
    fn the_realm_holds_digests_and_roles() {
        let [(_, roles), (_, users_text), (_, users_roles)] = users().realm();
        assert!(roles.starts_with("sniffit_writer:\n  cluster: [ \"monitor\" ]\n  indices:\n    - names:"), "{roles}");
        // `printf secret | openssl dgst -sha1 -binary | base64`
        assert!(users_text.starts_with("a:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\nw:{SHA}"), "{users_text}");
        assert!(!users_text.contains("secret") && !users_text.contains("other"));
        assert_eq!(users_roles, "superuser:a\nsniffit_writer:w\n");
    }

    #[test]
    fn every_user_has_a_password_file() {
        let users = users();
        assert_eq!(users.password_files().into_keys().collect::<Vec<_>>(), ["a", "elastic", "w"]);
        let users = Users { has_elastic: false, ..users };
        assert_eq!(users.password_files().into_keys().collect::<Vec<_>>(), ["a", "w"]);
    }

    #[test]
    fn a_user_signs_in_as_rfc_7617_says() {
        assert_eq!(users().admin.authorization(), "Basic YTpzZWNyZXQ=");
    }

    #[test]
    fn passwords_are_long_and_differ() {
        let [one, two] = [random_hex(16).unwrap(), random_hex(16).unwrap()];
        assert_eq!(one.len(), 32);
        assert_ne!(one, two);
    }
}
