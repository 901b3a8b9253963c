//! What the recorder promises, on a virtual cable between two network namespaces.
//!
//! In: packets that are sent over the cable. Out: files, accounts and exit codes. Needs root; elsewhere every test says that it
//! is skipped.

mod accounts;
mod compression;
pub(crate) mod contents;
mod disk;
mod endings;
mod refusals;
mod rotation;
