//! Objects to a model: distributions that a simulator of applications takes.
//!
//! In: objects, as [`ObjectRow`]s in any order, or models made before. Out: a [`Model`] with distributions, quantiles and
//! fits for every group and direction. Guaranteed: the counts of a model are integers in bins, so that merging in any order
//! and grouping gives the same bins; fits and quantiles are made of the bins alone, so they are the same as well.

mod conversation;
mod counts;
mod distribution;
pub mod export;
mod fit;
mod group;
mod grouping;
mod histogram;
mod rows;
mod significant;
mod tallying;
mod variable;

pub use counts::{COUNTS_SCHEMA, Counts, MergeError};
pub use distribution::Distribution;
pub use fit::{Fit, Goodness, MIN_SAMPLES, fits};
pub use group::{DirectionModel, Group, GroupBy, MODEL_SCHEMA, Model, UnknownGroupBy};
use grouping::group_of;
pub use grouping::{Grouping, ObjectFacts};
pub use histogram::Histogram;
pub use rows::{Object, ObjectRow, Rows, Stream};
pub use tallying::Tallying;
pub use variable::{Unit, Variable};

#[cfg(test)]
mod tests;
