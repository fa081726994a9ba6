//! How many requests are under way at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

/// A number of places that halves when the service throttles, and grows back by one for each round without.
#[derive(Debug)]
pub(super) struct Limit {
    places: Semaphore,
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// How many places there are now.
    current: usize,
    /// Places that are to go, but are taken.
    debt: usize,
    /// Answers in a row that were not throttled.
    good_answers: usize,
    /// Grows with every halving: requests that were under way by then say nothing new.
    generation: u64,
}

/// A place, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place<'a> {
    limit: &'a Limit,
    permit: Option<SemaphorePermit<'a>>,
    generation: u64,
}

impl Limit {
    pub(super) fn new(most: usize) -> Self {
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            places: Semaphore::new(most),
            most,
            state: Mutex::new(State {
                current: most,
                debt: 0,
                good_answers: 0,
                generation: 0,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a place, first come first served.
    pub(super) async fn place(&self) -> Place<'_> {
        // The semaphore is never closed, so there always is a permit in the end.
        let permit = self.places.acquire().await.ok();
        Place {
            limit: self,
            permit,
            generation: self.state().generation,
        }
    }
}

impl Place<'_> {
    /// The answer was not throttled.
    pub(super) fn went_well(&self) {
        let mut state = self.limit.state();
        state.good_answers += 1;
        if state.good_answers < state.current || state.current == self.limit.most {
            return;
        }
        state.good_answers = 0;
        state.current += 1;
        if state.debt > 0 {
            state.debt -= 1;
        } else {
            self.limit.places.add_permits(1);
        }
    }

    /// The answer was `429`.
    pub(super) fn was_throttled(&self) {
        let mut state = self.limit.state();
        if self.generation != state.generation {
            return;
        }
        let fewer = (state.current / 2).max(1);
        state.debt += state.current - fewer;
        state.current = fewer;
        state.good_answers = 0;
        state.generation += 1;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.limit.state();
        if state.debt > 0
            && let Some(permit) = self.permit.take()
        {
            state.debt -= 1;
            permit.forget();
        }
    }
}
