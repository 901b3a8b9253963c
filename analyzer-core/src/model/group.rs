//! The model and its groups.
//!
//! In: [`Rows`], or [`Counts`]. Out: a [`Model`], which is `model.json`. Guaranteed: models of counts merged in any order and grouping
//! are equal to the byte, and to one made of all rows.

use super::conversation::Tally;
use super::counts::GroupCounts;
use super::{Counts, MergeError, Rows, Unit, Variable};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// Version of what a [`Model`] holds.
pub const MODEL_SCHEMA: u64 = 1;

/// Distributions of the objects of some captures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// [`MODEL_SCHEMA`].
    pub schema: u64,
    /// Name and version of the tool; of merged models, the last in order.
    pub tool: String,
    /// What the groups are.
    pub by: GroupBy,
    /// The captures' names, sorted.
    pub captures: Vec<String>,
    /// How the objects were cut, sorted; more than one when models of other methods were merged.
    pub method: Vec<String>,
    /// Those with most payload first, then by key.
    pub groups: Vec<Group>,
}

/// What a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// Application.
    Application,
    /// Registrable domain.
    Domain,
    /// The server's domain, else its address.
    Server,
    /// Everything is one group.
    All,
}

/// Streams of one application, domain or server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Name of the application, domain or server.
    pub key: String,
    /// How many streams there are with an object.
    pub streams: u64,
    /// From the client.
    pub up: DirectionModel,
    /// To the client.
    pub down: DirectionModel,
}

/// Objects of one group and direction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DirectionModel {
    /// How many.
    pub objects: u64,
    /// Payload of all.
    pub payload_bytes: u64,
    /// Payload of an object.
    pub size_bytes: Variable,
    /// First to last packet of an object; 0 when it has one.
    pub duration_s: Variable,
    /// Start to start of successive objects of a stream in this direction.
    pub inter_arrival_s: Variable,
    /// From the end of the other direction's objects to the start of one in this, when none of the other direction is
    /// open; the first after a turn only. Up: the user's think time; down: the server's response time.
    pub think_time_s: Variable,
    /// Objects of a stream in this direction; streams without are not counted.
    pub objects_per_stream: Variable,
}

impl Model {
    /// The model of all objects.
    #[must_use]
    pub fn of(rows: &Rows, by: GroupBy, tool: &str, captures: Vec<String>, method: Vec<String>) -> Self {
        let mut counts = Counts::of(rows, by, tool);
        counts.captures.extend(captures);
        counts.method.extend(method);
        counts.into_model()
    }

    pub(super) fn of_counts(counts: Counts) -> Self {
        let Counts { tool, by, captures, method, groups, .. } = counts;
        let groups = groups.into_iter().map(|(key, GroupCounts { streams, up, down })| Group {
            key,
            streams,
            up: DirectionModel::of(up),
            down: DirectionModel::of(down),
        });
        let mut groups: Vec<Group> = groups.collect();
        let bytes = |group: &Group| u128::from(group.up.payload_bytes) + u128::from(group.down.payload_bytes);
        groups.sort_by(|one, other| (Reverse(bytes(one)), &one.key).cmp(&(Reverse(bytes(other)), &other.key)));
        let [captures, method] = [captures, method].map(|texts| texts.into_iter().collect());
        Self { schema: MODEL_SCHEMA, tool, by, captures, method, groups }
    }

    /// What it was made of.
    ///
    /// # Errors
    /// When another version made it.
    pub fn into_counts(self) -> Result<Counts, MergeError> {
        if self.schema != MODEL_SCHEMA {
            return Err(MergeError::Schema(MODEL_SCHEMA, self.schema));
        }
        let mut counts = Counts::new(self.by, &self.tool);
        counts.captures.extend(self.captures);
        counts.method.extend(self.method);
        for Group { key, streams, up, down } in self.groups {
            counts.groups.insert(key, GroupCounts { streams, up: up.into_tally(), down: down.into_tally() });
        }
        Ok(counts)
    }

    /// The bytes of `model.json`.
    ///
    /// # Errors
    /// None in practice: all numbers are finite.
    pub fn to_file(&self) -> serde_json::Result<Vec<u8>> {
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        Ok(json)
    }
}

impl DirectionModel {
    fn of(tally: Tally) -> Self {
        Self {
            objects: tally.size.count(),
            payload_bytes: u64::try_from(tally.size.sum()).unwrap_or(u64::MAX),
            size_bytes: Variable::of(Unit::Byte, tally.size),
            duration_s: Variable::of(Unit::Second, tally.duration),
            inter_arrival_s: Variable::of(Unit::Second, tally.inter_arrival),
            think_time_s: Variable::of(Unit::Second, tally.think_time),
            objects_per_stream: Variable::of(Unit::Object, tally.objects_per_stream),
        }
    }

    fn into_tally(self) -> Tally {
        Tally {
            size: self.size_bytes.bins,
            duration: self.duration_s.bins,
            inter_arrival: self.inter_arrival_s.bins,
            think_time: self.think_time_s.bins,
            objects_per_stream: self.objects_per_stream.bins,
        }
    }
}

/// A text that is no grouping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no grouping: one of {all} is expected", all = GroupBy::EVERY.map(GroupBy::as_str).join(", "))]
pub struct UnknownGroupBy(String);

impl std::str::FromStr for GroupBy {
    type Err = UnknownGroupBy;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::EVERY.into_iter().find(|by| by.as_str() == text).ok_or_else(|| UnknownGroupBy(text.to_owned()))
    }
}

impl GroupBy {
    /// All of them.
    pub const EVERY: [Self; 4] = [Self::Application, Self::Domain, Self::Server, Self::All];

    /// The name in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Domain => "domain",
            Self::Server => "server",
            Self::All => "all",
        }
    }
}
