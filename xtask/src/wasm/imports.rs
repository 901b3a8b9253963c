//! What a module asks of whoever loads it.
//!
//! In: a WebAssembly module. Out: nothing, or its imports that are not its glue's. Guaranteed: a module that passes can
//! reach no file, clock, or network but by the functions of its glue, which can be read.

use anyhow::{Context, Result, ensure};
use wasmparser::{Parser, Payload};

/// Names under which wasm-bindgen's glue gives itself to the module.
const OWN: [&str; 2] = ["./analyzer_wasm_bg.js", "wbg"];

/// Refuses a module that imports anything else.
///
/// # Errors
/// With the list of offenders, and when the bytes are no module.
pub(super) fn check(module: &[u8]) -> Result<()> {
    let foreign = foreign(module)?;
    ensure!(
        foreign.is_empty(),
        "the module imports what is not its glue, and no browser has that: {}. A dependency calls for a system that \
         isn't there: find it with `cargo tree --package analyzer-wasm --target wasm32-unknown-unknown`",
        foreign.join(", ")
    );
    Ok(())
}

/// Imports of other modules, as `module.name`.
fn foreign(module: &[u8]) -> Result<Vec<String>> {
    let mut foreign = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(imports) = payload.context("this is no WebAssembly module")? {
            for import in imports.into_imports() {
                let import = import.context("the import section is damaged")?;
                if !OWN.contains(&import.module) {
                    foreign.push(format!("{}.{}", import.module, import.name));
                }
            }
        }
    }
    Ok(foreign)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with one type, `() -> ()`, and functions of it imported from these places.
    fn importing(places: &[(&str, &str)]) -> Vec<u8> {
        let mut section = vec![u8::try_from(places.len()).unwrap()];
        for (module, name) in places {
            for text in [module, name] {
                section.push(u8::try_from(text.len()).unwrap());
                section.extend_from_slice(text.as_bytes());
            }
            section.extend([0, 0]);
        }
        let mut bytes = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02".to_vec();
        bytes.push(u8::try_from(section.len()).unwrap());
        bytes.extend(section);
        bytes
    }

    #[test]
    fn the_glue_may_be_imported_and_nothing_else() {
        let glue = ("./analyzer_wasm_bg.js", "__wbindgen_throw");
        assert!(check(&importing(&[])).is_ok());
        assert!(check(&importing(&[glue, ("wbg", "x")])).is_ok());
        let with = importing(&[glue, ("env", "now"), ("wasi_snapshot_preview1", "fd_write")]);
        let error = check(&with).unwrap_err().to_string();
        assert!(error.contains("env.now, wasi_snapshot_preview1.fd_write. "), "{error}");
    }

    #[test]
    fn other_bytes_are_no_module() {
        for bytes in [&b""[..], b"\0asm", b"\x7fELF\x02\x01\x01\0", &importing(&[("env", "x")])[..20]] {
            assert!(check(bytes).is_err(), "{bytes:?}");
        }
    }
}
