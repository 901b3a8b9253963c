//! The bodies of one analysis on their way.
//!
//! In: bodies that are sent, and how each ended. Out: whether all arrived. Guaranteed: waiting ends when none is on its
//! way any more, whatever became of them.

use std::sync::{Condvar, Mutex, PoisonError};

/// How many bodies are on their way, and whether one was given up.
#[derive(Debug, Default)]
pub(crate) struct Delivery {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    under_way: usize,
    is_lossy: bool,
}

impl Delivery {
    /// A body goes on its way.
    pub(super) fn begin(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).under_way += 1;
    }

    /// A body arrived, or was given up.
    pub(super) fn end(&self, arrived: bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.under_way = state.under_way.saturating_sub(1);
        state.is_lossy |= !arrived;
        drop(state);
        self.changed.notify_all();
    }

    /// Waits until no body is on its way; true when all arrived.
    pub(crate) fn wait(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.under_way > 0 {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        !state.is_lossy
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn waiting_ends_with_the_last_body() {
        for (last_arrives, expected) in [(true, true), (false, false)] {
            let delivery = Arc::new(Delivery::default());
            assert!(delivery.wait());
            delivery.begin();
            delivery.begin();
            delivery.end(true);
            let other = Arc::clone(&delivery);
            let waiting = std::thread::spawn(move || other.wait());
            delivery.end(last_arrives);
            assert_eq!(waiting.join().unwrap(), expected);
        }
    }
}
