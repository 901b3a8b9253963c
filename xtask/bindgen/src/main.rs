//! JavaScript glue and types for a WebAssembly module.
//!
//! In: `bindgen MODULE FOLDER`, a module that was built with wasm-bindgen of the very same version. Out: in the folder
//! `analyzer_wasm_bg.wasm`, `analyzer_wasm.js` and `analyzer_wasm.d.ts`. Guaranteed: the glue looks for no file by
//! itself; whoever loads it says where the module is.
//!
//! A program apart from `xtask`, because it takes minutes to build and only the page needs it.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(module), Some(folder), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        bail!("usage: bindgen MODULE FOLDER");
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&module).typescript(true).web(true)?;
    bindgen.omit_default_module_path(true).remove_name_section(true).remove_producers_section(true);
    bindgen.generate(&folder).with_context(|| format!("{} can't be given a glue", module.display()))
}
