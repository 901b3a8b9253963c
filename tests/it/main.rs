//! The one integration test binary; each module is one promise of the product.
//!
//! `README.md` beside this folder says what each module proves, what it compares with and how to accept a new snapshot.

#![allow(
    clippy::disallowed_methods,
    reason = "tests read captures and run the program; the ban on files is for the core"
)]

mod cli;
mod columns;
mod conventions;
mod deploy;
mod elastic;
mod golden;
mod hostile;
mod invariance;
mod keep;
mod model;
mod names;
mod oracle;
mod parity;
mod properties;
mod recorder;
mod reference;
mod scale;
#[cfg(target_os = "linux")]
mod scale_spark;
mod state;
mod support;
mod truth;
mod vpn;
