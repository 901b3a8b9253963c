//! The ways in which an object may differ from the reference's.

use super::cutting::{Cutting, Lane, Object, Ours};

/// What became of one object of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Difference {
    /// Packets, times and bytes are the same.
    Same,
    /// The same packets. The reference gives a packet with a boundary inside to one side; the core splits its bytes.
    InsidePacket,
    /// The same packets but fewer new bytes: a direction had more than four holes at once, so what filled the oldest
    /// counts as repeated. The reference remembers every byte.
    Hole,
    /// The core cuts it further, for a reason listed in [`CUTS`].
    CutFurther,
    /// None of these.
    Unexplained,
}

impl Difference {
    pub(super) const ALL: [Self; 5] = [Self::Same, Self::InsidePacket, Self::Hole, Self::CutFurther, Self::Unexplained];

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::InsidePacket => "inside packet",
            Self::Hole => "fifth hole",
            Self::CutFurther => "cut further",
            Self::Unexplained => "unexplained",
        }
    }
}

/// Why the core cuts where the reference does not.
enum Reason {
    /// The core remembers the last 32 distinct record lengths, the reference all. A length that was written before those
    /// is taken for the odd length that ends a response, not for the server's recurring one.
    LengthForgotten,
    /// Two responses end late in two packets in a row. The reference puts off the first cut to the second packet, and
    /// makes one cut a packet.
    TwoInARow,
}

/// A cut of the core's alone.
struct OurCut {
    capture: &'static str,
    /// The client's port and the packets that begin objects.
    client_port: &'static str,
    frames: &'static [u64],
    reason: Reason,
}

const fn our_cut(capture: &'static str, client_port: &'static str, frames: &'static [u64], reason: Reason) -> OurCut {
    OurCut { capture, client_port, frames, reason }
}

const CUTS: [OurCut; 4] = [
    our_cut("web-h2-serial", ":33208 ", &[6262, 6325, 6397, 6423], Reason::LengthForgotten),
    our_cut("news-apache-h2", ":51388 ", &[4711, 5439, 5818], Reason::LengthForgotten),
    our_cut("web-h2-serial", ":33208 ", &[4438], Reason::TwoInARow),
    our_cut("mix-nginx-gso", ":57060 ", &[4668], Reason::TwoInARow),
];

/// What became of each object of one direction of a stream; objects that only the core has come last.
pub(super) fn compare(capture: &str, lane: &Lane, theirs: &Cutting, ours: &Ours) -> Vec<(Difference, Object)> {
    let all = ours.of(lane);
    let mut rest = &all[..];
    let mut compared = Vec::new();
    for object in theirs {
        let count = rest.iter().take_while(|(whole, _)| whole.first_frame <= object.last_frame).count();
        let (pieces, later) = rest.split_at(count);
        rest = later;
        let difference = match pieces {
            [(whole, exact)] => of_one(object, whole, exact, ours.overflowed_holes > 0),
            [_, _, ..] => of_pieces(capture, lane, object, pieces),
            [] => Difference::Unexplained,
        };
        compared.push((difference, *object));
    }
    compared.extend(rest.iter().map(|(whole, _)| (Difference::Unexplained, *whole)));
    compared
}

fn of_one(theirs: &Object, whole: &Object, exact: &Object, holes_overflowed: bool) -> Difference {
    let same_packets = Object { payload_bytes: theirs.payload_bytes, ..*whole } == *theirs;
    if exact == theirs {
        Difference::Same
    } else if whole == theirs {
        Difference::InsidePacket
    } else if same_packets && whole.payload_bytes < theirs.payload_bytes && holes_overflowed {
        Difference::Hole
    } else {
        Difference::Unexplained
    }
}

/// Pieces must be the whole when put together, and each cut must be listed.
fn of_pieces(capture: &str, (stream, direction): &Lane, theirs: &Object, pieces: &[(Object, Object)]) -> Difference {
    let ((first, _), (last, _)) = (pieces[0], pieces[pieces.len() - 1]);
    let joined = Object {
        end_ns: last.end_ns,
        last_frame: last.last_frame,
        payload_bytes: pieces.iter().map(|(whole, _)| whole.payload_bytes).sum(),
        ..first
    };
    let is_listed = pieces.windows(2).all(|pair| {
        let [(before, _), (after, _)] = pair else { return false };
        let cut = CUTS.iter().find(|cut| {
            cut.capture == capture && stream.contains(cut.client_port) && cut.frames.contains(&after.first_frame)
        });
        match cut.map(|cut| &cut.reason) {
            Some(Reason::LengthForgotten) => direction == "down",
            // The object between the two boundaries has the most of one packet.
            Some(Reason::TwoInARow) => direction == "down" && before.first_frame == before.last_frame,
            None => false,
        }
    });
    if joined == *theirs && is_listed { Difference::CutFurther } else { Difference::Unexplained }
}
