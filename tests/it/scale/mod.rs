//! Many recordings: a plan, its tasks and the model of all give the same bytes, however they are run.

mod elastic;
mod fleet;
mod merge;
mod plan;
mod refusals;
mod tasks;
