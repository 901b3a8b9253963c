//! What a recorder keeps is enough: the analysis finds in it what it finds in whole packets, and nothing else is in it.
//!
//! In: every capture there is, whole, begun late, with losses, and divided into other segments; and random packets. Each
//! is rewritten through `Keeper` and analysed again.

mod anonymized;
mod captures;
mod contents;
mod names;
mod noise;
pub(crate) mod plain;
pub(crate) mod rewrite;
mod same;
mod variations;
