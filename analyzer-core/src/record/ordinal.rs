//! Names of records: what makes a record one of its kind and analysis.
//!
//! In: ordinals. Out: a short name such as `13`, `13d2` or `13u15830568012`. Guaranteed: two records of one kind and
//! analysis never share a name, and the same capture and method always give the same ones. A name is text for machines,
//! a third of a hash's length, and tells where the record stands.

use crate::flow::Direction;

/// What tells a record from the others of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordinal {
    /// The number of a stream or packet.
    Whole(u64),
    /// The stream, the direction, and the number of the object or bin in it.
    InDirection(u64, Direction, i64),
}

impl Ordinal {
    /// Appends the name.
    pub fn put(self, out: &mut Vec<u8>) {
        match self {
            Self::Whole(number) => put_integer(number, out),
            Self::InDirection(stream, direction, number) => {
                put_integer(stream, out);
                out.push(match direction {
                    Direction::Up => b'u',
                    Direction::Down => b'd',
                });
                put_integer(number, out);
            }
        }
    }
}

fn put_integer(number: impl itoa::Integer, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_told_apart() {
        for (ordinal, name) in [
            (Ordinal::Whole(13), "13"),
            (Ordinal::InDirection(13, Direction::Up, 2), "13u2"),
            (Ordinal::InDirection(13, Direction::Down, 15_830_568_012), "13d15830568012"),
            (Ordinal::InDirection(1, Direction::Down, -32), "1d-32"),
        ] {
            let mut text = Vec::new();
            ordinal.put(&mut text);
            assert_eq!(String::from_utf8(text).as_deref(), Ok(name));
        }
    }
}
