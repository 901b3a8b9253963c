//! Random conversations: what may happen on a wire.

use super::player::{CONVERSATIONS, Played, play};
use proptest::collection::vec;
use proptest::prelude::*;

/// One thing that happens.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) conversation: usize,
    pub(super) is_up: bool,
    pub(super) pause_ns: i64,
    pub(super) action: Action,
}

#[derive(Debug, Clone)]
pub(super) enum Action {
    /// The next bytes.
    Send(u16),
    /// The rest of the TLS record, in segments, and so many bytes of the next one.
    Record(u16),
    /// The next bytes are lost before the recorder.
    Lose(u16),
    /// Bytes from so far back again.
    Again {
        back: u16,
        bytes: u16,
    },
    /// Bytes that overtake so many others, which may come later by `Again`.
    Ahead {
        skip: u16,
        bytes: u16,
    },
    /// Nothing but an acknowledgment (TCP) or an empty datagram.
    Empty,
    Open,
    Finish,
    Reset,
    /// An IPv4 datagram in fragments, of which the first may be lost or come last.
    Fragments {
        bytes: u16,
        step: usize,
        fate: Fate,
    },
    Ping,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Fate {
    InOrder,
    FirstLast,
    FirstLost,
    LastLost,
}

/// What happens and where sequence numbers begin.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    pub(super) steps: Vec<Step>,
    pub(super) first_sequence: u32,
    /// Lengths of the TLS records that each direction's stream is made of, in turn.
    pub(super) record_bytes: [Vec<u16>; 2],
}

/// Up to so many steps.
pub(crate) fn scripts(steps: usize) -> impl Strategy<Value = Script> {
    let sequences = prop_oneof![any::<u32>(), (0..40_000_u32).prop_map(|back| 0_u32.wrapping_sub(back))];
    // Small requests; heads, full records, short last ones and empty frames of responses.
    let requests = vec(prop_oneof![Just(26), 30..75_u16, 75..400_u16], 1..8);
    let responses = vec(prop_oneof![Just(26), Just(4_000), 30..300_u16, 300..4_000_u16], 1..12);
    // Everything at once, or one conversation alone.
    let conversations = prop_oneof![0..CONVERSATIONS.len(), Just(CONVERSATIONS.len()), Just(CONVERSATIONS.len())];
    (vec(step(), 1..steps), sequences, requests, responses, conversations, any::<bool>()).prop_map(
        |(mut steps, first_sequence, requests, responses, conversation, is_opened)| {
            if conversation < CONVERSATIONS.len() {
                steps.iter_mut().for_each(|step| step.conversation = conversation);
                if is_opened {
                    let opening =
                        [true, false].map(|is_up| Step { conversation, is_up, pause_ns: 0, action: Action::Open });
                    steps.splice(..0, opening);
                }
            }
            Script { steps, first_sequence, record_bytes: [requests, responses] }
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let bytes = || prop_oneof![1..60_u16, 60..1_460_u16, 1_460..3_000_u16];
    let action = prop_oneof![
        12 => prop_oneof![2 => Just(0), 1 => 0..100_u16, 1 => 0..1_460_u16].prop_map(Action::Record),
        4 => bytes().prop_map(Action::Send),
        2 => bytes().prop_map(Action::Lose),
        3 => (1..4_000_u16, bytes()).prop_map(|(back, bytes)| Action::Again { back, bytes }),
        2 => (1..2_000_u16, bytes()).prop_map(|(skip, bytes)| Action::Ahead { skip, bytes }),
        3 => Just(Action::Empty),
        1 => Just(Action::Open),
        1 => Just(Action::Finish),
        1 => Just(Action::Reset),
        2 => (bytes(), 1..180_usize, fates())
            .prop_map(|(bytes, eights, fate)| Action::Fragments { bytes, step: 8 * eights, fate }),
        1 => Just(Action::Ping),
    ];
    let pause = prop_oneof![
        6 => 0..2_000_000_i64,
        4 => 2_000_000..200_000_000_i64,
        2 => 200_000_000..2_000_000_000_i64,
        1 => 50_000_000_000..400_000_000_000_i64,
        1 => -2_000_000_000..0_i64,
    ];
    (0..CONVERSATIONS.len(), any::<bool>(), pause, action).prop_map(|(conversation, is_up, pause_ns, action)| Step {
        conversation,
        is_up,
        pause_ns,
        action,
    })
}

fn fates() -> impl Strategy<Value = Fate> {
    prop_oneof![4 => Just(Fate::InOrder), 1 => Just(Fate::FirstLast), 1 => Just(Fate::FirstLost), 1 => Just(Fate::LastLost)]
}

impl Script {
    /// Plays the script.
    pub(crate) fn play(&self) -> Played {
        play(self)
    }
}
