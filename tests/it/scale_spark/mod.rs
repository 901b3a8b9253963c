//! Recordings as tasks of a real Spark: the same bytes as without it, whatever is killed, slow, damaged or repeated.
//!
//! `cargo xtask test` installs Spark and tells where it is. Without it these tests print `skipped: …` and pass.

mod again;
mod cluster;
mod elastic;
mod processes;
mod refusals;
mod spark;
mod standalone;
mod world;
