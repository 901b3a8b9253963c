//! What the objects of a stream tell about its timing.
//!
//! In: the objects of one stream, in order. Out: histograms of one direction each. Guaranteed: integers only.

use super::rows::Object;
use super::{Histogram, Stream};
use crate::flow::Direction;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Histograms of one direction: bytes, ns and objects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    pub(super) size: Histogram,
    pub(super) duration: Histogram,
    pub(super) inter_arrival: Histogram,
    pub(super) think_time: Histogram,
    pub(super) objects_per_stream: Histogram,
}

impl Tally {
    /// Adds another's values.
    pub(super) fn merge(&mut self, other: &Self) {
        self.size.merge(&other.size);
        self.duration.merge(&other.duration);
        self.inter_arrival.merge(&other.inter_arrival);
        self.think_time.merge(&other.think_time);
        self.objects_per_stream.merge(&other.objects_per_stream);
    }
}

/// What is known of a direction of a stream so far.
#[derive(Debug, Clone, Copy, Default)]
struct Course {
    objects: u64,
    latest_start: Timestamp,
    latest_end: Timestamp,
}

/// Adds the objects of a stream to the tallies of up and down.
///
/// The think time of the first object after a turn is from the end of the other direction's objects so far to its start; none
/// when there was no such object or one is still open. Of two objects that start at once, the one up counts as earlier: clients ask first.
pub(super) fn tally(stream: &Stream<'_>, up: &mut Tally, down: &mut Tally) {
    let tallies = [up, down];
    let mut courses = [Course::default(); 2];
    for &Object { start, direction, end, payload_bytes } in &stream.objects {
        let (mine, other) = (direction.index(), direction.opposite().index());
        let (tally, course, other) = (&mut *tallies[mine], courses[mine], courses[other]);
        tally.size.add(payload_bytes);
        tally.duration.add(end.nanos_since(start));
        if course.objects > 0 {
            tally.inter_arrival.add(start.nanos_since(course.latest_start));
        }
        // Of objects that follow each other without an answer, only the first was thought about.
        let is_turn = course.objects == 0 || course.latest_start < other.latest_end;
        if other.objects > 0 && other.latest_end <= start && is_turn {
            tally.think_time.add(start.nanos_since(other.latest_end));
        }
        let latest_end = if course.objects > 0 { course.latest_end.max(end) } else { end };
        courses[mine] = Course { objects: course.objects + 1, latest_start: start, latest_end };
    }
    for direction in Direction::BOTH.map(Direction::index) {
        if courses[direction].objects > 0 {
            tallies[direction].objects_per_stream.add(courses[direction].objects);
        }
    }
}
