//! The table of live connections in a state.
//!
//! In: a table. Out: its connections in the order of their ids, and what belongs to none of them; and back. Guaranteed: equal
//! connections give equal bytes, wherever they lie in memory; where they lie after loading changes nothing.

use super::connection::Connection;
use super::table::FlowTable;
use crate::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What is kept: connections, the next sweep, and the counts of evicted and reused ones.
type Saved<C> = (Vec<C>, Timestamp, u64, u64);

impl Serialize for FlowTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let saved: Saved<&Connection> = (self.by_id(), self.next_sweep, self.evicted, self.reused);
        saved.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FlowTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (connections, next_sweep, evicted, reused) = Saved::<Connection>::deserialize(deserializer)?;
        let mut table = Self::new();
        (table.next_sweep, table.evicted, table.reused) = (next_sweep, evicted, reused);
        let mut last_id = 0;
        for connection in connections {
            let id = connection.id;
            // Ids count packets from 1.
            if id <= last_id || !table.place(connection) {
                return Err(de::Error::custom("a connection stands there twice, or has no id"));
            }
            last_id = id;
        }
        Ok(table)
    }
}
