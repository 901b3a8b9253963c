//! Objects collected for a model.
//!
//! In: [`ObjectRow`]s in any order. Out: [`Stream`]s, in order of their first object, with their objects in order.
//! Guaranteed: the order of the rows does not matter, but for the names of a stream (see [`Rows::push`]); text is kept
//! once for a stream, and an object takes 40 bytes.

use crate::flow::Direction;
use crate::time::Timestamp;
use hashbrown::HashMap;
use std::sync::Arc;

/// Objects by stream.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    texts: Texts,
    streams: Vec<Names>,
    /// The place of a stream in `streams`, by the number of its text.
    places: HashMap<u32, u32, foldhash::fast::RandomState>,
    objects: Vec<(u32, Object)>,
}

/// One object, as far as a model needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectRow {
    /// The group it is counted in: an application, a domain or a server.
    pub group: String,
    /// Its stream: unique over all captures, so analysis id and stream id.
    pub stream: String,
    /// The client's name or address.
    pub client: String,
    /// Who sent it.
    pub direction: Direction,
    /// First packet that carries a new byte of it.
    pub start: Timestamp,
    /// Last such packet.
    pub end: Timestamp,
    /// Payload that was not sent before.
    pub payload_bytes: u64,
}

/// A stream with its objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream<'a> {
    /// The group it is counted in.
    pub group: &'a str,
    /// Its id, unique over all captures.
    pub id: &'a str,
    /// The client's name or address.
    pub client: &'a str,
    /// At least one, by start; of those that start at once, those up come first.
    pub objects: Vec<Object>,
}

/// An object of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// First packet that carries a new byte of it.
    pub start: Timestamp,
    /// Who sent it.
    pub direction: Direction,
    /// Last packet that carries a new byte of it.
    pub end: Timestamp,
    /// Payload that was not sent before.
    pub payload_bytes: u64,
}

/// The texts of a stream, by number.
#[derive(Debug, Clone, Copy)]
struct Names {
    id: u32,
    group: u32,
    client: u32,
    first: Timestamp,
}

impl Rows {
    /// Adds an object. Group and client are the stream's: when its rows differ, the last one pushed wins, because a
    /// name may come to be known only while the stream runs.
    pub fn push(&mut self, row: &ObjectRow) {
        let ObjectRow { direction, start, end, payload_bytes, .. } = *row;
        let [id, group, client] = [&row.stream, &row.group, &row.client].map(|text| self.texts.number(text));
        let place = *self.places.entry(id).or_insert(self.streams.len() as u32);
        match self.streams.get_mut(place as usize) {
            Some(names) => *names = Names { id, group, client, first: names.first.min(start) },
            None => self.streams.push(Names { id, group, client, first: start }),
        }
        self.objects.push((place, Object { start, direction, end, payload_bytes }));
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// All streams by start of their first object, then by id.
    pub fn streams(&self) -> impl Iterator<Item = Stream<'_>> {
        self.ordered(|names| (names.first, self.texts.get(names.id)))
    }

    /// All streams, those of a group together: what is counted by group then stays in the processor's cache.
    pub(super) fn streams_by_group(&self) -> impl Iterator<Item = Stream<'_>> {
        self.ordered(|names| names.group)
    }

    fn ordered<'a, K: Ord>(&'a self, key: impl Fn(&Names) -> K) -> impl Iterator<Item = Stream<'a>> {
        // Counting puts the objects of a stream together, in time that only grows with their number.
        let mut ends = vec![0_usize; self.streams.len()];
        for (place, _) in &self.objects {
            ends[*place as usize] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            total += *end;
            *end = total - *end;
        }
        let mut by_stream = vec![0_u32; self.objects.len()];
        for (at, (place, _)) in self.objects.iter().enumerate() {
            let end = &mut ends[*place as usize];
            by_stream[*end] = at as u32;
            *end += 1;
        }
        let mut order: Vec<u32> = (0..self.streams.len() as u32).collect();
        order.sort_unstable_by_key(|place| (key(&self.streams[*place as usize]), *place));
        order.into_iter().map(move |place| {
            let place = place as usize;
            let from = place.checked_sub(1).map_or(0, |before| ends[before]);
            let objects = by_stream[from..ends[place]].iter().map(|at| self.objects[*at as usize].1);
            let mut objects: Vec<Object> = objects.collect();
            objects.sort_unstable();
            let Names { id, group, client, .. } = self.streams[place];
            let [id, group, client] = [id, group, client].map(|number| self.texts.get(number));
            Stream { group, id, client, objects }
        })
    }
}

/// Texts by number, each kept once.
#[derive(Debug, Clone, Default)]
struct Texts {
    numbers: HashMap<Arc<str>, u32, foldhash::fast::RandomState>,
    texts: Vec<Arc<str>>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.numbers.insert(text, number);
        number
    }

    fn get(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |text| text)
    }
}
