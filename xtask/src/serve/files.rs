//! Files of a folder by the paths that browsers ask for.
//!
//! In: a folder and a path. Out: the file, its kind and how long a browser may keep it. Guaranteed: nothing outside of the folder
//! and nothing hidden is read, whatever the path says and wherever a link leads.

use std::fs;
use std::path::{Component, Path};

#[derive(Debug)]
pub(super) struct Served {
    pub(super) kind: &'static str,
    pub(super) caching: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// The kinds of the deployed web server, deploy/nginx/types.conf.
const KINDS: [(&str, &str); 9] = [
    ("html", "text/html; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json; charset=utf-8"),
    ("webmanifest", "application/manifest+json; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("txt", "text/plain; charset=utf-8"),
];

/// The file, if there is one. `folder` is canonical.
pub(super) fn read(folder: &Path, path: &str) -> Option<Served> {
    let relative = path.strip_prefix('/')?;
    let relative = if relative.is_empty() { "index.html" } else { relative };
    let is_hidden = relative.split('/').any(|part| part.starts_with('.'));
    let is_plain = Path::new(relative).components().all(|part| matches!(part, Component::Normal(_)));
    if is_hidden || !is_plain || relative.contains(['\\', ':', '\0']) {
        return None;
    }
    let file = folder.join(relative).canonicalize().ok()?;
    if !file.starts_with(folder) || !file.is_file() {
        return None;
    }
    let bytes = fs::read(&file).ok()?;
    let extension = file.extension().unwrap_or_default().to_string_lossy().into_owned();
    let kind =
        KINDS.iter().find(|(ending, _)| *ending == extension).map_or("application/octet-stream", |(_, kind)| kind);
    // The names of these files hold a digest of their content.
    let never_changes = relative.starts_with("assets/");
    let caching = if never_changes { "public, max-age=31536000, immutable" } else { "no-cache" };
    Some(Served { kind, caching, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        let outer = std::env::temp_dir().join(format!("sniffit-files-{}", std::process::id()));
        let folder = outer.join("page");
        fs::create_dir_all(folder.join("sub")).unwrap();
        for name in ["page/a.txt", "page/sub/b", "page/.hidden", "outside"] {
            fs::write(outer.join(name), name).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(outer.join("outside"), folder.join("link")).unwrap();
        let folder = folder.canonicalize().unwrap();
        let absolute = format!("//{}", outer.join("outside").display());
        for path in [
            "/../outside",
            "/sub/../../outside",
            "/sub/../a.txt",
            "/./a.txt",
            "/.hidden",
            "/link",
            "/sub",
            "/",
            "a.txt",
            "",
            "/a.txt\0",
            "/..\\outside",
            "/c:/x",
            &absolute,
        ] {
            assert!(read(&folder, path).is_none(), "{path:?}");
        }
        assert_eq!(read(&folder, "/a.txt").unwrap().kind, "text/plain; charset=utf-8");
        assert_eq!(read(&folder, "/sub/b").unwrap().kind, "application/octet-stream");
        fs::remove_dir_all(&outer).unwrap();
    }

    #[test]
    fn kinds_are_those_of_the_deployed_server() {
        let deployed = include_str!("../../../deploy/nginx/types.conf");
        for (ending, kind) in KINDS {
            let kind = kind.split(';').next().unwrap();
            let line = deployed.lines().find(|line| line.trim().starts_with(&format!("{kind} ")));
            let endings = line.unwrap_or_default().trim_end_matches(';');
            assert!(endings.split_whitespace().any(|known| known == ending), "{ending}: {kind}");
        }
    }
}
