//! The model and its groups.
//!
//! In: [`Rows`], or models. Out: a [`Model`], which is `model.json`. Guaranteed: models merged in any order and grouping
//! are equal to the byte, and to one made of all rows.

use super::conversation::{Tally, tally};
use super::{Rows, Unit, Variable};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

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

/// Why two models make no one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// The groups are something else.
    #[error("models by {} and by {} can't be merged: their groups are not the same", .0.as_str(), .1.as_str())]
    GroupBy(GroupBy, GroupBy),
    /// Made by another version.
    #[error("models of schema {0} and {1} can't be merged: make both with one version")]
    Schema(u64, u64),
}

impl Model {
    /// The model of all objects.
    #[must_use]
    pub fn of(rows: &Rows, by: GroupBy, tool: &str, captures: Vec<String>, method: Vec<String>) -> Self {
        let mut tallies: BTreeMap<&str, (u64, [Tally; 2])> = BTreeMap::new();
        for stream in rows.streams_by_group() {
            let (streams, directions) = tallies.entry(stream.group).or_default();
            *streams += 1;
            tally(&stream, directions);
        }
        let groups = tallies.into_iter().map(|(key, (streams, [up, down]))| Group {
            key: key.to_owned(),
            streams,
            up: DirectionModel::of(up),
            down: DirectionModel::of(down),
        });
        let (captures, method) = (union(captures, &[]), union(method, &[]));
        let mut model =
            Self { schema: MODEL_SCHEMA, tool: tool.to_owned(), by, captures, method, groups: groups.collect() };
        model.sort();
        model
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

    /// Adds another's objects. The captures should be others: those that both have are counted twice.
    ///
    /// # Errors
    ///
    /// When the other was made by another version or has other groups; then nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), MergeError> {
        if self.schema != other.schema {
            return Err(MergeError::Schema(self.schema, other.schema));
        }
        if self.by != other.by {
            return Err(MergeError::GroupBy(self.by, other.by));
        }
        if self.tool < other.tool {
            self.tool.clone_from(&other.tool);
        }
        self.captures = union(std::mem::take(&mut self.captures), &other.captures);
        self.method = union(std::mem::take(&mut self.method), &other.method);
        let mine = std::mem::take(&mut self.groups).into_iter();
        let mut groups: BTreeMap<String, Group> = mine.map(|group| (group.key.clone(), group)).collect();
        for theirs in &other.groups {
            match groups.get_mut(&theirs.key) {
                Some(group) => group.merge(theirs),
                None => drop(groups.insert(theirs.key.clone(), theirs.clone())),
            }
        }
        self.groups = groups.into_values().collect();
        self.sort();
        Ok(())
    }

    fn sort(&mut self) {
        let bytes = |group: &Group| u128::from(group.up.payload_bytes) + u128::from(group.down.payload_bytes);
        self.groups.sort_by(|one, other| (Reverse(bytes(one)), &one.key).cmp(&(Reverse(bytes(other)), &other.key)));
    }
}

/// All texts of both, sorted, each once.
fn union(one: Vec<String>, other: &[String]) -> Vec<String> {
    let all: BTreeSet<String> = one.into_iter().chain(other.iter().cloned()).collect();
    all.into_iter().collect()
}

impl Group {
    fn merge(&mut self, other: &Self) {
        self.streams = self.streams.saturating_add(other.streams);
        self.up.merge(&other.up);
        self.down.merge(&other.down);
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

    fn merge(&mut self, other: &Self) {
        self.objects = self.objects.saturating_add(other.objects);
        self.payload_bytes = self.payload_bytes.saturating_add(other.payload_bytes);
        self.size_bytes.merge(&other.size_bytes);
        self.duration_s.merge(&other.duration_s);
        self.inter_arrival_s.merge(&other.inter_arrival_s);
        self.think_time_s.merge(&other.think_time_s);
        self.objects_per_stream.merge(&other.objects_per_stream);
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
