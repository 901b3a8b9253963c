//! Many recordings: `sniffit plan`, `sniffit task` and `sniffit merge`.
//!
//! In: folders of captures. Out: a plan, whose lines are done by tasks that know nothing of each other, on one machine or on many; and
//! the model of all of them. Guaranteed: a recording is done whole, so that no stream is cut; results depend on the recording and the
//! options alone, and not on which engine ran its task, how often, or beside which others.

mod entry;
mod grouping;
mod manifest;
mod merge;
mod outcome;
mod place;
mod plan;
mod process;
mod scan;
mod sequence;
mod task;

pub(crate) use merge::run as merge;
pub(crate) use plan::run as plan;
pub(crate) use sequence::Sequence;
pub(crate) use task::run as task;
