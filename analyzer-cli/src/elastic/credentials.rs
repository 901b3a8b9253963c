//! Who we are to the server.
//!
//! In: files with secrets. Out: the value of the `Authorization` header. Guaranteed: a secret is in no error and can't be
//! printed by accident; that a file can be read by others is told.

use crate::cli::CredentialArguments;
use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::fs;
use std::path::Path;

/// The value of the `Authorization` header.
#[derive(Clone)]
pub(crate) struct Authorization(String);

impl Authorization {
    /// Reads the secrets that the arguments name; none when they name none.
    ///
    /// # Errors
    /// When a file can't be read or does not hold one line of text.
    pub(crate) fn from_arguments(arguments: &CredentialArguments) -> anyhow::Result<Option<Self>> {
        if let Some(file) = &arguments.api_key_file {
            let key = read_secret(file)?;
            // An API key is given as ID and KEY, or as both in Base64, which has no colon.
            let encoded = if key.contains(':') { STANDARD.encode(key) } else { key };
            return Ok(Some(Self(format!("ApiKey {encoded}"))));
        }
        let (Some(user), Some(file)) = (&arguments.user, &arguments.password_file) else { return Ok(None) };
        if user.contains(':') {
            bail!("a user name has no colon");
        }
        Ok(Some(Self(format!("Basic {}", STANDARD.encode(format!("{user}:{}", read_secret(file)?))))))
    }

    /// For the header, and for nothing else.
    pub(super) fn header(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authorization(hidden)")
    }
}

fn read_secret(file: &Path) -> anyhow::Result<String> {
    let shown = file.display();
    let text = fs::read_to_string(file).with_context(|| format!("the secret in {shown} can't be read"))?;
    warn_if_readable_by_others(file);
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        bail!("{shown} is empty: it must hold the secret, alone on one line");
    }
    if secret.chars().any(char::is_control) {
        bail!("{shown} holds more than one line of text: it must hold the secret alone");
    }
    Ok(secret.to_owned())
}

#[cfg(unix)]
fn warn_if_readable_by_others(file: &Path) {
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;
    if fs::metadata(file).is_ok_and(|metadata| metadata.permissions().mode() & 0o044 != 0) {
        let shown = file.display();
        let _ = writeln!(std::io::stderr(), "warning: other users can read the secret in {shown}: chmod 600 {shown}");
    }
}

#[cfg(not(unix))]
fn warn_if_readable_by_others(_file: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn secret_file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    fn arguments() -> CredentialArguments {
        CredentialArguments { api_key_file: None, user: None, password_file: None, ca_cert: None }
    }

    #[test]
    fn keys_and_passwords_become_headers() {
        for (text, expected) in [("aWQ6a2V5\n", "ApiKey aWQ6a2V5"), ("id:key", "ApiKey aWQ6a2V5")] {
            let file = secret_file(text);
            let arguments = CredentialArguments { api_key_file: Some(file.path().into()), ..arguments() };
            let authorization = Authorization::from_arguments(&arguments).unwrap().unwrap();
            assert_eq!(authorization.header(), expected);
            assert_eq!(format!("{authorization:?}"), "Authorization(hidden)");
        }
        let file = secret_file("pass word\r\n");
        let arguments = CredentialArguments {
            user: Some("writer".to_owned()),
            password_file: Some(file.path().into()),
            ..arguments()
        };
        let authorization = Authorization::from_arguments(&arguments).unwrap().unwrap();
        assert_eq!(authorization.header(), "Basic d3JpdGVyOnBhc3Mgd29yZA==");
    }

    #[test]
    fn what_is_no_secret_is_told_without_showing_it() {
        for (text, reason) in [("", "is empty"), ("\n", "is empty"), ("a\nsecret\n", "more than one line")] {
            let file = secret_file(text);
            let arguments = CredentialArguments { api_key_file: Some(file.path().into()), ..arguments() };
            let error = format!("{:#}", Authorization::from_arguments(&arguments).unwrap_err());
            assert!(error.contains(reason) && !error.contains("secret\n"), "{error}");
        }
        let arguments = CredentialArguments { api_key_file: Some("/nowhere/key".into()), ..arguments() };
        let error = format!("{:#}", Authorization::from_arguments(&arguments).unwrap_err());
        assert!(error.contains("/nowhere/key"), "{error}");
        assert!(Authorization::from_arguments(&self::arguments()).unwrap().is_none());
    }
}
